"""The program artifact: what the compiler makes, what the runtime runs, and the ``.helio`` file that holds it."""

from heliograph.ir.program.artifact import Program, make_program
from heliograph.ir.program.manifest import Interface, Manifest, Port, Source, TargetInfo
from heliograph.ir.program.reader import load_program

__all__ = [
    "Interface",
    "Manifest",
    "Port",
    "Program",
    "Source",
    "TargetInfo",
    "load_program",
    "make_program",
]
