"""A compiled program in memory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from heliograph.ir.core import Op
from heliograph.ir.program.interface import interface_of, level_of
from heliograph.ir.program.manifest import Interface, Manifest, Source, TargetInfo
from heliograph.ir.weights import Weights


@dataclass(frozen=True)
class Program:
    """A module, its weights, and where it comes from; what `compile` makes and the runtime runs."""

    module: Op
    weights: Weights
    manifest: Manifest

    @property
    def level(self) -> str:
        """The level of the module, normally "scheduled"."""
        return self.manifest.level

    @property
    def interface(self) -> Interface:
        """Inputs and outputs."""
        return self.manifest.interface

    @property
    def target(self) -> str:
        """Spelling of the target compiled for."""
        return self.manifest.target.spelling

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a ``.helio`` file, atomically. Raises HeliographError HG1005 when it cannot be written."""
        from heliograph.ir.program.writer import write_program

        write_program(path, self)

    def __repr__(self) -> str:
        name = self.manifest.source.name or self.module.sym_name
        return f"<Program {name!r} for {self.target}, level {self.level}>"


def make_program(
    module: Op,
    weights: Weights,
    *,
    source_name: str = "",
    source_sha256: str = "",
    target: str = "",
    target_fingerprint: str = "",
) -> Program:
    """A program from a module and its weights; level and interface are read from the module."""
    manifest = Manifest(
        producer=f"heliograph {_own_version()}",
        source=Source(source_name, source_sha256),
        target=TargetInfo(target, target_fingerprint),
        level=level_of(module),
        interface=interface_of(module),
    )
    return Program(module, weights, manifest)


def _own_version() -> str:
    try:
        return version("heliograph")
    except PackageNotFoundError:  # run from a source tree that is not installed
        return "unknown"
