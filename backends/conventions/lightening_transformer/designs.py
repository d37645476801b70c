"""One contraction on each of the designs: energy in pJ by component (of one copy), latency in s (of all)."""

from __future__ import annotations

import math

from heliograph.backends.conventions.gemms import Gemm
from heliograph.backends.conventions.lightening_transformer import constants as k
from heliograph.backends.conventions.lightening_transformer.devices import Devices
from heliograph.backends.families.coherent.sections import Dptc
from heliograph.backends.families.mzi_mesh.sections import Mesh
from heliograph.backends.families.ring_bank.sections import InputRing
from heliograph.backends.sections import Encoder
from heliograph.backends.target import Target

Parts = dict[str, float]


def coherent(target: Target, d: Devices, gemm: Gemm, bits: int, *, quirks: bool) -> tuple[Parts, float]:
    """Both operands modulated every symbol; columns shared by tiles, ADCs by the cores of a tile."""
    m, kk, n = gemm.m, gemm.k, gemm.n
    a, b, c = (math.ceil(x / d.size) for x in (m, n, kk))
    rows, columns = m * kk * b, a * n * kk / d.tiles
    symbols = min(k.COLUMN_SAMPLES, math.ceil(kk / (d.cores * d.size)))
    read = m * n * math.ceil(math.ceil(c / symbols) / d.cores)
    channel = target.section(Encoder).drive_fj * 1e-3 + 2 * target.section(Dptc).router_mw / d.clock_ghz
    spill = max(1.0, d.size * kk * bits / 8 / k.LOCAL_BYTES)
    linear = gemm.kind == "linear"
    spill = math.ceil(spill) if linear or not quirks else spill
    written = m * n * (2 * spill - 1)
    operands = m * kk + columns
    parts = {
        "laser": d.laser * a * b * c,
        "dac": d.dac * (rows + columns),
        "modulators": channel * (rows + columns),
        "photodiodes": 2 * d.photodiode * m * n * c,
        "tia": d.tia * read,
        "adc": d.adc * read,
        "adder": k.ADDER_PJ * read,
        "registers": d.words * (2 * d.register * (rows + columns + read) + k.NOC_PJ * read),
        "tile buffer": d.words * k.LOCAL_PJ * (rows + columns + operands + written),
        # as published the operands of attention carry the constant twice, so they vanish
        "global buffer": d.words
        * d.buffer
        * (written + operands * (d.buffer * 1e-9 if quirks and not linear else 1) + (m * kk if linear else 0)),
        "dram": d.words * d.dram * m * kk if linear else 0.0,
    }
    compute_s = math.ceil(gemm.copies * a * b * c / (d.tiles * d.cores)) / (d.clock_ghz * 1e9)
    passes = math.ceil(m / (d.tiles * d.size))
    if linear:
        cycles = passes * math.ceil(d.size * kk * bits * d.tiles / k.DRAM_BITS_PER_S * k.MEMORY_HZ)
    else:
        moved = (d.size * kk * d.tiles + kk * n) * bits
        cycles = gemm.copies * passes * math.ceil(moved / k.BUFFER_BITS_PER_S * k.MEMORY_HZ)
    return parts, max(compute_s, cycles / k.MEMORY_HZ)


def _held(
    d: Devices, gemm: Gemm, bits: int, moved: float, signs: int, buffer_writes: float
) -> tuple[Parts, float, float]:
    """What ring bank and mesh share: receivers and memories, for weights held while columns stream."""
    m, n = gemm.m, gemm.n
    detected = m * n * math.ceil(gemm.k / d.size)
    partial = detected * signs / d.cores
    spill = d.size * n * bits / 8 > k.LOCAL_BYTES
    local = 2 * partial - m * n if spill else partial
    parts = {
        "photodiodes": 2 * d.photodiode * detected * signs,
        "tia": d.tia * detected * signs,
        "adc": d.adc * detected * signs,
        "adder": k.ADDER_PJ * detected * signs,
        "registers": d.words * (2 * d.register * (moved + partial) + k.NOC_PJ * detected * signs),
        "tile buffer": d.words * k.LOCAL_PJ * (2 * moved + local),
        "global buffer": d.words
        * d.buffer
        * (moved + (2 * partial - 2 * m * n if spill else 0) + m * n + buffer_writes),
    }
    return parts, detected, partial


def ring_bank(target: Target, d: Devices, gemm: Gemm, bits: int, *, quirks: bool) -> tuple[Parts, float]:
    """Weights in rings, in no time; signed inputs take two passes, attention weights are never negative."""
    if gemm.kind == "values":  # V^T is held, attention streams
        gemm = Gemm(gemm.row, gemm.copies, gemm.n, gemm.k, gemm.m, gemm.kind, gemm.repeats)
    signs = 1 if gemm.kind == "values" else 2
    m, kk, n, linear = gemm.m, gemm.k, gemm.n, gemm.kind == "linear"
    a, c = math.ceil(m / d.size), math.ceil(kk / d.size)
    streamed, weights = a * n * kk, m * kk
    moved = weights + streamed * signs
    parts, _, _ = _held(d, gemm, bits, moved, signs, weights if linear else 0)
    ring = target.section(InputRing)
    static, drive = ring.static_mw / d.clock_ghz, ring.drive_fj * 1e-3
    weight_static, write = target.ring.static_mw / d.clock_ghz, target.ring.write_fj_per_bit * 1e-3
    parts |= {
        "laser": d.laser * a * n * c * signs,
        "dac": d.dac * moved,
        "modulators": (static + drive) * streamed * signs,
        "weights": weight_static * m * n * kk * signs + write * weights * (signs if linear else 1),
        "dram": d.words * d.dram * weights if linear else 0.0,
    }
    return parts, math.ceil(c * a * n * gemm.copies / (d.tiles * d.cores)) * signs / (d.clock_ghz * 1e9)


def mzi_mesh(target: Target, d: Devices, gemm: Gemm, bits: int, *, quirks: bool) -> tuple[Parts, float]:
    """Weights as phases; all meshes are programmed together and wait. Linear layers only."""
    m, kk, n = gemm.m, gemm.k, gemm.n
    a, c = math.ceil(m / d.size), math.ceil(kk / d.size)
    streamed, phases = a * n * kk, a * c * d.size**2
    parts, _, _ = _held(d, gemm, bits, phases + streamed, 1, m * kk)
    mesh, drive = target.section(Mesh), target.section(Encoder).drive_fj * 1e-3
    parts |= {
        "laser": d.laser * a * n * c,
        "dac": d.dac * (phases + streamed),
        "modulators": drive * streamed,
        "weights": mesh.program_fj * 1e-3 * phases,
        "dram": d.words * d.dram * phases,
    }
    units = d.tiles * d.cores
    waiting_s = math.ceil(a * c / units) * mesh.settle_us * 1e-6
    return parts, math.ceil(c * a * n / units) / (d.clock_ghz * 1e9) + waiting_s
