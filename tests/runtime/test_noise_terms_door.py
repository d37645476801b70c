"""What a user sees: the error of `simulate_gemm` on uniform operands against the link budget of the target."""

from __future__ import annotations

import math

import numpy as np
import pytest
from noise_formulas import FIELDS, SWITCHES, Link

from heliograph import simulate_gemm
from heliograph.backends import link_budget, load_target

SLICES = 32  # many, so that the largest value of each row and column is close to full scale


@pytest.mark.parametrize("fidelity", ["exact", "fast"])
@pytest.mark.parametrize("name", SWITCHES)
def test_error_of_a_product(name, fidelity) -> None:
    """All terms, the ADC, and the steps of both operands: the sum over slices of the budget's variance."""
    target, draw = load_target(name), np.random.default_rng(13)
    ports, budget, r = target.opu.ports_in, link_budget(target), Link(target, 1.0).floor
    x = draw.uniform(-1 if name in FIELDS else 0, 1, (40, SLICES * ports)).astype(np.float32)
    w = draw.uniform(-1, 1, (SLICES * ports, 480)).astype(np.float32)
    error = simulate_gemm(x, w, target=target, fidelity=fidelity, seed=2) - x.astype(float) @ w
    steps = sum(1 / (2**bits - 1) ** 2 / 12 for bits in (target.formats.input_bits, target.formats.weight_bits))
    wanted = (budget.noise_rms_ua() / budget.i1_ua / (1 - r)) ** 2 + steps * ports / 3
    assert error.std() / math.sqrt(SLICES) == pytest.approx(math.sqrt(wanted), rel=0.02)
