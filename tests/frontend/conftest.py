from __future__ import annotations

from collections.abc import Callable, Sequence

import onnx
import pytest
from onnx import TensorProto, helper

Info = tuple[str, Sequence[int | str]]
Build = Callable[..., onnx.ModelProto]


@pytest.fixture(scope="session")
def build() -> Build:
    """A model of float tensors: nodes, inputs as (name, shape), outputs without shapes, initializers."""

    def make(
        nodes: Sequence[onnx.NodeProto],
        inputs: Sequence[Info],
        outputs: Sequence[str],
        initializers: Sequence[onnx.TensorProto] = (),
        *,
        opset: int = 21,
        domains: Sequence[str] = (),
    ) -> onnx.ModelProto:
        infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in inputs]
        results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
        graph = helper.make_graph(list(nodes), "g", infos, results, list(initializers))
        imports = [helper.make_opsetid("", opset), *(helper.make_opsetid(d, 1) for d in domains)]
        return helper.make_model(graph, opset_imports=imports, ir_version=10)

    return make
