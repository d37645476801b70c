"""What the contractions on light do: activity of each call, exact at ragged edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from heliograph.backends import Activity, GemmActivity, LinkBudget, Target, family_of, moved_through
from heliograph.ir.control import Running
from heliograph.ir.dialects import LoopTiming, Slot
from heliograph.ir.kernel import KernelSpec
from heliograph.runtime.report.energy import Energy
from heliograph.runtime.report.homes import Homes, word_bytes
from heliograph.runtime.report.model import Layer, LayerMemory
from heliograph.runtime.report.reading import Call, Reading
from heliograph.runtime.report.units import finite


def gemm_activity(spec: KernelSpec, sizes: Mapping[str, int], powered_ps: int, rails: int) -> GemmActivity:
    """Events of one call. Ports outside the operands stay dark: they are neither modulated nor read nor written."""
    b, m, k, n = (sizes[s] for s in "bmkn")
    sent = spec.lhs.passes * spec.rhs.passes * spec.adc.repeats
    return GemmActivity(
        input_symbols=b * m * k * -(-n // spec.tile_n) * sent,
        output_samples=b * m * n * -(-k // spec.tile_k) * sent,
        weight_writes=b * k * n * spec.rhs.passes,
        weight_symbols=b * k * n * -(-m // spec.vectors) * sent,
        macs=b * m * k * n,
        powered_ps=powered_ps,
        rails=rails,
    )


def call_activity(target: Target, spec: KernelSpec, task: GemmActivity, homes: Homes) -> Activity:
    """Devices and memory of one call: inputs are read for every modulation, ADC words are written and read back to be
    added up, weights are read for every write into a bank, each from where it lives."""
    inputs = task.input_symbols * word_bytes(spec.lhs.bits, spec)
    sums = 2 * task.output_samples * word_bytes(spec.adc.bits, spec)
    weights = task.weight_writes * word_bytes(spec.rhs.bits, spec)
    moved = moved_through(homes.inputs, inputs) + moved_through(homes.sums, sums)
    return family_of(target).activity(target, task) + moved + moved_through(homes.weights, weights)


def hardware_rails(target: Target, reading: Reading) -> int:
    """Rails of the processors: those of the target's sign scheme, or of the layer that needs most."""
    precision = family_of(target).precision(target)
    balanced = any(view.spec.rhs.signs == "balanced" for view in reading.kernels.values())
    return 2 if balanced or (precision is not None and precision.rails == 2) else 1


def make_layer(
    reading: Reading,
    call: Call,
    item: Running,
    energy: Energy,
    budgets: Mapping[str, LinkBudget],
    homes: Homes,
    measured: Mapping[str, Sequence[float]],
) -> Layer:
    """The row of one call."""
    spec, sizes = call.kernel.spec, call.sizes
    b, m, k, n = (sizes[s] for s in "bmkn")
    tiles = -(-k // spec.tile_k) * -(-n // spec.tile_n)
    loads = b * tiles * spec.rhs.passes
    per_load = -(-m // spec.vectors) * spec.lhs.passes * spec.adc.repeats
    timing = call.kernel.timing
    stream = cast(LoopTiming, call.kernel.stream.attributes["timing"])
    hold = cast(Slot, call.kernel.hold.attributes["slot"])
    streaming = per_load * reading.number(stream.ii_ps) / stream.per
    writing = reading.number(hold.for_ps)
    _, start, duration = reading.slot(call.op)
    macs = b * m * k * n
    link = budgets[call.kernel.func.sym_name]
    number = call.op.attributes.get("layer", 0)
    powered = reading.count("opus") * duration
    return Layer(
        name=call.op.loc or f"layer {number}",
        number=number if isinstance(number, int) else 0,
        kernel=call.kernel.func.sym_name,
        b=b,
        m=m,
        k=k,
        n=n,
        tile_k=spec.tile_k,
        tile_n=spec.tile_n,
        vectors=spec.vectors,
        weight_tiles=tiles,
        weight_loads=loads,
        weight_writes=b * k * n * spec.rhs.passes,
        opus=min(timing.lanes, loads),
        rounds=-(-loads // timing.lanes),
        symbols=loads * per_load,
        passes=spec.lhs.passes * spec.rhs.passes,
        repeats=spec.adc.repeats,
        fill=macs / (loads * per_load * spec.tile_k * spec.tile_n * spec.vectors),
        duty=loads * streaming / powered if powered else 1.0,
        bound="reload" if writing > streaming else "stream",
        start_ps=item.base_ps + start,
        duration_ps=duration,
        macs=macs,
        tops=2 * macs / duration if duration else 0.0,  # operations per ps
        input_bits=spec.lhs.bits,
        weight_bits=spec.rhs.bits,
        adc_bits=spec.adc.bits,
        input_signs=spec.lhs.signs,
        weight_signs=spec.rhs.signs,
        link_snr_db=finite(link.snr_db),
        link_enob=finite(link.enob),
        measured_snr_db=tuple(float(s) for s in measured.get(call.op.loc, ())),
        memory=LayerMemory(inputs=homes.inputs, sums=homes.sums, weights=homes.weights),
        energy=energy,
        mw_per_tops=energy.per_operation(macs * item.times, macs * item.times),
        runs=item.times,
    )
