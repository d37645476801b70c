"""Ring bank and mesh: held weights, what may run, light by hand, errors of weights against Monte Carlo."""

from __future__ import annotations

import numpy as np
import pytest

from heliograph.backends import GemmActivity, GemmRequest, Tile, family_of, link_budget, load_target, peak
from heliograph.backends.physics.devices import spectral_norm, svd_sigma

RINGS, MESH = load_target("ringbank12-5g"), load_target("mzi12-5g")


def rms(spelling: str, name: str) -> float:
    return next(row.rms_ua for row in link_budget(load_target(spelling)).noise if row.name == name)


@pytest.mark.parametrize(("target", "count"), [(RINGS, 14), (MESH, 8)])
def test_throughput_and_tiles(target: object, count: int) -> None:
    assert isinstance(target, type(RINGS))
    assert peak(target).tops_per_opu == pytest.approx(1.44)
    assert peak(target).tops == pytest.approx(1.44 * count)
    assert family_of(target).tile(target) == Tile(12, 12, 1)


def test_reloads() -> None:
    assert family_of(RINGS).hold_ps(RINGS) == 10_000
    assert family_of(MESH).hold_ps(MESH) == 2_000_000


def test_mesh_refuses_computed_weights_with_the_numbers() -> None:
    reason = family_of(MESH).legality(MESH, GemmRequest(64, 197, 197, False, False, "float"))
    assert reason is not None
    for words in ("2 us", "10,000 symbols", "12 x 12", "coherent"):
        assert words in reason
    assert family_of(MESH).legality(MESH, GemmRequest(64, 64, 1, False, True, "float")) is None
    assert family_of(RINGS).legality(RINGS, GemmRequest(64, 64, 1, False, False, "float")) is None


def test_signs() -> None:
    for target, passes in ((RINGS, 2), (MESH, 1)):
        precision = family_of(target).precision(target)
        assert precision is not None
        assert precision.passes(input_signed=True, weight_signed=True) == passes


def test_mesh_phases_are_paid() -> None:
    activity = family_of(MESH).activity(MESH, GemmActivity(weight_writes=144, powered_ps=7))
    assert activity.count("ring.write") == 144  # a 12 x 12 block: 66 + 66 interferometers and 12 attenuators
    assert activity.count("phase_shifter") == 144 * 7
    oblong = load_target("mzi12-5g{opu.ports_in=4,opu.ports_out=3}")
    assert family_of(oblong).activity(oblong, GemmActivity(weight_writes=12)).count("ring.write") == 6 + 3 + 3


def test_light_by_hand() -> None:
    split = 10 * np.log10(12)
    assert link_budget(RINGS).received_dbm == pytest.approx(-(0.95 + 1.1) - split - 0.4 - (0.95 + 1.1))
    assert link_budget(MESH).received_dbm == pytest.approx(10 - 1.2 - 25 * 0.99 - 20 * np.log10(4))


def test_ring_crosstalk_against_spectra() -> None:
    """The middle ring drops a Lorentzian share of every other line; its neighbours' weights are uniform."""
    draw = np.random.default_rng(6)
    width, apart = 299_792.458 / 1550 / 5000 * 1e3, 299_792_458 * 1.2 / 1550**2
    lines = np.array([p for p in range(12) if p != 6])
    shares = 1 / (1 + (2 * (lines - 6) * apart / width) ** 2)
    error = np.sqrt(((shares * draw.uniform(0, 1, (200_000, 11))) ** 2).sum(1).mean())
    unit, inputs = link_budget(RINGS).i1_ua, rms("ringbank12-5g", "weight setting") / 2**-8.5
    assert rms("ringbank12-5g", "ring crosstalk") == pytest.approx(error * inputs, rel=0.02)
    assert unit < inputs


def test_mesh_errors_against_rotations() -> None:
    """Random meshes of rotations with wrong angles: rms error of an entry, times the matrix norm."""
    draw, n, error, squares = np.random.default_rng(7), 12, 0.005, []

    def unitary(angles: np.ndarray) -> np.ndarray:
        u = np.eye(n, dtype=complex)
        for column in range(n):
            for number, first in enumerate(range(column % 2, n - 1, 2)):
                theta, phi = angles[column, number]
                c, s, turn = np.cos(theta / 2), np.sin(theta / 2), np.exp(1j * phi)
                u[first : first + 2] = np.array([[turn * c, -s], [turn * s, c]]) @ u[first : first + 2]
        return u

    for _ in range(60):
        a, b = draw.uniform(0, np.pi, (2, n, n // 2, 2))
        middle = np.diag(draw.uniform(0.5, 1, n))
        right = unitary(a) @ middle @ unitary(b)
        wrong = unitary(a + draw.normal(0, error, a.shape)) @ middle @ unitary(b + draw.normal(0, error, b.shape))
        squares.append((abs(wrong - right) ** 2).mean())
    found = np.sqrt(np.mean(squares))
    # the formula bounds what independent phases do: every column turned by one full error
    assert 0.4 < found / (svd_sigma(error, n) / spectral_norm(n)) < 1.0


def test_spectral_norm() -> None:
    draw = np.random.default_rng(8)
    norms = [np.linalg.norm(draw.uniform(-1, 1, (12, 12)), 2) for _ in range(400)]
    assert 1.0 < spectral_norm(12) / np.mean(norms) < 1.15  # the limit of large matrices, reached from below
    assert spectral_norm(1) > 1
