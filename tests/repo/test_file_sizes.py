"""Files stay small enough to read in one sitting."""

from __future__ import annotations

import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
LARGEST, MEDIAN = 500, 150


def sizes() -> dict[str, int]:
    """Lines of every tracked Python file."""
    listed = subprocess.run(["git", "ls-files", "-z", "*.py"], cwd=ROOT, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0")
    if listed.returncode or not any(names):  # a source archive has no git
        skipped = (".venv", "build", "out")
        names = [str(p.relative_to(ROOT)) for p in ROOT.rglob("*.py") if p.relative_to(ROOT).parts[0] not in skipped]
    return {n: len((ROOT / n).read_text("utf-8").splitlines()) for n in names if n and (ROOT / n).is_file()}


def test_no_file_is_long() -> None:
    long = {name: lines for name, lines in sizes().items() if lines > LARGEST}
    assert not long


def test_the_usual_file_is_short() -> None:
    found = sizes()
    assert len(found) > 50
    assert statistics.median(found.values()) <= MEDIAN
