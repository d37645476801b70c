"""The hardware that a program was compiled for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliograph.ir.diagnostics import error
from heliograph.ir.program import Program

if TYPE_CHECKING:
    from heliograph.backends import Target


def target_of(program: Program) -> Target:
    """The program's target, if its numbers are still those of the schedule in the program.

    Raises HeliographError HG4001..HG4004 when it cannot be loaded and HG3002 when it has changed since.
    """
    from heliograph.backends import load_target

    target = load_target(program.target)
    compiled_for = program.manifest.target.fingerprint
    if compiled_for and target.fingerprint != compiled_for:
        message = f"target '{program.target}' has other numbers now than when the program was compiled"
        raise error("HG3002", message, remedy="compile the model again")
    return target
