"""The levels of the IR: which ops each allows where, and the verifier that holds a module to them."""

from heliograph.ir.levels.onnx_ops import EXTENSIONS
from heliograph.ir.levels.rules import LEVELS, level_of
from heliograph.ir.levels.verifier import check, verify

__all__ = ["EXTENSIONS", "LEVELS", "check", "level_of", "verify"]
