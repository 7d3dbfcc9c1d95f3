"""The job engine on PostgreSQL: Procrastinate, which wakes any number of workers on any hosts.

A job only says that there is something to do; the truth is in the table of runs. So a job too
many does no harm, and one too few is made up for by `sweep`. A job is deferred in the transaction
that makes its run wait, so there is never one without the other. Jobs of dead workers are
ended, never retried: a worker that comes back would end its successor's job.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from longshore.database import Transaction
from longshore.identifiers import RunId

if TYPE_CHECKING:
    from procrastinate import App
    from psycopg import AsyncConnection

# Named and called as releases do that know of imports alone: workers of both serve one queue. What
# is given is the id of a run; the workers choose whose turn it is by themselves.
TASK = "longshore.run_import"
TIDYING = "longshore.tidy"

# How long the job engine waits for a connection. While the database is away it waits several times
# before it gives up, and a worker that is to stop has to wait for it.
_CONNECTION_SECONDS = 2.0


class JobQueue:
    """Defers jobs, in the caller's transactions."""

    def __init__(self) -> None:
        # Loaded where it is needed only: it takes longer to load than many a command to run.
        import procrastinate

        silence_loggers()
        # It never connects by itself.
        self._app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())

    def defer(self, tx: Transaction, kind: str, run_id: RunId, *, delay_seconds: float = 0) -> None:
        """Let a worker take a run of a kind, unless a job that waits says so already."""
        lock = str(run_id)
        if tx.fetch(
            "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = ? AND status = 'todo'", (lock,)
        ):
            return
        deferrer = self._app.configure_task(
            TASK,
            queue=queue_of(kind),
            queueing_lock=lock,
            schedule_in={"seconds": delay_seconds} if delay_seconds else None,
            connection=tx.connection.connection.driver_connection,
        )
        deferrer.defer(import_id=int(run_id))

    def sweep(
        self, tx: Transaction, waiting: Iterable[tuple[str, RunId]], *, silent_seconds: float
    ) -> None:
        """Make sure that each run that waits has a job, and end jobs of workers that are gone.

        A worker is gone when it has said nothing for `silent_seconds`.
        """
        tx.fetch(
            "SELECT procrastinate_finish_job_v1(job.id, 'failed', true)"
            " FROM procrastinate_jobs AS job"
            " LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id"
            " WHERE job.status = 'doing' AND (worker.id IS NULL"
            " OR worker.last_heartbeat < now() - make_interval(secs => ?))",
            (silent_seconds,),
        )
        for kind, run_id in waiting:
            self.defer(tx, kind, run_id)


def queue_of(kind: str) -> str:
    """The queue of the runs of a kind, which workers serve that know it."""
    return f"{kind}s"


def worker_application(
    url: str,
    *,
    application_name: str,
    tidied_in: str,
    run: Callable[[], None],
    tidy: Callable[[], None],
) -> "App":
    """An application whose worker calls `run` for each job, and `tidy` now and then, which has its
    jobs in the queue `tidied_in`.

    It opens connections of its own, all of the given name. Each statement on them is a transaction:
    the job engine runs nothing longer, and a process that is stopped between a statement and its
    commit would keep all others from their jobs, because they wait for the rows of its heartbeat.
    """
    import procrastinate

    silence_loggers()
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=url,
            kwargs={"application_name": application_name, "connect_timeout": 10},
            configure=_commit_each_statement,
            min_size=1,
            max_size=4,
            timeout=_CONNECTION_SECONDS,
        )
    )

    @app.task(name=TASK)
    def run_import(import_id: int) -> None:
        run()

    @app.periodic(cron="*/10 * * * *")
    @app.task(name=TIDYING, queue=tidied_in, queueing_lock=TIDYING)
    def tidy_up(timestamp: int) -> None:
        tidy()

    return app


async def _commit_each_statement(connection: "AsyncConnection") -> None:
    await connection.set_autocommit(True)


def silence_loggers() -> None:
    """Keep the libraries from writing to standard error; what matters is observed by us."""
    for name in ("procrastinate", "psycopg.pool"):
        logger: Any = logging.getLogger(name)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
