"""Compiled kernels against the numpy engine, which defines them: the same numbers, drawn and rounded alike."""

import numpy as np
import pytest
from engine_cases import ALL_TERMS, NOISE_TERMS, SIGNS, kinds_of_code
from runtime_programs import kernel_spec

from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.dialects import Adc, Quant
from heliograph.ir.reference.converters import adc_range
from heliograph.runtime.engines import AnalogEngine, KernelCall, Noise, compute, make_engine

pytest.importorskip("llvmlite")
from heliograph.runtime.engines.fused import FusedEngine, Isa
from heliograph.runtime.engines.fused.jit import host_isa
from heliograph.runtime.engines.fused.units import choose_units

HOST = kinds_of_code()


def operands(batch=2, rows=7, k=45, columns=21, seed=0, shared=False):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((batch, rows, k)).astype(np.float32)
    w = rng.standard_normal((1 if shared else batch, k, columns)).astype(np.float32)
    return x, np.broadcast_to(w, (batch, k, columns))


def call_of(x, w, signs=("two-pass", "balanced"), bits=(6, 6, 6.3), tile=8, repeats=1, layer=3):
    lhs, rhs = Quant(bits[0], "row", "dynamic", signs[0]), Quant(bits[1], "col", "absmax", signs[1])
    spec = kernel_spec(x.shape[2], w.shape[2], (lhs, rhs, Adc(bits[2], "full-scale", repeats)), tile, tile)
    return KernelCall(spec, layer, name="/block/MatMul")


def both(call, x, w, noise, isa=HOST[0], threads=1):
    """Results of numpy and of the compiled kernel."""
    reference = compute(AnalogEngine(lambda _: noise, seed=5), call, x, w)
    engine = FusedEngine(AnalogEngine(lambda _: noise, seed=5), threads=threads, isa=isa)
    fused = compute(engine, call, x, w)
    assert engine.stats.fused_calls == 1
    assert fused.dtype == reference.dtype
    return reference, fused


def differing(reference, fused) -> float:
    """Share of outputs in which a code of the ADC fell on the other side of a tie."""
    return float(np.mean(np.abs(reference - fused) > 1e-5 * np.abs(reference).max()))


@pytest.mark.parametrize("isa", HOST)
@pytest.mark.parametrize("lhs", SIGNS)
@pytest.mark.parametrize("rhs", SIGNS)
def test_every_sign_scheme(lhs, rhs, isa) -> None:
    x, w = operands(rows=9)
    x, w = (np.abs(x) if lhs == "unipolar" else x), (np.abs(w) if rhs == "unipolar" else w)
    call = call_of(x, w, (lhs, rhs), repeats=2)
    assert differing(*both(call, x, w, Noise(), isa)) == 0  # products of integers are exact
    assert differing(*both(call, x, w, ALL_TERMS, isa)) < 0.02


@pytest.mark.parametrize("isa", HOST)
@pytest.mark.parametrize("noise", NOISE_TERMS)
def test_every_noise_term(noise, isa) -> None:
    x, w = operands(batch=1, rows=120, k=40, columns=50)
    assert differing(*both(call_of(x, w, bits=(8, 8, 6.0)), x, w, noise, isa)) < 0.005 * 10  # of ten codes each


@pytest.mark.parametrize(
    ("tile", "bits"), [(7, (6, 6, 6.0)), (16, (8, 8, 8.0)), (45, (4, 4, 5.0)), (100, (12, 12, 7.0)), (64, (8, 0, 9.0))]
)
def test_slices_of_any_size_and_number_format(tile, bits) -> None:
    x, w = operands(k=130)
    for noise in (Noise(), Noise(c0=1e-2, c1=1e-3, c2=1e-4, c3=1e-3)):
        assert differing(*both(call_of(x, w, bits=bits, tile=tile), x, w, noise)) < 0.01


def units_of(noise, tile=8, adc_bits=8.0, isa=Isa.VNNI):
    spec = call_of(*operands(k=tile), bits=(8, 8, adc_bits), tile=tile).spec
    return choose_units(isa, spec, noise, adc_range(spec, None), False, 1.0)


def test_magnitudes_and_squares_are_bytes_where_the_noise_allows() -> None:
    step = 16 / 2**8
    weak, strong = (Noise(*(c * step**2 for c in (0.02, 1e-3, 0.02, c3))) for c3 in (-0.01, 5.0))
    assert units_of(weak).bytes_suffice
    assert not units_of(strong).bytes_suffice
    assert not units_of(weak, tile=6).bytes_suffice
    assert not units_of(weak, isa=Isa.AVX2).bytes_suffice


@pytest.mark.skipif(host_isa() is not Isa.VNNI, reason="bytes are multiplied by VNNI")
@pytest.mark.parametrize("signs", [("two-pass", "balanced"), ("balanced", "balanced")])
def test_bytes_give_the_variance(signs) -> None:
    """Of many draws, as a share of what the numpy engine computes from float32."""
    x, w = operands(1, 1, 8, 64)
    call = call_of(x, w, signs, bits=(8, 8, 10.0))
    noise = Noise(c0=4e-3, c1=2e-3, c2=4e-3, c3=-2e-3)
    assert units_of(noise, adc_bits=10.0).bytes_suffice
    reference, fused = both(call, np.repeat(x, 4000, axis=1), w, noise)
    shares = fused.astype(float).var(axis=1) / reference.astype(float).var(axis=1)
    assert abs(shares.mean() - 1) < 0.01
    assert differing(reference, fused) < 0.2  # of codes; noise of ten steps turns them where it is a little off


def test_operands_longer_than_an_int32_sum() -> None:
    x, w = operands(batch=1, rows=3, k=40000, columns=5)
    assert differing(*both(call_of(np.abs(x), w, bits=(8, 8, 9.0), tile=40000), x, np.abs(w), Noise())) < 0.1


@pytest.mark.parametrize("rows", [1, 2, 33])
@pytest.mark.parametrize("columns", [1, 16, 37])
@pytest.mark.parametrize("shared", [False, True])
def test_every_block_and_thread_count_gives_the_same_bytes(rows, columns, shared) -> None:
    x, w = operands(3, rows, 45, columns, shared=shared)
    call = call_of(x, w)
    reference, fused = both(call, x, w, ALL_TERMS, threads=1)
    assert differing(reference, fused) < 0.03
    for threads in (2, 5):
        np.testing.assert_array_equal(both(call, x, w, ALL_TERMS, threads=threads)[1], fused)


@pytest.mark.parametrize("isa", HOST)
@pytest.mark.parametrize("columns", [1, 3, 12])
@pytest.mark.parametrize("signs", [("two-pass", "two-pass"), ("balanced", "balanced")])
@pytest.mark.parametrize("c3", [1e-3, 0.3])  # by bytes, by int16
def test_results_of_few_columns(columns, signs, c3, isa) -> None:
    """Tiles of 16 rows and one column give the bytes that tiles of 16 columns give, for any rows at a time."""
    x, w = operands(1, 53, 130, 16)
    noise = Noise(2e-3, 1e-4, 4e-3, c3, isi=0.012)
    whole, few = call_of(x, w, signs), call_of(x, w[..., :columns], signs)
    wide = both(whole, x, w, noise, isa)[1]
    reference, narrow = both(few, x, w[..., :columns], noise, isa)
    assert differing(reference, narrow) < 0.03
    np.testing.assert_array_equal(narrow, wide[..., :columns])
    np.testing.assert_array_equal(both(few, x, w[..., :columns], noise, isa, threads=3)[1], narrow)
    np.testing.assert_array_equal(both(few, x[:, :19], w[..., :columns], noise, isa)[1], narrow[:, :19])


@pytest.mark.parametrize("rows", [1, 5, 16, 39])
@pytest.mark.parametrize("columns", [4, 13, 15, 18])
def test_few_columns_of_every_batch_entry(rows, columns) -> None:
    x, w = operands(3, rows, 45, columns)
    reference, fused = both(call_of(x, w), x, w, ALL_TERMS, threads=2)
    assert differing(reference, fused) < 0.03
    np.testing.assert_array_equal(both(call_of(x, w), x, w, ALL_TERMS, threads=1)[1], fused)


def test_columns_are_cut_where_rows_are_few() -> None:
    x, w = operands(1, 1, 4096, 2048)
    whole, cut = (both(call_of(x, w), x, w, Noise(c0=1e-2), threads=t)[1] for t in (1, 4))
    np.testing.assert_array_equal(whole, cut)


def test_rows_can_be_computed_by_themselves() -> None:
    x, w = operands(1, 12, 45, 20)
    call = call_of(x, w)
    noise = Noise(c0=0.01)
    np.testing.assert_array_equal(both(call, x, w, noise)[1][:, :5], both(call, x[:, :5], w, noise)[1])


def test_views_and_read_only_arrays() -> None:
    x, w = operands(2, 12, 45, 20)
    call = call_of(x, w)
    wanted = both(call, x, w, ALL_TERMS)[1]
    wide = np.zeros((2, 45, 24), np.float32)
    wide[:, :, ::2] = np.swapaxes(x, 1, 2)
    for inputs in (np.swapaxes(wide[:, :, ::2], 1, 2), np.asfortranarray(x), np.repeat(x, 2, axis=2)[:, :, ::2]):
        inputs.setflags(write=False)
        np.testing.assert_array_equal(both(call, inputs, np.asfortranarray(w), ALL_TERMS)[1], wanted)


@pytest.mark.parametrize("shape", [(0, 3, 4, 5), (1, 0, 4, 5), (1, 3, 4, 0), (1, 3, 0, 5)])
def test_empty_operands(shape) -> None:
    x, w = operands(*shape)
    engine = make_engine("noisy", noise_of=lambda _: Noise(c0=0.1), threads=2)
    assert compute(engine, call_of(x, w), x, w).shape == (shape[0], shape[1], shape[3])


def test_what_goes_to_numpy() -> None:
    x, w = operands()
    no_adc, fine_adc = (call_of(x, w, bits=(6, 6, bits)) for bits in (0.0, 23.0))
    for call, inputs, weights in ((no_adc, x, w), (fine_adc, x, w), (call_of(x, w), x.astype(float), w.astype(float))):
        engine = FusedEngine(AnalogEngine(), threads=1)
        np.testing.assert_array_equal(
            compute(engine, call, inputs, weights), compute(AnalogEngine(), call, inputs, weights)
        )
        assert (engine.stats.calls, engine.stats.fused_calls) == (1, 0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_modulators_refuse_what_is_not_finite(bad) -> None:
    x, w = operands()
    call = call_of(x, w)
    engine = make_engine("quantized", noise_of=None)
    x[1, 2, 3] = bad
    with pytest.raises(HeliographError, match=r"HG5002.*'/block/MatMul'"):
        compute(engine, call, x, w)


@pytest.mark.parametrize("isa", HOST)
@pytest.mark.parametrize("signs", [("unipolar", "balanced"), ("two-pass", "balanced"), ("balanced", "offset")])
def test_fast_fidelity_is_that_of_numpy(isa, signs) -> None:
    x, w = operands(2, 450, 64, 40)
    x = np.abs(x) if signs[0] == "unipolar" else x
    call = call_of(x, w, signs, bits=(8, 8, 10.0), repeats=2)
    engines = AnalogEngine(lambda _: ALL_TERMS, fast=True), AnalogEngine(lambda _: ALL_TERMS, fast=True)
    fused = FusedEngine(engines[1], threads=2, isa=isa)
    reference, got = compute(engines[0], call, x, w), compute(fused, call, x, w)
    assert (fused.stats.fused_calls, fused.stats.fast_calls, engines[0].stats.fast_calls) == (1, 1, 1)
    np.testing.assert_allclose(got, reference, atol=2e-3 * np.abs(reference).max())


def test_fast_fidelity_leaves_saturation_to_exact() -> None:
    x, w = operands(1, 900, 64, 40)
    spec = kernel_spec(64, 40, (Quant(8, signs="balanced"), Quant(8, signs="balanced"), Adc(6.0, "calibrated")))
    call = KernelCall(spec, adc_rms=0.05)
    fast, exact = (FusedEngine(AnalogEngine(lambda _: Noise(c0=1e-4), fast=f), threads=1) for f in (True, False))
    np.testing.assert_array_equal(compute(fast, call, x, w), compute(exact, call, x, w))
    assert (fast.stats.exact_for_saturation, fast.stats.fast_calls, fast.stats.fused_calls) == (1, 0, 1)


@pytest.mark.parametrize("isa", HOST)
@pytest.mark.parametrize("rms", [1e-3, 1e-9, 1e-15])
def test_overload_of_any_size_saturates(rms, isa) -> None:
    x, w = operands(1, 30, 64, 40)
    spec = kernel_spec(64, 40, (Quant(8, signs="balanced"), Quant(8, signs="balanced"), Adc(6.0, "calibrated")))
    reference, fused = both(KernelCall(spec, adc_rms=rms), x, w, Noise(), isa)
    assert differing(reference, fused) < 0.02


def test_small_calls_of_fast_fidelity_are_exact() -> None:
    x, w = operands(1, 1, 64, 40)
    fast, exact = (FusedEngine(AnalogEngine(lambda _: Noise(c0=1e-4), fast=f), threads=1) for f in (True, False))
    np.testing.assert_array_equal(compute(fast, call_of(x, w), x, w), compute(exact, call_of(x, w), x, w))
    assert (fast.stats.exact_for_size, exact.stats.exact_for_size) == (1, 0)


def test_engines_need_a_thread() -> None:
    with pytest.raises(ValueError, match="0 threads"):
        make_engine("noisy", noise_of=None, threads=0)


def test_half_precision_keeps_its_type() -> None:
    x, w = (v.astype(np.float16) for v in operands())
    reference, fused = both(call_of(x, w), x, w, Noise(c0=1e-3))
    assert fused.dtype == np.float16
    np.testing.assert_allclose(fused.astype(float), reference.astype(float), rtol=2e-3, atol=1e-3)
