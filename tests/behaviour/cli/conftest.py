"""The program in a data folder of its own, within this process or as a real one."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from longshore.cli import program
from longshore.database import Database
from longshore.settings import Settings
from tests.behaviour.cli.served import Served, serve
from tests.behaviour.conftest import Databases


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
def on_every_database(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lets a test's commands work on each kind of database, by `usefixtures`."""
    settings = databases.settings(tmp_path / "on-every-database")
    monkeypatch.setenv("LONGSHORE_DATABASE_URL", settings.database_url)


@pytest.fixture
def run(data: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in the data folder, in this process."""
    monkeypatch.setenv("LONGSHORE_DATA", str(data))

    return invoke


def invoke(*arguments: object) -> Ended:
    """Run a command in this process."""
    result = CliRunner().invoke(program, [*map(str, arguments)], prog_name="longshore")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


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
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        how = {"stdin": subprocess.DEVNULL, "text": True} | pipes | how
        command = [sys.executable, "-m", "longshore", *map(str, arguments)]
        return subprocess.Popen(command, env={**environ, **(settings or {})}, **how)

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


@pytest.fixture(scope="session")
def served(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that tests share; each has an organization of its own."""
    data = Path(shutil.copytree(migrated, tmp_path_factory.mktemp("served") / "data"))
    with serve(data) as served:
        yield served


@pytest.fixture
def organization() -> str:
    """An organization that no other test uses."""
    return f"org-{secrets.token_hex(8)}"


@pytest.fixture
def at_server(
    served: Served, organization: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    """Imports at the server, with a token of the test's organization."""
    monkeypatch.setenv("LONGSHORE_TOKEN", served.token(organization))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, url: str = served.url) -> Ended:
        ended = invoke("import", *arguments, "--server", url)
        assert not (tmp_path / "longshore-data").exists()
        return ended

    return run


@pytest.fixture
def look_at_server(served: Served, organization: str) -> Run:
    """Runs a command in the server's data folder, in the test's organization."""

    def run(*arguments: object) -> Ended:
        return invoke(*arguments, "--data", served.data, "--organization", organization)

    return run


@pytest.fixture
def category_at_server(at_server: Run, look_at_server: Run, make_file: Callable[..., Path]) -> str:
    """The id of a shipping category with the code MAIN at the server."""
    at_server("shipping_categories", make_file("categories.csv", "name,code\nMain,MAIN\n"))
    (only,) = look_at_server("records", "shipping_categories", "--json").data
    found = only["id"]
    assert isinstance(found, str)
    return found
