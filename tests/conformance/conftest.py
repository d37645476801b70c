from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def table(repository: Path) -> dict[str, str]:
    """Status of every case, as committed."""
    cases: dict[str, str] = json.loads((repository / "tests/conformance/status.json").read_text("utf-8"))["cases"]
    return cases


@pytest.fixture(scope="session")
def tool(repository: Path) -> ModuleType:
    """benchmarks/conformance.py, which writes the table."""
    spec = importlib.util.spec_from_file_location("conformance_tool", repository / "benchmarks/conformance.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
