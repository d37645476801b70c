"""Writes ONNX graphs the way one writes a forward pass: ``y = g("MatMul", x, g.weight(8, 16))``.

Weights are random numbers from a seed, or, with `External`, only declared: they lie in a file that the caller provides.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

Dim = int | str


@dataclass
class External:
    """Weights of at least `smallest` bytes are declared to lie in the file `location`, one after another."""

    location: str = "weights.bin"
    smallest: int = 1024
    nbytes: int = 0  # length of the file so far


class Graph:
    """A graph under construction. Values are their names."""

    def __init__(
        self,
        name: str,
        *,
        opset: int = 18,
        dtype: Any = np.float32,
        seed: int = 0,
        external: External | None = None,
    ) -> None:
        self.dtype = np.dtype(dtype)
        self.external = external
        self._name, self._opset = name, opset
        self._random = np.random.default_rng(seed)
        self._scope: list[str] = []
        self._used: dict[str, int] = {}
        self._constants: dict[tuple[Any, ...], str] = {}
        self._nodes: list[onnx.NodeProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._initializers: list[onnx.TensorProto] = []

    @contextmanager
    def scope(self, name: str) -> Iterator[None]:
        """Names within get this prefix."""
        self._scope.append(name)
        yield
        self._scope.pop()

    def input(self, name: str, *dims: Dim, dtype: Any = None) -> str:
        """A model input; dims that are names are symbolic."""
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype or self.dtype))
        self._inputs.append(helper.make_tensor_value_info(name, kind, dims))
        return name

    def output(self, value: str, name: str, *dims: Dim, dtype: Any = None) -> None:
        """A model output; `value` is what it shows."""
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype or self.dtype))
        self._nodes.append(helper.make_node("Identity", [value], [name], f"{name}/Identity"))
        self._outputs.append(helper.make_tensor_value_info(name, kind, dims))

    def weight(self, *shape: int, scale: float | None = None, mean: float = 0.0, name: str = "weight") -> str:
        """A weight of the graph's type, by default scaled so that products keep the size of their inputs."""
        full = self._unique(name)
        count = math.prod(shape)
        if self.external and count * self.dtype.itemsize >= self.external.smallest:
            self._declare(full, shape)
        else:
            spread = scale if scale is not None else (max(shape, default=1) / max(count, 1)) ** 0.5
            values = mean + spread * self._random.normal(size=shape)
            self._initializers.append(numpy_helper.from_array(values.astype(self.dtype), full))
        return full

    def _declare(self, name: str, shape: tuple[int, ...]) -> None:
        tensor = TensorProto(name=name, dims=shape, data_location=TensorProto.EXTERNAL)
        tensor.data_type = helper.np_dtype_to_tensor_dtype(self.dtype)
        assert self.external
        length = math.prod(shape) * self.dtype.itemsize
        for key, text in (("location", self.external.location), ("offset", self.external.nbytes), ("length", length)):
            tensor.external_data.add(key=key, value=str(text))
        self.external.nbytes += -(-length // 4096) * 4096
        self._initializers.append(tensor)

    def constant(self, values: Any, dtype: Any = None) -> str:
        """An initializer of given values; equal ones are one."""
        array = np.asarray(values, dtype or self.dtype)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._constants:
            self._constants[key] = f"constant_{len(self._constants)}"
            self._initializers.append(numpy_helper.from_array(array, self._constants[key]))
        return self._constants[key]

    def ints(self, *values: int) -> str:
        """A vector of int64."""
        return self.constant(values, np.int64)

    def int(self, value: int) -> str:
        """A scalar of int64."""
        return self.constant(value, np.int64)

    def __call__(self, op_type: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """A node with one output."""
        return self.many(op_type, *inputs, outputs=1, domain=domain, **attributes)[0]

    def many(self, op_type: str, *inputs: str, outputs: int, domain: str = "", **attributes: Any) -> tuple[str, ...]:
        """A node with several outputs."""
        name = self._unique(op_type)
        results = tuple(f"{name}_{i}" if i else f"{name}_out" for i in range(outputs))
        self._nodes.append(helper.make_node(op_type, inputs, results, name, domain=domain or None, **attributes))
        return results

    def subgraph(self, name: str, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]) -> Subgraph:
        """A body of If or Loop: nodes made within ``with`` go there instead."""
        return Subgraph(self, name, inputs, outputs)

    def model(self) -> onnx.ModelProto:
        """The finished model."""
        graph = helper.make_graph(self._nodes, self._name, self._inputs, self._outputs, self._initializers)
        opsets = [helper.make_opsetid("", self._opset)]
        opsets += [helper.make_opsetid(d, 1) for d in sorted({n.domain for n in self._nodes} - {""})]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)

    def _unique(self, name: str) -> str:
        full = "/".join([*self._scope, name])
        number = self._used[full] = self._used.get(full, -1) + 1
        return f"{full}_{number}" if number else full


class Subgraph:
    """Collects the nodes of a body; `proto` is the attribute's value afterwards."""

    def __init__(
        self, graph: Graph, name: str, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]
    ) -> None:
        self._graph, self._name, self._inputs, self._outputs = graph, name, inputs, outputs
        self.proto = onnx.GraphProto()

    def __enter__(self) -> Subgraph:
        self._outer, self._graph._nodes = self._graph._nodes, []
        return self

    def yields(self, *values: str) -> None:
        """What the body's outputs show."""
        for value, info in zip(values, self._outputs, strict=True):
            self._graph._nodes.append(helper.make_node("Identity", [value], [info.name], f"{info.name}/Identity"))

    def __exit__(self, *_: object) -> None:
        self.proto.CopyFrom(helper.make_graph(self._graph._nodes, self._name, self._inputs, self._outputs))
        self._graph._nodes = self._outer
