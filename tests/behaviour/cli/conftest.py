"""The program in a data folder of its own, within this process or as a real one."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from longshore.cli import program
from longshore.database import Database
from longshore.settings import Settings


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which is exactly one JSON document."""
        return json.loads(self.out)

    @property
    def data(self) -> Any:
        return self.json["data"]

    @property
    def facts(self) -> dict[str, str]:
        """The names and values of a report for people."""
        pairs = (line.split("  ", 1) for line in self.out.splitlines() if "  " in line)
        return {name.strip(): value.strip() for name, value in pairs}


Run = Callable[..., Ended]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as the first command leaves it, to be copied."""
    folder = tmp_path_factory.mktemp("cli") / "data"
    Database.open(folder, Settings()).close()
    return folder


@pytest.fixture
def data(migrated: Path, tmp_path: Path) -> Path:
    """A data folder without anything in it."""
    return Path(shutil.copytree(migrated, tmp_path / "data"))


@pytest.fixture
def run(data: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in the data folder, in this process."""
    monkeypatch.setenv("LONGSHORE_DATA", str(data))

    def run(*arguments: object) -> Ended:
        result = CliRunner().invoke(program, [*map(str, arguments)], prog_name="longshore")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def environ(data: Path) -> dict[str, str]:
    """The environment variables of a real process that works in the data folder."""
    # What says how a terminal looks is for each test to say.
    looks = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM")
    inherited = {name: value for name, value in os.environ.items() if name not in looks}
    return {**inherited, "LONGSHORE_DATA": str(data), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def start(environ: dict[str, str]) -> Callable[..., "subprocess.Popen[str]"]:
    """Starts a command as a process; `settings` are further environment variables."""

    def start(*arguments: object, settings: dict[str, str] | None = None, **how: Any) -> Any:
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "text": True} | how
        command = [sys.executable, "-m", "longshore", *map(str, arguments)]
        return subprocess.Popen(
            command, stderr=subprocess.PIPE, env={**environ, **(settings or {})}, **how
        )

    return start


@pytest.fixture
def make_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file: a text, or rows of cells as CSV."""

    def make_file(name: str, content: str | bytes | Sequence[Sequence[object]]) -> Path:
        path = tmp_path / name
        if isinstance(content, str):
            content = content.encode()
        elif not isinstance(content, bytes):
            content = "".join(",".join(map(str, row)) + "\n" for row in content).encode()
        path.write_bytes(content)
        return path

    return make_file


@pytest.fixture
def category(run: Run, make_file: Callable[..., Path]) -> str:
    """The id of a shipping category with the code MAIN, for SKUs to have."""
    run("import", "shipping_categories", make_file("categories.csv", "name,code\nMain,MAIN\n"))
    (only,) = run("records", "shipping_categories", "--json").data
    found = only["id"]
    assert isinstance(found, str)
    return found
