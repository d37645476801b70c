"""Text tests: each file under text/ holds a module, the passes to run, and the module that must come out.

    // pass: partition
    // target: awgr8-28g
    <module before>
    // ---- becomes ----
    <module after>

`pytest tests/compiler/test_pass_text.py --update-text` rewrites the second half; read the difference before you
commit it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from heliograph.backends import load_target
from heliograph.compiler import PASSES, Unit, parse_pipeline, run_pipeline
from heliograph.ir.levels import check
from heliograph.ir.text import parse_module, print_module
from heliograph.ir.weights import Weights

CASES = sorted(Path(__file__).parent.joinpath("text").glob("*.mlir"))
MARK = "// ---- becomes ----\n"


def header(text: str, key: str) -> str:
    """The value of a ``// key: value`` line."""
    return next(line.partition(":")[2].strip() for line in text.splitlines() if line.startswith(f"// {key}:"))


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_pass_turns_the_first_module_into_the_second(path: Path, request: pytest.FixtureRequest) -> None:
    before, _, expected = path.read_text().partition(MARK)
    module = parse_module(before, filename=path.name)
    check(module)
    unit = Unit(module, Weights(), load_target(header(before, "target")), path.stem)
    after = run_pipeline(unit, parse_pipeline(header(before, "pass")), verify_each=True)
    found = print_module(after.module)
    if request.config.getoption("--update-text"):
        path.write_text(before + MARK + found)
    else:
        assert found == expected


def test_every_pass_has_a_text_test() -> None:
    tested = {step.name for path in CASES for step in parse_pipeline(header(path.read_text(), "pass"))}
    assert tested == set(PASSES)
