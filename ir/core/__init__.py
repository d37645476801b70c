"""The data structures of the IR: types, symbolic sizes, attributes, values, ops, regions."""

from heliograph.ir.core.attributes import (
    Attribute,
    AttributeValue,
    DenseArray,
    SymbolRef,
    UnknownAttribute,
    dialect_attribute,
    registered_attribute,
)
from heliograph.ir.core.evaluator import Evaluator
from heliograph.ir.core.ops import Block, Op, Region, Value, walk
from heliograph.ir.core.sym import SymExpr, sym
from heliograph.ir.core.types import DialectType, FunctionType, ScalarType, TensorType, Type

__all__ = [
    "Attribute",
    "AttributeValue",
    "Block",
    "DenseArray",
    "DialectType",
    "Evaluator",
    "FunctionType",
    "Op",
    "Region",
    "ScalarType",
    "SymExpr",
    "SymbolRef",
    "TensorType",
    "Type",
    "UnknownAttribute",
    "Value",
    "dialect_attribute",
    "registered_attribute",
    "sym",
    "walk",
]
