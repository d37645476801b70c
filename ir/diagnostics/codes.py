"""Every diagnostic code: its title, exit code and the longer text of ``heliograph explain CODE``.

Ranges: 10xx files and models, 11xx IR text and verification, 12xx shapes and inputs, 13xx pipelines and
options, 20xx why a node stays on electronics, 30xx program artifacts, 40xx targets and physics, 50xx run time,
60xx mismatch, 90xx internal. The texts live in `explanations.toml` beside this file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Code:
    """A declared diagnostic code."""

    code: str
    title: str
    text: str
    exit_code: int


@cache
def _table() -> dict[str, Code]:
    raw = tomllib.loads(files("heliograph.ir.diagnostics").joinpath("explanations.toml").read_text("utf-8"))
    return {c: Code(c, row["title"], row["text"].strip(), row.get("exit", 1)) for c, row in raw.items()}


class _LazyCodes(Mapping[str, Code]):
    """The table, read from disk at first use so that importing the package stays cheap."""

    def __getitem__(self, key: str) -> Code:
        return _table()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_table())

    def __len__(self) -> int:
        return len(_table())


CODES: Mapping[str, Code] = _LazyCodes()


def explain(code: str) -> str:
    """Long explanation of a code, as printed by ``heliograph explain``.

    Raises KeyError for an unknown code; the caller names the nearest one.
    """
    entry = CODES[code.upper()]
    return f"{entry.code}: {entry.title}\n\n{entry.text}"
