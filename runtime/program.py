"""What the executor needs to know of a module before it runs: liveness, constants, kernels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from heliograph.ir.core import AttributeValue, Block, Op, SymbolRef, Value, walk
from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import CONTROL, AccessMap, IterSpace, is_prepared
from heliograph.ir.kernel import KernelSpec, KernelView
from heliograph.ir.program.interface import defaults_of
from heliograph.ir.sizes import SizeRange, ranges_of
from heliograph.runtime.engines.call import KernelCall

RUNNABLE = ("tiled", "scheduled")


@dataclass(frozen=True)
class BlockPlan:
    """A block that can run: @main, or a body of control flow."""

    args: tuple[Value, ...]
    steps: tuple[Op, ...]  # ops that do something
    results: tuple[Value, ...]
    dead_after: dict[int, tuple[Value, ...]]  # step -> values of the block that nobody reads later


@dataclass(frozen=True)
class Plan:
    """A module, read once."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    main: BlockPlan
    bodies: dict[int, tuple[BlockPlan, ...]]  # id of a control op -> its bodies
    sources: dict[Value, Op]  # values that never change, and the op that gives each
    regions: tuple[Op, ...]  # the electronic regions, those in bodies included
    calls: dict[int, KernelCall]  # id of a func.call -> what it computes
    opsets: dict[str, AttributeValue]
    ranges: Mapping[str, SizeRange]  # of open sizes
    defaults: Mapping[str, Op]  # inputs that may be left out, and the `helio.weight` that stands in
    constant_inputs: tuple[str, ...]  # inputs of the model that are constants of the program


def read_plan(module: Op) -> Plan:
    """Read a module. Raises HG9001 when it is not at a level that can run, or has no @main."""
    level = module.attributes.get("helio.level")
    if level not in RUNNABLE:
        raise error("HG9001", f"a module of level {level!r} cannot be run (only {' and '.join(RUNNABLE)})")
    functions = {op.sym_name: op for op in module.body.ops if op.name == "func.func"}
    if "main" not in functions:
        raise error("HG9001", "the module has no function @main")
    main = functions.pop("main")
    reader = _Reader(functions)
    block = reader.block(main.body)
    opsets = module.attributes.get("helio.opsets", {})
    return Plan(
        inputs=_names(main, "helio.inputs"),
        outputs=_names(main, "helio.outputs"),
        main=block,
        bodies=reader.bodies,
        sources=reader.sources,
        regions=tuple(reader.regions),
        calls=reader.calls,
        opsets=opsets if isinstance(opsets, dict) else {},
        ranges=ranges_of(module),
        defaults=defaults_of(main),
        constant_inputs=_names(main, "helio.constant_inputs"),
    )


class _Reader:
    def __init__(self, functions: dict[str, Op]) -> None:
        self._functions = functions
        self._kernels: dict[str, KernelSpec] = {}
        self.bodies: dict[int, tuple[BlockPlan, ...]] = {}
        self.sources: dict[Value, Op] = {}
        self.regions: list[Op] = []
        self.calls: dict[int, KernelCall] = {}

    def block(self, block: Block) -> BlockPlan:
        steps: list[Op] = []
        for op in block.ops[:-1]:
            if op.name in ("helio.weight", "helio.none") or _is_constant(op, self.sources):
                self.sources.update(dict.fromkeys(op.results, op))
                if op.name == "electronic.region":
                    self.regions.append(op)
            elif op.name != "sched.resource":
                self._step(op)
                steps.append(op)
        results = tuple(block.ops[-1].operands)
        return BlockPlan(tuple(block.args), tuple(steps), results, liveness(steps, results, block.args))

    def _step(self, op: Op) -> None:
        if op.name in CONTROL:
            self.bodies[id(op)] = tuple(self.block(region.block) for region in op.regions)
        elif op.name == "electronic.region":
            self.regions.append(op)
        elif op.name == "func.call":
            self.calls[id(op)] = _call(op, self._functions, self._kernels)


def only_streamed(block: BlockPlan) -> frozenset[Value]:
    """Gathered matrices that nobody reads but calls, as the operand they stream."""
    read = set(block.results)  # by others
    for op in reversed(block.steps):
        if op.name == "sched.send":
            read.update(op.operands if op.result in read else ())
        elif op.name == "func.call":
            read.update(op.operands[1:])
        else:
            read.update(v for inner in walk(op) for v in inner.operands)
    return frozenset(op.result for op in block.steps if op.name == "tile.gather" and op.result not in read)


def _is_constant(op: Op, sources: dict[Value, Op]) -> bool:
    """Computed once, or a gather or send of a constant; gathers whose sizes vary are constant for given sizes."""
    if is_prepared(op):
        return all(v in sources for v in op.operands)
    return op.name in ("tile.gather", "sched.send") and op.operands[0] in sources


def size_symbols(op: Op, sources: Mapping[Value, Op]) -> frozenset[str]:
    """Symbols that a constant's shape depends on."""
    found: frozenset[str] = frozenset()
    if op.name == "tile.gather":
        space, index = op.attributes["space"], op.attributes["map"]
        assert isinstance(space, IterSpace)
        assert isinstance(index, AccessMap)
        roles = "bmk" if op.attributes["role"] == "lhs" else "bkn"
        extents = [e for role in roles for e in space.extents(role)]
        found = frozenset(s for e in extents for s in e.symbols()) | (index.axes() - space.axes().keys())
    return found.union(*(size_symbols(sources[v], sources) for v in op.operands))


def _names(main: Op, key: str) -> tuple[str, ...]:
    names = main.attributes.get(key, ())
    assert isinstance(names, tuple)
    return tuple(str(n) for n in names)


def _call(op: Op, functions: dict[str, Op], kernels: dict[str, KernelSpec]) -> KernelCall:
    callee = op.attributes["callee"]
    assert isinstance(callee, SymbolRef)
    if callee.name not in kernels:
        if callee.name not in functions:
            raise error("HG9001", f"call of @{callee.name}, which the module does not have", node=op.loc)
        kernels[callee.name] = KernelView.of(functions[callee.name]).spec
    layer, lhs_scale, adc_rms = (op.attributes.get(k) for k in ("layer", "lhs_scale", "adc_rms"))
    return KernelCall(
        kernels[callee.name],
        layer if isinstance(layer, int) else 0,
        lhs_scale if isinstance(lhs_scale, float) else None,
        adc_rms if isinstance(adc_rms, float) else None,
        op.loc or f"layer {layer}",
    )


def liveness(steps: Sequence[Op], results: Collection[Value], args: Iterable[Value]) -> dict[int, tuple[Value, ...]]:
    """Values that are defined in a block, by the step that uses them last."""
    last: dict[Value, int] = dict.fromkeys(args, -1)
    for position, op in enumerate(steps):
        inside = [v for inner in walk(op) for v in inner.operands] if op.name in CONTROL else op.operands
        last.update({v: position for v in inside if v in last})
        last.update(dict.fromkeys(op.results, position))
    dead: dict[int, list[Value]] = {}
    for value, position in last.items():
        if value not in results:
            dead.setdefault(position, []).append(value)
    return {position: tuple(values) for position, values in dead.items()}
