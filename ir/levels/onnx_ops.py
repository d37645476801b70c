"""Checks an ONNX op against the schema that ONNX itself publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from heliograph.ir.core import AttributeValue, Op

_DEFAULT = ("onnx", "ai.onnx")
# Operators that exporters put into ONNX's domain although only onnxruntime has them there (its contrib_ops).
EXTENSIONS = frozenset(
    "Affine Crop DynamicSlice GivenTensorFill ImageScaler ParametricSoftplus Scale ScaledTanh "
    "SimplifiedLayerNormalization".split()
)


def onnx_problems(op: Op, opsets: Mapping[str, AttributeValue], extra: frozenset[str]) -> Iterator[str]:
    """Complaints about an ONNX op. Domains that ONNX does not publish are only checked for their subgraphs."""
    subgraphs = op.attributes.get("helio.subgraphs", ())
    if not isinstance(subgraphs, tuple) or len(subgraphs) != len(op.regions):
        yield "helio.subgraphs does not name each region"
        subgraphs = ()
    if any(len(r.blocks) != 1 for r in op.regions):
        yield "has a region that is not one block"
    elif any(not r.block.ops or r.block.ops[-1].name != "onnx.yield" for r in op.regions):
        yield "has a subgraph that does not end in onnx.yield"
    prefix, _, op_type = op.name.rpartition(".")
    domain = "" if prefix in _DEFAULT else prefix
    version = opsets.get(prefix, opsets.get("onnx") if not domain else None)
    if domain and version is None:
        return
    if not isinstance(version, int) or isinstance(version, bool):
        yield f"helio.opsets of the module gives no version for {prefix}"
        return
    schema = _schema(op_type, version, domain)
    if schema is not None:
        yield from _against(op, schema, {str(s) for s in subgraphs}, extra)
    elif not domain and op_type not in EXTENSIONS:
        yield f"ONNX opset {version} has no operator {op_type}"


@cache
def _schema(op_type: str, version: int, domain: str) -> Any:
    import onnx.defs

    try:
        return onnx.defs.get_schema(op_type, version, domain)
    except (onnx.defs.SchemaError, OverflowError, TypeError):
        return None


def _against(op: Op, schema: Any, subgraphs: set[str], extra: frozenset[str]) -> Iterator[str]:
    for what, values, least, most in (
        ("inputs", op.operands, schema.min_input, schema.max_input),
        ("outputs", op.results, schema.min_output, schema.max_output),
    ):
        if not least <= len(values) <= most:
            wanted = f"{least}" if least == most else f"{least} or more" if most > 1000 else f"{least} to {most}"
            yield f"has {len(values)} {what}, ONNX takes {wanted}"
    given = {name for name in op.attributes if "." not in name} - extra
    known = schema.attributes
    for name in sorted(given - set(known)):
        yield f"ONNX knows no attribute {name} of this operator"
    for name in sorted(subgraphs - set(known)):
        yield f"ONNX knows no subgraph {name} of this operator"
    for name, attribute in known.items():
        if attribute.required and name not in given | subgraphs:
            yield f"lacks the attribute {name}"
