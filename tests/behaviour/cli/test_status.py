"""`longshore status` tells whether a worker is there, and when one is missed."""

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from longshore.assembly import Longshore, open_longshore
from longshore.imports import Import, ImportRequest
from longshore.runs import NewRun, create_run
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.cli.conftest import Run
from tests.behaviour.statements import statements_of

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
        worker.presence.enter()
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
        server.presence.enter()
        alive, is_missing, _ = told(run)
    assert (alive, is_missing) == (0, True)


# For monitoring


def checked(run: Run) -> tuple[int, str]:
    """The exit code and the one line of `status --check`."""
    result = run("status", "--check")
    assert result.err == ""
    assert result.out.count("\n") == 1
    document = run("status", "--check", "--json")
    assert document.code == result.code
    assert bool(document.json["amiss"]) == bool(result.code)
    return result.code, result.out.rstrip("\n")


def test_a_check_of_what_is_well_says_so(run: Run, longshore: Longshore) -> None:
    assert checked(run) == (0, "all is well: 0 workers alive, 0 runs unfinished")


def test_a_check_tells_what_nobody_runs(run: Run, longshore: Longshore, make_file) -> None:
    submit(longshore, make_file)
    assert checked(run) == (2, "no worker is there, and 1 import waits for one")


def test_a_check_passes_what_waits_for_a_worker_that_is_there(
    run: Run, worker: Longshore, longshore: Longshore, make_file
) -> None:
    submit(longshore, make_file)
    assert checked(run) == (0, "all is well: 1 worker alive, 1 run unfinished")


def test_a_check_tells_a_worker_that_is_silent_until_another_one_is_started_there(
    run: Run, settings: Settings, worker: Longshore
) -> None:
    with worker.database.write() as tx:
        tx.execute(
            "UPDATE processes SET started_at = started_at - 200000,"
            " heartbeat_at = heartbeat_at - 100000"
        )
    silent = (2, f"a worker is silent: pid {os.getpid()} on {platform.node()}")
    assert checked(run) == silent
    with open_longshore(settings, kind="worker") as another:
        another.presence.enter()
        assert checked(run) == (0, "all is well: 1 worker alive, 0 runs unfinished")
        # One that was there already replaces none, though it is the younger one.
        with worker.database.write() as tx:
            tx.execute(
                "UPDATE processes SET started_at = started_at - 150000 WHERE name = ?",
                (another.parts.name,),
            )
        assert checked(run) == silent


def test_a_check_tells_what_is_stalled(run: Run, longshore: Longshore, make_file) -> None:
    submit(longshore, make_file, to_run=True)
    import_ = longshore.status.read().imports[0].import_

    def look(_import: Import) -> None:
        with longshore.database.write() as tx:
            tx.execute(
                "UPDATE imports SET updated_at = updated_at - 100000, status = 'in_progress',"
                " completed_at = NULL"
            )
            tx.execute("UPDATE runs SET ending = NULL, ended_at = NULL")
        name = longshore.public_ids.encode(import_.id)
        seen.append((checked(run), name))

    seen: list[tuple[tuple[int, str], str]] = []
    longshore.import_runs.run(import_.id, on_progress=look)
    ((found, name),) = seen
    assert found == (2, f"stalled: {name}")


def test_a_worker_that_is_stopped_shows_as_such_at_once(
    run: Run, settings: Settings, longshore: Longshore
) -> None:
    environment = {
        **os.environ,
        "LONGSHORE_DATA": str(settings.data),
        "LONGSHORE_DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, "-m", "longshore", "worker"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stderr is not None
        try:
            assert worker.stderr.readline() == "waiting for imports\n"
            worker.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, worker.pid, os.WSTOPPED | os.WNOWAIT)
            assert checked(run) == (
                2,
                f"a worker is stopped: pid {worker.pid} on {platform.node()}",
            )
            shown = run("status")
            assert "stopped, " in shown.out
            (process,) = run("status", "--json").json["processes"]
            assert (process["alive"], process["stopped"]) == (True, True)
            assert run("status", "--json").json["workers_alive"] == 0
        finally:
            worker.kill()


def test_runs_of_other_kinds_are_shown(run: Run, longshore: Longshore) -> None:
    environment = longshore.organizations.environment("default", "test")
    with longshore.database.write() as tx:
        created = create_run(
            tx, NewRun(kind="sweep", environment=environment.number, tables=frozenset({"skus"}))
        )
    shown, document = run("status"), run("status", "--json")
    assert f"{longshore.public_ids.encode(created.id)}" in shown.out
    assert "sweep" in shown.out
    assert document.json["imports"] == []
    assert document.json["runs"] == [
        {
            "id": longshore.public_ids.encode(created.id),
            "kind": "sweep",
            "organization": "default",
            "mode": "test",
            "standing": "unknown",
            "stuck": True,
            "attempts": 0,
            "rests_until": None,
            "waits_for": None,
        }
    ]


def test_a_check_tells_runs_that_this_release_cannot_take(
    run: Run, worker: Longshore, longshore: Longshore, make_file
) -> None:
    """As a later release has left them, and what waits behind them."""
    environment = longshore.organizations.environment("default", "test")
    with longshore.database.write() as tx:
        created = create_run(
            tx, NewRun(kind="sweep", environment=environment.number, tables=frozenset({"tags"}))
        )
    name = f"sweep {longshore.public_ids.encode(created.id)}"
    assert checked(run) == (2, f"nothing here runs the {name}")
    submit(longshore, make_file)
    assert checked(run) == (2, f"nothing here runs the {name}, and 1 run waits for it")
    assert f"waiting, for the {name}" in " ".join(run("status").out.split())
    resumed = run("resume")
    assert resumed.code == 1
    assert f"it waits for the {name}" in resumed.err
    assert "finishes both" not in resumed.err


def test_status_opens_one_transaction_however_many_imports_there_are(
    run: Run, longshore: Longshore, make_file
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            submit(longshore, make_file)
        with statements_of(longshore.database) as sent:
            longshore.status.read()
        counts.append(len(sent))
    assert counts[0] == counts[1]
