"""The engine on torch against the engine that defines the arithmetic, also on a GPU where there is one."""

import subprocess
import sys

import numpy as np
import pytest
from engine_cases import ALL_TERMS, NOISE_TERMS, SIGNS
from runtime_programs import kernel_spec

from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.dialects import Adc, Quant
from heliograph.runtime.engines import AnalogEngine, KernelCall, Noise, compute
from heliograph.runtime.engines.stream import NormalStream
from heliograph.runtime.torch_engine import TorchEngine, open_device

pytest.importorskip("torch")
import torch

from heliograph.runtime.torch_engine.stream import cubics_on, normals, seed_states, step

DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU"))]
STEADY = Noise(0, 0, 0, 0, 0.02, np.full((8, 8), 0.01), 0.01, 0.05)  # all that is not drawn per detection
LOUD = Noise(0.01, 0.004, 0.001, 0.02, 0.01)


def operands(rows=37, k=19, columns=21, batch=2):
    rng = np.random.default_rng(5)
    x = rng.standard_normal((batch, rows, k)).astype(np.float32)
    return x, rng.uniform(-1, 1, (batch, k, columns)).astype(np.float32)


def call_of(x, w, signs=("two-pass", "balanced"), bits=(6, 6, 6.3), tile=8, repeats=1, axis="row") -> KernelCall:
    lhs, rhs = Quant(bits[0], axis, "dynamic", signs[0]), Quant(bits[1], "col", "absmax", signs[1])
    spec = kernel_spec(x.shape[2], w.shape[2], (lhs, rhs, Adc(bits[2], "full-scale", repeats)), tile, tile)
    return KernelCall(spec, 3, name="/block/MatMul")


def engines(device, noise, **options):
    """The definition, and ours."""
    return AnalogEngine(lambda _: noise, seed=5, **options), TorchEngine(device, lambda _: noise, seed=5, **options)


def differing(got, wanted) -> float:
    """Share of outputs in which a code of the ADC fell on the other side of a tie."""
    assert got.dtype == wanted.dtype
    return float(np.mean(np.abs(got - wanted) > 1e-5 * np.abs(wanted).max()))


def both(device, noise, x, w, lhs, rhs, adc, *, fast=False, seed=0):
    call = KernelCall(kernel_spec(x.shape[2], w.shape[2], (lhs, rhs, adc), 8, 8), 3, None, 0.8)
    ours = TorchEngine(device, lambda _: noise, fast=fast, seed=seed)
    return compute(ours, call, x, w), compute(AnalogEngine(lambda _: noise, fast=fast, seed=seed), call, x, w), ours


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("lhs", SIGNS)
@pytest.mark.parametrize("rhs", SIGNS[1:])
def test_equals_the_definition_where_nothing_is_drawn(device, lhs, rhs) -> None:
    x, w = operands()
    if lhs == "unipolar":
        x = np.abs(x)
    formats = (Quant(8, "row", "dynamic", lhs), Quant(8, "col", "absmax", rhs), Adc(6.0, "calibrated"))
    got, wanted, engine = both(device, STEADY, x, w, *formats)
    step = 8 * 2.0**-6 * 4 * np.abs(x).max() * np.abs(w).max()
    assert np.abs(got - wanted).max() <= 2 * step  # one code, where a sum lies between two
    assert np.mean(np.abs(got - wanted) > 1e-4) < 0.01
    assert engine.stats.partial_sums > 0


@pytest.mark.parametrize("device", DEVICES)
def test_streams_are_those_of_the_processor(device) -> None:
    wanted = NormalStream(12345, 1 << 33, 9, 37)
    opened = open_device(device)
    state = seed_states(12345, 1 << 33, 9, 48, opened)
    for _ in range(50):
        bits, state = step(state)
        got = normals(bits, cubics_on(opened)).view(9, 48)[:, :37].cpu().numpy()
        np.testing.assert_allclose(got, wanted.next(), rtol=3e-7, atol=1e-7)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("lhs", SIGNS)
@pytest.mark.parametrize("rhs", SIGNS)
def test_draws_the_numbers_of_the_definition(device, lhs, rhs) -> None:
    x, w = operands(rows=33, k=45)
    x, w = (np.abs(x) if lhs == "unipolar" else x), (np.abs(w) if rhs == "unipolar" else w)
    call = call_of(x, w, (lhs, rhs), repeats=2)
    reference, ours = (compute(e, call, x, w) for e in engines(device, ALL_TERMS))
    assert differing(ours, reference) < 0.005


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("noise", NOISE_TERMS)
@pytest.mark.parametrize("axis", ["row", "tensor"])
def test_every_noise_term(device, noise, axis) -> None:
    x, w = operands(rows=60, k=70, batch=1)
    call = call_of(x, w, bits=(8, 8, 6.0), axis=axis)
    reference, ours = (compute(e, call, x, w) for e in engines(device, noise))
    assert differing(ours, reference) < 0.005


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("isi", [0.0, 0.05])
@pytest.mark.parametrize(("k", "by_products"), [(45, 1), (700, 0)])
def test_fast_fidelity_is_that_of_the_definition(device, k, by_products, shared, isi) -> None:
    x, w = operands(rows=400, k=k)
    w = np.broadcast_to(w[:1], w.shape) if shared else w
    noise = Noise(2e-3, 1e-4, 4e-3, 3e-3, 0.01, np.full((8, 8), 0.005), 0.003, isi)
    call = call_of(x, w, bits=(8, 8, 10.0), repeats=2)
    reference, ours = engines(device, noise, fast=True)
    wanted, got = compute(reference, call, x, w), compute(ours, call, x, w)
    assert (ours.stats.fast_calls, ours.stats.fast_by_products) == (1, by_products)
    assert ours.stats == reference.stats
    np.testing.assert_allclose(got, wanted, atol=2e-6 * np.abs(wanted).max())


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("size", [1e-3, 30])
def test_number_types_and_views(device, dtype, size) -> None:
    x, w = (v.astype(dtype) for v in operands(rows=30, k=40))
    x = np.swapaxes((np.swapaxes(x, 1, 2) * dtype(size)).copy(), 1, 2)[:, ::-1]
    x.setflags(write=False)
    reference, ours = (compute(e, call_of(x, w), x, w).astype(float) for e in engines(device, ALL_TERMS))
    np.testing.assert_array_less(
        np.abs(reference - ours), np.abs(reference).max() * (1e-3 if dtype == np.float16 else 1e-6)
    )


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_products_of_scales_beyond_float32(size) -> None:
    """Rows whose scale times that of the columns is no float32, and rows where it is."""
    x, w = operands()
    x, w = x * np.float32(size), w * np.float32(size**0.4)
    x[:, ::3] *= np.float32(1 / size)
    reference, ours = (compute(e, call_of(x, w), x, w).astype(float) for e in engines("cpu", ALL_TERMS))
    np.testing.assert_array_equal(np.isfinite(ours), np.isfinite(reference))
    off = np.abs(np.subtract(ours, reference, where=np.isfinite(reference), out=np.zeros_like(ours)))
    scales = np.abs(x).max(axis=2, keepdims=True).astype(float) * np.abs(w).max(axis=1, keepdims=True)
    assert np.all(off <= 1e-5 * scales)
    assert np.isfinite(reference[:, ::3]).all()
    assert np.abs(reference[:, ::3]).max() > 0


@pytest.mark.parametrize("shape", [(0, 3, 4, 5), (1, 0, 4, 5), (1, 3, 0, 5), (1, 3, 4, 0)])
def test_empty_operands(shape) -> None:
    batch, rows, k, columns = shape
    x, w = np.ones((batch, rows, k), np.float32), np.ones((batch, k, columns), np.float32)
    assert compute(engines("cpu", ALL_TERMS)[1], call_of(x, w), x, w).shape == (batch, rows, columns)


@pytest.mark.parametrize("axis", ["row", "tensor"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_refuses_what_is_not_finite(axis, bad) -> None:
    x, w = operands()
    x[1, 2, 3] = bad
    for engine in engines("cpu", ALL_TERMS):
        with pytest.raises(HeliographError, match=r"HG5002 at node '/block/MatMul': 1 of 1406 streamed"):
            compute(engine, call_of(x, w, axis=axis), x, w)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("fast", [False, True])
def test_seed_keys_the_noise(device, fast) -> None:
    x, w = operands()
    formats = (Quant(8, "row", "dynamic", "two-pass"), Quant(8, "col", "absmax", "balanced"), Adc(0.0))
    first, again, other = (both(device, LOUD, x, w, *formats, fast=fast, seed=s)[0] for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.all(first != other)


def test_threads_of_torch_do_not_change_the_result() -> None:
    x, w = operands(rows=300, k=64, columns=40)
    formats = (Quant(8, "row", "dynamic", "two-pass"), Quant(8, "col", "absmax", "balanced"), Adc(5.0))
    before = torch.get_num_threads()
    try:
        results = []
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            results.append(both("cpu", LOUD, x, w, *formats)[0])
    finally:
        torch.set_num_threads(before)
    for other in results[1:]:
        np.testing.assert_array_equal(results[0], other)


def test_blocks_and_batches_do_not_change_the_draws() -> None:
    x, w = operands(rows=120, k=45, columns=21, batch=3)
    w = np.broadcast_to(w[:1], w.shape)
    call = call_of(x, w)
    whole = compute(TorchEngine("cpu", lambda _: ALL_TERMS), call, x, w)
    for elements in (1, 21 * 7, 21 * 240):
        cut = TorchEngine("cpu", lambda _: ALL_TERMS, block_elements=elements)
        assert differing(compute(cut, call, x, w), whole) < 1e-3
    alone = compute(TorchEngine("cpu", lambda _: ALL_TERMS), call, x[:1, :17], w[:1])
    assert differing(alone, whole[:1, :17]) < 1e-3


@pytest.mark.parametrize("name", ["nonsense", "cuda:99", "meta:x"])
def test_devices_that_are_not_there(name) -> None:
    with pytest.raises(HeliographError, match="HG5003"):
        open_device(name)


def test_torch_is_not_loaded_before_it_is_asked_for() -> None:
    code = "import sys, heliograph.runtime.torch_engine, heliograph.runtime.selection; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_static_beats_are_left_to_the_processor() -> None:
    x, w = operands()
    formats = (Quant(8, "row", "dynamic", "two-pass"), Quant(8, "col", "absmax", "balanced"), Adc(0.0))
    got, wanted, _ = both("cpu", Noise(beat=np.full((8, 8), 0.05).tolist()), x, w, *formats)
    quiet = both("cpu", Noise(), x, w, *formats)[1]
    np.testing.assert_array_equal(got, wanted)
    assert np.abs(got - quiet).max() > 0.01


def test_variance_of_pairs_is_never_negative() -> None:
    x, w = operands()
    x[:, :, 1:] = 0  # one port is lit, and has nothing to beat with
    formats = (Quant(8, "row", "dynamic", "two-pass"), Quant(8, "col", "absmax", "balanced"), Adc(0.0))
    for fast in (False, True):
        for got in both("cpu", Noise(c2=0.1, c3=-0.1), x, w, *formats, fast=fast)[:2]:
            np.testing.assert_allclose(got, both("cpu", Noise(), x, w, *formats)[1], atol=0.02 * np.abs(got).max())
