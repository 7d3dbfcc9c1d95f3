"""A rolling upgrade: servers and workers of an older release and of this one share a database.

Each test begins on the schema of the older release, whose processes are there when it is upgraded
by `longshore migrate`. Then come those of this release. Whoever takes an import, runs it, stops or
dies: every row goes in once, the counts are right, imports over the same records keep their order,
none is left.

A worker is held in the middle of an import by a trigger that waits for a lock of the test, so that
it is known who has an import when something happens to its runner.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.behaviour.serving.servers import PATIENCE_SECONDS, Server, environment, skus
from tests.chaos.fleet import HEARTBEAT_SECONDS, TAKEOVER_SECONDS
from tests.migration.older_release import unpack_older
from tests.postgresql import PostgresDatabases

ROWS = 5_000
BAD_EVERY = 97  # of the rows of an import, the first one among them
BAD = len(range(0, ROWS, BAD_EVERY))
HELD_AT = 2_500  # the row at which a worker is held

_LOCK = 4711
_HOLD = f"""
    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock_shared({_LOCK}); RETURN NEW; END $$;
    CREATE TRIGGER hold BEFORE INSERT ON skus FOR EACH ROW
        WHEN (NEW.code LIKE '%{HELD_AT:06}') EXECUTE FUNCTION hold();
"""

# Both releases, as who takes an import and who runs it.
ORDERS = [("older", "newer"), ("newer", "older")]


@dataclass
class Upgrade:
    """One installation, and the processes of both releases that work with it."""

    url: str
    data: Path
    sources: dict[str, Path]  # by release
    connection: "psycopg.Connection[Any]"
    servers: dict[str, Server] = field(default_factory=dict)
    workers: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def variables(self, release: str) -> dict[str, str]:
        return {
            "PYTHONPATH": str(self.sources[release]),
            "LONGSHORE_DATA": str(self.data),
            "LONGSHORE_DATABASE_URL": self.url,
            "LONGSHORE_HEARTBEAT_SECONDS": str(HEARTBEAT_SECONDS),
            "LONGSHORE_TAKEOVER_SECONDS": str(TAKEOVER_SECONDS),
            # Who is held waits in vain until the test says so.
            "LONGSHORE_LOCK_WAIT_SECONDS": "300",
            "LONGSHORE_STATEMENT_TIMEOUT_SECONDS": "300",
            "LONGSHORE_CHUNK_ROWS": "400",
            "LONGSHORE_CHUNK_ROWS_FIRST": "100",
        }

    def run(self, release: str, *arguments: str) -> str:
        """What a command of a release writes to standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "longshore", *arguments],
            env={**environment(), **self.variables(release)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def serve(self, release: str) -> Server:
        """A server without a worker."""
        server = Server(self.data, "--no-worker", settings=self.variables(release))
        self.servers[release] = server
        # Its token is signed by a command, and an older one refuses the schema of a newer one.
        assert server.client is not None
        return server

    def work(self, release: str) -> "subprocess.Popen[bytes]":
        with open(self.data.with_name(f"{release}.log"), "ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "longshore", "worker", "--verbose"],
                env={**environment(), **self.variables(release)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.workers[release] = worker
        return worker

    def migrate(self) -> None:
        """Upgrade the schema, beside whoever works."""
        before = self.scalar("SELECT version_num FROM alembic_version")
        self.run("newer", "migrate")
        assert self.scalar("SELECT version_num FROM alembic_version") > before

    def scalar(self, sql: str, *parameters: object) -> Any:
        row = self.connection.execute(sql, parameters).fetchone()
        assert row is not None
        return row[0]

    def wait(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < until, self.told()
            time.sleep(0.02)

    def told(self) -> str:
        """What the workers said, and what became of the imports, for whoever reads a failure."""
        imports = self.connection.execute(
            "SELECT id, status, runner, heartbeat_at, fence, processed_count FROM imports"
            " ORDER BY place"
        ).fetchall()
        logs = (self.data.with_name(f"{each}.log") for each in self.workers)
        return "\n".join([str(imports), *(log.read_text()[-4000:] for log in logs)])

    @contextmanager
    def held(self) -> Iterator[None]:
        """Whoever comes to the row at which workers are held waits there, until the block ends."""
        self.connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            self.connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])

    def held_count(self) -> int:
        """How many workers wait at that row."""
        count = self.scalar(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND objid = %s AND database = (SELECT oid FROM pg_database"
            " WHERE datname = current_database())",
            _LOCK,
        )
        assert isinstance(count, int)
        return count

    def has(self, release: str) -> bool:
        """Whether the worker of a release has an import that is under way."""
        pid = self.workers[release].pid
        return bool(
            self.scalar(
                "SELECT count(*) FROM imports JOIN processes ON processes.name = imports.runner"
                " WHERE status = 'in_progress' AND pid = %s",
                pid,
            )
        )

    def seconds_alive(self, release: str) -> float:
        """For how long the worker of a release has said that it is alive."""
        return float(
            self.scalar(
                "SELECT (heartbeat_at - started_at) / 1000 FROM processes WHERE pid = %s",
                self.workers[release].pid,
            )
        )

    def take_over(self, release: str) -> None:
        """Let a worker of a release come, who finds what the other one has left."""
        if release == "newer":
            self.work(release)
        else:
            self.workers[release].send_signal(signal.SIGCONT)

    def finish(self) -> None:
        """Wait until no import is left."""
        self.wait(
            lambda: (
                self.scalar(
                    "SELECT count(*) FROM imports WHERE status IN ('pending', 'in_progress')"
                )
                == 0
            )
        )

    def close(self) -> None:
        for worker in self.workers.values():
            worker.kill()
            worker.wait()
        for server in self.servers.values():
            server.stop()
        self.connection.close()


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The source of each release."""
    older = unpack_older(tmp_path_factory.mktemp("older"))
    return {"older": older, "newer": Path(__file__).parents[2] / "src"}


@pytest.fixture(scope="module")
def prepared(
    sources: dict[str, Path],
    postgresql: PostgresDatabases,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """The name of a database that the older release has made, to be copied."""
    name = postgresql.create()
    url = postgresql.url(name)
    variables = {
        "PYTHONPATH": str(sources["older"]),
        "LONGSHORE_DATABASE_URL": url,
        "LONGSHORE_DATA": str(tmp_path_factory.mktemp("prepared")),
    }
    subprocess.run(
        [sys.executable, "-m", "longshore", "organizations", "create", "default"],
        env={**os.environ, **variables},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_HOLD)
    return name


@pytest.fixture
def upgrade(
    sources: dict[str, Path], prepared: str, postgresql: PostgresDatabases, tmp_path: Path
) -> Iterator[Upgrade]:
    """An installation of the older release, with none of its processes yet."""
    name = postgresql.create(template=prepared)
    url = postgresql.url(name)
    data = tmp_path / "data"
    data.mkdir()
    upgrade = Upgrade(url, data, sources, psycopg.connect(url, autocommit=True))
    yield upgrade
    upgrade.close()
    postgresql.drop(name)


def rows(prefix: str, name: str, *, has_bad: bool = False) -> list[dict[str, Any]]:
    """SKUs of one prefix, all of one name; where it has bad rows, of every so many one."""
    return [
        {**sku, "code": prefix + sku["code"], "name": name}
        | ({"weight": "heavy"} if has_bad and number % BAD_EVERY == 0 else {})
        for number, sku in enumerate(skus(ROWS))
    ]


def assert_one_after_the_other(upgrade: Upgrade) -> None:
    """No import began before the one that was accepted before it had ended."""
    found = upgrade.connection.execute(
        "SELECT started_at, completed_at FROM imports ORDER BY environment, place"
    ).fetchall()
    for (_, ended), (started, _) in pairwise(found):
        assert ended <= started, upgrade.told()


def assert_exact(upgrade: Upgrade, id_: str, *, created: int = 0, updated: int = 0) -> None:
    """Both releases show the import, alike, with every row gone through once."""
    failed = ROWS - created - updated
    shown = {name: server.get(f"/api/imports/{id_}") for name, server in upgrade.servers.items()}
    for document in shown.values():
        attributes, meta = document["data"]["attributes"], document["data"]["meta"]
        assert attributes["status"] == "completed", upgrade.told()
        assert (meta["created_count"], meta["updated_count"]) == (created, updated)
        assert (attributes["processed_count"], attributes["errors_count"]) == (
            created + updated,
            failed,
        )
        assert len(attributes["errors_log"]) == failed
        assert attributes["inputs_size"] == ROWS
    older, newer = (shown[each]["data"]["attributes"] for each in ("older", "newer"))
    told = older.keys() - {"attachment_url"}  # signed, and at another port
    assert {name: older[name] for name in told} == {name: newer[name] for name in told}


def assert_records(upgrade: Upgrade, prefix: str, name: str, count: int = ROWS) -> None:
    """Each record is there once, as the last import left it."""
    found = upgrade.connection.execute(
        "SELECT count(*), count(DISTINCT code), min(name), max(name) FROM skus WHERE code LIKE %s",
        [f"{prefix}%"],
    ).fetchone()
    assert found == (count, count, name, name), upgrade.told()


@pytest.mark.parametrize(("taking", "running"), ORDERS)
def test_a_server_of_one_release_and_a_worker_of_the_other(
    upgrade: Upgrade, taking: str, running: str
) -> None:
    upgrade.serve("older")
    if running == "older":
        upgrade.work("older")
    upgrade.migrate()
    upgrade.serve("newer")
    if running == "newer":
        upgrade.work("newer")
    server = upgrade.servers[taking]
    first = server.submit(rows("A", "First", has_bad=True))
    second = server.submit(rows("A", "Second"))
    third = server.submit(rows("A", "Third")[::-1])
    upgrade.finish()
    assert_exact(upgrade, first, created=ROWS - BAD)
    assert_exact(upgrade, second, created=BAD, updated=ROWS - BAD)
    assert_exact(upgrade, third, updated=ROWS)
    assert_one_after_the_other(upgrade)
    assert_records(upgrade, "A", "Third")


def test_both_servers_and_both_workers_at_once(upgrade: Upgrade) -> None:
    """Imports of one type are accepted by both in turn, and run by whoever is free; one is running
    when the schema is upgraded."""
    older = upgrade.serve("older")
    upgrade.work("older")
    accepted = [older.submit(rows("A", "Import 0"))]
    older.wait_for(accepted[0], "in_progress", "completed", processed=1)
    upgrade.migrate()
    newer = upgrade.serve("newer")
    upgrade.work("newer")
    for number, server in enumerate([newer, older, newer, older], start=1):
        accepted.append(server.submit(rows("A", f"Import {number}")[:: (-1) ** number]))
    upgrade.finish()
    assert_exact(upgrade, accepted[0], created=ROWS)
    for id_ in accepted[1:]:
        assert_exact(upgrade, id_, updated=ROWS)
    assert_one_after_the_other(upgrade)
    assert_records(upgrade, "A", "Import 4")


def test_workers_of_both_releases_have_an_import_each_at_the_same_time(upgrade: Upgrade) -> None:
    """One environment each; nobody takes what the other one has, however long it takes."""
    older = upgrade.serve("older")
    upgrade.work("older")
    token = upgrade.run("older", "token", "--mode", "live").strip()
    upgrade.migrate()
    newer = upgrade.serve("newer")
    with upgrade.held():
        first = older.submit(rows("A", "Test"))
        upgrade.wait(lambda: upgrade.held_count() == 1 and upgrade.has("older"))
        upgrade.work("newer")
        of_test_mode = dict(newer.client.headers)
        newer.client.headers["Authorization"] = f"Bearer {token}"
        newer.submit(rows("A", "Live"))
        newer.client.headers.update(of_test_mode)
        upgrade.wait(lambda: upgrade.held_count() == 2 and upgrade.has("newer"))
        upgrade.wait(lambda: upgrade.seconds_alive("newer") > 2 * TAKEOVER_SECONDS)
        assert all(map(upgrade.has, upgrade.workers)), upgrade.told()
        assert upgrade.scalar("SELECT max(fence) FROM imports") == 1, upgrade.told()
    upgrade.finish()
    assert_exact(upgrade, first, created=ROWS)
    counted = "SELECT count(*), count(DISTINCT (id >> 40, code)) FROM skus"
    assert upgrade.connection.execute(counted).fetchone() == (2 * ROWS, 2 * ROWS)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize(("beginning", "finishing"), ORDERS)
def test_what_one_release_began_the_other_one_finishes(
    upgrade: Upgrade, beginning: str, finishing: str, how: signal.Signals
) -> None:
    """Its worker is killed in the middle of a chunk, or told to stop there; what waits behind it
    still comes after it."""
    upgrade.serve("older")
    upgrade.work("older")
    upgrade.migrate()
    upgrade.serve("newer")
    if beginning == "newer":
        # No worker of the older release can be started any more: this one comes back later.
        upgrade.workers["older"].send_signal(signal.SIGSTOP)
        upgrade.work("newer")
    worker = upgrade.workers[beginning]
    with upgrade.held():
        begun = upgrade.servers[finishing].submit(rows("A", "First", has_bad=True))
        upgrade.wait(lambda: upgrade.held_count() == 1 and upgrade.has(beginning))
        behind = upgrade.servers[beginning].submit(rows("A", "Second")[::-1])
        worker.send_signal(how)
        if how == signal.SIGKILL:
            worker.wait()
            upgrade.take_over(finishing)
            upgrade.wait(lambda: upgrade.has(finishing))
    if how == signal.SIGTERM:
        assert worker.wait(PATIENCE_SECONDS) == 0
        assert upgrade.scalar("SELECT count(*) FROM imports WHERE status = 'completed'") == 0
        upgrade.take_over(finishing)
    upgrade.finish()
    assert_exact(upgrade, begun, created=ROWS - BAD)
    assert_exact(upgrade, behind, created=BAD, updated=ROWS - BAD)
    assert_one_after_the_other(upgrade)
    assert_records(upgrade, "A", "Second")


@pytest.mark.parametrize(("running", "stopping"), ORDERS)
def test_what_one_release_runs_is_stopped_at_the_server_of_the_other(
    upgrade: Upgrade, running: str, stopping: str
) -> None:
    upgrade.serve("older")
    if running == "older":
        upgrade.work("older")
    upgrade.migrate()
    upgrade.serve("newer")
    if running == "newer":
        upgrade.work("newer")
    with upgrade.held():
        stopped = upgrade.servers[running].submit(rows("A", "First"))
        upgrade.wait(lambda: upgrade.held_count() == 1)
        behind = upgrade.servers[stopping].submit(rows("A", "Second"))
        done = upgrade.servers[stopping].import_(stopped)["processed_count"]
        asked = {"type": "imports", "id": stopped, "attributes": {"_interrupt": True}}
        answer = upgrade.servers[stopping].client.patch(
            f"/api/imports/{stopped}", content=json.dumps({"data": asked}).encode()
        )
        assert answer.status_code == 200, answer.text
    upgrade.finish()
    for server in upgrade.servers.values():
        told = server.import_(stopped)
        assert (told["status"], told["processed_count"]) == ("interrupted", done)
    assert_exact(upgrade, behind, created=ROWS - done, updated=done)
    assert_records(upgrade, "A", "Second")


def test_an_import_with_rules_is_left_to_the_newer_release(upgrade: Upgrade) -> None:
    """The older one would go through all of its rows. It finds no layout, and takes what is behind
    it; whoever knows rules stops at the row that reaches one. So it is with what is all or
    nothing."""
    upgrade.serve("older")
    upgrade.work("older")
    upgrade.migrate()
    newer = upgrade.serve("newer")
    limited = newer.submit(rows("A", "First", has_bad=True), skip_errors=True, stop_after=2)
    whole = newer.submit(rows("B", "First", has_bad=True), all_or_nothing=True)
    behind = newer.submit([{"code": "G", "name": "Group"}], "customer_groups")
    newer.wait_for(behind, "completed")
    for left in (limited, whole):
        assert newer.import_(left)["processed_count"] == 0, upgrade.told()
    upgrade.work("newer")
    upgrade.finish()
    told = newer.import_(limited)
    assert told["status"] == "interrupted", upgrade.told()
    assert (told["processed_count"], told["errors_count"]) == (BAD_EVERY - 1, 2)
    meta = newer.get(f"/api/imports/{limited}")["data"]["meta"]
    assert meta["stopped_by"] == {"rule": "stop_after", "value": 2, "row": BAD_EVERY + 1}
    judged = newer.get(f"/api/imports/{whole}")["data"]
    assert (judged["attributes"]["status"], judged["meta"]["stage"]) == ("interrupted", "judging")
    assert judged["meta"]["skipped_count"] == judged["attributes"]["processed_count"] > 0
