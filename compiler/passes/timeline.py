"""Start times of the ops of @main: as early as operands and resources allow, with symbolic times.

Two symbolic times may not be comparable for all sizes. Then the op starts at the *horizon*, a time that is never
before the end of anything placed so far: later than need be for some sizes, wrong for none. The makespan is exact:
the maximum of all ends of which none is known to come last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from heliograph.backends import Target
from heliograph.backends.durations import electronic_ps, transmission_ps
from heliograph.ir.core import Op, SymbolRef, SymExpr, TensorType, Value, sym
from heliograph.ir.dialects import CONTROL, LoopTiming, Slot, Work

_ZERO = sym(0)
_MOST_ENDS = 16


class Timeline:
    """Places ops in program order; `makespan` is when the last one ends."""

    def __init__(self, target: Target, kernels: Mapping[str, LoopTiming]) -> None:
        self._target = target
        self._kernels = kernels
        self._ready: dict[Value, SymExpr] = defaultdict(lambda: _ZERO)
        self._free: dict[str, SymExpr] = defaultdict(lambda: _ZERO)
        self._horizon = _ZERO
        self._floor = _ZERO  # nothing starts before: the end of the last control flow
        self._ends: list[SymExpr] = [_ZERO]  # of which none is known to come last

    @property
    def makespan(self) -> SymExpr | int:
        """End of the last op; where very many ends cannot be compared, the horizon."""
        if len(self._ends) > _MOST_ENDS:
            return plain(self._horizon)
        latest, *others = self._ends
        for end in others:
            latest = latest.max(end)
        return plain(latest)

    def place(self, op: Op) -> None:
        """Give `op` its slot (in place: the op is this pass's own copy)."""
        if op.name in CONTROL:
            self._place_control(op)
            return
        resource, duration, delay = use_of(op, self._target, self._kernels)
        wait = [self._ready[v] for v in op.operands]
        if resource is None:
            for value in op.results:
                self._ready[value] = self._latest(wait)
            return
        start = self._latest([*wait, self._free[resource], self._floor])
        end = start + duration
        op.attributes["slot"] = Slot(SymbolRef(resource), plain(start), plain(duration))
        self._free[resource] = end
        for value in op.results:
            self._ready[value] = end + delay
        self._advance(start, duration + delay)
        if not any(_never_before(known, end + delay) for known in self._ends):
            self._ends = [known for known in self._ends if not _never_before(end + delay, known)] + [end + delay]

    def _place_control(self, op: Op) -> None:
        """Bodies may use every resource: control flow starts when all is done, and nothing starts before it ends."""
        bodies: list[SymExpr] = []
        for region in op.regions:
            inner = Timeline(self._target, self._kernels)
            for body_op in region.block.ops:
                inner.place(body_op)
            bodies.append(sym(inner.makespan))
        once = bodies[0]
        for other in bodies[1:]:
            once = once.max(other)
        trips = op.attributes.get("trips", 1)
        assert isinstance(trips, int | SymExpr)
        start, duration = self._horizon, once * trips
        op.attributes["body_ps"] = tuple(plain(b) for b in bodies)
        op.attributes["slot"] = Slot(SymbolRef("sequencer"), plain(start), plain(duration))
        self._horizon = self._floor = start + duration
        self._ends = [self._horizon]
        for value in op.results:
            self._ready[value] = self._horizon

    def _latest(self, times: Iterable[SymExpr]) -> SymExpr:
        latest = _ZERO
        for time in times:
            if _never_before(time, latest):
                latest = time
            elif not _never_before(latest, time):
                return self._horizon
        return latest

    def _advance(self, start: SymExpr, duration: SymExpr) -> None:
        end = start + duration
        if _never_before(end, self._horizon):
            self._horizon = end
        elif not _never_before(self._horizon, end):
            self._horizon = self._horizon + duration


def use_of(op: Op, target: Target, kernels: Mapping[str, LoopTiming]) -> tuple[str | None, SymExpr, int]:
    """Resource, duration and extra delay of an op's results."""
    work = op.attributes.get("work")
    if op.name in ("electronic.region", "tile.gather", "tile.scatter"):
        assert isinstance(work, Work)
        return "electronics", electronic_ps(target, work), 0
    if op.name == "func.call":
        callee = op.attributes["callee"]
        assert isinstance(callee, SymbolRef)
        return "opus", kernels[callee.name].end_ps.substitute(call_sizes(op)), 0
    if op.name == "sched.send":
        delay, bits = op.attributes["delay_ps"], op.attributes["bits"]
        assert isinstance(delay, int)
        assert isinstance(bits, int | SymExpr)
        resource = "uplink" if op.attributes["to"] == "center" else "downlink"
        return resource, transmission_ps(target, sym(bits)), delay
    return None, _ZERO, 0


def call_sizes(call: Op) -> dict[str, SymExpr]:
    """Values of a kernel's symbols b, m, k, n at a call."""
    x, w = (v.type for v in call.operands)
    assert isinstance(x, TensorType)
    assert isinstance(w, TensorType)
    assert x.shape is not None
    assert w.shape is not None
    return {"b": x.shape[0], "m": x.shape[1], "k": w.shape[1], "n": w.shape[2]}


def plain(expr: SymExpr) -> SymExpr | int:
    """An int where the expression is constant."""
    return int(expr) if expr.is_constant else expr


def _never_before(a: SymExpr, b: SymExpr) -> bool:
    bound = (a - b).lower_bound()
    return bound is not None and bound >= 0
