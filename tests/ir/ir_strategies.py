"""Random modules: odd names, every kind of type and attribute, nested regions."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from heliograph.ir.core import (
    Block,
    DenseArray,
    DialectType,
    FunctionType,
    Op,
    Region,
    ScalarType,
    SymbolRef,
    TensorType,
    UnknownAttribute,
    Value,
    sym,
)
from heliograph.ir.dialects import AccessMap, Adc, InlineTensor, IterSpace, LoopTiming, Quant, Slot, WeightRef, Work

SCALARS = (
    "f64 f32 f16 bf16 f8E4M3FN f8E4M3FNUZ f8E5M2 f8E5M2FNUZ f4E2M1FN f8E8M0FNU "
    "i1 i2 i4 i8 i16 i32 i64 ui2 ui4 ui8 ui16 ui32 ui64 index none"
).split()

raw_bytes = st.binary(max_size=4).map(lambda b: b.decode("utf-8", "surrogateescape"))
strings = st.text(max_size=12) | st.sampled_from(['"', "\\", "\n", "a\\22b", "%x", "//", "é", "\x00"]) | raw_bytes
symbols = st.sampled_from(["b", "s", "batch_size", "_", "in", "None", "f32", "true", "module", "größe", "x", "loc"])
dotted = st.sampled_from(["other.thing", "onnx.string", "a.b.c", "x_1.y$z"])


@st.composite
def sizes(draw: st.DrawFn) -> Any:
    value = sym(draw(st.integers(-3, 1000)))
    for name in draw(st.lists(symbols, max_size=3)):
        other = sym(name) * draw(st.integers(-4, 4)) + draw(st.integers(-2, 2))
        step = draw(st.sampled_from(["+", "*", "max", "ceildiv", "floordiv", "mod", "min"]))
        if step == "+":
            value = value + other
        elif step == "*":
            value = value * other
        elif step in ("max", "min"):
            value = getattr(value, step)(other)
        else:
            divisor = draw(st.integers(1, 9))
            value = value.ceildiv(divisor) if step == "ceildiv" else value // divisor if step != "mod" else value % 7
    return value


scalars = st.sampled_from(SCALARS).map(ScalarType)
elements = scalars | dotted.map(DialectType)
tensors = st.builds(
    TensorType, elements, st.none() | st.lists(st.none() | st.integers(0, 99).map(sym) | sizes(), max_size=4).map(tuple)
)
leaf_types = scalars | tensors | st.just(ScalarType("complex<f32>"))
numbers = st.integers(-(2**70), 2**70) | st.floats()
leaves = (
    st.booleans()
    | numbers
    | strings
    | sizes()
    | strings.map(SymbolRef)
    | leaf_types
    | st.builds(DenseArray, st.sampled_from(["i64", "ui8", "i4", "f32", "f64", "i1"]), st.lists(numbers).map(tuple))
    | st.builds(WeightRef, strings, strings, st.integers(0, 2**40), st.integers(0, 9), st.sampled_from(["", "00ff"]))
    | st.builds(InlineTensor, tensors, st.just("0102"))
    | st.builds(AccessMap, st.just("m0, m1 + k0 - 1"))
    | st.builds(Quant, st.integers(0, 8), st.sampled_from(["tensor", "row"]))
    | st.builds(Adc, st.floats(0, 16), st.just("calibrated"))
    | st.builds(IterSpace, m=st.lists(sizes() | st.integers(1, 9), max_size=3).map(tuple))
    | st.builds(Slot, strings.map(SymbolRef), sizes(), st.integers(0, 10**12))
    | st.builds(LoopTiming, st.integers(0, 9), sizes(), sizes(), st.integers(0, 9))
    | st.builds(Work, sizes(), st.integers(0, 10**15))
)


def _inner(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    unknown = st.sampled_from(["other.thing", "a.b"])
    pairs = st.dictionaries(strings, inner, max_size=2).map(lambda d: tuple(d.items()))
    return (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(strings, inner, max_size=3)
        | st.builds(DialectType, dotted, st.lists(inner, max_size=2).map(tuple))
        | st.builds(UnknownAttribute, unknown, st.lists(inner, max_size=2).map(tuple), pairs)
    )


values = st.recursive(leaves, _inner, max_leaves=6)
types = leaf_types | st.builds(DialectType, dotted, st.lists(values, max_size=2).map(tuple))
types = types | st.builds(FunctionType, st.lists(types, max_size=2).map(tuple), st.lists(types, max_size=2).map(tuple))
attribute_dicts = st.dictionaries(strings.filter(bool), values, max_size=3)


@st.composite
def blocks(draw: st.DrawFn, visible: list[Value], depth: int, most_args: int = 2) -> Block:
    args = [Value(t, draw(strings)) for t in draw(st.lists(types, max_size=most_args))]
    seen = [*visible, *args]
    ops: list[Op] = []
    for _ in range(draw(st.integers(0, 3))):
        op = draw(generic_ops(seen, depth))
        ops.append(op)
        seen += op.results
    return Block(args, ops)


@st.composite
def generic_ops(draw: st.DrawFn, visible: list[Value], depth: int) -> Op:
    operands = draw(st.lists(st.sampled_from(visible), max_size=3)) if visible else []
    names = draw(st.lists(strings, max_size=3))
    op = Op(
        draw(st.sampled_from(["test.op", "onnx.Conv", "ai.onnx.ml.Odd", 'odd "name"'])),
        operands,
        [draw(types) for _ in names],
        draw(attribute_dicts),
        loc=draw(strings),
        result_names=names,
    )
    for _ in range(draw(st.integers(0, 2)) if depth < 3 else 0):
        regions = draw(st.lists(blocks(visible, depth + 1), max_size=2))
        op.regions.append(Region(regions))
    return op


@st.composite
def functions(draw: st.DrawFn, name: str) -> Op:
    block = draw(blocks([], 0))
    returned = [v for op in block.ops for v in op.results] + block.args
    block.ops.append(Op("func.return", returned, loc=draw(strings)))
    attributes: dict[str, Any] = {
        "sym_name": name,
        "function_type": FunctionType(tuple(a.type for a in block.args), tuple(v.type for v in returned)),
        **draw(st.dictionaries(st.sampled_from(["helio.a", "odd key", "makespan_ps"]), values)),
    }
    if draw(st.booleans()):
        attributes["sym_visibility"] = "private"
    return Op("func.func", attributes=attributes, regions=[Region([block])], loc=draw(strings))


@st.composite
def modules(draw: st.DrawFn) -> Op:
    names = draw(st.lists(strings.filter(bool), max_size=3, unique=True))
    body = [draw(functions(n)) for n in names] + draw(blocks([], 0, most_args=0)).ops
    named = {"sym_name": draw(strings)} if draw(st.booleans()) else {}
    rest = draw(st.dictionaries(st.sampled_from(["helio.level", "helio.x"]), values))
    return Op("builtin.module", attributes={**named, **rest}, regions=[Region([Block([], body)])], loc=draw(strings))
