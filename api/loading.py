"""`heliograph.load`."""

from __future__ import annotations

import os
from pathlib import Path

from heliograph.ir.program import Program, load_program


def load(path: str | os.PathLike[str]) -> Program:
    """Read a compiled program from a ``.helio`` file.

    Raises HeliographError HG1001 (no such file), HG3001..HG3004 (not a program, another version, damaged, weights
    missing).
    """
    return load_program(path)


def is_program_file(path: str | os.PathLike[str]) -> bool:
    """Whether a path names a ``.helio`` file, by its name or its first bytes."""
    file = Path(path)
    if file.suffix == ".helio":
        return True
    try:
        with file.open("rb") as stream:
            return stream.read(4) == b"PK\3\4"
    except OSError:
        return False
