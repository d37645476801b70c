"""The pinned versions are those that pyproject.toml allows."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def pins(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in (ROOT / "requirements" / name).read_text().splitlines():
        if line.startswith("-r "):
            found |= pins(line[3:])
        elif line and not line.startswith("#"):
            package, version = line.split("==")
            found[canonicalize_name(package)] = version
    return found


@pytest.mark.parametrize("name", ["demo.txt", "test.txt"])
def test_pins_satisfy_the_package(name: str) -> None:
    found = pins(name)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for text in [*project["dependencies"], *project["optional-dependencies"]["viz"]]:
        wanted = Requirement(text)
        assert found[canonicalize_name(wanted.name)] in wanted.specifier


def test_tests_install_the_torch_of_the_extra_and_the_demo_none() -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["torch"]
    assert extra == [f"torch=={pins('test.txt')['torch']}"]
    assert "torch" not in pins("demo.txt")
