"""The layout of the bytes.

    header    magic "HGIR", version u16, CRC-32 of all that follows, byte lengths of the three sections (u32 each)
    strings   msgpack array of binary strings (UTF-8), each once
    floats    little-endian doubles, each bit pattern once
    stream    msgpack array of integers: the table of types and attributes, then the op tree

An entry of the table is a tag and its fields; it refers to earlier entries only, so equal values are stored once and
reading needs no recursion. Ops refer to values by number, in the order of their definition.
"""

from __future__ import annotations

import struct
from enum import IntEnum

MAGIC = b"HGIR"
VERSION = 2
HEADER = struct.Struct("<4sHIIII")
MAX_BYTES = 1 << 30
LONG_EXPR = 256  # characters above which an expression is stored in parts
MAX_WEIGHT = 1 << 22  # size of an entry with everything it refers to, counted without sharing


class Tag(IntEnum):
    """What an entry of the table is; fields follow in the stream."""

    FALSE = 0
    TRUE = 1
    INT = 2  # value
    BIG_INT = 3  # string (hexadecimal)
    FLOAT = 4  # float
    STRING = 5  # string
    EXPR = 6  # string
    SYMBOL = 7  # string
    DENSE = 8  # string, count, integers
    DENSE_FLOATS = 9  # string, count, floats
    DENSE_MIXED = 10  # string, entry (a tuple)
    TUPLE = 11  # count, entries
    DICT = 12  # count, (string, entry) pairs
    ATTRIBUTE = 13  # string, count, (string, entry) pairs
    UNKNOWN = 14  # string, count, entries, count, (string, entry) pairs
    SCALAR = 15  # string
    TENSOR = 16  # entry, rank + 1 or 0, per dimension an entry + 1 or 0
    DIALECT_TYPE = 17  # string, count, entries
    FUNCTION = 18  # count, entries, count, entries
    SUM = 19  # two entries (expressions); times of a schedule differ in few terms from the one before
    PRODUCT = 20  # two entries (expressions of one term each)
    APPLY = 21  # string (ceildiv, ...), two entries (expressions)
