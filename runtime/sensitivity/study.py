"""Moves every number of a target and times and prices a program anew, from its counts."""

from __future__ import annotations

import math
from collections.abc import Mapping

from heliograph.backends import (
    Bill,
    Boundary,
    LinkBudget,
    Quantity,
    Target,
    kernel_precision,
    link_budget,
    link_warnings,
    price,
    price_list,
    slice_noise,
    wavelength_plan,
)
from heliograph.backends.perturb import STEP, moved, moved_value, numbers
from heliograph.ir.core import Op
from heliograph.ir.diagnostics import Diagnostic, HeliographError, Severity
from heliograph.runtime.report.reading import read
from heliograph.runtime.sensitivity.hardware import Hardware
from heliograph.runtime.sensitivity.model import Change, Figures, Parameter, Sensitivity
from heliograph.runtime.sensitivity.workload import Workload

_NOTHING = 1e-12  # relative changes below are rounding


def study(module: Op, target: Target, *, dims: Mapping[str, int] | None = None, source_name: str = "") -> Sensitivity:
    """What a tenth more or less of every number of the target does to a scheduled module.

    `dims` as for `build_report`. Raises HG1201 for impossible dims, HG9001 when the module is not scheduled.
    """
    reading = read(module, dims)
    work = Workload(reading, target)
    base = _Priced(work, work.on(target))
    parameters = [_parameter(work, base, quantity) for quantity in numbers(target)]
    return Sensitivity(
        program=reading.module.sym_name,
        source=source_name,
        target=target.spelling,
        dims=reading.dims,
        assumed_dims=reading.assumed,
        step=STEP,
        base=base.figures,
        held=_held(work, target),
        parameters=tuple(sorted(parameters, key=lambda p: (-p.effect, p.key))),
    )


def _held(work: Workload, target: Target) -> tuple[str, ...]:
    powered = "all of opu.count" if work.processors == target.opu.count else f"{work.processors} of {target.opu.count}"
    return (
        "which nodes are on light, and the order of work on every resource",
        "sign schemes, passes and scales",
        f"processors powered: {powered}",
    )


class _Priced:
    """A program on some hardware: figures, and what they were worked out from."""

    def __init__(self, work: Workload, hardware: Hardware) -> None:
        self.hardware = hardware
        self.target = hardware.target
        self.time_ps = work.time_ps(hardware)
        self.bill: Bill = price(self.target, work.activity(hardware, self.time_ps))
        kernels = dict.fromkeys(called.kernel for called in work.runs)
        formats = dict.fromkeys(kernel_precision(self.target, hardware.specs[name]) for name in kernels)
        self.budgets: list[LinkBudget] = [link_budget(self.target, precision) for precision in formats]
        macs = sum(called.macs * runs for called, runs in work.runs.items())
        light_j = self.bill.total_j(Boundary.CONVERTER)
        self.figures = Figures(
            energy_j=self.bill.total_j(),
            time_ps=self.time_ps,
            mw_per_tops=light_j * 1e15 / (2 * macs) if macs else None,
            snr_db=min((b.snr_db for b in self.budgets if math.isfinite(b.snr_db)), default=None),
        )


def _parameter(work: Workload, base: _Priced, quantity: Quantity) -> Parameter:
    down, low = _change(work, base, quantity, up=False)
    up, high = _change(work, base, quantity, up=True)
    effect = max(down.effect, up.effect)
    assert isinstance(quantity.value, int | float)
    return Parameter(
        key=quantity.key,
        value=quantity.value,
        unit=quantity.unit,
        status=str(quantity.status),
        source=quantity.source,
        down=down,
        up=up,
        effect=effect,
        why="" if effect else _why(work, base, quantity, [p for p in (low, high) if p is not None]),
    )


def _change(work: Workload, base: _Priced, quantity: Quantity, up: bool) -> tuple[Change, _Priced | None]:
    value = moved_value(quantity, up)
    try:
        target = moved(base.target, quantity, up)
    except HeliographError as refused:
        return Change(value=value, problem=refused.diagnostics[0].message), None
    if work.runs and (found := _impossible(target)):
        return Change(value=value, problem=found[0].message), None
    other = _Priced(work, work.on(target))
    was, now = base.figures, other.figures
    change = Change(
        value=value,
        figures=now,
        energy=_relative(was.energy_j, now.energy_j),
        time=_relative(was.time_ps, now.time_ps),
        mw_per_tops=_relative(was.mw_per_tops, now.mw_per_tops),
        snr_db=0.0 if was.snr_db is None or now.snr_db is None else _rounded(now.snr_db - was.snr_db),
    )
    return change, other


def _impossible(target: Target) -> list[Diagnostic]:
    """What a compilation for the target would be refused for."""
    return [d for d in (*link_warnings(target), *wavelength_plan(target).check()) if d.severity is Severity.ERROR]


def _relative(was: float | None, now: float | None) -> float:
    return _rounded((now - was) / was) if was and now is not None else 0.0


def _rounded(change: float) -> float:
    return change if abs(change) > _NOTHING else 0.0


def _why(work: Workload, base: _Priced, quantity: Quantity, others: list[_Priced]) -> str:
    """What keeps a number from moving anything."""
    if not quantity.value:
        return "it is 0, and a tenth of nothing is nothing"
    if not others:
        return "no hardware has the moved values"
    if not work.runs and any(_of_light(other) != _of_light(base) for other in others):
        return "nothing of this program is on light"
    unused = {line.component for line in base.bill.lines if not line.energy_j}
    old = {rate.component: rate for rate in price_list(base.target)}
    priced = [r.component for other in others for r in price_list(other.target) if r != old.get(r.component)]
    if priced and unused.issuperset(priced):
        return f"this program uses none of it ({', '.join(dict.fromkeys(priced))})"
    if any(other.hardware.timing != base.hardware.timing for other in others):
        return "it changes a time that nothing waits for"
    if any(_of_light(other) != _of_light(base) for other in others):
        return "what it bounds on light is not reached here"
    return "nothing of this program depends on it at the other values"


def _of_light(priced: _Priced) -> tuple[object, ...]:
    """All that a target says of light, besides what it costs."""
    target = priced.target
    plan = wavelength_plan(target)
    return (
        priced.budgets,
        slice_noise(target),
        link_warnings(target),
        plan,
        plan.check(),
    )
