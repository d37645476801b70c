"""An electronic region as an ONNX model.

Inputs are the block arguments, outputs the yielded values; weights inside the region become initializers. Small
ones are written into the model. Large ones are named only (`RegionModel.external`), so that whoever runs the model
can supply one copy for all regions; those in `fed` become extra inputs instead.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from heliograph.ir.core import AttributeValue, Block, DenseArray, DialectType, Op, ScalarType, TensorType, Type, Value
from heliograph.ir.dialects import InlineTensor, WeightRef
from heliograph.ir.program.dtypes import ELEMENTS, element_name
from heliograph.ir.weights import Array

if TYPE_CHECKING:
    import onnx

INLINE_BYTES = 1024
_ABSENT = ScalarType("none")  # the type of `helio.none`
_SOURCES = ("helio.weight", "helio.none")
WeightLookup = Callable[[WeightRef], Array]


@dataclass(frozen=True)
class RegionModel:
    """A region as a model, and what must be supplied besides the operands."""

    proto: onnx.ModelProto
    inputs: tuple[str, ...]  # one per operand of the region; empty for an absent one
    outputs: tuple[str, ...]
    external: Mapping[str, WeightRef]  # initializers whose data the model does not hold
    fed: Mapping[str, WeightRef]  # weights that are inputs


def region_model(region: Op, opsets: Mapping[str, AttributeValue], weights_lookup: WeightLookup) -> onnx.ModelProto:
    """The region as a complete model that holds all its weights."""
    return export_region(region, opsets, weights_lookup, inline_bytes=None).proto


def export_region(
    region: Op,
    opsets: Mapping[str, AttributeValue],
    weights_lookup: WeightLookup,
    *,
    inline_bytes: int | None = INLINE_BYTES,
    fed: Collection[str] | None = (),
    typed: bool = False,
) -> RegionModel:
    """Export a region. Weights above `inline_bytes` are left out (None: none are); with `fed` None all of them are fed.

    `typed` declares the element types of the values in between too.
    Raises ValueError for attributes or types that ONNX does not have.
    """
    import onnx
    from onnx import helper

    writer = _Writer(weights_lookup, inline_bytes, None if fed is None else frozenset(fed))
    block = region.body
    inputs = {arg: writer.declare(arg, shaped=True) for arg in block.args if arg.type != _ABSENT}
    outer = {arg: inputs[arg].name if arg in inputs else "" for arg in block.args}
    nodes = writer.nodes(block, outer)
    outputs = writer.outputs(block, outer, nodes)
    fed_inputs = [_value_info(name, kind, shaped=True) for name, (_, kind) in writer.fed.items()]
    graph = helper.make_graph(nodes, "region", [*inputs.values(), *fed_inputs], outputs, writer.initializers)
    if typed:
        between = (v for op in block.ops[:-1] if op.name not in _SOURCES for v in op.results if outer[v])
        known = {o.name for o in outputs}
        graph.value_info.extend(_value_info(outer[v], v.type, shaped=False) for v in between if outer[v] not in known)
    imports = [helper.make_opsetid("" if d == "onnx" else d, _int(v)) for d, v in opsets.items()]
    least: int = helper.find_min_ir_version_for(imports, ignore_unknown=True)
    model: onnx.ModelProto = helper.make_model(graph, opset_imports=imports, ir_version=max(least, 10))
    model.producer_name = "heliograph"
    assert isinstance(model, onnx.ModelProto)
    return RegionModel(
        model,
        tuple(outer[arg] for arg in block.args),
        tuple(v.name for v in outputs),
        writer.external,
        {name: ref for name, (ref, _) in writer.fed.items()},
    )


@dataclass
class _Writer:
    lookup: WeightLookup
    inline_bytes: int | None
    fed_names: frozenset[str] | None
    initializers: list[onnx.TensorProto] = field(default_factory=list)
    external: dict[str, WeightRef] = field(default_factory=dict)
    fed: dict[str, tuple[WeightRef, Type]] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    _nodes: Counter[str] = field(default_factory=Counter)
    _weights: dict[tuple[WeightRef, Type], str] = field(default_factory=dict)

    def fresh(self, hint: str) -> str:
        """A name nobody has yet in the model, subgraphs included."""
        name, number = hint or "v", 0
        while name in self._taken:
            number += 1
            name = f"{hint or 'v'}.{number}"
        self._taken.add(name)
        return name

    def declare(self, value: Value, *, shaped: bool) -> onnx.ValueInfoProto:
        return _value_info(self.fresh(value.name), value.type, shaped=shaped)

    def nodes(self, block: Block, names: dict[Value, str]) -> list[onnx.NodeProto]:
        """Nodes of a block; `names` gains every value that the block defines."""
        made = []
        for op in block.ops[:-1]:
            if op.name == "helio.none":
                names[op.result] = ""
            elif op.name == "helio.weight":
                names[op.result] = self.weight(op)
            else:
                made.append(self.node(op, names))
        return made

    def node_name(self, op: Op) -> str:
        """The source name; made unique, since one source node may have become several ops."""
        number = self._nodes[op.loc]
        self._nodes[op.loc] += 1
        return f"{op.loc}#{number}" if number and op.loc else op.loc

    def node(self, op: Op, names: dict[Value, str]) -> onnx.NodeProto:
        from onnx import AttributeProto, NodeProto

        domain, _, op_type = op.name.rpartition(".")
        node = NodeProto(op_type=op_type, domain="" if domain == "onnx" else domain, name=self.node_name(op))
        node.input.extend(names[v] for v in op.operands)
        attributes = dict(op.attributes)
        overload = attributes.get("helio.overload", "")
        if overload:
            node.overload = str(overload)
        absent = attributes.get("helio.absent", DenseArray("i64", ()))
        assert isinstance(absent, DenseArray)
        for position, result in enumerate(op.results):
            names[result] = "" if position in absent.values else self.fresh(result.name)
            node.output.append(names[result])
        for name, value in attributes.items():
            if not name.startswith("helio."):
                node.attribute.append(_attribute(name, value))
        subgraphs = attributes.get("helio.subgraphs", ())
        assert isinstance(subgraphs, tuple)
        for attribute_name, inner in zip(subgraphs, op.regions, strict=True):
            graph = self.subgraph(inner.block, names)
            node.attribute.append(AttributeProto(name=str(attribute_name), type=AttributeProto.GRAPH, g=graph))
        return node

    def subgraph(self, block: Block, outer: Mapping[Value, str]) -> onnx.GraphProto:
        """A nested graph; it sees outer values by name."""
        from onnx import helper

        names = dict(outer)
        inputs = []
        for arg in block.args:
            info = self.declare(arg, shaped=False)
            names[arg] = info.name
            inputs.append(info)
        nodes = self.nodes(block, names)
        outputs = self.outputs(block, names, nodes)
        graph: onnx.GraphProto = helper.make_graph(nodes, self.fresh("body"), inputs, outputs)
        return graph

    def outputs(
        self, block: Block, names: Mapping[Value, str], nodes: list[onnx.NodeProto]
    ) -> list[onnx.ValueInfoProto]:
        """Outputs of a graph; one that no node of it computes, or that is given twice, gets an Identity node."""
        from onnx import helper

        computed = {result for op in block.ops if op.name not in _SOURCES for result in op.results}
        made = []
        for value in block.ops[-1].operands:
            name = names[value]
            if value in computed:
                computed.discard(value)
            else:
                name = self.fresh(f"{name or 'v'}.out")
                nodes.append(helper.make_node("Identity", [names[value]], [name], name=name))
            made.append(_value_info(name, value.type, shaped=False))
        return made

    def weight(self, op: Op) -> str:
        """The initializer of a weight; weights of subgraphs become initializers of the whole model too."""
        from onnx import TensorProto, numpy_helper

        ref, kind = op.attributes["ref"], op.result.type
        assert isinstance(ref, WeightRef)
        assert isinstance(kind, TensorType)
        if (ref, kind) in self._weights:
            return self._weights[ref, kind]
        name = self._weights[ref, kind] = self.fresh(ref.name or "weight")
        shape = [int(d) for d in kind.shape or ()]
        if ref.data:
            self.initializers.append(_tensor(name, kind, ref.data))
        elif self.fed_names is not None and ref.name in self.fed_names:
            self.fed[name] = (ref, kind)
        elif self.inline_bytes is None or not _exceeds(kind, self.inline_bytes):
            tensor = numpy_helper.from_array(self.lookup(ref), name)
            tensor.ClearField("dims")
            tensor.dims.extend(shape)
            self.initializers.append(tensor)
        elif self.fed_names is None:
            self.fed[name] = (ref, kind)
        else:
            self.external[name] = ref
            tensor = TensorProto(name=name, data_type=_data_type(kind), dims=shape)
            tensor.data_location = TensorProto.EXTERNAL
            tensor.external_data.add(key="location", value="heliograph")
            self.initializers.append(tensor)
        return name


def _exceeds(kind: TensorType, limit: int) -> bool:
    """Whether a weight is worth sharing; strings and elements below a byte always go into the model."""
    element = element_name(kind.element)
    if element == "onnx.string" or element.lstrip("ui") in ("2", "4") or element.startswith("f4"):
        return False
    digits = "".join(c for c in element.split("E")[0] if c.isdigit())
    return int(kind.numel or 0) * max(int(digits or 8) // 8, 1) > limit


def _data_type(kind: TensorType) -> int:
    from onnx import TensorProto

    spelling = ELEMENTS.get(element_name(kind.element), ("", "undefined"))[1]
    return int(TensorProto.DataType.Value(spelling.upper()))


def _type(kind: Type, *, shaped: bool) -> onnx.TypeProto:
    from onnx import TypeProto

    made = TypeProto()
    if isinstance(kind, TensorType):
        made.tensor_type.elem_type = _data_type(kind)
        if kind.dims is not None:
            made.tensor_type.shape.SetInParent()
            for size in kind.dims:
                dim = made.tensor_type.shape.dim.add()
                if shaped and size is not None and size.is_constant:
                    dim.dim_value = int(size)
                elif shaped and size is not None:
                    dim.dim_param = str(size)
        return made
    inner = kind.params[0] if isinstance(kind, DialectType) and kind.params else None
    if isinstance(kind, DialectType) and isinstance(inner, Type):
        if kind.name == "onnx.seq":
            made.sequence_type.elem_type.CopyFrom(_type(inner, shaped=False))
            return made
        if kind.name == "onnx.optional":
            made.optional_type.elem_type.CopyFrom(_type(inner, shaped=False))
            return made
    raise ValueError(f"ONNX has no type {kind}")


def _value_info(name: str, kind: Type, *, shaped: bool) -> onnx.ValueInfoProto:
    """Name and type; of outputs and in subgraphs only the rank is given, the runner infers sizes itself."""
    from onnx import ValueInfoProto

    if isinstance(kind, TensorType) and kind.element == DialectType("onnx.undefined"):
        return ValueInfoProto(name=name)
    return ValueInfoProto(name=name, type=_type(kind, shaped=shaped))


def _tensor(name: str, kind: TensorType, data: str) -> onnx.TensorProto:
    from onnx import TensorProto

    tensor = TensorProto(name=name, data_type=_data_type(kind), dims=[int(d) for d in kind.shape or ()])
    raw = bytes.fromhex(data)
    if tensor.data_type == TensorProto.STRING:
        tensor.string_data.extend(text.encode("latin-1") for text in json.loads(raw))
    else:
        tensor.raw_data = raw
    return tensor


def _int(value: Any) -> int:
    if not isinstance(value, int):
        raise ValueError(f"{value!r} is not a version")
    return value


def _attribute(name: str, value: AttributeValue) -> onnx.AttributeProto:
    from onnx import AttributeProto

    made = AttributeProto(name=name)
    if isinstance(value, bool | int):
        made.type, made.i = AttributeProto.INT, int(value)
    elif isinstance(value, float):
        made.type, made.f = AttributeProto.FLOAT, value
    elif isinstance(value, str):
        made.type, made.s = AttributeProto.STRING, value.encode()
    elif isinstance(value, DenseArray) and value.element == "i64":
        made.type = AttributeProto.INTS
        made.ints.extend(int(v) for v in value.values)
    elif isinstance(value, DenseArray):
        made.type = AttributeProto.FLOATS
        made.floats.extend(value.values)
    elif isinstance(value, InlineTensor) and isinstance(value.type, TensorType):
        made.type = AttributeProto.TENSOR
        made.t.CopyFrom(_tensor("", value.type, value.data))
    elif isinstance(value, tuple) and value and all(isinstance(v, InlineTensor) for v in value):
        made.type = AttributeProto.TENSORS
        made.tensors.extend(_attribute("", v).t for v in value)
    elif isinstance(value, tuple) and all(isinstance(v, str) for v in value):
        made.type = AttributeProto.STRINGS
        made.strings.extend(str(v).encode() for v in value)
    elif isinstance(value, Type):
        made.type = AttributeProto.TYPE_PROTO
        made.tp.CopyFrom(_type(value, shaped=True))
    else:
        raise ValueError(f"attribute {name} = {value!r} is not an ONNX attribute")
    return made
