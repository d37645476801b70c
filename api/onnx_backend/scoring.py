"""Score a backend on ONNX's official suite: one verdict for each of its CPU cases, none left out.

The suite's own runner counts a case as passed when the backend raises ``BackendIsNotSupposedToImplementIt``, and
leaves out what is skipped. Here both fail, so that the number of passes is out of all cases.
"""

from __future__ import annotations

import os
import tempfile
import unittest
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heliograph.ir.diagnostics import HeliographError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onnx.backend.base import Backend

PASS, SKIP, WRONG = "pass", "skip", "wrong"


@dataclass(frozen=True)
class Verdict:
    """What became of one case: `status` is pass, skip, wrong, an HG code or the name of an exception."""

    status: str
    message: str = ""

    @property
    def passed(self) -> bool:
        """Whether the case counts."""
        return self.status == PASS


Case = Callable[[Any], None]


def load_cases(backend: type[Backend]) -> dict[str, Case]:
    """The suite's CPU cases by name, sorted, ready to be called on a test case."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the suite computes its expectations while it loads
        from onnx.backend.test import BackendTest

        runner = BackendTest(_strict(backend))
    cases: dict[str, Case] = {}
    for category, items in runner._test_items.items():
        for name, item in items.items():
            if name.endswith("_cpu"):
                cases[f"{category.removesuffix('Model')}.{name.removesuffix('_cpu')}"] = item.func
    return dict(sorted(cases.items()))


def score(cases: Mapping[str, Case], report: Callable[[str, Verdict], None] | None = None) -> dict[str, Verdict]:
    """Run cases one after the other."""
    verdicts: dict[str, Verdict] = {}
    with _models_elsewhere():
        for name, case in cases.items():
            verdicts[name] = judge(case)
            if report is not None:
                report(name, verdicts[name])
    return verdicts


def judge(case: Case) -> Verdict:
    """Run one case."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            case(unittest.TestCase())
    except (unittest.SkipTest, _NotImplemented) as skipped:
        return Verdict(SKIP, _line(skipped))
    except HeliographError as problem:
        return Verdict(problem.diagnostics[0].code, _line(problem))
    except AssertionError as problem:
        return Verdict(WRONG, _line(problem))
    except Exception as problem:
        return Verdict(type(problem).__name__, _line(problem))
    return Verdict(PASS)


def passes(verdicts: Iterable[Verdict]) -> int:
    """How many cases passed."""
    return sum(v.passed for v in verdicts)


class _NotImplemented(Exception):
    """Stands for the runner's BackendIsNotSupposedToImplementIt, which it would swallow as a pass."""


def _strict(backend: type[Backend]) -> type[Backend]:
    """The backend, but what the runner would take for an excuse becomes a failure."""
    from onnx.backend.test.runner import BackendIsNotSupposedToImplementIt

    class Rep:
        def __init__(self, rep: Any) -> None:
            self._rep = rep

        def run(self, inputs: Any, **kwargs: Any) -> Any:
            with excuses():
                return self._rep.run(inputs, **kwargs)

    class Strict(backend):  # type: ignore[misc, valid-type]
        @classmethod
        def is_compatible(cls, model: Any, device: str = "CPU", **kwargs: Any) -> bool:
            with excuses():
                return bool(backend.is_compatible(model, device, **kwargs))

        @classmethod
        def prepare(cls, model: Any, device: str = "CPU", **kwargs: Any) -> Any:
            with excuses():
                rep = backend.prepare(model, device, **kwargs)
            return None if rep is None else Rep(rep)

    @contextmanager
    def excuses() -> Iterator[None]:
        try:
            yield
        except BackendIsNotSupposedToImplementIt as excuse:
            raise _NotImplemented(str(excuse)) from excuse

    return Strict


@contextmanager
def _models_elsewhere() -> Iterator[None]:
    """Let the runner keep the inputs that it makes for whole networks in a folder that goes away again."""
    before = os.environ.get("ONNX_MODELS")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ONNX_MODELS"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["ONNX_MODELS"]
            else:
                os.environ["ONNX_MODELS"] = before


def _line(problem: BaseException) -> str:
    text = " ".join(str(problem).split())
    return text[:300]
