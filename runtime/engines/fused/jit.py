"""Compiles kernels for this CPU through llvmlite, or takes them from disk, and then does without LLVM."""

from __future__ import annotations

import ctypes
import hashlib
import threading
from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import llvmlite

import heliograph.ir
import heliograph.runtime
from heliograph.runtime.engines.fused import elf
from heliograph.runtime.engines.fused.cpu import host_cpu
from heliograph.runtime.engines.fused.entry import ENTRY
from heliograph.runtime.engines.fused.kernel import build_module
from heliograph.runtime.engines.fused.lanes import Isa
from heliograph.runtime.engines.fused.objects import ObjectCache
from heliograph.runtime.engines.fused.shape import Shape

Block = Callable[[int, int], None]  # addresses of the 64-bit arguments and of the float32 parameters

_lock = threading.Lock()
_compiled: dict[Hashable, tuple[Any, Block]] = {}


def host_isa() -> Isa:
    """The widest vector code this CPU runs."""
    return host_cpu().isa


def compile_block(shape: Shape, cache: ObjectCache | None = None) -> Block:
    """The kernel of that shape, compiled or read from `cache` at first use. Raises RuntimeError where LLVM cannot."""
    return compile_module(shape, shape.isa, lambda: build_module(shape), cache)


def compile_module(shape: Hashable, isa: Isa, build: Callable[[], Any], cache: ObjectCache | None = None) -> Block:
    """The function `ENTRY` of the module that `build` makes for `shape`; see `compile_block`.

    What `build` makes may depend on nothing but `shape`, as `repr` spells it, and the sources of this package.
    """
    with _lock:
        if shape not in _compiled:
            keeper, address = _load(_object_code(shape, isa, build, cache), isa)
            _compiled[shape] = keeper, ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(address)
        return _compiled[shape][1]


def _object_code(shape: Hashable, isa: Isa, build: Callable[[], Any], cache: ObjectCache | None) -> bytes:
    sources = _sources()
    if cache is None or not sources:
        return _emit(build, isa)
    key = _key(shape, sources)
    code = cache.load(key)
    if code is None:
        code = _emit(build, isa)
        cache.store(key, code)
    return code


def _emit(build: Callable[[], Any], isa: Isa) -> bytes:
    code: bytes = _llvm().emit(str(build()), isa)
    return code


def _load(code: bytes, isa: Isa) -> tuple[Any, int]:
    """What keeps the code in memory, and the address of its function."""
    try:
        return elf.load(code, ENTRY)
    except elf.UnknownObject:
        keeper, address = _llvm().load(code, ENTRY, isa)
        return keeper, address


def _llvm() -> ModuleType:
    """LLVM, which takes 40 MiB as soon as it is imported: kernels on disk do without it. Raises RuntimeError."""
    try:
        from heliograph.runtime.engines.fused import llvm
    except (ImportError, OSError) as problem:
        raise RuntimeError(f"LLVM cannot be loaded: {problem}") from problem
    return llvm


def _key(shape: Hashable, sources: str) -> str:
    """All that the object code depends on."""
    parts = (llvmlite.__version__, host_cpu().name, sources, type(shape).__module__, repr(shape))
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=20).hexdigest()


@cache
def _sources() -> str:
    """A hash of the code that builds kernels and of what it takes constants from; empty where there are no sources."""
    folders = (Path(str(package.__file__)).parent for package in (heliograph.ir, heliograph.runtime))
    files = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    found = hashlib.blake2b(digest_size=20)
    for path in files:
        found.update(path.read_bytes())
    return found.hexdigest() if files else ""
