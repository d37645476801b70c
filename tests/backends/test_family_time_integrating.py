"""Netcast: charge noise against electrons, limits of crosstalk and detector noise, what may run."""

from __future__ import annotations

import math

import numpy as np
import pytest

from heliograph.backends import (
    GemmActivity,
    GemmRequest,
    Tile,
    family_of,
    link_budget,
    link_warnings,
    load_target,
    peak,
    wavelength_plan,
)
from heliograph.backends.families.time_integrating.detection import crosstalk_bits, full_charge_c, overflow

NET = load_target("netcast-wdm")
FAMILY = family_of(NET)
Q = 1.602176634e-19
PHOTON_J = 6.62607015e-34 * 299_792_458 / 1550e-9


def rms(spelling: str, name: str) -> float:
    return next(row.rms_ua for row in link_budget(load_target(spelling)).noise if row.name == name)


def test_steps() -> None:
    assert FAMILY.tile(NET) == Tile(64, 16, 1)
    assert FAMILY.stream_ps(NET, 1) == 64 * 200
    assert peak(NET).tops_per_opu == pytest.approx(2 * 16 * 5e-3)
    assert FAMILY.hold_ps(NET) == FAMILY.fibre_ps(NET) == 0
    walk_off = 16.7 * 86 * 15 * 1.5
    assert FAMILY.fill_ps(NET) == math.ceil(1000 + 100 + 12000 + 63 * 200 + walk_off)


def test_published_bandwidth_and_distance() -> None:
    lines = [c.frequency_thz for c in wavelength_plan(NET).channels()]
    assert max(lines) - min(lines) == pytest.approx(3.0, rel=0.07)  # 15 of 16 spacings
    assert next(r.change_db for r in link_budget(NET).power if "fibre" in r.label) == pytest.approx(-17.2)
    assert link_warnings(NET) == ()
    (warning,) = link_warnings(load_target("netcast-wdm{opu.symbol_rate_gbd=0.3125}"))
    assert "6.6 GHz" in warning.message


def test_weights_must_be_known_to_the_server() -> None:
    reason = FAMILY.legality(NET, GemmRequest(64, 197, 197, False, False, "float"))
    assert reason is not None
    assert "86 km" in reason
    assert "843 us" in reason
    assert FAMILY.legality(NET, GemmRequest(64, 10, 1, False, True, "float")) is None


def test_weights_are_sent_for_every_row_and_shared() -> None:
    task = GemmActivity(3 * 64, 3 * 16, 64 * 16, 3 * 64 * 16, 10**6)
    activity = FAMILY.activity(NET, task)
    assert activity.count("weight_mzm.symbol") == 3 * 64 * 16
    many = load_target("netcast-wdm{server.clients=10}")
    assert peak(many).component_mw("weight dac") == pytest.approx(peak(NET).component_mw("weight dac") / 10)
    assert link_budget(many).received_dbm == pytest.approx(link_budget(NET).received_dbm - 10)


def test_charge_noise_against_electrons() -> None:
    """Photoelectrons are counted, the capacitor is reset to within k T C: 2 % of q Q + k T C."""
    draw, trials = np.random.default_rng(9), 100_000
    window = 64 * 200e-12
    power_w = 10 ** (link_budget(NET).received_dbm / 10) * 1e-3
    mean = full_charge_c(NET, power_w) / Q * (0.01 + 0.99 / 2) / 2 + 2 * 60e-9 * window / Q
    shot = draw.poisson(mean, trials).std() * Q
    assert shot / window * 1e6 == pytest.approx(rms("netcast-wdm", "shot"), rel=0.02)
    ktc = draw.normal(0, math.sqrt(1.380649e-23 * 300 * 1e-12), trials).std()
    assert ktc / window * 1e6 == pytest.approx(rms("netcast-wdm", "ktc"), rel=0.02)


def test_amplifier_noise_against_white_noise() -> None:
    draw, steps, window = np.random.default_rng(10), 64, 64 * 200e-12
    density = 1e-12  # A/sqrt(Hz), one-sided: variance per sample density^2 / (2 dt)
    dt = window / steps
    charge = (draw.normal(0, density / math.sqrt(2 * dt), (50_000, steps)) * dt).sum(1)
    assert charge.std() / window * 1e6 == pytest.approx(rms("netcast-wdm", "amplifier"), rel=0.02)


def test_detector_noise_limit() -> None:
    """40 aJ per product are 312 photons, 250 electrons at 1 A/W: shot noise leaves 16.9 dB to a sum of 64."""
    assert pytest.approx(312, abs=1) == 40e-18 / PHOTON_J
    electrons = 40e-18 / Q
    wanted_dbm = 10 * math.log10(40e-18 * 5e9 * 1e3)
    launch = 10 + wanted_dbm - link_budget(NET).received_dbm
    clean = ",".join(f"noise.{n}=false" for n in ("amplifier", "rin", "crosstalk", "weight_setting", "isi", "jitter"))
    base = f"netcast-wdm{{laser.launch_power_dbm={launch},{clean},photodiode.dark_na=0,precision.sign_scheme=offset"
    budget = link_budget(load_target(f"{base},mzm.extinction_db=80}}"))
    assert budget.received_dbm == pytest.approx(wanted_dbm)
    spread, mean = 64 * (1 / 9 - 1 / 16), 64 / 4
    assert budget.snr_db_of({"shot"}) == pytest.approx(10 * math.log10(electrons * spread / mean), abs=0.01)
    # reset noise dominates at 1 pF and no longer does at 1 fF: one electron-scale capacitor per wavelength
    assert budget.snr_db_of({"ktc"}) < budget.snr_db_of({"shot"})
    small = link_budget(load_target(f"{base},mzm.extinction_db=80,integrator.capacitance_ff=1}}"))
    assert small.snr_db_of({"ktc"}) - budget.snr_db_of({"ktc"}) == pytest.approx(30, abs=0.01)
    assert small.snr_db_of({"ktc"}) > small.snr_db_of({"shot"})


def test_longer_integration_beats_reset_noise_only() -> None:
    """Twice the symbols at the same clock: 3 dB against k T C, none against shot noise of the same light."""
    long = "netcast-wdm{opu.ports_in=128,opu.symbol_rate_gbd=0.0390625}"
    one, two = link_budget(NET), link_budget(load_target(long))
    assert two.snr_db_of({"ktc"}) - one.snr_db_of({"ktc"}) == pytest.approx(3.01, abs=0.01)
    assert two.snr_db_of({"shot"}) == pytest.approx(one.snr_db_of({"shot"}), abs=0.01)


def test_crosstalk_limit() -> None:
    """No light or integration buys more bits than the demultiplexer's leak leaves."""
    leak = math.sqrt(2 * 10**-4.5 + 13 * 10**-6.0)
    assert crosstalk_bits(NET) == pytest.approx(-math.log2(leak / math.sqrt(3)))
    strong = link_budget(load_target("netcast-wdm{laser.launch_power_dbm=30}"))
    assert strong.snr_db_of({"out-of-band"}) == pytest.approx(-20 * math.log10(leak))
    assert strong.snr_db_of({"out-of-band"}) == pytest.approx(link_budget(NET).snr_db_of({"out-of-band"}))


def test_a_full_capacitor_is_called() -> None:
    power_w = 10 ** (link_budget(NET).received_dbm / 10) * 1e-3
    assert 0.1 < overflow(NET, power_w) < 1
    (warning,) = link_warnings(load_target("netcast-wdm{integrator.capacitance_ff=100}"))
    assert "4.88 times" in warning.message


def test_too_far() -> None:
    found = link_warnings(load_target("netcast-wdm{cloud.fibre_km=400}"))
    assert {str(d.severity) for d in found} >= {"error"}
