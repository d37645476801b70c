"""Options of a simulation, which `InferenceSession` and `simulate_gemm` share."""

from __future__ import annotations

import operator
import os
from pathlib import Path
from typing import Any, Literal, get_args

from heliograph.ir.diagnostics import Diagnostics

EngineName = Literal["ideal", "quantized", "noisy"]
Fidelity = Literal["exact", "fast"]


def check_options(engine: object, fidelity: object, seed: object, threads: object) -> None:
    """Raise HG1304 for every option that is not there; None threads leave the number to the engine."""
    problems = Diagnostics()
    for what, value, allowed in (("engine", engine, EngineName), ("fidelity", fidelity, Fidelity)):
        names = get_args(allowed)
        if value not in names:
            problems.report("HG1304", f"there is no {what} {value!r}", remedy=f"choose one of {', '.join(names)}")
    if _integer(seed) is None:
        problems.report("HG1304", f"seed {seed!r} is no integer", remedy="give an integer: equal ones, equal noise")
    if threads is not None and (_integer(threads) or 0) < 1:
        problems.report("HG1304", f"{threads!r} threads", remedy="give an integer from 1 on, or leave it out")
    problems.raise_if_errors()


def kernel_cache_folder() -> Path | None:
    """Where compiled kernels are kept: the user's cache folder (XDG base directories), None where there is none."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    try:
        root = Path(named) if os.path.isabs(named) else Path.home() / ".cache"
    except RuntimeError:  # no home
        return None
    return root / "heliograph" / "kernels"


def _integer(value: Any) -> int | None:
    """Numpy's integers too, but no truth value."""
    try:
        return None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        return None
