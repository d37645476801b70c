"""`lt_cost`: a model on a target, as the simulator of Lightening-Transformer would print it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from heliograph.backends.conventions.gemms import Gemm
from heliograph.backends.conventions.lightening_transformer import constants as k
from heliograph.backends.conventions.lightening_transformer.designs import coherent, mzi_mesh, ring_bank
from heliograph.backends.conventions.lightening_transformer.devices import devices
from heliograph.backends.target import Target

_DESIGNS = {"coherent": coherent, "ring_bank": ring_bank, "mzi_mesh": mzi_mesh}


@dataclass(frozen=True, slots=True)
class LtRow:
    """One line of its tables: energy by component, and latency, over all repeats."""

    name: str
    energy_mj: float
    latency_ms: float
    parts_mj: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Others:
    """Sizes of the non-linear layers of one block."""

    softmax: int
    normalised: int
    added: int
    activated: int
    blocks: int


@dataclass(frozen=True, slots=True)
class LtCost:
    """Rows in order of appearance, `others` last, and their total."""

    rows: tuple[LtRow, ...]
    energy_mj: float
    latency_ms: float


def lt_cost(
    gemms: Iterable[Gemm], target: Target, bits: int, others: Others | None = None, *, quirks: bool = True
) -> LtCost:
    """Cost of a model at `bits` for inputs, weights and outputs alike.

    `quirks`: as published. Off: the buffer traffic of attention is counted, non-linear layers are counted in every
    block and in the right unit of time, and no row of the mesh is counted twice.
    Raises ValueError for a family the simulator does not know.
    """
    design = _DESIGNS.get(target.family)
    if design is None:
        raise ValueError(f"family {target.family!r} is none of {', '.join(_DESIGNS)}")
    numbers = devices(target, bits)
    rows: dict[str, LtRow] = {}
    twice: LtRow | None = None
    for gemm in gemms:
        if target.family == "mzi_mesh" and gemm.kind != "linear":
            if twice is None:  # as published, the row before a skipped one is added again
                twice = list(rows.values())[-1]
            continue
        parts, seconds = design(target, numbers, gemm, bits, quirks=quirks)
        times = gemm.copies * gemm.repeats * 1e-9
        energy = {name: pj * times for name, pj in parts.items()}
        row = LtRow(gemm.row, math.fsum(energy.values()), seconds * gemm.repeats * 1e3, tuple(energy.items()))
        rows[gemm.row] = _add(rows[gemm.row], row) if gemm.row in rows else row
    if others is not None:
        rows["others"] = _others(others, numbers.buffer, quirks=quirks)
    counted = [*rows.values(), *([twice] if twice is not None and quirks else [])]
    return LtCost(
        tuple(rows.values()), math.fsum(r.energy_mj for r in counted), math.fsum(r.latency_ms for r in counted)
    )


def _add(one: LtRow, other: LtRow) -> LtRow:
    merged = dict(one.parts_mj)
    for name, mj in other.parts_mj:
        merged[name] = merged.get(name, 0.0) + mj
    energy, latency = one.energy_mj + other.energy_mj, one.latency_ms + other.latency_ms
    return LtRow(one.name, energy, latency, tuple(merged.items()))


def _others(o: Others, buffer_pj: float, *, quirks: bool) -> LtRow:
    numbers = o.softmax + o.normalised + o.added + o.activated
    work_pj = k.ELEMENT_PJ * (8 * o.activated + 5 * o.normalised + o.added) + k.SOFTMAX_PJ * o.softmax
    moved_pj = numbers * buffer_pj * (k.OTHER_BITS / k.WORD_BITS) * 2
    seconds = numbers * k.OTHER_BITS / k.BUFFER_BITS_PER_S
    energy, latency = (work_pj + moved_pj) * 1e-9, seconds
    if not quirks:
        energy, latency = energy * o.blocks, seconds * o.blocks * 1e3
    return LtRow("others", energy, latency, (("others", energy),))
