"""Every example of docs/ir.md is a module of its level."""

import re
from pathlib import Path

import pytest
import xdsl_check

from heliograph.ir.levels import LEVELS, check, level_of
from heliograph.ir.text import parse_module, print_module

PAGE = Path(__file__).parents[2] / "docs" / "ir.md"
EXAMPLES = re.findall(r"```mlir\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_each_level_has_an_example() -> None:
    assert [level_of(parse_module(text)) for text in EXAMPLES] == list(LEVELS)


@pytest.mark.parametrize("text", EXAMPLES, ids=LEVELS)
def test_example(text: str) -> None:
    module = parse_module(text)
    check(module)
    xdsl_check.check(text)
    xdsl_check.check(print_module(module))
