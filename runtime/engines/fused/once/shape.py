"""What a kernel of fast fidelity depends on, and the names of what it is told at run time."""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.ir.kernel import KernelSpec
from heliograph.ir.reference.converters import carrier, gain_offset, signs
from heliograph.runtime.engines.coding import has_row_scales
from heliograph.runtime.engines.fused.lanes import Isa
from heliograph.runtime.engines.fused.once.units import Element, OnceUnits
from heliograph.runtime.engines.fused.units import symbol_share
from heliograph.runtime.engines.grouped import group_slices
from heliograph.runtime.engines.noise import NoiseModel


@dataclass(frozen=True)
class Tiling:
    """Outputs whose sums one innermost loop keeps in registers: `heights` rows (the tallest first), 16 columns times
    `vectors`."""

    heights: tuple[int, ...]
    vectors: int


TILINGS = {  # as many accumulators as registers allow, beside a row of weights and one number of light
    Isa.VNNI: Tiling((6, 2, 1), 4),
    Isa.AVX512: Tiling((6, 2, 1), 4),
    Isa.AVX2: Tiling((6, 2, 1), 1),
    Isa.GENERIC: Tiling((3, 1), 1),
}


NARROW = 4  # columns, at most, whose sums are had one by one
BIAS = 128  # of int8 codes of both signs
ROW = 32  # the codes of a row are a multiple of these, since so many of 16 bits are a vector


@dataclass(frozen=True)
class OnceShape:
    """One variant of the kernel; everything else is an argument."""

    isa: Isa
    element: Element
    biased: bool  # int8 of both signs: `BIAS` is added, and taken away from the sums
    ports: int  # of a slice
    group: int  # slices of a group
    passes: int  # codes of both signs are light of two passes, if 2
    signed: bool  # codes are of both signs
    offset: bool  # they stand for (number + 1) / 2
    measured: bool  # the scale of a row is its largest magnitude; else it is given
    rounded: bool  # the streamed operand has levels
    floor: bool  # a port of code 0 sends light
    mixed: bool  # light of the symbol before is left over
    summed: bool  # the decoder asks for the sum of the codes of a row
    terms: tuple[bool, bool, bool]  # of the variance: sums, pairs and squares of light, per group
    paired: bool  # two codes at a time, summed up in int16 within a slice and their squares in int32

    @classmethod
    def of(cls, isa: Isa, spec: KernelSpec, noise: NoiseModel, units: OnceUnits) -> OnceShape:
        """The kernel of a call."""
        group = group_slices(spec.tile_k)
        fitting = spec.tile_k / 2 * units.light < 2**15 and spec.tile_k * group * units.light**2 < 2**31
        return cls(
            isa=isa,
            element=units.element,
            biased=units.biased,
            ports=spec.tile_k,
            group=group,
            passes=len(signs(spec.lhs)),
            signed=carrier(spec.lhs) in ("balanced", "two-pass"),
            offset=carrier(spec.lhs) == "offset",
            measured=has_row_scales(spec.lhs),
            rounded=bool(spec.lhs.bits),
            floor=noise.extinction_floor > 0,
            mixed=symbol_share(spec, noise) > 0,
            summed=gain_offset(spec.rhs)[1] != 0,
            terms=(noise.c1 > 0, noise.c2 > 0 and spec.tile_k > 1, noise.c2 + noise.c3 > 0),
            paired=units.element is Element.INT16 and spec.tile_k % 2 == 0 and fitting,
        )

    @property
    def quick_division(self) -> bool:
        """Whether shares are had by fused operations: not of numbers beyond their scale, which may overflow."""
        return self.measured and self.isa is not Isa.GENERIC

    @property
    def bias(self) -> int:
        """What is added to codes before they are stored."""
        return BIAS * self.biased

    @property
    def features(self) -> int:
        """Numbers that stand for a group in the variance."""
        return sum(self.terms)


# 64-bit arguments, in order. Pointers are addresses; strides count elements.
POINTERS = (
    "inputs",  # float32: element (m, k) of the entry lies ``row_places[m] + column_places[k]`` elements after this
    "row_places",  # int64 [rows of the entry, up to whole blocks of 16]
    "column_places",  # int64 [k]
    "run_counts",  # of neighbours in memory, see `windows.Runs`; null where each row lies in one piece
    "run_places",
    "run_masks",
    "numbers",  # scratch float32 [width up to whole vectors, 16]: of a block of rows
    "light",  # scratch [lead + height, width] of the element
    "sums",  # scratch float32 [lead + height]
    "scales",  # likewise
    "turned",  # scratch float32 [feature_width, 16]
    "features",  # scratch float32 [lead + height, feature_width]
    "totals",  # scratch float32 [lead + height, columns of a panel]
    "spreads",  # scratch float32 [height, columns of a panel]
    "weights",  # from the first panel on: [panel, words, vectors, 16, elements per word], then single column blocks
    "weight_features",  # likewise float32 [panel, groups * features, vectors, 16]
    "lines",  # scratch [columns, words up to whole vectors] where columns are few
    "starts",  # int32 [chunk, columns]: what takes the bias away
    "row_scales",  # float32 [rows of the entry] or one; written to where they are measured
    "column_scales",  # float32, from the first column of the first panel on
    "column_offsets",  # likewise; added in units of codes
    "outputs",  # float32 [rows of the entry, columns]
)
ARGUMENTS = (
    *POINTERS,
    "k",
    "before",  # rows that one symbol carries, where it leaves light over to the row so much later; else 0
    "lead",  # those up to whole blocks of 16
    "row",  # first row within the entry, a multiple of 16
    "rows",
    "height",  # rows to be worked on at a time, a multiple of 16
    "width",
    "groups",
    "feature_width",  # numbers of a row of features, up to whole vectors
    "chunk",  # words that may be summed up in integers
    "narrow",  # whether columns are few
    "panels",
    "blocks",  # single column blocks after them
    "block",  # first column block of all these
    "columns",  # of the operand
    "padded_columns",
    "key",  # of the normal numbers
    "entry_row",  # row 0 of the entry among all rows of all entries
)

# float32 parameters, in order
PARAMETERS = (
    "gain",  # from a dot product to the sum of products of numbers as shares of full scale
    "code_gain",  # what a unit of code sums adds to that
    "spread",  # variance of every output, in squares of such sums
    "levels",
    "floor",  # in levels
    "lit",  # 1 - floor
    "share",  # of the symbol before
)
