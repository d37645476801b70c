"""Checks a run's inputs against the model and binds its symbolic sizes."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from heliograph.ir.core import SymExpr, TensorType, Value
from heliograph.ir.diagnostics import Diagnostics, HeliographError
from heliograph.ir.program.dtypes import expected_dtype
from heliograph.ir.size_names import size_name, spell_size
from heliograph.ir.sizes import SizeRange
from heliograph.runtime.arrays import as_array
from heliograph.runtime.dtypes import accepts


def signature(feeds: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """What decides whether feeds fit a model; None where more than names, shapes and dtypes does."""
    if not all(type(v) is np.ndarray for v in feeds.values()):
        return None
    return tuple((name, v.shape, v.dtype) for name, v in feeds.items())


def check_feeds(
    names: Sequence[str],
    args: Sequence[Value],
    feeds: Mapping[str, Any],
    ranges: Mapping[str, SizeRange],
    constants: Collection[str] = (),
) -> tuple[dict[Value, Any], dict[str, int]]:
    """Values of the block arguments, and sizes by symbol. `constants` are inputs of the model that the program lacks.

    Raises HeliographError with every problem at once: HG1202 (names), HG1203 (shapes), HG1204 (dtypes).
    """
    problems = Diagnostics()
    for name in feeds:
        if name in constants:
            message = f"'{name}' is a constant of this program: the model's own value for it was compiled in"
            problems.report("HG1202", message, remedy=f"compile with overridable=['{name}'] (--overridable {name})")
        elif name not in names:
            near = difflib.get_close_matches(name, names, 1)
            remedy = f"did you mean '{near[0]}'?" if near else f"the inputs are: {', '.join(names) or 'none'}"
            problems.report("HG1202", f"the model has no input '{name}'", remedy=remedy)
    missing = [n for n in names if n not in feeds]
    if missing:
        problems.report("HG1202", f"no value given for input {', '.join(repr(n) for n in missing)}")
    binding: dict[str, tuple[int, str]] = {}
    derived: list[tuple[str, int, SymExpr, int]] = []
    values: dict[Value, Any] = {}
    for name, arg in zip(names, args, strict=True):
        if name not in feeds:
            continue
        value = feeds[name]
        if isinstance(arg.type, TensorType):
            value = _tensor(name, arg.type, value, binding, derived, problems)
        values[arg] = value
    sizes = {symbol: size for symbol, (size, _) in binding.items()}
    for name, axis, expr, actual in derived:
        if expr.symbols() <= sizes.keys() and expr.evaluate(sizes) != actual:
            known = ", ".join(f"{size_name(s)} = {sizes[s]}" for s in sorted(expr.symbols()))
            message = f"input '{name}': dimension {axis} is {actual}, the model wants {spell_size(expr)} with {known}"
            problems.report("HG1203", message)
    for symbol in sizes.keys() & ranges.keys():
        allowed = ranges[symbol]
        if not allowed.least <= sizes[symbol] <= allowed.most:
            message = f"'{size_name(symbol)}' is {sizes[symbol]}, the program is for {allowed.least} to {allowed.most}"
            problems.report("HG1203", message, remedy="compile the model for another range (--dim)")
    problems.raise_if_errors()
    return values, sizes


def _tensor(
    name: str,
    kind: TensorType,
    value: Any,
    binding: dict[str, tuple[int, str]],
    derived: list[tuple[str, int, SymExpr, int]],
    problems: Diagnostics,
) -> Any:
    try:
        array = as_array(value, f"input '{name}'")
    except HeliographError as problem:
        for found in problem.diagnostics:
            problems.add(found)
        return None
    wanted = expected_dtype(kind)
    if wanted is not None and not accepts(wanted, array):
        text = "strings" if wanted.hasobject else str(wanted)
        remedy = f"convert it: x.astype('{wanted}')" if not wanted.hasobject else "give an array of str"
        problems.report("HG1204", f"input '{name}' is {array.dtype}, the model wants {text}", remedy=remedy)
    if kind.dims is None:
        return array
    if array.ndim != len(kind.dims):
        shape = f"({', '.join('?' if d is None else spell_size(d) for d in kind.dims)})"
        problems.report("HG1203", f"input '{name}' has shape {array.shape}, the model wants {shape}")
        return array
    for axis, (size, actual) in enumerate(zip(kind.dims, array.shape, strict=True)):
        if size is None:
            continue
        if size.is_constant:
            if int(size) != actual:
                problems.report("HG1203", f"input '{name}': dimension {axis} is {actual}, the model wants {size}")
        elif (symbol := plain_symbol(size)) is None:
            derived.append((name, axis, size, actual))
        elif binding.setdefault(symbol, (actual, name))[0] != actual:
            first, owner = binding[symbol]
            by = f"{first} by input '{owner}' and {actual} by input '{name}' (dimension {axis})"
            problems.report("HG1203", f"'{size_name(symbol)}' is {by}")
    return array


def plain_symbol(size: SymExpr) -> str | None:
    """The symbol, when a size is just that."""
    text = str(size)
    return text if text.isidentifier() else None


def bound_by(values: Sequence[Value], binding: Mapping[str, int]) -> bool:
    """Whether results may bind sizes that `binding` lacks."""
    kinds = [v.type for v in values]
    sizes = [s for k in kinds if isinstance(k, TensorType) for s in k.dims or () if s is not None and not s.is_constant]
    return any(plain_symbol(s) not in (None, *binding) for s in sizes)


def shape_of(value: Value, binding: Mapping[str, int]) -> tuple[int, ...] | None:
    """The shape that a value's type tells for given sizes; None where a size is not known."""
    shape = value.type.shape if isinstance(value.type, TensorType) else None
    if shape is None or any(not s.symbols() <= binding.keys() for s in shape):
        return None
    return tuple(s.evaluate(binding) for s in shape)


def bind_results(values: Sequence[Value], arrays: Sequence[Any], binding: dict[str, int]) -> None:
    """Bind symbols that first appear in results, such as the count that NonZero finds."""
    for value, array in zip(values, arrays, strict=True):
        if isinstance(array, np.ndarray):
            bind_sizes(value, array.shape, binding)


def bind_sizes(value: Value, shape: Sequence[int], binding: dict[str, int]) -> None:
    """Bind symbols by the shape of one value."""
    dims = value.type.dims if isinstance(value.type, TensorType) else None
    for size, actual in zip(dims or (), shape, strict=False):
        if size is not None and not size.is_constant and (symbol := plain_symbol(size)):
            binding.setdefault(symbol, actual)
