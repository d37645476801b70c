"""The diagnostic record and the one exception that carries diagnostics to a user."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from heliograph.ir.diagnostics.codes import CODES


class Severity(StrEnum):
    """How bad it is: an error stops the run, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to tell the user: a code, what happened, where, and the remedy."""

    code: str
    message: str
    node: str = ""  # source name of the ONNX node or IR op, empty when none is to blame
    op_type: str = ""  # groups equal problems, e.g. "Conv"
    remedy: str = ""
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"undeclared diagnostic code {self.code}")

    def __str__(self) -> str:
        where = f" at {self.op_type or 'node'} '{self.node}'" if self.node else ""
        remedy = f"\n  remedy: {self.remedy}" if self.remedy else ""
        return f"{self.severity} {self.code}{where}: {self.message}{remedy}"


class HeliographError(Exception):
    """User-facing failure: one or more diagnostics. The command line prints them without a traceback."""

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        found = (diagnostics,) if isinstance(diagnostics, Diagnostic) else tuple(diagnostics)
        self.diagnostics: tuple[Diagnostic, ...] = found
        super().__init__("\n".join(str(d) for d in found))

    @property
    def exit_code(self) -> int:
        """Process exit code (0 ok, 1 input, 2 usage, 3 mismatch, 70 internal): the worst of all codes."""
        return max((CODES[d.code].exit_code for d in self.diagnostics), default=1)


def error(code: str, message: str, *, node: str = "", op_type: str = "", remedy: str = "") -> HeliographError:
    """Build the exception for a single problem: ``raise error("HG1001", ...)``."""
    return HeliographError(Diagnostic(code, message, node=node, op_type=op_type, remedy=remedy))
