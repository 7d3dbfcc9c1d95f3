"""`longshore status` tells whether a worker is there, and when one is missed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from longshore.assembly import Longshore, open_longshore
from longshore.imports import ImportRequest
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("on_every_database")

HINT = "hint: longshore worker starts one, longshore serve has one"


@pytest.fixture
def settings(data: Path) -> Settings:
    """As the commands have them; no process says twice that it is alive while a test lasts."""
    url = os.environ.get("LONGSHORE_DATABASE_URL", "")
    return Settings(data=data, database_url=url, heartbeat_seconds=600)


@pytest.fixture
def longshore(run: Run, settings: Settings) -> Iterator[Longshore]:
    """The installation of the commands, as another process has it open."""
    with open_longshore(settings) as longshore:
        yield longshore


@pytest.fixture
def worker(settings: Settings, longshore: Longshore) -> Iterator[Longshore]:
    """A worker that is there, and does nothing."""
    with open_longshore(settings, kind="worker") as worker:
        worker.enter()
        yield worker


def submit(longshore: Longshore, make_file, *, to_run: bool = False) -> None:
    longshore.submissions.submit(
        longshore.organizations.environment("default", "test"),
        Source.from_path(make_file("tags.csv", "name\none\n")),
        ImportRequest(resource_type="tags"),
        to_run=to_run,
    )


def told(run: Run) -> tuple[int, bool, str]:
    """How many workers are alive, whether one is missed, and what is said beside it."""
    shown, document = run("status"), run("status", "--json")
    assert shown.err == document.err
    alive, is_missing = document.json["workers_alive"], document.json["worker_missing"]
    facts = dict(line.split("  ", 1) for line in shown.out.splitlines() if "  " in line)
    assert facts["workers alive"].strip() == str(alive)
    return alive, is_missing, shown.err


def test_nothing_is_missed_where_nothing_waits(run: Run, longshore: Longshore) -> None:
    assert told(run) == (0, False, "")


def test_imports_that_wait_without_a_worker_are_told_with_what_to_start(
    run: Run, longshore: Longshore, make_file
) -> None:
    submit(longshore, make_file)
    message = "no worker is there, and 1 import waits for one"
    assert told(run) == (0, True, f"{message}\n{HINT}\n")
    submit(longshore, make_file)
    message = "no worker is there, and 2 imports wait for one"
    assert told(run) == (0, True, f"{message}\n{HINT}\n")


def test_an_import_that_a_terminal_runs_misses_no_worker(
    run: Run, longshore: Longshore, make_file
) -> None:
    submit(longshore, make_file, to_run=True)
    assert told(run) == (0, False, "")


def test_a_worker_that_is_there_is_told(
    run: Run, longshore: Longshore, worker: Longshore, make_file
) -> None:
    submit(longshore, make_file)
    assert told(run) == (1, False, "")


def test_a_worker_that_has_fallen_silent_is_not_there(
    run: Run, longshore: Longshore, worker: Longshore, make_file
) -> None:
    submit(longshore, make_file)
    with longshore.database.write() as tx:
        tx.execute("UPDATE processes SET heartbeat_at = 5")
    alive, is_missing, said = told(run)
    assert (alive, is_missing) == (0, True)
    assert HINT in said


def test_a_server_alone_is_no_worker(
    run: Run, settings: Settings, longshore: Longshore, make_file
) -> None:
    submit(longshore, make_file)
    with open_longshore(settings, kind="server") as server:
        server.enter()
        alive, is_missing, _ = told(run)
    assert (alive, is_missing) == (0, True)
