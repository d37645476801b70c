"""Real models: they compile for light, the ideal engine agrees with onnxruntime, MACs are conserved."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from test_contractions import electronic_macs, light_macs

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.ir.core import Op
from heliograph.runtime import Executor

NAMES = (
    "capp_gpt",
    "csinva_mnist_vae_decoder",
    "ml5_charrnn_shakespeare",
    "nam_wavenet_legacy14",
    "ort_superres_core",
    "silero_vad_if",
    "stories260k_kv_dynamo18",
    "vaelight_sd_decoder",
)


def sizes_of(module: Op, feeds: dict[str, np.ndarray]) -> dict[str, int]:
    """Symbols of the module's inputs, bound by the feeds."""
    main = next(op for op in module.body.ops if op.sym_name == "main")
    sizes: dict[str, int] = {}
    for name, argument in zip(main.attributes["helio.inputs"], main.body.args, strict=True):  # type: ignore[arg-type]
        for dim, size in zip(argument.type.dims, feeds[name].shape, strict=True):  # type: ignore[union-attr]
            if dim is not None and str(dim) in dim.symbols():
                sizes[str(dim)] = size
    return sizes


@pytest.mark.parametrize("name", NAMES)
def test_real_model(name: str, shared: Path) -> None:
    entry = next(m for m in json.loads((shared / "models/index.json").read_text())["models"] if m["name"] == name)
    path = shared / "models" / entry["file"]
    with np.load(shared / "models" / entry["io"]) as stored:
        inputs = [i["name"] for i in entry["inputs"]]
        feeds = {n: stored[k] for k in stored.files for n in inputs if k.endswith(n)}
    unit = compile_model(path, load_target("awgr8-28g"))
    found = Executor(unit.module, unit.weights, engine="ideal").run(feeds)
    options = ort.SessionOptions()
    options.log_severity_level = 4
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    for (output, value), reference in zip(found.items(), session.run(None, feeds), strict=True):
        assert value.shape == reference.shape, output
        np.testing.assert_allclose(value, reference, rtol=1e-4, atol=1e-4 * np.abs(reference).max(), err_msg=output)
    sizes = defaultdict(lambda: 1, sizes_of(unit.module, feeds))  # sizes that only the run knows count as 1
    total = light_macs(unit.module, sizes) + electronic_macs(unit.module, sizes)
    if not any(n.op_type in ("If", "Loop", "Scan") for n in onnx.load(path).graph.node):
        assert total == entry["macs_static_weight"] + entry["macs_dynamic"]
    assert total > 0
