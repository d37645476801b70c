"""A target: one piece of (simulated) optical hardware with all its numbers.

A target is a set of sections (`heliograph.backends.sections`), each a frozen dataclass, plus the source and
status of every value. Which sections a target has is decided by its family, so a new family adds its own
section class in its own folder and reads it with ``target.section(ItsSection)``; the properties below are for
the sections that several families share.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TypeVar

from heliograph.backends import sections as s
from heliograph.backends.quantity import Quantity

S = TypeVar("S", bound=s.Section)


@dataclass(frozen=True, slots=True)
class Target:
    """Hardware to compile for. Built by `load_target`; equal when all values and texts are equal."""

    name: str
    family: str
    description: str
    unknowns: str  # what is not known of the hardware this target stands for
    spelling: str  # canonical: NAME, or NAME{overrides that differ from the file, sorted}
    sections: tuple[s.Section, ...]
    origins: tuple[Quantity, ...]

    def quantities(self) -> tuple[Quantity, ...]:
        """Every value with unit, source and status, in order of sections."""
        return self.origins

    @property
    def fingerprint(self) -> str:
        """Sha256 (hex) over the family and all values: equal for targets that behave the same."""
        lines = sorted(f"{q.key}={q.value!r}" for q in self.origins)
        return hashlib.sha256("\n".join([self.family, *lines]).encode()).hexdigest()

    def has(self, kind: type[s.Section]) -> bool:
        """Whether the target's family has this section."""
        return any(type(section) is kind for section in self.sections)

    def section(self, kind: type[S]) -> S:
        """The section of that class. Raises LookupError when the family has none."""
        for section in self.sections:
            if type(section) is kind:
                return section
        raise LookupError(f"a target of family {self.family!r} has no section {kind.KEY!r}")

    @property
    def opu(self) -> s.Opu:
        """The optical processing unit."""
        return self.section(s.Opu)

    @property
    def laser(self) -> s.Laser:
        """The light source."""
        return self.section(s.Laser)

    @property
    def mzm(self) -> s.Mzm:
        """The input modulator."""
        return self.section(s.Mzm)

    @property
    def ring(self) -> s.Ring:
        """The weight rings."""
        return self.section(s.Ring)

    @property
    def awgr(self) -> s.Awgr:
        """The router and its wavelength grid."""
        return self.section(s.Awgr)

    @property
    def photodiode(self) -> s.Photodiode:
        """The detector."""
        return self.section(s.Photodiode)

    @property
    def tia(self) -> s.Tia:
        """The detector's amplifier."""
        return self.section(s.Tia)

    @property
    def dac(self) -> s.Dac:
        """The converter towards light."""
        return self.section(s.Dac)

    @property
    def adc(self) -> s.Adc:
        """The converter from light."""
        return self.section(s.Adc)

    @property
    def edfa(self) -> s.Edfa:
        """The network's amplifiers."""
        return self.section(s.Edfa)

    @property
    def roadm(self) -> s.Roadm:
        """The network's add-drop multiplexers."""
        return self.section(s.Roadm)

    @property
    def fibre(self) -> s.Fibre:
        """The fibre."""
        return self.section(s.Fibre)

    @property
    def path(self) -> s.Path:
        """What the light passes on its way to the center."""
        return self.section(s.Path)

    @property
    def cloud(self) -> s.Cloud:
        """Where the parts stand."""
        return self.section(s.Cloud)

    @property
    def electronics(self) -> s.Electronics:
        """The digital processor."""
        return self.section(s.Electronics)

    @property
    def memory(self) -> s.Memory:
        """The memories."""
        return self.section(s.Memory)

    @property
    def network(self) -> s.Network:
        """The digital transceivers."""
        return self.section(s.Network)

    @property
    def noise(self) -> s.Noise:
        """The switches of the noise model."""
        return self.section(s.Noise)

    @property
    def formats(self) -> s.Formats:
        """Number formats on light (section ``precision``)."""
        return self.section(s.Formats)
