"""Link budgets of the kernels of a program: kernels of equal formats share one."""

from __future__ import annotations

from collections.abc import Iterable

from heliograph.backends import LinkBudget, Precision, Target, kernel_precision, link_budget
from heliograph.runtime.report.model import FibreFigure, LayerLink, Link, NoiseTerm, PowerStep
from heliograph.runtime.report.reading import Call, Reading
from heliograph.runtime.report.units import finite


def kernel_budgets(target: Target, reading: Reading) -> dict[str, LinkBudget]:
    """The budget of every kernel, by its name."""
    formats = {name: kernel_precision(target, view.spec) for name, view in reading.kernels.items()}
    budgets = {precision: link_budget(target, precision) for precision in set(formats.values())}
    return {name: budgets[precision] for name, precision in formats.items()}


def make_link(budget: LinkBudget) -> Link:
    """A budget as data."""
    return Link(
        snr_db=finite(budget.snr_db),
        enob=finite(budget.enob),
        full_scale_bits=finite(budget.full_scale_bits),
        received_dbm=budget.received_dbm,
        signal_rms_ua=budget.signal_rms_ua,
        noise=tuple(NoiseTerm(row.name, row.rms_ua, row.averages) for row in budget.noise),
        power=tuple(PowerStep(row.label, row.change_db, row.power_dbm) for row in budget.power),
        product_ua=budget.i1_ua,
        mean_ua=budget.mean_ua,
        full_scale_ua=budget.full_scale_ua,
        bandwidth_ghz=budget.bandwidth_ghz,
        osnr_db=budget.osnr_db,
        fibre=tuple(FibreFigure(row.label, finite(row.value), row.unit) for row in budget.fibre),
    )


def layer_links(target: Target, calls: Iterable[Call], budgets: dict[str, LinkBudget]) -> tuple[LayerLink, ...]:
    """One entry per set of formats, in the order in which layers need them."""
    callers: dict[Precision | None, dict[str, dict[str, None]]] = {}
    for call in calls:
        kernels = callers.setdefault(kernel_precision(target, call.kernel.spec), {})
        kernels.setdefault(call.kernel.func.sym_name, {})[call.op.loc] = None
    return tuple(
        LayerLink(
            layers=tuple(dict.fromkeys(name for layers in kernels.values() for name in layers)),
            kernels=tuple(kernels),
            input_bits=precision.input_bits if precision else 0,
            weight_bits=precision.weight_bits if precision else 0,
            adc_bits=precision.adc_bits if precision else 0.0,
            sign_scheme=precision.sign_scheme if precision else "",
            adc_range=precision.adc_range if precision else "",
            repeats=precision.repeats if precision else 1,
            link=make_link(budgets[next(iter(kernels))]),
        )
        for precision, kernels in callers.items()
    )
