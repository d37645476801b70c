"""The hardware: targets, devices, noise, cost, and what may run where.

``load_target`` reads a target; ``family_of`` gives the object that answers for its kind of hardware; ``price``
turns an `Activity` into a `Bill`. Everything else here is what those three take and return.
"""

from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.baselines import Baseline, baselines
from heliograph.backends.cost.bill import Bill, BillLine, Boundary, Rate
from heliograph.backends.cost.electronics import (
    ElectronicWork,
    electronic_activity,
    electronics_powered,
    network_ps,
    traffic,
)
from heliograph.backends.cost.memory import home, moved_through
from heliograph.backends.cost.price import Peak, peak, price, price_list
from heliograph.backends.describe import DescribedSection, Description, describe
from heliograph.backends.document import target_names
from heliograph.backends.doors import (
    check_link,
    kernel_precision,
    link_budget,
    link_warnings,
    slice_noise,
    wavelength_plan,
)
from heliograph.backends.families.base import Family, GemmActivity, GemmRequest, Tile
from heliograph.backends.families.registry import family_names, family_of
from heliograph.backends.link import FibreRow, LinkBudget, NoiseRow, PowerRow
from heliograph.backends.loader import load_target
from heliograph.backends.precision import AdcRange, Precision, SignScheme
from heliograph.backends.quantity import Quantity, Status
from heliograph.backends.slices import SliceNoise
from heliograph.backends.target import Target
from heliograph.backends.wavelengths import Channel, WavelengthPlan

__all__ = [
    "Activity",
    "AdcRange",
    "Baseline",
    "Bill",
    "BillLine",
    "Boundary",
    "Channel",
    "DescribedSection",
    "Description",
    "ElectronicWork",
    "Family",
    "FibreRow",
    "GemmActivity",
    "GemmRequest",
    "LinkBudget",
    "NoiseRow",
    "Peak",
    "PowerRow",
    "Precision",
    "Quantity",
    "Rate",
    "SignScheme",
    "SliceNoise",
    "Status",
    "Target",
    "Tile",
    "WavelengthPlan",
    "baselines",
    "check_link",
    "describe",
    "electronic_activity",
    "electronics_powered",
    "family_names",
    "family_of",
    "home",
    "kernel_precision",
    "link_budget",
    "link_warnings",
    "load_target",
    "moved_through",
    "network_ps",
    "peak",
    "price",
    "price_list",
    "slice_noise",
    "target_names",
    "traffic",
    "wavelength_plan",
]
