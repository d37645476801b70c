"""The normal numbers of `heliograph.runtime.engines.stream` on a torch device: the same bits, wherever they are drawn.

torch has no unsigned arithmetic. Sums, products and left shifts of signed integers wrap around to the same bits; right
shifts drag the sign along, which a mask takes away.
"""

from __future__ import annotations

from functools import lru_cache

import torch

from heliograph.runtime.engines.stream import (
    CUBICS,
    FIRST_EXPONENT,
    GOLDEN,
    LANE_STEP,
    LANES,
    MAGNITUDE,
    MIX32,
    MIX64,
)

State = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
_SIGN = -(1 << 31)


def seed_states(key: int, first_row: int, rows: int, columns: int, device: torch.device) -> State:
    """Four state words int32 [rows * columns] of rows from `first_row` on; `columns` is a multiple of 16."""
    row = torch.arange(first_row, first_row + rows, dtype=torch.int64, device=device)[:, None]
    position = (row << 32) | torch.arange(columns // LANES, dtype=torch.int64, device=device)
    first = _mix64(position * _signed(GOLDEN, 64) + _signed(key, 64))
    second = _mix64(first + _signed(GOLDEN, 64))
    lanes = torch.arange(LANES, dtype=torch.int32, device=device) * _signed(LANE_STEP, 32)
    halves = torch.stack([first, second], dim=-1).view(torch.int32)  # [rows, blocks, 4], the low half of each first
    s0, s1, s2, s3 = (_mix32((halves[..., i, None] + lanes).reshape(-1)) for i in range(4))
    return s0, s1, s2, s3


def step(state: State) -> tuple[torch.Tensor, State]:
    """One step of xoshiro128+: 32 random bits, and the next state."""
    s0, s1, s2, s3 = state
    bits = s0 + s3
    shifted = s1 << 9
    s2 = s2 ^ s0
    s3 = s3 ^ s1
    s1 = s1 ^ s2
    s0 = s0 ^ s3
    s2 = s2 ^ shifted
    s3 = (s3 << 11) | _shifted(s3, 21, 32)
    return bits, (s0, s1, s2, s3)


def normals(bits: torch.Tensor, cubics: torch.Tensor) -> torch.Tensor:
    """Standard normal float32 numbers of 32 random bits each; `cubics` [4, 16] is `CUBICS` on the device."""
    f = (bits & MAGNITUDE).to(torch.float32)
    segment = ((f.view(torch.int32) >> 23) - FIRST_EXPONENT).clamp(min=0)
    z = ((cubics[3][segment] * f + cubics[2][segment]) * f + cubics[1][segment]) * f + cubics[0][segment]
    return (z.view(torch.int32) ^ (bits & _SIGN)).view(torch.float32)


@lru_cache(maxsize=8)
def cubics_on(device: torch.device) -> torch.Tensor:
    """The table that `normals` reads."""
    return torch.tensor(CUBICS, device=device)


def _mix64(x: torch.Tensor) -> torch.Tensor:
    x = (x ^ _shifted(x, 30, 64)) * _signed(MIX64[0], 64)
    x = (x ^ _shifted(x, 27, 64)) * _signed(MIX64[1], 64)
    return x ^ _shifted(x, 31, 64)


def _mix32(x: torch.Tensor) -> torch.Tensor:
    x = (x ^ _shifted(x, 16, 32)) * _signed(MIX32[0], 32)
    x = (x ^ _shifted(x, 13, 32)) * _signed(MIX32[1], 32)
    return x ^ _shifted(x, 16, 32)


def _shifted(x: torch.Tensor, count: int, width: int) -> torch.Tensor:
    """To the right, with zeros from the left."""
    return (x >> count) & ((1 << (width - count)) - 1)


def _signed(word: int, width: int) -> int:
    """The signed integer of the same bits."""
    return word - (1 << width) if word >> (width - 1) else word
