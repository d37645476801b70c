"""Symbolic shapes: sizes stay expressions in the inputs' symbols."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from heliograph.compiler.frontend import load_graph
from heliograph.ir.core import Op, TensorType
from heliograph.ir.size_names import spell_size

INT64 = onnx.TensorProto.INT64


def result_sizes(text: str, ints: dict[str, list[int]] | None = None) -> list[str]:
    """Sizes of the first output of a model given in onnx's text form; `ints` become int64 initializers."""
    model = onnx.parser.parse_model(f'<ir_version: 9, opset_import: ["" : 20]> {text}')
    for name, values in (ints or {}).items():
        model.graph.initializer.append(numpy_helper.from_array(np.array(values, np.int64), name))
    module, _, _ = load_graph(model)
    main = next(op for op in module.body.ops if op.sym_name == "main")
    kind = main.body.ops[-1].operands[0].type
    assert isinstance(kind, TensorType)
    assert kind.dims is not None
    return [str(d) for d in kind.dims]


@pytest.mark.parametrize(
    ("body", "ints", "expected"),
    [
        ("y = Reshape(x, s)", {"s": [0, -1]}, ["batch", "12*time"]),
        ("y = Reshape(x, s)", {"s": [-1, 6]}, ["2*batch*time", "6"]),
        ("y = Concat<axis=1>(x, x)", {}, ["batch", "2*time", "12"]),
        ("y = Transpose<perm=[2,0,1]>(x)", {}, ["12", "batch", "time"]),
        (
            "h = Shape(x) p = Gather(h, i) q = Concat<axis=0>(p, j) y = Reshape(x, q)",
            {"i": [0], "j": [-1]},
            ["batch", "12*time"],
        ),
        ("y = Slice(x, a, b, c)", {"a": [1], "b": [100], "c": [2]}, ["batch", "time", "11"]),
        ("y = Slice(x, a, b, c)", {"a": [-1], "b": [9223372036854775807], "c": [1]}, ["batch", "1", "12"]),
        ("y = Unsqueeze(x, a)", {"a": [0, 4]}, ["1", "batch", "time", "12", "1"]),
        ("y = Flatten<axis=2>(x)", {}, ["batch*time", "12"]),
        ("y, z = Split<axis=2, num_outputs=2>(x)", {}, ["batch", "time", "6"]),
        ("h = Shape(x) y = ConstantOfShape(h)", {}, ["batch", "time", "12"]),
        ("y = ReduceMean<keepdims=0>(x, a)", {"a": [1]}, ["batch", "12"]),
        ("y = Gather<axis=1>(x, i)", {"i": [0, 0, 0]}, ["batch", "3", "12"]),
    ],
)
def test_sizes_of_rearrangements(body: str, ints: dict[str, list[int]], expected: list[str]) -> None:
    rank = ",".join("?" * len(expected))
    text = f"g (float[batch, time, 12] x) => (float[{rank.replace('?', 'u')}] y) {{ {body} }}"
    for position in range(len(expected)):
        text = text.replace("u", f"r{position}", 1) if "=> (float[" in text else text
    assert result_sizes(text, ints) == expected


def test_names_that_are_not_identifiers_or_collide_with_axes_are_made_so() -> None:
    value = helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["m", "past + seq", "a-b", 4])
    out = helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [None] * 4)
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "g", [value], [out])
    module, _, _ = load_graph(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9))
    main: Op = next(op for op in module.body.ops if op.sym_name == "main")
    kind = main.body.args[0].type
    assert isinstance(kind, TensorType)
    assert [str(d) for d in kind.dims or ()] == ["m_", "past + seq", "a - b_", "4"]
    assert [spell_size(d) for d in kind.dims or () if d is not None] == ["m", "past + seq", "a - b", "4"]
