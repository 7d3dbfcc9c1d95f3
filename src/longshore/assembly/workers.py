"""The worker that fits the database: in this process, or a process of its own."""

from collections.abc import Sequence

from longshore.assembly.parts import Parts
from longshore.jobs import WorkerProcess
from longshore.runs import DistributedWorker, EmbeddedClaims, EmbeddedWorker


def make_worker(parts: Parts) -> EmbeddedWorker | DistributedWorker:
    """What runs what waits, in this process."""
    claims, tidy = parts.claims, parts.cleanup.tidy_as_far_as_it_goes
    if isinstance(claims, EmbeddedClaims):
        return EmbeddedWorker(
            waiting=claims.waiting, driver=parts.driver, tidy=tidy, observer=parts.observer
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
