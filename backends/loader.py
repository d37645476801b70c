"""`load_target`: from a spelling to a checked `Target`; all problems are reported at once."""

from __future__ import annotations

from collections.abc import Mapping

from heliograph.backends.document import Document, Leaf, read
from heliograph.backends.families.registry import family_named, family_names
from heliograph.backends.nearest import nearest
from heliograph.backends.quantity import Quantity, Status, Value, unit_of
from heliograph.backends.sections import Rule, Section
from heliograph.backends.spelling import Spelling, canonical, parse, spell_value
from heliograph.backends.target import Target
from heliograph.ir.diagnostics import Diagnostics, HeliographError

_MAX_SHOWN = 80  # characters of a wrong value quoted in a message


def load_target(spelling: str) -> Target:
    """The target that `spelling` names: ``awgr8-28g``, ``awgr8-28g{opu.count=16}``, ``my.toml{...}``.

    Raises `HeliographError` with every problem found: HG4001 unknown target, HG4002 unknown or duplicate key
    (with the nearest valid one), HG4003 wrong type or range, HG4004 number without source or status, HG4007
    file that is no TOML.
    """
    spelled = parse(spelling)
    problems = Diagnostics()
    document = read(spelled.base, problems)
    family_name = document.header["family"]
    if family_name not in family_names():
        known = ", ".join(family_names())
        problems.report("HG4003", f"{spelled.base}: no family '{family_name}'", remedy=f"families: {known}")
        raise HeliographError(problems.errors)
    family = family_named(family_name)
    rules = {key: rule for kind in family.sections for key, rule in kind.rules().items()}
    values = _file_values(spelled.base, document, rules, problems)
    changed = _overrides(spelled, values, rules, problems)
    problems.raise_if_errors()

    merged = {key: values[key] if key not in changed else changed[key] for key in rules}
    target = Target(
        name=document.header["name"],
        family=family_name,
        description=document.header["description"],
        unknowns=document.header["unknowns"],
        spelling=canonical(spelled.base, changed),
        sections=tuple(_section(kind, merged) for kind in family.sections),
        origins=tuple(_quantity(key, merged[key], document.leaves[key], key in changed) for key in rules),
    )
    for problem in family.problems(target):
        problems.add(problem)
    problems.raise_if_errors()
    return target


def _shown(value: object) -> str:
    if value is None:
        return "(no value)"
    if isinstance(value, int) and value.bit_length() > 256:
        return f"(an integer of {value.bit_length()} bits)"
    text = spell_value(value) if isinstance(value, bool | int | float | str) else repr(value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "..."


def _unknown(where: str, key: str, rules: Mapping[str, Rule], problems: Diagnostics) -> None:
    near = nearest(key, rules)
    remedy = f"the nearest key is {near}" if near else "`heliograph targets NAME` lists the keys"
    problems.report("HG4002", f"{where}: unknown key '{key}'", remedy=remedy)


def _file_values(base: str, document: Document, rules: Mapping[str, Rule], problems: Diagnostics) -> dict[str, Value]:
    """The file's values, checked; missing and wrong ones are reported and left out."""
    values: dict[str, Value] = {}
    for key, leaf in document.leaves.items():
        rule = rules.get(key)
        if rule is None:
            _unknown(base, key, rules, problems)
            continue
        if rule.numeric and (leaf.source is None or leaf.status is None):
            lacks = "source" if leaf.source is None else "status"
            remedy = f'write {{ value = ..., source = "...", status = "{" | ".join(Status)}" }}'
            problems.report("HG4004", f"{base}: {key} has no {lacks}", remedy=remedy)
        problem = rule.problem(leaf.value)
        if problem:
            problems.report("HG4003", f"{base}: {key} = {_shown(leaf.value)}: {problem}")
        elif isinstance(leaf.value, bool | int | float | str):
            values[key] = rule.convert(leaf.value)
    for key in rules:
        if key not in document.leaves:
            problems.report("HG4003", f"{base}: {key} is missing")
    return values


def _overrides(
    spelled: Spelling, values: Mapping[str, Value], rules: Mapping[str, Rule], problems: Diagnostics
) -> dict[str, Value]:
    """The overrides that differ from the file, checked."""
    given: dict[str, Value] = {}
    for key, value in spelled.overrides:
        rule = rules.get(key)
        if rule is None:
            _unknown("spelling", key, rules, problems)
        elif key in given:
            problems.report("HG4002", f"spelling: {key} is given twice", remedy="keep one of them")
        elif (problem := rule.problem(value)) is not None:
            problems.report("HG4003", f"spelling: {key} = {_shown(value)}: {problem}")
        else:
            given[key] = rule.convert(value)
    return {key: value for key, value in given.items() if key not in values or value != values[key]}


def _section(kind: type[Section], merged: Mapping[str, Value]) -> Section:
    return kind(**{key.partition(".")[2]: merged[key] for key in kind.rules()})


def _quantity(key: str, value: Value, leaf: Leaf, overridden: bool) -> Quantity:
    if overridden:
        return Quantity(key, value, unit_of(key), f"given by the user; file: {leaf.value}", Status.ASSUMED)
    return Quantity(key, value, unit_of(key), leaf.source or "choice", leaf.status or Status.ASSUMED)
