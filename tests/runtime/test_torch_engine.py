"""The engine on torch against the engine that defines the arithmetic, also on a GPU where there is one."""

import numpy as np
import pytest
from runtime_programs import kernel_spec
from test_engine_random import ks_distance

from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.dialects import Adc, Quant
from heliograph.runtime.engines import AnalogEngine, KernelCall, Noise, compute
from heliograph.runtime.torch_engine import TorchEngine, open_device

torch = pytest.importorskip("torch")
DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU"))]
SCHEMES = ("two-pass", "balanced", "offset", "unipolar")
STEADY = Noise(0, 0, 0, 0, 0.02, np.full((8, 8), 0.01), 0.01, 0.05)  # all that is not drawn per detection
LOUD = Noise(0.01, 0.004, 0.001, 0.02, 0.01)


def operands(rows=37, k=19, columns=21, batch=2):
    rng = np.random.default_rng(5)
    x = rng.standard_normal((batch, rows, k)).astype(np.float32)
    return x, rng.uniform(-1, 1, (batch, k, columns)).astype(np.float32)


def both(device, noise, x, w, lhs, rhs, adc, *, fast=False, seed=0):
    call = KernelCall(kernel_spec(x.shape[2], w.shape[2], (lhs, rhs, adc), 8, 8), 3, None, 0.8)
    ours = TorchEngine(device, lambda _: noise, fast=fast, seed=seed)
    return compute(ours, call, x, w), compute(AnalogEngine(lambda _: noise, fast=fast, seed=seed), call, x, w), ours


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("lhs", SCHEMES)
@pytest.mark.parametrize("rhs", SCHEMES[:3])
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
@pytest.mark.parametrize("fast", [False, True])
def test_noise_has_the_distribution_of_the_definition(device, fast) -> None:
    x, w = operands(rows=1)
    x = np.repeat(x, 3000, axis=1)
    formats = (Quant(8, "tensor", "dynamic", "two-pass"), Quant(8, "tensor", "absmax", "balanced"), Adc(0.0, repeats=2))
    got, wanted, engine = both(device, LOUD, x, w, *formats, fast=fast)
    quiet = both(device, Noise(), x, w, *formats)[1]
    assert engine.stats.fast_calls == int(fast)
    error, expected = (got - quiet).astype(float), (wanted - quiet).astype(float)
    sigma = expected.std(axis=1, keepdims=True)
    np.testing.assert_allclose(error.std(axis=1, keepdims=True), sigma, rtol=0.06)
    assert np.all(np.abs(error.mean(axis=1)) < 4.5 * sigma[:, 0] / np.sqrt(3000))
    assert ks_distance((error / sigma)[:, :2000].astype(np.float32)) < 0.02
    near = np.corrcoef(error[0, :, 0], error[0, :, 1])[0, 1], np.corrcoef(error[0, :-1, 0], error[0, 1:, 0])[0, 1]
    assert np.all(np.abs(near) < 4.5 / np.sqrt(3000))


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


@pytest.mark.parametrize("name", ["nonsense", "cuda:99", "meta:x"])
def test_devices_that_are_not_there(name) -> None:
    with pytest.raises(HeliographError, match="HG5003"):
        open_device(name)


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
