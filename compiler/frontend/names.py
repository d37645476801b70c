"""Checks of a graph that name every problem at once; ONNX's own checker stops at the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from heliograph.ir.diagnostics import Diagnostics
from heliograph.ir.levels import EXTENSIONS

if TYPE_CHECKING:
    import onnx

_EXPORT_AGAIN = "export the model again, or run onnx.checker.check_model on it"
_DEFAULT = ("", "ai.onnx")


def check_names(model: onnx.ModelProto, problems: Diagnostics) -> None:
    """Report HG1002 for values that are undefined, defined twice or depend on themselves, HG1004 for operators."""
    opsets = {o.domain if o.domain not in _DEFAULT else "": o.version for o in model.opset_import}
    functions = {(f.domain, f.name) for f in model.functions}
    _graph(model.graph, frozenset(), problems)
    _operators(model.graph.node, opsets, functions, problems)
    for function in model.functions:
        inner = {o.domain if o.domain not in _DEFAULT else "": o.version for o in function.opset_import}
        _operators(function.node, {**opsets, **inner}, functions, problems)


def bodies_of(node: onnx.NodeProto) -> Iterator[onnx.GraphProto]:
    """Subgraphs of a node."""
    for attribute in node.attribute:
        if attribute.HasField("g"):
            yield attribute.g
        yield from attribute.graphs


def _graph(graph: onnx.GraphProto, outer: frozenset[str], problems: Diagnostics) -> None:
    known = set(outer)
    known.update(v.name for v in graph.input)
    known.update(t.name for t in graph.initializer)
    known.update(s.values.name for s in graph.sparse_initializer)
    later = {name for node in graph.node for name in node.output if name}
    for index, node in enumerate(graph.node):
        where = node.name or f"{node.op_type}_{index}"
        for name in dict.fromkeys(n for n in node.input if n and n not in known):
            if name in later:
                text = f"it reads '{name}', which itself or a later node computes: nodes are out of order or in a cycle"
            else:
                text = f"it reads '{name}', which nothing defines"
            problems.report("HG1002", text, node=where, op_type=node.op_type, remedy=_EXPORT_AGAIN)
            known.add(name)  # told once
        for body in bodies_of(node):
            _graph(body, frozenset(known), problems)
        for name in filter(None, node.output):
            if name in known and name not in later:
                problems.report("HG1002", f"it defines '{name}' again", node=where, op_type=node.op_type)
            later.discard(name)
            known.add(name)
    for value in graph.output:
        if value.name not in known:
            problems.report("HG1002", f"output '{value.name}' is computed by no node", remedy=_EXPORT_AGAIN)


def _operators(
    nodes: Iterable[onnx.NodeProto],
    opsets: Mapping[str, int],
    functions: set[tuple[str, str]],
    problems: Diagnostics,
) -> None:
    for index, node in enumerate(nodes):
        domain = "" if node.domain in _DEFAULT else node.domain
        if (node.domain, node.op_type) not in functions:
            complaint, remedy = _complaint(domain, node.op_type, opsets.get(domain))
            if complaint:
                where = node.name or f"{node.op_type}_{index}"
                problems.report("HG1004", complaint, node=where, op_type=node.op_type, remedy=remedy)
        for body in bodies_of(node):
            _operators(body.node, opsets, functions, problems)


@cache
def _complaint(domain: str, op_type: str, version: int | None) -> tuple[str, str]:
    """What is wrong with an operator, and what to do; empty when nothing is."""
    import onnx.defs

    known = _onnx_operators()
    if domain in known:
        label = f"opset {version}" if not domain else f"{domain} {version}"
        if version is None:
            return f"the model imports no version of '{domain or 'ai.onnx'}'", "add it to opset_import"
        if not domain and op_type in EXTENSIONS:
            return "", ""
        if op_type not in known[domain]:
            near = get_close_matches(op_type, known[domain], 1)
            remedy = f"did you mean {near[0]}?" if near else "replace the node"
            return f"ONNX has no operator {op_type}", remedy
        try:
            onnx.defs.get_schema(op_type, min(version, 2**31 - 1), domain)
        except (onnx.defs.SchemaError, TypeError):
            return f"{label} has no operator {op_type}", "export with an opset that has it"
        return "", ""
    others = _other_operators()
    if domain not in others:
        return f"neither the model, ONNX nor onnxruntime knows the domain '{domain}'", "give the operator as a function"
    if op_type in others[domain]:
        return "", ""
    near = get_close_matches(op_type, others[domain], 1)
    return (
        f"the domain '{domain}' has no operator {op_type}",
        f"did you mean {near[0]}?" if near else "replace the node",
    )


@cache
def _onnx_operators() -> Mapping[str, frozenset[str]]:
    import onnx.defs

    found: dict[str, set[str]] = {}
    for schema in onnx.defs.get_all_schemas_with_history():
        found.setdefault(schema.domain, set()).add(schema.name)
    return {domain: frozenset(names) for domain, names in found.items()}


@cache
def _other_operators() -> Mapping[str, frozenset[str]]:
    """Operators of onnxruntime; it is imported only when a model uses a domain that ONNX does not have."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    found: dict[str, set[str]] = {}
    for schema in state.get_all_operator_schema():
        found.setdefault(schema.domain, set()).add(schema.name)
    return {domain: frozenset(names) for domain, names in found.items()}
