"""Fast fidelity in one product: the compiled kernel against numpy, its variance against all products, its verdict."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from engine_cases import SIGNS, kinds_of_code
from runtime_programs import kernel_spec
from test_engine_random import ks_distance
from test_windows import convolution, image

from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.dialects import Adc, Quant
from heliograph.ir.reference.converters import adc_range, signs
from heliograph.runtime.engines import AnalogEngine, KernelCall, Noise, compute
from heliograph.runtime.engines.coding import encode
from heliograph.runtime.engines.detect import drawn_at_once, slice_light
from heliograph.runtime.engines.grouped import features, grouped_variance, weight_features
from heliograph.runtime.engines.held import Part
from heliograph.runtime.engines.suits import GROUPING_LIMIT, Verdict
from heliograph.runtime.windows import as_streamed

pytest.importorskip("llvmlite")
from heliograph.runtime.engines.fused import FusedEngine, Isa
from heliograph.runtime.engines.fused import engine as fused_engine
from heliograph.runtime.engines.fused.judge import Judge
from heliograph.runtime.engines.fused.once.pack import OnceWeights
from heliograph.runtime.engines.fused.once.units import Element

HOST = kinds_of_code()
SCHEMES = [(HOST[0], lhs, rhs) for lhs in SIGNS for rhs in SIGNS] + [(isa, s, s) for isa in HOST[1:] for s in SIGNS]
LEAK = np.full((100, 100), 0.003)
ALL_TERMS = Noise(2e-3, 1e-4, 4e-3, -3e-3, 0.01, LEAK, 0.003, 0.012)


@pytest.fixture
def always_fast(monkeypatch):
    """Calls of any size are fast, whatever the sample says."""
    monkeypatch.setattr(fused_engine, "_WORTH_JUDGING", 0)
    for judge, name in ((AnalogEngine, "judge"), (Judge, "__call__")):
        monkeypatch.setattr(judge, name, lambda *_: Verdict.FAST)


def operands(batch=1, rows=13, k=45, columns=21, *, shared=False, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((batch, rows, k)).astype(np.float32)
    w = rng.standard_normal((1 if shared else batch, k, columns)).astype(np.float32)
    return x, np.broadcast_to(w, (batch, k, columns))


def call_of(x, w, scheme=("two-pass", "balanced"), bits=(8, 8, 10.0), tile=8, repeats=1, scale="dynamic", axis="row"):
    lhs, rhs = Quant(bits[0], axis, scale, scheme[0]), Quant(bits[1], "col", "absmax", scheme[1])
    return KernelCall(
        kernel_spec(x.shape[2], w.shape[2], (lhs, rhs, Adc(bits[2], "full-scale", repeats)), tile, tile), 3
    )


def fused_of(noise, *, isa=HOST[0], threads=1, seed=5) -> FusedEngine:
    return FusedEngine(AnalogEngine(lambda _: noise, fast=True, seed=seed), threads=threads, isa=isa)


def agree(call, x, w, noise, isa=HOST[0]) -> OnceWeights:
    """Compare the kernel with numpy; returns what it held."""
    wanted = compute(AnalogEngine(lambda _: noise, fast=True, seed=5), call, x, w)
    engine = fused_of(noise, isa=isa)
    held = engine.hold(call, w)
    assert isinstance(held, OnceWeights)
    got = engine.multiply(call, x, held)
    assert (engine.stats.fused_calls, engine.stats.fast_calls, engine.stats.fast_by_products) == (1, 1, 0)
    np.testing.assert_allclose(got, wanted, atol=2e-4 * np.abs(wanted).max())
    return held


@pytest.mark.parametrize(("isa", "lhs", "rhs"), SCHEMES)
def test_every_sign_scheme(always_fast, isa, lhs, rhs) -> None:
    x, w = operands(batch=2)
    x, w = (np.abs(x) if lhs == "unipolar" else x), (np.abs(w) if rhs == "unipolar" else w)
    agree(call_of(x, w, (lhs, rhs), repeats=2), x, w, ALL_TERMS, isa)


@pytest.mark.parametrize("isa", HOST)
@pytest.mark.parametrize("tile", [1, 7, 8, 36, 100])
def test_slices_of_any_size(always_fast, tile, isa) -> None:
    noise = Noise(1e-3, 1e-3, 4e-3, -3e-3, 0.02)
    for k, bits in itertools.product((1, 45, 130, 600), (7, 8) if isa is Isa.VNNI else (0,)):
        x, w = operands(rows=3, k=k, columns=5)
        agree(call_of(x, w, bits=(bits, bits, 10.0), tile=tile), x, w, noise, isa)


@pytest.mark.parametrize(
    "noise",
    [Noise(c0=0.1), Noise(c1=0.1), Noise(c2=0.1), Noise(c3=0.1), Noise(c0=0.01, isi=0.2), Noise(c2=0.1, isi=0.2)],
)
def test_every_noise_term(always_fast, noise) -> None:
    x, w = operands(batch=2)
    agree(call_of(x, w), x, w, noise)


@pytest.mark.skipif(Isa.VNNI not in HOST, reason="a CPU with int8 and int16 dot products")
@pytest.mark.parametrize(
    ("scheme", "bits", "noise", "element"),
    [
        ("two-pass", (7, 7), Noise(c0=0.1), Element.INT8),
        ("unipolar", (8, 7), Noise(c0=0.1), Element.INT8),
        ("balanced", (8, 7), Noise(c0=0.1), Element.INT16),
        ("two-pass", (7, 8), Noise(c0=0.1), Element.INT16),
        ("two-pass", (7, 7), ALL_TERMS, Element.INT16),
        ("two-pass", (12, 8), Noise(c0=0.1), Element.INT16),
        ("two-pass", (15, 15), Noise(c0=0.1), Element.INT16),
        ("two-pass", (16, 8), Noise(c0=0.1), Element.FLOAT),
        ("two-pass", (8, 0), Noise(c0=0.1), Element.FLOAT),
    ],
)
def test_numbers_are_as_narrow_as_codes_allow(always_fast, scheme, bits, noise, element) -> None:
    x, w = operands(rows=20, k=3000, columns=70)
    x = np.abs(x) if scheme == "unipolar" else x
    x[0], w = 1.0, np.where(np.arange(70) < 10, 1.0, w).astype(np.float32)  # the largest sums there are
    assert agree(call_of(x, w, (scheme, "balanced"), (*bits, 10.0)), x, w, noise).units.element is element


def test_two_parts_whose_errors_add_up_stay_in_range(always_fast) -> None:
    x, w = operands(k=64)
    agree(call_of(x, w, ("balanced", "two-pass")), x, w, Noise(c0=0.01, weight_sigma=0.02))


@pytest.mark.parametrize("isa", HOST)
@pytest.mark.parametrize("columns", [1, 16, 37, 70, 133])
@pytest.mark.parametrize("rows", [1, 5, 12, 33])
def test_ragged_sizes(always_fast, rows, columns, isa) -> None:
    for shared in (False, True):
        x, w = operands(3, rows, 45, columns, shared=shared)
        agree(call_of(x, w), x, w, ALL_TERMS, isa)


@pytest.mark.parametrize("shape", [(1, 400, 300, 30), (3, 50, 300, 200), (1, 1, 1500, 2048), (2, 7, 50, 16)])
@pytest.mark.parametrize("bits", [(7, 7, 10.0), (8, 8, 10.0), (0, 0, 10.0)])
def test_every_cut_gives_the_same_bytes(always_fast, monkeypatch, shape, bits) -> None:
    x, w = operands(*shape)
    call = call_of(x, w, bits=bits)
    noise = Noise(1e-2, 1e-3, 1e-3, 1e-3, 0.01, isi=0.01)
    wanted = compute(fused_of(noise), call, x, w)
    for threads in (2, 5):
        np.testing.assert_array_equal(compute(fused_of(noise, threads=threads), call, x, w), wanted)
    some = max(shape[1] // 2, 1)
    np.testing.assert_array_equal(compute(fused_of(noise), call, x[:, :some], w)[0], wanted[0, :some])
    monkeypatch.setattr("heliograph.runtime.engines.fused.once.run._SCRATCH_BYTES", 1)
    np.testing.assert_array_equal(compute(fused_of(noise), call, x, w), wanted)


def test_views_and_other_types(always_fast) -> None:
    x, w = operands(2, 12, 45, 20)
    call = call_of(x, w)
    wanted = compute(fused_of(ALL_TERMS), call, x, w)
    for inputs in (np.asfortranarray(x), np.repeat(x, 2, axis=2)[:, :, ::2]):
        np.testing.assert_array_equal(compute(fused_of(ALL_TERMS), call, inputs, w), wanted)
    half = compute(fused_of(ALL_TERMS), call, x.astype(np.float16), w.astype(np.float16))
    assert half.dtype == np.float16
    np.testing.assert_allclose(half, wanted, atol=0.05 * np.abs(wanted).max())


@pytest.mark.parametrize("axis", ["row", "tensor"])
def test_scales_of_any_kind(always_fast, axis) -> None:
    x, w = operands(2, 12, 45, 20)
    x[0, 3], x[1, 4] = 0, 1e-30
    agree(call_of(x, w, axis=axis), x, w, ALL_TERMS)
    static = call_of(x, w, scale="static")
    x[1, 1, 5] = 3e38  # far beyond the scale: cut off
    agree(KernelCall(static.spec, 3, lhs_scale=0.5), x, w, ALL_TERMS)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("row", [0, 1])
def test_modulators_refuse_what_is_not_finite(bad, row) -> None:
    """In rows of the sample and in others."""
    x, w = operands(1, 3000, 64, 40)
    x[0, row, 3] = bad
    call = KernelCall(call_of(x, w).spec, 3, name="/block/MatMul")
    with pytest.raises(HeliographError, match=r"HG5002 at node '/block/MatMul': 1 of 192000 "):
        compute(fused_of(Noise(c0=0.1)), call, x, w)


def variances(x, w, noise, tile, scheme) -> tuple[np.ndarray, np.ndarray]:
    """Variance of all slices but for c0, from all products and from groups [M, N]."""
    lhs, k = Quant(8, "row", "dynamic", scheme), x.shape[2]
    scale = np.abs(x).max(axis=2, keepdims=True)
    slices = -(-k // tile)
    padded = np.zeros((1, slices * tile, w.shape[2]), np.float32)
    padded[:, :k] = w
    part = Part(1, padded.reshape(1, slices, tile, -1), None)
    held, true, grouped = weight_features(noise, [part], k), 0, 0
    for sign in signs(lhs):
        codes = encode(x, scale, lhs, sign)
        floor = noise.extinction_floor
        true = true + drawn_at_once(noise, slice_light(codes, tile, slices, floor), part.light)
        grouped = grouped + grouped_variance(features(slice_light(codes, tile, slices, 0), k, floor), held)
    return np.asarray(true)[0], np.asarray(grouped)[0]


@pytest.mark.parametrize("scheme", ["unipolar", "two-pass", "balanced"])
@pytest.mark.parametrize("tile", [8, 12, 64])
@pytest.mark.parametrize(
    "noise", [Noise(c1=0.01), Noise(c2=0.01), Noise(c3=0.01), Noise(c2=0.01, c3=-0.01), Noise(0, 0.01, 0.01, 0.01, 0.1)]
)
def test_groups_give_the_variance(scheme, tile, noise) -> None:
    """Of light noise alone: without that of the ADC, which is exact."""
    x, w = operands(1, 40, 1500, 50)
    x = np.maximum(x, 0) if scheme == "unipolar" else x
    if scheme == "balanced":  # a field without light has no floor
        noise = replace(noise, extinction_floor=0.0)
    true, grouped = variances(x, w / np.abs(w).max(), noise, tile, scheme)
    assert np.mean(grouped) == pytest.approx(np.mean(true), rel=0.01)
    assert np.sqrt(np.mean((np.sqrt(grouped / true) - 1) ** 2)) < 0.05
    assert np.corrcoef(grouped.ravel(), true.ravel())[0, 1] > 0.8  # follows rows and columns
    assert (grouped >= 0).all()


def test_groups_follow_structure_along_the_contracted_axis() -> None:
    """Strong light on strong weights, in runs that are longer than a group."""
    x, w = operands(1, 20, 4096, 30)
    strength = np.where(np.arange(4096) // 512 % 2, 0.1, 1).astype(np.float32)
    true, grouped = variances(x * strength, w * strength[:, None] / np.abs(w).max(), Noise(c1=0.01), 8, "two-pass")
    np.testing.assert_allclose(grouped, true, rtol=0.15)
    assert np.mean(grouped) == pytest.approx(np.mean(true), rel=0.01)


@pytest.mark.parametrize("kind", ["int8", "int16"])
def test_results_have_the_distribution_of_all_products(kind) -> None:
    """Error of every output by its own true standard deviation: standard normal."""
    noise = Noise(2e-3, 1e-3, 4e-3, 2e-3)
    x, w = operands(1, 300, 1024, 200)
    call = call_of(x, w, bits=(7, 7, 9.0) if kind == "int8" else (8, 8, 9.0))
    engine = fused_of(noise)
    got = compute(engine, call, x, w)[0].astype(float)
    assert (engine.stats.fast_calls, engine.stats.fast_by_products) == (1, 0)
    spec = call.spec
    scale, own = np.abs(x).max(axis=2, keepdims=True), np.abs(w).max(axis=1, keepdims=True)
    codes = [encode(x, scale, spec.lhs, sign).astype(float) for sign in (1, -1)]
    written = encode(w, own, spec.rhs, 1)
    drawn = sum(drawn_at_once(noise, slice_light(c, 8, 128, 0), written.reshape(1, 128, 8, -1)) for c in codes)
    spread = drawn + 256 * (noise.c0 + adc_range(spec, None).step ** 2 / 12)
    errors = (got / (scale * own) - (codes[0] - codes[1]) @ written)[0] / np.sqrt(spread[0])
    assert errors.var() == pytest.approx(1, abs=0.02)
    assert abs(errors.mean()) < 4 / np.sqrt(errors.size)
    assert ks_distance(errors) < 1.95 / np.sqrt(errors.size) + 0.002
    for axis in (0, 1):  # no row and no column stands out
        assert np.abs(errors.var(axis=axis) - 1).max() < 5 * np.sqrt(2 / errors.shape[axis])


def test_fast_and_exact_errors_are_alike_on_a_real_target() -> None:
    from heliograph.runtime.engines import target_noise

    x, w = operands(1, 400, 512, 64)
    call = call_of(x, w, bits=(8, 8, 9.0))
    noise = target_noise("awgr8-28g")(call.spec)
    quiet = compute(AnalogEngine(lambda _: Noise()), call_of(x, w, bits=(8, 8, 0.0)), x, w)
    errors = []
    for fast in (True, False):
        engine = FusedEngine(AnalogEngine(lambda _: noise, fast=fast, seed=1), threads=1)
        errors.append((compute(engine, call, x, w) - quiet).astype(float))
        assert (engine.stats.fast_calls, engine.stats.fast_by_products) == (fast, 0)
    frozen = np.mean([e.mean(axis=1) for e in errors], axis=0)  # errors of weights are the same for both
    quick, exact = (e - frozen[:, None] for e in errors)
    assert quick.var() == pytest.approx(exact.var(), rel=0.03)
    for axis in (1, 2):
        np.testing.assert_allclose(quick.var(axis=axis), exact.var(axis=axis), rtol=1.0)


def judged(noise, x, w, call=None, **options) -> Verdict:
    engine = fused_of(noise, **options)
    call = call or call_of(x, w)
    held = engine.hold(call, w)
    found = engine._judge(call, as_streamed(x), held, engine._scale(call, as_streamed(x)))
    assert found is engine._numpy.judge(call, as_streamed(x), held.sample)
    return found


def test_strong_light_on_strong_weights_asks_for_all_products() -> None:
    noise = Noise(c1=0.01)
    x, w = operands(1, 300, 256, 80)
    strength = np.where(np.arange(256) % 2, 0.05, 1).astype(np.float32)
    assert judged(noise, x, w, call_of(x, w, bits=(8, 8, 12.0))) is Verdict.FAST
    x, w = x * strength, w * strength[:, None]
    call = call_of(x, w, bits=(8, 8, 12.0))
    assert judged(noise, x, w, call) is Verdict.UNEVEN
    engines = [fused_of(noise), AnalogEngine(lambda _: noise, fast=True, seed=5)]
    results = [compute(e, call, x, w) for e in engines]
    np.testing.assert_allclose(*results, atol=2e-4 * np.abs(results[0]).max())
    for engine in engines:
        assert (engine.stats.fast_calls, engine.stats.fast_by_products) == (1, 1)


def test_the_limit_of_grouping_is_on_the_standard_deviation_of_outputs() -> None:
    """Little light noise beside that of the ADC: the same operands may then be grouped."""
    x, w = operands(1, 300, 256, 80)
    strength = np.where(np.arange(256) % 2, 0.05, 1).astype(np.float32)
    x, w = x * strength, w * strength[:, None]
    assert judged(Noise(c0=0.02, c1=1e-4), x, w) is Verdict.FAST
    assert GROUPING_LIMIT <= 0.03


def test_batch_entries_are_judged_with_weights_of_their_own() -> None:
    x, w = operands(12, 40, 256, 40)
    w = w.copy()
    assert judged(Noise(c0=1e-3), x, w) is Verdict.FAST
    coarse = call_of(x, w, bits=(8, 8, 2.0))
    assert judged(Noise(c0=1e-3), x, w, coarse) is Verdict.COARSE


def test_verdicts_depend_on_operands_alone() -> None:
    x, w = operands(1, 200, 256, 80)
    for bits in np.arange(4.0, 8.0, 0.5):
        call = call_of(x, w, bits=(8, 8, bits))
        found = {judged(Noise(c0=1e-3), x, w, call, seed=seed) for seed in range(4)}
        assert len(found) == 1


@pytest.mark.parametrize("isa", HOST)
@pytest.mark.parametrize("noise", [ALL_TERMS, Noise(c0=0.1), Noise(c0=0.1, isi=0.1)])
@pytest.mark.parametrize(("bits", "scheme"), [(8, "two-pass"), (7, "offset")])
def test_windows_give_the_bytes_of_their_matrix(always_fast, isa, noise, bits, scheme) -> None:
    """Rows that lie in one piece are encoded as they lie where no features are asked for; windows side by side."""
    for stride, size in ((1, 20), (2, 20), (1, 5)):
        inputs = convolution(image(2, 5, size, size), stride=stride)
        matrix = np.ascontiguousarray(inputs.matrix())
        w = operands(1, 1, 45, 21)[1]
        call = call_of(matrix, w, (scheme, "balanced"), bits=(bits, bits, 10.0))
        wanted = compute(fused_of(noise, isa=isa), call, matrix, w)
        for threads in (1, 3):
            engine = fused_of(noise, isa=isa, threads=threads)
            np.testing.assert_array_equal(compute(engine, call, inputs, w), wanted)


@pytest.mark.parametrize("isa", HOST)
@pytest.mark.parametrize("bits", [7, 8])
@pytest.mark.parametrize("columns", [1, 3, 4, 5])
def test_few_columns(always_fast, isa, bits, columns) -> None:
    """Their sums are had one by one; more than one chunk of words, the last of which is no whole vector."""
    x, w = operands(2, 19, 3000, columns)
    for noise in (Noise(c0=0.1), ALL_TERMS):
        agree(call_of(x, w, bits=(bits, bits, 10.0)), x, w, noise, isa)


@pytest.mark.skipif(Isa.VNNI not in HOST, reason="a CPU with int16 dot products")
@pytest.mark.parametrize("bits", [8, 12, 15])
@pytest.mark.parametrize("tile", [8, 12, 100])
def test_sums_of_the_variance_stay_in_range(always_fast, bits, tile) -> None:
    """Rows of the largest codes there are, of both signs: sums of pairs are of int16 where that holds them."""
    x, w = operands(rows=20, k=601, columns=20)
    x[0, :3] = [[1.0], [-1.0], [0.5]]
    x[0, 2, ::2] = -1.0
    noise = Noise(c1=0.1, c2=0.4, c3=0.2)
    assert agree(call_of(x, w, bits=(bits, 8, 10.0), tile=tile), x, w, noise).units.element is Element.INT16
