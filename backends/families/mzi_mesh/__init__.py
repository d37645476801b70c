"""Mesh of Mach-Zehnder interferometers programmed by singular-value decomposition: slow weights, signed fields."""

from heliograph.backends.families.base import Family
from heliograph.backends.families.mzi_mesh.family import MziMeshFamily

FAMILY: Family = MziMeshFamily()

__all__ = ["FAMILY", "MziMeshFamily"]
