"""The wavelength plan: which light serves which pair of ports, and whether that can work.

    lambda_{p,q}(n) = lambda_0 + (p - q) d_lambda + n d_lambda_FSR

An AWGR sends a wavelength from input p to output q when its channel number is p - q, modulo the number of
channels in one free spectral range (FSR). At one input the channels p - q of all q are neighbours, at one output
those of all p are: each is a run of at most N channels, so two orders n collide when N channels do not fit into
one FSR. The runs of different ports are shifted against each other and cover N_in + N_out - 1 channels; filters
that separate orders with one band edge for all ports need an FSR that holds them all. The cyclic plan takes
(p - q) mod N instead: all ports share the same N channels, and the FSR must be N channels exactly, or the
wrapped channels arrive at the wrong output.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from heliograph.backends.physics.units import frequency_hz, spacing_ghz
from heliograph.ir.diagnostics import Diagnostic, Severity

DEFAULT_GUARD_GHZ = 12.5


@dataclass(frozen=True, slots=True)
class Channel:
    """The light of one pair of ports in one FSR order."""

    input_port: int
    output_port: int
    order: int
    wavelength_nm: float

    @property
    def frequency_thz(self) -> float:
        """Optical frequency in THz."""
        return frequency_hz(self.wavelength_nm) / 1e12


@dataclass(frozen=True, slots=True)
class WavelengthPlan:
    """All channels of a target; `ports_in` is 0 for a family without wavelength limits."""

    ports_in: int
    ports_out: int
    orders: int
    center_nm: float
    spacing_nm: float
    fsr_nm: float
    wrap: bool
    occupied_ghz: float  # optical bandwidth of one modulated channel
    passband_ghz: float

    @property
    def ports(self) -> int:
        """Size N of the router."""
        return max(self.ports_in, self.ports_out)

    def channel_number(self, p: int, q: int) -> int:
        """Channel p - q, or its residue modulo N in the cyclic plan."""
        return (p - q) % self.ports if self.wrap else p - q

    def wavelength_nm(self, p: int, q: int, n: int = 0) -> float:
        """Wavelength in nm from input p to output q in FSR order n."""
        return self.center_nm + self.channel_number(p, q) * self.spacing_nm + n * self.fsr_nm

    def channels(self) -> Iterator[Channel]:
        """Every channel: orders, then inputs, then outputs."""
        for n in range(self.orders):
            for p in range(self.ports_in):
                for q in range(self.ports_out):
                    yield Channel(p, q, n, self.wavelength_nm(p, q, n))

    @property
    def spacing_ghz(self) -> float:
        """Channel spacing in GHz at the center."""
        return spacing_ghz(self.center_nm, self.spacing_nm)

    def check(self, guard_ghz: float = DEFAULT_GUARD_GHZ) -> tuple[Diagnostic, ...]:
        """Collisions, aliases and missing guard bands as HG4006 errors; empty when the plan works.

        `guard_ghz` is the gap wanted between the modulated bands of neighbouring channels.
        """
        if not self.ports_in:
            return ()
        found = [self._guard(guard_ghz), self._wrapped() if self.wrap else self._run(guard_ghz)]
        if self.orders > 1 and not self.wrap and found[1] is None:
            found.append(self._bands(guard_ghz))
        return tuple(d for d in found if d is not None)

    def _guard(self, guard_ghz: float) -> Diagnostic | None:
        gap = self.spacing_ghz - self.occupied_ghz
        if gap >= guard_ghz:
            return None
        need_nm = self.spacing_nm * (self.occupied_ghz + guard_ghz) / self.spacing_ghz
        return _problem(
            f"neighbouring channels are {self.spacing_ghz:.1f} GHz apart and each occupies "
            f"{self.occupied_ghz:.1f} GHz: the gap of {gap:.1f} GHz is below the guard band of {guard_ghz:.1f} GHz",
            f"awgr.spacing_nm of at least {need_nm:.3f}, or a lower symbol rate",
        )

    def _wrapped(self) -> Diagnostic | None:
        off_nm = abs(self.fsr_nm - self.ports * self.spacing_nm)
        off_ghz = spacing_ghz(self.center_nm, off_nm)
        if off_ghz <= self.passband_ghz / 2:
            return None
        return _problem(
            f"cyclic plan: the FSR of {self.fsr_nm:g} nm is not {self.ports} channels of {self.spacing_nm:g} nm, "
            f"so wrapped channels miss their output by {off_ghz:.1f} GHz (half the passband is "
            f"{self.passband_ghz / 2:.1f} GHz)",
            f"awgr.fsr_nm={self.ports * self.spacing_nm:g}, or awgr.wrap=false",
        )

    def _run(self, guard_ghz: float) -> Diagnostic | None:
        """The N channels of one port must fit into one FSR."""
        need_nm = (self.ports - 1) * self.spacing_nm + self._edge_nm(guard_ghz)
        if self.fsr_nm >= need_nm * (1 - 1e-12):
            return None
        return _problem(
            f"the {self.ports} channels of a port need {need_nm:.3f} nm and the FSR is {self.fsr_nm:g} nm: "
            f"{self._clash()}",
            f"awgr.fsr_nm of at least {need_nm:.3f}, or fewer ports",
        )

    def _bands(self, guard_ghz: float) -> Diagnostic | None:
        """The channels of all ports must fit into one FSR, or no filter separates the orders."""
        width = self.ports_in + self.ports_out - 1
        need_nm = (width - 1) * self.spacing_nm + self._edge_nm(guard_ghz)
        if self.fsr_nm >= need_nm * (1 - 1e-12):
            return None
        return _problem(
            f"{self.orders} FSR orders: channels {1 - self.ports_out} to {self.ports_in - 1} need {need_nm:.3f} nm "
            f"and the FSR is {self.fsr_nm:g} nm, so order 0 of one port lies in order 1 of another",
            f"awgr.fsr_nm of at least {need_nm:.3f}, opu.fsr_orders=1, or awgr.wrap=true with "
            f"awgr.fsr_nm={self.ports * self.spacing_nm:g}",
        )

    def _clash(self) -> str:
        """The pair that meets: in different orders when there are several, else the aliased outputs."""
        if self.orders == 1:
            alias = max(1, round(self.fsr_nm / self.spacing_nm))
            return f"light for output 0 also reaches output {alias}, one FSR away"
        here = sorted((self.wavelength_nm(p, 0, n), n, p) for p in range(self.ports_in) for n in range(self.orders))
        pairs = [(a, b) for a, b in pairwise(here) if a[1] != b[1]]
        a, b = min(pairs, key=lambda ab: ab[1][0] - ab[0][0])
        return (
            f"at output 0, input {a[2]} in order {a[1]} and input {b[2]} in order {b[1]} lie {b[0] - a[0]:.3f} nm apart"
        )

    def _edge_nm(self, guard_ghz: float) -> float:
        """Smallest distance in nm between channels of two orders: modulated band plus guard band."""
        return self.spacing_nm * (self.occupied_ghz + guard_ghz) / self.spacing_ghz


def _problem(message: str, remedy: str) -> Diagnostic:
    return Diagnostic("HG4006", message, remedy=remedy, severity=Severity.ERROR)


UNLIMITED = WavelengthPlan(0, 0, 0, 0.0, 0.0, 0.0, False, 0.0, 0.0)
