"""Who runs an import where processes share PostgreSQL: reserved, claimed, given back, announced."""

import asyncio
import dataclasses
import io
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from procrastinate import PsycopgConnector
from psycopg.pq import TransactionStatus

from longshore.access import create_organization
from longshore.assembly import Longshore, open_longshore
from longshore.database import Database, StorageFull, Transaction
from longshore.errors import RequestRefused
from longshore.imports import Import, ImportLife, ImportRequest, TooManyUnfinished, read_import
from longshore.jobs import worker_application
from longshore.observations import AttemptFailed, ChunkRetried, NullObserver, Observation
from longshore.operations import Asker
from longshore.readers import Format
from longshore.runs import (
    UNLOCKED,
    DistributedClaims,
    End,
    Released,
    Run,
    RunDriver,
    beat,
    beat_reserved,
)
from longshore.settings import Settings
from longshore.sources import Source
from tests.postgresql import PostgresDatabases


class Noting:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.seen: list[Observation] = []

    def observe(self, observation: Observation) -> None:
        self.seen.append(observation)


@pytest.fixture
def settings(
    postgresql: PostgresDatabases, migrated_postgresql: str, tmp_path: Path
) -> Iterator[Settings]:
    name = postgresql.create(template=migrated_postgresql)
    yield Settings(data=tmp_path / "data", database_url=postgresql.url(name))
    postgresql.drop(name)


@pytest.fixture
def one(settings: Settings) -> Iterator[Longshore]:
    """A process; in truth two of them are this one, and only their names differ."""
    with open_longshore(settings) as longshore:
        yield longshore


@pytest.fixture
def other(settings: Settings, one: Longshore) -> Iterator[Longshore]:
    with open_longshore(settings) as longshore:
        yield longshore


def submit(longshore: Longshore, *, to_run: bool = False, organization: str = "default") -> Import:
    source = Source.from_stream(io.BytesIO(b"name\nGroup\n"), format=Format.CSV)
    return longshore.submissions.submit(
        longshore.organizations.environment(organization, "test"),
        source,
        ImportRequest(resource_type="customer_groups"),
        to_run=to_run,
    )


def read(database: Database, import_: Import) -> Import:
    with database.read() as tx:
        return read_import(tx, import_.id)


def run_next(longshore: Longshore) -> Import | None:
    """The import whose turn it was, as it is after it."""
    with claims_of(longshore).claimed_next() as run:
        if run is None:
            return None
        longshore.parts.driver.run_claimed(run)
        return longshore.imports.read(run.id)


def fetch(longshore: Longshore, sql: str) -> object:
    with longshore.database.read() as tx:
        ((value,),) = tx.fetch(sql)
        return value


def wait_until(longshore: Longshore, sql: str) -> None:
    """Return when a condition holds; within less than a writer waits for a lock."""
    ends = time.monotonic() + longshore.settings.lock_wait_seconds / 2
    while not fetch(longshore, sql):
        assert time.monotonic() < ends, sql


def claims_of(longshore: Longshore) -> DistributedClaims:
    claims = longshore.parts.claims
    assert isinstance(claims, DistributedClaims)
    return claims


def jobs(longshore: Longshore) -> list[tuple[str, str]]:
    with longshore.database.read() as tx:
        return tx.fetch(
            "SELECT queueing_lock, status::text FROM procrastinate_jobs"
            " WHERE queueing_lock IS NOT NULL ORDER BY id"
        )


def test_an_import_is_created_together_with_its_job(one: Longshore) -> None:
    import_ = submit(one)
    assert jobs(one) == [(str(import_.id), "todo")]


def test_an_import_that_is_refused_leaves_no_job(one: Longshore, settings: Settings) -> None:
    for _ in range(settings.imports_unfinished_max):
        submit(one)
    with pytest.raises(TooManyUnfinished):
        submit(one)
    assert len(jobs(one)) == settings.imports_unfinished_max


def test_an_import_of_a_terminal_is_left_to_it(one: Longshore, other: Longshore) -> None:
    import_ = submit(one, to_run=True)
    assert jobs(one) == []
    assert other.import_runs.is_running(import_)
    with pytest.raises(RequestRefused, match="another process runs the import"):
        other.import_runs.run(import_.id)
    assert one.import_runs.run(import_.id).created_count == 1


def test_a_finished_import_is_returned_as_it_is(one: Longshore, other: Longshore) -> None:
    import_ = submit(one)
    assert one.import_runs.run(import_.id).status == "completed"
    assert other.import_runs.run(import_.id).status == "completed"


def test_an_import_that_could_not_be_gone_on_with_rests_and_is_announced_again(
    settings: Settings,
) -> None:
    noting = Noting()
    with open_longshore(settings, observer=noting) as longshore:
        import_ = submit(longshore)
        with longshore.database.write() as tx:
            tx.execute("DELETE FROM procrastinate_jobs")
            tx.execute(
                "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END $$"
            )
            tx.execute(
                "CREATE TRIGGER fill BEFORE INSERT ON customer_groups EXECUTE FUNCTION fill()"
            )
        with pytest.raises(StorageFull):
            longshore.import_runs.run(import_.id)
        left = read(longshore.database, import_)
        assert (left.status, left.run.attempts, left.run.heartbeat_at) == ("in_progress", 0, None)
        assert left.run.rests_until is not None
        assert jobs(longshore) == [(str(import_.id), "todo")]
        (failed,) = (each for each in noting.seen if isinstance(each, AttemptFailed))
        assert "no space left" in failed.reason
        with longshore.database.write() as tx:
            tx.execute("DROP TRIGGER fill ON customer_groups")
        assert longshore.import_runs.run(import_.id).created_count == 1


@pytest.mark.parametrize("state", ["serialization_failure", "deadlock_detected"])
def test_a_chunk_that_met_another_one_is_gone_through_again(settings: Settings, state: str) -> None:
    noting = Noting()
    with open_longshore(settings, observer=noting) as longshore:
        import_ = submit(longshore)
        with longshore.database.write() as tx:
            tx.execute("CREATE SEQUENCE attempts")
            tx.execute(
                "CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" IF nextval('attempts') < 3 THEN RAISE EXCEPTION 'met' USING ERRCODE = '{state}';"
                " END IF; RETURN NEW; END $$"
            )
            tx.execute(
                "CREATE TRIGGER meet BEFORE INSERT ON customer_groups"
                " FOR EACH ROW EXECUTE FUNCTION meet()"
            )
        ended = longshore.import_runs.run(import_.id)
    assert (ended.status, ended.created_count, ended.errors_count) == ("completed", 1, 0)
    assert sum(isinstance(each, ChunkRetried) for each in noting.seen) == 2


def test_a_process_is_known_while_it_has_imports_and_forgotten_when_it_ends(
    settings: Settings, one: Longshore
) -> None:
    with open_longshore(settings, kind="worker") as worker:
        assert worker.status.read().processes == []
        worker.presence.enter()
        (process,) = one.status.read().processes
        assert (process.kind, one.status.read().is_alive(process)) == ("worker", True)
    assert one.status.read().processes == []


def test_processes_that_keep_attachments_elsewhere_are_refused(
    settings: Settings, tmp_path: Path, one: Longshore
) -> None:
    one.presence.enter()
    elsewhere = Settings(data=tmp_path / "elsewhere", database_url=settings.database_url)
    with (
        open_longshore(elsewhere) as longshore,
        pytest.raises(RequestRefused, match="attachments are kept in") as refused,
    ):
        submit(longshore, to_run=True)
    assert refused.value.hint is not None
    assert "LONGSHORE_ATTACHMENTS" in refused.value.hint


def test_a_folder_of_another_machine_is_refused_unless_it_is_shared(
    settings: Settings, one: Longshore
) -> None:
    one.presence.enter()
    with one.database.write() as tx:
        tx.execute("UPDATE processes SET machine = 'another'")
    with open_longshore(settings) as longshore, pytest.raises(RequestRefused, match="its own"):
        longshore.presence.enter()
    shared = Settings(
        data=settings.data, database_url=settings.database_url, attachments_shared=True
    )
    with open_longshore(shared) as longshore:
        longshore.presence.enter()


def test_the_silence_of_dead_processes_refuses_nobody(
    settings: Settings, tmp_path: Path, one: Longshore
) -> None:
    one.presence.enter()
    with one.database.write() as tx:
        tx.execute("UPDATE processes SET machine = 'another', heartbeat_at = 5")
    with open_longshore(settings) as longshore:
        longshore.presence.enter()


def test_the_environment_that_was_served_the_longest_ago_comes_first(
    settings: Settings, one: Longshore
) -> None:
    with one.database.write() as tx:
        create_organization(tx, "second")
    first = [submit(one) for _ in range(3)]
    second = [submit(one, organization="second") for _ in range(2)]
    order = []
    while (ended := run_next(one)) is not None:
        order.append(ended.id)
    assert order == [first[0].id, second[0].id, first[1].id, second[1].id, first[2].id]


def test_two_workers_that_look_at_once_never_choose_the_same(
    one: Longshore, other: Longshore
) -> None:
    """What one has chosen is claimed before the other may look."""
    with one.database.write() as tx:
        create_organization(tx, "second")
    submitted = [submit(one), submit(one, organization="second")]
    with (
        claims_of(one).claimed_next() as first,
        claims_of(other).claimed_next() as second,
        claims_of(other).claimed_next() as third,
    ):
        assert first is not None
        assert second is not None
        assert third is None
        assert [first.id, second.id] == [each.id for each in submitted]
        assert [one.imports.read(each.id).status for each in submitted] == ["in_progress"] * 2


def test_what_cannot_be_claimed_does_not_count_as_a_turn(one: Longshore) -> None:
    """Choosing and claiming are rolled back together."""
    import_ = submit(one)
    with one.database.write() as tx:
        tx.execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END $$"
        )
        tx.execute("CREATE TRIGGER fail BEFORE UPDATE ON imports EXECUTE FUNCTION fail()")
    with pytest.raises(StorageFull), claims_of(one).claimed_next():
        pass
    with one.database.read() as tx:
        assert tx.fetch("SELECT served_at FROM environments") == [(None,)]
    assert read(one.database, import_).status == "pending"


@pytest.mark.parametrize(
    "parameter", ["application_name=mine", "options=-c%20application_name%3Dmine"]
)
def test_connections_bear_the_name_of_their_process_whatever_the_address_says(
    settings: Settings, parameter: str
) -> None:
    """By it whoever takes over an import finds them, and ends them."""
    joined = "&" if "?" in settings.database_url else "?"
    named = dataclasses.replace(
        settings, database_url=f"{settings.database_url}{joined}{parameter}"
    )
    with open_longshore(named, kind="worker") as longshore:
        longshore.presence.enter()
        with longshore.database.read() as tx:
            ((name,),) = tx.fetch("SELECT current_setting('application_name')")
        assert [name] == [each.name for each in longshore.status.read().processes]


def test_a_heartbeat_waits_for_no_sweep_and_for_no_connection(settings: Settings) -> None:
    """The sweep waits for a lock that others hold, and all connections are in use."""
    few = dataclasses.replace(settings, heartbeat_seconds=0.1, database_connections=2)
    with open_longshore(settings) as other, open_longshore(few, kind="worker") as worker:
        import_ = submit(other)
        worker.presence.enter()
        with claims_of(worker).claimed_next(), other.database.write():
            wait_until(other, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted")
            with worker.database.read():
                for heartbeat in ("FROM processes", f"FROM runs WHERE id = {import_.id}"):
                    before = fetch(other, f"SELECT heartbeat_at {heartbeat}")
                    wait_until(other, f"SELECT heartbeat_at > {before} {heartbeat}")
                assert fetch(other, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted")


def test_the_sweeper_gives_a_job_to_whatever_waits_without_one(one: Longshore) -> None:
    import_ = submit(one)
    with one.database.write() as tx:
        tx.execute("DELETE FROM procrastinate_jobs")
    claims_of(one).sweep()
    claims_of(one).sweep()
    assert jobs(one) == [(str(import_.id), "todo")]


def test_the_sweeper_ends_jobs_of_workers_that_are_gone(one: Longshore) -> None:
    import_ = submit(one)
    with one.database.write() as tx:
        tx.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    claims_of(one).sweep()
    assert jobs(one) == [(str(import_.id), "todo")]


def test_an_import_that_ends_is_told_to_the_workers_for_the_one_that_waited(
    one: Longshore,
) -> None:
    """The job of its creation found it waiting, and is over."""
    asker = Asker(environment=one.organizations.environment("default", "test"))
    first, second, third = (submit(one) for _ in range(3))
    for ended in ("run", "interrupted", "deleted"):
        with one.database.write() as tx:
            tx.execute("DELETE FROM procrastinate_jobs")
        if ended == "run":
            one.import_runs.run(first.id)
            assert jobs(one) == [(str(second.id), "todo")]
        elif ended == "interrupted":
            one.imports.interrupt(asker, second.id)
            assert jobs(one) == [(str(third.id), "todo")]
        else:
            one.imports.delete(asker, third.id)
            assert jobs(one) == []


def test_the_sweeper_leaves_what_waits_for_an_older_import(one: Longshore) -> None:
    first, second = submit(one), submit(one)
    with one.database.write() as tx:
        tx.execute("DELETE FROM procrastinate_jobs")
    claims_of(one).sweep()
    assert jobs(one) == [(str(first.id), "todo")]
    assert run_next(one) == read(one.database, first)
    assert run_next(one) == read(one.database, second)


def test_a_worker_that_is_stopped_between_two_statements_of_the_job_engine_keeps_no_rows(
    settings: Settings,
) -> None:
    """Others prune its heartbeat when they start, and would wait for it without end."""
    application = worker_application(
        settings.database_url,
        application_name="stopped",
        tidied_in="imports",
        run=lambda: None,
        tidy=lambda: None,
    )

    async def state_after_a_statement() -> TransactionStatus:
        async with application.open_async():
            pool = cast(PsycopgConnector, application.connector).pool
            async with pool.connection() as connection:
                await connection.execute("SELECT procrastinate_register_worker_v1()")
                return connection.info.transaction_status

    assert asyncio.run(state_after_a_statement()) is TransactionStatus.IDLE


class Stopping(ImportLife):
    """Imports whose runner is asked to stop before the first chunk."""

    def gives_way(self, run: Run) -> bool:
        return True

    def go_on(
        self, run: Run, *, on_progress: Callable[[Any], None], should_stop: Callable[[], bool]
    ) -> End:
        return Released()

    def after(self, run: Run) -> None:
        raise AssertionError("it has not ended")


def while_a_heart_beats(
    one: Longshore, import_: Import, beats: Callable[[Transaction], None], do: Callable[[], object]
) -> None:
    """Do something while a heartbeat of this process has locked the import, and not yet its run."""
    doing = threading.Thread(target=do)
    with one.database.apart() as apart, apart.write(UNLOCKED) as tx:
        ImportLife().hold(tx, import_.id)
        doing.start()
        wait_until(
            one,
            "SELECT count(*) > 0 FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        beats(tx)
    doing.join()


def test_a_run_is_given_back_while_its_heart_beats(one: Longshore) -> None:
    """Both lock the import before its run: no deadlock, and nobody waits for a silent runner."""
    import_ = submit(one)
    parts = one.parts
    driver = RunDriver(
        one.database, parts.claims, parts.presence, {"import": Stopping()}, NullObserver()
    )
    with parts.claims.claimed(import_.id) as run:
        while_a_heart_beats(
            one, import_, lambda tx: beat(tx, run.id, run.fence), lambda: driver.run_claimed(run)
        )
    given_back = read(one.database, import_).run
    assert (given_back.runner, given_back.heartbeat_at, given_back.attempts) == (None, None, 0)


def test_a_reservation_is_given_up_while_its_heart_beats(
    one: Longshore, settings: Settings
) -> None:
    with open_longshore(settings) as terminal:
        import_ = submit(terminal, to_run=True)
        name = terminal.parts.name
        while_a_heart_beats(
            one,
            import_,
            lambda tx: beat_reserved(tx, import_.id, runner=name),
            terminal.parts.claims.close,
        )
    assert read(one.database, import_).run.runner is None


def test_what_is_claimed_again_is_not_stalled(one: Longshore) -> None:
    """However long ago its last chunk was: for so long nobody had it."""
    import_ = submit(one)
    with one.parts.claims.claimed(import_.id):
        pass
    with one.database.write() as tx:
        tx.execute("UPDATE imports SET updated_at = updated_at - 3600000")
        tx.execute("UPDATE runs SET runner = NULL, heartbeat_at = NULL")
    with one.parts.claims.claimed(import_.id):
        (standing,) = one.status.read().imports
        assert (standing.standing, standing.stalled_seconds) == ("running", None)
