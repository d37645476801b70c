"""Coded diagnostics: what a user did, where, and how to mend it."""

from heliograph.ir.diagnostics.codes import CODES, Code, explain
from heliograph.ir.diagnostics.collector import Diagnostics
from heliograph.ir.diagnostics.errors import Diagnostic, HeliographError, Severity, error

__all__ = ["CODES", "Code", "Diagnostic", "Diagnostics", "HeliographError", "Severity", "error", "explain"]
