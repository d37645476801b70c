"""Internal errors: a folder with everything needed to report them, and one message."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import traceback
from pathlib import Path

PACKAGES = ("heliograph", "numpy", "onnx", "onnx-ir", "onnxscript", "onnxruntime")


def report_bug(problem: Exception, arguments: list[str]) -> int:
    """Write the reproducer, say where it lies, return exit code 70."""
    from heliograph.cli.console import print_diagnostics
    from heliograph.ir.diagnostics import Diagnostic

    message = _message(problem)
    try:
        folder = _write_reproducer(problem, arguments)
        remedy = f"this is a defect in Heliograph; please report it with the folder {folder}"
    except OSError as trouble:
        remedy = f"this is a defect in Heliograph; no reproducer could be written ({trouble.strerror})"
    print_diagnostics((Diagnostic("HG9001", message, remedy=remedy),))
    return 70


def _message(problem: Exception) -> str:
    found = next((d for d in getattr(problem, "diagnostics", ()) if d.code == "HG9001"), None)
    if found is not None:
        return f"{found.message} (at '{found.node}')" if found.node else str(found.message)
    return f"{type(problem).__name__}: {_first_line(problem)}"


def _first_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or ["no message"])[0][:300]


def _write_reproducer(problem: Exception, arguments: list[str]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="heliograph-bug-"))
    text = "".join(traceback.format_exception(problem))
    (folder / "traceback.txt").write_text(text, "utf-8")
    facts = {
        "arguments": arguments,
        "folder": os.getcwd(),
        "files": _files(arguments),
        "python": sys.version,
        "platform": platform.platform(),
        "packages": _versions(),
    }
    (folder / "command.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    return folder


def _files(arguments: list[str]) -> dict[str, int]:
    """Files that the command line names, with their sizes: what to attach to the report."""
    found = {}
    for argument in arguments:
        path = Path(argument.rpartition("@")[2] if "=@" in argument else argument)
        try:
            if path.is_file():
                found[str(path.resolve())] = path.stat().st_size
        except (OSError, ValueError):
            continue
    return found


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "absent"
    return versions
