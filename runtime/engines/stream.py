"""The normal numbers that detections and settings of weights draw, in numpy: the definition of what `fused` generates.

Each row of results has one stream per 16 columns: 16 lanes of xoshiro128+ (Blackman and Vigna, "Scrambled linear
pseudorandom number generators", 2021), one lane per column, whose states are hashed from the key, the row and the
column block. So any rows and any whole blocks of columns can be drawn by themselves, and the bits do not depend on how
a call is cut into blocks or threads. A stream goes on from slice to slice and from pass to pass.

A number is the inverse of the normal distribution at 24 of the 32 bits, by a cubic for each power of two of the
probability; bit 31 is its sign. Off by at most 2.1e-4 up to 4.16 standard deviations; the rarer numbers (1 in 33,000)
share one cubic, which is off by 0.05 at 4.5 and ends at 4.99.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from heliograph.ir.weights import Array

Words = npt.NDArray[np.uint32]

LANES = 16
GOLDEN = 0x9E3779B97F4A7C15  # 2**64 / golden ratio, the step of splitmix64
LANE_STEP = 0x9E3779B9
MIX64 = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)  # splitmix64's finalizer (shifts 30, 27, 31)
MIX32 = (0x85EBCA6B, 0xC2B2AE35)  # MurmurHash3's finalizer (shifts 16, 13, 16)
MAGNITUDE = 0x7FFFFF80  # so many bits convert to float32 without rounding
FIRST_EXPONENT = 142  # float32 exponent field below which segment 0 ends

# Coefficients of 1, f, f^2, f^3 per segment, f = bits & MAGNITUDE as a number: a least-squares fit of the inverse
# normal distribution at f / 2**32, scaled to unit variance. Segment s > 0 holds f in [2**(15 + s), 2**(16 + s)).
_TABLE = """
4.98891544 4.50335598 4.35429239 4.20047188
4.04142952 3.87662292 3.70541215 3.52703738
3.34058499 3.14494491 2.93875289 2.72031307
2.48749709 2.23762965 1.96756673 1.68235672
-4.59772345e-05 -7.12348174e-06 -3.68426527e-06 -1.90995752e-06
-9.92789523e-07 -5.17643855e-07 -2.7087512e-07 -1.42349037e-07
-7.51886162e-08 -3.99614457e-08 -2.14026095e-08 -1.1574925e-08
-6.33951469e-09 -3.53119334e-09 -2.01402517e-09 -1.20901134e-09
1.03023789e-09 3.63395564e-11 9.37964983e-12 2.42593987e-12
6.28889519e-13 1.63457897e-13 4.26126114e-14 1.11472484e-14
2.92772809e-15 7.72516971e-16 2.04937319e-16 5.47015333e-17
1.46979837e-17 3.97290009e-18 1.07673666e-18 3.05069793e-19
-8.09764429e-15 -8.22992763e-17 -1.06158251e-17 -1.37204645e-18
-1.77725584e-19 -2.30795007e-20 -3.00574958e-21 -3.9274903e-22
-5.15154759e-23 -6.78720461e-24 -8.98871996e-25 -1.19767279e-25
-1.60719409e-26 -2.17620743e-27 -3.0057252e-28 -4.97860083e-29
"""
CUBICS = np.array(_TABLE.split(), np.float32).reshape(4, 16)


def stream_key(seed: int, kind: str, layer: int) -> int:
    """The 64 bits that key all streams of one call."""
    digest = hashlib.blake2b(f"{seed}/{kind}/{layer}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


class NormalStream:
    """Streams of `rows` rows from `first_row` on, each `columns` wide."""

    def __init__(self, key: int, first_row: int, rows: int, columns: int) -> None:
        self._columns = columns
        self._state = _seed_states(key, np.arange(first_row, first_row + rows, dtype=np.uint64), -(-columns // LANES))

    def next(self) -> Array:
        """The next standard normal number of every element, float32 [rows, columns]."""
        return normals(step(self._state)).reshape(len(self._state[0]), -1)[:, : self._columns]


def setting_normals(key: int, rows: npt.NDArray[np.uint64], ports: int, columns: int) -> Array:
    """Standard normal numbers of weights, float32 [rows, ports, columns]: a row is a slice, its stream goes from port
    to port."""
    blocks = -(-columns // LANES)
    state = _seed_states(key, rows, blocks)
    result = np.empty((len(rows), ports, columns), np.float32)
    for port in range(ports):
        result[:, port] = normals(step(state)).reshape(len(rows), blocks * LANES)[:, :columns]
    return result


def _seed_states(key: int, rows: npt.NDArray[np.uint64], blocks: int) -> list[Words]:
    """Four state words, each [rows, blocks, 16]."""
    position = (rows[:, None] << np.uint64(32)) | np.arange(blocks, dtype=np.uint64)
    first = _mix64(position * np.uint64(GOLDEN) + np.uint64(key))
    second = _mix64(first + np.uint64(GOLDEN))
    lanes = np.arange(LANES, dtype=np.uint32) * np.uint32(LANE_STEP)
    words = [part.astype(np.uint32) for half in (first, second) for part in (half, half >> np.uint64(32))]
    return [_mix32(word[..., None] + lanes) for word in words]


def step(state: list[Words]) -> Words:
    """One step of xoshiro128+; changes `state` in place."""
    s0, s1, s2, s3 = state
    result: Words = s0 + s3
    shifted = s1 << np.uint32(9)
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3[...] = _rotate(s3, 11)
    return result


def normals(bits: Words) -> Array:
    """Standard normal float32 numbers of 32 random bits each."""
    f = (bits & np.uint32(MAGNITUDE)).astype(np.float32)
    exponent = (f.view(np.uint32) >> np.uint32(23)).astype(np.int32)
    c0, c1, c2, c3 = CUBICS[:, np.maximum(exponent - FIRST_EXPONENT, 0)]
    z: Array = ((c3 * f + c2) * f + c1) * f + c0
    signed: Array = (z.view(np.uint32) ^ (bits & np.uint32(0x80000000))).view(np.float32)
    return signed


def _rotate(words: Words, count: int) -> Words:
    result: Words = (words << np.uint32(count)) | (words >> np.uint32(32 - count))
    return result


def _mix64(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(MIX64[0])
    x = (x ^ (x >> np.uint64(27))) * np.uint64(MIX64[1])
    return x ^ (x >> np.uint64(31))


def _mix32(x: Words) -> Words:
    x = (x ^ (x >> np.uint32(16))) * np.uint32(MIX32[0])
    x = (x ^ (x >> np.uint32(13))) * np.uint32(MIX32[1])
    return x ^ (x >> np.uint32(16))
