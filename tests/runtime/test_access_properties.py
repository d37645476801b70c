"""Strided gather and scatter against the reference loops, on random affine maps."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from heliograph.ir.core import sym
from heliograph.ir.dialects import AccessMap, IterSpace
from heliograph.ir.reference import access as reference
from heliograph.runtime.access import gather, overlapping, resolve, scatter

SIZES = {"batch": 2, "width": 3}


@st.composite
def spaces(draw, roles):
    extent = st.one_of(st.integers(1, 4), st.sampled_from([sym("batch"), sym("width"), sym("width") - 1]))
    axes = {role: tuple(draw(st.lists(extent, min_size=0, max_size=2))) for role in "bmkn"}
    space = IterSpace(**axes)
    return space, [a for a in space.axes() if a[0] in roles]


@st.composite
def maps(draw, axes):
    exprs = []
    for _ in range(draw(st.integers(0, 3))):
        expr = sym(draw(st.integers(-3, 4)))
        for axis in draw(st.lists(st.sampled_from(axes), max_size=3)) if axes else []:
            expr = expr + sym(axis) * draw(st.sampled_from([-2, -1, 1, 1, 2, 3]))
        if draw(st.booleans()):
            expr = expr + sym("width") - draw(st.integers(0, 3))
        exprs.append(expr)
    return AccessMap.of(*exprs)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_gather(data) -> None:
    role, roles = data.draw(st.sampled_from([("lhs", "bmk"), ("rhs", "bkn")]))
    space, axes = data.draw(spaces(roles))
    index = data.draw(maps(axes))
    shape = [data.draw(st.integers(1, 5)) for _ in index.exprs]
    tensor = np.arange(1, 1 + int(np.prod(shape)), dtype=np.float32).reshape(shape)
    wanted = reference.gather(tensor, space, index, roles, SIZES)
    np.testing.assert_array_equal(gather(tensor, space, index, role, SIZES), wanted)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_scatter_add(data) -> None:
    space, axes = data.draw(spaces("bmn"))
    index = data.draw(maps(axes))
    shape = [data.draw(st.integers(1, 5)) for _ in index.exprs]
    size = reference.matrix_shape(space, "bmn", SIZES)
    matrix = np.arange(1, 1 + int(np.prod(size)), dtype=np.float64).reshape(size)
    wanted = reference.scatter(matrix, space, index, "add", shape, SIZES)
    np.testing.assert_array_equal(scatter(matrix, space, index, "add", shape, SIZES), wanted)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_scatter_store_where_no_element_is_written_twice(data) -> None:
    space, axes = data.draw(spaces("bmn"))
    index = data.draw(maps(axes))
    if overlapping(resolve(space, index, "out", SIZES)):
        return
    shape = [data.draw(st.integers(1, 5)) for _ in index.exprs]
    size = reference.matrix_shape(space, "bmn", SIZES)
    matrix = np.arange(1, 1 + int(np.prod(size)), dtype=np.float32).reshape(size)
    wanted = reference.scatter(matrix, space, index, "store", shape, SIZES)
    np.testing.assert_array_equal(scatter(matrix, space, index, "store", shape, SIZES), wanted)


def test_unit_strides_are_views() -> None:
    tensor = np.zeros((5, 3, 3, 3), np.float32)
    space = IterSpace(m=(4,), k=(3, 3, 3), n=(5,))
    matrix = gather(tensor, space, AccessMap.of("n0", "k0", "k1", "k2"), "rhs", {})
    assert matrix.shape == (1, 27, 5)
    assert np.shares_memory(matrix, tensor)


def test_batch_that_the_map_ignores_is_not_copied() -> None:
    space = IterSpace(b=(6,), m=(2,), k=(3,), n=(4,))
    matrix = gather(np.ones((3, 4)), space, AccessMap.of("k0", "n0"), "rhs", {})
    assert matrix.shape == (6, 3, 4)
    assert matrix.strides[0] == 0


def test_transposed_convolution_loops_over_the_kernel_only() -> None:
    index = AccessMap.of("m0", "n0", "2*m1 + n1 - 1", "2*m2 + n2 - 1")
    wide = IterSpace(m=(8, 14, 14), k=(16,), n=(32, 4, 4))
    assert overlapping(resolve(wide, index, "out", {})) == ("n1", "n2")
    narrow = IterSpace(m=(8, 14, 14), k=(16,), n=(32, 2, 2))
    assert overlapping(resolve(narrow, index, "out", {})) == ()


def test_what_lies_in_order_is_not_copied() -> None:
    space = IterSpace(b=(2,), m=(3, 1), k=(5,), n=(4,))
    tensor = np.arange(24, dtype=np.float32).reshape(2, 3, 1, 4)
    matrix = tensor.reshape(2, 3, 4)
    result = scatter(matrix, space, AccessMap.of("b0", "m0", "m1", "n0"), "store", tensor.shape, {})
    np.testing.assert_array_equal(result, tensor)
    assert np.shares_memory(result, matrix)
    inputs = np.ones((2, 3, 5), np.float32)
    read = gather(inputs, space, AccessMap.of("b0", "m0", "k0"), "lhs", {})
    assert np.shares_memory(read, inputs)
    assert not read.flags.writeable
    assert inputs.flags.writeable


def test_windows_are_copied_in_runs_of_neighbours() -> None:
    space = IterSpace(m=(1, 6, 8), k=(2, 3, 3), n=(4,))
    image = np.arange(96, dtype=np.float32).reshape(1, 2, 6, 8)
    index = AccessMap.of("m0", "k0", "m1 + k1 - 1", "m2 + k2 - 1")
    matrix = gather(image, space, index, "lhs", {})
    np.testing.assert_array_equal(matrix, reference.gather(image, space, index, "bmk", {}))
    assert matrix.strides[1] == image.itemsize


def test_a_diagonal_is_written_on_zeros() -> None:
    space = IterSpace(m=(3,), k=(2,), n=(1,))
    result = scatter(np.ones((1, 3, 1)), space, AccessMap.of("m0", "m0"), "store", (3, 3), {})
    np.testing.assert_array_equal(result, np.eye(3))
