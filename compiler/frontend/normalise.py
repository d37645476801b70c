"""Normalise a model with onnx-ir and onnxscript: dims, opset, inlining, constant folding, shapes, names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from heliograph.ir.diagnostics import Diagnostics, HeliographError, error

if TYPE_CHECKING:
    import onnx_ir

MIN_OPSET = 18  # contraction rules and work counts are written for this and later versions
_MAX_DIM = 2**40


def normalise(model: onnx_ir.Model, dims: Mapping[str, int]) -> onnx_ir.Model:
    """Bind `dims`, convert old opsets, inline functions, fold constants, infer shapes, name every node.

    Raises HeliographError HG1201 for an impossible dim and HG1002 when the graph contradicts itself.
    """
    import onnx_ir.passes.common as passes
    from onnxscript import optimizer

    name_dims(model)
    bind_dims(model, dims)
    name_nodes(model)
    _convert_opset(model)
    try:
        passes.InlinePass()(model)
        # no rewriting and no merging of equal nodes: what the user sees are the user's nodes
        optimizer.fold_constants(model, output_size_limit=1024)
        passes.RemoveUnusedNodesPass()(model)
        passes.LiftConstantsToInitializersPass(lift_all_constants=True, size_limit=0)(model)
        passes.LiftSubgraphInitializersToMainGraphPass()(model)
        passes.NameFixPass()(model)
        passes.ShapeInferencePass()(model)
    except HeliographError:
        raise
    except Exception as problem:  # onnx's C++ inference raises several types
        text = str(problem).strip().split("\n")[0]
        raise error("HG1002", f"shapes or types contradict each other: {text}") from problem
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


def bind_dims(model: onnx_ir.Model, dims: Mapping[str, int]) -> None:
    """Replace symbolic dimensions by numbers wherever they occur."""
    import onnx_ir

    known = symbolic_dims(model)
    problems = Diagnostics()
    for name, size in dims.items():
        if name not in known:
            remedy = f"the model's symbolic dims are: {', '.join(sorted(known)) or 'none'}"
            problems.report("HG1201", f"no input has a dimension '{name}'", remedy=remedy)
        elif not 1 <= size <= _MAX_DIM:
            problems.report("HG1201", f"{name}={size} is not a size", remedy="give a positive integer")
    problems.raise_if_errors()
    if not dims:
        return
    for value in _all_values(model):
        if value.shape is not None:
            bound = [dims.get(str(d.value), d) if isinstance(d, onnx_ir.SymbolicDim) else d for d in value.shape]
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


def _convert_opset(model: onnx_ir.Model) -> None:
    import logging

    from onnxscript import version_converter

    logging.getLogger("onnxscript").setLevel(logging.ERROR)  # it warns whenever onnx's own converter has to help
    version = model.opset_imports.get("", MIN_OPSET)
    if version >= MIN_OPSET:
        return
    try:
        version_converter.convert_version(model, MIN_OPSET, fallback=True)
    except Exception as problem:
        text = str(problem).strip().split("\n")[0]
        raise error(
            "HG1002",
            f"opset {version} could not be raised to {MIN_OPSET}: {text}",
            remedy=f"export the model with opset {MIN_OPSET} or later",
        ) from problem
