"""Every diagnostic code in the source is declared, and every declared code is used."""

from __future__ import annotations

import re
from pathlib import Path

from heliograph.ir.diagnostics import CODES

ROOT = Path(__file__).parents[2]
# declared codes that nothing raises -> why they are declared
RESERVED: dict[str, str] = {}


def used() -> dict[str, str]:
    """Codes in the source, each with one file that mentions it."""
    found: dict[str, str] = {}
    for part in ("api", "ir", "backends", "compiler", "runtime"):
        for file in sorted((ROOT / part).rglob("*.py")):
            for line in file.read_text("utf-8").splitlines():
                for code in re.findall(r"\bHG\d{4}\b", line):
                    found.setdefault(code, str(file.relative_to(ROOT)))
    return found


def test_every_code_is_declared() -> None:
    undeclared = {code: file for code, file in used().items() if code not in CODES}
    assert not undeclared


def test_every_declared_code_is_used_or_reserved() -> None:
    assert sorted(set(CODES) - set(used()) - set(RESERVED)) == []
    assert not set(RESERVED) & set(used()), "reserved codes that are used by now"


def test_explanations_can_be_read() -> None:
    for code, entry in CODES.items():
        assert re.fullmatch(r"HG\d{4}", code)
        assert entry.title
        assert not entry.title.endswith(".")
        assert len(entry.text) > 40
        assert entry.exit_code in (1, 2, 3, 70)
