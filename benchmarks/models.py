"""Whole models on simulated light beside onnxruntime: ``python benchmarks/models.py [--json] [MODEL...]``.

Every engine and onnxruntime run the same model on the same inputs in turns; the ratio is that of the medians to
onnxruntime's float32. Peak memory is that of a process of its own that loads the model and runs it three times.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from turns import ROUNDS, at_least_one, check_target, limit_threads, medians, processor

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from zoo import ddpm, gpt2

import heliograph

ROOT = Path(__file__).resolve().parents[1]
ENGINES: dict[str, dict[str, Any]] = {
    "ideal": {"engine": "ideal"},
    "quantized": {"engine": "quantized"},
    "exact": {"engine": "noisy", "fidelity": "exact"},
    "fast": {"engine": "noisy", "fidelity": "fast"},
}
Feeds = dict[str, np.ndarray]


def digits(rng: np.random.Generator) -> tuple[onnx.ModelProto, Feeds]:
    """The generator of `models/digits_gan`, 64 digits at a time."""
    model = onnx.load(ROOT / "models" / "digits_gan" / "digits_gan.onnx")
    latent = int(model.graph.input[0].type.tensor_type.shape.dim[1].dim_value)
    return model, {"z": rng.standard_normal((64, latent)).astype(np.float32), "label": np.arange(64) % 10}


def unet(rng: np.random.Generator) -> tuple[onnx.ModelProto, Feeds]:
    """A DDPM U-Net of 64 channels on two pictures of 32 x 32."""
    picture = rng.standard_normal((2, 3, 32, 32)).astype(np.float32)
    return ddpm.build(width=64), {"sample": picture, "timestep": np.array([10, 500], np.float32)}


def gpt(rng: np.random.Generator) -> tuple[onnx.ModelProto, Feeds]:
    """A model of the shape of GPT-2 small on 64 tokens."""
    model = gpt2.build(cache=False, depth=12, width=768, heads=12, vocabulary=50257)
    return model, {"input_ids": rng.integers(0, 50257, (1, 64))}


MODELS: dict[str, Callable[[np.random.Generator], tuple[onnx.ModelProto, Feeds]]] = {
    "digits-gan": digits,
    "ddpm-unet": unet,
    "gpt2-small": gpt,
}


def session(engine: str, model: str, threads: int, target: str) -> Callable[[Feeds], object]:
    """onnxruntime or one of our engines, loaded and ready to run."""
    if engine == "onnxruntime":
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        plain = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return lambda feeds: plain.run(None, feeds)
    ours = heliograph.InferenceSession(model, target=target, threads=threads, **ENGINES[engine])
    return lambda feeds: ours.run(None, feeds)


def peak_mebibytes(engine: str, model: str, feeds: Path, options: argparse.Namespace) -> float:
    """Peak memory of a process that runs the model."""
    command = [sys.executable, __file__, "--memory-of", engine, model, str(feeds), "--threads", str(options.threads)]
    done = subprocess.run([*command, "--target", options.target], capture_output=True, text=True, check=True)
    return float(done.stdout)


def own_peak_mebibytes() -> float:
    """Peak memory of this process; what the system calls maxrss would count the process that started it too."""
    with open("/proc/self/status", encoding="utf-8") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def measure(name: str, options: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds, ratios and memory of one model."""
    model, feeds = MODELS[name](np.random.default_rng(0))
    engines = ["onnxruntime", *options.engines]
    with tempfile.TemporaryDirectory() as folder:
        path, inputs = str(Path(folder) / "model.onnx"), Path(folder) / "feeds.npz"
        onnx.save(model, path)
        np.savez(inputs, **feeds)
        memory = {e: peak_mebibytes(e, path, inputs, options) for e in engines}
        sessions = {e: session(e, path, options.threads, options.target) for e in engines}
        runs = {e: lambda run=run: run(feeds) for e, run in sessions.items()}
        found = medians(runs, options.rounds)
    taken = {e: seconds.by_clock(options.threads) for e, seconds in found.items()}
    return {
        "ms": {e: seconds * 1e3 for e, seconds in taken.items()},
        "ratio": {e: seconds / taken["onnxruntime"] for e, seconds in taken.items()},
        "processor_ms": {e: seconds.processor * 1e3 for e, seconds in found.items()},
        "wall_ms": {e: seconds.wall * 1e3 for e, seconds in found.items()},
        "peak_mebibytes": memory,
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Measure the models asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"default: {', '.join(MODELS)}")
    parser.add_argument("--target", default="awgr8-28g")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=list(ENGINES))
    parser.add_argument(
        "--threads", type=at_least_one, default=1, help="of each side; with 1, processor time is compared"
    )
    parser.add_argument("--rounds", type=at_least_one, default=ROUNDS)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--memory-of", metavar="ENGINE", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    limit_threads(options.threads)
    if options.memory_of:
        path, inputs = options.models
        run, feeds = session(options.memory_of, path, options.threads, options.target), dict(np.load(inputs))
        for _ in range(3):
            run(feeds)
        print(own_peak_mebibytes())
        return
    if unknown := set(options.models) - set(MODELS):
        parser.error(f"no model {', '.join(sorted(unknown))}; there are {', '.join(MODELS)}")
    if unknown := set(options.engines) - set(ENGINES):
        parser.error(f"no engine {', '.join(sorted(unknown))}; there are {', '.join(ENGINES)}")
    check_target(parser, options.target)
    found = {name: measure(name, options) for name in options.models or MODELS}
    if options.json:
        about = {
            "schema": "heliograph.models/1",
            "processor": processor(),
            "cores": os.cpu_count(),
            "threads": options.threads,
            "clock": "processor time" if options.threads == 1 else "wall clock",
            "rounds": options.rounds,
            "target": options.target,
        }
        print(json.dumps(about | {"models": found}, indent=2))
        return
    print(f"{'model':<14}{'engine':<13}{'ms':>10}{'ratio':>8}{'peak MiB':>10}")
    for name, row in found.items():
        for engine, milliseconds in row["ms"].items():
            memory = row["peak_mebibytes"][engine]
            print(f"{name:<14}{engine:<13}{milliseconds:>10.2f}{row['ratio'][engine]:>8.2f}{memory:>10.0f}")


if __name__ == "__main__":
    main()
