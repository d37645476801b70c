"""The compiled judge of fast fidelity finds what the one in numpy finds."""

import numpy as np
import pytest

pytest.importorskip("llvmlite")
from engine_cases import ALL_TERMS, NOISE_TERMS, SIGNS, kinds_of_code
from runtime_programs import kernel_spec

from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.dialects import Adc, Quant
from heliograph.runtime.engines import AnalogEngine, KernelCall, Noise, suits
from heliograph.runtime.engines.fused import FusedEngine
from heliograph.runtime.engines.fused import judge as compiled
from heliograph.runtime.windows import Streamed, as_streamed

HOST = kinds_of_code()


@pytest.fixture
def found(monkeypatch) -> list:
    """What verdicts are made from, in order."""
    numbers: list = []

    def noting(judge):
        def noted(first, *others):
            numbers.append(np.atleast_1d(first))
            return judge(first, *others)

        return noted

    monkeypatch.setattr(suits.Errors, "verdict", noting(suits.Errors.verdict))
    grouping = noting(suits.grouping_verdict)
    for module in (suits, compiled):
        monkeypatch.setattr(module, "grouping_verdict", grouping)
    return numbers


def agree(found, noise, x, w, call, isa=HOST[0], inputs: Streamed | None = None) -> int:
    """Hold both judges together; returns how many steps they took."""
    engine = FusedEngine(AnalogEngine(lambda _: noise, fast=True, seed=5), threads=1, isa=isa)
    held, streamed = engine.hold(call, w), inputs or as_streamed(x)
    found.clear()
    verdict = engine._judge(call, streamed, held, engine._scale(call, streamed))
    ours = list(found)
    found.clear()
    assert engine._numpy.judge(call, streamed, held.sample) is verdict
    assert len(ours) == len(found) > 0
    for one, other in zip(ours, found, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-3)  # single codes may fall to the other side
    return len(ours)


def call_of(x, w, scheme=("two-pass", "balanced"), bits=(8, 8, 10.0), tile=8, repeats=1, axis="row", scale="dynamic"):
    lhs, rhs = Quant(bits[0], axis, scale, scheme[0]), Quant(bits[1], "col", "absmax", scheme[1])
    spec = kernel_spec(x.shape[2], w.shape[2], (lhs, rhs, Adc(bits[2], "full-scale", repeats)), tile, tile)
    return KernelCall(spec, 3, lhs_scale=2.5 if scale == "static" else None, name="/MatMul")


def operands(batch=1, rows=40, k=301, columns=70, *, entries=1):
    rng = np.random.default_rng(batch + k)
    w = rng.standard_normal((entries, k, columns)).astype(np.float32)
    return rng.standard_normal((batch, rows, k)).astype(np.float32), np.broadcast_to(w, (batch, k, columns))


@pytest.mark.parametrize("lhs", SIGNS)
@pytest.mark.parametrize("rhs", SIGNS)
def test_every_sign_scheme(lhs, rhs, found) -> None:
    x, w = operands()
    agree(found, ALL_TERMS, x, w, call_of(x, w, (lhs, rhs)))
    if "two-pass" not in (lhs, rhs) or "balanced" in (lhs, rhs):  # else dark passes, read as no less than zero
        x, w = np.abs(x) + 1, np.abs(w) + 1
        assert agree(found, ALL_TERMS, x, w, call_of(x, w, (lhs, rhs))) == 2


@pytest.mark.parametrize("isa", HOST)
@pytest.mark.parametrize("noise", NOISE_TERMS)
def test_every_noise_term(noise, isa, found) -> None:
    x, w = operands()
    agree(found, noise, x, w, call_of(x, w, bits=(8, 8, 9.0)), isa)


@pytest.mark.parametrize("tile", [1, 3, 8, 13, 64, 300])
@pytest.mark.parametrize("shape", [(1, 1, 1), (5, 7, 3), (16, 2000, 17), (1000, 64, 130)])
def test_any_size(shape, tile, found) -> None:
    x, w = operands(1, *shape)
    agree(found, Noise(c0=1e-3, c1=1e-3, c2=1e-4, extinction_floor=0.02), x, w, call_of(x, w, tile=tile, repeats=2))


@pytest.mark.parametrize(("batch", "entries"), [(3, 3), (24, 24), (5, 1)])
def test_batches(batch, entries, found) -> None:
    x, w = operands(batch, 9, 100, 24, entries=entries)
    agree(found, ALL_TERMS, x, w, call_of(x, w))


@pytest.mark.parametrize(("axis", "scale"), [("tensor", "dynamic"), ("tensor", "static"), ("row", "dynamic")])
def test_scales_and_levels(axis, scale, found) -> None:
    x, w = operands()
    x[:, 3] = 0
    x[:, 5] *= 1e3
    for bits in ((8, 8, 7.0), (0, 0, 9.0), (3, 2, 11.0)):
        agree(found, ALL_TERMS, x, w, call_of(x, w, bits=bits, axis=axis, scale=scale))


@pytest.mark.parametrize(("bits", "gain"), [(2.0, 1), (5.0, 0.01), (10.0, 1)])
def test_saturation_and_coarse_steps(bits, gain, found) -> None:
    x, w = operands()
    agree(found, Noise(c0=1e-4 * gain), np.abs(x), np.abs(w), call_of(x, w, ("unipolar", "unipolar"), (8, 8, bits)))


def heavy_tails(x, w):
    return x * np.abs(x) ** 3, w


def outliers(x, w):
    rows, ports = np.indices(x.shape[1:])
    return np.where((rows % 7 == 0) & (ports == 5), 300, x), w


def periodic_rows(x, w):
    return np.where(np.arange(x.shape[1])[:, None] % 8, 1e-3 * x, 1), w


def bright_row(x, w):
    return np.where(np.arange(x.shape[1])[:, None] == 17, 5, x), np.abs(w)


def bright_column(x, w):
    return np.abs(x), np.where(np.arange(w.shape[2]) == 4, 1, w)


def mostly_zeros(x, w):
    return np.where(np.arange(x.shape[1])[:, None] < x.shape[1] - 5, 0, x), w


def related(x, w):
    strength = np.where(np.arange(x.shape[2]) % 2, 0.05, 1)
    return x * strength, w * strength[:, None]


@pytest.mark.parametrize(
    "change", [heavy_tails, outliers, periodic_rows, bright_row, bright_column, mostly_zeros, related]
)
def test_unusual_operands(change, found) -> None:
    x, w = (a.astype(np.float32) for a in change(*operands(1, 300, 256, 80)))
    verdicts = set()
    for noise in (Noise(c0=1e-3), Noise(c1=0.01), ALL_TERMS):
        for bits in (4.0, 5.4, 7.0, 9.0, 12.0):
            call = call_of(x, w, bits=(8, 8, bits))
            agree(found, noise, x, w, call)
            engine = FusedEngine(AnalogEngine(lambda _, noise=noise: noise, fast=True), threads=1)
            verdicts.add(engine._judge(call, as_streamed(x), engine.hold(call, w), 0.0))
    assert not all(verdict.is_fast for verdict in verdicts)  # steps of 4 bits are too coarse for any of these
    assert suits.Verdict.UNEVEN in verdicts or change not in (heavy_tails, related)


def test_one_judge_for_inputs_of_many_shapes(found) -> None:
    """Places and scratch memory are kept from call to call; what other shapes left there is of no account."""
    x, w = operands(1, 300)
    call = call_of(x, w, bits=(8, 8, 7.0))
    engine = FusedEngine(AnalogEngine(lambda _: ALL_TERMS, fast=True), threads=1)
    held = engine.hold(call, w)
    shapes = [x, x[:, :3], np.ascontiguousarray(x[:, ::-1]), 7 * x[:, ::2], x[:, :1], x]
    wanted = []
    for some in shapes:
        fresh = FusedEngine(AnalogEngine(lambda _: ALL_TERMS, fast=True), threads=1)
        found.clear()
        fresh._judge(call, as_streamed(some), fresh.hold(call, w), 0.0)
        wanted.append(list(found))
    for some, numbers in zip(shapes, wanted, strict=True):
        found.clear()
        engine._judge(call, as_streamed(some), held, 0.0)
        for one, other in zip(found, numbers, strict=True):
            np.testing.assert_array_equal(one, other)


def test_numbers_that_do_not_lie_beside_each_other(found) -> None:
    x, w = operands()
    turned = np.ascontiguousarray(x.swapaxes(1, 2)).swapaxes(1, 2)
    agree(found, ALL_TERMS, turned, w, call_of(x, w))
    agree(found, ALL_TERMS, x.astype(np.float16), w, call_of(x, w))


def test_what_is_not_finite_is_refused(found) -> None:
    x, w = operands(1, 16)
    x[0, 2, 5] = np.nan
    engine = FusedEngine(AnalogEngine(lambda _: ALL_TERMS, fast=True, seed=5), threads=1)
    call = call_of(x, w)
    held = engine.hold(call, w)
    with pytest.raises(HeliographError, match="1 of 4816 streamed values are NaN or infinite"):
        engine._judge(call, as_streamed(x), held, 0.0)
