"""Inputs that have an initializer: ONNX takes it as a default, which a feed may override."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heliograph.ir.diagnostics import Diagnostics

if TYPE_CHECKING:
    import onnx_ir


@dataclass(frozen=True)
class Defaults:
    """What became of them."""

    values: dict[str, onnx_ir.TensorProtocol] = field(default_factory=dict)  # of those that stay inputs
    constants: tuple[str, ...] = ()  # the others


def take_defaults(model: onnx_ir.Model, overridable: Iterable[str]) -> Defaults:
    """Make inputs of the initializers named `overridable`; all others will be constants, which can be optimised.

    An input keeps the shape of its default, as in onnxruntime. Raises HeliographError HG1202 for every name that is
    no input with an initializer.
    """
    import onnx_ir

    graph = model.graph
    found = {value.name: value for value in graph.inputs if value.name in graph.initializers}
    problems = Diagnostics()
    taken = {}
    for name in dict.fromkeys(overridable):
        value = found.pop(name, None)
        tensor = None if value is None else value.const_value
        if value is None or tensor is None:
            near = difflib.get_close_matches(name, [str(n) for n in found], 1)
            listed = ", ".join(str(n) for n in found) or "none"
            remedy = f"did you mean '{near[0]}'?" if near else f"inputs with a default: {listed}"
            problems.report("HG1202", f"'{name}' is no input with an initializer", remedy=remedy)
            continue
        graph.initializers.pop(name)
        value.const_value = None
        value.shape, value.type = onnx_ir.Shape(tensor.shape.numpy()), onnx_ir.TensorType(tensor.dtype)
        taken[name] = tensor
    problems.raise_if_errors()
    return Defaults(taken, tuple(str(name) for name in found))
