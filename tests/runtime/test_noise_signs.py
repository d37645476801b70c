"""Sign schemes: what they cost in SNR, and the SNR that the link budget prints against the simulator's."""

from __future__ import annotations

import numpy as np
import pytest
from noise_formulas import Link, switched
from runtime_programs import kernel_spec

from heliograph.backends import Target, link_budget, load_target
from heliograph.ir.dialects import Adc, Quant
from heliograph.runtime.engines import KernelCall, compute, make_engine, target_noise

BATCH, ROWS, COLUMNS = 300, 5, 48


def simulate(target: Target, signs: tuple[str, str], adc: Adc, low_x: float, low_w: float) -> tuple[float, float]:
    """Mean square of what depends on the data, and of the error, of decoded outputs of one tile of ports."""
    ports, draw = target.opu.ports_in, np.random.default_rng(11)
    x = draw.uniform(low_x, 1, (BATCH, ROWS, ports)).astype(np.float32)
    w = draw.uniform(low_w, 1, (BATCH, ports, COLUMNS)).astype(np.float32)
    w.flat[0] = 1.0
    lhs, rhs = Quant(16, "tensor", "static", signs[0]), Quant(16, "tensor", "absmax", signs[1])
    spec = kernel_spec(ports, COLUMNS, (lhs, rhs, adc), ports, target.opu.ports_out)
    got = compute(
        make_engine("noisy", noise_of=target_noise(target), seed=3), KernelCall(spec, lhs_scale=1.0), x, w
    ).astype(float)
    exact = np.matmul(x.astype(float), w)
    return exact[:, 1:].var(), (got - exact)[:, 1:].var()  # before the first symbol there was none


@pytest.mark.parametrize(
    ("signs", "low_x", "cost_db"),
    [
        (("unipolar", "balanced"), 0, 3.01),  # two amplifiers
        (("unipolar", "two-pass"), 0, 3.01),  # two detections; balanced with x+ and x-: the same once more
        (("two-pass", "balanced"), -1, 6.02),
        (("two-pass", "two-pass"), -1, 6.02),  # four quadrants: four detections on one rail
        (("unipolar", "offset"), 0, 6.02),  # half the signal
        (("offset", "offset"), -1, 12.04),
    ],
)
def test_signs_cost(signs, low_x, cost_db) -> None:
    """Under amplifier noise alone, against one detection of signed products by one amplifier."""
    target = switched("awgr8-28g", "thermal")
    link = Link(target, link_budget(target).i1_ua * 1e-6)
    best = (1 - link.floor) ** 2 * link.n / 9 / link.thermal(1)
    signal, noise = simulate(target, signs, Adc(0.0), low_x, -1)
    assert 10 * np.log10(best / (signal / noise)) == pytest.approx(cost_db, abs=0.1)


@pytest.mark.parametrize(
    ("scheme", "weights", "low_w"),
    [("balanced", "balanced", -1), ("offset", "unipolar", 0), ("two-pass", "unipolar", 0)],
)
@pytest.mark.parametrize("repeats", [1, 4, 16])
def test_printed_snr(scheme, weights, low_w, repeats) -> None:
    """All terms and the ADC, of a detected partial sum: the budget's operands are those on the light."""
    target = load_target(f"awgr8-28g{{precision.sign_scheme={scheme},precision.repeats={repeats}}}")
    signal, noise = simulate(target, ("unipolar", weights), Adc(target.adc.enob, "full-scale", repeats), 0, low_w)
    assert 10 * np.log10(signal / noise) == pytest.approx(link_budget(target).snr_db, abs=0.2)


@pytest.mark.parametrize(("name", "lhs"), [
    ("ringbank12-5g", "unipolar"), ("netcast-wdm", "unipolar"), ("mzi12-5g", "balanced"), ("dptc12-5g", "balanced"),
])  # fmt: skip
def test_printed_snr_of_other_families(name, lhs) -> None:
    target = load_target(name)
    signal, noise = simulate(target, (lhs, "balanced"), Adc(target.adc.enob), -1 if lhs == "balanced" else 0, -1)
    assert 10 * np.log10(signal / noise) == pytest.approx(link_budget(target).snr_db, abs=0.2)


@pytest.mark.parametrize("repeats", [1, 4])
def test_repeats_divide_what_the_budget_says(repeats) -> None:
    target = load_target(f"awgr8-28g{{precision.repeats={repeats},mzm.bandwidth_ghz=12,noise.in_band=none}}")
    signal, noise = simulate(target, ("unipolar", "balanced"), Adc(0.0, "full-scale", repeats), 0, -1)
    budget = link_budget(target)
    wanted = budget.snr_db_of({row.name for row in budget.noise} - {"adc"})
    assert 10 * np.log10(signal / noise) == pytest.approx(wanted, abs=0.2)
