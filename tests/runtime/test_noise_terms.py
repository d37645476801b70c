"""Each noise term by itself, in the simulator and in the link budget, against its formula: within 2 %."""

from __future__ import annotations

import math

import numpy as np
import pytest
from noise_formulas import CASES, FIELDS, SWITCHES, Link, switched
from runtime_programs import kernel_spec

from heliograph.backends import Target, family_of, link_budget, load_target
from heliograph.ir.dialects import Adc, Quant
from heliograph.runtime.engines import KernelCall, compute, make_engine, target_noise

SILENT = Adc(0.0)


def operands(name: str, columns: int, *, ports: int, batch: int, rows: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Uniform x and w; the largest weight is 1, so that results are in units of one full-scale product."""
    draw = np.random.default_rng(7)
    x = draw.uniform(-1 if name in FIELDS else 0, 1, (batch, rows, ports)).astype(np.float32)
    w = draw.uniform(-1, 1, (batch, ports, columns)).astype(np.float32)
    w.flat[0] = 1.0
    return x, w


def error_of(
    target: Target, *, adc: Adc = SILENT, rms: float | None = None, bits: int = 16, seed: int = 5, batch: int = 300
) -> np.ndarray:
    """What the engine's partial sums are off by [batch, rows, columns], in units of one full-scale product."""
    name, tile = target.name, family_of(target).tile(target)
    columns = -(-48 // tile.n) * tile.n
    x, w = operands(name, columns, ports=tile.k, batch=batch)
    signs = "balanced" if name in FIELDS else "unipolar"
    rhs, fine = Quant(16, "tensor", "absmax", "balanced"), Quant(16, "tensor", "static", signs)
    formats = (Quant(bits, "tensor", "static", signs), rhs, adc)
    call = KernelCall(kernel_spec(tile.k, columns, formats, tile.k, tile.n), 0, 1.0, rms)
    noisy = compute(make_engine("noisy", noise_of=target_noise(target), seed=seed), call, x, w)
    quiet_call = KernelCall(kernel_spec(tile.k, columns, (fine, rhs, SILENT), tile.k, tile.n), 0, 1.0)
    quiet = compute(make_engine("quantized", noise_of=None), quiet_call, x, w)
    error: np.ndarray = (noisy - quiet).astype(float) * (1 - Link(target, 1.0).floor)
    return error[:, 1:]  # before the first symbol there was none


def rms(values: np.ndarray) -> float:
    return math.sqrt(np.mean(np.square(values)))


@pytest.mark.parametrize(("name", "term", "more", "formula"), CASES, ids=[f"{c[0]}-{c[1]}-{c[2]}" for c in CASES])
def test_term(name, term, more, formula) -> None:
    target = switched(name, term, more)
    budget = link_budget(target)
    osnr = None if budget.osnr_db is None else 10 ** (budget.osnr_db / 10)
    wanted = math.sqrt(formula(Link(target, budget.i1_ua * 1e-6, osnr)))
    measured = error_of(target)
    if (name, term) == ("netcast-wdm", "crosstalk"):  # outputs with a neighbour on either side have most
        measured = measured.reshape(*measured.shape[:2], -1, target.opu.ports_out)[..., 1:-1]
    assert rms(measured) == pytest.approx(wanted, rel=0.02)
    rows = [row.rms_ua / budget.i1_ua for row in budget.noise if row.name != "adc"]
    assert math.hypot(*rows) == pytest.approx(wanted, rel=1e-3)


@pytest.mark.parametrize("name", SWITCHES)
def test_every_switch_has_a_formula(name) -> None:
    assert {case[1] for case in CASES if case[0] == name} == set(SWITCHES[name].split())
    keys = {q.key.removeprefix("noise.") for q in load_target(name).quantities() if q.key.startswith("noise.")}
    assert keys - {"extinction", "modulator"} == set(SWITCHES[name].split())  # test_noise_terms_light.py has these two


@pytest.mark.parametrize("name", SWITCHES)
def test_all_terms_together(name) -> None:
    """Detected sums with everything on, and with all terms off; the budget adds up what the simulator does."""
    target = load_target(name)
    budget = link_budget(target)
    rows = [row.rms_ua / budget.i1_ua for row in budget.noise if row.name != "adc"]
    assert rms(error_of(target)) == pytest.approx(math.hypot(*rows), rel=0.02)
    assert rms(error_of(switched(name, ""))) < 1e-5
    assert [row.name for row in link_budget(switched(name, "")).noise] == ["adc"]


@pytest.mark.parametrize("range_", ["full-scale", "calibrated"])
@pytest.mark.parametrize("name", SWITCHES)
def test_converter(name, range_) -> None:
    target = switched(name, "", f"precision.adc_range={range_}")
    budget, bits = link_budget(target), target.adc.enob
    spread = math.sqrt(Link(target, 1.0).own)  # of the signal
    full = 2 * (target.opu.ports_in if range_ == "full-scale" else 4 * spread)
    wanted = full / 2**bits / math.sqrt(12)
    (row,) = budget.noise
    assert row.rms_ua / budget.i1_ua == pytest.approx(wanted, rel=1e-6)
    error = error_of(target, adc=Adc(bits, range_), rms=spread)
    saturated = np.abs(error) > full / 2**bits / 2 * 1.001
    assert saturated.mean() < (1e-3 if range_ == "calibrated" else 1e-9)
    assert rms(error[~saturated]) == pytest.approx(wanted, rel=0.02)
