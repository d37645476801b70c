"""Heliograph: compile ONNX models to optical hardware, run them on simulated light, see what they cost.

    program = heliograph.compile("model.onnx", "awgr8-28g")
    program.save("model.helio")
    session = heliograph.InferenceSession("model.helio")
    (picture,) = session.run(None, {"z": z})
    print(heliograph.report(program).to_text())

Names are imported when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heliograph.compiling import compile
    from heliograph.ir.diagnostics import HeliographError
    from heliograph.ir.program import Program
    from heliograph.ir.sizes import SizeRange
    from heliograph.loading import load
    from heliograph.reporting import Report, report
    from heliograph.session import InferenceSession, NodeArg
    from heliograph.simulation import OpticalGemm, simulate_gemm

    __version__: str

_HOMES = {
    "HeliographError": "heliograph.ir.diagnostics",
    "InferenceSession": "heliograph.session",
    "NodeArg": "heliograph.session",
    "OpticalGemm": "heliograph.simulation",
    "Program": "heliograph.ir.program",
    "SizeRange": "heliograph.ir.sizes",
    "Report": "heliograph.reporting",
    "compile": "heliograph.compiling",
    "load": "heliograph.loading",
    "report": "heliograph.reporting",
    "simulate_gemm": "heliograph.simulation",
}

__all__ = [
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


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("heliograph")
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'heliograph' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
