"""``heliograph compare``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from heliograph.backends import load_target
from heliograph.cli.commands.compare import command
from heliograph.cli.compare import split_targets
from heliograph.ir.diagnostics import HeliographError

MODEL = str(Path(__file__).resolve().parents[2] / "models/digits_gan/digits_gan.onnx")


def test_targets_side_by_side() -> None:
    result = CliRunner().invoke(
        command, [MODEL, "-t", "awgr8-28g,awgr8-28g{opu.count=2,ring.settle_ns=10}", "-t", "ideal"]
    )
    assert result.exception is None, result.output
    lines = result.output.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == [
        "awgr8-28g",
        "awgr8-28g{opu.count=2,ring.settle_ns=10.0}",
        "ideal",
    ]
    assert "100.0 %" in lines[1]


def test_json_has_the_numbers_of_the_report() -> None:
    result = CliRunner().invoke(command, [MODEL, "-t", "awgr8-28g", "--dim", "batch=4", "--json"])
    (row,) = json.loads(result.output)
    assert row["schema"] == "heliograph.compare/1"
    assert row["macs"] == row["macs_light"] == 4 * 3_825_920
    assert row["mw_per_tops"] == sorted(row["mw_per_tops"])


def test_by_default_one_target_per_family() -> None:
    chosen = split_targets(())
    assert chosen[0] == "awgr8-28g"
    assert "ideal" in chosen
    assert len({load_target(t).family for t in chosen}) == len(chosen)
    assert split_targets(["a{b=1,c=2},d", "e"]) == ["a{b=1,c=2}", "d", "e"]


@pytest.mark.parametrize(("arguments", "code"), [(["nope.onnx"], "HG1001"), ([MODEL, "-t", "nope"], "HG4001")])
def test_bad_input(arguments: list[str], code: str) -> None:
    result = CliRunner().invoke(command, arguments)
    assert isinstance(result.exception, HeliographError)
    assert result.exception.diagnostics[0].code == code
