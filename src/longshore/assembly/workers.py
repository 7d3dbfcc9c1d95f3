"""The worker that fits the database: in this process, or processes of their own."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from functools import partial

from longshore.assembly.parts import Parts
from longshore.imports import PLAN
from longshore.jobs import WorkerProcess
from longshore.runs import DistributedWorker, EmbeddedClaims, EmbeddedWorker
from longshore.uploads import CHECK

# Runs that write no records, so they need not wait for those that do.
_READING_KINDS = frozenset({PLAN, CHECK})


class WorkerShare(StrEnum):
    """Which runs a worker of an embedded database takes, where two workers share them."""

    WRITING = "writing"  # those that write records
    READING = "reading"  # plans, and checks of uploads: people wait for them at a page

    def kinds_of(self, kinds: Collection[str]) -> frozenset[str]:
        """The kinds of runs that it takes, of all that there are."""
        reading = _READING_KINDS.intersection(kinds)
        return reading if self is WorkerShare.READING else frozenset(kinds) - reading


def make_worker(
    parts: Parts, share: WorkerShare | None = None
) -> EmbeddedWorker | DistributedWorker:
    """What runs what waits, in this process; None: all of it."""
    claims, tidy = parts.claims, parts.cleanup.tidy_as_far_as_it_goes
    if isinstance(claims, EmbeddedClaims):
        kinds = None if share is None else share.kinds_of(claims.kinds)
        return EmbeddedWorker(
            waiting=partial(claims.waiting, kinds=kinds),
            driver=parts.driver,
            # One of two is enough.
            tidy=_nothing if share is WorkerShare.READING else tidy,
            observer=parts.observer,
        )
    return DistributedWorker(
        parts.settings,
        claims,
        parts.driver,
        name=parts.name,
        tidy=tidy,
        observer=parts.observer,
    )


def make_worker_process(parts: Parts, command: Sequence[str]) -> WorkerProcess:
    """Another process that works on the same database, which `command` starts; not started yet."""
    silence_seconds = parts.settings.worker_silence_seconds
    environment = {
        # Not as an argument, which everybody on the machine could read.
        "LONGSHORE_DATABASE_URL": parts.settings.database_url,
        "LONGSHORE_WORKER_SILENCE_SECONDS": str(silence_seconds),
    }
    return WorkerProcess(command, parts.observer, environment, silence_seconds=silence_seconds)


def make_worker_processes(parts: Parts, command: Sequence[str]) -> list[WorkerProcess]:
    """The processes that a server keeps. On an embedded database these are two, each with its share
    of the runs, so that a plan that somebody waits for is not behind a long import; on PostgreSQL
    any number of workers share them as they are free."""
    if not isinstance(parts.claims, EmbeddedClaims):
        return [make_worker_process(parts, command)]
    return [make_worker_process(parts, [*command, "--runs", share]) for share in WorkerShare]


def _nothing() -> None:
    pass
