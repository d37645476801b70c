"""The digit generator, compiled once per target."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from heliograph.backends import Target, load_target
from heliograph.compiler import compile_model
from heliograph.ir.core import Op

MODEL = Path(__file__).parents[2] / "models" / "digits_gan" / "digits_gan.onnx"


@cache
def _compiled(spelling: str) -> tuple[Op, Target]:
    target = load_target(spelling)
    return compile_model(MODEL, target).module, target


@pytest.fixture(scope="session")
def compiled() -> Callable[[str], tuple[Op, Target]]:
    """The digit generator compiled for a target, and the target. Clone the module before changing it."""
    return _compiled
