"""Compiles kernels for this CPU through llvmlite."""

from __future__ import annotations

import ctypes
import hashlib
import threading
from collections.abc import Callable, Hashable
from typing import Any

import llvmlite
import llvmlite.binding as llvm

from heliograph.runtime.engines.fused.entry import ENTRY
from heliograph.runtime.engines.fused.kernel import build_module
from heliograph.runtime.engines.fused.lanes import Isa
from heliograph.runtime.engines.fused.objects import ObjectCache
from heliograph.runtime.engines.fused.shape import Shape

Block = Callable[[int, int], None]  # addresses of the 64-bit arguments and of the float32 parameters

_AVX512 = ("avx512f", "avx512bw", "avx512dq", "avx512vl")
_FEATURES = {Isa.AVX2: "+avx2,+fma,+avx,-avx512f", Isa.GENERIC: ""}
_lock = threading.Lock()
_compiled: dict[Hashable, tuple[Any, Block]] = {}


def host_isa() -> Isa:
    """The widest vector code this CPU runs."""
    features = llvm.get_host_cpu_features()
    if all(features.get(f) for f in _AVX512):
        return Isa.VNNI if features.get("avx512vnni") else Isa.AVX512
    return Isa.AVX2 if features.get("avx2") and features.get("fma") else Isa.GENERIC


def compile_block(shape: Shape, cache: ObjectCache | None = None) -> Block:
    """The kernel of that shape, compiled or read from `cache` at first use. Raises RuntimeError where LLVM cannot."""
    return compile_module(shape, shape.isa, lambda: build_module(shape), cache)


def compile_module(shape: Hashable, isa: Isa, build: Callable[[], Any], cache: ObjectCache | None = None) -> Block:
    """The function `ENTRY` of the module that `build` makes for `shape`; see `compile_block`."""
    with _lock:
        if shape not in _compiled:
            engine = _build(str(build()), isa, cache)
            kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
            _compiled[shape] = engine, kind(engine.get_function_address(ENTRY))
        return _compiled[shape][1]


def _build(text: str, isa: Isa, cache: ObjectCache | None) -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = _machine(isa)
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    module.verify()
    key = _key(text, isa)
    code = cache.load(key) if cache else None
    if code is None:
        builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=3))
        builder.getModulePassManager().run(module, builder)
    engine = llvm.create_mcjit_compiler(module, machine)
    if cache:
        engine.set_object_cache(lambda _, made: cache.store(key, bytes(made)), lambda _: code)
    engine.finalize_object()
    return engine


def _key(text: str, isa: Isa) -> str:
    """All that the object code depends on."""
    features = _FEATURES[isa] if isa in _FEATURES else llvm.get_host_cpu_features().flatten()
    versions = (llvmlite.__version__, ".".join(map(str, llvm.llvm_version_info)), llvm.get_default_triple())
    parts = (*versions, llvm.get_host_cpu_name(), features, text)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=20).hexdigest()


def _machine(isa: Isa) -> Any:
    target = llvm.Target.from_default_triple()
    if isa in _FEATURES:
        return target.create_target_machine(cpu="", features=_FEATURES[isa], opt=3, jit=True)
    features = llvm.get_host_cpu_features().flatten() + ",-prefer-256-bit"
    return target.create_target_machine(cpu=llvm.get_host_cpu_name(), features=features, opt=3, jit=True)
