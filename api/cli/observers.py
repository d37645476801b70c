"""What ``--print-after``, ``--dump``, ``--timing`` and ``--stats`` do after each pass."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from heliograph.cli.sidecar import SUFFIX, Sidecar
from heliograph.cli.tables import columns
from heliograph.ir.diagnostics import error
from heliograph.ir.program.atomic import write_atomically
from heliograph.ir.text import print_module

if TYPE_CHECKING:
    from heliograph.compiler import Notes, PassRun, Unit


@dataclass
class Watcher:
    """Called by the compiler after each pass; prints to stderr, so that stdout stays clean for results."""

    print_after: str | None = None  # "all", "changed" or the name of a pass
    dump: Path | None = None
    timing: bool = False
    stats: bool = False
    _seconds: list[tuple[str, float]] = field(default_factory=list)
    _notes: list[tuple[str, Notes]] = field(default_factory=list)
    _level: str = ""
    _text: str = ""
    _dumped: int = 0
    _sidecar: Sidecar | None = None

    @staticmethod
    def of(print_after: str | None, dump: str | None, timing: bool, stats: bool) -> Watcher:
        """A watcher for these command-line options."""
        return Watcher(print_after, Path(dump) if dump else None, timing, stats)

    def prepare(self) -> None:
        """Make the dump folder. Raises HG1005."""
        if self.dump is not None:
            try:
                self.dump.mkdir(parents=True, exist_ok=True)
            except OSError as problem:
                raise error("HG1005", f"--dump '{self.dump}': {problem.strerror}") from problem

    def read(self, unit: Unit, seconds: float) -> None:
        """Take note of a model that was read."""
        self._seconds.append(("read", seconds))
        self._print("read", "read", unit)
        self._dump(unit)

    def __call__(self, run: PassRun) -> None:
        """Take note of a finished pass."""
        self._seconds.append((run.step.spelling, run.seconds))
        self._notes.append((run.step.spelling, run.notes))
        self._print(run.step.name, run.step.spelling, run.unit)
        self._dump(run.unit)

    def finish(self) -> None:
        """Print the tables that cover the whole run."""
        if self.timing:
            total = sum(s for _, s in self._seconds)
            rows = [
                [name, f"{s * 1e3:.1f} ms", f"{100 * s / total if total else 0:.0f} %"] for name, s in self._seconds
            ]
            rows.append(["total", f"{total * 1e3:.1f} ms", ""])
            _say(["time per pass", *columns(rows, right=(1, 2), indent="  ")])
        if self.stats:
            for name, notes in self._notes:
                done = [f"  {count:6}  {what}" for what, count in notes.done.items()]
                left = [f"  {count:6}  left alone: {what}" for what, count in notes.not_done.items()]
                _say([name, *done, *left] if done or left else [name, "          nothing to do"])

    def _print(self, name: str, spelling: str, unit: Unit) -> None:
        if self.print_after in ("all", name):
            _say([f"// after {spelling}", print_module(unit.module).rstrip()])
        elif self.print_after == "changed":
            text = print_module(unit.module).rstrip()
            _say([f"// after {spelling}", text] if text != self._text else [f"// after {spelling}: no change"])
            self._text = text

    def _dump(self, unit: Unit) -> None:
        """One file per level: what the level's last pass left, under the name NUMBER_LEVEL.mlir."""
        if self.dump is None:
            return
        level = str(unit.module.attributes.get("helio.level", "unknown"))
        if level != self._level:
            self._level = level
            self._dumped += 1
        if self._sidecar is None:
            self._sidecar = Sidecar(self.dump / f"weights{SUFFIX}")
        text = self._sidecar.text(unit.module, unit.weights)
        write_atomically(self.dump / f"{self._dumped - 1}_{level}.mlir", text.encode())


def _say(lines: list[str]) -> None:
    print("\n".join(lines), file=sys.stderr)
