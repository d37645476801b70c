"""Bounded caches, least recently used out first: prepared weights by bytes, small things by number."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

_Kept = TypeVar("_Kept")


class Recent(Generic[_Kept]):
    """Keeps the last `limit` things asked for. Safe to share between threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _Kept]) -> _Kept:
        """What is kept under `key`, made now if need be."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > self._limit:
                self._kept.popitem(last=False)
        return made


class HeldCache:
    """Keeps prepared operands up to a number of bytes; what is larger than that is not kept."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()
        self.nbytes = 0
        self.hits = 0
        self.misses = 0

    def get(self, key: Hashable, make: Callable[[], tuple[_Kept, int]]) -> _Kept:
        """What is kept under `key`, prepared now if need be; `make` gives it and the bytes that it keeps alive."""
        with self._lock:
            if key in self._held:
                self.hits += 1
                self._held.move_to_end(key)
                kept: _Kept = self._held[key][0]
                return kept
            self.misses += 1
        made, nbytes = make()
        with self._lock:
            if key not in self._held and nbytes <= self._limit:
                self._held[key] = made, nbytes
                self.nbytes += nbytes
                while self.nbytes > self._limit:
                    _, (_, dropped) = self._held.popitem(last=False)
                    self.nbytes -= dropped
        return made
