"""Vectors of 16 lanes in LLVM IR: a thin layer over `llvmlite.ir` in which the kernels are written.

LLVM splits the vectors where the CPU's are shorter, so the IR is the same for any CPU. Only three things have forms of
their own: table look-up, the reciprocal square root, and int16 dot products.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from llvmlite import ir

LANES = 16
ROUNDER = 1.5 * 2**23  # added to a number below 2**22, leaves its nearest integer in the low bits of the float32
ROUNDER_BITS = 0x4B400000
I8, I16, I32, I64, F32 = (
    ir.IntType(8),
    ir.IntType(16),
    ir.IntType(32),
    ir.IntType(64),
    ir.FloatType(),
)
VI32, VI64, VF32 = (ir.VectorType(kind, LANES) for kind in (I32, I64, F32))
VI16 = ir.VectorType(I16, 2 * LANES)  # pairs of int16 per lane
VI8 = ir.VectorType(I8, 4 * LANES)
POINTER = ir.PointerType()
_POINTERS = ir.VectorType(POINTER, LANES)
Value = Any  # llvmlite has no type hints


class Isa(Enum):
    """What the vector code may use."""

    VNNI = "avx512-vnni"  # 512-bit vectors, int16 dot products
    AVX512 = "avx512"
    AVX2 = "avx2"
    GENERIC = "generic"


class Lanes:
    """Emits instructions into one function."""

    def __init__(self, builder: ir.IRBuilder, isa: Isa) -> None:
        self.b, self.isa = builder, isa
        self._module = builder.module

    # Constants and conversions

    def f32(self, number: float | Sequence[float]) -> Value:
        """A constant vector: one number in all lanes, or one per lane."""
        numbers = [number] * LANES if isinstance(number, (int, float)) else list(number)
        return ir.Constant(VF32, [float(v) for v in numbers])

    def u32(self, number: int | Sequence[int]) -> Value:
        """A constant vector of integers."""
        numbers = [number] * LANES if isinstance(number, int) else list(number)
        return ir.Constant(VI32, [v & 0xFFFFFFFF for v in numbers])

    def i64(self, number: int) -> Value:
        """A constant 64-bit integer."""
        return ir.Constant(I64, number)

    def alike(self, other: Value, number: int) -> Value:
        """A constant integer of the type of `other`, in all lanes if that is a vector."""
        vector = isinstance(other.type, ir.VectorType)
        return ir.Constant(other.type, [number] * other.type.count if vector else number)

    def spread(self, scalar: Value) -> Value:
        """A scalar in all lanes."""
        kind = ir.VectorType(scalar.type, LANES)
        one = self.b.insert_element(ir.Constant(kind, ir.Undefined), scalar, I32(0))
        return self.b.shuffle_vector(one, one, ir.Constant(ir.VectorType(I32, LANES), [0] * LANES))

    def call(self, name: str, result: Any, *arguments: Value) -> Value:
        """Call an intrinsic."""
        known = self._module.globals.get(name)
        if known is None:
            known = ir.Function(self._module, ir.FunctionType(result, [a.type for a in arguments]), name)
        return self.b.call(known, arguments)

    def fma(self, x: Value, y: Value, z: Value) -> Value:
        """``x * y + z``; in one rounding where the CPU can."""
        if self.isa is Isa.GENERIC:
            return self.b.fadd(self.b.fmul(x, y), z)
        return self.call("llvm.fma.v16f32", VF32, x, y, z)

    def least(self, x: Value, y: Value) -> Value:
        """The smaller of two vectors."""
        return self.b.select(self.b.fcmp_ordered("<", x, y), x, y)

    def most(self, x: Value, y: Value) -> Value:
        """The larger of two vectors."""
        return self.b.select(self.b.fcmp_ordered(">", x, y), x, y)

    def positive(self, x: Value, least: float) -> Value:
        """`x`, or a positive number where it is less: positive numbers compare like the integers of their bits."""
        bits = self.b.bitcast(x, VI32)
        return self.b.bitcast(self.call("llvm.smax.v16i32", VI32, bits, self.b.bitcast(self.f32(least), VI32)), VF32)

    def clip(self, x: Value, low: Value, high: Value) -> Value:
        """Signed integers within a range."""
        return self.call("llvm.smin.v16i32", VI32, self.call("llvm.smax.v16i32", VI32, x, low), high)

    def xor3(self, x: Value, y: Value, z: Value) -> Value:
        """Exclusive or of three."""
        if self.isa in (Isa.VNNI, Isa.AVX512):
            return self.call("llvm.x86.avx512.pternlog.d.512", VI32, x, y, z, I32(0x96))
        return self.b.xor(self.b.xor(x, y), z)

    def round(self, x: Value) -> Value:
        """To whole numbers, half to even."""
        return self.call("llvm.roundeven.v16f32", VF32, x)

    def pair_products(self, x: Value, y: Value) -> Value:
        """Per lane the sum of the products of two pairs of int16, on AVX-512 and AVX2."""
        if self.isa is Isa.AVX512:
            return self.call("llvm.x86.avx512.pmaddw.d.512", VI32, x, y)
        halves = []
        for first in (0, LANES):
            half = ir.Constant(VI32, list(range(first, first + LANES)))
            pair = [self.b.shuffle_vector(z, z, half) for z in (x, y)]
            halves.append(self.call("llvm.x86.avx2.pmadd.wd", ir.VectorType(I32, LANES // 2), *pair))
        return self.b.shuffle_vector(*halves, ir.Constant(VI32, list(range(LANES))))

    def rotate(self, x: Value, count: int) -> Value:
        """Rotate 32-bit words to the left."""
        return self.call("llvm.fshl.v16i32", VI32, x, x, self.u32(count))

    def sqrt(self, x: Value) -> Value:
        """Square root of positive numbers; on AVX-512 with a relative error of 2**-14."""
        if self.isa in (Isa.VNNI, Isa.AVX512):
            name = "llvm.x86.avx512.rsqrt14.ps.512"
            return self.b.fmul(x, self.call(name, VF32, x, x, ir.Constant(I16, -1)))
        return self.call("llvm.sqrt.v16f32", VF32, x)

    def dot16(self, total: Value, x: Value, y: Value) -> Value:
        """``total`` plus, per lane, the two products of int16 pairs, in int32; VNNI only."""
        return self.call("llvm.x86.avx512.vpdpwssd.512", VI32, total, x, y)

    def sum_lanes(self, vector: Value, lanes: int) -> Value:
        """The sum of every `lanes` neighbouring lanes (a power of two) in each of them."""
        distance = lanes // 2
        while distance:
            order = ir.Constant(VI32, [lane ^ distance for lane in range(LANES)])
            vector = self.b.fadd(vector, self.b.shuffle_vector(vector, vector, order))
            distance //= 2
        return vector

    def look_up(self, tables: Sequence[Sequence[float]], number: Value, first: int) -> list[Value]:
        """Per lane ``table[max(number - first, 0)]`` of each table of 16.

        `number` must be less than first + 16, and either 0 or no less than first - 16.
        """
        if self.isa in (Isa.VNNI, Isa.AVX512):
            return [self._look_up_wide(table, number, first) for table in tables]
        index = self.b.sub(self.call("llvm.smax.v16i32", VI32, number, self.u32(first)), self.u32(first))
        if self.isa is Isa.AVX2:
            return self._look_up_halves(tables, index)
        return self._look_up_each(tables, index)

    def _look_up_wide(self, table: Sequence[float], number: Value, first: int) -> Value:
        """The low 5 bits of a number choose among 32: so many numbers repeat that none has to be kept in range."""
        wide = [table[max((number - first + 16) % 32 - 16, 0)] for number in range(32)]
        halves = self.f32(wide[:LANES]), self.f32(wide[LANES:])
        return self.call("llvm.x86.avx512.vpermi2var.ps.512", VF32, halves[0], number, halves[1])

    def _look_up_halves(self, tables: Sequence[Sequence[float]], index: Value) -> list[Value]:
        half_i, half_f = ir.VectorType(I32, 8), ir.VectorType(F32, 8)
        found: list[list[Value]] = [[] for _ in tables]
        for first in (0, 8):
            part = self.b.shuffle_vector(index, index, ir.Constant(half_i, list(range(first, first + 8))))
            high = self.b.icmp_signed(">", part, ir.Constant(half_i, [7] * 8))
            for table, halves in zip(tables, found, strict=True):
                low_high = [
                    self.call("llvm.x86.avx2.permps", half_f, ir.Constant(half_f, list(map(float, t))), part)
                    for t in (table[:8], table[8:])
                ]
                halves.append(self.b.select(high, low_high[1], low_high[0]))
        whole = ir.Constant(VI32, list(range(LANES)))
        return [self.b.shuffle_vector(low, high, whole) for low, high in found]

    def _look_up_each(self, tables: Sequence[Sequence[float]], index: Value) -> list[Value]:
        results = [ir.Constant(VF32, ir.Undefined) for _ in tables]
        kind = ir.ArrayType(F32, LANES)
        stored = [self._table(kind, table) for table in tables]
        for lane in range(LANES):
            where = self.b.extract_element(index, I32(lane))
            for number, table in enumerate(stored):
                one = self.b.load(self.b.gep(table, [where], source_etype=F32), typ=F32)
                results[number] = self.b.insert_element(results[number], one, I32(lane))
        return results

    def _table(self, kind: Any, numbers: Sequence[float]) -> Value:
        table = ir.GlobalVariable(self._module, kind, self._module.get_unique_name("table"))
        table.initializer = ir.Constant(kind, [F32(float(v)) for v in numbers])
        table.global_constant, table.linkage = True, "private"
        return table

    def transposed(self, rows: Sequence[Value]) -> list[Value]:
        """Columns of a square of 16 vectors."""
        square, kind = list(rows), ir.VectorType(I32, LANES)
        for half in (8, 4, 2, 1):  # swap the off-diagonal blocks, of half the size each time
            lower = [lane if lane & half == 0 else lane - half + LANES for lane in range(LANES)]
            upper = [lane + half if lane & half == 0 else lane + LANES for lane in range(LANES)]
            for one in (row for row in range(LANES) if row & half == 0):
                pair = square[one], square[one + half]
                square[one], square[one + half] = (
                    self.b.shuffle_vector(*pair, ir.Constant(kind, mask)) for mask in (lower, upper)
                )
        return square

    # Memory and control

    def at(self, pointer: Value, index: Value, kind: Any) -> Value:
        """Address of element `index` of an array of `kind`."""
        return self.b.gep(pointer, [index], source_etype=kind)

    def each_at(self, pointer: Value, indices: Value) -> Value:
        """Addresses of 16 elements of 32 bits; `indices` of 64."""
        base = self.spread(self.b.ptrtoint(pointer, I64))
        return self.b.inttoptr(self.b.add(base, self.b.shl(indices, self.alike(indices, 2))), _POINTERS)

    def load(self, pointer: Value, kind: Any, align: int = 4) -> Value:
        """Read a value of `kind`."""
        return self.b.load(pointer, typ=kind, align=align)

    def below(self, first: Value, end: Value) -> Value:
        """Mask of the lanes whose position, from `first` on, is below `end`."""
        left = self.spread(self.b.trunc(self.b.sub(end, first), I32))
        return self.b.icmp_signed("<", self.u32(list(range(LANES))), left)

    def load_some(self, pointer: Value, mask: Value, otherwise: Value | None = None) -> Value:
        """16 float32, of which only those of the mask are read; the rest are zero, or as in `otherwise`."""
        rest = self.f32(0.0) if otherwise is None else otherwise
        return self.call("llvm.masked.load.v16f32.p0", VF32, pointer, I32(4), mask, rest)

    def store_some(self, value: Value, pointer: Value, mask: Value) -> None:
        """Write the float32 of the mask."""
        self.call("llvm.masked.store.v16f32.p0", ir.VoidType(), value, pointer, I32(4), mask)

    def variable(self, kind: Any, value: Value) -> Value:
        """A mutable variable, made in the entry block so that it becomes a register."""
        with self.b.goto_entry_block():
            slot = self.b.alloca(kind)
        self.b.store(value, slot)
        return slot

    def array(self, kind: Any, count: int) -> Value:
        """Memory for vectors, made in the entry block."""
        with self.b.goto_entry_block():
            slot = self.b.alloca(kind, self.i64(count))
        slot.align = 64
        return slot

    def get(self, slot: Value) -> Value:
        """Value of a variable."""
        return self.b.load(slot, typ=slot.allocated_type)

    def smaller(self, x: Value, y: Value) -> Value:
        """The smaller of two signed integers."""
        return self.b.select(self.b.icmp_signed("<", x, y), x, y)

    def loop(self, count: Value, body: Callable[[Value], None], step: int | Value = 1) -> None:
        """``for i in range(0, count, step): body(i)``."""
        step = self.i64(step) if isinstance(step, int) else step
        counter = self.variable(I64, self.i64(0))
        head, inside, after = (self.b.append_basic_block(n) for n in ("head", "body", "after"))
        self.b.branch(head)
        self.b.position_at_end(head)
        self.b.cbranch(self.b.icmp_signed("<", self.get(counter), count), inside, after)
        self.b.position_at_end(inside)
        body(self.get(counter))
        self.b.store(self.b.add(self.get(counter), step), counter)
        self.b.branch(head)
        self.b.position_at_end(after)
