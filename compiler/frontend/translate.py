"""Translate an onnx-ir graph into ops of the graph level, node by node."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from heliograph.compiler.frontend.attributes import attribute, tensor_bytes
from heliograph.compiler.frontend.defaults import Defaults
from heliograph.compiler.frontend.mapping import external_source
from heliograph.compiler.frontend.types import element_type, value_type
from heliograph.ir.core import (
    AttributeValue,
    Block,
    DenseArray,
    FunctionType,
    Op,
    Region,
    ScalarType,
    TensorType,
    Value,
    sym,
)
from heliograph.ir.dialects import WeightRef
from heliograph.ir.weights import Weights, WeightSource

if TYPE_CHECKING:
    import onnx_ir

INLINE_BYTES = 64  # tensors up to this size are written into the text


def translate(
    model: onnx_ir.Model, name: str, model_file: str, stored: Mapping[str, object], defaults: Defaults
) -> tuple[Op, Weights]:
    """The graph-level module of a normalised model and its weights by name, `defaults` of inputs included.

    `stored` are the initializers of the model as its file has them; all other weights are computed.
    """
    reader = _Translation(model_file, stored)
    graph = model.graph
    args = [reader.bind(v) for v in graph.inputs]
    given = tuple(reader.reference(name, tensor) for name, tensor in defaults.values.items())
    body = Block(args, reader.nodes(graph))
    results = [reader.values[v] for v in graph.outputs]
    body.ops = [*reader.weight_ops, *body.ops, Op("func.return", results)]
    kind = FunctionType(tuple(a.type for a in args), tuple(v.type for v in results))
    main = Op(
        "func.func",
        attributes={
            "sym_name": "main",
            "function_type": kind,
            "helio.inputs": tuple(v.name or "" for v in graph.inputs),
            "helio.outputs": tuple(v.name or "" for v in graph.outputs),
            **({"helio.defaults": given} if given else {}),
            **({"helio.constant_inputs": defaults.constants} if defaults.constants else {}),
        },
        regions=[Region([body])],
    )
    opsets: dict[str, AttributeValue] = {d or "onnx": int(v) for d, v in sorted(model.opset_imports.items())}
    attributes: dict[str, AttributeValue] = {
        "sym_name": re.sub(r"\W", "_", name, flags=re.ASCII) or "model",
        "helio.level": "graph",
        "helio.opsets": opsets,
    }
    return Op("builtin.module", attributes=attributes, regions=[Region([Block([], [main])])]), reader.weights


class _Translation:
    """Values and weights seen so far; outer values are visible in subgraphs, as in ONNX."""

    def __init__(self, model_file: str, stored: Mapping[str, object]) -> None:
        self.values: dict[onnx_ir.Value, Value] = {}
        self.weights = Weights()
        self.weight_ops: list[Op] = []
        self._model_file, self._stored = model_file, stored

    def bind(self, value: onnx_ir.Value) -> Value:
        """A block argument for an input of a graph."""
        made = Value(value_type(value), value.name or "")
        self.values[value] = made
        return made

    def nodes(self, graph: onnx_ir.Graph) -> list[Op]:
        for initializer in graph.initializers.values():
            self._weight(initializer)
        ops: list[Op] = []
        for node in graph:
            ops.extend(self._node(node))
        return ops

    def reference(self, name: str, tensor: onnx_ir.TensorProtocol) -> WeightRef:
        """Take a tensor among the weights."""
        import onnx_ir

        ref = WeightRef(name, file=self._model_file if self._stored.get(name) is tensor else "")
        source = WeightSource(tensor.numpy, tensor.nbytes)
        if isinstance(tensor, onnx_ir.ExternalTensor):
            ref = WeightRef(name, file=str(tensor.location), offset=tensor.offset or 0, bytes=tensor.nbytes)
            source = external_source(tensor)
        elif tensor.nbytes <= INLINE_BYTES and tensor.dtype.name != "STRING":
            ref = WeightRef(name, data=tensor_bytes(tensor).hex())
        self.weights.add(name, source)
        return ref

    def _weight(self, value: onnx_ir.Value) -> None:
        tensor = value.const_value
        assert tensor is not None
        name = value.name or ""
        while name in self.weights:  # subgraphs may reuse a name
            name += "'"
        ref = self.reference(name, tensor)
        kind = TensorType(element_type(tensor.dtype), tuple(sym(int(d)) for d in tensor.shape.numpy()))
        op = Op("helio.weight", [], [kind], {"ref": ref}, result_names=[name])
        self.weight_ops.append(op)
        self.values[value] = op.result

    def _node(self, node: onnx_ir.Node) -> list[Op]:
        ops: list[Op] = []
        operands: list[Value] = []
        for value in node.inputs:
            if value is None:
                missing = Op("helio.none", [], [ScalarType("none")])
                ops.append(missing)
                operands.append(missing.result)
            else:
                operands.append(self.values[value])
        attributes: dict[str, AttributeValue] = {}
        regions: list[Region] = []
        subgraphs: list[AttributeValue] = []
        for attr in node.attributes.values():
            graphs = {"GRAPH": [attr.value], "GRAPHS": attr.value}.get(attr.type.name)
            if graphs is None:
                attributes[attr.name] = attribute(attr, node)
                continue
            for graph in graphs:
                subgraphs.append(attr.name)
                regions.append(self._subgraph(graph))
        if subgraphs:
            attributes["helio.subgraphs"] = tuple(subgraphs)
        absent = tuple(i for i, v in enumerate(node.outputs) if not v.name)
        if absent:
            attributes["helio.absent"] = DenseArray("i64", absent)  # optional outputs that nobody asked for
        if node.overload:
            attributes["helio.overload"] = node.overload
        op = Op(
            f"{node.domain or 'onnx'}.{node.op_type}",
            operands,
            [value_type(v) for v in node.outputs],
            attributes,
            regions,
            loc=node.name or "",
            result_names=[v.name or "" for v in node.outputs],
        )
        self.values.update(zip(node.outputs, op.results, strict=True))
        return [*ops, op]

    def _subgraph(self, graph: onnx_ir.Graph) -> Region:
        args = [self.bind(v) for v in graph.inputs]
        ops = self.nodes(graph)
        return Region([Block(args, [*ops, Op("onnx.yield", [self.values[v] for v in graph.outputs])])])
