"""Attention operators of com.microsoft in many combinations of inputs and attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from typed_cases import Case, case, contrib, integers, normals

F32, I32 = np.float32, np.int32
BATCH, QUERIES, PAST, HEADS, WIDTH = 2, 4, 3, 2, 8
CHANNELS = HEADS * WIDTH


def mask_of(kind: str, queries: int, keys: int) -> dict[str, np.ndarray]:
    """A key mask by its shape."""
    random = np.random.default_rng(9)
    if kind == "lengths":
        return {"mask": np.asarray([keys, keys - 2], I32)}
    if kind == "ends":  # ends and starts
        return {"mask": np.asarray([keys, keys - 2, 0, 1], I32)}
    shapes = {"keys": (BATCH, keys), "pairs": (BATCH, queries, keys)}
    if kind not in shapes:
        return {}
    mask = random.integers(0, 2, shapes[kind]).astype(I32)
    mask[..., 0] = 1
    return {"mask": mask}


def multi_head(
    *, keys: int = QUERIES, width_v: int = WIDTH, bias: bool = False, mask: str = "", added: str = "",
    past: bool = False, present: bool = False, apart: bool = False, **attributes: object,
) -> Case:  # fmt: skip
    """MultiHeadAttention with dynamic queries, keys and values."""
    total = keys + (PAST if past else 0)
    feeds = {"q": normals(BATCH, QUERIES, CHANNELS)}
    if apart:
        feeds |= {"k": normals(BATCH, HEADS, keys, WIDTH, seed=1), "v": normals(BATCH, HEADS, keys, width_v, seed=2)}
    else:
        feeds |= {"k": normals(BATCH, keys, CHANNELS, seed=1), "v": normals(BATCH, keys, HEADS * width_v, seed=2)}
    weights = {"bias": normals(2 * CHANNELS + HEADS * width_v, seed=3)} if bias else {}
    feeds |= mask_of(mask, QUERIES, total)
    if added:
        feeds["added"] = normals(*{"all": (BATCH, HEADS), "shared": (1, 1)}[added], QUERIES, total, seed=4)
    if past:
        feeds |= {"pk": normals(BATCH, HEADS, PAST, WIDTH, seed=5), "pv": normals(BATCH, HEADS, PAST, width_v, seed=6)}
    known = {**feeds, **weights}
    names = [n if n in known else "" for n in ("q", "k", "v", "bias", "mask", "added", "pk", "pv")]
    outputs = {"y": (F32, 3)} | ({"ok": (F32, 4), "ov": (F32, 4)} if present else {})
    made = contrib("MultiHeadAttention", names, list(outputs), num_heads=HEADS, **attributes)
    macs = BATCH * HEADS * QUERIES * total * (WIDTH + width_v)
    symbols = {n: ["batch", *a.shape[1:]] for n, a in feeds.items() if a.shape[0] == BATCH and n != "added"}
    symbols |= {n: ["batch", HEADS, "past", feeds[n].shape[3]] for n in ("pk", "pv") if past}
    return case([made], feeds, weights, outputs, macs, symbols=symbols)


def projecting(
    *, bias: bool = True, mask: str = "", past: bool = False, present: bool = False, added: bool = False,
    sizes: tuple[int, int, int] = (CHANNELS, CHANNELS, CHANNELS), **attributes: object,
) -> Case:  # fmt: skip
    """Attention with its weights."""
    features, total = 12, QUERIES + (PAST if past else 0)
    feeds = {"x": normals(BATCH, QUERIES, features)} | mask_of(mask, QUERIES, total)
    weights = {"w": normals(features, sum(sizes), seed=1)} | ({"c": normals(sum(sizes), seed=2)} if bias else {})
    if past:
        feeds["past"] = normals(2, BATCH, HEADS, PAST, WIDTH, seed=3)
    if added:
        feeds["added"] = normals(1, HEADS, QUERIES, total, seed=4)
    known = {**feeds, **weights}
    names = [n if n in known else "" for n in ("x", "w", "c", "mask", "past", "added")]
    outputs = {"y": (F32, 3)} | ({"present": (F32, 5)} if present else {})
    if sizes[2] != CHANNELS:
        attributes["qkv_hidden_sizes"] = list(sizes)
    made = contrib("Attention", names, list(outputs), num_heads=HEADS, **attributes)
    macs = BATCH * QUERIES * (features * sum(sizes) + total * (sizes[0] + sizes[2]))
    symbols: dict[str, Sequence[int | str]] = {"x": ["batch", "places", features]}
    if past:
        symbols["past"] = [2, "batch", HEADS, "past", WIDTH]
    if mask:
        symbols["mask"] = {"lengths": ["batch"], "keys": ["batch", "keys"], "pairs": ["batch", "places", "keys"]}[mask]
    return case([made], feeds, weights, outputs, macs, symbols=symbols)


def quantized(*, mask: str = "", past: bool = False, columns: bool = False, **attributes: object) -> Case:
    """QAttention."""
    features, total = 12, QUERIES + (PAST if past else 0)
    feeds = {"x": integers((BATCH, QUERIES, features), np.uint8)} | mask_of(mask, QUERIES, total)
    weights = {
        "w": integers((features, 3 * CHANNELS), np.int8, 1),
        "c": normals(3 * CHANNELS, seed=2),
        "xs": np.asarray(0.02, F32),
        "ws": np.linspace(0.005, 0.02, 3 * CHANNELS, dtype=F32) if columns else np.asarray(0.01, F32),
        "xz": np.asarray(120, np.uint8),
        "wz": np.arange(3 * CHANNELS, dtype=np.int8) if columns else np.asarray(3, np.int8),
    }
    if past:
        feeds["past"] = normals(2, BATCH, HEADS, PAST, WIDTH, seed=3)
    known = {**feeds, **weights}
    names = [n if n in known else "" for n in ("x", "w", "c", "xs", "ws", "mask", "xz", "wz", "past")]
    outputs = {"y": (F32, 3)} | ({"present": (F32, 5)} if past else {})
    made = contrib("QAttention", names, list(outputs), num_heads=HEADS, **attributes)
    macs = BATCH * QUERIES * (features * 3 * CHANNELS + total * 2 * CHANNELS)
    return case([made], feeds, weights, outputs, macs)


CASES: dict[str, Callable[[], Case]] = {
    "multi_head": multi_head,
    "multi_head_cross": lambda: multi_head(keys=6, width_v=4, bias=True),
    "multi_head_scale": lambda: multi_head(scale=0.3, added="shared"),
    "multi_head_added": lambda: multi_head(added="all", unidirectional=1),
    "multi_head_lengths": lambda: multi_head(mask="lengths"),
    "multi_head_key_mask": lambda: multi_head(mask="keys", bias=True),
    "multi_head_pair_mask": lambda: multi_head(mask="pairs", mask_filter_value=-5.0),
    "multi_head_causal": lambda: multi_head(unidirectional=1, mask="keys"),
    "multi_head_cache": lambda: multi_head(past=True, present=True, unidirectional=1),
    "multi_head_cache_mask": lambda: multi_head(past=True, present=True, mask="keys", bias=True),
    "multi_head_present": lambda: multi_head(present=True),
    "multi_head_apart": lambda: multi_head(apart=True, keys=6),
    "projecting": projecting,
    "projecting_plain": lambda: projecting(bias=False, scale=0.2),
    "projecting_causal": lambda: projecting(unidirectional=1),
    "projecting_lengths": lambda: projecting(mask="lengths"),
    "projecting_key_mask": lambda: projecting(mask="keys", unidirectional=1),
    "projecting_pair_mask": lambda: projecting(mask="pairs"),
    "projecting_cache": lambda: projecting(past=True, present=True, unidirectional=1),
    "projecting_added": lambda: projecting(added=True),
    "projecting_sizes": lambda: projecting(sizes=(CHANNELS, CHANNELS, 12)),
    "quantized": quantized,
    "quantized_columns": lambda: quantized(columns=True, mask="keys"),
    "quantized_cache": lambda: quantized(past=True, unidirectional=1),
}
