"""Which sizes inside a merged region are certain: ONNX's shape inference tells, from the sizes of what goes in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from heliograph.ir.core import AttributeValue, Block, Op, Region, TensorType, Value
from heliograph.ir.onnx_export import WeightLookup, export_region
from heliograph.runtime.merging.runs import Run

if TYPE_CHECKING:
    import onnx


def unproven(run: Run, opsets: Mapping[str, AttributeValue], lookup: WeightLookup) -> list[Value]:
    """Tensors whose sizes contractions of the run rely on, and which may turn out to be others than their types say."""
    import onnx

    if not run.read:
        return []
    block = run.region.body
    seen = [*run.read.values(), *run.exact.values()]
    probe = Block(block.args, [*block.ops[:-1], Op("electronic.yield", seen)])
    region = Op("electronic.region", run.region.operands, regions=[Region([probe])])
    try:
        model = export_region(region, opsets, lookup, fed=None).proto
    except ValueError:  # what ONNX has no spelling for
        return list(run.read)
    outputs = dict(zip([*run.read, *run.exact], (o.name for o in model.graph.output), strict=True))
    ports = {o.name: o for o in model.graph.output}
    for value in run.exact:
        _tell(ports[outputs[value]], value)
    try:
        inferred = onnx.shape_inference.infer_shapes(model, data_prop=True)
    except Exception:  # a model that inference does not take proves nothing
        return list(run.read)
    found = {o.name: _sizes(o) for o in inferred.graph.output}
    return [v for v in run.read if found[outputs[v]] != _declared(v)]


def _tell(port: onnx.ValueInfoProto, value: Value) -> None:
    for dim, size in zip(port.type.tensor_type.shape.dim, _declared(value), strict=True):
        if isinstance(size, int):
            dim.dim_value = size
        else:
            dim.dim_param = size


def _declared(value: Value) -> list[int | str]:
    assert isinstance(value.type, TensorType)
    return [int(d) if d is not None and d.is_constant else str(d) for d in value.type.dims or ()]


def _sizes(port: onnx.ValueInfoProto) -> list[int | str]:
    dims = port.type.tensor_type.shape.dim
    return [d.dim_value if d.HasField("dim_value") else d.dim_param for d in dims]
