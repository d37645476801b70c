"""Compiled kernels on disk: used again by the next process, bounded, and never trusted when damaged."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("llvmlite")

from heliograph.runtime.engines.fused import ObjectCache

RUN = """
import sys
from pathlib import Path
import numpy as np
from heliograph.runtime.engines import KernelCall, Noise, compute, make_engine
from heliograph.runtime.engines.fused import objects
from heliograph.ir.core import sym
from heliograph.ir.dialects import Adc, Quant
from heliograph.ir.kernel import KernelSpec
stored = []
keep = objects.ObjectCache.store
objects.ObjectCache.store = lambda self, key, code: (stored.append(key), keep(self, key, code))
quant = Quant(6, "row", "dynamic", "two-pass"), Quant(6, "col", "absmax", "balanced")
spec = KernelSpec(sym(24), sym(40), 8, 8, 1, *quant, Adc(5.0), "f32")
rng = np.random.default_rng(0)
x, w = rng.standard_normal((1, 30, 24)).astype("f"), rng.standard_normal((1, 24, 40)).astype("f")
engine = make_engine("noisy", noise_of=lambda _: Noise(c0=0.01, c1=0.01), kernel_cache=Path(sys.argv[1]))
y = compute(engine, KernelCall(spec), x, w)
assert engine.stats.fused_calls == 1
print(len(stored), y.tobytes().hex())
"""


KERNELS = 2  # one lays out weights, one multiplies


def run(folder: Path) -> tuple[int, str]:
    """How many kernels a fresh process compiled, and its result."""
    done = subprocess.run([sys.executable, "-c", RUN, str(folder)], capture_output=True, text=True, check=True)
    count, result = done.stdout.split()
    return int(count), result


def test_the_next_process_compiles_nothing(tmp_path: Path) -> None:
    first, second = run(tmp_path / "new"), run(tmp_path / "new")
    assert first[0] == KERNELS
    assert second[0] == 0
    assert first[1] == second[1]


def test_damaged_entries_are_compiled_again(tmp_path: Path) -> None:
    _, wanted = run(tmp_path)
    entries = {entry: entry.read_bytes() for entry in tmp_path.iterdir()}
    assert len(entries) == KERNELS
    for damage in (
        lambda data: b"",
        lambda data: data[:100],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: bytes(len(data)),
    ):
        for entry, data in entries.items():
            entry.write_bytes(damage(data))
        assert run(tmp_path) == (KERNELS, wanted)
        assert {entry: entry.read_bytes() for entry in entries} == entries


def test_a_folder_that_is_none_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert run(tmp_path / "file" / "kernels")[0] == KERNELS


def test_the_folder_is_bounded_and_the_latest_stay(tmp_path: Path) -> None:
    cache = ObjectCache(tmp_path, limit_bytes=4000)
    for i in range(10):
        cache.store(f"k{i}", bytes([i]) * 1000)
    kept = [i for i in range(10) if cache.load(f"k{i}") is not None]
    assert kept == [7, 8, 9]
    assert cache.load("k9") == bytes([9]) * 1000
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) <= 4000
