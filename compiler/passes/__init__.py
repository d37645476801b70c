"""The passes, one file each, and their table."""

from heliograph.compiler.passes.assign_wavelengths import AssignWavelengths
from heliograph.compiler.passes.base import Notes, Pass
from heliograph.compiler.passes.partition import Partition
from heliograph.compiler.passes.quantize import Quantize
from heliograph.compiler.passes.schedule import Schedule
from heliograph.compiler.passes.tile import Tile

PASSES: dict[str, type[Pass]] = {p.name: p for p in (Partition, Quantize, Tile, AssignWavelengths, Schedule)}

__all__ = ["PASSES", "AssignWavelengths", "Notes", "Partition", "Pass", "Quantize", "Schedule", "Tile"]
