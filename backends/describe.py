"""A target as data for people: sections of (key, value, unit, status, source). Printing is the caller's."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from heliograph.backends.quantity import Quantity
from heliograph.backends.target import Target


@dataclass(frozen=True, slots=True)
class DescribedSection:
    """One section: its key in the target file, what it is, and its values."""

    key: str
    title: str
    rows: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """Everything a target says about itself."""

    name: str
    family: str
    spelling: str
    description: str
    unknowns: str
    fingerprint: str
    sections: tuple[DescribedSection, ...]


def describe(target: Target) -> Description:
    """All texts and values of a target, in the order of its sections."""
    titles = {section.KEY: (type(section).__doc__ or "").partition("\n")[0] for section in target.sections}
    grouped = groupby(target.quantities(), key=lambda q: q.key.partition(".")[0])
    return Description(
        name=target.name,
        family=target.family,
        spelling=target.spelling,
        description=target.description,
        unknowns=target.unknowns,
        fingerprint=target.fingerprint,
        sections=tuple(DescribedSection(key, titles[key], tuple(rows)) for key, rows in grouped),
    )
