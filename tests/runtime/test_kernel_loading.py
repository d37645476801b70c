"""Kernels on disk run without LLVM, and do what LLVM's own loader makes of them."""

import ctypes
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("llvmlite")

from heliograph.runtime.engines.fused import Isa, elf, llvm
from heliograph.runtime.engines.fused.cpu import host_cpu, read_cpuinfo, widest

_IS_X86_64_LINUX = sys.platform == "linux" and platform.machine() == "x86_64"
on_x86_64_linux = pytest.mark.skipif(not _IS_X86_64_LINUX, reason="only there kernels are loaded without LLVM")

# helio_test(numbers, size): clears `size` bytes, of which the C library's memset takes care, and writes pi before them
MODULE = """
@places = private constant [2 x double] [double 1.0, double 0x400921FB54442D18], align 16
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
define void @helio_test(ptr %numbers, i64 %size) nounwind {
  %rest = getelementptr double, ptr %numbers, i64 1
  call void @llvm.memset.p0.i64(ptr %rest, i8 0, i64 %size, i1 false)
  %last = and i64 %size, 1
  %other = xor i64 %last, 1
  %from = getelementptr [2 x double], ptr @places, i64 0, i64 %other
  %pi = load double, ptr %from
  store double %pi, ptr %numbers
  ret void
}
"""


def run(address: int) -> list[float]:
    """What the function of `MODULE` leaves of ones."""
    numbers = np.ones(6)
    ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64)(address)(numbers.ctypes.data, 32)
    return numbers.tolist()


@on_x86_64_linux
@pytest.mark.parametrize("isa", [Isa.GENERIC, host_cpu().isa])
def test_both_loaders_give_the_same_function(isa: Isa) -> None:
    code = llvm.emit(MODULE, isa)
    memory, ours = elf.load(code, "helio_test")
    engine, theirs = llvm.load(code, "helio_test", isa)
    assert run(ours) == run(theirs) == [np.pi, 0.0, 0.0, 0.0, 0.0, 1.0]
    assert len(memory)
    assert engine


@on_x86_64_linux
def test_what_is_not_understood_is_left_to_llvm() -> None:
    code = llvm.emit(MODULE, Isa.GENERIC)
    for damaged in (b"", code[:60], code[:200], b"MZ" + code[2:], code[:18] + b"\xb7" + code[19:]):  # b7: AArch64
        with pytest.raises(elf.UnknownObject):
            elf.load(damaged, "helio_test")
    with pytest.raises(elf.UnknownObject, match="no function other"):
        elf.load(code, "other")
    missing = MODULE.replace("llvm.memset.p0.i64(ptr, i8, i64, i1)", "of_no_library(ptr, i8, i64, i1)")
    missing = missing.replace("@llvm.memset.p0.i64", "@of_no_library")
    with pytest.raises(elf.UnknownObject, match="of_no_library"):
        elf.load(llvm.emit(missing, Isa.GENERIC), "helio_test")


@on_x86_64_linux
def test_the_system_tells_of_the_same_cpu_as_llvm() -> None:
    assert host_cpu().isa is widest(llvm.host_features()[1])


def test_vector_code_by_what_linux_says() -> None:
    flags = "fpu fma avx2 avx512f avx512bw avx512dq avx512vl avx512_vnni"
    for count, isa in ((8, Isa.VNNI), (7, Isa.AVX512), (6, Isa.AVX2), (2, Isa.GENERIC)):
        text = f"model name\t: A: B\nflags\t\t: {' '.join(flags.split()[:count])}\n\nmodel name\t: other\n"
        cpu = read_cpuinfo(text)
        assert cpu is not None
        assert cpu.isa is isa
        assert "A: B" in cpu.name
        assert "other" not in cpu.name
    assert read_cpuinfo("processor\t: 0\n") is None


RUN = """
import sys
import numpy as np
import heliograph
from heliograph.runtime.engines.fused import elf
if "llvm" in sys.argv:
    def refuse(code, name):
        raise elf.UnknownObject
    elf.load = refuse
rng = np.random.default_rng(0)
x, w = rng.standard_normal((200, 300)).astype("f"), rng.standard_normal((300, 70)).astype("f")
fidelity = sys.argv[1]
gemm = heliograph.OpticalGemm(w, target="awgr8-28g{adc.enob=9}", engine="noisy", fidelity=fidelity, seed=4)
result = gemm(x)
assert (gemm.stats.fused_calls, gemm.stats.fast_calls) == (1, fidelity == "fast")
print("llvmlite.binding" in sys.modules, result.tobytes().hex())
"""


@on_x86_64_linux
@pytest.mark.parametrize("fidelity", ["exact", "fast"])
def test_kernels_on_disk_need_no_llvm(fidelity: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = []
    for arguments in ([], [], ["llvm"]):
        done = subprocess.run(
            [sys.executable, "-c", RUN, fidelity, *arguments], capture_output=True, text=True, check=True
        )
        found.append(done.stdout.split())
    assert [loaded for loaded, _ in found] == ["True", "False", "True"]
    assert len({result for _, result in found}) == 1
