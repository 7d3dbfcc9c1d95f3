"""Installations as earlier schemas left them: what a fixture holds, and how it is looked at.

A fixture is a folder named as the revision of its schema: the statements that make its embedded
database and those that make its database of PostgreSQL, the attachments of both, and the documents
that whoever looked at either was shown. `python -m tests.migration.new_schema_fixture` writes one.
"""

import gzip
import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import anyio
import httpx2
import psycopg
from click.testing import CliRunner

from longshore.assembly import open_longshore
from longshore.cli import program
from longshore.settings import Settings

FIXTURES = Path(__file__).parent / "fixtures"
BYTES_MAX = 330_000  # of one fixture

Documents = dict[str, Any]  # by the command or the path that shows each

_MEDIA_TYPE = "application/vnd.api+json"
_LISTED = ("resource_type", "status", "inputs_size", "processed_count", "errors_count")
_NEWEST = 8  # imports of which everything is looked at
_ENTRIES = 5  # of what happened to one, and of records of which that is looked at
# What depends on where the data folder is and who is alive, or is alike in every document.
_LEFT_OUT = frozenset(("attachment_url", "links", "relationships", "flags", "organization_id"))
_WAITED_FOR = ("id", "inputs_size")
# Since this revision, `rows` shows a change as a pair; before it was an object.
_CHANGES_IN_PAIRS = "0031"


@dataclass(frozen=True, slots=True)
class SchemaFixture:
    """One installation in both kinds of database."""

    folder: Path

    @property
    def revision(self) -> str:
        return self.folder.name

    @property
    def documents(self) -> Documents:
        documents = json.loads(gzip.decompress(self._documents.read_bytes()))
        assert isinstance(documents, dict)
        if self.revision < _CHANGES_IN_PAIRS:
            for name, document in documents.items():
                if name.startswith("rows "):
                    for row in document["data"]:
                        _pair_changes(row)
        return documents

    def write(self, data: Path, *, postgresql: str, documents: Documents) -> None:
        """Make it of a data folder, the statements of the other database, and what both show."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(data / "attachments", self._attachments)
        with closing(sqlite3.connect(data / "longshore.db")) as connection:
            statements = "\n".join(connection.iterdump())
        # Whoever wants to read reads the statements of PostgreSQL; failing tests show the rest.
        self._embedded.write_bytes(gzip.compress(statements.encode(), mtime=0))
        self._postgresql.write_text(postgresql, encoding="utf-8")
        self._documents.write_bytes(gzip.compress(_written(documents).encode(), mtime=0))

    def restore_embedded(self, data: Path) -> None:
        """Make its data folder again."""
        shutil.copytree(self._attachments, data / "attachments")
        with closing(sqlite3.connect(data / "longshore.db")) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(gzip.decompress(self._embedded.read_bytes()).decode())

    def restore_postgresql(self, data: Path, url: str) -> None:
        """Make its data folder again, and fill an empty database."""
        shutil.copytree(self._attachments, data / "attachments")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(self._postgresql.read_bytes())

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())

    @property
    def _attachments(self) -> Path:
        return self.folder / "attachments"

    @property
    def _embedded(self) -> Path:
        return self.folder / "embedded.sql.gz"

    @property
    def _postgresql(self) -> Path:
        return self.folder / "postgresql.sql"

    @property
    def _documents(self) -> Path:
        return self.folder / "documents.json.gz"


def schema_fixtures() -> list[SchemaFixture]:
    """All that there are, the oldest schema first."""
    return [SchemaFixture(folder) for folder in sorted(FIXTURES.iterdir())]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def run(*arguments: object, code: int = 0) -> Ended:
    """Run a command in this process, on the installation that the environment names."""
    result = CliRunner().invoke(program, [*map(str, arguments)], prog_name="longshore")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, (arguments, result.output)
    return Ended(result.exit_code, result.stdout, result.stderr)


def shown(*arguments: object) -> Any:
    """The document that a command writes."""
    return json.loads(run(*arguments, "--json").out)


class Client:
    """Sends requests to the application that serves the installation, without a socket."""

    def __init__(self) -> None:
        self._token = run("token").out.strip()
        self._longshore = open_longshore(Settings.from_environment(os.environ), kind="server")
        self._application = self._longshore.server(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._longshore.close()

    def send(
        self, method: str, path: str, resource: Any = None, *, status: int, key: str | None = None
    ) -> Any:
        """The document of an answer with that status; `key` makes the request one of its own."""
        response = anyio.run(self._exchange, method, path, resource, key)
        assert response.status_code == status, response.text
        return response.json() if response.content else None

    async def _exchange(
        self, method: str, path: str, resource: Any, key: str | None
    ) -> httpx2.Response:
        keyed = {} if key is None else {"Idempotency-Key": key}
        transport = httpx2.ASGITransport(self._application)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000"
        ) as client:
            return await client.request(
                method,
                path,
                headers={
                    "Accept": _MEDIA_TYPE,
                    "Content-Type": _MEDIA_TYPE,
                    "Authorization": f"Bearer {self._token}",
                    **keyed,
                },
                content=None if resource is None else json.dumps({"data": resource}).encode(),
            )


def look() -> Documents:
    """Everything that the installation shows: organizations, records, imports with what became of
    their rows, what happened."""
    documents: Documents = {}
    for command in ("organizations list", "applications list", "imports"):
        documents[command] = shown(*command.split())
    for each in documents["imports"]["data"]:
        each["attributes"] = {name: each["attributes"][name] for name in _LISTED}
        each["meta"] = {}
    newest = [each["id"] for each in documents["imports"]["data"][:_NEWEST]]
    for import_ in newest:
        for command in ("show", "errors", "rows"):
            documents[f"{command} {import_}"] = shown(command, import_)
    if "undos" in program.commands:
        documents["undos"] = shown("undos")
        for each in documents["undos"]["data"]:
            documents[f"kept {each['id']}"] = shown("kept", each["id"])
    for type_ in sorted(each["type"] for each in shown("types", "--all")["data"]):
        records = shown("records", type_)
        if records["data"]:
            documents[f"records {type_}"] = records
    histories = [f"imports/{each}" for each in newest]
    histories += [f"skus/{each['id']}" for each in documents["records skus"]["data"][:_ENTRIES]]
    with Client() as client:
        for path in ("events", *(f"{each}/event_stores" for each in histories)):
            query = f"?page[size]={_ENTRIES}"
            documents[f"GET {path}"] = client.send("GET", f"/api/{path}{query}", status=200)
    return _plain(documents)


def is_told(expected: Any, found: Any) -> bool:
    """Whether a document says all that was expected; it may say more, as a later release does."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            name in found and is_told(value, found[name]) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and len(expected) == len(found)
            and all(map(is_told, expected, found))
        )
    return bool(expected == found)


def _pair_changes(row: dict[str, Any]) -> None:
    """Write what a row has changed, as an older release shows it, in pairs of before and after."""
    for each in (row, *row["further_changes"]):
        each["changes"] = {
            field: [change.get("from"), change.get("to")]
            for field, change in each["changes"].items()
        }


def _plain(value: Any) -> Any:
    """A document without what says nothing about the data."""
    if isinstance(value, dict):
        if waited_for := value.get("waits_for"):
            value |= {"waits_for": {name: waited_for[name] for name in _WAITED_FOR}}
        return {
            name: _plain(each)
            for name, each in value.items()
            if name not in _LEFT_OUT and each is not None
        }
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _written(documents: Documents) -> str:
    """One line for each thing that is shown, so that a difference can be read."""
    lines = []
    for name, document in documents.items():
        data = document.get("data")
        if isinstance(data, list):
            told = ",\n".join(f"  {json.dumps(each, sort_keys=True)}" for each in data)
            rest = json.dumps({key: each for key, each in document.items() if key != "data"})
            written = f'{{"data": [\n{told}\n], {rest[1:]}'.replace(", }", "}")
        else:
            written = json.dumps(document, sort_keys=True)
        lines.append(f"{json.dumps(name)}: {written}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
