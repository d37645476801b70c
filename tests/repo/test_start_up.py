"""Starting the command line is quick: counted in modules, which does not depend on the machine."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = (
    "numpy",
    "onnx",
    "onnxruntime",
    "onnx_ir",
    "onnxscript",
    "torch",
    "rich",
    "lark",
    "msgspec",
    "sympy",
    "ml_dtypes",
)


def modules_after(code: str) -> set[str]:
    """Top-level names of what is imported once `code` has run in a fresh interpreter."""
    script = f"import sys, json\n{code}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["explain", "HG1203"], ["compile", "--help"]])
def test_start_imports_little(arguments: list[str]) -> None:
    found = modules_after(f"from heliograph.cli import entry\nassert entry({arguments!r}) == 0")
    assert not found & set(HEAVY)
    ours = {name for name in found if name.startswith("heliograph")}
    assert len(ours) <= 20
    assert len(found) <= 300


def test_importing_the_package_imports_nothing_else() -> None:
    found = modules_after("import heliograph")
    assert {name for name in found if name.startswith("heliograph")} == {"heliograph"}
    assert not found & set(HEAVY)
