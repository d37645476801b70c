"""What families that detect light and convert what they detect have in common.

Such a family says what one detected partial sum is (`detection`), what a task does to its devices (`activity`) and
what that costs (`rates`); formats, link budget, the simulator's noise and peak activity follow from those.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import ClassVar

from heliograph.backends.cost.activity import Activity
from heliograph.backends.families.base import GemmActivity
from heliograph.backends.families.common import CommonTiming
from heliograph.backends.families.detection import Detection, budget_of, slice_of
from heliograph.backends.link import FibreRow, LinkBudget
from heliograph.backends.physics.units import exact
from heliograph.backends.precision import Precision
from heliograph.backends.slices import SliceNoise
from heliograph.backends.target import Target

_SECOND_PS = 10**12


class AnalogFamily(CommonTiming, ABC):
    """Stateless. `signed_inputs`: the field of an input carries its sign, so that no second pass is needed."""

    __slots__ = ()
    signed_inputs: ClassVar[bool] = False

    @abstractmethod
    def detection(self, target: Target, precision: Precision) -> Detection:
        """One detected partial sum for the given formats, operands uniform over their range, all ports in use."""

    @abstractmethod
    def activity(self, target: Target, task: GemmActivity) -> Activity:
        """Device activity of a task."""

    def fibre(self, target: Target) -> tuple[FibreRow, ...]:
        """What distance does to the link; nothing where light stays on one chip."""
        return ()

    def precision(self, target: Target) -> Precision:
        """Formats of section precision, with the ADC's effective bits."""
        return Precision.of(target.formats, target.adc.enob, signed_inputs=self.signed_inputs)

    def link_budget(self, target: Target, precision: Precision | None = None) -> LinkBudget:
        """Power, noise and fibre for the given formats, or the target's own."""
        formats = precision or self.precision(target)
        return replace(budget_of(self.detection(target, formats), formats), fibre=self.fibre(target))

    def slice_noise(self, target: Target, precision: Precision | None) -> SliceNoise:
        """For the given formats, or the target's own."""
        formats = precision or self.precision(target)
        return slice_of(self.detection(target, formats), formats)

    def full_second(self, target: Target, rails: int) -> Activity:
        """One second with every port busy in every step, weights resident or sent once per step."""
        tile = self.tile(target)
        steps = round(exact(target.opu.symbol_rate_gbd) * 10**9)
        rows = steps * tile.vectors
        return self.activity(
            target,
            GemmActivity(
                input_symbols=rows * tile.k,
                output_samples=rows * tile.n,
                macs=rows * tile.k * tile.n,
                powered_ps=_SECOND_PS,
                rails=rails,
                weight_symbols=steps * tile.k * tile.n,
            ),
        )
