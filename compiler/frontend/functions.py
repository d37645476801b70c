"""Expand operators that the ONNX standard defines as functions and that hide matrix products.

`Attention` (opset 23 and later, with grouped queries, caches and masks) is spelled out by its own definition in the
standard, so its two products reach light and its mask, softmax and cache handling run as written there. A node whose
definition cannot be had, because the type of an input is unknown, stays as it is.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from heliograph.ir.names import PART_OF

if TYPE_CHECKING:
    import onnx
    import onnx_ir

EXPANDED = frozenset({("", "Attention")})
_DOMAIN = "heliograph.expanded"


def has_expandable(model: onnx_ir.Model) -> bool:
    """Whether a model has nodes that `expand_functions` would replace."""
    return any((n.domain, n.op_type) in EXPANDED for n in model.graph.all_nodes())


def expand_functions(model: onnx_ir.Model) -> None:
    """Replace `EXPANDED` operators by their definitions, in place; new nodes are named after their source.

    Types must have been inferred, and functions of the model inlined, before.
    """
    import onnx_ir.passes.common as passes

    nodes = [n for n in model.graph.all_nodes() if (n.domain, n.op_type) in EXPANDED]
    for number, node in enumerate(nodes):
        function = _definition(node, model.opset_imports.get("", 0), f"{node.op_type}_{number}")
        if function is not None:
            model.functions[function.identifier()] = function
            node.domain, node.op_type = function.domain, function.name
    if model.functions:
        passes.InlinePass()(model)


def _definition(node: onnx_ir.Node, opset: int, name: str) -> onnx_ir.Function | None:
    """The body of a node's operator, as a function that belongs to this node alone."""
    import onnx
    import onnx.helper
    import onnx_ir

    schema: Any = onnx.defs.get_schema(node.op_type, opset, node.domain)  # its stub lacks what is used here
    proto = onnx_ir.serde.serialize_node(node)
    if schema.has_context_dependent_function:
        types = [_type(v) for v in node.inputs]
        if any(t is None for t in types):
            return None
        versions = [v for v in schema.context_dependent_function_opset_versions if v <= opset]
        if not versions:
            return None
        texts = [t.SerializeToString() for t in types if t is not None]
        text = schema.get_context_dependent_function_with_opset_version(max(versions), proto.SerializeToString(), texts)
        body = onnx.FunctionProto.FromString(text)
    elif schema.has_function:
        body = onnx.FunctionProto()
        body.CopyFrom(schema.function_body)
    else:
        return None
    body.domain, body.name = _DOMAIN, name
    del body.output[len(node.outputs) :]
    defined = {o for inner in body.node for o in inner.output}
    for output in set(body.output) - defined:  # nobody asked for it, so the definition leaves it out
        body.node.append(onnx.helper.make_node("Identity", [body.input[0]], [output]))
    counts: Counter[str] = Counter()
    for inner in body.node:
        inner.name = f"{node.name}{PART_OF}{inner.op_type}_{counts[inner.op_type]}"
        counts[inner.op_type] += 1
    function: onnx_ir.Function = onnx_ir.serde.deserialize_function(body)
    function.opset_imports[""] = opset
    return function


def _type(value: onnx_ir.Value | None) -> onnx.TypeProto | None:
    """The type of an input; an empty one for an input that is left out, None when it is unknown."""
    import onnx
    import onnx_ir

    if value is None:
        return onnx.TypeProto()
    if value.type is None:
        return None
    info = onnx_ir.serde.serialize_value(value)
    kind: onnx.TypeProto = info.type
    return kind
