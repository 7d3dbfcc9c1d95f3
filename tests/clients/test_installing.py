"""A machine needs neither node nor a particular registry to come to the same clients."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.clients.installing import FOLDER, LOCK_FILE, MODULES, Node, find_node


def test_a_machine_without_node_uses_the_one_of_the_requirements(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = find_node()
    for command, expected in ((found.node, r"v2[0-9]\."), (found.npm, r"1[0-9]\.")):
        version = subprocess.run(
            [*command, "--version"], capture_output=True, text=True, check=True
        ).stdout
        assert re.match(expected, version)


def test_a_machine_whose_node_is_too_old_uses_the_one_of_the_requirements(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v18.20.0\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert str(tmp_path) not in find_node().node[0]


def test_the_lock_file_names_no_registry() -> None:
    locked = json.loads(LOCK_FILE.read_text("utf-8"))
    packages = [package for name, package in locked["packages"].items() if name]
    assert len(packages) > 100
    for package in packages:
        assert "resolved" not in package
        assert package["integrity"].startswith("sha512-")
    assert "://registry." not in LOCK_FILE.read_text("utf-8")


def test_the_clients_are_installed_at_exactly_the_versions_that_are_asked_for(node: Node) -> None:
    wanted = json.loads((FOLDER / "package.json").read_text("utf-8"))["dependencies"]
    for name, version in wanted.items():
        installed = json.loads((MODULES / name / "package.json").read_text("utf-8"))
        assert installed["version"] == version
