"""What running a program costs beside plain onnxruntime: ``python benchmarks/electronics.py [--json] [MODEL...]``.

All run the same model on the same inputs in turns, so that what else the machine does meets all alike; the ratio is
that of medians to onnxruntime's. Models wholly on electronics show the cost of regions, models with 100 products that
of the ideal engine. "single" is the program with an observer, for whom every step is done by itself; otherwise steps
are merged into as few sessions of onnxruntime as possible.

With ``--threads 1`` all compute on one thread and processor time is compared, which a busy machine changes little.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from zoo import layers
from zoo.graph import Graph

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.ir.core import walk
from heliograph.runtime import Executor


def statistics_only(rows: int, width: int, depth: int = 10) -> onnx.ModelProto:
    """Norms, softmaxes and nonlinearities, no product anywhere."""
    g = Graph("statistics")
    x = g.input("x", rows, width)
    for _ in range(depth):
        y = layers.gelu(g, layers.layer_norm(g, x, width))
        x = g("Add", x, g("Mul", y, g("Softmax", x, axis=-1)))
    g.output(x, "y", rows, width)
    return g.model()


def pictures(size: int) -> onnx.ModelProto:
    """Resizing, pooling and normalising a picture: what surrounds many models."""
    g = Graph("pictures")
    x = g.input("image", 1, 3, size, size)
    x = g("Mul", g("Sub", x, g.weight(1, 3, 1, 1)), g.weight(1, 3, 1, 1, mean=1.0))
    x = g("Resize", x, "", g.constant([1, 1, 2, 2], np.float32), mode="linear")
    x = g("AveragePool", x, kernel_shape=[3, 3], pads=[1] * 4)
    x = g("Clip", g("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2]), g.constant(-1.0), g.constant(1.0))
    g.output(g("Transpose", x, perm=[0, 2, 3, 1]), "y", 1, size, size, 3)
    return g.model()


def products(rows: int, width: int, depth: int = 100) -> onnx.ModelProto:
    """Dense layers with biases and nonlinearities, one after another."""
    g = Graph("products")
    x = g.input("x", rows, width)
    for _ in range(depth):
        x = g("Tanh", layers.linear(g, x, width, width))
    g.output(x, "y", rows, width)
    return g.model()


def convolutions(size: int, channels: int, depth: int = 100) -> onnx.ModelProto:
    """3x3 convolutions with ReLU in between."""
    g = Graph("convolutions")
    x = g.input("x", 1, channels, size, size)
    for _ in range(depth):
        x = g("Relu", layers.conv(g, x, channels, channels))
    g.output(x, "y", 1, channels, size, size)
    return g.model()


# name -> how to build it, and the ratio that issue 3 asks for
MODELS: dict[str, tuple[Callable[[], onnx.ModelProto], float]] = {
    "statistics-small": (lambda: statistics_only(16, 256), 1.1),
    "statistics-large": (lambda: statistics_only(2048, 768), 1.1),
    "pictures": (lambda: pictures(256), 1.1),
    "products-1x128": (lambda: products(1, 128), 2.0),
    "products-16x256": (lambda: products(16, 256), 2.0),
    "products-16x768": (lambda: products(16, 768), 2.0),
    "products-64x512": (lambda: products(64, 512), 2.0),
    "products-512x1024": (lambda: products(512, 1024), 2.0),
    "convolutions": (lambda: convolutions(56, 64), 2.0),
}


def measure(model: onnx.ModelProto, target: str, seconds: float, threads: int) -> dict[str, Any]:
    """Medians and ratios, and how many regions and products the program has."""
    clock = time.thread_time if threads == 1 else time.perf_counter
    port = model.graph.input[0]
    shape = [d.dim_value for d in port.type.tensor_type.shape.dim]
    feeds = {port.name: np.random.default_rng(0).normal(size=shape).astype(np.float32)}
    settings = ort.SessionOptions()
    settings.intra_op_num_threads = threads
    plain = ort.InferenceSession(model.SerializeToString(), settings, providers=["CPUExecutionProvider"])
    unit = compile_model(model, load_target(target))
    program = Executor(unit.module, unit.weights, engine="ideal", threads=threads or None)
    watched = Executor(unit.module, unit.weights, engine="ideal", threads=threads or None, observer=lambda *_: None)
    expected, found = plain.run(None, feeds)[0], next(iter(program.run(feeds).values()))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())
    runs = (lambda: plain.run(None, feeds), lambda: program.run(feeds), lambda: watched.run(feeds))
    times: tuple[list[float], ...] = ([], [], [])
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[0]) < 5:
        for taken, run in zip(times, runs, strict=True):
            taken += turn(run, clock)
    medians = [statistics.median(t) for t in times]
    names = Counter(op.name for op in walk(unit.module))
    return {
        "onnxruntime_ms": medians[0] * 1e3,
        "heliograph_ms": medians[1] * 1e3,
        "single_ms": medians[2] * 1e3,
        "ratio": medians[1] / medians[0],
        "best_ratio": min(times[1]) / min(times[0]),  # what it is when nothing else runs
        "runs": len(times[0]),
        "regions": names["electronic.region"],
        "calls": names["func.call"],
    }


def turn(run: Callable[[], object], clock: Callable[[], float]) -> list[float]:
    """Seconds of each run in one turn of about a tenth of a second.

    It starts with a pause and a run that does not count: threads of the other side go on spinning for a while.
    """
    time.sleep(0.05)
    run()
    taken: list[float] = []
    while sum(taken) < 0.1:
        started = clock()
        run()
        taken.append(clock() - started)
    return taken


def main() -> None:
    """Measure the models asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"default: {', '.join(MODELS)}")
    parser.add_argument("--target", default="ideal")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each model is run")
    parser.add_argument("--threads", type=int, default=0, help="of each side; default: as each chooses")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    if unknown := set(options.models) - set(MODELS):
        parser.error(f"no model {', '.join(sorted(unknown))}; there are {', '.join(MODELS)}")
    if options.threads and os.environ.get("OPENBLAS_NUM_THREADS") != str(options.threads):
        os.environ["OPENBLAS_NUM_THREADS"] = str(options.threads)  # numpy reads it when it is imported
        os.execv(sys.executable, [sys.executable, *sys.argv])
    found = {}
    for name in options.models or MODELS:
        build, wanted = MODELS[name]
        found[name] = measure(build(), options.target, options.seconds, options.threads) | {"wanted": wanted}
    if options.json:
        about = {
            "schema": "heliograph.electronics/2",
            "target": options.target,
            "cores": os.cpu_count(),
            "threads": options.threads,
        }
        print(json.dumps(about | {"models": found}, indent=2))
        return
    heads = f"{'onnxruntime':>14}{'heliograph':>14}{'single':>14}{'ratio':>7}{'best':>7}{'wanted':>8}"
    print(f"{'model':<18}{heads}{'calls':>7}{'regions':>9}")
    for name, row in found.items():
        times = "".join(f"{row[key]:>11.2f} ms" for key in ("onnxruntime_ms", "heliograph_ms", "single_ms"))
        ratios = f"{row['ratio']:>7.2f}{row['best_ratio']:>7.2f}{row['wanted']:>8}"
        print(f"{name:<18}{times}{ratios}{row['calls']:>7}{row['regions']:>9}")


if __name__ == "__main__":
    main()
