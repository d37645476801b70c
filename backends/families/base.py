"""What a family of optical hardware must answer. A family is one folder with a `FAMILY` object in it.

Families are stateless: every method takes the target. `CommonTiming` gives what most families share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Rate
from heliograph.backends.cost.electronics import ElectronicWork
from heliograph.backends.link import LinkBudget
from heliograph.backends.precision import Precision
from heliograph.backends.sections import Section
from heliograph.backends.slices import SliceNoise
from heliograph.backends.target import Target
from heliograph.backends.wavelengths import WavelengthPlan
from heliograph.ir.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class GemmRequest:
    """A contraction m x k times k x n that asks for light; sizes are None when unknown at compile time.

    The left operand is streamed as inputs, the right one is held as weights. `element_type` is an ONNX or
    numpy name: "float", "float32", "bfloat16", "int8", ...
    """

    k: int | None
    n: int | None
    m: int | None
    lhs_constant: bool
    rhs_constant: bool
    element_type: str


@dataclass(frozen=True, slots=True)
class Tile:
    """What one optical step takes: k inputs, n outputs, and how many input vectors in parallel."""

    k: int
    n: int
    vectors: int


@dataclass(frozen=True, slots=True)
class GemmActivity:
    """What a contraction, or part of one, does on one OPU; padded ports are not counted.

    - `input_symbols`: modulations, summed over ports that carry data: rows x real inputs, times tiles of n,
      passes and repeats. Each is one DAC sample and one modulator symbol.
    - `output_samples`: ADC conversions: rows x real outputs, times tiles of k, passes and repeats.
    - `weight_writes`: logical weights written into rings (a second rail doubles the rings inside).
    - `macs`: useful multiply-accumulates, counted once whatever passes and repeats they take.
    - `powered_ps`: time the OPU is powered for it, waiting for weights and idling included.
    - `rails`: 2 for balanced detection.
    - `weight_symbols`: modulations of the held operand on hardware that sends it anew for every step instead of
      holding it: weight_writes x ceil(rows / vectors) x repeats. 0: the family derives it from `macs`.
    """

    input_symbols: int = 0
    output_samples: int = 0
    weight_writes: int = 0
    macs: int = 0
    powered_ps: int = 0
    rails: int = 1
    weight_symbols: int = 0


class Family(Protocol):
    """One kind of optical processor."""

    @property
    def name(self) -> str:
        """Name as target files spell it."""

    @property
    def sections(self) -> tuple[type[Section], ...]:
        """Sections that a target of this family has, all of them and no others."""

    def problems(self, target: Target) -> tuple[Diagnostic, ...]:
        """Values that are each in range but impossible together (HG4003)."""

    def legality(self, target: Target, request: GemmRequest) -> str | None:
        """None when light may take the contraction, else the reason, with numbers."""

    def tile(self, target: Target) -> Tile:
        """The tile of one optical step."""

    def precision(self, target: Target) -> Precision | None:
        """Number formats the target asks for; None for full precision."""

    def stream_ps(self, target: Target, symbols: int) -> int:
        """Time in ps to stream `symbols` vector-symbols through one tile, rounded up."""

    def hold_ps(self, target: Target) -> int:
        """Time in ps to write one weight tile into a bank, settling included."""

    def fill_ps(self, target: Target) -> int:
        """Pipeline latency in ps from DAC to ADC word of one symbol, fibre delay not included."""

    def fibre_ps(self, target: Target) -> int:
        """One-way delay in ps between edge and computing center."""

    def electronic_ps(self, target: Target, work: ElectronicWork) -> int:
        """Time in ps of an electronic region."""

    def activity(self, target: Target, task: GemmActivity) -> Activity:
        """Device activity of a task."""

    def full_second(self, target: Target, rails: int) -> Activity:
        """Activity of one OPU fully used for one second, weights resident."""

    def rates(self, target: Target) -> tuple[Rate, ...]:
        """Price list of the optical processor and its light path."""

    def link_budget(self, target: Target, precision: Precision | None = None) -> LinkBudget:
        """Power, noise, SNR and bits of one detected partial sum; formats default to the target's own."""

    def link_warnings(self, target: Target) -> tuple[Diagnostic, ...]:
        """What makes the link doubtful (warnings) or impossible (errors): HG4005."""

    def slice_noise(self, target: Target, precision: Precision | None) -> SliceNoise:
        """What the simulator applies to one detected partial sum."""

    def wavelength_plan(self, target: Target) -> WavelengthPlan:
        """The wavelengths of all port pairs."""
