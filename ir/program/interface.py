"""The inputs and outputs of a module's main function, and the weights that it names."""

from __future__ import annotations

from heliograph.ir.core import FunctionType, Op, TensorType, Type, walk
from heliograph.ir.dialects import WeightRef
from heliograph.ir.program.dtypes import onnx_spelling
from heliograph.ir.program.manifest import Interface, Port
from heliograph.ir.size_names import spell_size


def main_function(module: Op) -> Op:
    """The function that is the model. Raises ValueError when there is none."""
    for op in module.body.ops:
        if op.name == "func.func" and op.sym_name == "main":
            return op
    raise ValueError("the module has no function @main")


def _port(name: str, kind: Type) -> Port:
    shape: tuple[int | str | None, ...] | None = None
    if isinstance(kind, TensorType) and kind.dims is not None:
        shape = tuple(None if d is None else int(d) if d.is_constant else spell_size(d) for d in kind.dims)
    return Port(name, onnx_spelling(kind), shape)


def level_of(module: Op) -> str:
    """The level that a module declares; empty when it declares none."""
    level = module.attributes.get("helio.level", "")
    return level if isinstance(level, str) else ""


def interface_of(module: Op) -> Interface:
    """Names, types and shapes of inputs and outputs, as the model spells them."""
    main = main_function(module)
    kind = main.attributes["function_type"]
    assert isinstance(kind, FunctionType)

    def ports(key: str, types: tuple[Type, ...], fallback: str) -> tuple[Port, ...]:
        names = main.attributes.get(key, ())
        known = names if isinstance(names, tuple) and len(names) == len(types) else ()
        return tuple(_port(str(known[i]) if known else f"{fallback}{i}", t) for i, t in enumerate(types))

    return Interface(ports("helio.inputs", kind.inputs, "in"), ports("helio.outputs", kind.results, "out"))


def defaults_of(main: Op) -> dict[str, Op]:
    """Inputs of @main that may be left out, each with a `helio.weight` that gives its value then."""
    names, refs = main.attributes.get("helio.inputs", ()), main.attributes.get("helio.defaults", ())
    assert isinstance(names, tuple)
    assert isinstance(refs, tuple)
    kinds = dict(zip(names, (arg.type for arg in main.body.args), strict=False))  # kernels name no inputs
    return {r.name: Op("helio.weight", [], [kinds[r.name]], {"ref": r}) for r in refs if isinstance(r, WeightRef)}


def weight_ops(module: Op) -> dict[str, tuple[Op, WeightRef]]:
    """Every `helio.weight`, those of defaults included, by the name of its weight."""
    found: dict[str, tuple[Op, WeightRef]] = {}
    functions = [op for op in module.body.ops if op.name == "func.func"]
    for op in (*walk(module), *(default for main in functions for default in defaults_of(main).values())):
        ref = op.attributes.get("ref")
        if op.name == "helio.weight" and isinstance(ref, WeightRef):
            found.setdefault(ref.name, (op, ref))
    return found


def stored_weights(module: Op) -> dict[str, tuple[Op, WeightRef]]:
    """The weights whose data is not written in the module itself."""
    return {name: found for name, found in weight_ops(module).items() if not found[1].data}
