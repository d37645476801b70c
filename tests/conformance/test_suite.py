"""ONNX's official backend suite against the committed table, in both directions."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from onnx.backend.base import Backend
from onnx.backend.test.runner import BackendIsNotSupposedToImplementIt

from heliograph.onnx_backend import HeliographBackend
from heliograph.onnx_backend.scoring import Case, load_cases, passes, score

EVERY = 6  # the sample that each CI run takes
LEAST = 1998


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    return load_cases(HeliographBackend)


def hold(cases: dict[str, Case], table: dict[str, str], tool: ModuleType) -> None:
    """Run cases and compare with the table; progress is entered by `benchmarks/conformance.py --write`."""
    found = {name: (tool.status_of(name, verdict), verdict.message) for name, verdict in score(cases).items()}
    differ = {n: f"{status}, not {table[n]}: {text}" for n, (status, text) in found.items() if status != table[n]}
    assert not differ, "python benchmarks/conformance.py --write enters these:\n" + json.dumps(differ, indent=1)


def test_the_table_has_every_case(cases: dict[str, Case], table: dict[str, str]) -> None:
    assert list(table) == list(cases)
    assert len(table) == 2033
    assert sum(status == "pass" for status in table.values()) >= LEAST


def test_a_sample_is_as_the_table_says(cases: dict[str, Case], table: dict[str, str], tool: ModuleType) -> None:
    hold(dict(list(cases.items())[::EVERY]), table, tool)


def test_all_that_fails_is_as_the_table_says(cases: dict[str, Case], table: dict[str, str], tool: ModuleType) -> None:
    hold({n: c for n, c in cases.items() if table[n] != "pass"}, table, tool)


@pytest.mark.slow
def test_the_whole_suite_is_as_the_table_says(cases: dict[str, Case], table: dict[str, str], tool: ModuleType) -> None:
    hold(cases, table, tool)


def test_the_document_is_the_table(table: dict[str, str], tool: ModuleType, repository: Path) -> None:
    import onnx

    assert (repository / "docs/conformance.md").read_text("utf-8") == tool.document(table, onnx.__version__)


class Excuses(Backend):
    """Claims that it need not implement anything; the suite's own runner takes that for success."""

    @classmethod
    def prepare(cls, model: Any, device: str = "CPU", **kwargs: Any) -> Any:
        raise BackendIsNotSupposedToImplementIt("not today")


class Incompatible(Excuses):
    @classmethod
    def is_compatible(cls, model: Any, device: str = "CPU", **kwargs: Any) -> bool:
        return False


class NoDevice(Excuses):
    @classmethod
    def supports_device(cls, device: str) -> bool:
        return False


class Lazy(Backend):
    """Prepares anything and then excuses itself."""

    @classmethod
    def prepare(cls, model: Any, device: str = "CPU", **kwargs: Any) -> Any:
        return cls()

    def run(self, inputs: Any, **kwargs: Any) -> Any:
        raise BackendIsNotSupposedToImplementIt("not today")


@pytest.mark.parametrize("backend", [Excuses, Incompatible, NoDevice, Lazy])
def test_a_backend_that_does_nothing_scores_nothing(backend: type[Backend], table: dict[str, str]) -> None:
    verdicts = score({n: c for n, c in load_cases(backend).items() if not n.startswith("Real")})
    assert passes(verdicts.values()) == 0
    assert len(verdicts) == sum(not name.startswith("Real") for name in table)
