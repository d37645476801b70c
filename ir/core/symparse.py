"""Reads the text of a symbolic expression, e.g. ``2*batch*ceildiv(s, 8) - 1``.

The text may come from a file (an IR dump, an ONNX dim_param), so it is bounded and walked, never evaluated.
"""

from __future__ import annotations

import ast

from heliograph.ir.core.sym import SymExpr, sym

_MAX_CHARACTERS = 4096
_CALLS = ("ceildiv", "floordiv", "mod", "max", "min")


def parse_expr(text: str) -> SymExpr:
    """Parse an expression of integers, names, + - * // % and ceildiv/floordiv/mod/max/min.

    Raises ValueError with the offending text.
    """
    if len(text) > _MAX_CHARACTERS:
        raise ValueError(f"expression of {len(text)} characters (limit {_MAX_CHARACTERS})")
    try:
        return _walk(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError) as problem:
        raise ValueError(f"'{text}' is not a size expression") from problem


def _walk(node: ast.expr) -> SymExpr:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return sym(node.value)
    if isinstance(node, ast.Name):
        return sym(node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_walk(node.operand)
    if isinstance(node, ast.BinOp):
        left, right = _walk(node.left), _walk(node.right)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.FloorDiv | ast.Div):
            return left // right
        if isinstance(node.op, ast.Mod):
            return left % right
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        name, args = node.func.id.lower(), [_walk(a) for a in node.args]
        if name in _CALLS and len(args) == 2:
            left, right = args
            if name == "floordiv":
                return left // right
            if name == "mod":
                return left % right
            if name == "ceildiv":
                return left.ceildiv(right)
            return left.max(right) if name == "max" else left.min(right)
    raise ValueError(f"'{ast.unparse(node)}' is not a size expression")
