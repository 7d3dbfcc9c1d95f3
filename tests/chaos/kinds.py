"""Workers that die at a named point, of imports and of a kind that is made up.

`python -m tests.chaos.kinds import|count [--die-at POINT]` is a worker, with the settings of the
installation in its environment; it kills itself when it passes the point. A *count* counts, ten at
a time, and writes down each number.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from longshore.assembly import open_longshore
from longshore.database import Database, Transaction
from longshore.identifiers import RunId
from longshore.jobs import Bell, process_name
from longshore.observations import Observation
from longshore.runs import (
    Completed,
    DistributedClaims,
    DistributedWorker,
    End,
    Ending,
    NewRun,
    Presence,
    Released,
    Run,
    RunDriver,
    RunKind,
    create_run,
    end_claimed,
    note_chunk,
)
from longshore.settings import Settings
from longshore.sources import open_attachments

KIND = "count"
LAST = 20_000
CHUNK = 10


class Telling:
    """An observer that says what it hears."""

    def observe(self, observation: Observation) -> None:
        sys.stderr.write(f"{observation}\n")


class CountingKind(RunKind):
    """What is run stands in tables of the tests: `counts` says what became of a run, `counted` has
    each number."""

    def __init__(self, database: Database, on_point: Callable[[str], None]) -> None:
        self._database = database
        self._on_point = on_point

    def hold(self, tx: Transaction, run_id: RunId) -> None:
        tx.fetch("SELECT 1 FROM counts WHERE id = ? FOR UPDATE", (run_id,))

    def claimed(self, tx: Transaction, run: Run) -> None:
        if run.fence == 1:
            tx.execute("UPDATE counts SET began = began + 1 WHERE id = ?", (run.id,))

    def interrupted(self, tx: Transaction, run: Run, reason: str) -> None:
        tx.execute("UPDATE counts SET reason = ? WHERE id = ?", (reason, run.id))

    def go_on(
        self, run: Run, *, on_progress: Callable[[Any], None], should_stop: Callable[[], bool]
    ) -> End:
        while True:
            with self._database.write() as tx:
                ((reached,),) = tx.fetch(
                    "SELECT coalesce(max(number), 0) FROM counted WHERE id = ?", (run.id,)
                )
                tx.execute(
                    "INSERT INTO counted"
                    " SELECT ?, number FROM generate_series(?::int, ?::int) AS number",
                    (run.id, reached + 1, reached + CHUNK),
                )
                self._on_point("counted")
                note_chunk(tx, run.id, run.fence)
                if is_last := reached + CHUNK == LAST:
                    end_claimed(tx, run.id, run.fence, Ending.COMPLETED)
                    self._on_point("completing")
            if is_last:
                return Completed()
            if should_stop():
                return Released()

    def gives_way(self, run: Run) -> bool:
        return True

    def after(self, run: Run) -> None:
        with self._database.write() as tx:
            tx.execute("UPDATE counts SET tidied = tidied + 1 WHERE id = ?", (run.id,))


def create_count(tx: Transaction, environment: int) -> RunId:
    """A count that waits behind all that write SKUs, as an import of them does."""
    tx.execute(
        "CREATE TABLE IF NOT EXISTS counts (id bigint PRIMARY KEY, began int NOT NULL DEFAULT 0,"
        " tidied int NOT NULL DEFAULT 0, reason text)"
    )
    tx.execute("CREATE TABLE IF NOT EXISTS counted (id bigint, number int, UNIQUE (id, number))")
    run = create_run(tx, NewRun(kind=KIND, environment=environment, tables=frozenset({"skus"})))
    tx.execute("INSERT INTO counts (id) VALUES (?)", (run.id,))
    return run.id


def work_on_imports(settings: Settings, on_point: Callable[[str], None], bell: Bell) -> None:
    """As `longshore worker` does."""
    with open_longshore(settings, kind="worker", on_point=on_point) as longshore:
        longshore.work(bell)


def work_on_counts(settings: Settings, on_point: Callable[[str], None], bell: Bell) -> None:
    """Likewise, with a kind of one's own."""
    observer, name = Telling(), process_name("worker")
    database = Database.open(settings.data, settings, observer, process=name)
    kinds = {KIND: CountingKind(database, on_point)}
    claims = DistributedClaims(
        database, settings, kinds, runner=name, observer=observer, on_point=on_point
    )
    presence = Presence(
        database,
        settings,
        name=name,
        kind="worker",
        attachments=open_attachments(settings).location,
        is_local=True,
        observer=observer,
    )
    presence.beat_for(claims.beat)
    presence.also(claims.sweep, name="sweep")
    driver = RunDriver(database, claims, presence, kinds, observer, on_point=on_point)
    presence.enter()
    worker = DistributedWorker(
        settings, claims, driver, name=name, tidy=lambda: None, observer=observer
    )
    worker.work(bell)
    presence.leave()


def main() -> None:
    """Work until it is told to stop, or dies."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["import", KIND])
    parser.add_argument("--die-at")
    arguments = parser.parse_args()
    work = work_on_counts if arguments.kind == KIND else work_on_imports

    def on_point(reached: str) -> None:
        if reached == arguments.die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    bell = Bell.without_ringer()
    signal.signal(signal.SIGTERM, lambda *_: bell.stop())
    work(Settings.from_environment(os.environ), on_point, bell)


if __name__ == "__main__":
    main()
