"""Bounds that keep a hostile or broken file from exhausting memory or the stack."""

MAX_TEXT = 64 * 1024 * 1024  # characters of a dump
MAX_ALIASES = 4 * 1024 * 1024  # characters that aliases used in aliases stand for
MAX_TERMS = 1 << 22  # terms of all sums together
MAX_BRACKETS = 256  # nested ( [ { < in a dump; above 4 * MAX_NESTING, so what prints also parses
MAX_NESTING = 60  # nested regions, and nested attribute values, that text and bytecode carry
