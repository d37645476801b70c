"""Facts about an ONNX model, without reading its weights."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from heliograph.cli.coverage import coverage, size_text
from heliograph.cli.tables import columns
from heliograph.compiler import compile_model
from heliograph.compiler.frontend.read import read_model
from heliograph.ir.core import SymExpr, sym
from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.program import Port
from heliograph.ir.size_names import read_size, spell_size
from heliograph.ports import describe

if TYPE_CHECKING:
    import onnx


def model_facts(file: str) -> dict[str, Any]:
    """Everything that `inspect` shows of a model. Raises HG1001, HG1002."""
    model, _ = read_model(file)
    graph = model.graph
    weights = {t.name for t in graph.initializer}
    inputs = [_port(v) for v in graph.input if v.name not in weights]
    outputs = [_port(v) for v in graph.output]
    dims = sorted({d for p in inputs for d in p.shape or () if isinstance(d, str)})
    return {
        "file": file,
        "producer": f"{model.producer_name} {model.producer_version}".strip(),
        "ir_version": model.ir_version,
        "opsets": {o.domain or "ai.onnx": o.version for o in model.opset_import},
        "inputs": [_as_dict(p) for p in inputs],
        "outputs": [_as_dict(p) for p in outputs],
        "symbolic_dims": dims,
        "nodes": dict(Counter(_all_types(graph)).most_common()),
        "initializers": len(graph.initializer),
        "parameters": sum(math.prod(t.dims) for t in graph.initializer),
        "external_files": sorted({_location(t) for t in graph.initializer if t.data_location == t.EXTERNAL}),
        **_macs(file),
    }


def model_text(facts: dict[str, Any]) -> str:
    """The facts for people."""
    ports = [
        *[["input", describe(Port(**p))] for p in facts["inputs"]],
        *[["output", describe(Port(**p))] for p in facts["outputs"]],
    ]
    rows = [
        ["producer", facts["producer"] or "unknown"],
        ["opsets", ", ".join(f"{d} {v}" for d, v in facts["opsets"].items())],
        *ports,
        ["symbolic dims", ", ".join(facts["symbolic_dims"]) or "none"],
        ["parameters", f"{facts['parameters']:,} in {facts['initializers']} initializers"],
        *[["weight file", name] for name in facts["external_files"]],
    ]
    if "macs" in facts:
        rows.append(["MACs", f"{_digits(facts['macs'])}, of which light can take {_digits(facts['macs_on_light'])}"])
    nodes = sum(facts["nodes"].values())
    lines = [f"{facts['file']}: an ONNX model of {nodes} nodes", *columns(rows, indent="  "), "  nodes"]
    return "\n".join([*lines, *columns([[str(n), t] for t, n in facts["nodes"].items()], right=(0,), indent="    ")])


def _macs(file: str) -> dict[str, Any]:
    """Multiply-accumulates, when the model can be compiled far enough to count them."""
    from heliograph.backends import load_target

    try:
        found = coverage(compile_model(file, load_target("ideal"), stop_at="partitioned").module)
    except HeliographError:
        return {}
    return {"macs": _size(found.light_macs + found.electronic_macs), "macs_on_light": _size(found.light_macs)}


def _size(value: SymExpr) -> int | str:
    return int(value) if value.is_constant else spell_size(value)


def _digits(value: int | str) -> str:
    return size_text(read_size(value) if isinstance(value, str) else sym(value))


def _all_types(graph: onnx.GraphProto) -> Iterable[str]:
    for node in graph.node:
        yield node.op_type if node.domain in ("", "ai.onnx") else f"{node.domain}.{node.op_type}"
        for attribute in node.attribute:
            for inner in (*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs):
                yield from _all_types(inner)


def _location(tensor: onnx.TensorProto) -> str:
    return next((e.value for e in tensor.external_data if e.key == "location"), "?")


def _port(value: onnx.ValueInfoProto) -> Port:
    import onnx_ir

    if not value.type.HasField("tensor_type"):
        return Port(value.name, (value.type.WhichOneof("value") or "undefined").removesuffix("_type"))
    tensor = value.type.tensor_type
    spelled = onnx_ir.DataType(tensor.elem_type).name.lower()
    shape = None
    if tensor.HasField("shape"):
        shape = tuple(d.dim_param or (d.dim_value if d.HasField("dim_value") else None) for d in tensor.shape.dim)
    return Port(value.name, f"tensor({spelled})", shape)


def _as_dict(port: Port) -> dict[str, Any]:
    return {"name": port.name, "type": port.type, "shape": None if port.shape is None else list(port.shape)}
