"""What each level allows, by the place where an op stands."""

from __future__ import annotations

from collections.abc import Mapping

from heliograph.ir.core import Op
from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import CONTROL, OPDEFS

LEVELS = ("graph", "partitioned", "tiled", "scheduled")

ONNX = "onnx"  # stands for every op of an ONNX domain
_WEIGHTS = frozenset({"helio.weight", "helio.none"})
_FLOW = frozenset({"func.call", "func.return", "electronic.region"}) | _WEIGHTS
_NESTED = {
    "region": frozenset({ONNX, "electronic.yield"}) | _WEIGHTS,
    "body": frozenset({ONNX, "onnx.yield"}) | _WEIGHTS,
}
_LOOPS = {
    "kernel": frozenset({"tile.for", "func.return"}) | _WEIGHTS,
    "loop": frozenset(
        {
            "tile.for",
            "tile.load",
            "tile.accumulate",
            "tile.yield",
            "optical.hold",
            "optical.encode",
            "optical.multiply",
            "optical.detect",
        }
    ),
}
_MODULE = frozenset({"func.func"})
_MOVES = frozenset({"tile.gather", "tile.scatter"})
_CONTROL = frozenset(CONTROL)
_BODY = frozenset({"control.yield"}) | _CONTROL | (_FLOW - {"func.return"})

# level -> place -> ops. Places: "module"; "main" (a public function); "kernel" (a private function); "loop" (inside
# tile.for); "region" (inside electronic.region); "body" (inside the subgraph of an ONNX op).
ALLOWED: Mapping[str, Mapping[str, frozenset[str]]] = {
    "graph": {
        "module": _MODULE,
        "main": frozenset({ONNX, "func.call", "func.return"}) | _WEIGHTS,
        "kernel": frozenset({ONNX, "func.call", "func.return"}) | _WEIGHTS,
        "body": _NESTED["body"],
    },
    "partitioned": {
        "module": _MODULE,
        "main": _FLOW | _CONTROL | {"optical.gemm"},
        "kernel": _FLOW | {"optical.gemm"},
        "control": _BODY | {"optical.gemm"},
        **_NESTED,
    },
    "tiled": {
        "module": _MODULE,
        "main": _FLOW | _CONTROL | _MOVES,
        "control": _BODY | _MOVES,
        **_LOOPS,
        **_NESTED,
    },
    "scheduled": {
        "module": _MODULE | {"sched.resource"},
        "main": _FLOW | _CONTROL | _MOVES | {"sched.send"},
        "control": _BODY | _MOVES | {"sched.send"},
        **_LOOPS,
        **_NESTED,
    },
}
PLACES = {
    "module": "in the module",
    "main": "in a public function",
    "kernel": "in a kernel outside its loops",
    "loop": "inside tile.for",
    "control": "in a body of control flow",
    "region": "inside electronic.region",
    "body": "inside an ONNX subgraph",
}
TERMINATORS = {
    "func.func": "func.return",
    "electronic.region": "electronic.yield",
    "tile.for": "tile.yield",
    **dict.fromkeys(CONTROL, "control.yield"),
}
# ops that need a slot, in @main and in bodies of control flow
TIMED = ("func.call", "electronic.region", "tile.gather", "tile.scatter", "sched.send", *CONTROL)

OWN_DIALECTS = frozenset(name.partition(".")[0] for name in OPDEFS)


def is_onnx(op: Op) -> bool:
    """True for an op of an ONNX domain: one whose dialect is none of ours."""
    return op.name != "onnx.yield" and op.name.partition(".")[0] not in OWN_DIALECTS


def place_inside(op: Op, place: str) -> str:
    """The place of the ops in the regions of `op`, which itself stands in `place`."""
    if op.name == "builtin.module":
        return "module"
    if op.name == "func.func":
        return "kernel" if op.attributes.get("sym_visibility") == "private" else "main"
    if op.name in CONTROL:
        return "control"
    return {"electronic.region": "region", "tile.for": "loop"}.get(op.name, "body")


def level_of(module: Op) -> str:
    """The level that the module says it is at.

    Raises HeliographError HG1102 when it does not say, or names none of `LEVELS`.
    """
    level = module.attributes.get("helio.level")
    if level not in LEVELS:
        said = "has no attribute helio.level" if level is None else f"says helio.level = {level!r}"
        raise error("HG1102", f"the module {said}", remedy=f"helio.level is one of {', '.join(LEVELS)}")
    return str(level)
