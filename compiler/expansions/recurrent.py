"""LSTM, GRU and RNN: one product for the inputs of all steps, and a Scan with one product per step.

Equations and gate orders as in the ONNX operator specification (LSTM-22, GRU-22, RNN-22). Both directions of a
bidirectional layer share the products: the weights of all directions are held side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from heliograph.compiler.contractions.lowering import StaysElectronic, optional_operand, shape_of
from heliograph.compiler.expansions.graph import Graph, dims_of
from heliograph.ir.core import Block, DenseArray, Op, Region, ScalarType, SymExpr, TensorType, Value
from heliograph.ir.names import PART_OF

_ACTIVATIONS = ("Sigmoid", "Tanh", "Relu")
_DEFAULTS = {"LSTM": ("Sigmoid", "Tanh", "Tanh"), "GRU": ("Sigmoid", "Tanh"), "RNN": ("Tanh",)}
_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


@dataclass
class _Layer:
    """A recurrent op, read: operands, sizes, activations."""

    op: Op
    graph: Graph
    directions: int
    reverse: tuple[int, ...]  # per direction
    hidden: int
    batch: SymExpr
    steps: SymExpr
    acts: tuple[str, ...]

    @property
    def w(self) -> Value:
        return self.op.operands[1]

    @property
    def r(self) -> Value:
        return self.op.operands[2]

    def state_type(self) -> TensorType:
        return self.graph.like(self.op.operands[0], self.directions, self.batch, self.hidden)


def expand_lstm(op: Op) -> tuple[list[Op], list[Value]]:
    """Gates i, o, f, c; C = f C + i c; H = o h(C)."""
    layer = _read(op, "LSTM")
    f, g, h = layer.acts

    def step(graph: Graph, x: Value, state: list[Value]) -> list[Value]:
        hidden, cell = state
        gates = graph.binary("Add", _recurrent(graph, layer, hidden, layer.r), x)
        i, o, forget, c = graph.split(gates, 2, 4)
        kept = graph.binary("Mul", graph.unary(f, forget), cell)
        new = graph.binary("Add", kept, graph.binary("Mul", graph.unary(f, i), graph.unary(g, c)))
        return [graph.binary("Mul", graph.unary(f, o), graph.unary(h, new)), new]

    return _scan(layer, _inputs(layer, merge_bias=True), [5, 6], step)


def expand_gru(op: Op) -> tuple[list[Op], list[Value]]:
    """Gates z, r, h; H = (1 - z) h + z H. Both forms of the reset gate."""
    layer = _read(op, "GRU")
    f, g = layer.acts
    after = bool(op.attributes.get("linear_before_reset", 0))
    x = _inputs(layer, merge_bias=not after)
    parts = None if after else _gate_weights(layer)
    bias = _recurrent_bias(layer) if after else None

    def step(graph: Graph, x: Value, state: list[Value]) -> list[Value]:
        (hidden,) = state
        xz, xr, xh = graph.split(x, 2, 3)
        if parts is None:
            product = _recurrent(graph, layer, hidden, layer.r)
            product = product if bias is None else graph.binary("Add", product, bias)
            hz, hr, hh = graph.split(product, 2, 3)
            reset = graph.unary(f, graph.binary("Add", xr, hr))
            candidate = graph.binary("Add", xh, graph.binary("Mul", reset, hh))
        else:
            hz, hr = graph.split(_recurrent(graph, layer, hidden, parts[0]), 2, 2)
            reset = graph.unary(f, graph.binary("Add", xr, hr))
            gated = graph.binary("Mul", reset, hidden)
            candidate = graph.binary("Add", xh, _recurrent(graph, layer, gated, parts[1]))
        update = graph.unary(f, graph.binary("Add", xz, hz))
        fresh = graph.unary(g, candidate)
        return [graph.binary("Add", fresh, graph.binary("Mul", update, graph.binary("Sub", hidden, fresh)))]

    return _scan(layer, x, [5], step)


def expand_rnn(op: Op) -> tuple[list[Op], list[Value]]:
    """H = f(X W' + H R' + b)."""
    layer = _read(op, "RNN")

    def step(graph: Graph, x: Value, state: list[Value]) -> list[Value]:
        return [graph.unary(layer.acts[0], graph.binary("Add", _recurrent(graph, layer, state[0], layer.r), x))]

    return _scan(layer, _inputs(layer, merge_bias=True), [5], step)


def _read(op: Op, kind: str) -> _Layer:
    x, w, r = (shape_of(v) for v in op.operands[:3])
    element = op.operands[0].type.element if isinstance(op.operands[0].type, TensorType) else None
    if element != ScalarType("f32"):
        raise StaysElectronic("HG2007", f"{kind} of another element type than float")
    if optional_operand(op, 4) is not None:
        raise StaysElectronic("HG2007", f"{kind} with sequence lengths")
    if optional_operand(op, 7) is not None:
        raise StaysElectronic("HG2007", f"{kind} with peepholes")
    for name in ("clip", "layout", "input_forget", "activation_alpha", "activation_beta"):
        if op.attributes.get(name):
            raise StaysElectronic("HG2007", f"{kind} with {name}")
    if not (w[0].is_constant and r[2].is_constant):
        raise StaysElectronic("HG2006", f"{kind} of unknown width")
    directions = int(w[0])
    names = op.attributes.get("activations") or _DEFAULTS[kind] * directions
    assert isinstance(names, tuple)
    per = len(_DEFAULTS[kind])
    acts = tuple(str(n) for n in names[:per])
    if any(a not in _ACTIVATIONS for a in acts) or tuple(names) != acts * directions:
        raise StaysElectronic("HG2007", f"{kind} with activations {', '.join(map(str, names))}")
    direction = op.attributes.get("direction", "forward")
    reverse = {"forward": (0,), "reverse": (1,), "bidirectional": (0, 1)}[str(direction)]
    return _Layer(op, Graph(op.loc), directions, reverse, int(r[2]), x[1], x[0], acts)


def _inputs(layer: _Layer, *, merge_bias: bool) -> Value:
    """X W' of all steps and directions with the biases that can be added ahead: [directions, steps, batch, gates]."""
    graph, x = layer.graph, layer.op.operands[0]
    gates = dims_of(layer.w)[1]
    kind = graph.like(x, layer.directions, layer.steps, layer.batch, gates)
    product = graph.one("Einsum", [x, layer.w], kind, suffix="input", equation="tbi,dgi->dtbg")
    bias = optional_operand(layer.op, 3)
    if bias is None:
        return product
    ahead, step = graph.split(bias, 1, 2)
    if merge_bias:
        ahead = graph.binary("Add", ahead, step)
    return graph.binary("Add", product, graph.unsqueeze(graph.unsqueeze(ahead, 1), 1))


def _recurrent_bias(layer: _Layer) -> Value | None:
    bias = optional_operand(layer.op, 3)
    if bias is None:
        return None
    return layer.graph.unsqueeze(layer.graph.split(bias, 1, 2)[1], 1)


def _gate_weights(layer: _Layer) -> tuple[Value, Value]:
    """Recurrent weights of z and r, and of h."""
    graph, hidden = layer.graph, layer.hidden
    kinds = [graph.like(layer.r, layer.directions, n * hidden, hidden) for n in (2, 1)]
    first, second = graph.emit("Split", [layer.r, graph.int64s(2 * hidden, hidden)], kinds, axis=1)
    return first, second


def _recurrent(graph: Graph, layer: _Layer, hidden: Value, weights: Value) -> Value:
    kind = graph.like(hidden, layer.directions, layer.batch, dims_of(weights)[1])
    return graph.one("Einsum", [hidden, weights], kind, suffix=f"recurrent_{len(graph.ops)}", equation="dbh,dgh->dbg")


def _scan(
    layer: _Layer, x: Value, initial: list[int], step: Callable[[Graph, Value, list[Value]], list[Value]]
) -> tuple[list[Op], list[Value]]:
    graph, op = layer.graph, layer.op
    scanned = [graph.squeeze(part, 0) for part in graph.split(x, 0, layer.directions)]
    start = [_initial(layer, optional_operand(op, i)) for i in initial]

    body = Graph(f"{op.loc}{PART_OF}step")
    states = [Value(layer.state_type(), f"state{i}") for i in range(len(start))]
    taken = [Value(graph.like(x, layer.batch, dims_of(x)[-1]), f"x{i}") for i in range(layer.directions)]
    now = body.concat([body.unsqueeze(v, 0) for v in taken], 0)
    after = step(body, now, states)
    outputs = [body.squeeze(part, 0) for part in body.split(after[0], 0, layer.directions)]
    block = Block([*states, *taken], [*body.ops, Op("onnx.yield", [*after, *outputs])])

    stacked = graph.like(x, layer.steps, layer.batch, layer.hidden)
    directions = DenseArray("i64", layer.reverse)
    results = graph.emit(
        "Scan",
        [*start, *scanned],
        [*[layer.state_type()] * len(start), *[stacked] * layer.directions],
        suffix="steps",
        regions=[Region([block])],
        num_scan_inputs=layer.directions,
        scan_input_directions=directions,
        scan_output_directions=directions,
        helio_subgraphs=("body",),
    )
    last, ys = results[: len(start)], results[len(start) :]
    y = graph.concat([graph.unsqueeze(v, 1) for v in ys], 1)
    return graph.ops, [y, *last][: len(op.results)]


def _initial(layer: _Layer, given: Value | None) -> Value:
    if given is not None:
        return given
    graph, x = layer.graph, layer.op.operands[0]
    batch = graph.one("Shape", [x], TensorType.of("i64", 1), start=1, end=2)
    sizes = [graph.int64s(layer.directions), batch, graph.int64s(layer.hidden)]
    shape = graph.one("Concat", sizes, TensorType.of("i64", 3), axis=0)
    return graph.one("ConstantOfShape", [shape], layer.state_type())
