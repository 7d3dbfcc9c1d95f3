"""Write the fixture of the newest schema: a small installation with something of every kind.

    make schema-fixture

Every issue ends with it, and a fixture of a schema that was released is never written again: the
tests upgrade each. It is the same whenever it is made, because clock and chance are substituted
(and the make target names the seed of hashes); its secrets are what this chance gives everybody.

With an older release's source in PYTHONPATH it is the fixture of the older schema.
"""

import io
import json
import os
import random
import re
import secrets
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

import psycopg

from longshore.cli import program
from longshore.database.migrating import revisions
from tests.migration.schema_fixture import (
    BYTES_MAX,
    FIXTURES,
    Client,
    SchemaFixture,
    look,
    run,
    shown,
)
from tests.postgresql import PostgresServer

_BEGINS = 1_767_603_600_000  # milliseconds since 1970
_STEP = 60_000  # from one step to the next

_NEEDED = re.compile(r"longshore template (\w+)")
_ROWS = 18  # of an import of SKUs
_CHUNK_ROWS = 6
_CHUNKS_UNTIL_DEATH = 2

# Whoever looks at an installation over HTTP signs tokens, with a key that chance did not give.
_NO_KEYS = "DELETE FROM signing_keys"
# Where it was made is nobody's business, and a column's default time is the server's own.
_TIDIED = f"""
    {_NO_KEYS};
    UPDATE processes SET host = 'harbour', machine = 'harbour', pid = 4711,
        attachments = '/srv/longshore/attachments';
    UPDATE procrastinate_events SET at = '2026-01-05T10:00:00Z';
"""


class Moments:
    """The clock and the chance of each step, in this process and on a server."""

    def __init__(self) -> None:
        self._chance = random.Random()
        self._server: str | None = None  # address of the database that tells the time
        self.at(0)

    def at(self, step: int) -> None:
        """Be at a step: the time stands still in it, and chance gives what it always gives."""
        self._now = _BEGINS + step * _STEP
        self._chance.seed(step)
        if self._server is not None:
            _set_clock(self._server, self._now)

    @contextmanager
    def substituted(self) -> Iterator[None]:
        """Let this process ask for time and chance here."""
        chance = self._chance
        with (
            patch.object(time, "time_ns", lambda: self._now * 1_000_000),
            patch.object(secrets, "token_bytes", chance.randbytes),
            patch.object(secrets, "token_hex", lambda size: chance.randbytes(size).hex()),
            patch.object(secrets, "randbelow", chance.randrange),
            patch.object(secrets, "choice", chance.choice),
        ):
            yield

    @contextmanager
    def on_server(self, url: str) -> Iterator[None]:
        """Let the statements of a database, which is the server's own one, do so too."""
        self._server = url
        # What the system has is found first, where the path does not say otherwise.
        _execute(url, "ALTER DATABASE postgres SET search_path = public, pg_catalog")
        _set_clock(url, self._now)
        yield
        _execute(url, "ALTER DATABASE postgres RESET search_path")
        _execute(url, "DROP FUNCTION public.clock_timestamp(), public.now()")
        self._server = None


def make_fixture(folder: Path) -> SchemaFixture:
    """The fixture of this schema, among all fixtures; `folder` is for what is made on the way."""
    moments = Moments()
    embedded, shared = folder / "embedded", folder / "shared"
    server = PostgresServer()
    try:
        with moments.substituted():
            with _installation(embedded):
                _fill(moments, folder)
            with _installation(shared, server.url()):
                run("migrate")
                with moments.on_server(server.url()):
                    run("copy", "--from", embedded, "--to", server.url())
                    _leave_unfinished(moments, folder)
                    documents = look()
            with _installation(embedded):
                _leave_unfinished(moments, folder)
                assert look() == documents, "the databases show different things"
        _execute(server.url(), _TIDIED)
        with closing(sqlite3.connect(embedded / "longshore.db")) as connection, connection:
            connection.execute(_NO_KEYS)
        fixture = SchemaFixture(FIXTURES / revisions()[-1])
        fixture.write(embedded, postgresql=server.dump("postgres"), documents=documents)
    finally:
        server.close()
    assert fixture.size < BYTES_MAX, f"{fixture.size:,} bytes are too many for what is looked at"
    return fixture


@contextmanager
def _installation(data: Path, url: str = "") -> Iterator[None]:
    """Let commands of this process work there."""
    variables = {
        "LONGSHORE_DATA": str(data),
        "LONGSHORE_DATABASE_URL": url,
        "LONGSHORE_CHUNK_ROWS": str(_CHUNK_ROWS),
        "LONGSHORE_CHUNK_ROWS_FIRST": str(_CHUNK_ROWS),
        "LONGSHORE_LOG_LEVEL": "error",
    }
    with patch.dict(os.environ, variables):
        yield


def _fill(moments: Moments, folder: Path) -> None:
    """Organizations, applications, records of many types, imports that ended in every way, and
    changes that no import made."""
    moments.at(1)
    run("organizations", "create", "default")
    run("organizations", "create", "acme")
    for kind in ("sales_channel", "webapp", "cli", "imports"):
        run("applications", "create", "--kind", kind)
    moments.at(2)
    _import_examples(folder)
    moments.at(3)
    run("import", "skus", _file(folder, _skus("Cap", bad=True)), "--skip-errors", code=1)
    failed = shown("imports")["data"][0]["id"]
    moments.at(4)
    run("import", "skus", _file(folder, _skus("Hat")))
    moments.at(5)
    run("import", "skus", _file(folder, _skus("Bonnet", bad=True)), code=1)
    moments.at(6)
    run("import", "tags", _file(folder, [{"name": "hidden"}]))
    run("delete", shown("imports")["data"][0]["id"])
    moments.at(7)
    run("import", "tags", _file(folder, [{"name": "elsewhere"}]), "--organization", "acme")
    moments.at(8)
    first = shown("records", "skus")["data"][0]["id"]
    changed = {"type": "skus", "id": first, "attributes": {"name": "Beret", "weight": 12.5}}
    (hidden,) = (
        each["id"] for each in shown("records", "tags", "--filter", "name_eq=hidden")["data"]
    )
    with Client() as client:
        client.send("PATCH", f"/api/skus/{first}", changed, status=200)
        client.send("DELETE", f"/api/tags/{hidden}", status=204)
        moments.at(9)
        client.send("POST", "/api/imports", _submission([{"name": "never"}]), status=201)
    run("interrupt", shown("imports")["data"][0]["id"])
    if "retry" in program.commands:
        _mend_and_repeat(moments, folder, failed)
    if "undo" in program.commands:
        _foretell_and_take_back(moments, folder)
    if "groups" in program.commands:
        _import_together(moments, folder)


def _mend_and_repeat(moments: Moments, folder: Path, failed: str) -> None:
    """A retry of a failed import, one that a rule stopped, and a request with a key."""
    moments.at(10)
    run("retry", failed, "--set", "weight=2.5", code=1)
    moments.at(11)
    rows = _file(folder, _skus("Hood", bad=True))
    run("import", "skus", rows, "--stop-after", "2", "--only", "update", code=1)
    moments.at(12)
    with Client() as client:
        keyed = {"type": "tags", "attributes": {"name": "keyed"}}
        client.send("POST", "/api/tags", keyed, status=201, key="fixture")


def _foretell_and_take_back(moments: Moments, folder: Path) -> None:
    """A plan, an import that applies it, one that is all or nothing, and undos."""
    moments.at(13)
    rows = _file(folder, _skus("Veil"))
    plan = shown("plan", "skus", rows)["data"]["id"]
    moments.at(14)
    applied = shown("apply", plan)["data"]["id"]
    moments.at(15)
    rows = _file(folder, _skus("Crown", bad=True))
    run("import", "skus", rows, "--all-or-nothing", code=1)
    moments.at(16)
    undo = shown("undo", applied)["data"]["id"]
    moments.at(17)
    run("undo", undo)


def _import_together(moments: Moments, folder: Path) -> None:
    """A group of two types, one of whose rows fails because another does, and its undo."""
    moments.at(18)
    shop = {
        "skus": [*_skus("Sash")[:5], {"code": "BAD", "name": "Bad", "weight": "heavy"}],
        "stock_items": [{"sku_code": "BAD", "quantity": 1}],
    }
    file = folder / "shop.json"
    file.write_text(json.dumps(shop), encoding="utf-8")
    group = json.loads(run("import", file, "--skip-errors", "--json", code=1).out)["data"]["id"]
    moments.at(19)
    run("undo", group)


def _import_examples(folder: Path) -> None:
    """The example file of each type that people import first, and of those that they need."""
    wanted = [each["type"] for each in shown("types")["data"]]
    made: set[str] = set()
    while wanted:
        type_ = wanted.pop()
        template = run("template", type_, "--format", "json")
        needed = [type_ for type_ in _NEEDED.findall(template.err) if type_ not in made]
        if needed:
            wanted += [type_, *needed]
        elif type_ not in made:
            file = folder / f"{type_}.json"
            file.write_text(template.out, encoding="utf-8")
            run("import", type_, file)
            made.add(type_)


def _leave_unfinished(moments: Moments, folder: Path) -> None:
    """An import whose process was killed, and two that wait, one of them for it."""
    moments.at(13)
    source = _file(folder, _skus("Cap", first=9))
    _killed("import", "skus", str(source), "--verbose")
    moments.at(14)
    with Client() as client:
        for resource_type, inputs in (
            ("skus", _skus("Hat", first=9)),
            ("customers", [{"email": "a@example.com"}]),
        ):
            submission = _submission(inputs, resource_type=resource_type)
            client.send("POST", "/api/imports", submission, status=201)


def _killed(*arguments: str) -> None:
    """Run a command until it has told of so many chunks, and kill it then."""
    child = os.fork()
    if not child:
        _die(arguments)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL, status


def _die(arguments: Sequence[str]) -> NoReturn:
    with suppress(BaseException):
        os.environ["LONGSHORE_LOG_LEVEL"] = "debug"
        sys.stderr = _Deadly()
        program.main([*arguments], prog_name="longshore")
    os._exit(1)  # it should not have come to its end


class _Deadly(io.StringIO):
    """Kills the process when it hears of enough chunks."""

    def write(self, text: str, /) -> int:
        written = super().write(text)
        if self.getvalue().count("ChunkCommitted") == _CHUNKS_UNTIL_DEATH:
            os.kill(os.getpid(), signal.SIGKILL)
        return written


def _skus(name: str, *, first: int = 0, bad: bool = False) -> list[dict[str, Any]]:
    """Rows of SKUs; of those that are bad, every sixth has an error, every ninth a warning."""
    rows: list[dict[str, Any]] = []
    for number in range(first, first + _ROWS):
        row = {"code": f"SKU{number:02}", "name": f"{name} {number}", "do_not_ship": True}
        if bad and number % 6 == 0:
            row |= {"weight": "heavy", "unit_of_weight": "stone"}
        if bad and number % 9 == 1:
            row |= {"_add_tags": "unknown", "colour": "red"}
        rows.append(row)
    return rows


def _submission(inputs: object, *, resource_type: str = "tags") -> dict[str, Any]:
    attributes = {"resource_type": resource_type, "inputs": inputs, "reference": "R-1"}
    return {"type": "imports", "attributes": attributes}


def _file(folder: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    file = folder / "rows.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    return file


def _set_clock(url: str, now: int) -> None:
    """Let the functions that tell the time, which are looked up when they are called, tell it."""
    for name in ("clock_timestamp", "now"):
        _execute(
            url,
            f"CREATE OR REPLACE FUNCTION public.{name}() RETURNS timestamptz LANGUAGE sql"
            f" AS 'SELECT to_timestamp({now // 1000})'",
        )


def _execute(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
        fixture = make_fixture(Path(folder))
    sys.stdout.write(f"{fixture.folder}: {fixture.size:,} bytes\n")


if __name__ == "__main__":
    main()
