"""Models whose weights nobody could load: compiling reads none of them, and equal layers cost one kernel."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import heliograph
from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.compiler.unit import Unit
from heliograph.ir.bytecode import decode, encode
from heliograph.ir.text import structurally_equal
from zoo import llama, stable_diffusion
from zoo.graph import External

TARGET = load_target("awgr8-28g")
WIDE = dataclasses.replace(llama.LLAMA_3_70B, layers=2)


def kernels(unit: Unit) -> set[str]:
    return {op.sym_name for op in unit.module.body.ops if op.name == "func.func"} - {"main"}


def test_absent_weights_compile(tmp_path: Path) -> None:
    path = tmp_path / "llama.onnx"
    path.write_bytes(llama.build(WIDE, np.float16, External("elsewhere.bin")).SerializeToString())
    assert len(kernels(compile_model(path, TARGET))) == 8


def test_weights_are_not_read(tmp_path: Path) -> None:
    """A file of eight gigabytes that nobody may open: compiling a program asks only for its length."""
    external = External()
    path, weights = tmp_path / "llama.onnx", tmp_path / external.location
    path.write_bytes(llama.build(WIDE, np.float16, external).SerializeToString())
    with open(weights, "wb") as stream:
        stream.truncate(external.nbytes)
    assert weights.stat().st_size > 7e9
    with opened_files() as names:
        program = heliograph.compile(path)
    assert str(path) in names, "the test sees files that are opened"
    assert str(weights) not in names
    program.save(tmp_path / "llama.helio")  # reads a few blocks, to know the file again
    assert (tmp_path / "llama.helio").stat().st_size < 1e6


@contextmanager
def opened_files() -> Iterator[set[str]]:
    """Names of the files that are opened meanwhile. Python keeps audit hooks for good; this one goes quiet."""
    names: set[str] = set()
    watching = True

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "open" and isinstance(arguments[0], str | Path):
            names.add(os.fspath(arguments[0]))

    sys.addaudithook(watch)
    yield names
    watching = False


@pytest.mark.parametrize("layers", [1, 6])
def test_equal_layers_share_their_kernels(layers: int) -> None:
    sizes = dataclasses.replace(llama.Sizes(), layers=layers)
    unit = compile_model(llama.build(sizes), TARGET)
    assert len(kernels(unit)) == 8
    main = next(op for op in unit.module.body.ops if op.sym_name == "main")
    assert sum(op.name == "func.call" for op in main.body.ops) == 2 + 9 * layers


def test_equal_blocks_share_their_kernels() -> None:
    one, three = (
        kernels(compile_model(stable_diffusion.unet(dataclasses.replace(stable_diffusion.Sizes(), blocks=n)), TARGET))
        for n in (2, 3)
    )
    assert one == three


@pytest.mark.slow
def test_programs_of_many_sizes_are_small_and_load() -> None:
    """Four levels of symbolic sizes make the times of a schedule long; a program stores what changes."""
    levels = stable_diffusion.Sizes((8, 8, 16, 16), (True, True, True, False), blocks=2, groups=2)
    model = stable_diffusion.unet(levels)
    module = compile_model(model, TARGET).module
    data = encode(module)
    assert structurally_equal(decode(data), module)
    assert len(data) < model.ByteSize()


@pytest.mark.slow
@pytest.mark.parametrize("model", ["llama-3-70b", "sd-1.5-unet"])
def test_full_size(model: str, repository: Path) -> None:
    command = [sys.executable, str(repository / "benchmarks" / "scale.py"), "--json", model]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["models"][model]
    assert found["mebibytes"] < 1000
    assert found["weight_bytes_on_disk"] == 0
    assert found["kernels"] < 50
