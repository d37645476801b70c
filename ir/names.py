"""Names of ops: each says which node of the user's model it stands for."""

from __future__ import annotations

PART_OF = "::"  # stands between a node and the part of it that an op is, where a node was spelled out


def source_of(loc: str) -> str:
    """The node of the model that an op called `loc` belongs to."""
    return loc.partition(PART_OF)[0]
