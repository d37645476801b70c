"""The digit generator, compiled once per target, and its reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from heliograph.backends import Target, load_target
from heliograph.compiler import compile_model
from heliograph.ir.core import Op
from heliograph.runtime.report import Report, build_report

MODEL = Path(__file__).parents[2] / "models" / "digits_gan" / "digits_gan.onnx"
Reporter = Callable[..., Report]
Compiled = Callable[[str], tuple[Op, Target]]


@cache
def _compiled(spelling: str) -> tuple[Op, Target]:
    target = load_target(spelling)
    return compile_model(MODEL, target).module, target


@pytest.fixture(scope="session")
def model_path() -> Path:
    """The digit generator."""
    return MODEL


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    """The digit generator compiled for a target, and the target."""
    return _compiled


@pytest.fixture(scope="session")
def digits() -> Reporter:
    """Report of the digit generator on a target, for a batch."""

    def report(spelling: str = "awgr8-28g", batch: int = 1, **options: object) -> Report:
        module, target = _compiled(spelling)
        return build_report(module, target, dims={"batch": batch}, **options)  # type: ignore[arg-type]

    return report
