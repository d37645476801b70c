"""Electronic regions on onnxruntime: one session per region, one copy of each weight.

What onnxruntime lacks or is known to get wrong runs on ONNX's reference evaluator, see `mixed`.

Memory: onnxruntime copies every initializer that it does not read from a file of its own. A large weight is
therefore an initializer (which lets onnxruntime pack it for speed) only where a single region uses it and all such
weights together take little; one that several regions use, or a very large one, is handed in at each call as an
`OrtValue` over the array itself. The session of a region that runs once is not kept: onnxruntime would go on holding
what it computed.

Threads: each session has a pool of its own, so a model of many regions must not take the default. Without `threads`
a region that multiplies matrices or works on large tensors gets all cores and any other region runs on the calling
thread. Threads of one region among several do not spin while they wait: they would hold up the others and numpy.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heliograph.ir.core import AttributeValue, Op, sym, walk
from heliograph.ir.diagnostics import HeliographError, error
from heliograph.ir.dialects import WeightRef, Work, is_prepared
from heliograph.ir.onnx_export import RegionModel, export_region
from heliograph.ir.weights import Array, Weights
from heliograph.runtime.mixed import MixedRegion, Piece, Slow, Verdicts
from heliograph.runtime.ort_session import Session
from heliograph.runtime.ort_values import to_ort
from heliograph.runtime.quirks import Quirks

if TYPE_CHECKING:
    import onnx
    import onnxruntime

FEED_BYTES = 64 << 20  # weights above this are never copied into a session
COPIED_BYTES = 256 << 20  # of weights in all sessions of a program: small ones first
_SHARED_OPERATIONS = 1 << 21  # elementwise operations from which waking threads (50 us) pays: about 0.5 ms on one core
Feed = Any  # an array, or lists and None for ONNX sequences and optionals


@dataclass(frozen=True)
class _Prepared:
    """A region ready to run, its fed weights included."""

    model: RegionModel
    piece: Piece
    held: Mapping[str, Any]

    def run(self, operands: Sequence[Feed]) -> list[Feed]:
        feeds = {n: v for n, v in zip(self.model.inputs, operands, strict=True) if n}
        if self.held:
            feeds |= self.held
        return self.piece.run(feeds)


class Electronics:
    """Runs regions; safe to share between threads."""

    def __init__(
        self,
        weights: Weights,
        opsets: Mapping[str, AttributeValue],
        regions: Iterable[Op] = (),
        *,
        threads: int | None = None,
        sizes: Mapping[str, int] | None = None,
    ) -> None:
        """`regions` are all of the program; `sizes` are typical ones of symbols, 1 where not given."""
        regions = tuple(regions)
        self._weights = weights
        self._opsets = opsets
        self._threads = threads
        self._sizes = sizes or {}
        self._spin = len(regions) < 2
        self._fed = _weights_to_feed(regions, weights)
        self._prepared: dict[int, tuple[Op, _Prepared]] = {}
        self._values: dict[str, onnxruntime.OrtValue] = {}
        self._verdicts: Verdicts = {}
        self._slow: dict[int, tuple[Slow, ...]] = {}
        self._lock = threading.Lock()

    def prepare(self, region: Op) -> None:
        """Create the session of a region now instead of at its first run; one that runs once has none to keep."""
        if region.results and not is_prepared(region):
            self._session(region)

    def starts(self, region: Op) -> bool:
        """Create the session of a region that onnxruntime must run as a whole; False when it does not take it."""
        whole = self._try(region)
        if whole is not None:
            with self._lock:
                self._prepared[id(region)] = (region, whole)
        return whole is not None

    def forget(self, region: Op) -> None:
        """Let go of a region's session."""
        with self._lock:
            self._prepared.pop(id(region), None)

    def takes(self, region: Op) -> bool:
        """Whether onnxruntime runs a region as a whole; no session is kept."""
        return self._try(region) is not None

    def run(self, region: Op, operands: Sequence[Feed]) -> list[Feed]:
        """Yielded values of a region. Raises HeliographError HG5001 when it cannot be run."""
        if not region.results:
            return []
        prepared = self._create(region) if is_prepared(region) else self._session(region)
        try:
            return prepared.run(operands)
        except Exception as problem:  # onnxruntime's exceptions share no public base
            raise _failed(region, problem) from problem

    @property
    def sessions(self) -> int:
        """How many regions are ready to run."""
        return len(self._prepared)

    @property
    def slow(self) -> tuple[Slow, ...]:
        """Nodes that onnxruntime cannot run, or gets wrong, in the regions prepared so far, each with the reason."""
        return tuple(slow for found in self._slow.values() for slow in found)

    def _session(self, region: Op) -> _Prepared:
        known = self._prepared.get(id(region))
        if known is not None:
            return known[1]
        with self._lock:
            if id(region) not in self._prepared:
                self._prepared[id(region)] = (region, self._create(region))  # keeps the op, so that its id stays its
            return self._prepared[id(region)][1]

    def _create(self, region: Op) -> _Prepared:
        """The region as one session, or in pieces where onnxruntime does not do all of it."""
        refusal: Exception | None = None
        quirks = Quirks(region, self._opsets, self._weights)
        nodes = [op for op in region.body.ops[:-1] if not op.name.startswith("helio.")]  # those of the model, in order
        wrong = {i: why for i, op in enumerate(nodes) if (why := quirks.why_not(op))}
        if not wrong:
            try:
                return self._whole(region)
            except HeliographError:
                raise
            except Exception as problem:  # onnxruntime's exceptions share no public base
                refusal = problem
        try:
            model = export_region(region, self._opsets, self._lookup, fed=None, typed=True)
            threads = self._fitting_threads(region)
            mixed = MixedRegion(model.proto, lambda part: self._start(part, threads), self._verdicts, wrong)
        except Exception as problem:
            raise _failed(region, refusal or problem) from problem
        self._slow[id(region)] = mixed.slow
        return _Prepared(model, mixed, {n: self._weights[r.name] for n, r in model.fed.items()})

    def _try(self, region: Op) -> _Prepared | None:
        try:
            return self._whole(region)
        except Exception:  # onnxruntime's exceptions share no public base
            return None

    def _whole(self, region: Op) -> _Prepared:
        model = export_region(region, self._opsets, self._lookup, fed=self._fed)
        external = {n: to_ort(self._lookup(ref)) for n, ref in model.external.items()}  # which are copied
        piece = self._start(model.proto, self._fitting_threads(region), external)
        return _Prepared(model, piece, {n: self._value(r) for n, r in model.fed.items()})

    def _fitting_threads(self, region: Op) -> int:
        return self._threads or _fitting_threads(region, self._sizes)

    def _start(
        self, model: onnx.ModelProto, threads: int, external: Mapping[str, onnxruntime.OrtValue] | None = None
    ) -> Session:
        return Session(model, threads, external, spin=self._spin)

    def _lookup(self, ref: WeightRef) -> Array:
        return self._weights[ref.name]

    def _value(self, ref: WeightRef) -> onnxruntime.OrtValue:
        if ref.name not in self._values:
            self._values[ref.name] = to_ort(self._weights[ref.name])
        return self._values[ref.name]


def _weights_to_feed(regions: Iterable[Op], weights: Weights) -> frozenset[str]:
    users: Counter[str] = Counter()
    kept: set[str] = set()  # in sessions
    for region in regions:
        refs = (op.attributes["ref"] for op in walk(region) if op.name == "helio.weight")
        names = {r.name for r in refs if isinstance(r, WeightRef) and not r.data}
        users.update(names)
        kept.update(() if is_prepared(region) else names)
    fed, copied = set(), 0
    for name in sorted(users, key=lambda n: weights.source(n).nbytes):
        nbytes = weights.source(name).nbytes
        if users[name] > 1 or nbytes > FEED_BYTES or copied + nbytes > COPIED_BYTES:
            fed.add(name)
        elif name in kept:
            copied += nbytes
    return frozenset(fed)


def _fitting_threads(region: Op, sizes: Mapping[str, int]) -> int:
    work = region.attributes.get("work")
    if not isinstance(work, Work):
        return 1
    operations = sym(work.elementwise) + sym(work.reduce) + sym(work.transcendental)
    large = operations.evaluate({**dict.fromkeys(operations.symbols(), 1), **sizes}) >= _SHARED_OPERATIONS
    return (os.cpu_count() or 1) if large or sym(work.macs) != sym(0) else 1


def _failed(region: Op, problem: Exception) -> HeliographError:
    first = next((op for op in region.body.ops if not op.name.startswith("helio.")), region)
    text = " ".join(str(problem).split())
    return error(
        "HG5001",
        f"onnxruntime: {text}",
        node=first.loc,
        op_type=first.name.rpartition(".")[2],
        remedy="check that onnxruntime runs the original model with the same inputs",
    )
