"""Options and fixtures that several folders of tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-text", action="store_true", help="rewrite the expected halves of text tests")


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real models and data beside the checkout (or at HELIOGRAPH_SHARED); tests that need them skip without."""
    path = Path(os.environ.get("HELIOGRAPH_SHARED", REPOSITORY.parent / "shared"))
    if not (path / "models").is_dir():
        pytest.skip("no shared models beside the checkout")
    return path
