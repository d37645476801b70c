"""Pipelines: a tuple of passes, the text that spells it, and running it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches

from heliograph.compiler.passes import PASSES, AssignWavelengths, Notes, Partition, Pass, Quantize, Schedule, Tile
from heliograph.compiler.unit import Unit
from heliograph.ir.diagnostics import error
from heliograph.ir.levels import LEVELS, check, level_of

DEFAULT: tuple[Pass, ...] = (
    Partition(),  # contractions to light, the rest into electronic regions
    Quantize(),  # number formats, scales and signs of every contraction
    Tile(),  # contractions become calls of kernels, loops over tiles
    AssignWavelengths(),  # the checked wavelength plan; FSR orders carry vectors in parallel
    Schedule(),  # resources, start times, transfers
)

_PASS = re.compile(r"\s*([a-z][a-z0-9-]*)\s*(?:\{([^{}]*)\})?\s*(?:,|$)")


@dataclass(frozen=True)
class PassRun:
    """What an observer is told after each pass."""

    step: Pass
    unit: Unit
    seconds: float
    notes: Notes
    changed_level: bool


Observer = Callable[[PassRun], None]


def parse_pipeline(text: str) -> tuple[Pass, ...]:
    """Read ``pass,pass{option=value,...},...``. Raises HeliographError HG1301 with the nearest name, HG1302."""
    passes: list[Pass] = []
    position = 0
    while position < len(text):
        match = _PASS.match(text, position)
        if match is None:
            raise error("HG1301", f"'{text[position:]}' is not a list of passes", remedy="name{option=value},name,...")
        passes.append(_make(match[1], match[2] or ""))
        position = match.end()
    return tuple(passes)


def spell_pipeline(passes: Sequence[Pass]) -> str:
    """The text that `parse_pipeline` reads back."""
    return ",".join(p.spelling for p in passes)


def _make(name: str, options: str) -> Pass:
    if name not in PASSES:
        near = get_close_matches(name, PASSES, 1)
        remedy = f"did you mean '{near[0]}'?" if near else f"passes: {', '.join(PASSES)}"
        raise error("HG1301", f"no pass is called '{name}'", remedy=remedy)
    kind = PASSES[name]
    known = {f.name.replace("_", "-"): f for f in fields(kind)}
    values: dict[str, object] = {}
    for part in filter(None, (p.strip() for p in options.split(","))):
        key, _, text = (p.strip() for p in part.partition("="))
        if key not in known or known[key].name in values:
            near = get_close_matches(key, known, 1)
            remedy = f"did you mean '{near[0]}'?" if near else f"options: {', '.join(known) or 'none'}"
            what = "is given twice" if key in known else "does not exist"
            raise error("HG1301", f"option '{key}' of pass '{name}' {what}", remedy=remedy)
        values[known[key].name] = _value(text, str(known[key].type), f"{name}{{{part}}}")
    return kind(**values)


def _value(text: str, kind: str, where: str) -> object:
    readers: dict[str, Callable[[str], object]] = {"int": int, "float": float, "str": str}
    try:
        if kind == "bool":
            return {"true": True, "false": False}[text.lower()]
        return readers[kind](text)
    except (ValueError, KeyError) as problem:
        raise error("HG1302", f"{where}: '{text}' is not of type {kind}") from problem


def run_pipeline(
    unit: Unit,
    passes: Sequence[Pass],
    *,
    stop_at: str | None = None,
    verify_each: bool = False,
    observer: Observer | None = None,
) -> Unit:
    """Run passes in order, verifying at every change of level (after every pass with `verify_each`).

    `stop_at`: last level to reach. Raises HeliographError HG1303 when a pass does not take the level reached.
    """
    for step in passes:
        level = level_of(unit.module)
        if stop_at is not None and LEVELS.index(step.gives) > LEVELS.index(stop_at):
            break
        if step.takes != level:
            raise error("HG1303", f"pass '{step.name}' takes {step.takes} IR, the module is {level}")
        notes, start = Notes(), time.perf_counter()
        unit = step.run(unit, notes)
        seconds = time.perf_counter() - start
        if verify_each or step.gives != step.takes:
            check(unit.module)
        if observer is not None:
            observer(PassRun(step, unit, seconds, notes, step.gives != step.takes))
    return unit
