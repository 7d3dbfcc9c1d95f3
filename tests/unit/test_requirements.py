"""The locked requirements follow pyproject.toml and name no package index.

`make lock-check` compares them exactly, but needs a package index; these tests need nothing.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)", re.MULTILINE)


def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return table["project"]


def locked(file: str) -> dict[str, str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return {canonicalize_name(pin["name"]): pin["version"] for pin in PIN.finditer(text)}


def unlocked(requirements: list[str], file: str) -> list[str]:
    """The requirements that the file leaves out or pins to a version that they do not allow."""
    pins = locked(file)
    return [
        text
        for text in requirements
        for requirement in [Requirement(text)]
        if not requirement.specifier.contains(pins.get(canonicalize_name(requirement.name), "0"))
    ]


def test_running_lock_holds_every_dependency() -> None:
    assert unlocked(project()["dependencies"], "requirements.txt") == []


def test_developing_lock_holds_every_dependency_and_development_tool() -> None:
    wanted = project()["dependencies"] + project()["optional-dependencies"]["dev"]
    assert unlocked(wanted, "requirements-dev.txt") == []


def test_developing_lock_pins_what_the_running_lock_pins() -> None:
    running, developing = locked("requirements.txt"), locked("requirements-dev.txt")
    assert running.items() <= developing.items()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_lock_hashes_every_pin_and_names_no_index(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=\S+==)", text, flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"^.*(?:://|--index|--find-links|--trusted-host).*$", text, re.M) == []
