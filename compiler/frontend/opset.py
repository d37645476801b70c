"""Raise old opsets: a convenience, since contraction rules and work counts are written for later ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx_ir

MIN_OPSET = 18  # contraction rules and work counts are written for this and later versions
_MEANT_OTHERWISE = {"Scan": 9}  # operator -> the opset before which its inputs meant something else


def convert_opset(model: onnx_ir.Model) -> None:
    """Raise an old opset, where that changes no meaning; the model keeps its own where onnx cannot convert it."""
    version = model.opset_imports.get("", MIN_OPSET)
    if version >= MIN_OPSET:
        return
    if any(version < _MEANT_OTHERWISE.get(n.op_type, 0) for n in model.graph.all_nodes() if not n.domain):
        return
    from onnxscript import version_converter

    if version < 7:
        _spell_out_slopes(model)
    version_converter.convert_version(model, MIN_OPSET, fallback=True)


def _spell_out_slopes(model: onnx_ir.Model) -> None:
    """Until opset 7 the slopes of PRelu belonged to channels, later to the last axis; the converter overlooks that."""
    import onnx_ir

    for node in list(model.graph.all_nodes()):
        if node.op_type != "PRelu" or node.domain or len(node.inputs) != 2:
            continue
        data, slope = node.inputs
        if data is None or slope is None or data.shape is None or slope.shape is None or node.graph is None:
            continue
        if len(data.shape) > 2 and len(slope.shape) == 1 and slope.shape[0] != 1:
            axes = onnx_ir.AttrInt64s("axes", range(1, len(data.shape) - 1))
            spread = onnx_ir.Node("", "Unsqueeze", [slope], [axes], name=f"{node.name}/slope")
            spread.outputs[0].name = f"{node.outputs[0].name}/slope"
            node.graph.insert_before(node, spread)
            node.replace_input_with(1, spread.outputs[0])
