"""How long a tiled program takes on some number of processors, without scheduling it anew for each number."""

from __future__ import annotations

from collections import defaultdict

from heliograph.backends import Target
from heliograph.backends.durations import kernel_timing
from heliograph.compiler.module import kernels_of, main_of
from heliograph.compiler.passes.timeline import call_sizes, use_of
from heliograph.compiler.passes.transfers import with_transfers
from heliograph.ir.asap import Use, earliest_end
from heliograph.ir.core import Evaluator, Op, SymbolRef, SymExpr
from heliograph.ir.kernel import KernelView
from heliograph.ir.sizes import ranges_of


class Makespans:
    """Makespan in ps by processors, for typical sizes, or 1 where no range is declared.

    Only contractions depend on the number of processors; what everything else takes is worked out once.
    """

    def __init__(self, module: Op, target: Target) -> None:
        typical = {name: size.typical for name, size in ranges_of(module).items()}
        self._value = Evaluator(defaultdict(lambda: 1, typical))
        self._target = target
        self._specs = {name: KernelView.of(func).spec for name, func in kernels_of(module).items()}
        _, self._ops = with_transfers(main_of(module), target)
        self._uses: dict[Op, Use] = {}
        self._sizes: dict[Op, tuple[str, tuple[tuple[str, int], ...]]] = {}

    def __call__(self, processors: int) -> int:
        """Ops start as early as operands and resources allow, in program order."""
        timings = {name: kernel_timing(self._target, spec, processors)[0] for name, spec in self._specs.items()}
        durations: dict[tuple[str, tuple[tuple[str, int], ...]], int] = {}

        def use(op: Op) -> Use:
            if op.name != "func.call":
                return self._fixed(op)
            call = self._call(op)
            if call not in durations:
                name, sizes = call
                durations[call] = timings[name].end_ps.evaluate(dict(sizes))
            return Use("opus", durations[call])

        return earliest_end(self._ops, use, self._trips)

    def _fixed(self, op: Op) -> Use:
        if op not in self._uses:
            resource, duration, delay = use_of(op, self._target, {})
            self._uses[op] = Use(resource, self._value(duration), delay)
        return self._uses[op]

    def _call(self, op: Op) -> tuple[str, tuple[tuple[str, int], ...]]:
        if op not in self._sizes:
            callee = op.attributes["callee"]
            assert isinstance(callee, SymbolRef)
            self._sizes[op] = callee.name, tuple((s, self._value(e)) for s, e in call_sizes(op).items())
        return self._sizes[op]

    def _trips(self, op: Op) -> int:
        trips = op.attributes.get("trips", 1)
        assert isinstance(trips, int | SymExpr)
        return self._value(trips)
