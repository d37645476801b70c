from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.program import Program, load_program
from heliograph.ir.text import print_module


def test_everything_comes_back(program: Program, arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    path = tmp_path / "small.helio"
    program.save(path)
    back = load_program(path)
    assert print_module(back.module) == print_module(program.module)
    assert (back.target, back.level) == ("ideal", "graph")
    assert back.manifest.source == program.manifest.source
    assert back.interface == program.interface
    assert set(back.weights) == set(arrays)  # not "unused", nor "inline", which the module holds
    for name, array in arrays.items():
        found = back.weights[name]
        assert found.dtype == array.dtype
        assert found.shape == array.shape
        assert found.tolist() == array.tolist()
        assert not found.flags.writeable


def test_interface_is_spelled_as_onnxruntime_spells_it(program: Program) -> None:
    (port,) = program.interface.inputs
    assert (port.name, port.type, port.shape) == ("x:0", "tensor(float)", ("batch", 3))
    assert program.interface.outputs[0].name == "y/out"


def test_bytes_are_deterministic_and_a_loaded_program_saves_to_the_same(program: Program, tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"{n}.helio" for n in "abc")
    program.save(first)
    program.save(second)
    load_program(first).save(third)
    assert first.read_bytes() == second.read_bytes() == third.read_bytes()


def test_any_zip_tool_can_open_it(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "small.helio"
    program.save(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = [i.filename for i in archive.infolist()]
        assert names == ["weights.bin", "program.hgbc", "program.mlir", "manifest.json"]
        assert {i.compress_type for i in archive.infolist()} == {zipfile.ZIP_STORED}
        manifest = json.loads(archive.read("manifest.json"))
        text = archive.read("program.mlir").decode()
    assert text == print_module(program.module)
    assert manifest["interface"]["inputs"] == [{"name": "x:0", "type": "tensor(float)", "shape": ["batch", 3]}]
    assert manifest["weights"]["brain"]["dtype"] == "bfloat16"


def test_weights_are_mapped_and_aligned(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "small.helio"
    program.save(path)
    weights = load_program(path).weights
    for name in ("f", "scalar", "brain"):
        array = weights[name]
        assert array.ctypes.data % 64 == 0
        assert not array.flags.owndata
        assert weights[name].ctypes.data == array.ctypes.data


def test_a_program_can_be_replaced_while_its_weights_are_in_use(
    program: Program, tiny: Program, tmp_path: Path
) -> None:
    path = tmp_path / "small.helio"
    program.save(path)
    held = load_program(path).weights["f"]
    tiny.save(path)
    assert held.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("place", ["absent/folder.helio", "folder.helio"])
def test_failed_writes_leave_nothing(program: Program, tmp_path: Path, place: str) -> None:
    (tmp_path / "folder.helio").mkdir()
    with pytest.raises(HeliographError, match="HG1005"):
        program.save(tmp_path / place)
    assert os.listdir(tmp_path) == ["folder.helio"]


def test_an_interrupted_write_leaves_the_old_file(
    program: Program, tiny: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "small.helio"
    program.save(path)
    before = path.read_bytes()

    def interrupt(_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("heliograph.ir.program.writer.encode", interrupt)
    with pytest.raises(KeyboardInterrupt):
        tiny.save(path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["small.helio"]
