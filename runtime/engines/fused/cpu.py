"""What this CPU can do, read from the system where it tells: asking LLVM would load it."""

from __future__ import annotations

import platform
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from heliograph.runtime.engines.fused.lanes import Isa

_AVX512 = {"avx512f", "avx512bw", "avx512dq", "avx512vl"}
_ABOUT = Path("/proc/cpuinfo")
_NAMED_BY = ("vendor_id", "cpu family", "model", "model name", "stepping", "flags")


@dataclass(frozen=True)
class Cpu:
    """A processor; equal names run the same code."""

    name: str
    isa: Isa


@cache
def host_cpu() -> Cpu:
    """The CPU of this process."""
    if platform.machine() == "x86_64" and _ABOUT.exists():
        found = read_cpuinfo(_ABOUT.read_text(encoding="utf-8", errors="replace"))
        if found is not None:
            return found
    try:
        from heliograph.runtime.engines.fused.llvm import host_features
    except (ImportError, OSError):
        return Cpu("unknown", Isa.GENERIC)
    name, features = host_features()
    return Cpu("\n".join((name, *sorted(features))), widest(features))


def read_cpuinfo(text: str) -> Cpu | None:
    """The first processor that Linux describes there; None where it does not say what it can do."""
    fields = [line.split(":", 1) for line in text.split("\n\n")[0].splitlines() if ":" in line]
    about = {key.strip(): value.strip() for key, value in fields}
    if "flags" not in about:
        return None
    flags = {flag.replace("avx512_", "avx512") for flag in about["flags"].split()}  # LLVM spells avx512vnni
    return Cpu("\n".join(about.get(field, "") for field in _NAMED_BY), widest(flags))


def widest(features: Collection[str]) -> Isa:
    """The widest vector code that runs on a CPU with those features, as LLVM spells them."""
    if _AVX512.issubset(features):
        return Isa.VNNI if "avx512vnni" in features else Isa.AVX512
    return Isa.AVX2 if "avx2" in features and "fma" in features else Isa.GENERIC
