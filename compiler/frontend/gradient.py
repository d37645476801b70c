"""`ai.onnx.preview.training.Gradient`, spelled out by reverse differentiation of the nodes that it names.

No runtime has this operator. Its products of matrices are products like any other once they are nodes of the graph. A
Gradient through an operator without a rule, or through broadcasting, stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx_ir

_TRAINING = "ai.onnx.preview.training"


def has_gradients(model: onnx_ir.Model) -> bool:
    """Whether `spell_out_gradients` would have something to do."""
    return any(n.op_type == "Gradient" and n.domain == _TRAINING for n in model.graph)


def spell_out_gradients(model: onnx_ir.Model) -> None:
    """Replace Gradient nodes of the main graph, in place. Types must have been inferred before."""
    import onnx_ir

    values = onnx_ir.convenience.create_value_mapping(model.graph)
    for node in [n for n in model.graph if n.op_type == "Gradient" and n.domain == _TRAINING]:
        made = _Derivation(node)
        names = [*_names(node, "xs"), *_names(node, "zs")]
        target = values.get(node.attributes["y"].as_string())
        given = [values[n] for n in names if n in values]
        if target is None or len(given) != len(node.inputs) or None in node.inputs:
            continue
        made.at.update(zip(given, (v for v in node.inputs if v is not None), strict=True))
        try:
            results = made.derivatives(target, given[: len(_names(node, "xs"))])
        except NotImplementedError:
            continue
        onnx_ir.convenience.replace_nodes_and_values(model.graph, node, [node], made.nodes, node.outputs, results)


def _names(node: onnx_ir.Node, attribute: str) -> list[str]:
    found = node.attributes.get(attribute)
    return [] if found is None else list(found.as_strings())


class _Derivation:
    """Nodes that compute the derivatives of one Gradient node."""

    def __init__(self, source: onnx_ir.Node) -> None:
        self.source = source
        self.nodes: list[onnx_ir.Node] = []
        self.at: dict[onnx_ir.Value, onnx_ir.Value] = {}  # values of the graph -> where they are evaluated

    def make(self, op_type: str, *inputs: onnx_ir.Value, **attributes: int | Sequence[int]) -> onnx_ir.Value:
        import onnx_ir

        name = f"{self.source.name}::{op_type}_{len(self.nodes)}"
        node = onnx_ir.node(op_type, inputs, dict(attributes), name=name)
        node.outputs[0].name = name
        node.outputs[0].type = onnx_ir.TensorType(onnx_ir.DataType.INT64) if op_type == "Shape" else inputs[0].type
        self.nodes.append(node)
        return node.outputs[0]

    def forward(self, value: onnx_ir.Value) -> onnx_ir.Value:
        """A value of the differentiated graph where its inputs are those of the Gradient node."""
        import onnx_ir

        producer = value.producer()
        if value in self.at or producer is None:
            return self.at.get(value, value)
        inputs = [None if v is None else self.forward(v) for v in producer.inputs]
        if inputs == list(producer.inputs):
            self.at[value] = value
            return value
        copy = onnx_ir.Node(
            producer.domain, producer.op_type, inputs, producer.attributes.values(), num_outputs=len(producer.outputs)
        )
        copy.name = f"{self.source.name}::{producer.op_type}_{len(self.nodes)}"
        self.nodes.append(copy)
        for old, new in zip(producer.outputs, copy.outputs, strict=True):
            new.name, new.type, new.shape = f"{copy.name}.{old.name}", old.type, old.shape
            self.at[old] = new
        return self.at[value]

    def derivatives(self, target: onnx_ir.Value, xs: Sequence[onnx_ir.Value]) -> list[onnx_ir.Value]:
        """Derivatives of the sum of `target` by each of `xs`. Raises NotImplementedError where a rule is missing."""
        import numpy as np
        import onnx_ir

        if target.dtype is None:
            raise NotImplementedError
        unit = onnx_ir.tensor(np.ones(1, target.dtype.numpy()))
        ones = self.make("ConstantOfShape", self.make("Shape", self.forward(target)))
        producer = ones.producer()
        assert producer is not None
        producer.attributes["value"] = onnx_ir.AttrTensor("value", unit)
        ones.type = target.type
        sums: dict[onnx_ir.Value, onnx_ir.Value] = {target: ones}
        for node in self._between(target, set(xs)):
            outer = sums.pop(node.outputs[0], None) if node.outputs[0] not in xs else sums.get(node.outputs[0])
            rule = _RULES.get(node.op_type) if not node.domain else None
            if outer is None or rule is None or not _even(node):
                raise NotImplementedError
            operands = [v for v in node.inputs if v is not None]
            partials = rule(self, [self.forward(v) for v in operands], self.forward(node.outputs[0]), outer)
            for value, partial in zip(operands, partials, strict=True):
                sums[value] = self.make("Add", sums[value], partial) if value in sums else partial
        zeros = [self.make("Sub", self.forward(x), self.forward(x)) for x in xs if x not in sums]
        return [sums[x] if x in sums else zeros.pop(0) for x in xs]

    def _between(self, target: onnx_ir.Value, xs: set[onnx_ir.Value]) -> list[onnx_ir.Node]:
        """Nodes on paths from `xs` to the target, last first."""
        depends: dict[onnx_ir.Value, bool] = {}
        order: list[onnx_ir.Node] = []

        def visit(value: onnx_ir.Value) -> bool:
            if value not in depends:
                producer = value.producer()
                inner = [visit(v) for v in producer.inputs if v is not None] if producer and value not in xs else []
                depends[value] = value in xs or any(inner)
                if any(inner) and producer is not None:
                    order.append(producer)
            return depends[value]

        visit(target)
        return order[::-1]


def _even(node: onnx_ir.Node) -> bool:
    """Whether no operand is broadcast: then derivatives need no sums."""
    shapes = [v.shape for v in (*node.inputs, *node.outputs) if v is not None]
    if node.op_type == "MatMul":
        return all(s is not None and len(s) == 2 for s in shapes)
    return len(node.inputs) == 1 or all(s is not None and s == shapes[0] for s in shapes)


_Rule = Callable[[_Derivation, list["onnx_ir.Value"], "onnx_ir.Value", "onnx_ir.Value"], list["onnx_ir.Value"]]


def _div(d: _Derivation, x: list[onnx_ir.Value], y: onnx_ir.Value, g: onnx_ir.Value) -> list[onnx_ir.Value]:
    first = d.make("Div", g, x[1])
    return [first, d.make("Neg", d.make("Mul", first, y))]


def _matmul(d: _Derivation, x: list[onnx_ir.Value], y: onnx_ir.Value, g: onnx_ir.Value) -> list[onnx_ir.Value]:
    left, right = (d.make("Transpose", v, perm=[1, 0]) for v in x)
    return [d.make("MatMul", g, right), d.make("MatMul", left, g)]


def _sigmoid(d: _Derivation, x: list[onnx_ir.Value], y: onnx_ir.Value, g: onnx_ir.Value) -> list[onnx_ir.Value]:
    return [d.make("Mul", g, d.make("Sub", y, d.make("Mul", y, y)))]


def _tanh(d: _Derivation, x: list[onnx_ir.Value], y: onnx_ir.Value, g: onnx_ir.Value) -> list[onnx_ir.Value]:
    return [d.make("Sub", g, d.make("Mul", g, d.make("Mul", y, y)))]


def _sqrt(d: _Derivation, x: list[onnx_ir.Value], y: onnx_ir.Value, g: onnx_ir.Value) -> list[onnx_ir.Value]:
    return [d.make("Div", g, d.make("Add", y, y))]


_RULES: dict[str, _Rule] = {
    "Identity": lambda d, x, y, g: [g],
    "Add": lambda d, x, y, g: [g, g],
    "Sub": lambda d, x, y, g: [g, d.make("Neg", g)],
    "Mul": lambda d, x, y, g: [d.make("Mul", g, x[1]), d.make("Mul", g, x[0])],
    "Div": _div,
    "Neg": lambda d, x, y, g: [d.make("Neg", g)],
    "Exp": lambda d, x, y, g: [d.make("Mul", g, y)],
    "Log": lambda d, x, y, g: [d.make("Div", g, x[0])],
    "Sin": lambda d, x, y, g: [d.make("Mul", g, d.make("Cos", x[0]))],
    "Cos": lambda d, x, y, g: [d.make("Neg", d.make("Mul", g, d.make("Sin", x[0])))],
    "Sqrt": _sqrt,
    "Tanh": _tanh,
    "Sigmoid": _sigmoid,
    "Relu": lambda d, x, y, g: [d.make("Mul", g, d.make("Sign", y))],
    "MatMul": _matmul,
}
