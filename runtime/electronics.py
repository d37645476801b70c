"""Electronic regions on onnxruntime: one session per region, one copy of each weight.

Memory: onnxruntime copies every initializer that it does not read from a file of its own. A large weight is
therefore an initializer (which lets onnxruntime pack it for speed) only where a single region uses it; one that
several regions use, or a very large one, is handed in at each call as an `OrtValue` over the array itself.

Threads: each session has a pool of its own, so a model of many regions must not take the default. Without `threads`
a region that multiplies matrices gets all cores and any other region runs on the calling thread.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from heliograph.ir.core import AttributeValue, Op, sym, walk
from heliograph.ir.diagnostics import HeliographError, error
from heliograph.ir.dialects import WeightRef, Work
from heliograph.ir.onnx_export import RegionModel, export_region
from heliograph.ir.weights import Array, Weights
from heliograph.runtime.dtypes import AS_BITS

if TYPE_CHECKING:
    import onnxruntime

FEED_BYTES = 64 << 20  # weights above this are never copied into a session
Feed = Any  # an array, or lists and None for ONNX sequences and optionals


@dataclass(frozen=True)
class _Prepared:
    session: onnxruntime.InferenceSession
    model: RegionModel
    held: Mapping[str, onnxruntime.OrtValue]  # fed weights
    exotic_outputs: bool


class Electronics:
    """Runs regions; safe to share between threads."""

    def __init__(
        self,
        weights: Weights,
        opsets: Mapping[str, AttributeValue],
        regions: Iterable[Op] = (),
        *,
        threads: int | None = None,
    ) -> None:
        self._weights = weights
        self._opsets = opsets
        self._threads = threads
        self._fed = _weights_to_feed(regions, weights)
        self._prepared: dict[int, tuple[Op, _Prepared]] = {}
        self._values: dict[str, onnxruntime.OrtValue] = {}
        self._lock = threading.Lock()

    def prepare(self, region: Op) -> None:
        """Create the session of a region now instead of at its first run."""
        self._session(region)

    def run(self, region: Op, operands: Sequence[Feed]) -> list[Feed]:
        """Yielded values of a region. Raises HeliographError HG5001 when onnxruntime fails."""
        prepared = self._session(region)
        feeds: dict[str, Feed] = {n: v for n, v in zip(prepared.model.inputs, operands, strict=True) if n}
        exotic = prepared.exotic_outputs or any(_is_exotic(v) for v in operands)
        try:
            if not exotic:
                return list(prepared.session.run(list(prepared.model.outputs), {**feeds, **prepared.held}))
            values = {name: _ort_value(v) for name, v in feeds.items()}
            results = prepared.session.run_with_ort_values(list(prepared.model.outputs), {**values, **prepared.held})
            return [_array(r) for r in results]
        except Exception as problem:  # onnxruntime's exceptions share no public base
            raise _failed(region, problem) from problem

    def _session(self, region: Op) -> _Prepared:
        with self._lock:
            if id(region) not in self._prepared:
                self._prepared[id(region)] = (region, self._create(region))  # keeps the op, so that its id stays its
            return self._prepared[id(region)][1]

    def _create(self, region: Op) -> _Prepared:
        import onnxruntime

        def lookup(ref: WeightRef) -> Array:
            return self._weights[ref.name]

        try:
            model = export_region(region, self._opsets, lookup, fed=self._fed)
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            options.intra_op_num_threads = self._threads or _fitting_threads(region)
            options.inter_op_num_threads = 1
            options.use_deterministic_compute = True
            if model.external:
                names = list(model.external)
                options.add_external_initializers(names, [self._value(model.external[n]) for n in names])
            session = onnxruntime.InferenceSession(
                model.proto.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
        except HeliographError:
            raise
        except Exception as problem:
            raise _failed(region, problem) from problem
        exotic = any(o.type in _EXOTIC_SPELLINGS for o in session.get_outputs())
        return _Prepared(session, model, {n: self._value(r) for n, r in model.fed.items()}, exotic)

    def _value(self, ref: WeightRef) -> onnxruntime.OrtValue:
        if ref.name not in self._values:
            self._values[ref.name] = _ort_value(self._weights[ref.name])
        return self._values[ref.name]


_EXOTIC_SPELLINGS = {f"tensor({name.replace('_', '')})" for name in AS_BITS}


def _weights_to_feed(regions: Iterable[Op], weights: Weights) -> frozenset[str]:
    users: Counter[str] = Counter()
    for region in regions:
        refs = (op.attributes["ref"] for op in walk(region) if op.name == "helio.weight")
        users.update({r.name for r in refs if isinstance(r, WeightRef) and not r.data})
    return frozenset(n for n, count in users.items() if count > 1 or weights.source(n).nbytes > FEED_BYTES)


def _fitting_threads(region: Op) -> int:
    work = region.attributes.get("work")
    multiplies = isinstance(work, Work) and sym(work.macs) != sym(0)
    return (os.cpu_count() or 1) if multiplies else 1


def _is_exotic(value: Feed) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.name in AS_BITS


def _ort_value(value: Feed) -> onnxruntime.OrtValue:
    """An OrtValue over an array, without a copy where the array is contiguous."""
    import onnxruntime

    array = np.ascontiguousarray(value).reshape(np.shape(value))
    if array.dtype.name in AS_BITS:
        bits, code = AS_BITS[array.dtype.name]
        return onnxruntime.OrtValue.ortvalue_from_numpy_with_onnx_type(array.view(bits), code)
    return onnxruntime.OrtValue.ortvalue_from_numpy(array)


def _array(value: onnxruntime.OrtValue) -> Array:
    """The array of an OrtValue; onnxruntime gives no numpy view of ml_dtypes, so their bits are copied."""
    spelling = value.data_type()
    for name in AS_BITS:
        if spelling == f"tensor({name.replace('_', '')})":
            import ctypes

            import ml_dtypes

            raw = ctypes.string_at(value.data_ptr(), value.tensor_size_in_bytes())
            return np.frombuffer(raw, getattr(ml_dtypes, name)).reshape(value.shape())
    array: Array = value.numpy()
    return array


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
