"""What happens to the import of a worker that dies, is stopped or is told to stop."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from longshore.imports import Import
from longshore.operations import Asker
from tests.chaos.conftest import make_organizations
from tests.chaos.fleet import Fleet
from tests.chaos.installation import Installation, sku_rows
from tests.postgresql import PostgresServer

ROWS = 40_000
STOP_SECONDS = 5  # for a process whose database is away


def has_begun(import_: Import) -> bool:
    return import_.processed_count > 0


def assert_exact(installation: Installation, import_: Import, *, rows: int = ROWS) -> None:
    """Every row was gone through once."""
    assert (import_.status, import_.created_count, import_.errors_count) == ("completed", rows, 0)
    assert installation.scalar("SELECT count(*) FROM skus") == rows
    assert installation.scalar("SELECT count(DISTINCT code) FROM skus") == rows


def test_a_worker_takes_what_is_submitted_and_stops_when_it_is_told_to(
    installation: Installation, fleet: Fleet
) -> None:
    worker = fleet.start()
    import_ = installation.submit("default", sku_rows(0, 500))
    assert_exact(installation, installation.finish(import_), rows=500)
    worker.terminate()
    assert worker.wait(10) == 0
    assert installation.scalar("SELECT count(*) FROM processes WHERE kind = 'worker'") == 0


def test_what_a_killed_worker_had_is_taken_over(installation: Installation, fleet: Fleet) -> None:
    first = fleet.start()
    import_ = installation.submit("default", sku_rows(0, ROWS))
    installation.wait_for(import_, has_begun)
    fleet.kill(first)
    assert not installation.read(import_).is_finished
    fleet.start()
    assert_exact(installation, installation.finish(import_))
    assert "RunnerReplaced" in fleet.log()


def test_a_worker_that_is_stopped_and_comes_back_writes_nothing(
    installation: Installation, fleet: Fleet
) -> None:
    """Stopped at any place of a chunk, in the middle of a COPY perhaps, with all its locks."""
    first = fleet.start()
    import_ = installation.submit("default", sku_rows(0, ROWS))
    installation.wait_for(import_, has_begun)
    fleet.stop(first)
    before = installation.read(import_)
    assert not before.is_finished
    second = fleet.start()
    taken = installation.wait_for(import_, lambda current: current.run.fence > before.run.fence)
    fleet.resume_stopped()
    ended = installation.finish(import_)
    assert_exact(installation, ended)
    assert ended.run.fence == taken.run.fence
    for worker in (first, second):
        worker.terminate()
        assert worker.wait(20) == 0


def test_a_worker_that_is_stopped_in_the_middle_of_a_copy_keeps_no_locks(
    installation: Installation, fleet: Fleet
) -> None:
    with installation.longshore.database.write() as tx:
        tx.execute("CREATE SEQUENCE copies")
        tx.execute(
            "CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF nextval('copies') = 1 THEN PERFORM pg_sleep(600); END IF; RETURN NULL; END $$"
        )
        tx.execute("CREATE TRIGGER hang BEFORE INSERT ON skus EXECUTE FUNCTION hang()")
    first = fleet.start()
    import_ = installation.submit("default", sku_rows(0, 500))
    installation.wait_for(
        import_,
        lambda _current: (
            installation.scalar(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event = 'PgSleep' AND query LIKE 'COPY \"skus\"%'"
            )
            == 1
        ),
    )
    fleet.stop(first)
    fleet.start()
    ended = installation.finish(import_)
    fleet.resume_stopped()
    assert_exact(installation, ended, rows=500)
    assert "RunnerReplaced" in fleet.log()


def test_a_worker_that_is_told_to_stop_gives_its_import_back_at_once(
    installation: Installation, fleet: Fleet
) -> None:
    first = fleet.start()
    import_ = installation.submit("default", sku_rows(0, ROWS))
    installation.wait_for(import_, has_begun)
    first.terminate()
    assert first.wait(10) == 0
    given_back = installation.read(import_)
    assert not given_back.is_finished
    run = given_back.run
    assert (run.heartbeat_at, run.runner, run.attempts) == (None, None, 0)
    fleet.start()
    assert_exact(installation, installation.finish(import_))
    assert "RunnerReplaced" not in fleet.log()


def test_an_import_whose_runners_keep_dying_is_interrupted(
    installation: Installation, fleet: Fleet
) -> None:
    # A trigger that never returns: the worker is killed inside its first chunk.
    with installation.longshore.database.write() as tx:
        tx.execute(
            "CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$"
        )
        tx.execute("CREATE TRIGGER hang BEFORE INSERT ON skus EXECUTE FUNCTION hang()")
    import_ = installation.submit("default", sku_rows(0, 10))
    for attempt in (1, 2, 3):
        worker = fleet.start()
        installation.wait_for(
            import_,
            lambda current, attempt=attempt: (  # type: ignore[misc]
                current.run.attempts == attempt
                and installation.scalar(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                )
                == 1
            ),
        )
        fleet.kill(worker)
    fleet.start()
    ended = installation.finish(import_)
    assert ended.status == "interrupted"
    assert ended.interruption_reason is not None
    assert "3 runners in a row" in ended.interruption_reason
    assert ended.errors_count == 0


def test_organizations_take_turns(installation: Installation, fleet: Fleet) -> None:
    """A long import gives way at the end of a chunk; a short one of others does not wait for it."""
    make_organizations(installation, "other")
    fleet.start()
    long = installation.submit("default", sku_rows(0, 400_000))
    installation.wait_for(long, has_begun)
    short = installation.submit("other", sku_rows(0, 100))
    installation.finish(short)
    assert not installation.read(long).is_finished
    asker = Asker(environment=installation.longshore.organizations.environment("default", "test"))
    installation.longshore.imports.interrupt(asker, long.id)


def test_a_terminal_that_dies_leaves_its_import_to_the_workers(
    installation: Installation, fleet: Fleet
) -> None:
    fleet.start()
    source = installation.data / "skus.csv"
    lines = [",".join(map(str, row)) for row in sku_rows(0, ROWS)]
    source.write_text("code,name,weight,unit_of_weight,do_not_ship\n" + "\n".join(lines))
    terminal = subprocess.Popen(
        fleet.command("import", "skus", str(source)),
        env=fleet.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    open_ = installation.longshore.imports.open
    ends = time.monotonic() + 30
    while not (found := open_()) or not found[0].processed_count:
        assert time.monotonic() < ends
        time.sleep(0.02)
    terminal.send_signal(signal.SIGKILL)
    terminal.wait()
    assert_exact(installation, installation.finish(found[0]))


@pytest.mark.parametrize("is_refused", [True, False])
def test_a_worker_stops_within_seconds_while_the_database_is_away(
    server: PostgresServer, tmp_path: Path, is_refused: bool
) -> None:
    """In the middle of an import; its connections are refused, or nobody answers at all."""
    installation = Installation(server.url(), tmp_path / "data")
    fleet = Fleet(installation.url, installation.data)
    try:
        worker = fleet.start()
        import_ = installation.submit("default", sku_rows(0, ROWS))
        installation.wait_for(import_, has_begun)
        if is_refused:
            server.stop("immediate")
        else:
            server.freeze()
        worker.terminate()
        assert worker.wait(STOP_SECONDS) == 0
        if is_refused:
            server.start()
        else:
            server.thaw()
        fleet.start()
        assert_exact(installation, installation.finish(import_))
    finally:
        server.thaw()
        fleet.kill_all()
        installation.close()


def test_a_worker_that_looks_for_its_database_stops_within_seconds(
    server: PostgresServer, tmp_path: Path
) -> None:
    """It opens its connections anew then, and nobody is there who would refuse them."""
    installation = Installation(server.url(), tmp_path / "data")
    fleet = Fleet(installation.url, installation.data)
    try:
        worker = fleet.start()
        installation.finish(installation.submit("default", sku_rows(0, 10)))
        server.stop("immediate")
        ends = time.monotonic() + 60
        while "QueueLost" not in fleet.log():
            assert time.monotonic() < ends
            time.sleep(0.02)
        worker.terminate()
        assert worker.wait(STOP_SECONDS) == 0
        server.start()
    finally:
        fleet.kill_all()
        installation.close()


def test_several_workers_stop_within_seconds_while_the_database_is_away(
    server: PostgresServer, tmp_path: Path
) -> None:
    installation = Installation(server.url(), tmp_path / "data")
    fleet = Fleet(installation.url, installation.data)
    try:
        keeper = fleet.start("--concurrency", "2")
        installation.finish(installation.submit("default", sku_rows(0, 10)))
        server.freeze()
        keeper.terminate()
        assert keeper.wait(STOP_SECONDS) == 0
    finally:
        server.thaw()
        fleet.kill_all()
        installation.close()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_imports_go_on_when_the_database_is_back(
    server: PostgresServer, tmp_path: Path, mode: str
) -> None:
    installation = Installation(server.url(), tmp_path / "data")
    fleet = Fleet(installation.url, installation.data)
    try:
        worker = fleet.start()
        import_ = installation.submit("default", sku_rows(0, ROWS))
        installation.wait_for(import_, has_begun)
        server.stop(mode)
        server.start()
        assert_exact(installation, installation.finish(import_))
        worker.terminate()
        assert worker.wait(20) == 0
    finally:
        fleet.kill_all()
        installation.close()
