"""From pieces of rich text to plain lines."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterable

from rich.console import Console, RenderableType

_FALLBACK_WIDTH = 100
_LEAST_WIDTH = 60  # of sentences; tables are as wide as their numbers


def printed(parts: Callable[[int], Iterable[RenderableType]], width: int | None, color: bool) -> str:
    """Lines of at most `width` characters (default: the terminal's), or as long as the numbers of a table need.

    `parts` makes the pieces for a width.
    """
    columns = max(width or shutil.get_terminal_size((_FALLBACK_WIDTH, 24)).columns, _LEAST_WIDTH)
    file = io.StringIO()
    console = Console(
        file=file,
        width=columns,
        color_system="standard" if color else None,
        force_terminal=color,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    for part in parts(columns):
        console.print(part, crop=False)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"
