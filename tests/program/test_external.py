from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.program import Program, load_program
from heliograph.ir.program.external import WHOLE, fingerprint


def test_weights_beside_the_program_move_with_it(external: Program, tmp_path: Path) -> None:
    external.save(tmp_path / "m.helio")
    assert (tmp_path / "m.helio").stat().st_size < 6000
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for name in ("m.helio", "big.data"):
        shutil.move(tmp_path / name, moved / name)
    program = load_program(moved / "m.helio")
    assert program.manifest.files[0].path == "big.data"
    np.testing.assert_array_equal(program.weights["big"], np.arange(100, dtype=np.float32).reshape(10, 10))
    assert program.weights["packed"].tolist() == [-8, 7, 3]
    assert program.weights.source("big").path == moved / "big.data"
    assert program.weights.source("big").offset == 8


def test_weights_elsewhere_are_referenced_by_absolute_path(external: Program, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    external.save(tmp_path / "out" / "m.helio")
    program = load_program(tmp_path / "out" / "m.helio")
    assert program.manifest.files[0].path == str((tmp_path / "big.data").resolve())
    assert program.weights["big"][9, 9] == 99


def test_saving_again_keeps_the_references(external: Program, tmp_path: Path) -> None:
    external.save(tmp_path / "m.helio")
    load_program(tmp_path / "m.helio").save(tmp_path / "n.helio")
    assert (tmp_path / "m.helio").read_bytes() == (tmp_path / "n.helio").read_bytes()


@pytest.mark.parametrize("change", ["remove", "truncate", "edit", "folder"])
def test_absent_or_changed_weights(external: Program, tmp_path: Path, change: str) -> None:
    external.save(tmp_path / "m.helio")
    data = tmp_path / "big.data"
    if change in ("remove", "folder"):
        data.unlink()
    if change == "folder":
        data.mkdir()
    if change == "truncate":
        os.truncate(data, 100)
    if change == "edit":
        data.write_bytes(data.read_bytes()[:-1] + b"\7")
    with pytest.raises(HeliographError, match=r"HG3004.*big\.data"):
        load_program(tmp_path / "m.helio")


def test_saving_without_the_weight_file(external: Program, tmp_path: Path) -> None:
    (tmp_path / "big.data").unlink()
    with pytest.raises(HeliographError, match="HG3004"):
        external.save(tmp_path / "m.helio")
    assert os.listdir(tmp_path) == []


def test_fingerprints_of_large_files_read_little_and_see_both_ends(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as stream:
        stream.truncate(WHOLE * 64)  # sparse
    before = fingerprint(path)
    for position in (0, WHOLE * 64 - 1):
        with path.open("r+b") as stream:
            stream.seek(position)
            stream.write(b"\1")
        after = fingerprint(path)
        assert after != before
        before = after
