"""The compact binary form of a module: lossless, deterministic, and safe to read from strangers."""

from heliograph.ir.bytecode.decoder import decode
from heliograph.ir.bytecode.encoder import encode

__all__ = ["decode", "encode"]
