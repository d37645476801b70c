"""Timing in turns: every contender runs once per round, so that what else the machine does meets all alike."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from heliograph.backends import load_target
from heliograph.ir.diagnostics import HeliographError

ROUNDS = 7


class Seconds(NamedTuple):
    """Of one run. Processor time (of all threads) is what a busy machine changes least; threads help by wall clock."""

    processor: float
    wall: float

    def by_clock(self, threads: int) -> float:
        """The one to compare: processor time on one thread, else wall clock."""
        return self.processor if threads == 1 else self.wall


def medians(runs: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, Seconds]:
    """Medians of each run by either clock, interleaved; a run that does not count comes first."""
    taken: dict[str, list[Seconds]] = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(rounds):
        for name, run in runs.items():
            processor, wall = time.process_time(), time.perf_counter()
            run()
            taken[name].append(Seconds(time.process_time() - processor, time.perf_counter() - wall))
    return {name: Seconds(*map(statistics.median, zip(*times, strict=True))) for name, times in taken.items()}


def limit_threads(threads: int) -> None:
    """Start this script again with `threads` for numpy's BLAS, which reads that only when it is imported."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    if any(os.environ.get(name) != str(threads) for name in names):
        os.environ.update(dict.fromkeys(names, str(threads)))
        os.execv(sys.executable, [sys.executable, *sys.argv])


def at_least_one(text: str) -> int:
    """A number of threads or rounds, for `argparse`."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of at least 1")
    return int(text)


def check_target(parser: argparse.ArgumentParser, spelling: str) -> None:
    """End with the reason where there is no such target."""
    try:
        load_target(spelling)
    except HeliographError as problem:
        parser.error(str(problem))


def processor() -> str:
    """Name of the processor, as the system gives it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    except OSError:
        return "unknown"
