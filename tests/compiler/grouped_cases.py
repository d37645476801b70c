"""GroupQueryAttention of com.microsoft: prompts, steps with caches of equal and unequal length, rotary embedding."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from typed_cases import Case, case, contrib, normals

F32, I32, I64 = np.float32, np.int32, np.int64
HEADS, GROUPS, LONGEST = 4, 2, 16


def grouped(
    *, new: int = 1, before: Sequence[int] = (3, 3), room: int | None = 3, width: int = 8, packed: bool = False,
    rotary: int = 0, positions: bool = False, added: bool = False, dtype: type = F32, results: int = 3,
    **attributes: object,
) -> Case:  # fmt: skip
    """A step of `new` places after `before` ones per batch entry; the caches have `room` places, None: no caches."""
    batch, total = len(before), max(before) + new
    feeds: dict[str, np.ndarray] = {}
    if packed:
        feeds["q"] = normals(batch, new, (HEADS + 2 * GROUPS) * width, dtype=dtype)
    else:
        sizes = {"q": HEADS, "k": GROUPS, "v": GROUPS}
        feeds |= {n: normals(batch, new, h * width, seed=i, dtype=dtype) for i, (n, h) in enumerate(sizes.items())}
    if room is not None:
        for seed, name in enumerate(("pk", "pv"), 5):
            feeds[name] = normals(batch, GROUPS, room, width, seed=seed, dtype=dtype)
    feeds |= {"last": np.asarray([n + new - 1 for n in before], I32), "total": np.asarray([total], I32)}
    weights: dict[str, np.ndarray] = {}
    if rotary:
        angles = np.outer(np.arange(LONGEST), 0.7 ** np.arange(rotary // 2))
        weights = {"cos": np.cos(angles).astype(dtype), "sin": np.sin(angles).astype(dtype)}
        attributes["do_rotary"] = 1
    if positions:
        feeds["places"] = np.asarray([[n + i for i in range(new)] for n in before], I64)
    if added:
        feeds["added"] = normals(1, HEADS, new, max(total, room or 0), seed=8, dtype=dtype)
    known = {**feeds, **weights}
    names = [
        n if n in known else "" for n in ("q", "k", "v", "pk", "pv", "last", "total", "cos", "sin", "places", "added")
    ]
    outputs = dict(list({"y": (dtype, 3), "ok": (dtype, 4), "ov": (dtype, 4)}.items())[:results])
    made = contrib("GroupQueryAttention", names, list(outputs), num_heads=HEADS, kv_num_heads=GROUPS, **attributes)
    macs = batch * HEADS * new * max(total, room or 0) * 2 * width
    symbols: dict[str, Sequence[int | str]] = {}
    if room is not None:
        symbols = {n: ["batch", GROUPS, "past", width] for n in ("pk", "pv")}
    for name in ("q", "k", "v"):
        if name in feeds:
            symbols[name] = ["batch", *feeds[name].shape[1:]]
    return case([made], feeds, weights, outputs, macs, symbols=symbols, tolerance=1e-4 if dtype is F32 else 1e-2)


CASES: dict[str, Callable[[], Case]] = {
    "prompt": lambda: grouped(new=5, before=(0, 0), room=None),
    "prompt_empty_cache": lambda: grouped(new=5, before=(0, 0), room=0),
    "step": grouped,
    "step_packed": lambda: grouped(packed=True),
    "step_unequal": lambda: grouped(before=(3, 1)),
    "continued": lambda: grouped(new=4, before=(3,)),
    "scale": lambda: grouped(new=5, before=(0, 0), room=None, scale=0.3),
    "softcap": lambda: grouped(new=5, before=(0, 0), room=None, softcap=2.0),
    "window": lambda: grouped(new=6, before=(0, 0), room=None, local_window_size=3),
    "rotary": lambda: grouped(new=5, before=(0, 0), room=None, width=16, rotary=16),
    "rotary_partial": lambda: grouped(new=5, before=(0, 0), room=None, width=32, rotary=16),
    "rotary_interleaved": lambda: grouped(new=2, before=(3,), width=16, rotary=16, rotary_interleaved=1),
    "rotary_step_unequal": lambda: grouped(before=(3, 1), width=16, rotary=16, packed=True),
    "rotary_positions": lambda: grouped(before=(3, 2), width=16, rotary=16, positions=True),
    "added": lambda: grouped(new=5, before=(0, 0), room=None, added=True),
    "added_softcap": lambda: grouped(added=True, softcap=1.5),
    "half": lambda: grouped(before=(3, 1), dtype=np.float16),
}
