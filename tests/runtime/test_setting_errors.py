"""Errors of written weights: what numpy draws, compiled code draws, whatever is written together."""

import numpy as np
import pytest
from scipy import stats

from heliograph.runtime.engines.held import Tiles, misset

pytest.importorskip("llvmlite")
from engine_cases import kinds_of_code

from heliograph.runtime.engines.fused.misset import compile_misset


@pytest.mark.parametrize("isa", kinds_of_code())
@pytest.mark.parametrize("shape", [(1, 5, 8, 37), (3, 2, 5, 16), (2, 1, 1, 1), (1, 3, 12, 70)])
@pytest.mark.parametrize("shared", [True, False])
def test_compiled_errors_are_those_of_numpy(isa, shape, shared) -> None:
    written = np.random.default_rng(0).uniform(-1, 1, (1 if shared else shape[0], *shape[1:])).astype(np.float32)
    tiles = Tiles(0xFEDCBA9876543210, shape[0], 4, 11)
    made, wanted = compile_misset(isa, None)(tiles, written, 0.25), misset(tiles, written, 0.25)
    assert made.shape == wanted.shape == shape
    assert made.dtype == np.float32
    np.testing.assert_allclose(made, wanted, atol=2e-6)


def test_slices_may_be_written_by_themselves() -> None:
    written = np.zeros((1, 7, 4, 20), np.float32)
    draw = compile_misset(kinds_of_code()[0], None)
    for errors in (misset, draw):
        whole = errors(Tiles(5, 2, 0, 7), written, 1.0)
        parts = [errors(Tiles(5, 2, first, 7), written[:, first:last], 1.0) for first, last in ((0, 3), (3, 4), (4, 7))]
        np.testing.assert_array_equal(whole, np.concatenate(parts, axis=1))


def test_errors_of_all_weights_are_normal_and_independent() -> None:
    z = misset(Tiles(9, 3, 0, 40), np.zeros((1, 40, 8, 64), np.float32), 1.0).astype(float)
    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-3
    for axis in range(4):  # entries, slices, ports and columns beside each other
        ahead, behind = (np.take(z, range(s, z.shape[axis] - 1 + s), axis).ravel() for s in (0, 1))
        assert abs(np.mean(ahead * behind)) < 4.5 / np.sqrt(len(ahead))
