"""Progress: drawn on a terminal for what takes long, and only there."""

from __future__ import annotations

import io
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import heliograph as package
from heliograph.cli.progress import progress

Run = Callable[..., object]


class Terminal(io.StringIO):
    """A stderr that somebody looks at."""

    def isatty(self) -> bool:
        return True


def look(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal in the place of stderr; in a fixture, pytest would take it away before the test."""
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    return made


def is_wiped(terminal: Terminal) -> bool:
    return terminal.getvalue().rstrip().endswith("\x1b[2K")


def test_a_bar_appears_while_the_first_step_is_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = look(monkeypatch)
    with progress("running", patience_s=0.01) as advance:
        assert advance is not None
        end = time.monotonic() + 10
        while "running" not in terminal.getvalue() and time.monotonic() < end:
            time.sleep(0.01)
        assert "running" in terminal.getvalue()
        advance(3, 7, "conv_in[x]")
        while "3/7" not in terminal.getvalue() and time.monotonic() < end:
            time.sleep(0.01)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", terminal.getvalue())
    assert "3/7" in text
    assert "conv_in[x]" in text
    assert is_wiped(terminal)


def test_quick_work_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = look(monkeypatch)
    with progress("running") as advance:
        assert advance is not None
        advance(1, 1, "node")
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("dumb", [True, False])
def test_nothing_where_nobody_looks(monkeypatch: pytest.MonkeyPatch, dumb: bool) -> None:
    terminal = look(monkeypatch)
    if dumb:
        monkeypatch.setenv("TERM", "dumb")
    else:
        monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress("running", patience_s=0) as advance:
        assert advance is None
    assert terminal.getvalue() == ""


def test_a_failure_wipes_the_bar_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = look(monkeypatch)

    def fail() -> None:
        with progress("running", patience_s=0):
            end = time.monotonic() + 10
            while not terminal.getvalue() and time.monotonic() < end:
                time.sleep(0.01)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert is_wiped(terminal)
    assert sys.stderr is terminal


def test_a_session_tells_of_every_step(compiled: Path) -> None:
    told: list[tuple[int, int, str]] = []
    session = package.InferenceSession("small.helio", progress=lambda *step: told.append(step))
    session.run(None, {"x": np.ones((1, 6), np.float32)})
    assert [done for done, _, _ in told] == list(range(1, len(told) + 1))
    assert {steps for _, steps, _ in told} == {len(told)}
    assert {"first", "second"} <= {node for _, _, node in told}
