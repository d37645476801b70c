"""Builds a report from a scheduled module: every op of @main is priced once, the rest of the makespan is idle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from heliograph.backends import (
    Activity,
    GemmActivity,
    Target,
    baselines,
    electronics_powered,
    family_of,
    link_budget,
    link_warnings,
    peak,
    traffic,
)
from heliograph.ir.control import Running
from heliograph.ir.core import Op
from heliograph.ir.diagnostics import error
from heliograph.runtime.report.conventions import published
from heliograph.runtime.report.electronics import (
    electronic_ops,
    make_coverage,
    make_preparation,
    make_task,
    task_activity,
)
from heliograph.runtime.report.energy import Energy, Ledger, PerBoundary, total
from heliograph.runtime.report.homes import HeldUse, constant_values, homes, resident
from heliograph.runtime.report.layers import call_activity, gemm_activity, hardware_rails, make_layer
from heliograph.runtime.report.links import kernel_budgets, layer_links, make_link
from heliograph.runtime.report.model import (
    Comparison,
    Coverage,
    Idle,
    Layer,
    Report,
    Totals,
    Transfer,
    Warning,
)
from heliograph.runtime.report.reading import Reading, read


def build_report(
    module: Op,
    target: Target,
    *,
    dims: Mapping[str, int] | None = None,
    source_name: str = "",
    snr: Mapping[str, Sequence[float]] | None = None,
) -> Report:
    """What a scheduled module costs on the target it was compiled for.

    `dims` binds sizes that are still open; those it leaves out are 1 and listed in `assumed_dims`. `snr` has the
    measured SNR in dB of layers by name, one entry per run.
    Raises HG1201 for impossible dims, HG9001 when the module is not scheduled for this target.
    """
    compiled_for = module.attributes.get("helio.target", target.spelling)
    if compiled_for != target.spelling:
        raise error("HG9001", f"the program is compiled for {compiled_for}, not for {target.spelling}")
    reading = read(module, dims)
    rails = hardware_rails(target, reading)
    ledger = Ledger(target)

    running = reading.running()
    calls = [(reading.call(r.op), r) for r in running if r.op.name == "func.call"]
    opus = reading.count("opus") if calls else 0  # a program without light leases no processor
    electronic = list(electronic_ops(reading))
    sends = [r for r in running if r.op.name == "sched.send"]
    busy_light = sum(r.times * reading.slot(r.op)[2] for _, r in calls)
    busy_electronics = sum(r.times * reading.slot(r.op)[2] for r in electronic)
    makespan = reading.makespan_ps
    if makespan < max(busy_light, busy_electronics):
        raise error("HG9001", "the schedule uses a resource twice at once: it is busy for longer than the makespan")

    constants = constant_values(reading.main)
    uses = [HeldUse(call.kernel.spec, call.sizes, call.op.operands[1] in constants) for call, _ in calls]
    weights = resident(target, [(call.op.operands[1], use) for (call, _), use in zip(calls, uses, strict=True)])
    places = [homes(target, use, weights.level) for use in uses]
    for (call, item), use, place in zip(calls, uses, places, strict=True):
        task = gemm_activity(use.spec, call.sizes, opus * reading.slot(call.op)[2], rails)
        ledger.enter(call_activity(target, use.spec, task, place) * item.times)
    for item in electronic:
        ledger.enter(task_activity(target, reading, item.op) * item.times)
    for item in sends:
        ledger.enter(traffic(network_bits=item.times * reading.number(item.op.attributes["bits"])))
    waiting = {"processors": makespan - busy_light, "electronics": makespan - busy_electronics}
    ledger.enter(_idle_processors(target, opus * waiting["processors"], rails))
    ledger.enter(electronics_powered(waiting["electronics"]))

    energies = iter(ledger.energies())
    budgets = kernel_budgets(target, reading)
    layers = tuple(
        make_layer(reading, call, item, next(energies), budgets, place, snr or {})
        for (call, item), place in zip(calls, places, strict=True)
    )
    tasks = tuple(make_task(reading, item, next(energies)) for item in electronic)
    transfers = tuple(_transfer(reading, item, next(energies)) for item in sends)
    counts = {"processors": opus, "electronics": 1}
    idle = tuple(
        Idle(name=name, devices=counts[name], idle_ps=ps, energy=next(energies)) for name, ps in waiting.items()
    )
    coverage = make_coverage(reading, layers, tasks)
    sums = [total(part.energy for part in parts) for parts in (layers, tasks, transfers, idle)]
    totals = _totals(target, coverage, makespan, opus, rails, sums, busy_light, busy_electronics, transfers)
    return Report(
        program=reading.module.sym_name,
        source=source_name,
        target=target.spelling,
        family=target.family,
        target_fingerprint=target.fingerprint,
        dims=reading.dims,
        assumed_dims=reading.assumed,
        coverage=coverage,
        preparation=make_preparation(target, reading),
        layers=layers,
        electronics=tasks,
        transfers=transfers,
        idle=idle,
        weights=weights,
        totals=totals,
        link=make_link(link_budget(target)),
        layer_links=layer_links(target, (call for call, _ in calls), budgets),
        baselines=_comparisons(totals),
        statuses=dict(sorted(Counter(str(q.status) for q in target.quantities()).items())),
        unknowns=target.unknowns,
        warnings=_warnings(target, reading, layers, coverage),
        energy_quantum_j=ledger.quantum_j,
        published=published(target, reading),
    )


def _idle_processors(target: Target, powered_ps: int, rails: int) -> Activity:
    return family_of(target).activity(target, GemmActivity(powered_ps=powered_ps, rails=rails))


def _transfer(reading: Reading, item: Running, energy: Energy) -> Transfer:
    op = item.op
    _, start, duration = reading.slot(op)
    return Transfer(
        name=op.loc or str(op.attributes["to"]),
        medium=str(op.attributes["medium"]),
        to=str(op.attributes["to"]),
        bits=reading.number(op.attributes["bits"]),
        start_ps=item.base_ps + start,
        duration_ps=duration,
        delay_ps=reading.number(op.attributes["delay_ps"]),
        energy=energy,
        runs=item.times,
    )


def _totals(
    target: Target,
    coverage: Coverage,
    makespan: int,
    opus: int,
    rails: int,
    sums: Sequence[Energy],
    busy_light: int,
    busy_electronics: int,
    transfers: Sequence[Transfer],
) -> Totals:
    light, electronics, network, idle = sums
    everything = total(sums)
    best = peak(target, rails)
    return Totals(
        makespan_ps=makespan,
        opus=opus,
        rails=rails,
        macs=coverage.macs,
        light_ps=busy_light,
        electronics_ps=busy_electronics,
        transfer_ps=sum(t.duration_ps * t.runs for t in transfers),
        light_energy=light,
        electronics_energy=electronics,
        transfer_energy=network,
        idle_energy=idle,
        energy=everything,
        average_power_mw=everything.system_j / makespan * 1e15 if makespan else 0.0,
        tops=2 * coverage.macs / makespan if makespan else 0.0,
        peak_tops=best.tops_per_opu * opus,
        mw_per_tops=everything.per_operation(coverage.macs_light, coverage.macs),
        peak_mw_per_tops=PerBoundary(*(value for _, value in best.mw_per_tops)),
    )


def _comparisons(totals: Totals) -> tuple[Comparison, ...]:
    """Baselines are figures of whole boards: the system boundary, for peak ones without a workload."""
    program, best = totals.mw_per_tops.system, totals.peak_mw_per_tops.system or 0.0
    return tuple(
        Comparison(
            name=b.name,
            kind=b.kind,
            precision=b.precision,
            boundary="system",
            mw_per_tops=b.mw_per_tops,
            status=str(b.status),
            source=b.source,
            program_times=program / b.mw_per_tops if program is not None else None,
            peak_times=best / b.mw_per_tops,
        )
        for b in baselines()
    )


def _warnings(target: Target, reading: Reading, layers: Sequence[Layer], coverage: Coverage) -> tuple[Warning, ...]:
    found = []
    if layers:
        found += [Warning(w.code, str(w.severity), w.message, w.remedy) for w in link_warnings(target)]
    if reading.assumed:
        names = ", ".join(reading.assumed)
        found.append(Warning("HG1201", "warning", f"sizes taken as 1: {names}", f"give --dim {reading.assumed[0]}=N"))
    if coverage.unknown_sizes:
        names = ", ".join(dict.fromkeys(coverage.unknown_sizes))
        found.append(Warning("HG1205", "warning", f"work of unknown size is not counted in regions: {names}"))
    return tuple(found)
