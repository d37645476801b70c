"""The nearest valid spelling of a mistyped key."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(wrong: str, valid: Iterable[str]) -> str:
    """The entry of `valid` most like `wrong`: by the whole text, else by its last dotted part; '' if none."""
    known = list(valid)
    found = difflib.get_close_matches(wrong, known, n=1, cutoff=0.5)
    if found:
        return found[0]
    by_tail = {key.rpartition(".")[2]: key for key in reversed(known)}
    tails = difflib.get_close_matches(wrong.rpartition(".")[2], list(by_tail), n=1, cutoff=0.5)
    return by_tail[tails[0]] if tails else ""
