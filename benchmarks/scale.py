"""What compiling very large models costs: ``python benchmarks/scale.py [--json] [MODEL...]``.

The models are those of tests/zoo at full size: a Llama-3 decoder of 70 billion parameters with its key-value cache, and
the U-Net of Stable Diffusion 1.5. Their weights are files that take no space on disk, and compiling must not read them.
Each is compiled in a process of its own, from the file to the scheduled program.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from zoo import llama, stable_diffusion
from zoo.graph import External

TARGET = "awgr8-28g"
MODELS: dict[str, Callable[[External], onnx.ModelProto]] = {
    "llama-3-70b": lambda external: llama.build(llama.LLAMA_3_70B, np.float16, external),
    "sd-1.5-unet": lambda external: stable_diffusion.unet(stable_diffusion.SD_1_5, np.float16, external),
}

MEASURE = """
import json, sys, time
import onnx  # compiling is timed, starting Python and importing onnx is not
started = time.perf_counter()
from heliograph.backends import load_target
from heliograph.compiler import compile_model
passes = {}
unit = compile_model(sys.argv[1], load_target(sys.argv[2]), observer=lambda r: passes.update({r.step.name: r.seconds}))
seconds = time.perf_counter() - started
names = [op.name for op in unit.module.body.ops]
main = next(op for op in unit.module.body.ops if op.sym_name == "main")
inner = [op.name for op in main.body.ops]
# not what the system calls maxrss, which starts from the memory of the process that started this one
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({
    "seconds": seconds,
    "mebibytes": peak / 1024,
    "kernels": names.count("func.func") - 1,
    "calls": inner.count("func.call"),
    "regions": inner.count("electronic.region"),
    "passes": passes,
}))
"""


def write(name: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Write a model and its sparse weights; what it is."""
    external = External(f"{name}.bin", smallest=1)
    model = MODELS[name](external)
    path = folder / f"{name}.onnx"
    path.write_bytes(model.SerializeToString())
    with open(folder / external.location, "wb") as weights:
        weights.truncate(external.nbytes)
    parameters = sum(int(np.prod(t.dims)) for t in model.graph.initializer)
    return path, {"nodes": len(model.graph.node), "parameters": parameters, "weight_bytes": external.nbytes}


def measure(path: Path, target: str = TARGET) -> dict[str, Any]:
    """Compile in a fresh process: seconds, peak memory, and the size of the result."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path), target], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure the models asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"default: {', '.join(MODELS)}")
    parser.add_argument("--target", default=TARGET)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    if unknown := set(options.models) - set(MODELS):
        parser.error(f"no model {', '.join(sorted(unknown))}; there are {', '.join(MODELS)}")
    found = {}
    for name in options.models or MODELS:
        with tempfile.TemporaryDirectory() as folder:
            path, about = write(name, Path(folder))
            found[name] = about | measure(path, options.target)
            data = (path.parent / f"{name}.bin").stat()
            found[name]["weight_bytes_on_disk"] = data.st_blocks * 512
    if options.json:
        print(json.dumps({"schema": "heliograph.scale/1", "target": options.target, "models": found}, indent=2))
        return
    print(
        f"{'model':<14}{'parameters':>12}{'nodes':>7}{'seconds':>9}{'MiB':>6}{'kernels':>9}{'calls':>7}{'regions':>9}"
    )
    for name, row in found.items():
        size = f"{row['parameters'] / 1e9:.2f} G"
        cost = f"{row['seconds']:>9.2f}{row['mebibytes']:>6.0f}"
        print(f"{name:<14}{size:>12}{row['nodes']:>7}{cost}{row['kernels']:>9}{row['calls']:>7}{row['regions']:>9}")
        print("  " + ", ".join(f"{step} {seconds:.2f} s" for step, seconds in row["passes"].items()))


if __name__ == "__main__":
    main()
