"""Weights by reference: arrays appear only when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class WeightSource:
    """One weight: how to get it, and where it lies if it lies in a file of its own."""

    load: Callable[[], Array]
    nbytes: int
    path: Path | None = None  # external data file, None when embedded in the model or computed
    offset: int = 0


class Weights:
    """All weights of a model or program, by name. Arrays are read-only and shared, never copied per use."""

    def __init__(self) -> None:
        self._sources: dict[str, WeightSource] = {}

    def add(self, name: str, source: WeightSource) -> None:
        """Register a weight. Raises ValueError when the name is taken."""
        if name in self._sources:
            raise ValueError(f"weight {name} added twice")
        self._sources[name] = source

    def add_array(self, name: str, array: Array) -> None:
        """Register a weight that is held in memory."""
        self.add(name, WeightSource(lambda: array, array.nbytes))

    def source(self, name: str) -> WeightSource:
        """The source of a weight. Raises KeyError when unknown."""
        return self._sources[name]

    def __getitem__(self, name: str) -> Array:
        array = self._sources[name].load()
        view = np.asarray(array).view()
        view.flags.writeable = False
        return view

    def __contains__(self, name: object) -> bool:
        return name in self._sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)
