"""What compiling the digits generator may cost, and that programs do not grow with sizes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

import heliograph
from heliograph.ir.program import load_program

GENERATOR = Path(__file__).parents[2] / "models" / "digits_gan" / "digits_gan.onnx"
MEASURE = """
import json, resource, sys
from heliograph.cli import entry
code = entry(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
# not ru_maxrss, which starts from the memory of the process that started this one
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"code": code, "seconds": used.ru_utime + used.ru_stime, "mebibytes": peak / 1024}))
"""


def test_compiling_the_generator_is_quick_and_small(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MEASURE, "compile", str(GENERATOR), "-o", str(tmp_path / "g.helio")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    used = json.loads(done.stdout.splitlines()[-1])
    assert used["code"] == 0
    assert used["seconds"] < 2  # of processor time, which other processes do not change; the wall clock shows less
    assert used["mebibytes"] < 500


def entry_sizes(program: heliograph.Program, path: Path) -> dict[str, int]:
    program.save(path)
    return {e.name: e.size for e in load_program(path).manifest.entries}


def test_programs_do_not_grow_with_the_batch(tmp_path: Path) -> None:
    small, large = (
        entry_sizes(heliograph.compile(GENERATOR, dims={"batch": batch}), tmp_path / "p.helio") for batch in (2, 4096)
    )
    assert small["weights.bin"] == large["weights.bin"]
    assert large["program.hgbc"] < 1.02 * small["program.hgbc"]


def test_programs_do_not_grow_with_the_picture(tmp_path: Path) -> None:
    kernel = numpy_helper.from_array(np.ones((1, 1, 3, 3), np.float32), "w")
    sizes = []
    for pixels in (16, 2048):
        shape = [1, 1, pixels, pixels]
        node = helper.make_node("Conv", ["x", "w"], ["y"], "conv", pads=[1, 1, 1, 1])
        ports = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in "xy"]
        graph = helper.make_graph([node], "picture", ports[:1], ports[1:], [kernel])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
        sizes.append(entry_sizes(heliograph.compile(model), tmp_path / "p.helio")["program.hgbc"])
    assert sizes[1] < 1.05 * sizes[0]
