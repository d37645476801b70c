"""Gaussian numbers from a counter."""

import math

import numpy as np
from engine_cases import ks_distance

from heliograph.runtime.engines.random import NoiseSource


def test_standard_normal() -> None:
    z = NoiseSource(0).normals("detect", (1, 2), 0, 100, 201)
    assert z.dtype == np.float32
    count = z.size
    assert abs(z.mean()) < 4 / math.sqrt(count)
    assert abs(z.var() - 1) < 4 * math.sqrt(2 / count)
    assert ks_distance(z) < 1.95 / math.sqrt(count)  # p = 0.001
    assert abs(np.corrcoef(z[:, :100].ravel(), z[:, 101:].ravel())[0, 1]) < 0.04


def test_rows_can_be_drawn_alone() -> None:
    source = NoiseSource(5)
    whole = source.normals("detect", (0,), 0, 37, 13)
    for first, rows in ((0, 1), (1, 5), (30, 7)):
        np.testing.assert_array_equal(source.normals("detect", (0,), first, rows, 13), whole[first : first + rows])


def test_every_part_of_the_key_counts() -> None:
    draws = [
        NoiseSource(seed).normals(kind, key, 0, 4, 50).ravel()
        for seed, kind, key in [(0, "a", (1, 2)), (1, "a", (1, 2)), (0, "b", (1, 2)), (0, "a", (1, 3)), (0, "a", (12,))]
    ]
    assert np.all(np.abs(np.corrcoef(draws) - np.eye(5)) < 0.3)


def test_the_numbers_themselves_stay() -> None:
    z = NoiseSource(42).normals("detect", (7, 0, 3), 2, 1, 4)
    np.testing.assert_allclose(z, PINNED, rtol=1e-5)


PINNED = [[-0.4160488, -0.5553630, 1.8235101, -0.3472863]]
