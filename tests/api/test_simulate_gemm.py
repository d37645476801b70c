"""`heliograph.simulate_gemm`: numpy's shapes, the target's physics, coded errors."""

import os
import time

import numpy as np
import pytest

import heliograph
from heliograph import HeliographError, OpticalGemm, simulate_gemm

TARGETS = ["awgr8-28g", "dptc12-5g", "ringbank12-5g", "mzi12-5g", "netcast-wdm", "ideal"]


def normal(*shape, dtype=np.float32):
    """The same numbers for the same shape, whatever other tests do."""
    return np.random.default_rng(shape).standard_normal(shape).astype(dtype)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("engine", ["ideal", "quantized", "noisy"])
def test_every_family_multiplies(target, engine) -> None:
    x, w = normal(20, 50), normal(50, 30)
    got = simulate_gemm(x, w, target=target, engine=engine)
    assert got.dtype == np.float32
    error = np.sqrt(np.mean((got - x @ w) ** 2)) / np.std(x @ w)
    assert error < (1e-5 if "ideal" in (target, engine) else 0.5)
    assert (error > 0.01) == ("ideal" not in (target, engine))


@pytest.mark.parametrize(
    ("x", "w"),
    [
        ((4, 5), (5, 3)),
        ((5,), (5, 3)),
        ((4, 5), (5,)),
        ((5,), (5,)),
        ((2, 4, 5), (5, 3)),
        ((2, 4, 5), (2, 5, 3)),
        ((7, 1, 4, 5), (2, 5, 3)),
        ((4, 5), (2, 5, 3)),
        ((5,), (2, 5, 3)),
        ((2, 4, 5), (1, 5, 3)),
        ((0, 5), (5, 3)),
        ((4, 0), (0, 3)),
        ((4, 5), (5, 0)),
        ((0, 4, 5), (5, 3)),
    ],
)
def test_shapes_are_those_of_numpy(x, w) -> None:
    a, b = normal(*x), normal(*w)
    for engine in ("ideal", "noisy"):
        got = simulate_gemm(a, b, target="ideal", engine=engine)
        assert got.shape == (a @ b).shape
        np.testing.assert_allclose(got, a @ b, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_keep_their_type(dtype) -> None:
    assert simulate_gemm(normal(3, 9, dtype=dtype), normal(9, 4, dtype=dtype)).dtype == dtype


@pytest.mark.parametrize(("given", "found"), [(np.int8, np.float32), (np.uint16, np.float32), (np.int64, np.float64)])
def test_integers_count_as_floats(given, found) -> None:
    x = np.random.default_rng(1).integers(0, 9, (3, 9)).astype(given)
    got = simulate_gemm(x, x.T, target="ideal")
    assert got.dtype == found
    np.testing.assert_allclose(got, x.astype(float) @ x.T.astype(float))


def test_layout_of_memory_does_not_matter() -> None:
    x, w = normal(12, 40), normal(40, 10)
    wanted = simulate_gemm(x, w)
    x.setflags(write=False)
    w.setflags(write=False)
    wide = np.zeros((24, 80), np.float32)
    wide[::2, ::2] = x
    for a, b in ((x, w), (np.asfortranarray(x), np.asfortranarray(w)), (wide[::2, ::2], w[::-1][::-1])):
        np.testing.assert_array_equal(simulate_gemm(a, b), wanted)
    np.testing.assert_array_equal(simulate_gemm(x.tolist(), w).astype(np.float32)[:, 0].shape, (12,))


def test_seed_and_options() -> None:
    x, w = normal(12, 40), normal(40, 10)
    first = simulate_gemm(x, w, seed=3)
    np.testing.assert_array_equal(first, simulate_gemm(x, w, seed=3))
    assert np.any(first != simulate_gemm(x, w, seed=4))
    wider = simulate_gemm(x, w, target="awgr8-28g{opu.ports_in=16,opu.ports_out=16}", engine="quantized")
    assert np.any(wider != simulate_gemm(x, w, engine="quantized"))
    calibrated = simulate_gemm(x, w, target="awgr8-28g{precision.adc_range=calibrated}", engine="quantized")
    plain = simulate_gemm(x, w, engine="quantized")
    assert np.std(calibrated - x @ w) < np.std(plain - x @ w) / 2


def test_signs_that_are_not_there_cost_no_pass() -> None:
    x, w = np.abs(normal(12, 40)), normal(40, 10)
    unsigned, signed = OpticalGemm(w), OpticalGemm(w)
    unsigned(x)
    signed(x - 0.5)
    assert signed.stats.partial_sums == 2 * unsigned.stats.partial_sums


def test_a_held_operand_is_written_once_and_noise_stays_the_same() -> None:
    w = normal(40, 10)
    held = OpticalGemm(w, seed=5)
    for rows in (1, 7, 12):
        x = normal(rows, 40)
        np.testing.assert_array_equal(held(x), simulate_gemm(x, w, seed=5))
    stack = normal(3, 6, 40)
    np.testing.assert_array_equal(held(stack), held(stack.reshape(18, 40)).reshape(3, 6, 10))


@pytest.mark.parametrize("engine", ["ideal", "quantized", "noisy"])
def test_a_held_stack_meets_stacks_of_any_size(engine) -> None:
    w = normal(2, 6, 5)
    held = OpticalGemm(w, engine=engine, seed=5)
    for batch in ((2,), (7, 2), (1,), (2,)):
        x = normal(*batch, 4, 6)
        np.testing.assert_array_equal(held(x), simulate_gemm(x, w, engine=engine, seed=5))


def test_rows_do_not_depend_on_those_behind_them() -> None:
    x, w = normal(50, 40), normal(40, 10)
    np.testing.assert_array_equal(simulate_gemm(x, w)[:20], simulate_gemm(x[:20], w))


@pytest.mark.parametrize(
    ("x", "w", "code", "says"),
    [
        (normal(3, 4), normal(5, 6), "HG1203", r"\(3, 4\).*\(5, 6\)"),
        (normal(2, 3, 4), normal(3, 4, 6), "HG1203", "cannot be multiplied"),
        (normal(3, 4), 2.0, "HG1203", "w is a scalar"),
        ([[1, 2], [3]], normal(2, 2), "HG1203", "x is no array"),
        (normal(3, 4).astype(complex), normal(4, 6), "HG1204", "x is complex128"),
        (normal(3, 4), np.full((4, 6), "a"), "HG1204", "w is <U1"),
        (normal(3, 4) > 0, normal(4, 6), "HG1204", "x is bool"),
        (np.array([[None]]), normal(1, 6), "HG1204", "x is object"),
        (np.full((3, 4), np.nan), normal(4, 6), "HG5002", "NaN"),
        (normal(3, 4), np.full((4, 6), np.inf), "HG5002", "infinite"),
        (np.ma.masked_greater(normal(3, 4), 0), normal(4, 6), "HG1204", "x has . masked entries"),
    ],
)
def test_bad_operands(x, w, code, says) -> None:
    with pytest.raises(HeliographError, match=says) as caught:
        simulate_gemm(x, w)
    assert caught.value.diagnostics[0].code == code


def test_masks_that_hide_nothing_are_no_obstacle() -> None:
    x, w = normal(3, 4), normal(4, 6)
    np.testing.assert_array_equal(simulate_gemm(np.ma.masked_array(x), w), simulate_gemm(x, w))


def test_tensors_of_torch_that_numpy_cannot_read() -> None:
    torch = pytest.importorskip("torch")
    for x in (torch.ones(3, 4, requires_grad=True), torch.ones(3, 4, dtype=torch.bfloat16)):
        with pytest.raises(HeliographError, match=r"HG1204.*x is a Tensor that is no array"):
            simulate_gemm(x, normal(4, 6))


@pytest.mark.parametrize("fidelity", ["exact", "fast"])
def test_a_calibrated_range_is_that_of_each_call(fidelity) -> None:
    """Whether codes are integers depends on the ADC's steps: an operand laid out for one range suits no other."""
    target, w = "awgr8-28g{precision.adc_range=calibrated}", normal(300, 70)
    held = OpticalGemm(w, target=target, fidelity=fidelity)
    for share in (1, 0.05, 0.02, 1):
        x = np.where(np.random.default_rng(1).random((100, 300)) < share, normal(100, 300), 0).astype(np.float32)
        np.testing.assert_array_equal(held(x), simulate_gemm(x, w, target=target, fidelity=fidelity))


@pytest.mark.parametrize(
    "options",
    [{"engine": "quantized"}, {"fidelity": "exact"}, {"fidelity": "fast"}],
    ids=["quantized", "exact", "fast"],
)
@pytest.mark.parametrize("shape", [(300, 500, 130), (1, 600, 2000), (5, 64, 96, 40), (20000, 100, 1)])
def test_one_two_and_three_threads_give_the_same_bytes(shape, options) -> None:
    x, w = normal(*shape[:-1]), normal(*shape[-2:])
    target = "awgr8-28g{adc.enob=9}"
    results, stats = [], []
    for threads in (1, 2, 3):
        held = OpticalGemm(w, target=target, threads=threads, seed=3, **options)
        results.append(held(x).tobytes())
        stats.append(held.stats)
    assert len(set(results)) == 1
    assert stats[0] == stats[1] == stats[2]
    assert stats[0].fast_calls == (options.get("fidelity") == "fast")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_goes_on_with_a_held_operand() -> None:
    """As workers of torch's DataLoader do. Threads of the parent are not there."""
    x, w = normal(300, 300), normal(300, 70)
    held = OpticalGemm(w, threads=2)
    wanted = held(x)
    child = os.fork()
    if not child:
        os._exit(0 if held(x).tobytes() == wanted.tobytes() else 1)
    deadline = time.monotonic() + 60
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child, 9)
            os.waitpid(child, 0)
            pytest.fail("the child hangs")
        time.sleep(0.01)


@pytest.mark.parametrize(
    "options",
    [
        {"engine": "fast"},
        {"fidelity": "slow"},
        {"seed": 0.5},
        {"seed": True},
        {"target": "awgr99"},
        {"target": None},
        {"target": 8},
        {"target": "awgr8-28g{opu.ports=3}"},
        {"device": "nonsense"},
        {"device": "cpu", "engine": "ideal"},
    ],
)
def test_bad_options(options) -> None:
    with pytest.raises(HeliographError, match="HG"):
        simulate_gemm(normal(3, 4), normal(4, 6), **options)


def test_on_a_device_of_torch() -> None:
    pytest.importorskip("torch")
    x, w = normal(200, 40), normal(40, 10)
    here, there = simulate_gemm(x, w), heliograph.simulate_gemm(x, w, device="cpu")
    assert np.std(there - x @ w) == pytest.approx(np.std(here - x @ w), rel=0.1)
