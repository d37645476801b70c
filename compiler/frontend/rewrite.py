"""Operators that say with a tensor what another operator says with an attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx_ir


def has_casts_like(model: onnx_ir.Model) -> bool:
    """Whether `spell_out_casts` would have something to do."""
    return any(n.op_type == "CastLike" and not n.domain for n in model.graph.all_nodes())


def spell_out_casts(model: onnx_ir.Model) -> None:
    """CastLike becomes Cast where the type that it names is known: its standard definition forgets `saturate`."""
    import onnx_ir

    for node in model.graph.all_nodes():
        if node.op_type != "CastLike" or node.domain or len(node.inputs) != 2:
            continue
        like = node.inputs[1]
        if like is None or like.dtype is None or like.dtype == onnx_ir.DataType.UNDEFINED:
            continue
        node.op_type = "Cast"
        node.attributes["to"] = onnx_ir.AttrInt64("to", like.dtype.value)
        node.resize_inputs(1)
