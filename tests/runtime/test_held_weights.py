"""Weights are written some slices at a time: the pieces make up what writing all at once gives."""

import tracemalloc

import numpy as np
import pytest
from runtime_programs import kernel_spec

from heliograph.ir.dialects import Adc, Quant
from heliograph.runtime.engines import AnalogEngine, KernelCall, Noise, compute, held, make_engine
from heliograph.runtime.engines.call import HeldWeights

LEAK = np.random.default_rng(9).uniform(0, 0.02, (8, 8))
NOISE = Noise(c0=1e-3, c3=1e-4, extinction_floor=0.01, leak=LEAK, weight_sigma=0.01)


def call_of(k: int, columns: int, signs: tuple[str, str] = ("offset", "two-pass")) -> KernelCall:
    formats = Quant(6, "row", "dynamic", signs[0]), Quant(6, "col", "absmax", signs[1]), Adc(6.3, "full-scale", 1)
    return KernelCall(kernel_spec(k, columns, formats, 8, 8), 3, name="/MatMul")


def weights(batch: int, k: int, columns: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((batch, k, columns)).astype(np.float32)


@pytest.mark.parametrize("shape", [(1, 301, 37), (3, 45, 16), (2, 7, 70)])
def test_pieces_make_up_the_whole(shape, monkeypatch) -> None:
    call, w, engine = call_of(*shape[1:]), weights(*shape), AnalogEngine(lambda _: NOISE, seed=5)
    whole = engine.hold(call, w)
    monkeypatch.setattr(held, "_BLOCK", 1)
    assert len(engine.writer(call, w).pieces()) == 2 * -(-shape[1] // 8)
    pieces = engine.hold(call, w)
    for one, other in zip(whole.parts, pieces.parts, strict=True):
        np.testing.assert_allclose(one.light, other.light, rtol=1e-6, atol=1e-7)
        np.testing.assert_array_equal(one.known, other.known)
    np.testing.assert_allclose(whole.code_sum, pieces.code_sum, rtol=1e-5, atol=1e-4)  # float32 sums
    assert pieces.nbytes == whole.nbytes


def test_light_leaks_within_the_outputs_of_a_tile() -> None:
    w = weights(1, 16, 21)
    dry, wet = (AnalogEngine(lambda _, leak=leak: Noise(leak=leak)).hold(call_of(16, 21), w) for leak in ((), LEAK))
    for one, other in zip(dry.parts, wet.parts, strict=True):
        wanted = one.light.copy()
        for first in (0, 8, 16):
            for q in range(min(8, 21 - first)):
                for other_q in range(min(8, 21 - first)):
                    wanted[..., first + q] += LEAK[q][other_q] * one.light[..., first + other_q]
        np.testing.assert_allclose(other.light, wanted, rtol=1e-5)


def fused(threads: int):
    pytest.importorskip("llvmlite")
    return make_engine("noisy", noise_of=lambda _: NOISE, seed=5, threads=threads)


@pytest.mark.parametrize("signs", [("offset", "two-pass"), ("two-pass", "offset"), ("balanced", "balanced")])
def test_threads_that_write_give_the_same_bytes(signs) -> None:
    w, x = weights(1, 1000, 300), np.random.default_rng(1).standard_normal((1, 20, 1000)).astype(np.float32)
    call = call_of(1000, 300, signs)
    one, four = (compute(fused(threads), call, x, w) for threads in (1, 4))
    np.testing.assert_array_equal(one, four)
    reference = compute(AnalogEngine(lambda _: NOISE, seed=5), call, x, w)
    assert np.mean(np.abs(one - reference) > 1e-5 * np.abs(reference).max()) < 0.5  # of 125 or 250 codes each


def test_packing_takes_little_more_memory_than_is_kept() -> None:
    w, call, engine = weights(1, 2048, 1024), call_of(2048, 1024, ("unipolar", "balanced")), fused(1)
    engine.hold(call, w)  # compiles
    tracemalloc.start()
    kept: HeldWeights = engine.hold(call, w)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < kept.nbytes + 24 * held._BLOCK
