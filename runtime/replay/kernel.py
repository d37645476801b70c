"""Plays one call of a kernel: every weight load and every stream, on every processor.

Starts come from the loops' intervals and the slots inside them; how long things take comes from the target: settling
of rings, symbol period, pipeline latency. Nothing is read of where the schedule says that a loop ends.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from heliograph.backends import Target, family_of
from heliograph.ir.core import SymExpr, sym
from heliograph.ir.dialects import LoopTiming, Slot
from heliograph.runtime.replay.machine import Machine
from heliograph.runtime.replay.model import Event
from heliograph.runtime.report.reading import Call

WHOLE_TILES = 50_000  # calls of at most so many loads are played whole
DRAWN_USES = 400  # of one call; beyond, the uses of a processor are drawn as one
DRAWN_LANES = 16


@dataclass(frozen=True)
class Hardware:
    """What the target needs for one load and one symbol."""

    hold_ps: int
    fill_ps: int
    period: Fraction  # ps

    @staticmethod
    def of(target: Target) -> Hardware:
        """From the target's family."""
        family = family_of(target)
        period = Fraction(1000) / Fraction(str(target.opu.symbol_rate_gbd))
        return Hardware(family.hold_ps(target), family.fill_ps(target), period)


@dataclass(frozen=True)
class Loop:
    """A modulo-scheduled loop for concrete sizes: round i starts at ``at + floor(i * ii / per)``."""

    at: int
    trips: int
    ii: int
    per: int
    lanes: int

    @staticmethod
    def of(timing: LoopTiming, sizes: dict[str, int]) -> Loop:
        """Evaluate a timing."""

        def number(value: SymExpr | int) -> int:
            return sym(value).evaluate(sizes)

        return Loop(number(timing.at_ps), number(timing.trips), number(timing.ii_ps), timing.per, timing.lanes)

    def start(self, i: int) -> int:
        """Start of round i."""
        return self.at + i * self.ii // self.per

    @property
    def rounds(self) -> int:
        """Rounds of all lanes."""
        return -(-self.trips // self.lanes)


@dataclass(frozen=True)
class Played:
    """What a call did."""

    end_ps: int
    loads: int
    symbols: int
    collapsed: bool


class KernelPlayer:
    """One call on a machine."""

    def __init__(
        self, machine: Machine, hardware: Hardware, call: Call, start: int, *, whole_tiles: int, drawn: int
    ) -> None:
        self._machine, self._hardware, self._call, self._begin = machine, hardware, call, start
        self._whole, self._drawn = whole_tiles, drawn
        view = call.kernel
        self._name = call.op.loc or f"layer {call.op.attributes.get('layer', 0)}"
        self._nest = Loop.of(view.timing, call.sizes)
        self._stream = Loop.of(cast(LoopTiming, view.stream.attributes["timing"]), call.sizes)
        self._hold = cast(Slot, view.hold.attributes["slot"])
        self._hold_at = sym(self._hold.at_ps).evaluate(call.sizes)
        processors = max(1, machine.copies.get("opus", 1))
        self._banks = max(1, machine.copies.get("banks", 1) // processors)
        # exactly how long the modulators of a processor send for one tile
        gaps = max(0, self._stream.trips - 1) * Fraction(self._stream.ii, self._stream.per)
        self._sending = gaps + hardware.period if self._stream.trips else Fraction(0)

    def play(self) -> Played:
        """Use the machine as the call does; report what it breaks."""
        self._check_loops()
        rounds = list(self._representative_rounds())
        lanes = self._representative_lanes(len(rounds))
        end = self._begin
        for i in rounds:
            for lane in lanes:
                if i * self._nest.lanes + lane < self._nest.trips:
                    end = max(end, self._tile(i, lane))
        self._draw(end)
        loads = self._nest.trips
        collapsed = len(rounds) < self._nest.rounds or len(lanes) < min(self._nest.lanes, loads)
        return Played(end, loads, loads * self._stream.trips, collapsed)

    def _tile(self, i: int, lane: int) -> int:
        """Load and stream one tile; returns when its last word is out."""
        base = self._begin + self._nest.start(i)
        load = base + self._hold_at
        loaded = load + self._hardware.hold_ps
        stream = base + self._stream.at
        sent = stream + self._sending
        if stream < loaded:
            message = f"round {i} streams at {stream} ps through a bank that is written until {loaded} ps"
            self._machine.findings.add("operand", self._name, stream, message)
        bank = lane * self._banks + i % self._banks
        fill = self._hardware.fill_ps
        self._machine.use("writers", lane, load, loaded, self._name)
        self._machine.use("banks", bank, load, max(sent, Fraction(loaded)), self._name)
        self._machine.use("modulators", lane, stream, sent, self._name)
        self._machine.use("opus", lane, stream, sent, self._name)
        self._machine.use("receivers", lane, stream + fill, sent + fill, self._name)
        return max(loaded, math.ceil(sent) + fill)

    def _check_loops(self) -> None:
        """Do the loops visit every tile and symbol, no faster than the hardware?"""
        found, spec, sizes = self._machine.findings, self._call.kernel.spec, self._call.sizes
        b, m, k, n = (sizes[s] for s in "bmkn")
        loads = b * -(-k // spec.tile_k) * -(-n // spec.tile_n) * (2 if spec.rhs.signs == "two-pass" else 1)
        if self._nest.trips != loads:
            found.add("trips", self._name, self._begin, f"loads {self._nest.trips} weight tiles of {loads}")
        symbols = -(-m // spec.vectors) * (2 if spec.lhs.signs == "two-pass" else 1) * spec.adc.repeats
        if self._stream.trips != symbols:
            found.add("trips", self._name, self._begin, f"streams {self._stream.trips} symbols of {symbols} per tile")
        if self._stream.trips > 1 and Fraction(self._stream.ii, self._stream.per) < self._hardware.period:
            gap = f"{self._stream.ii}/{self._stream.per} ps"
            found.add(
                "duration", self._name, self._begin, f"a symbol every {gap}, it takes {float(self._hardware.period)} ps"
            )
        held = sym(self._hold.for_ps).evaluate(sizes)
        if held != self._hardware.hold_ps:
            message = f"a load has {held} ps, it takes {self._hardware.hold_ps} ps"
            found.add("duration", self._name, self._begin, message)
        for op in self._call.kernel.stream.body.ops:
            slot = op.attributes.get("slot")
            if isinstance(slot, Slot) and sym(slot.for_ps).evaluate(sizes) < self._hardware.period:
                message = f"{op.name} has {slot.for_ps} ps for a symbol of {float(self._hardware.period)} ps"
                found.add("duration", self._name, self._begin, message)

    def _representative_rounds(self) -> Iterator[int]:
        """All rounds of a small loop. Of a large one: enough at the start that every pair of rounds close enough to
        collide has a translated copy among them, and as many at the end, which later calls may collide with."""
        nest, rounds = self._nest, self._nest.rounds
        written = Fraction(self._hold_at + self._hardware.hold_ps)
        span = max(written, self._stream.at + self._sending + self._hardware.fill_ps)
        reach = math.floor((span + 1) * nest.per / nest.ii) + 1 if nest.ii else 1  # rounds that one round overlaps
        part = math.lcm(nest.per, self._banks) + reach + 1
        if rounds * nest.lanes <= self._whole or rounds <= 2 * part:
            yield from range(rounds)
        else:
            yield from range(part)
            yield from range(rounds - part, rounds)

    def _representative_lanes(self, rounds: int) -> list[int]:
        """All lanes, or the first and the last that works in the last round: lanes share nothing."""
        lanes = min(self._nest.lanes, self._nest.trips)
        if lanes * rounds <= self._whole:
            return list(range(lanes))
        return sorted({0, (self._nest.trips - 1) % self._nest.lanes, lanes - 1})

    def _draw(self, end: int) -> None:
        """Events of the call, for people."""
        lanes = min(self._nest.lanes, self._nest.trips)
        shown = min(lanes, DRAWN_LANES, self._drawn)
        whole = self._nest.rounds * shown <= self._drawn
        for lane in range(shown):
            mine = -(-(self._nest.trips - lane) // self._nest.lanes)  # rounds in which this lane has a tile
            groups = [(i, i) for i in range(mine)] if whole else [(0, mine - 1)]
            for first, last in groups:
                self._draw_rounds(lane, first, last)
        self._machine.events.append(
            Event(
                name=self._name,
                kind="func.call",
                resource="calls",
                lane=0,
                start_ps=self._begin,
                end_ps=end,
                merged=lanes,
            )
        )

    def _draw_rounds(self, lane: int, first: int, last: int) -> None:
        start, stop = self._begin + self._nest.start(first), self._begin + self._nest.start(last)
        sent = math.ceil(self._stream.at + self._sending)
        fill, hold = self._hardware.fill_ps, self._hardware.hold_ps
        bank = lane * self._banks + first % self._banks if first == last else lane * self._banks
        for kind, resource, copy, begin, finish in (
            ("load", "banks", bank, self._hold_at, self._hold_at + hold),
            ("modulate", "modulators", lane, self._stream.at, sent),
            ("multiply", "opus", lane, self._stream.at, sent),
            ("detect", "receivers", lane, self._stream.at + fill, sent + fill),
        ):
            if start + begin < stop + finish:
                self._machine.events.append(
                    Event(
                        name=self._name,
                        kind=kind,
                        resource=resource,
                        lane=copy,
                        start_ps=start + begin,
                        end_ps=stop + finish,
                        merged=last - first + 1,
                    )
                )
