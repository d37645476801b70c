"""Where the operands of contractions live while a program runs.

Weights stay where they are from run to run; inputs and partial sums come and go with their layer, and take their
room in SRAM first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heliograph.backends import Target, home
from heliograph.ir.core import Op, Value, walk
from heliograph.ir.dialects import is_prepared
from heliograph.ir.kernel import KernelSpec
from heliograph.runtime.report.model import Resident

_ELEMENT_BYTES = {"f64": 8, "f32": 4, "f16": 2, "bf16": 2}


def word_bytes(bits: float, spec: KernelSpec) -> int:
    """Whole bytes of a word; full precision takes the element's."""
    return -(-int(-(-bits // 1)) // 8) if bits else _ELEMENT_BYTES.get(spec.element, 4)


@dataclass(frozen=True)
class Homes:
    """Memory levels that a call reads inputs from, writes partial sums to and back, and takes weights from."""

    inputs: str
    sums: str
    weights: str


@dataclass(frozen=True)
class HeldUse:
    """One call: its kernel, sizes, and whether its weights are constants of the program."""

    spec: KernelSpec
    sizes: Mapping[str, int]
    constant: bool

    @property
    def input_bytes(self) -> int:
        """The streamed matrix of one batch entry, which is read again for every tile of n."""
        return self.sizes["m"] * self.sizes["k"] * word_bytes(self.spec.lhs.bits, self.spec)

    @property
    def sum_bytes(self) -> int:
        """Partial sums of one tile of n, which are added up over the tiles of k."""
        return self.sizes["m"] * self.spec.tile_n * word_bytes(self.spec.adc.bits, self.spec)

    @property
    def weight_bytes(self) -> int:
        """The held matrices: all of constant ones, one batch entry of those made in the run."""
        batch = self.sizes["b"] if self.constant else 1
        return batch * self.sizes["k"] * self.sizes["n"] * word_bytes(self.spec.rhs.bits, self.spec)

    def passing(self, target: Target) -> int:
        """Bytes of SRAM that the call needs for what comes and goes."""
        parts = [(self.input_bytes, "sram"), (self.sum_bytes, "registers")]
        parts += [] if self.constant else [(self.weight_bytes, "sram")]
        return sum(nbytes for nbytes, least in parts if home(target, nbytes, least=least) == "sram")


def resident(target: Target, held: Sequence[tuple[Value, HeldUse]]) -> Resident:
    """Where a program's constant weights are, all of them in one place: SRAM only with room for every layer besides.

    `held` has the right operand of every call; a matrix that several calls hold is kept once.
    """
    kept = {value: use.weight_bytes for value, use in held if use.constant}
    nbytes, passing = sum(kept.values()), max((use.passing(target) for _, use in held), default=0)
    return Resident(nbytes, home(target, nbytes + passing, least="sram"))


def homes(target: Target, use: HeldUse, weights: str) -> Homes:
    """Levels of one call; `weights` is where the program's constant weights are."""
    made_in_the_run = home(target, use.weight_bytes, least="sram")
    return Homes(
        inputs=home(target, use.input_bytes, least="sram"),
        sums=home(target, use.sum_bytes),
        weights=weights if use.constant else made_in_the_run,
    )


def constant_values(main: Op) -> set[Value]:
    """Weights of the program, and what is computed or gathered from them when it is loaded."""
    found: set[Value] = set()
    for op in walk(main):
        gathered = op.name == "tile.gather" and op.operands[0] in found
        if op.name == "helio.weight" or is_prepared(op) or gathered:
            found.update(op.results)
    return found
