"""Puts object code into memory without LLVM, which takes 50 MiB to load and start.

What LLVM emits for a kernel is understood: ELF for x86-64 whose only relocations are absolute addresses, of constants
of the code and of functions of the C library (memset). The System V ABI and its supplement for AMD64 define the format.
"""

from __future__ import annotations

import ctypes
import mmap
import struct
from typing import NamedTuple

_X86_64_RELOCATABLE = b"\x7fELF\x02\x01\x01"  # 64 bits, little endian
_RELOCATABLE, _X86_64 = 1, 62
_SYMBOLS, _RELOCATIONS, _NO_BITS, _RELOCATIONS_WITHOUT_ADDEND = 2, 4, 8, 9
_IN_MEMORY = 2  # flag of a section
_ABSOLUTE_64 = 1  # R_X86_64_64
_UNDEFINED = 0  # number of a section


class UnknownObject(Exception):
    """Object code of another kind, or a system that does not let us run it: LLVM has to load it."""


class _Section(NamedTuple):
    name: int
    kind: int
    flags: int
    address: int
    offset: int
    size: int
    link: int
    info: int
    align: int
    entry_size: int


class _Symbol(NamedTuple):
    name: int
    info: int
    other: int
    section: int
    value: int
    size: int


def load(code: bytes, name: str) -> tuple[mmap.mmap, int]:
    """The memory that the code lies in, and the address of its function `name`. Raises UnknownObject."""
    try:
        return _load(code, name)
    except (struct.error, IndexError, ValueError, OSError) as problem:
        raise UnknownObject(str(problem)) from problem


def _load(code: bytes, name: str) -> tuple[mmap.mmap, int]:
    sections = _sections(code)
    places, size = _places(sections)
    tables = [s for s in sections if s.kind == _SYMBOLS]
    if len(tables) != 1:
        raise UnknownObject("no table of symbols")
    symbols = [_Symbol._make(fields) for fields in struct.iter_unpack("<IBBHQQ", _content(code, tables[0]))]
    names = _content(code, sections[tables[0].link])
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    base = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    addresses = [_address(symbol, names, places, base) for symbol in symbols]
    for number, place in places.items():
        if sections[number].kind != _NO_BITS:
            memory[place : place + sections[number].size] = _content(code, sections[number])
    for section in sections:
        if section.kind in (_RELOCATIONS, _RELOCATIONS_WITHOUT_ADDEND) and section.info in places:
            _relocate(memory, places[section.info], code, section, addresses)
    if _c_library().mprotect(ctypes.c_void_p(base), ctypes.c_size_t(size), mmap.PROT_READ | mmap.PROT_EXEC):
        raise UnknownObject("memory that was written may not be run")
    wanted = name.encode()
    found = [a for s, a in zip(symbols, addresses, strict=True) if a is not None and _text(names, s.name) == wanted]
    if len(found) != 1:
        raise UnknownObject(f"no function {name}")
    return memory, found[0]


def _sections(code: bytes) -> list[_Section]:
    if not code.startswith(_X86_64_RELOCATABLE) or struct.unpack_from("<HH", code, 16) != (_RELOCATABLE, _X86_64):
        raise UnknownObject("not ELF for x86-64")
    (start,) = struct.unpack_from("<Q", code, 40)
    entry_size, count = struct.unpack_from("<HH", code, 58)
    return [_Section._make(struct.unpack_from("<IIQQQQIIQQ", code, start + i * entry_size)) for i in range(count)]


def _places(sections: list[_Section]) -> tuple[dict[int, int], int]:
    """Where in memory the sections lie that are loaded, by number; and the size of all."""
    places: dict[int, int] = {}
    end = 0
    for number, section in enumerate(sections):
        if section.flags & _IN_MEMORY and section.size:
            places[number] = end = -(-end // max(section.align, 1)) * max(section.align, 1)
            end += section.size
    return places, end


def _content(code: bytes, section: _Section) -> bytes:
    return code[section.offset : section.offset + section.size]


def _text(names: bytes, start: int) -> bytes:
    return names[start : names.index(b"\0", start)]


def _address(symbol: _Symbol, names: bytes, places: dict[int, int], base: int) -> int | None:
    """Where a symbol lies; None for what no code refers to: names of files and of sections that are not loaded."""
    if symbol.section != _UNDEFINED:
        return base + places[symbol.section] + symbol.value if symbol.section in places else None
    name = _text(names, symbol.name).decode()
    if not name:
        return None
    try:
        return ctypes.cast(getattr(_c_library(), name), ctypes.c_void_p).value
    except AttributeError:
        raise UnknownObject(f"no function {name} in the C library") from None


def _relocate(memory: mmap.mmap, place: int, code: bytes, section: _Section, addresses: list[int | None]) -> None:
    if section.kind != _RELOCATIONS:
        raise UnknownObject("relocations without addends")
    for offset, info, addend in struct.iter_unpack("<QQq", _content(code, section)):
        target = addresses[info >> 32]
        if info & 0xFFFFFFFF != _ABSOLUTE_64 or target is None:
            raise UnknownObject(f"a relocation of kind {info & 0xFFFFFFFF}")
        struct.pack_into("<Q", memory, place + offset, target + addend)


def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL(None)
