"""The noise terms of PHYSICS section 4 written out by hand, as variance over the current of one full-scale product.

Operands are uniform: x in [0, 1] (in [-1, 1] where fields carry signs), w in [-1, 1] on two rails. Nothing here reads
the link budget's arithmetic; what a target holds is read as its file spells it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from heliograph.backends import Target, load_target

Q, K_B = 1.602176634e-19, 1.380649e-23
SWITCHES = {
    "awgr8-28g": "shot thermal rin ase in_band out_of_band weight_setting drift isi jitter",
    "ringbank12-5g": "shot thermal rin crosstalk weight_setting drift isi jitter",
    "mzi12-5g": "shot thermal rin weight_setting isi jitter",
    "dptc12-5g": "shot thermal rin phase encoding isi jitter",
    "netcast-wdm": "shot ktc amplifier rin crosstalk weight_setting isi jitter",
}
FIELDS = ("mzi12-5g", "dptc12-5g")  # light whose field carries the sign of an input


def switched(name: str, on: str, more: str = "", *, phases: str = "random") -> Target:
    """The target with the named terms on and all others off; `phases` are those of in-band leak, where it is on."""
    keys, wanted = SWITCHES["awgr8-28g" if name.startswith("awgr") else name].split(), on.split()
    assert set(wanted) <= set(keys)
    words = {key: str(key in wanted).lower() for key in keys}
    if "in_band" in words:
        words["in_band"] = phases if "in_band" in wanted else "none"
    spelled = [f"noise.{key}={word}" for key, word in words.items()]
    return load_target(f"{name}{{{','.join([*spelled, *filter(None, [more])])}}}")


@dataclass(frozen=True)
class Link:
    """What the formulas are about."""

    target: Target
    unit_a: float  # current of one full-scale product
    osnr: float | None = None

    def value(self, key: str) -> float:
        return float(next(q.value for q in self.target.quantities() if q.key == key))

    @property
    def n(self) -> int:
        return int(self.value("opu.ports_in"))

    @property
    def floor(self) -> float:
        key = "input_ring.extinction_db" if self.target.family == "ring_bank" else "mzm.extinction_db"
        return 0.0 if self.target.family in ("coherent", "mzi_mesh") else 10 ** (-self.value(key) / 10)

    @property
    def mean(self) -> float:
        return (1 + self.floor) / 2  # E[t], or E|x|

    @property
    def square(self) -> float:
        r = self.floor
        return r**2 + r * (1 - r) + (1 - r) ** 2 / 3  # E[t^2]

    @property
    def step(self) -> float:
        return 2 * ((1 - self.floor) ** 2 / 12 if self.target.family not in ("coherent", "mzi_mesh") else 1 / 3)

    @property
    def hz(self) -> float:
        return self.value("opu.symbol_rate_gbd") * 1e9

    @property
    def b_e(self) -> float:
        return self.value("tia.bandwidth_per_baud") * self.hz

    @property
    def dark_a(self) -> float:
        return 2 * self.value("photodiode.dark_na") * 1e-9

    @property
    def rin(self) -> float:
        return 10 ** (self.value("laser.rin_db_per_hz") / 10)

    @property
    def own(self) -> float:
        return self.n * self.square / 3  # E sum (t w)^2

    @property
    def common(self) -> float:
        return self.own + self.n * (self.n - 1) * (self.mean / 2) ** 2  # E (sum t |w|)^2

    def thermal(self, amplifiers: int) -> float:
        return amplifiers * (self.value("tia.noise_pa_per_sqrt_hz") * 1e-12) ** 2 * self.b_e / self.unit_a**2

    def shot(self, light_a: float) -> float:
        return 2 * Q * (light_a + self.dark_a) * self.b_e / self.unit_a**2

    def isi(self, *bandwidth_keys: str, clock_hz: float) -> float:
        left = sum(math.exp(-2 * math.pi * self.value(key) * 1e9 / clock_hz) for key in bandwidth_keys)
        return left**2 * self.n * self.step / 3

    def jitter(self, clock_hz: float, operands: int = 1) -> float:
        return operands * (2 * math.pi * clock_hz / 2 * self.value("dac.jitter_fs") * 1e-15) ** 2 * self.own

    def setting(self, key: str) -> float:
        return self.n * self.square * (2 ** -self.value(key)) ** 2

    def drift(self, nm: float) -> float:
        shift = self.value("ring.drift_nm_per_k") * self.value("ring.temperature_error_k")
        return self.n * self.square * (1.299 * shift / (nm / self.value("ring.q_factor"))) ** 2


def _leaks(link: Link) -> list[float]:
    near, far = (10 ** (link.value(f"awgr.crosstalk_{key}_db") / 10) for key in ("adjacent", "other"))
    return [near if d in (1, link.n - 1) else far for d in range(1, link.n)]


def _ase(link: Link) -> float:
    assert link.osnr is not None
    density = 1 / (2 * link.osnr * 12.5e9)
    beat = 2 * 2 * density**2 * (2 * link.value("awgr.passband_ghz") * 1e9 - link.b_e) * link.b_e
    return link.own * 2 * link.b_e / (link.osnr * 12.5e9) + link.n * beat


def _bank_crosstalk(link: Link) -> float:
    nm, n = link.value("grid.center_nm"), link.n
    apart = link.value("grid.spacing_nm") / (nm / link.value("ring.q_factor"))  # in full widths
    sums = sum((1 / (1 + 4 * ((p - n // 2) * apart) ** 2)) ** 2 for p in range(n) if p != n // 2)
    return n * link.square * sums / 3


def _demux_crosstalk(link: Link) -> float:
    near, far = (10 ** (link.value(f"demux.crosstalk_{key}_db") / 10) for key in ("adjacent", "other"))
    outs = int(link.value("opu.ports_out"))
    return (2 * near**2 + (outs - 3) * far**2) * link.own


def _dptc_light(link: Link) -> float:
    """Both fields fall on the pair: R (P_x / 3 + P_w / 3) per wavelength, of which unit_a = 2 R P / symbols."""
    lines = int(link.value("dptc.wavelengths"))
    return 2 / 3 * lines * link.unit_a * (link.n / lines) / 2


def _mesh_phase(link: Link) -> float:
    n = link.n
    sigma = link.value("mesh.phase_error_mrad") * 1e-3 * math.sqrt((2 * n + 1) / n) * 2 * math.sqrt(n / 3)
    return n / 3 * sigma**2


def _charge(link: Link) -> float:
    return link.unit_a / link.hz  # of one full-scale product


Formula = Callable[[Link], float]
CASES: list[tuple[str, str, str, Formula]] = [
    ("awgr8-28g", "shot", "", lambda k: k.shot(k.unit_a * k.n * k.mean / 2)),
    ("awgr8-28g", "thermal", "", lambda k: k.thermal(2)),
    ("awgr8-28g", "rin", "", lambda k: k.rin * k.b_e * k.own),
    ("awgr8-28g", "rin", "laser.rin_sharing=one-pump", lambda k: k.rin * k.b_e * k.common),
    ("awgr8-28g", "ase", "", _ase),
    ("awgr8-28g", "in_band", "", lambda k: 2 * k.n * sum(_leaks(k)) * (k.mean / 2) ** 2),
    ("awgr8-28g", "out_of_band", "", lambda k: sum(e**2 for e in _leaks(k)) * k.own),
    ("awgr8-28g", "weight_setting", "", lambda k: k.setting("ring.setting_bits")),
    ("awgr8-28g", "drift", "ring.temperature_error_k=0.1", lambda k: k.drift(k.value("awgr.center_nm"))),
    ("awgr8-28g", "isi", "mzm.bandwidth_ghz=12", lambda k: k.isi("mzm.bandwidth_ghz", clock_hz=k.hz)),
    ("awgr8-28g", "jitter", "", lambda k: k.jitter(k.hz)),
    ("ringbank12-5g", "shot", "", lambda k: k.shot(k.unit_a * k.n * k.mean / 2)),
    ("ringbank12-5g", "thermal", "", lambda k: k.thermal(1)),
    ("ringbank12-5g", "rin", "", lambda k: k.rin * k.b_e * k.common),
    ("ringbank12-5g", "crosstalk", "", _bank_crosstalk),
    ("ringbank12-5g", "weight_setting", "", lambda k: k.setting("ring.setting_bits")),
    ("ringbank12-5g", "drift", "", lambda k: k.drift(k.value("grid.center_nm"))),
    ("ringbank12-5g", "isi", "input_ring.bandwidth_ghz=2", lambda k: k.isi("input_ring.bandwidth_ghz", clock_hz=k.hz)),
    ("ringbank12-5g", "jitter", "", lambda k: k.jitter(k.hz)),
    (
        "mzi12-5g",
        "shot",
        "",
        lambda k: k.shot(10 ** (k.value("mesh.oscillator_dbm") / 10 - 3) * k.value("photodiode.responsivity_a_per_w")),
    ),
    ("mzi12-5g", "thermal", "", lambda k: k.thermal(1)),
    ("mzi12-5g", "rin", "", lambda k: k.rin * k.b_e * k.common),
    ("mzi12-5g", "weight_setting", "", _mesh_phase),
    ("mzi12-5g", "isi", "mzm.bandwidth_ghz=2", lambda k: k.isi("mzm.bandwidth_ghz", clock_hz=k.hz)),
    ("mzi12-5g", "jitter", "", lambda k: k.jitter(k.hz)),
    ("dptc12-5g", "shot", "", lambda k: k.shot(_dptc_light(k))),
    ("dptc12-5g", "thermal", "", lambda k: k.thermal(1)),
    ("dptc12-5g", "rin", "", lambda k: k.rin * k.b_e * k.common),
    ("dptc12-5g", "rin", "laser.rin_sharing=independent", lambda k: k.rin * 3 * k.b_e * k.own),
    ("dptc12-5g", "phase", "", lambda k: math.radians(k.value("dptc.phase_error_deg")) ** 4 / 2 * k.own),
    ("dptc12-5g", "encoding", "", lambda k: 2 * k.value("dptc.encoding_error") ** 2 * k.own),
    ("dptc12-5g", "isi", "mzm.bandwidth_ghz=2", lambda k: k.isi("mzm.bandwidth_ghz", clock_hz=3 * k.hz)),
    ("dptc12-5g", "jitter", "", lambda k: k.jitter(3 * k.hz, 2)),
    (
        "netcast-wdm",
        "shot",
        "",
        lambda k: Q * (_charge(k) * k.n * k.mean / 2 + k.dark_a / k.hz) / _charge(k) ** 2,
    ),
    (
        "netcast-wdm",
        "ktc",
        "",
        lambda k: (
            K_B * k.value("integrator.temperature_k") * k.value("integrator.capacitance_ff") * 1e-15 / _charge(k) ** 2
        ),
    ),
    (
        "netcast-wdm",
        "amplifier",
        "",
        lambda k: (k.value("integrator.noise_pa_per_sqrt_hz") * 1e-12) ** 2 / k.hz / 2 / _charge(k) ** 2,
    ),
    ("netcast-wdm", "rin", "", lambda k: k.rin * k.n * k.hz / 2 * k.own),
    ("netcast-wdm", "crosstalk", "", _demux_crosstalk),
    ("netcast-wdm", "weight_setting", "", lambda k: k.setting("server.setting_bits")),
    (
        "netcast-wdm",
        "isi",
        "mzm.bandwidth_ghz=1,server.bandwidth_ghz=2",
        lambda k: k.isi("mzm.bandwidth_ghz", "server.bandwidth_ghz", clock_hz=k.n * k.hz),
    ),
    ("netcast-wdm", "jitter", "dac.jitter_fs=2000", lambda k: k.jitter(k.n * k.hz, 2)),
]
