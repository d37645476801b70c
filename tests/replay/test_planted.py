"""Errors planted into a schedule are found, each by its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from heliograph.backends import Target
from heliograph.ir.core import Op, SymbolRef, sym, walk
from heliograph.ir.dialects import LoopTiming, Slot
from heliograph.ir.kernel import KernelView
from heliograph.runtime.replay import Replay, replay

Compiled = Callable[[str], tuple[Op, Target]]
FAST = "awgr8-28g{opu.count=4,opu.weight_banks=2,ring.settle_ns=10}"
ONE = "awgr8-28g{ring.settle_ns=10}"


def main_of(module: Op) -> Op:
    return next(op for op in module.body.ops if op.sym_name == "main")


def ops(module: Op, name: str) -> list[Op]:
    return [op for op in main_of(module).body.ops if op.name == name]


def kernel(module: Op, index: int = 1) -> KernelView:
    functions = [op for op in module.body.ops if op.name == "func.func" and op.sym_name != "main"]
    return KernelView.of(functions[index])


def move(op: Op, by: int = 0, longer: int = 0, on: str = "") -> None:
    slot = op.attributes["slot"]
    assert isinstance(slot, Slot)
    on_ref = SymbolRef(on) if on else slot.on
    op.attributes["slot"] = Slot(on_ref, sym(slot.at_ps) + by, sym(slot.for_ps) + longer)


def retime(op: Op, **changes: object) -> None:
    timing = op.attributes["timing"]
    assert isinstance(timing, LoopTiming)
    op.attributes["timing"] = replace(timing, **changes)  # type: ignore[arg-type]


def early_region(module: Op) -> None:
    move(ops(module, "electronic.region")[1], by=-1)


def late_call(module: Op) -> None:
    move(ops(module, "func.call")[-1], by=1)


def early_call(module: Op) -> None:
    move(ops(module, "func.call")[0], by=-1)


def overlapping_calls(module: Op) -> None:
    first, second = ops(module, "func.call")[1:3]
    slot = first.attributes["slot"]
    assert isinstance(slot, Slot)
    second.attributes["slot"] = replace(slot)


def long_region(module: Op) -> None:
    move(ops(module, "electronic.region")[0], longer=1)


def short_send(module: Op) -> None:
    send = next(op for op in ops(module, "sched.send") if op.attributes["medium"] == "digital")
    move(send, longer=-1)


def no_fibre(module: Op) -> None:
    ops(module, "sched.send")[0].attributes["delay_ps"] = 0


def no_send(module: Op) -> None:
    send = ops(module, "sched.send")[0]
    for op in main_of(module).body.ops:
        op.operands = [send.operands[0] if v is send.result else v for v in op.operands]


def fewer_tiles(module: Op) -> None:
    view = kernel(module)
    retime(view.nest, trips=sym(view.timing.trips) - view.timing.lanes)


def fewer_symbols(module: Op) -> None:
    stream = kernel(module).stream
    timing = stream.attributes["timing"]
    assert isinstance(timing, LoopTiming)
    retime(stream, trips=sym(timing.trips) - 1)


def fast_symbols(module: Op) -> None:
    retime(kernel(module).stream, ii_ps=319)


def early_stream(module: Op) -> None:
    retime(kernel(module).stream, at_ps=9_999)


def short_hold(module: Op) -> None:
    move(kernel(module).hold, longer=-1)


def tight_rounds(module: Op) -> None:
    view = kernel(module)
    retime(view.nest, ii_ps=sym(view.timing.ii_ps) - 1)


def more_lanes(module: Op) -> None:
    view = kernel(module)
    retime(view.nest, lanes=2 * view.timing.lanes)


def more_processors(module: Op) -> None:
    next(op for op in module.body.ops if op.sym_name == "opus").attributes["count"] = 99


def late_makespan(module: Op) -> None:
    main = main_of(module)
    makespan = main.attributes["makespan_ps"]
    main.attributes["makespan_ps"] = sym(makespan) + 1  # type: ignore[arg-type]


def wrong_resource(module: Op) -> None:
    move(ops(module, "electronic.region")[0], on="downlink")


def long_drain(module: Op) -> None:
    """What the loop says of its end must not matter to the replay: nothing to find."""
    view = kernel(module)
    retime(view.nest, drain_ps=0)


PLANTED = [
    (early_region, {"operand", "resource"}),
    (late_call, {"operand"}),
    (early_call, {"operand"}),
    (overlapping_calls, {"operand", "resource"}),
    (long_region, {"duration"}),
    (short_send, {"duration"}),
    (no_fibre, {"duration"}),
    (no_send, {"site"}),
    (fewer_tiles, {"trips", "end"}),
    (fewer_symbols, {"trips", "end"}),
    (fast_symbols, {"duration", "end"}),
    (early_stream, {"operand", "end"}),
    (short_hold, {"duration"}),
    (tight_rounds, {"resource", "end"}),
    (more_lanes, {"resource", "end"}),
    (more_processors, {"resource"}),
    (late_makespan, {"makespan"}),
    (wrong_resource, {"resource"}),
]


def play(compiled: Compiled, spelling: str, plant: Callable[[Op], None], whole_tiles: int) -> Replay:
    module, target = compiled(spelling)
    copy = module.clone({})
    plant(copy)
    return replay(copy, target, dims={"batch": 3}, whole_tiles=whole_tiles)


@pytest.mark.parametrize(("plant", "kinds"), PLANTED, ids=lambda x: getattr(x, "__name__", ""))
@pytest.mark.parametrize("spelling", [FAST, ONE])
@pytest.mark.parametrize("whole_tiles", [10**9, 0])
def test_planted(
    compiled: Compiled, plant: Callable[[Op], None], kinds: set[str], spelling: str, whole_tiles: int
) -> None:
    found = play(compiled, spelling, plant, whole_tiles)
    assert kinds <= {v.kind for v in found.violations}
    assert all(v.message and v.where for v in found.violations)


@pytest.mark.parametrize("spelling", [FAST, ONE])
def test_the_end_of_a_loop_is_not_taken_from_its_timing(compiled: Compiled, spelling: str) -> None:
    assert play(compiled, spelling, long_drain, 10**9).ok


def test_a_flood_of_violations_is_bounded(compiled: Compiled) -> None:
    def everything_at_once(module: Op) -> None:
        for op in walk(main_of(module)):
            if isinstance(op.attributes.get("slot"), Slot):
                op.attributes["slot"] = replace(op.attributes["slot"], at_ps=0)  # type: ignore[type-var]
        retime(kernel(module).nest, ii_ps=0)

    found = play(compiled, FAST, everything_at_once, 10**9)
    assert not found.ok
    assert len(found.violations) <= 100
    assert found.more_violations > 100
