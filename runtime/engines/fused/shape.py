"""What a compiled kernel depends on, and the names of what it is told at run time."""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.runtime.engines.fused.lanes import LANES, Isa

TURNING = 4  # tiles of a row and 16 columns that take as long as turning the light of 16 rows


@dataclass(frozen=True)
class Shape:
    """One variant of the kernel; everything else is an argument."""

    isa: Isa
    ports: int  # products per slice
    integers: bool  # operands are int16 and their products exact, else float32
    drawn: bool  # noise at all
    once: bool  # one draw per output instead of one per slice, and no rounding
    total: bool  # the variance asks for sum |x| |w|
    own_total: bool  # and it is not the detected sum itself
    signed_light: bool
    sumsq: bool  # the variance asks for sum x^2 w^2
    rounded_codes: bool  # the streamed operand has levels
    mixed_light: bool  # extinction floor or inter-symbol interference: light is not a multiple of a level

    @property
    def kinds(self) -> int:
        """Copies of each operand: as it is, and squared."""
        return 1 + self.sumsq

    @property
    def slice_units(self) -> int:
        """Units of 32 bits that the ports of a slice take."""
        return self.ports // 2 if self.integers else self.ports


# 64-bit arguments, in order. Pointers are addresses; strides count elements.
ARGUMENTS = (
    "inputs",  # float32 [rows of the entry, k], from its first row on
    "input_stride",
    "k",
    "row",  # first row of the block within the entry
    "rows",
    "before",  # rows that one symbol carries: the row so many earlier leaves light over
    "light",  # scratch [lhs passes, rows, kinds, width] of int16 or float32, and a vector more
    "width",
    "turned",  # scratch for 16 rows of the same, transposed; where the last column block is narrow
    "code_sums",  # scratch float32 [rows], and a vector more
    "weights",  # [column blocks, rhs parts, kinds, slices, ports, 16] from the first block on
    "slices",
    "lhs_passes",
    "rhs_parts",
    "block",  # first column block, of 16 columns
    "blocks",
    "columns",
    "key",  # of the normal numbers
    "stream_row",  # row of the block among all rows of all entries
    "row_scales",  # float32 [rows of the entry] or one
    "row_scale_stride",
    "column_scales",  # float32 [blocks * 16]
    "column_offsets",  # likewise; added in units of codes
    "outputs",  # float32 [rows of the entry, columns]
)

# float32 parameters, in order
PARAMETERS = (
    "to_steps",  # from a dot product to steps of the ADC
    "c0",
    "c1",
    "c2",
    "c3",  # variance of a dot product, per unit of the three
    "low",
    "high",  # range of the ADC in steps
    "gain",  # from steps to the sum of products of numbers as shares of full scale
    "code_gain",  # what a unit of code sums adds to that
    "levels",
    "add",
    "multiply",
    "least",  # code = clip((share + add) * multiply, least, 1)
    "floor",
    "share",  # of the symbol before
    "light_unit",
    "square_unit",  # numbers that stand for light of 1 and of 1 squared
)


def has_narrow_tiles(rows: int, columns: int) -> bool:
    """Whether the last columns of results may be computed 16 rows at a time: see `narrow`."""
    left = columns % LANES
    return 0 < left <= min(rows, LANES) - TURNING
