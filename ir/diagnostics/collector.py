"""Collects diagnostics over a whole run so that a user sees every problem at once."""

from __future__ import annotations

from heliograph.ir.diagnostics.errors import Diagnostic, HeliographError, Severity


class Diagnostics:
    """An append-only list of diagnostics; `raise_if_errors` ends a stage that found errors."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []

    def add(self, diagnostic: Diagnostic) -> None:
        """Record one diagnostic."""
        self._found.append(diagnostic)

    def report(
        self,
        code: str,
        message: str,
        *,
        node: str = "",
        op_type: str = "",
        remedy: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Record a diagnostic given by its parts."""
        self.add(Diagnostic(code, message, node, op_type, remedy, severity))

    @property
    def all(self) -> tuple[Diagnostic, ...]:
        """Everything recorded, in order."""
        return tuple(self._found)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The errors among them."""
        return tuple(d for d in self._found if d.severity is Severity.ERROR)

    def raise_if_errors(self) -> None:
        """Raise `HeliographError` with all errors, if there are any."""
        if self.errors:
            raise HeliographError(self.errors)
