"""Products of windows, whose rows are read from the tensor: equal to those of the explicit matrix, on every engine."""

import tracemalloc

import numpy as np
import pytest
from engine_cases import kinds_of_code
from hypothesis import given, settings
from hypothesis import strategies as st
from runtime_programs import contraction, kernel_spec, module, weight

from heliograph.ir.core import TensorType, Value
from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.dialects import AccessMap, Adc, IterSpace, Quant
from heliograph.ir.kernel import build_kernel
from heliograph.ir.weights import Weights
from heliograph.runtime import Executor
from heliograph.runtime.access import resolve, scatter_bound
from heliograph.runtime.engines import AnalogEngine, IdealEngine, KernelCall, Noise, compute, make_engine
from heliograph.runtime.engines.coding import streamed_maximum
from heliograph.runtime.torch_engine import TorchEngine
from heliograph.runtime.windows import Runs, Streamed, Window, WindowPlan, whole

NOISE = Noise(2e-3, 1e-4, 4e-3, 3e-3, 0.01, np.full((8, 8), 0.005), 0.003, 0.05)


def window(tensor, space, index) -> Window:
    access = resolve(space, index, "lhs", {})
    return Window(tensor, WindowPlan(access, tensor.shape))


def image(batch=1, channels=3, height=9, width=9, seed=0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((batch, channels, height, width)).astype(np.float32)


def convolution(tensor, kernel=3, stride=1, pad=1, dilation=1) -> Window:
    """Windows of a 2-D convolution."""
    batch, channels, *sizes = tensor.shape
    rows = [(size + 2 * pad - dilation * (kernel - 1) - 1) // stride + 1 for size in sizes]
    places = [f"{stride}*m{i} + {dilation}*k{i} - {pad}" for i in (1, 2)]
    space = IterSpace(m=(batch, *rows), k=(channels, kernel, kernel), n=(1,))
    return window(tensor, space, AccessMap.of("m0", "k0", *places))


@st.composite
def windows(draw) -> Window:
    """Any convolution: 1 to 3 dimensions, strides, dilations, pads, groups."""
    dims = draw(st.integers(1, 3))
    groups = draw(st.integers(1, 3))
    extents, kernels, shape, places = [], [], [], []
    for axis in range(1, dims + 1):
        kernel, stride, dilation, pad = (draw(st.integers(low, 3)) for low in (1, 1, 1, 0))
        reach = dilation * (kernel - 1) + 1
        size = draw(st.integers(max(1, reach - 2 * pad), 19 if axis == dims else 8))
        extents.append((size + 2 * pad - reach) // stride + 1)
        kernels.append(kernel)
        shape.append(size)
        places.append(f"{stride}*m{axis} + {dilation}*k{axis} - {pad}")
    batch, channels = draw(st.integers(1, 2)), draw(st.integers(1, 3))
    space = IterSpace(b=(groups,), m=(batch, *extents), k=(channels, *kernels), n=(1,))
    tensor = np.random.default_rng(draw(st.integers(0, 99))).standard_normal((batch, groups * channels, *shape))
    index = AccessMap.of("m0", f"{channels}*b0 + k0", *places)
    return window(tensor.astype(np.float32), space, index)


@st.composite
def transposed(draw):
    """Any transposed convolution of small whole numbers: the map, the shape of its result, the matrix."""
    dims, groups, channels = draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(1, 3))
    extents, kernels, shape, places = [], [], [], []
    for axis in range(1, dims + 1):
        size, kernel, stride, dilation, pad = (draw(st.integers(low, 5)) for low in (1, 1, 1, 1, 0))
        extents.append(size)
        kernels.append(kernel)
        shape.append(max(1, (size - 1) * stride + dilation * (kernel - 1) + 1 - 2 * pad))
        places.append(f"{stride}*m{axis} + {dilation}*n{axis} - {pad}")
    space = IterSpace(b=(groups,), m=(2, *extents), k=(1,), n=(channels, *kernels))
    access = resolve(space, AccessMap.of("m0", f"{channels}*b0 + n0", *places), "out", {})
    matrix = np.random.default_rng(draw(st.integers(0, 99))).integers(-4, 5, access.matrix).astype(np.float32)
    return access, (2, groups * channels, *shape), matrix


def product(inputs, columns=3, signs="two-pass", vectors=1, axis="row") -> tuple[KernelCall, np.ndarray]:
    batch, _, k = inputs.shape
    weights = np.random.default_rng(1).standard_normal((batch, k, columns)).astype(np.float32)
    formats = (Quant(6, axis, "dynamic", signs), Quant(6, "col", "absmax", "balanced"), Adc(6.3, "full-scale", 1))
    return KernelCall(kernel_spec(k, columns, formats, vectors=vectors), 3, name="/Conv"), weights


def engines():
    yield IdealEngine()
    yield AnalogEngine(lambda _: NOISE, seed=5)
    for threads in (1, 3):
        yield make_engine("noisy", noise_of=lambda _: NOISE, seed=5, threads=threads)


@settings(max_examples=60, deadline=None)
@given(windows(), st.sampled_from([1, 3, 17, 40]), st.sampled_from(["two-pass", "offset", "balanced", "unipolar"]))
def test_products_of_windows_are_those_of_the_matrix(inputs, vectors, signs) -> None:
    call, weights = product(inputs, signs=signs, vectors=vectors)
    matrix = np.ascontiguousarray(inputs.matrix())
    results = []
    for engine in engines():
        results.append(compute(engine, call, inputs, weights))
        wanted = compute(engine, call, matrix, weights)
        if isinstance(engine, IdealEngine):  # BLAS adds up in another order where the matrix lies otherwise
            np.testing.assert_allclose(results[-1], wanted, atol=1e-4)
        else:
            np.testing.assert_array_equal(results[-1], wanted)
    np.testing.assert_array_equal(results[2], results[3])  # threads


@pytest.mark.parametrize("isa", ["avx512-vnni", "avx512", "avx2", "generic"])
def test_every_kind_of_code_reads_every_kind_of_window(isa) -> None:
    fused = pytest.importorskip("heliograph.runtime.engines.fused")
    if fused.Isa(isa) not in kinds_of_code():
        pytest.skip("this processor has no such code")
    cases = [convolution(image(1, 2, 8, width), kernel=2, pad=0) for width in (33, 12, 7, 4)]  # 1, 2, 4 runs, apart
    cases += [convolution(image(2), stride=2), Streamed(np.ascontiguousarray(convolution(image()).matrix()))]
    assert {n for case in cases[:4] for n in case.float32()[1].runs.counts} == {0, 1, 2, 4}
    for inputs in cases:
        call, weights = product(inputs)
        engine = fused.FusedEngine(AnalogEngine(lambda _: NOISE, seed=5), threads=1, isa=fused.Isa(isa))
        got = compute(engine, call, inputs, weights)
        wanted = compute(AnalogEngine(lambda _: NOISE, seed=5), call, inputs, weights)
        assert engine.stats.fused_calls == 1
        assert np.mean(np.abs(got - wanted) > 1e-5 * np.abs(wanted).max()) < 0.05  # ties of the ADC


@settings(max_examples=40, deadline=None)
@given(windows(), st.sampled_from(["row", "tensor"]))
def test_rows_and_full_scales(inputs, axis) -> None:
    matrix = inputs.matrix()
    batch, rows, _ = matrix.shape
    np.testing.assert_array_equal(inputs.block(slice(0, batch), slice(1, rows)), matrix[:, 1:])
    np.testing.assert_array_equal(inputs.pick(np.array([batch - 1]), np.array([rows - 1])), matrix[-1:, -1])
    quant = Quant(8, axis, "dynamic", "two-pass")
    wanted = np.abs(matrix).max((0, 1, 2) if axis == "tensor" else 2, keepdims=True)
    np.testing.assert_array_equal(streamed_maximum(inputs, quant, "/Conv"), wanted)


def test_full_scale_of_a_tensor_leaves_out_what_no_window_reaches() -> None:
    tensor = image()
    tensor[:, :, 1::2] = 100
    quant = Quant(8, "tensor", "dynamic", "two-pass")
    inputs = convolution(tensor, kernel=1, stride=2, pad=0)
    assert streamed_maximum(inputs, quant, "/Conv").item() == np.abs(tensor[:, :, ::2, ::2]).max()
    call, weights = product(inputs, axis="tensor")
    for engine in engines():
        np.testing.assert_array_equal(
            compute(engine, call, inputs, weights), compute(engine, call, inputs.matrix(), weights)
        )


def test_half_precision() -> None:
    inputs = convolution(image().astype(np.float16))
    call, weights = product(inputs)
    for engine in engines():
        got = compute(engine, call, inputs, weights.astype(np.float16))
        assert got.dtype == np.float16
        np.testing.assert_array_equal(got, compute(engine, call, inputs.matrix(), weights.astype(np.float16)))


@pytest.mark.parametrize("axis", ["row", "tensor"])
def test_what_is_not_finite_is_counted_in_the_matrix(axis) -> None:
    tensor = image()
    tensor[0, 1, 4, 4] = np.nan
    inputs = convolution(tensor)
    call, weights = product(inputs, axis=axis)
    for engine in list(engines())[1:]:
        with pytest.raises(HeliographError, match=f"'/Conv': 9 of {81 * 27} streamed values"):
            compute(engine, call, inputs, weights)


@settings(max_examples=80, deadline=None)
@given(transposed())
def test_transposed_convolutions_are_added_up(case) -> None:
    access, shape, matrix = case
    wanted = scatter_bound(matrix, access, "add", shape)
    for engine in engines():
        for kind in (np.float32, np.float16, np.float64):
            got = engine.fold(matrix.astype(kind), WindowPlan(access, shape))
            assert (got.dtype, got.flags.c_contiguous) == (kind, True)
            np.testing.assert_array_equal(got, wanted)


def test_sums_beyond_half_precision_are_infinite() -> None:
    access = resolve(IterSpace(m=(2,), k=(1,), n=(2,)), AccessMap.of("m0 + n0"), "out", {})
    for engine in engines():
        got = engine.fold(np.full((1, 2, 2), 40000, np.float16), WindowPlan(access, (3,)))
        np.testing.assert_array_equal(got, np.array([40000, np.inf, 40000], np.float16))


def test_runs_of_neighbours() -> None:
    side_by_side = Runs.of(np.arange(35) + 7)
    assert side_by_side.counts.tolist() == [1, 1, 2]
    assert side_by_side.places[:, 0].tolist() == [7, 23, 39]
    assert side_by_side.masks[2].tolist() == [7, 0, 0, 0]
    lines = Runs.of((np.arange(3)[:, None] * 100 + np.arange(7)).reshape(-1))
    assert lines.counts.tolist() == [4, 2]
    assert lines.places[0].tolist() == [0, 100 - 7, 200 - 14, 0]
    assert lines.masks[0].tolist() == [0x7F, 0x3F80, 0xC000, 0]
    assert Runs.of(np.arange(32) * 2).counts.tolist() == [0, 0]


def test_an_array_is_its_own_matrix() -> None:
    array = image()[0]
    assert whole(array) is array
    assert Streamed(array).matrix() is array


@pytest.mark.parametrize("name", ["quantized", "noisy"])
def test_the_matrix_of_windows_is_never_in_memory(name) -> None:
    inputs = convolution(image(8, 16, 64, 64), kernel=5, pad=2)
    call, weights = product(inputs, columns=4)
    engine = make_engine(name, noise_of=lambda _: NOISE, threads=1)
    held = engine.hold(call, weights)
    tracemalloc.start()
    engine.multiply(call, inputs, held)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < inputs.size * 4 / 8


@settings(max_examples=10, deadline=None)
@given(windows(), st.booleans())
def test_windows_on_torch(inputs, fast) -> None:
    pytest.importorskip("torch")
    call, weights = product(inputs)
    engine = TorchEngine("cpu", lambda _: NOISE, fast=fast, seed=2)
    wanted = compute(engine, call, np.ascontiguousarray(inputs.matrix()), weights)
    np.testing.assert_array_equal(compute(engine, call, inputs, weights), wanted)


def convolution_program() -> tuple:
    """A program of one convolution of 2 x 2 on [2, 3, 8, 8]."""
    weights = Weights()
    x = Value(TensorType.of("f32", 2, 3, 8, 8), "x")
    held = weight("w", np.random.default_rng(1).standard_normal((4, 3, 2, 2)).astype(np.float32), weights)
    space = IterSpace(m=(2, 7, 7), k=(3, 2, 2), n=(4,))
    maps = (["m0", "k0", "m1 + k1", "m2 + k2"], ["n0", "k0", "k1", "k2"], ["m0", "n0", "m1", "m2"])
    formats = (Quant(8, "row", "dynamic", "two-pass"), Quant(8, "col", "absmax", "balanced"), Adc(8.0))
    kind = TensorType.of("f32", 2, 4, 7, 7)
    ops = contraction(x, held.result, maps, space, kind, "gemm")
    built = module([held, *ops], [x], [ops[-1].result], [build_kernel("gemm", kernel_spec(12, 4, formats))])
    return built, weights


def test_observers_see_the_matrix() -> None:
    program = convolution_program()
    feeds = {"x": image(2, 3, 8, 8)}
    seen = {}
    observed = Executor(*program, engine="quantized", observer=lambda op, _, value: seen.update({op.name: value}))
    measured = Executor(*program, engine="quantized", measure_snr=True)
    wanted = Executor(*program, engine="quantized").run(feeds)
    for executor in (observed, measured):
        for name, value in executor.run(feeds).items():
            np.testing.assert_array_equal(value, wanted[name])
    assert seen["tile.gather"].shape == (1, 98, 12)
    assert measured.layer_stats[0].snr_db > 20
