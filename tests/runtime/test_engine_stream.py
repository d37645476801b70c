"""The normal numbers of detections: xoshiro128+ per column, inverse distribution by cubics."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from test_engine_random import ks_distance

from heliograph.runtime.engines.stream import NormalStream, normals, step, stream_key

ROWS, COLUMNS, STEPS = 500, 160, 30


@pytest.fixture(scope="module")
def sample():
    """Normal numbers [steps, rows, columns]."""
    stream = NormalStream(stream_key(7, "detect", 2), 3, ROWS, COLUMNS)
    return np.stack([stream.next() for _ in range(STEPS)])


def test_xoshiro_is_the_published_generator() -> None:
    """First outputs of the authors' C code from the state 1, 2, 3, 4."""
    state = [np.full((1,), n, np.uint32) for n in (1, 2, 3, 4)]
    assert [int(step(state)[0]) for _ in range(5)] == [5, 12295, 25178119, 27286542, 39879690]


def test_distribution_and_moments(sample) -> None:
    count = sample.size
    z = sample.astype(float)
    assert count >= 1_000_000
    assert ks_distance(z) < 1.95 / math.sqrt(count)  # p = 0.001
    assert abs(z.mean()) < 4 / math.sqrt(count)
    assert abs(z.var() - 1) < 4 * math.sqrt(2 / count)
    assert abs((z**3).mean()) < 4 * math.sqrt(15 / count)
    assert abs((z**4).mean() - 3) < 4 * math.sqrt(96 / count)


def test_cubics_follow_the_normal_distribution() -> None:
    probabilities = np.concatenate([np.logspace(-7, -0.302, 4000), np.linspace(0.001, 0.4999, 4000)])
    bits = (probabilities * 2**32).astype(np.uint32) & np.uint32(0x7FFFFF80)
    wanted = np.array([-NormalDist().inv_cdf(max(int(b), 1) / 2**32) for b in bits])
    got = normals(bits).astype(float)
    usual = wanted < 4.16
    assert np.abs(got - wanted)[usual].max() < 2.5e-4
    assert np.abs(got - wanted)[(wanted < 4.6) & ~usual].max() < 0.08
    np.testing.assert_array_equal(normals(bits | np.uint32(1 << 31)), -normals(bits))


@pytest.mark.parametrize("sigma", [2.0, 3.0, 4.0, 4.5])
def test_tails(sigma) -> None:
    """The share of all 2**25 magnitudes beyond so many standard deviations, counted."""
    wanted = NormalDist().cdf(-sigma)
    low, high = 0, 1 << 31  # magnitudes fall with rising bits: find where they cross
    while high - low > 128:
        middle = (low + high) // 2
        above = normals(np.array([middle], np.uint32))[0] > sigma
        low, high = (middle, high) if above else (low, middle)
    assert high / 2**32 == pytest.approx(wanted, rel=0.002 if sigma <= 4 else 0.25)


def test_neighbours_are_independent(sample) -> None:
    """Along slices, rows and columns, at several distances; values and their squares."""
    for z in (sample, np.square(sample) - 1):
        z = z.astype(float) / z.std()
        for axis in range(3):
            for lag in (1, 2, 4, 8, 15, 16, 17):
                size = z.shape[axis] - lag
                a, b = (np.take(z, range(first, first + size), axis) for first in (0, lag))
                assert abs((a * b).mean()) < 4.7 / math.sqrt(a.size)


def test_any_rows_and_blocks_alone(sample) -> None:
    stream = NormalStream(stream_key(7, "detect", 2), 103, 20, 40)
    for number in range(3):
        np.testing.assert_array_equal(stream.next(), sample[number, 100:120, :40])


def test_every_part_of_the_key_counts() -> None:
    keys = {stream_key(seed, kind, layer) for seed in range(3) for kind in ("detect", "fast") for layer in range(12)}
    assert len(keys) == 72


def test_the_numbers_themselves_stay() -> None:
    stream = NormalStream(stream_key(42, "detect", 7), 2, 1, 4)
    np.testing.assert_allclose(stream.next(), PINNED, rtol=1e-5)


PINNED = [[0.50317574, 1.1451602, 0.8169507, 1.5803807]]
