"""The text of the IR: MLIR's generic form, printed and parsed without loss at every level."""

from heliograph.ir.text.attributes import attribute_text, type_text
from heliograph.ir.text.compare import difference, same_value, structurally_equal
from heliograph.ir.text.parser import parse_module
from heliograph.ir.text.printer import print_module

__all__ = [
    "attribute_text",
    "difference",
    "parse_module",
    "print_module",
    "same_value",
    "structurally_equal",
    "type_text",
]
