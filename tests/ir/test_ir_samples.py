"""The samples of every level, written by hand: text, bytecode, xDSL and the verifier agree on them."""

from pathlib import Path

import pytest
import xdsl_check

from heliograph.ir.bytecode import decode, encode
from heliograph.ir.levels import LEVELS, check, level_of
from heliograph.ir.text import difference, parse_module, print_module

FOLDER = Path(__file__).parent / "text"
SAMPLES = sorted(FOLDER.glob("*.mlir"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_text_round_trip(path: Path) -> None:
    module = parse_module(path.read_text("utf-8"), filename=path.name)
    text = print_module(module)
    again = parse_module(text)
    assert difference(module, again) == ""
    assert print_module(again) == text


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_without_locations(path: Path) -> None:
    module = parse_module(path.read_text("utf-8"))
    text = print_module(module, locations=False)
    assert "loc(" not in text
    assert difference(module, parse_module(text), locations=False) == ""


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_bytecode_round_trip(path: Path) -> None:
    module = parse_module(path.read_text("utf-8"))
    data = encode(module)
    assert difference(module, decode(data)) == ""
    assert encode(decode(data)) == data


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_xdsl_reads_the_print(path: Path) -> None:
    xdsl_check.check(print_module(parse_module(path.read_text("utf-8"))))


@pytest.mark.parametrize("level", LEVELS)
def test_verifies(level: str) -> None:
    module = parse_module((FOLDER / f"{level}.mlir").read_text("utf-8"))
    assert level_of(module) == level
    check(module)
    check(module, level)
