"""Lists of contractions, as published simulators take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["linear", "scores", "values"]


@dataclass(frozen=True, slots=True)
class Gemm:
    """`copies` products of m x k by k x n, `repeats` times in a model.

    linear: the left operand is a constant weight (outputs x inputs), columns are tokens. scores: Q K^T. values:
    attention times V, rows are tokens. `row` names the line of a table to which it belongs.
    """

    row: str
    copies: int
    m: int
    k: int
    n: int
    kind: Kind = "linear"
    repeats: int = 1

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one repeat."""
        return self.copies * self.m * self.k * self.n
