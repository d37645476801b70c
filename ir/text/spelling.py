"""How names, strings and numbers are spelled, both ways.

MLIR and xDSL must read what we write. String attributes escape everything outside printable ASCII as ``\\XX`` bytes,
as MLIR prints them. xDSL takes no such bytes in names (symbols, keys, locations), so names keep UTF-8 letters.
"""

from __future__ import annotations

import re
import struct

from heliograph.ir.diagnostics import error

SCALAR = r"(?:complex<(?:[bt]?f|[su]?i)[0-9]+>|[bt]?f[0-9]+(?:E[0-9]+M[0-9]+[A-Z]*)?|[su]?i[0-9]+|index|none)"
KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_$.]*")
_ATTRIBUTE_ESCAPES = re.compile(r"[^ !#-\[\]-~]")
_NAME_ESCAPES = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]')
_ESCAPED = re.compile(rb'\\([0-9A-Fa-f]{2}|["\\nt])')
_SHORT = {b'"': b'"', b"\\": b"\\", b"n": b"\n", b"t": b"\t"}


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    if char in '"\\':
        return "\\" + char
    try:
        return "".join(f"\\{byte:02X}" for byte in char.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        raise error("HG1102", f"a string holds U+{ord(char):04X}, half of a surrogate pair") from None


def quote(text: str) -> str:
    """A string attribute: printable ASCII, the rest as escaped UTF-8 bytes."""
    return f'"{_ATTRIBUTE_ESCAPES.sub(_escape, text)}"'


def quote_name(text: str) -> str:
    """A name (symbol, key, location, op): letters of any script stay readable."""
    return f'"{_NAME_ESCAPES.sub(_escape, text)}"'


def unquote(literal: str) -> str:
    """The string that a quoted literal stands for. Raises ValueError on a wrong escape."""
    inner = literal[1:-1]
    if "\\" not in inner:
        return inner
    raw = inner.encode("utf-8", "surrogateescape")
    if b"\\" in _ESCAPED.sub(b"", raw):
        raise ValueError('a backslash is followed by \\, ", n, t or two hex digits')
    return _ESCAPED.sub(lambda m: _SHORT.get(m[1]) or bytes.fromhex(m[1].decode()), raw).decode(
        "utf-8", "surrogateescape"
    )


def key(name: str) -> str:
    """A dictionary key, quoted when it is no bare identifier."""
    return name if KEY.fullmatch(name) else quote_name(name)


def symbol(name: str) -> str:
    """A symbol reference."""
    return "@" + key(name)


def float_text(value: float) -> str:
    """The shortest decimal that reads back to the same double; infinities and NaNs as their bits."""
    if value != value or value in (float("inf"), float("-inf")):
        return f"0x{struct.pack('>d', value).hex().upper()} : f64"
    text = repr(value)
    if "." in text:
        return text
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}.0e{exponent}"


def float_from_bits(text: str, kind: str) -> float:
    """The float whose bits a hex literal gives. Raises ValueError when the width does not fit."""
    formats = {"f64": ">d", "f32": ">f", "f16": ">e"}
    if kind not in formats:
        raise ValueError(f"the bits of a {kind} are not read; write f64")
    size = struct.calcsize(formats[kind])
    value: float = struct.unpack(formats[kind], int(text, 16).to_bytes(size, "big"))[0]
    return value


def int_text(value: int) -> str:
    """A bare integer; beyond 64 bits with a type that is wide enough."""
    if -(2**63) <= value < 2**63:
        return str(value)
    width = 128
    while not -(2 ** (width - 1)) <= value < 2 ** (width - 1):
        width *= 2
    return f"{value} : i{width}"
