"""Torch module -> one self-contained ONNX file with readable names and no traces of this machine."""

from __future__ import annotations

import io
import os
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

OPSET = 18


def export(module: torch.nn.Module, inputs: dict[str, torch.Tensor], output: str, path: Path, about: str) -> None:
    """Write `module` to `path`; dimension 0 of every input and of the output becomes `batch`.

    Tensors and nodes are named after the module's layers: node `up1` reads weight `up1.weight`.
    """
    buffer = io.BytesIO()
    names = [*inputs, output]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter announces its own retirement on each call
        torch.onnx.export(
            module.eval(), tuple(inputs.values()), buffer, input_names=list(inputs),
            output_names=[output], opset_version=OPSET, dynamo=False,
            dynamic_axes={name: {0: "batch"} for name in names},
        )  # fmt: skip
    with torch.no_grad():
        expected = module(*inputs.values())
    model = onnx.load_model_from_string(buffer.getvalue())
    _rename(model.graph, set(names))
    _inline_constants(model.graph)
    _scrub(model, about)
    dims = model.graph.output[0].type.tensor_type.shape.dim
    for dim, size in zip(dims[1:], expected.shape[1:], strict=True):
        dim.dim_value = size
    onnx.checker.check_model(model, full_check=True)
    data = model.SerializeToString(deterministic=True)
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    (got,) = session.run([output], {name: value.numpy() for name, value in inputs.items()})
    np.testing.assert_allclose(got, expected.numpy(), rtol=1e-3, atol=1e-4)
    write_atomically(path, data)


def _rename(graph: onnx.GraphProto, keep: set[str]) -> None:
    """`/up1/ConvTranspose` becomes `up1`, its output `up1.out`; other names lose their slashes."""
    names: dict[str, str] = {name: name for name in keep}
    names |= {tensor.name: tensor.name for tensor in graph.initializer}
    used: set[str] = set()
    for node in graph.node:
        parts = [part for part in node.name.split("/") if part]
        wanted = parts[0] if len(parts) > 1 else node.op_type.lower()
        name, serial = wanted, 2
        while name in used:
            name, serial = f"{wanted}_{serial}", serial + 1
        used.add(name)
        node.name = name
        for index, out in enumerate(node.output):
            names.setdefault(out, f"{name}.out" if index == 0 else f"{name}.out{index}")
        node.input[:] = [names[i] if i else i for i in node.input]
        node.output[:] = [names[o] for o in node.output]


def _inline_constants(graph: onnx.GraphProto) -> None:
    """Constant nodes become initializers named after the node that reads them: `reshape.constant`."""
    for node in [n for n in graph.node if n.op_type == "Constant"]:
        reader = next(n for n in graph.node if node.output[0] in n.input)
        tensor = graph.initializer.add()
        tensor.CopyFrom(node.attribute[0].t)
        tensor.name = f"{reader.name}.{node.name}"
        for other in graph.node:
            other.input[:] = [tensor.name if name == node.output[0] else name for name in other.input]
        graph.node.remove(node)


def _scrub(model: onnx.ModelProto, about: str) -> None:
    model.doc_string = about
    model.producer_name, model.producer_version = "heliograph-zoo", ""
    model.graph.name = "main"
    del model.metadata_props[:]
    del model.graph.value_info[:]
    for item in [model.graph, *model.graph.node, *model.graph.initializer]:
        item.doc_string = ""
        del item.metadata_props[:]


def write_atomically(path: Path, data: bytes) -> None:
    """The file holds either what it held before or all of `data`, never a part."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
