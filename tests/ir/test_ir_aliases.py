"""Long types and size expressions get names, and the text stays small."""

from heliograph.ir.core import Block, Op, Region, SymExpr, TensorType, sym
from heliograph.ir.text import difference, parse_module, print_module


def _schedule(steps: int) -> Op:
    """Start times as a symbolic schedule has them: each is the one before plus a few terms."""
    start, ops = sym(0), []
    for i in range(steps):
        start = start + sym(f"rows_{i % 97}").ceildiv(9) * sym(f"columns_{i % 89}").ceildiv(8) * (i + 1) + 25
        ops.append(Op("test.step", [], [], {"start": start}))
    return Op("builtin.module", regions=[Region([Block([], ops)])])


def test_text_of_a_long_schedule_grows_with_its_steps() -> None:
    module = _schedule(400)
    text = print_module(module)
    spelled_out = sum(len(str(op.attributes["start"])) for op in module.body.ops)
    assert spelled_out > 3_000_000
    assert len(text) < 100_000
    assert difference(module, parse_module(text)) == ""
    assert print_module(parse_module(text)) == text


def test_equal_expressions_share_a_name_wherever_they_stand() -> None:
    once = _schedule(60).body.ops[-1].attributes["start"]
    again = _schedule(60).body.ops[-1].attributes["start"]
    assert isinstance(once, SymExpr)
    ops = [Op("test.step", [], [], {"start": once}), Op("test.step", [], [], {"list": (again, {"inner": again})})]
    module = Op("builtin.module", regions=[Region([Block([], ops)])])
    text = print_module(module)
    *_, last = (line.partition(" =")[0] for line in text.splitlines() if line.startswith("#e"))
    assert text.count(f"{last}}}") + text.count(f"{last},") == 3
    assert difference(module, parse_module(text)) == ""


def test_long_types_get_a_name_short_ones_do_not() -> None:
    long = TensorType.of("f32", *(sym("a_long_name_of_a_size") * sym(f"b{i}").ceildiv(7) + i for i in range(1, 9)))
    short = TensorType.of("f32", "b", 4)
    made = Op("test.make", [], [long, long, short])
    module = Op("builtin.module", regions=[Region([Block([], [made, Op("test.use", made.results)])])])
    text = print_module(module)
    assert text.startswith("!t0 = tensor<")
    assert text.count("a_long_name_of_a_size") == 8
    assert text.count("tensor<?x4xf32, #sym.dims<b, 4>>") == 2
    assert difference(module, parse_module(text)) == ""
