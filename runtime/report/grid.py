"""Tables that fit: a long name loses its head, a sentence wraps, a column of little interest is left out; a number
is never cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich import box
from rich.table import Table

_GAP = 2
_NAME, _SENTENCE = 12, 24  # least widths


@dataclass(frozen=True)
class Column:
    """A column: right-aligned and whole unless it holds names or sentences. `leave_out` orders what goes first,
    columns of equal order together."""

    title: str
    left: bool = False
    name: bool = False
    sentence: bool = False
    leave_out: int = 0  # 0: never; the highest goes first


@dataclass
class Grid:
    """Rows of cells; `table` lays them out."""

    columns: Sequence[Column]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    bold: set[int] = field(default_factory=set)
    ends: set[int] = field(default_factory=set)  # rows that end a section

    def add(self, *cells: str, bold: bool = False) -> None:
        """Append a row."""
        if bold:
            self.bold.add(len(self.rows))
        self.rows.append(cells)

    def end_section(self) -> None:
        """A gap follows the last row."""
        self.ends.add(len(self.rows) - 1)

    def table(self, width: int) -> Table:
        """Lay out in `width` characters, or as few more as numbers need."""
        kept = list(range(len(self.columns)))
        while self._least(kept) > width and any(self.columns[i].leave_out for i in kept):
            least = max(self.columns[i].leave_out for i in kept)
            kept = [i for i in kept if self.columns[i].leave_out != least]
        widths = {i: self._floor(i) for i in kept}
        for i in kept:  # what is left goes to names and sentences, in order
            spare = width - sum(widths.values()) - _GAP * (len(kept) - 1)
            widths[i] += max(0, min(spare, self._natural(i) - widths[i]))
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", show_edge=False)
        for i in kept:
            column = self.columns[i]
            left = column.left or column.name or column.sentence
            table.add_column(column.title, justify="left" if left else "right", width=widths[i], overflow="fold")
        for number, row in enumerate(self.rows):
            cells = [_tail(row[i], widths[i]) if self.columns[i].name else row[i] for i in kept]
            table.add_row(*cells, style="bold" if number in self.bold else None, end_section=number in self.ends)
        table.width = sum(widths.values()) + _GAP * (len(kept) - 1)
        return table

    def _natural(self, i: int) -> int:
        return max(len(self.columns[i].title), *(len(row[i]) for row in self.rows), 0)

    def _floor(self, i: int) -> int:
        column = self.columns[i]
        most = _SENTENCE if column.sentence else _NAME if column.name else self._natural(i)
        return min(self._natural(i), max(most, len(column.title)))

    def _least(self, kept: Sequence[int]) -> int:
        return sum(self._floor(i) for i in kept) + _GAP * (len(kept) - 1)


def _tail(name: str, room: int) -> str:
    """The end of a long name, where names differ."""
    return name if len(name) <= room else f"~{name[len(name) - room + 1 :]}"
