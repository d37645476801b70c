"""Normalise a model with onnx-ir and onnxscript: dims, opset, inlining, constant folding, shapes, names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliograph.compiler.frontend.folding import fold_constants
from heliograph.compiler.frontend.functions import expand_functions, has_expandable
from heliograph.compiler.frontend.gradient import has_gradients, spell_out_gradients
from heliograph.compiler.frontend.inference import infer_types, quiet
from heliograph.compiler.frontend.opset import convert_opset
from heliograph.compiler.frontend.rewrite import has_casts_like, spell_out_casts
from heliograph.ir.diagnostics import Diagnostics, HeliographError, error
from heliograph.ir.sizes import LARGEST, Dim, SizeRange

if TYPE_CHECKING:
    import onnx_ir


@dataclass(frozen=True)
class Conveniences:
    """Steps that make a model easier to compile; a model is as valid without them."""

    convert: bool = True  # raise old opsets
    fold: bool = True  # compute constants


def normalise(read: Callable[[], onnx_ir.Model], dims: Mapping[str, Dim]) -> onnx_ir.Model:
    """Bind `dims`, convert old opsets, inline functions, fold constants, infer shapes, name every node.

    `read` gives the model; it is read again when a convenience fails on it, and then goes without.
    Raises HeliographError HG1201 for an impossible dim and HG1002 when the graph contradicts itself.
    """
    for wanted in (Conveniences(), Conveniences(fold=False), Conveniences(convert=False, fold=False)):
        try:
            with quiet("onnx_ir", "onnxscript"):
                return _normalise(read(), dims, wanted)
        except HeliographError:
            raise
        except Exception as problem:  # the libraries raise many types
            failure = problem
    text = str(failure).strip().split("\n")[0]
    raise error("HG1002", f"shapes or types contradict each other: {text}") from failure


def _normalise(model: onnx_ir.Model, dims: Mapping[str, Dim], wanted: Conveniences) -> onnx_ir.Model:
    import onnx_ir.passes.common as passes

    passes.RemoveInitializersFromInputsPass()(model)
    name_dims(model)
    bind_dims(model, dims)
    name_nodes(model)
    if wanted.convert:
        convert_opset(model)
    passes.InlinePass()(model)
    if has_expandable(model) or has_casts_like(model) or has_gradients(model):
        infer_types(model)
        expand_functions(model)
        spell_out_casts(model)
        spell_out_gradients(model)
    if wanted.fold:
        fold_constants(model)
    passes.RemoveUnusedNodesPass()(model)
    passes.LiftConstantsToInitializersPass(lift_all_constants=True, size_limit=0)(model)
    passes.LiftSubgraphInitializersToMainGraphPass()(model)
    passes.NameFixPass()(model)
    infer_types(model)
    name_nodes(model)
    return model


def name_dims(model: onnx_ir.Model) -> None:
    """Give sizes of inputs that have no name (or "?") one, so that they can be bound and spoken of."""
    import onnx_ir

    for value in model.graph.inputs:
        if value.shape is not None:
            unnamed = [isinstance(d, onnx_ir.SymbolicDim) and d.value in (None, "", "?") for d in value.shape]
            named = [
                f"{value.name}_dim{i}" if free else d
                for i, (d, free) in enumerate(zip(value.shape, unnamed, strict=True))
            ]
            value.shape = onnx_ir.Shape(named)


def symbolic_dims(model: onnx_ir.Model) -> dict[str, list[str]]:
    """Names of the symbolic dimensions of the inputs, each with the inputs that use it."""
    found: dict[str, list[str]] = {}
    for value in model.graph.inputs:
        for dim in value.shape or ():
            if not isinstance(dim, int) and dim.value is not None:
                found.setdefault(str(dim.value), []).append(value.name or "?")
    return found


def bind_dims(model: onnx_ir.Model, dims: Mapping[str, Dim]) -> None:
    """Replace symbolic dimensions by numbers wherever they occur; those given as ranges stay."""
    import onnx_ir

    known = symbolic_dims(model)
    problems = Diagnostics()
    for name, size in dims.items():
        if name not in known:
            remedy = f"the model's symbolic dims are: {', '.join(sorted(known)) or 'none'}"
            problems.report("HG1201", f"no input has a dimension '{name}'", remedy=remedy)
        elif isinstance(size, SizeRange):
            if not size.sound:
                text = f"{name}={size.least}:{size.typical}:{size.most} is not a range of sizes"
                problems.report("HG1201", text, remedy="give least:typical:most, each a positive integer")
        elif not 1 <= size <= LARGEST:
            problems.report("HG1201", f"{name}={size} is not a size", remedy="give a positive integer")
    problems.raise_if_errors()
    fixed = {name: size for name, size in dims.items() if isinstance(size, int)}
    if not fixed:
        return
    for value in _all_values(model):
        if value.shape is not None:
            bound = [fixed.get(str(d.value), d) if isinstance(d, onnx_ir.SymbolicDim) else d for d in value.shape]
            value.shape = onnx_ir.Shape(bound)


def _all_values(model: onnx_ir.Model) -> Iterable[onnx_ir.Value]:
    yield from model.graph.inputs
    for node in model.graph.all_nodes():
        yield from node.outputs


def name_nodes(model: onnx_ir.Model) -> None:
    """Give every nameless node a name made of its op type and position."""
    for index, node in enumerate(model.graph.all_nodes()):
        if not node.name:
            node.name = f"{node.op_type}_{index}"
