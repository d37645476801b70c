"""The public surface of the package. Changing it on purpose means changing this test."""

from __future__ import annotations

import inspect
import re

import pytest

import heliograph


def test_names() -> None:
    assert heliograph.__all__ == [
        "HeliographError",
        "InferenceSession",
        "NodeArg",
        "OpticalGemm",
        "Program",
        "Report",
        "SizeRange",
        "__version__",
        "compile",
        "load",
        "report",
        "simulate_gemm",
    ]
    assert set(heliograph.__all__) <= set(dir(heliograph))
    for name in heliograph.__all__:
        assert getattr(heliograph, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'lode'"):
        heliograph.lode  # noqa: B018


def test_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", heliograph.__version__)


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (
            "compile",
            "model, target='awgr8-28g', *, dims=None, calibrate=None, objective='energy', fallback='electronic', "
            "overridable=()",
        ),
        ("load", "path"),
        ("report", "program, *, dims=None, snr=None"),
        (
            "InferenceSession",
            "model, target='ideal', engine=None, fidelity='exact', seed=0, *, threads=None, device=None, progress=None",
        ),
    ],
)
def test_signatures(function: str, signature: str) -> None:
    found = inspect.signature(getattr(heliograph, function))
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in found.parameters.values()]
    assert str(inspect.Signature(bare)) == f"({signature})"


def test_methods() -> None:
    def public(kind: type) -> list[str]:
        return sorted(n for n in dir(kind) if not n.startswith("_"))

    of_sessions = ["get_inputs", "get_outputs", "get_overridable_initializers", "program", "run", "stats"]
    assert public(heliograph.InferenceSession) == of_sessions
    assert public(heliograph.NodeArg) == ["name", "shape", "type"]
    assert public(heliograph.Program) == ["interface", "level", "save", "target"]
    assert public(heliograph.Report) == ["to_json", "to_text", "to_trace"]
    assert public(heliograph.HeliographError) == ["add_note", "args", "exit_code", "with_traceback"]
