"""An import is killed in the middle, a newer one comes: nothing goes back to what the older says.

Real processes are killed, and whoever comes next, a terminal, `resume`, a server or a worker, has
to end the older import before it begins the newer one.
"""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from longshore.access import create_organization
from longshore.assembly import Longshore, open_longshore
from longshore.imports import Import, ImportRequest
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.serving.servers import PATIENCE_SECONDS, Server, command, environment

ROWS = 1_000
CHUNK = 50


class Shop:
    """An installation whose SKUs have names, and files that give them others."""

    def __init__(self, settings: Settings) -> None:
        self.data = settings.data
        self.variables = {
            "LONGSHORE_DATABASE_URL": settings.database_url,
            **_chunks(CHUNK),
            # Where a dead process is known by its silence, it is not to be awaited for long.
            "LONGSHORE_TAKEOVER_SECONDS": "1",
            "LONGSHORE_HEARTBEAT_SECONDS": "0.2",
        }
        self.longshore: Longshore = open_longshore(
            Settings.from_environment({"LONGSHORE_DATA": str(self.data), **self.variables})
        )
        self.environment = self.longshore.organizations.environment("default", "test")

    def file(self, name: str, rows: int = ROWS) -> Path:
        """A file after which the SKUs have this name."""
        path = self.data.with_name(f"{name}.csv")
        lines = "".join(f"S{number},{name},true\n" for number in range(rows))
        path.write_text(f"code,name,do_not_ship\n{lines}")
        return path

    def start(self, *arguments: str, chunk: int = CHUNK) -> "subprocess.Popen[str]":
        """A command as a process."""
        return subprocess.Popen(
            command(self.data, *arguments),
            env={**environment(), **self.variables, **_chunks(chunk)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        """The exit code of a command, and what it wrote to standard error."""
        with self.start(*arguments) as process:
            _, err = process.communicate(timeout=PATIENCE_SECONDS)
        return process.returncode, err

    def name(self, import_: Import) -> str:
        return self.longshore.public_ids.encode(import_.id)

    def submit(self, name: str, *, to_run: bool = False) -> Import:
        """A pending import of a file, for others to run, or kept `to_run` by this process."""
        request = ImportRequest(resource_type="skus")
        source = Source.from_path(self.file(name))
        return self.longshore.submissions.submit(self.environment, source, request, to_run=to_run)

    def kill_in_the_middle(self, name: str) -> Import:
        """The import of a terminal that was killed when it had committed some chunks."""
        # A chunk for each row, so that it is seen in the middle on a loaded machine too.
        with self.start("import", "skus", str(self.file(name)), chunk=1) as process:
            self.wait_for_rows()
            process.kill()
            process.communicate()
        (left,) = self.longshore.imports.open()
        assert 0 < left.consumed_count < ROWS
        return left

    def wait_for_rows(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not any(each.consumed_count for each in self.longshore.imports.open()):
            assert time.monotonic() < until

    def wait_for_end_of(self, import_: Import) -> None:
        """Wait until an import has ended."""
        until = time.monotonic() + PATIENCE_SECONDS
        while import_.id in [each.id for each in self.longshore.imports.open()]:
            assert time.monotonic() < until

    def wait_for_end(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while self.longshore.imports.open():
            assert time.monotonic() < until

    def names(self) -> dict[str, int]:
        """How many SKUs have which name."""
        with self.longshore.database.read() as tx:
            return dict(tx.fetch("SELECT name, count(*) FROM skus GROUP BY name"))

    def assert_ended(self, *statuses: str) -> None:
        """The imports have ended so, the oldest first, and each began after the ones before."""
        with self.longshore.database.read() as tx:
            rows = tx.fetch(
                "SELECT status, started_at, coalesce(completed_at, interrupted_at) FROM imports"
                " ORDER BY place"
            )
        assert [status for status, _, _ in rows] == list(statuses)
        for (_, _, ended), (_, started, _) in pairwise(rows):
            assert ended <= started


def _chunks(rows: int) -> dict[str, str]:
    return {"LONGSHORE_CHUNK_ROWS": str(rows), "LONGSHORE_CHUNK_ROWS_FIRST": str(rows)}


@pytest.fixture
def shop(settings: Settings) -> Iterator[Shop]:
    shop = Shop(settings)
    yield shop
    shop.longshore.close()


def test_a_newer_import_in_the_terminal_finishes_what_a_killed_one_left(shop: Shop) -> None:
    left = shop.kill_in_the_middle("old")
    code, err = shop.run("import", "skus", str(shop.file("new")))
    assert code == 0, err
    public_id = shop.name(left)
    assert f"import {public_id} (skus) is older and was left open after" in err
    assert f"import {public_id} is completed: 1,000 of 1,000 rows, 0 failed" in err
    assert shop.names() == {"new": ROWS}
    shop.assert_ended("completed", "completed")
    assert shop.run("resume") == (0, "no import is open\n")
    assert shop.names() == {"new": ROWS}


def test_a_newer_import_can_supersede_what_a_killed_one_left(shop: Shop) -> None:
    left = shop.kill_in_the_middle("old")
    code, err = shop.run("import", "skus", str(shop.file("new")), "--supersede")
    assert code == 0, err
    public_id = shop.name(left)
    assert (
        f"import {public_id} (skus) is superseded and was interrupted: {left.consumed_count:,} of"
        " 1,000 rows were done" in err
    )
    assert shop.names() == {"new": ROWS}
    shop.assert_ended("interrupted", "completed")


def test_resume_goes_in_the_order_of_acceptance(shop: Shop) -> None:
    shop.kill_in_the_middle("old")
    for name in ("newer", "newest"):
        shop.submit(name)
    code, err = shop.run("resume")
    if len(shop.longshore.imports.open()):
        # Where a dead process is known by its silence, it was not silent for long enough.
        code, err = shop.run("resume")
    assert code == 0, err
    assert shop.names() == {"newest": ROWS}
    shop.assert_ended("completed", "completed", "completed")


def test_the_next_server_ends_the_older_import_first(shop: Shop) -> None:
    shop.kill_in_the_middle("old")
    newer = shop.submit("new")
    shown = shop.name(newer)
    with_worker = Server(shop.data, settings=shop.variables)
    worker = None if shop.longshore.database.is_embedded else shop.start("worker")
    try:
        with_worker.wait_for(shown, "completed")
    finally:
        with_worker.stop()
        if worker is not None:
            worker.terminate()
            worker.communicate()
    assert shop.names() == {"new": ROWS}
    shop.assert_ended("completed", "completed")


def test_an_import_that_cannot_be_read_keeps_only_its_own_table_waiting(shop: Shop) -> None:
    """As a later release may have stored it, or a damaged disk."""
    odd, behind = shop.submit("odd"), shop.submit("behind")
    with shop.longshore.database.write() as tx:
        create_organization(tx, "second")
        tx.execute("UPDATE imports SET layout = '{odd' WHERE id = ?", (odd.id,))
    elsewhere = shop.longshore.submissions.submit(
        shop.longshore.organizations.environment("second", "test"),
        Source.from_path(shop.file("elsewhere")),
        ImportRequest(resource_type="skus"),
    )
    unreadable = f"what is stored of the import {shop.name(odd)} cannot be read"
    with shop.start("worker") as worker:
        try:
            shop.wait_for_end_of(elsewhere)
        finally:
            worker.terminate()
        _, err = worker.communicate()
    assert f"AttemptFailed import_id={shop.name(odd)} attempts=1" in err
    code, err = shop.run("resume")
    assert code == 1
    assert f"warning: {unreadable}" in err
    assert "no import is open" not in err
    with shop.start("status", "--json") as process:
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert f"warning: {unreadable}" in err
    status = json.loads(out)
    assert status["unreadable"] == [shop.name(odd)]
    assert [(each["id"], each["standing"]) for each in status["imports"]] == [
        (shop.name(behind), "waiting")
    ]
    assert shop.names() == {"elsewhere": ROWS}


def test_a_living_import_is_waited_for(shop: Shop) -> None:
    older = shop.submit("old", to_run=True)
    with shop.start("import", "skus", str(shop.file("new"))) as newer:
        line = waiting_line(newer)
        assert re.search(
            rf"{shop.name(older)} \(skus, 0 of 1,000 rows\), run by a command on \S+, pid"
            rf" {os.getpid()}, since \d{{4}}-",
            line,
        )
        assert shop.longshore.import_runs.run(older.id).status == "completed"
        newer.communicate(timeout=PATIENCE_SECONDS)
    assert newer.returncode == 0
    assert shop.names() == {"new": ROWS}
    shop.assert_ended("completed", "completed")


def test_ctrl_c_while_waiting_interrupts_only_the_newer_import(shop: Shop) -> None:
    older = shop.submit("old", to_run=True)
    with shop.start("import", "skus", str(shop.file("new"))) as newer:
        waiting_line(newer)
        newer.send_signal(signal.SIGINT)
        out, _ = newer.communicate(timeout=PATIENCE_SECONDS)
    assert newer.returncode == 1
    assert "interrupted" in out
    assert shop.longshore.import_runs.run(older.id).status == "completed"
    assert shop.names() == {"old": ROWS}


def test_sigterm_while_waiting_leaves_both_for_resume(shop: Shop) -> None:
    older = shop.submit("old", to_run=True)
    with shop.start("import", "skus", str(shop.file("new"))) as newer:
        waiting_line(newer)
        newer.send_signal(signal.SIGTERM)
        newer.communicate(timeout=PATIENCE_SECONDS)
    assert newer.returncode == 1
    assert shop.longshore.import_runs.run(older.id).status == "completed"
    until = time.monotonic() + PATIENCE_SECONDS
    while shop.longshore.imports.open():
        shop.run("resume")
        assert time.monotonic() < until
    assert shop.names() == {"new": ROWS}


def test_ctrl_c_while_an_older_one_is_finished_leaves_that_open(shop: Shop) -> None:
    left = shop.kill_in_the_middle("old")
    with shop.start("import", "skus", str(shop.file("new"))) as newer:
        assert newer.stderr is not None
        while "it is finished first" not in newer.stderr.readline():
            assert newer.poll() is None
        newer.send_signal(signal.SIGINT)
        newer.communicate(timeout=PATIENCE_SECONDS)
    assert newer.returncode == 1
    assert [each.id for each in shop.longshore.imports.open()] in ([left.id], [])
    with shop.longshore.database.read() as tx:
        ((status, processed),) = tx.fetch(
            "SELECT status, processed_count FROM imports WHERE place = 2"
        )
    assert (status, processed) == ("interrupted", 0)


def waiting_line(process: "subprocess.Popen[str]") -> str:
    """The line in which a command says what it waits for."""
    assert process.stderr is not None
    while not (line := process.stderr.readline()).startswith("waiting for import"):
        assert line, "it does not wait"
    return line
