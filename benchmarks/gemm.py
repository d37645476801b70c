"""One matrix product on simulated light beside a plain one: ``python benchmarks/gemm.py [--json] [--ports 8,16,32]``.

``--set adc.enob=9`` changes more keys of the target: with an ADC as fine as that, fast fidelity suits most operands.
With those of the targets it is mostly left to exact, which the path beside its name tells.

Every engine, torch and numpy multiply the same operands in turns; the ratio is that of the medians to torch's float32
product (numpy's where torch is not installed). Weights are written before the timing starts, as in a run of a model;
what that takes is printed beside, and whether compiled kernels or numpy did the work. aihwkit and AnalogVNN run too
where they are installed, see `peers.py`; "constant" is exact fidelity with the noise that these have, one standard
deviation whatever the light.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from peers import peers, versions
from turns import ROUNDS, at_least_one, check_target, limit_threads, medians, processor

import heliograph
from heliograph.backends import load_target

SHAPES = {
    "square": (256, 1024, 1024),
    "large": (1024, 1024, 1024),
    "wide": (64, 4096, 4096),
    "conv-like": (4096, 288, 64),
    "ragged": (251, 1019, 1021),
    "one token": (1, 4096, 4096),
}
# name -> options of heliograph.OpticalGemm; signs of the inputs: "+" for those after a ReLU
CONTENDERS: dict[str, dict[str, Any]] = {
    "ideal": {"engine": "ideal"},
    "quantized": {"engine": "quantized"},
    "exact": {"engine": "noisy", "fidelity": "exact"},
    "constant": {"engine": "noisy", "fidelity": "exact"},
    "fast": {"engine": "noisy", "fidelity": "fast"},
}
QUICK = ("square", "conv-like", "one token")


def thermal_only(target: str) -> str:
    """The spelling of a target without noise and errors but thermal noise, whose deviation is the same in any light."""
    switches = {q.key: q.value for q in load_target(target).quantities() if q.key.startswith("noise.")}
    off = [f"{key}=false" for key, value in switches.items() if value is True and key != "noise.thermal"]
    if switches.get("noise.in_band", "none") != "none":
        off.append("noise.in_band=none")
    if not off:
        return target
    return f"{target.removesuffix('}')},{','.join(off)}}}"


def contenders(
    x: np.ndarray, w: np.ndarray, target: str, threads: int
) -> tuple[dict[str, Callable[[], object]], dict[str, float], dict[str, str]]:
    """What to run, and for each of ours seconds that its weights took to prepare, and what computes it."""
    runs: dict[str, Callable[[], object]] = {"numpy": lambda: x @ w}
    if importlib.util.find_spec("torch"):
        import torch

        torch.set_num_threads(threads)
        a, b = torch.from_numpy(x), torch.from_numpy(w)
        runs = {"torch": lambda: torch.matmul(a, b), **runs}
    prepared, paths = {}, {}
    for name, options in CONTENDERS.items():
        started = time.process_time()
        light = thermal_only(target) if name == "constant" else target
        held = heliograph.OpticalGemm(w, target=light, threads=threads, **options)
        held(x[:1])
        prepared[name] = time.process_time() - started
        paths[name] = path(held, x, name)
        runs[name] = lambda held=held: held(x)
    return runs | peers(x, w, target), prepared, paths


def path(held: heliograph.OpticalGemm, x: np.ndarray, name: str) -> str:
    """What computes the product, and how it is drawn where that is judged."""
    before, by_products = held.stats.fast_calls, held.stats.fast_by_products
    held(x)
    how = "compiled" if held.stats.fused_calls else "numpy"
    if name != "fast":
        return how
    if held.stats.fast_calls == before:
        return f"{how}, left to exact"
    return f"{how}, variance of all products" if held.stats.fast_by_products > by_products else how


def spelling(ports: int, options: argparse.Namespace) -> str:
    """The target with so many ports."""
    more = f",{options.set}" if options.set else ""
    return f"{options.target}{{opu.ports_in={ports},opu.ports_out={ports}{more}}}"


def measure(shape: tuple[int, int, int], ports: int, options: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds and ratios of one shape at one number of ports."""
    m, k, n = shape
    rng = np.random.default_rng(0)
    x = rng.standard_normal((m, k)).astype(np.float32)
    if not options.signed:
        x = np.maximum(x, 0)
    w = rng.standard_normal((k, n)).astype(np.float32)
    target = spelling(ports, options)
    if options.thermal:
        target = thermal_only(target)
    runs, prepared, paths = contenders(x, w, target, options.threads)
    taken = medians(runs, options.rounds)
    found = {name: seconds.by_clock(options.threads) for name, seconds in taken.items()}
    base = found.get("torch", found["numpy"])
    return {
        "shape": list(shape),
        "ports": ports,
        "ms": {name: seconds * 1e3 for name, seconds in found.items()},
        "ratio": {name: seconds / base for name, seconds in found.items()},
        "processor_ms": {name: seconds.processor * 1e3 for name, seconds in taken.items()},
        "wall_ms": {name: seconds.wall * 1e3 for name, seconds in taken.items()},
        "path": paths,
        "prepare_ms": {name: seconds * 1e3 for name, seconds in prepared.items()},
        "ns_per_mac": {name: seconds * 1e9 / (m * k * n) for name, seconds in found.items()},
    }


def numbers(text: str) -> list[int]:
    """Comma-separated port counts."""
    return [int(part) for part in text.split(",")]


def main(argv: Sequence[str] | None = None) -> None:
    """Measure the shapes asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help=f"default: all of {', '.join(SHAPES)}")
    parser.add_argument("--target", default="awgr8-28g")
    parser.add_argument("--set", default="", metavar="KEY=VALUE,...", help="more keys of the target")
    parser.add_argument("--thermal", action="store_true", help="no noise and errors but thermal noise")
    parser.add_argument("--ports", type=numbers, help="default: 8,16,32")
    parser.add_argument("--quick", action="store_true", help=f"only {', '.join(QUICK)}, at 8 ports")
    parser.add_argument("--signed", action="store_true", help="inputs of both signs (default: as after a ReLU)")
    parser.add_argument(
        "--threads", type=at_least_one, default=1, help="of each contender; with 1, processor time is compared"
    )
    parser.add_argument("--rounds", type=at_least_one, default=ROUNDS)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args(argv)
    if unknown := set(options.shapes) - set(SHAPES):
        parser.error(f"no shape {', '.join(sorted(unknown))}; there are {', '.join(SHAPES)}")
    shapes = options.shapes or (QUICK if options.quick else SHAPES)
    ports = options.ports or ([8] if options.quick else [8, 16, 32])
    for count in ports:
        check_target(parser, spelling(count, options))
    limit_threads(options.threads)
    rows = [measure(SHAPES[s], p, options) for s in shapes for p in ports]
    if options.json:
        about = {
            "schema": "heliograph.gemm/1",
            "processor": processor(),
            "threads": options.threads,
            "clock": "processor time" if options.threads == 1 else "wall clock",
            "rounds": options.rounds,
            "signed": options.signed,
            "target": options.target,
            "set": options.set,
            "thermal": options.thermal,
            "peers": versions(),
        }
        print(json.dumps(about | {"rows": rows}, indent=2))
        return
    names = list(rows[0]["ratio"])
    print(f"{'shape':<18}{'ports':>5}" + "".join(f"{name:>12}" for name in names))
    for row in rows:
        label = " x ".join(map(str, row["shape"]))
        print(f"{label:<18}{row['ports']:>5}" + "".join(f"{row['ratio'][name]:>12.2f}" for name in names))
        preparing = ", ".join(f"{name} {row['prepare_ms'][name]:.0f} ms, {row['path'][name]}" for name in row["path"])
        print(f"  weights prepared and computed by: {preparing}")
    base, clock = names[0], "processor time, one thread" if options.threads == 1 else f"{options.threads} threads"
    print(f"\nratio to {base}'s float32 product; {clock}; {processor()}")


if __name__ == "__main__":
    main()
