"""Arrows point down: api -> compiler, runtime -> backends -> ir; compiler and runtime never import each other.

Every import counts, wherever it stands: at the top, inside a function, under TYPE_CHECKING, or by `import_module`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_IMPORT = {
    "ir": {"ir"},
    "backends": {"backends", "ir"},
    "compiler": {"compiler", "backends", "ir"},
    "runtime": {"runtime", "backends", "ir"},
    "api": {"api", "compiler", "runtime", "backends", "ir"},
}


def part_of(module: str) -> str:
    head = module.split(".")[1] if "." in module else ""
    return head if head in MAY_IMPORT else "api"


def imports(tree: ast.AST, names: set[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative imports hide where they point"
            for (
                alias
            ) in node.names:  # `from heliograph import ir` imports a part, `from heliograph import load` the api
                whole = f"{node.module}.{alias.name}"
                yield node.lineno, whole if node.module == "heliograph" and alias.name in names else str(node.module)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called in ("import_module", "__import__") and node.args and isinstance(node.args[0], ast.Constant):
                yield node.lineno, str(node.args[0].value)


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_arrows_point_down(part: str) -> None:
    wrong = []
    for file in sorted((ROOT / part).rglob("*.py")):
        for line, module in imports(ast.parse(file.read_text("utf-8")), set(MAY_IMPORT)):
            if module.split(".")[0] == "heliograph" and part_of(module) not in MAY_IMPORT[part]:
                wrong.append(f"{file.relative_to(ROOT)}:{line} imports {module}")
    assert not wrong, "\n".join(wrong)


def test_the_test_sees_imports_everywhere() -> None:
    text = """
def f():
    from heliograph.compiler import x
if TYPE_CHECKING:
    import heliograph.runtime
import heliograph
"""
    found = [part_of(m) for _, m in imports(ast.parse(text), set(MAY_IMPORT))]
    assert sorted(found) == ["api", "compiler", "runtime"]
