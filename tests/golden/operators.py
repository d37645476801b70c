"""The graph level of a compilation, as LightCode's cost model reads it."""

from __future__ import annotations

from heliograph.backends.conventions.light_code import CONSTANT, CONTRACTION, Operator
from heliograph.ir.core import Op, TensorType, Value


def operators(module: Op) -> list[Operator]:
    """Operators of a module at the graph level whose sizes are all fixed.

    LightCode's front end, TVM, wants the right operand of a batched product transposed, and so adds a Transpose.
    """
    main = next(op for op in module.body.ops if op.sym_name == "main")
    made = [Operator(CONSTANT, (), shape(value)) for value in main.body.args]
    places = {value: place for place, value in enumerate(main.body.args)}
    for op in main.body.ops:
        if op.name == "helio.weight":
            name = CONSTANT
        elif op.name.startswith("onnx."):
            name = op.name.removeprefix("onnx.")
        else:
            continue
        reads = [places[value] for value in op.operands if value in places]
        if name == CONTRACTION and made[reads[1]].name != CONSTANT:
            *matrices, k, n = made[reads[1]].shape
            made.append(Operator("Transpose", (reads[1],), (*matrices, n, k)))
            reads[1] = len(made) - 1
        for value in op.results:
            places[value] = len(made)
        made.append(Operator(name, tuple(reads), shape(op.results[0])))
    return made


def shape(value: Value) -> tuple[int, ...]:
    """Sizes of a tensor, all of them fixed."""
    assert isinstance(value.type, TensorType)
    assert value.type.shape is not None
    return tuple(size.evaluate({}) for size in value.type.shape)
