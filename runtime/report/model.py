"""What a report holds. All times are integer picoseconds, all energies joule, all figures of merit mW/TOPS.

Energies are whole multiples of `Report.energy_quantum_j`, a power of two about 2^-52 of the total. So every sum of
them is exact in float64, in any order: the parts of a report add up to its totals with no rounding.
"""

from __future__ import annotations

import msgspec

from heliograph.runtime.report.energy import Energy, PerBoundary

SCHEMA = "heliograph.report/1"
LINK_SCHEMA = "heliograph.link/1"


class LayerMemory(msgspec.Struct, frozen=True):
    """The memories that hold a layer's operands: "registers", "sram", "hbm" or "dram"."""

    inputs: str
    sums: str  # partial sums of one tile
    weights: str


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One contraction on light: a call of a kernel, by the source name of its ONNX node.

    All counts and times are of one run of `runs` (more than one in bodies of loops); energy is of all of them.
    """

    name: str
    number: int
    kernel: str
    b: int
    m: int
    k: int
    n: int
    tile_k: int
    tile_n: int
    vectors: int  # rows of the streamed operand that one symbol carries (FSR orders)
    weight_tiles: int  # tiles of weights, sign passes of the held operand not counted
    weight_loads: int  # banks written: tiles x batch entries x sign passes of the held operand
    weight_writes: int  # single weights written, padding left out
    opus: int  # processors that get a tile
    rounds: int  # loads one after another on one processor
    symbols: int  # symbols streamed, over all tiles and processors
    passes: int  # how often a vector is sent because of signs, of both operands
    repeats: int  # how often it is sent again to average noise
    fill: float  # useful multiply-accumulates / (symbols x ports)
    duty: float  # time spent streaming / time the processors are powered for the layer
    bound: str  # what a round waits for: "reload" or "stream"
    start_ps: int
    duration_ps: int
    macs: int
    tops: float
    input_bits: int  # 0: full precision, likewise below
    weight_bits: int
    adc_bits: float
    input_signs: str
    weight_signs: str
    link_snr_db: float | None  # of one detected partial sum, from the link budget; null: no noise
    link_enob: float | None
    measured_snr_db: tuple[float, ...] = ()  # of the layer's result, one entry per run; empty: not measured
    memory: LayerMemory
    energy: Energy
    mw_per_tops: PerBoundary
    runs: int = 1


class WorkCounts(msgspec.Struct, frozen=True):
    """Scalar operations and bytes through memory (see heliograph.ir.dialects.Work)."""

    macs: int = 0
    elementwise: int = 0
    reduce: int = 0
    transcendental: int = 0
    moved_bytes: int = 0


class ElectronicTask(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of electronic work: a region of ONNX ops, or the gather or scatter around a contraction."""

    kind: str  # "region", "gather" or "scatter"
    name: str
    why: str
    ops: dict[str, int]  # ONNX ops by type; empty for gather and scatter
    work: WorkCounts
    unknown_sizes: bool  # some sizes are known at run time only; their work is not in the counts
    start_ps: int
    duration_ps: int
    energy: Energy
    runs: int = 1  # as for layers


class Preparation(msgspec.Struct, frozen=True, kw_only=True):
    """Constants computed once, when the program is loaded (weights behind DequantizeLinear or Cast): in no run's
    time, energy or counts."""

    regions: int
    ops: dict[str, int]  # ONNX ops by type
    work: WorkCounts
    duration_ps: int  # one region after another
    energy_j: float


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """A value that crosses the fibre; as light it costs lasers and amplifiers, which the layers pay."""

    name: str
    medium: str
    to: str
    bits: int
    start_ps: int
    duration_ps: int
    delay_ps: int
    energy: Energy
    runs: int = 1  # as for layers


class Idle(msgspec.Struct, frozen=True, kw_only=True):
    """Hardware powered while it has nothing to do."""

    name: str
    devices: int
    idle_ps: int  # of one device, in total
    energy: Energy


class Resident(msgspec.Struct, frozen=True):
    """The program's constant weights, at their bits on light, and the memory that holds them from run to run."""

    nbytes: int
    level: str


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """Where the model's nodes and multiply-accumulates run."""

    nodes_light: int
    nodes_electronics: int
    nodes_split: int  # of those on light: nodes with a part on electronics (a bias, a scale)
    macs_light: int
    macs_electronics: int
    electronic_ops: dict[str, int]  # ONNX ops on electronics by type, most frequent first
    regions: int
    prepared_ahead: int  # weights rearranged and quantized once, when the program is loaded
    unknown_sizes: tuple[str, ...]  # electronic tasks whose work is counted in part only

    @property
    def macs(self) -> int:
        """Multiply-accumulates of the whole model."""
        return self.macs_light + self.macs_electronics


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The whole program, once."""

    makespan_ps: int
    opus: int  # processors powered
    rails: int
    macs: int
    light_ps: int  # time that some processor is computing
    electronics_ps: int
    transfer_ps: int  # transmission, fibre delay not included
    light_energy: Energy  # sum over layers
    electronics_energy: Energy
    transfer_energy: Energy
    idle_energy: Energy
    energy: Energy
    average_power_mw: float  # at the system boundary
    tops: float
    peak_tops: float
    mw_per_tops: PerBoundary  # inner boundaries: per operation on light; system: per operation of the model
    peak_mw_per_tops: PerBoundary


class NoiseTerm(msgspec.Struct, frozen=True):
    """One noise term of the link budget."""

    name: str
    rms_ua: float
    averages: bool = True  # repeats divide its variance


class PowerStep(msgspec.Struct, frozen=True):
    """One step of the light path of a channel: what it changes, and the level after it. The first is the launch."""

    name: str
    change_db: float
    power_dbm: float


class FibreFigure(msgspec.Struct, frozen=True):
    """What distance does to the link; null: no limit."""

    name: str
    value: float | None
    unit: str


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """The link budget of one detected partial sum, operands uniform over their range; null: no noise."""

    snr_db: float | None
    enob: float | None
    full_scale_bits: float | None
    received_dbm: float
    signal_rms_ua: float  # the part of the current that depends on the data
    noise: tuple[NoiseTerm, ...]
    power: tuple[PowerStep, ...] = ()
    product_ua: float = 0.0  # photocurrent of one full-scale product
    mean_ua: float = 0.0
    full_scale_ua: float = 0.0
    bandwidth_ghz: float = 0.0
    osnr_db: float | None = None  # in 12.5 GHz; null: no amplifiers
    fibre: tuple[FibreFigure, ...] = ()


class LayerLink(msgspec.Struct, frozen=True, kw_only=True):
    """The link budget for the formats of some kernels, and the layers that call them."""

    layers: tuple[str, ...]
    kernels: tuple[str, ...]
    input_bits: int  # 0: full precision, likewise below
    weight_bits: int
    adc_bits: float
    sign_scheme: str
    adc_range: str
    repeats: int
    link: Link


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One figure in mW/TOPS beside the program's: an electronic processor."""

    name: str
    kind: str  # "measured", "filled" or "peak"
    precision: str
    boundary: str
    mw_per_tops: float
    status: str
    source: str
    program_times: float | None  # the program's figure at the system boundary / this one
    peak_times: float  # the hardware's peak figure at the system boundary (no workload) / this one


class Warning(msgspec.Struct, frozen=True):
    """Something to know before using the numbers."""

    code: str
    severity: str
    message: str
    remedy: str = ""


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """The contractions on light, by the rules of a published simulator (option accounting.conventions of a target)."""

    conventions: str
    energy_j: float
    latency_s: float


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a scheduled program costs on a target."""

    schema: str = SCHEMA
    program: str
    source: str
    target: str
    family: str
    target_fingerprint: str
    dims: dict[str, int]
    assumed_dims: tuple[str, ...]  # sizes nobody gave, taken as 1
    coverage: Coverage
    preparation: Preparation
    layers: tuple[Layer, ...]
    electronics: tuple[ElectronicTask, ...]
    transfers: tuple[Transfer, ...]
    idle: tuple[Idle, ...]
    weights: Resident
    totals: Totals
    link: Link  # for the formats that the target asks for
    layer_links: tuple[LayerLink, ...]  # for those of the layers, one entry per set of formats
    baselines: tuple[Comparison, ...]
    statuses: dict[str, int]  # numbers of the target by how far they can be trusted
    unknowns: str
    warnings: tuple[Warning, ...]
    energy_quantum_j: float
    published: Published | None = None  # the target asks for a published simulator's rules
