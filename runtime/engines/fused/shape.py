"""What a compiled kernel depends on, and the names of what it is told at run time."""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.runtime.engines.fused.lanes import LANES, Isa

FEWER = 2  # tiles that a narrow block of columns must save to be faster, since narrow ones share no loads


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
    bytes_suffice: bool  # for the operands of those two sums, beside int16
    rounded_codes: bool  # the streamed operand has levels
    mixed_light: bool  # extinction floor or inter-symbol interference: light is not a multiple of a level

    @property
    def byte_sizes(self) -> bool:
        """Whether operands come as bytes of their magnitudes, too."""
        return self.bytes_suffice and self.own_total

    @property
    def byte_squares(self) -> bool:
        """Whether their squares are bytes."""
        return self.bytes_suffice and self.sumsq

    @property
    def planes(self) -> tuple[int, ...]:
        """What an operand comes as, with the halves of a unit per ``unit_ports``: itself, magnitudes and squares."""
        return 2, int(self.byte_sizes), self.sumsq * (1 if self.byte_squares else 2)

    @property
    def biases(self) -> int:
        """Numbers per slice and column, beside the weights, with which sums of products of bytes begin."""
        return self.byte_sizes + self.byte_squares

    @property
    def unit_ports(self) -> int:
        """Ports in a unit of 32 bits."""
        return 2 if self.integers else 1

    @property
    def slice_units(self) -> int:
        """Units of 32 bits that the ports of a slice take."""
        return self.ports // self.unit_ports

    @property
    def slice_bytes(self) -> int:
        """Of 16 columns of weights, or of 16 rows of light."""
        return (self.slice_units * sum(self.planes) // 2 + self.biases) * LANES * 4


# 64-bit arguments, in order. Pointers are addresses; strides and places (from `inputs` on) count elements.
ARGUMENTS = (
    "inputs",  # float32: element (m, k) of an entry lies at the sum of the places of entry, row and column
    "entry_places",  # int64 [entries]
    "row_places",  # int64 [rows of an entry, in whole blocks of 16]
    "column_places",  # int64 [k]
    "run_counts",  # int32 [blocks of 16 rows], see `windows.Runs`; 0: rows lie in one piece each
    "run_places",  # int64 [blocks, 4]
    "run_masks",  # int32 [blocks, 4]
    "k",
    "entry",  # first entry of the task
    "entries",
    "entry_rows",  # rows of an entry
    "row",  # first row of the task within each entry, a multiple of 16
    "rows",
    "strip",  # rows lit at a time, a multiple of 16
    "before",  # rows that one symbol carries: the row so many earlier leaves light over; 0 where none does
    "measured",  # whether the full scale of a row is its own maximum, else the parameter `scale`
    "codes",  # scratch float32: codes of the last rows, [blocks, k, 16] or [rows, k]
    "light",  # scratch [lhs passes, blocks of 16 rows, planes, units, 16] of 32-bit units, see `layout`
    "light_units",  # of the first plane
    "code_sums",  # scratch float32 [strip]
    "scales",  # scratch float32 [strip]
    "extent",  # uint32 [2, 16]: bits of the least full scales of rows that are not zero, and of the largest, so far
    "weights",  # [entries, column blocks, rhs parts, planes and biases] of 32-bit units, see `layout`
    "weights_stride",  # per entry; 0: one operand for all
    "slices",
    "lhs_passes",
    "rhs_parts",
    "block",  # first column block, of 16 columns
    "blocks",
    "columns",
    "key",  # of the normal numbers
    "column_scales",  # float32 [entries, blocks * 16]
    "column_scales_stride",
    "column_offsets",  # likewise; added in units of codes
    "column_offsets_stride",
    "outputs",  # float32 [entries, rows of an entry, columns]
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
    "scale",  # full scale of the streamed operand, where it is not measured per row
    "levels",
    "add",
    "multiply",
    "least",  # signed code = clip((share + add) * multiply, least, 1)
    "own_unit",  # light = own_unit * code + left_unit * code of the symbol before + dark
    "left_unit",
    "dark",
    "size_unit",
    "square_unit",  # numbers that stand for magnitudes and squares of light, per unit of light
)
