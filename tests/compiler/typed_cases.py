"""Small models of any element types, and the comparison of what light computes with what onnxruntime computes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import helper, numpy_helper

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.ir.core import Op, sym, walk
from heliograph.ir.dialects import Work
from heliograph.runtime import Executor

MICROSOFT = "com.microsoft"
Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Case:
    """A model, inputs for it, and the multiply-accumulates that a reader of its shapes counts by hand."""

    model: onnx.ModelProto
    feeds: Arrays
    macs: int
    exact: bool = False
    tolerance: float = 1e-4
    reference: onnx.ModelProto | None = None  # what to compare with, where onnxruntime does not run the model
    electronic: int = 0  # contractions that stay electronic
    sizes: Mapping[str, int] = field(default_factory=dict)


def case(
    nodes: Sequence[onnx.NodeProto],
    feeds: Arrays,
    weights: Arrays,
    outputs: Mapping[str, tuple[object, int]],
    macs: int,
    *,
    opset: int = 21,
    symbols: Mapping[str, Sequence[int | str]] | None = None,
    **more: object,
) -> Case:
    """A case from nodes; inputs have the shapes of the feeds, unless `symbols` spells them; outputs: (type, rank)."""
    inputs = [
        helper.make_tensor_value_info(n, _code(a.dtype), (symbols or {}).get(n, a.shape)) for n, a in feeds.items()
    ]
    results = [helper.make_tensor_value_info(n, _code(kind), [None] * rank) for n, (kind, rank) in outputs.items()]
    tensors = [numpy_helper.from_array(a, n) for n, a in weights.items()]
    graph = helper.make_graph(list(nodes), "small", inputs, results, tensors)
    imports = [helper.make_opsetid("", opset), helper.make_opsetid(MICROSOFT, 1)]
    used = {n.domain for n in nodes}
    model = helper.make_model(graph, opset_imports=[i for i in imports if i.domain in used | {""}], ir_version=10)
    sizes = {
        d: feeds[n].shape[i]
        for n, dims in (symbols or {}).items()
        for i, d in enumerate(dims)
        if isinstance(d, str) and d.isidentifier()
    }
    return Case(model, dict(feeds), macs, sizes=sizes, **more)  # type: ignore[arg-type]


def node(op_type: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: object) -> onnx.NodeProto:
    """A node of ONNX."""
    return helper.make_node(op_type, inputs, outputs, name=f"{op_type.lower()}_{outputs[0]}", **attributes)


def contrib(op_type: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: object) -> onnx.NodeProto:
    """A node of com.microsoft."""
    return node(op_type, inputs, outputs, domain=MICROSOFT, **attributes)


def _code(kind: object) -> int:
    return kind if isinstance(kind, int) else helper.np_dtype_to_tensor_dtype(np.dtype(kind))  # type: ignore[arg-type]


def integers(shape: Sequence[int], dtype: type, seed: int = 0) -> np.ndarray:
    """Every value of an integer type, equally likely."""
    info = np.iinfo(dtype)
    return np.random.default_rng(seed).integers(info.min, info.max, shape, dtype=dtype, endpoint=True)


def normals(*shape: int, seed: int = 0, dtype: type = np.float32, scale: float = 1.0) -> np.ndarray:
    """Random normal numbers."""
    return (np.random.default_rng(seed).standard_normal(shape) * scale).astype(dtype)


def run_reference(made: Case) -> list[np.ndarray]:
    """What onnxruntime computes; skips the test where this build of it has no such kernel."""
    model = made.reference or made.model
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    try:
        session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except Exception as problem:
        if "NOT_IMPLEMENTED" in str(problem) or "not a registered" in str(problem):
            pytest.skip(f"this onnxruntime: {problem}")
        raise
    wanted = {"tensor(float)": np.float32}
    feeds = {
        i.name: made.feeds[i.name].astype(wanted.get(i.type, made.feeds[i.name].dtype)) for i in session.get_inputs()
    }
    return list(session.run(None, feeds))


def macs_on_light(module: Op, sizes: Mapping[str, int]) -> int:
    """MACs of all kernel calls."""
    calls = [op for op in walk(module) if op.name == "func.call"]
    return sum(sym(op.attributes["macs"]).evaluate(dict(sizes)) for op in calls)  # type: ignore[arg-type]


def macs_on_electronics(module: Op, sizes: Mapping[str, int]) -> int:
    """MACs of all electronic regions."""
    works = [op.attributes["work"] for op in walk(module) if op.name == "electronic.region"]
    return sum(w.evaluate(dict(sizes))["macs"] for w in works if isinstance(w, Work))


def check(made: Case, spelling: str = "ideal") -> None:
    """All contractions on light, their MACs as counted by hand, results as onnxruntime's."""
    expected = run_reference(made)
    unit = compile_model(made.model, load_target(spelling))
    assert macs_on_light(unit.module, made.sizes) == made.macs
    assert macs_on_electronics(unit.module, made.sizes) == made.electronic
    found = Executor(unit.module, unit.weights, engine="ideal").run(made.feeds)
    for (name, value), wanted in zip(found.items(), expected, strict=True):
        assert value.shape == wanted.shape, name
        if made.reference is None:
            assert value.dtype == wanted.dtype, name
        if made.exact:
            np.testing.assert_array_equal(value, wanted, err_msg=name)
        else:
            wanted = wanted.astype(np.float64)
            scale = np.abs(wanted).max() if wanted.size else 0.0
            np.testing.assert_allclose(
                value.astype(np.float64), wanted, rtol=made.tolerance, atol=made.tolerance * scale, err_msg=name
            )


def reasons(made: Case) -> str:
    """Why the contractions of a model stay on electronics; nothing of it may be on light."""
    unit = compile_model(made.model, load_target("ideal"))
    assert macs_on_light(unit.module, made.sizes) == 0
    return "; ".join(str(op.attributes["why"]) for op in walk(unit.module) if op.name == "electronic.region")
