"""Expand operators that the ONNX standard defines as functions and that hide matrix products.

`Attention` (opset 23 and later, with grouped queries, caches and masks) is spelled out by its own definition in the
standard, so its two products reach light and its mask, softmax and cache handling run as written there.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx

EXPANDED = (("", "Attention"),)
_CALL = re.compile(r"__(\d+)$")  # the inliner numbers the values of the n-th expanded node


def expand_functions(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with `EXPANDED` operators replaced by their definitions; new nodes are named after their source."""
    import onnx.inliner

    nodes = [(i, n) for i, n in enumerate(model.graph.node) if (n.domain, n.op_type) in EXPANDED]
    sources = [n.name or f"{n.op_type}_{i}" for i, n in nodes]
    if not sources:
        return model
    before = {id_of(n) for n in model.graph.node}
    expanded = onnx.inliner.inline_selected_functions(model, list(EXPANDED), inline_schema_functions=True)
    counts: Counter[str] = Counter()
    current = sources[0]
    for node in expanded.graph.node:
        if id_of(node) in before:
            continue
        calls = [int(m[1]) for o in (*node.input, *node.output) if (m := _CALL.search(o))]
        current = sources[calls[-1] - 1] if calls and calls[-1] <= len(sources) else current
        node.name = f"{current}/{node.op_type}_{counts[current]}"
        counts[current] += 1
    return expanded


def id_of(node: onnx.NodeProto) -> tuple[str, ...]:
    """What tells a node from all others: its type and the values it defines."""
    return (node.domain, node.op_type, *node.output)
