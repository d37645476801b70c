"""The wheel holds what the repository holds."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = {"api": "heliograph", **{f: f"heliograph.{f}" for f in ("ir", "backends", "compiler", "runtime")}}
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]


def package_folders() -> dict[str, Path]:
    found = {}
    for folder, name in FOLDERS.items():
        for init in (ROOT / folder).rglob("__init__.py"):
            parts = init.parent.relative_to(ROOT / folder).parts
            found[".".join((name, *parts))] = init.parent
    return found


def test_every_package_is_listed() -> None:
    wanted = sorted(package_folders())
    listing = "".join(f'    "{name}",\n' for name in wanted)
    assert CONFIG["packages"] == wanted, f"pyproject.toml should say\npackages = [\n{listing}]"


def test_every_folder_with_modules_is_a_package() -> None:
    folders = set(package_folders().values())
    for folder in FOLDERS:
        for module in (ROOT / folder).rglob("*.py"):
            assert module.parent in folders, f"{module.parent} has no __init__.py"


def test_every_data_file_is_packed() -> None:
    """setuptools' patterns are relative to a package and do not cross folders."""
    patterns = CONFIG["package-data"]["*"]
    folders = set(package_folders().values())
    for top in FOLDERS:
        for file in (ROOT / top).rglob("*"):
            if not file.is_file() or file.suffix in (".py", ".pyc"):
                continue
            package = next(p for p in file.parents if p in folders)
            parts = file.relative_to(package).parts
            fits = [len(p.split("/")) == len(parts) and all(map(fnmatch, parts, p.split("/"))) for p in patterns]
            assert any(fits), f"{file.relative_to(ROOT)} fits no pattern in package-data"


def test_types_are_published() -> None:
    for folder in FOLDERS:
        assert (ROOT / folder / "py.typed").is_file()
