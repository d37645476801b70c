"""A program's kernels on hardware that differs a little from the one it was compiled for."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

from heliograph.backends import Target, family_of, network_ps
from heliograph.backends.cost.electronics import electronic_rates_ps
from heliograph.ir.kernel import KernelSpec

_MANY = 10**12  # symbols and bits that tell two rates apart


@dataclass(frozen=True)
class Hardware:
    """A target, the kernels as it would run them, and how many processors are powered."""

    target: Target
    specs: Mapping[str, KernelSpec]
    processors: int

    @property
    def timing(self) -> Hashable:
        """Everything that durations depend on: equal for hardware on which a program takes equally long."""
        target, family = self.target, family_of(self.target)
        return (
            tuple(self.specs.values()),
            self.processors,
            target.opu.weight_banks,
            *(family.hold_ps(target), family.fill_ps(target), family.fibre_ps(target)),
            *(family.stream_ps(target, _MANY), network_ps(target, _MANY)),
            *electronic_rates_ps(target).values(),
        )


def retiled(spec: KernelSpec, old: Target, new: Target) -> KernelSpec:
    """The kernel on the new target: tiles and formats that are the old target's own become the new one's."""
    was, now = family_of(old).tile(old), family_of(new).tile(new)
    spec = replace(
        spec,
        tile_k=now.k if spec.tile_k == was.k else spec.tile_k,
        tile_n=now.n if spec.tile_n == was.n else spec.tile_n,
        vectors=now.vectors if spec.wdm and spec.vectors == was.vectors else spec.vectors,
    )
    before, after = family_of(old).precision(old), family_of(new).precision(new)
    if before is None or after is None:
        return spec
    lhs, rhs, adc = spec.lhs, spec.rhs, spec.adc
    return replace(
        spec,
        lhs=replace(lhs, bits=after.input_bits) if lhs.bits == before.input_bits else lhs,
        rhs=replace(rhs, bits=after.weight_bits) if rhs.bits == before.weight_bits else rhs,
        adc=replace(
            adc,
            bits=float(after.adc_bits) if adc.bits == before.adc_bits else adc.bits,
            repeats=after.repeats if adc.repeats == before.repeats else adc.repeats,
        ),
    )
