"""Finds families: every folder beside this file whose package has a `FAMILY`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from heliograph.backends.families.base import Family
    from heliograph.backends.target import Target

_PACKAGE = "heliograph.backends.families"


@cache
def family_names() -> tuple[str, ...]:
    """Names of all families, sorted."""
    paths = importlib.import_module(_PACKAGE).__path__
    return tuple(sorted(m.name for m in pkgutil.iter_modules(paths) if m.ispkg))


@cache
def family_named(name: str) -> Family:
    """The family of that name. Raises LookupError when there is none."""
    if name not in family_names():
        raise LookupError(f"no family {name!r}")
    return cast("Family", importlib.import_module(f"{_PACKAGE}.{name}").FAMILY)


def family_of(target: Target) -> Family:
    """The family a target belongs to."""
    return family_named(target.family)
