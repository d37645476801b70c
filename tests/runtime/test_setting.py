"""What light meets where codes are written: what numpy sets, compiled code sets, whatever is written together."""

import math

import numpy as np
import pytest

from heliograph.runtime.engines.setting import Tiles, set_tiles

pytest.importorskip("llvmlite")
from engine_cases import kinds_of_code, ks_distance

from heliograph.runtime.engines.fused.setting import compile_setting


def leak_of(outputs: int) -> np.ndarray | None:
    return np.random.default_rng(outputs).uniform(-0.1, 0.1, (outputs, outputs)) if outputs else None


@pytest.mark.parametrize("isa", kinds_of_code())
@pytest.mark.parametrize("shape", [(1, 5, 8, 37), (3, 2, 5, 16), (2, 1, 1, 1), (1, 3, 12, 70)])
@pytest.mark.parametrize(("sigma", "outputs"), [(0.25, 0), (0.1, 8), (0.0, 5), (0.1, 16), (0.1, 40)])
def test_compiled_tiles_are_those_of_numpy(isa, shape, sigma, outputs) -> None:
    tiles = Tiles(0xFEDCBA9876543210, shape[0], 4, 11, sigma, leak_of(outputs))
    for entries in {1, shape[0]}:
        written = np.random.default_rng(0).uniform(-1, 1, (entries, *shape[1:])).astype(np.float32)
        made, wanted = compile_setting(isa, None)(tiles, written), set_tiles(tiles, written)
        assert made.shape == wanted.shape == (shape if sigma else written.shape)
        assert made.dtype == np.float32
        np.testing.assert_allclose(made, wanted, atol=2e-6)


def test_slices_may_be_written_by_themselves() -> None:
    written = np.zeros((1, 7, 4, 20), np.float32)
    for setting in (set_tiles, compile_setting(kinds_of_code()[0], None)):
        whole = setting(Tiles(5, 2, 0, 7, 1.0, leak_of(8)), written)
        parts = [
            setting(Tiles(5, 2, first, 7, 1.0, leak_of(8)), written[:, first:last])
            for first, last in ((0, 3), (3, 4), (4, 7))
        ]
        np.testing.assert_allclose(whole, np.concatenate(parts, axis=1), rtol=1e-6)


def test_errors_of_all_weights_are_normal_and_independent() -> None:
    z = set_tiles(Tiles(9, 3, 0, 40, 1.0, None), np.zeros((1, 40, 8, 64), np.float32)).astype(float)
    assert ks_distance(z) < 1.95 / math.sqrt(z.size)  # p = 0.001
    for axis in range(4):  # entries, slices, ports and columns beside each other
        ahead, behind = (np.take(z, range(s, z.shape[axis] - 1 + s), axis).ravel() for s in (0, 1))
        assert abs(np.mean(ahead * behind)) < 4.5 / np.sqrt(len(ahead))
