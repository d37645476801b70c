"""Reads a scheduled module for concrete sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from heliograph.ir.control import Running, executed
from heliograph.ir.core import Attribute, Evaluator, Op, SymbolRef, SymExpr, TensorType, walk
from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import CONTROL, LoopTiming, Slot, Work
from heliograph.ir.kernel import KernelView
from heliograph.ir.size_names import size_name, size_symbol, spell_size
from heliograph.ir.sizes import ranges_of

_MOST_ASSUMED = 16  # powers of two that are tried


@dataclass(frozen=True)
class Call:
    """A call of a kernel with its sizes."""

    op: Op
    kernel: KernelView
    sizes: dict[str, int]  # b, m, k, n


@dataclass(frozen=True)
class Reading:
    """A scheduled module and the sizes it is read for."""

    module: Op
    main: Op
    kernels: dict[str, KernelView]
    resources: dict[str, Op]
    sizes: dict[str, int]  # by symbol
    assumed: tuple[str, ...]  # names of sizes that nobody gave

    @cached_property
    def dims(self) -> dict[str, int]:
        """All sizes by name."""
        return dict(sorted((size_name(s), size) for s, size in self.sizes.items()))

    @cached_property
    def evaluate(self) -> Evaluator:
        """Values of expressions for these sizes."""
        return Evaluator(self.sizes)

    def number(self, value: object) -> int:
        """An attribute that is a size or time, as a number."""
        if isinstance(value, SymExpr | int):
            return self.evaluate(value)
        raise error("HG9001", f"{value!r} is no size")

    def count(self, resource: str) -> int:
        """Copies of a resource; 0 when the module has none."""
        found = self.resources.get(resource)
        return self.number(found.attributes["count"]) if found else 0

    def slot(self, op: Op) -> tuple[str, int, int]:
        """Resource, start and duration of an op. Raises HG9001 for an op without a slot."""
        slot = op.attributes.get("slot")
        if not isinstance(slot, Slot):
            raise error("HG9001", f"{op.name} has no slot: the module is not scheduled", node=op.loc)
        return slot.on.name, self.number(slot.at_ps), self.number(slot.for_ps)

    def call(self, op: Op) -> Call:
        """A func.call with its kernel and sizes."""
        callee = op.attributes["callee"]
        assert isinstance(callee, SymbolRef)
        x, w = (v.type for v in op.operands)
        assert isinstance(x, TensorType)
        assert isinstance(w, TensorType)
        if callee.name not in self.kernels or x.shape is None or w.shape is None:
            raise error("HG9001", f"call of @{callee.name} without kernel or sizes", node=op.loc)
        shape = (*x.shape[:2], *w.shape[1:])
        return Call(op, self.kernels[callee.name], {s: self.number(e) for s, e in zip("bmkn", shape, strict=True)})

    def running(self) -> list[Running]:
        """Ops of @main and of bodies of control flow, with how often they run."""
        return list(executed(self.main.body.ops, self.number))

    @property
    def makespan_ps(self) -> int:
        """When the schedule says that the program ends."""
        return self.number(self.main.attributes["makespan_ps"])


def read(module: Op, dims: Mapping[str, int] | None) -> Reading:
    """Bind all sizes of a scheduled module.

    Missing ones are typical where the module declares a range, else the least power of two that leaves no tensor
    empty, mostly 1. Raises HG1201 for impossible sizes, HG9001 when the module is not scheduled.
    """
    functions = {op.sym_name: op for op in module.body.ops if op.name == "func.func"}
    main = functions.pop("main", None)
    if main is None or "makespan_ps" not in main.attributes:
        raise error("HG9001", "the module is not scheduled: its @main has no makespan")
    given = dict(dims or {})
    for name, size in given.items():
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise error("HG1201", f"{name} = {size}: a size is a whole number of at least 1")
    given = {size_symbol(name): size for name, size in given.items()}
    used = _symbols(main)
    unknown = sorted(size_name(s) for s in given.keys() - used)
    if unknown:
        open_sizes = ", ".join(sorted(map(size_name, used))) or "none: all are fixed"
        raise error("HG1201", f"the program has no open size '{unknown[0]}'", remedy=f"open sizes: {open_sizes}")
    ranges = ranges_of(module)
    for s in given.keys() & ranges.keys():
        if not ranges[s].least <= given[s] <= ranges[s].most:
            message = f"{size_name(s)} = {given[s]}: the program is for {ranges[s].least} to {ranges[s].most}"
            raise error("HG1201", message, remedy="compile for another range")
    given = {**{s: size.typical for s, size in ranges.items() if s in used}, **given}
    assumed = tuple(sorted(used - given.keys()))
    return Reading(
        module=module,
        main=main,
        kernels={name: KernelView.of(func) for name, func in functions.items()},
        resources={op.sym_name: op for op in module.body.ops if op.name == "sched.resource"},
        sizes=_completed(main, given, assumed),
        assumed=tuple(sorted(map(size_name, assumed))),
    )


def _completed(main: Op, given: dict[str, int], assumed: tuple[str, ...]) -> dict[str, int]:
    """All sizes: those given, and one number for those assumed."""
    values = [v for op in _timed(main) for v in (*op.operands, *op.results)]
    kinds = {v.type for v in values if isinstance(v.type, TensorType)}
    dims = {d for kind in kinds for d in kind.dims or () if d is not None and not d.is_constant}
    for power in range(_MOST_ASSUMED if assumed else 1):
        sizes = {**dict.fromkeys(assumed, 1 << power), **given}
        empty = sorted(spell_size(d) for d in dims if d.evaluate(sizes) < 1)
        if not empty:
            return sizes
    told = ", ".join(f"{size_name(s)} = {size}" for s, size in sizes.items())
    message = f"the sizes {told} leave a tensor of size {empty[0]}"
    raise error("HG1201", message, remedy="give larger sizes")


def _symbols(main: Op) -> set[str]:
    """Symbols that times, work and sizes of @main depend on."""
    found: set[str] = set()
    for op in _timed(main):
        for value in op.attributes.values():
            for expr in _expressions(value):
                found |= expr.symbols()
        for result in (*op.operands, *op.results):
            if isinstance(result.type, TensorType):
                found |= {s for d in result.type.dims or () if d is not None for s in d.symbols()}
    arguments = (d for a in main.body.args if isinstance(a.type, TensorType) for d in a.type.dims or ())
    return found | {s for d in arguments if d is not None for s in d.symbols()}


def _timed(op: Op) -> Iterator[Op]:
    """@main, its ops, and those in bodies of control flow; ops inside electronic regions have no times."""
    yield op
    if op.name == "func.func" or op.name in CONTROL:
        for region in op.regions:
            for inner in region.block.ops:
                yield from _timed(inner)


def _expressions(value: object) -> Iterator[SymExpr]:
    if isinstance(value, SymExpr):
        yield value
    elif isinstance(value, Slot | Work | LoopTiming):
        yield from (e for e in _fields(value) if isinstance(e, SymExpr))


def _fields(value: Attribute) -> Iterator[object]:
    yield from value.params().values()


def unknown_sizes(op: Op) -> bool:
    """Whether the op, or an op in it, has a tensor of which some size is known at run time only."""
    values = (v for inner in walk(op) for v in (*inner.operands, *inner.results))
    return any(isinstance(v.type, TensorType) and v.type.shape is None for v in values)
