"""Who runs what: two ways to know, one for each kind of database.

On one machine whoever has a run holds an operating-system lock, so a dead runner is known at
once. Between machines a runner says again and again that it is alive, and one that is silent for
too long is taken to be dead: its connections are ended, because a process that is stopped in the
middle of a statement keeps its locks, and its fence is raised, so that it writes nothing when it
comes back.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from longshore.access import next_served, note_served
from longshore.database import Database, Locks, Transaction
from longshore.errors import LongshoreError
from longshore.identifiers import RunId
from longshore.jobs import (
    JobQueue,
    Runner,
    RunnerLock,
    RunTaken,
    is_running,
    list_processes,
    runner_lock,
    runner_of,
)
from longshore.observations import Observer, RunnerReplaced
from longshore.runs.kind import RunLife
from longshore.runs.life import (
    beat,
    beat_reserved,
    give_up_reservation,
    read_run,
    reserve_run,
)
from longshore.runs.run import Run
from longshore.runs.taking import take_run
from longshore.runs.waiting import unblocked_runs, waiting_runs
from longshore.settings import Settings

# What conflicts with nobody: a heartbeat must not wait for those who think longer.
UNLOCKED = Locks(scope=0)


class Claims(Protocol):
    """Who may have which run."""

    @property
    def kinds(self) -> Collection[str]:
        """Of the runs that this process may have."""

    def reserve(self, tx: Transaction, run: Run) -> None:
        """Keep a run that is being created for this process."""

    def claimed(self, run_id: RunId) -> AbstractContextManager[Run]:
        """Claim a run and have it within the block; as it is when it has ended already.

        Raises RunTaken when another process has it, RunWaits when older ones come first.
        """

    def runners_of(self, tx: Transaction, runs: Sequence[Run]) -> dict[RunId, Runner]:
        """The processes that have runs at this moment, or keep them for themselves."""

    def announce(self, tx: Transaction, run: Run, *, delay_seconds: float = 0) -> None:
        """Say that a run waits, in the transaction that makes it wait."""

    def announce_freed(self, environment: int) -> None:
        """Say that a run of an environment has ended, for which others may have waited."""

    def close(self) -> None:
        """Let go of what is reserved."""


class EmbeddedClaims:
    """Claims of the processes of one machine, by locks in the data folder."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        lives: Mapping[str, RunLife],
        *,
        process: str,
        on_point: Callable[[str], None] = lambda _point: None,
    ) -> None:
        self._database = database
        self._process = process  # its kind
        # Hears the names of moments, for tests that end the process there.
        self._on_point = on_point
        self._lives = lives
        self._folder: Path = settings.data
        self._attempts_max = settings.import_attempts_max
        self._reserved: dict[RunId, RunnerLock] = {}

    @property
    def kinds(self) -> Collection[str]:
        return self._lives.keys()

    def reserve(self, tx: Transaction, run: Run) -> None:
        # Before it can be seen, or a worker might be faster.
        self._reserved[run.id] = self._lock(run.id)

    @contextmanager
    def claimed(self, run_id: RunId) -> Iterator[Run]:
        lock = self._reserved.pop(run_id, None) or self._lock(run_id)
        with lock:
            # Whatever it was chosen for is looked at again here, in one transaction with the claim.
            with self._database.write() as tx:
                known = read_run(tx, run_id)
                run = take_run(tx, known, self._lives, attempts_max=self._attempts_max)
                self._on_point("claiming")
            yield run

    def runners_of(self, tx: Transaction, runs: Sequence[Run]) -> dict[RunId, Runner]:
        found = ((run.id, runner_of(self._folder, run.id)) for run in runs)
        return {id: runner for id, runner in found if runner is not None}

    def announce(self, tx: Transaction, run: Run, *, delay_seconds: float = 0) -> None:
        """The worker looks by itself; whoever starts one wakes it."""

    def announce_freed(self, environment: int) -> None:
        """Likewise."""

    def waiting(self, *, kinds: Collection[str] | None = None) -> list[Run]:
        """What waits and nobody has, of each environment in the order of places; of these kinds
        (None: of all that this process may have)."""
        with self._database.read() as tx:
            unblocked = unblocked_runs(tx, kinds=self.kinds if kinds is None else kinds)
        return [each for each in unblocked if not is_running(self._folder, each.id)]

    def close(self) -> None:
        for lock in self._reserved.values():
            lock.release()
        self._reserved.clear()

    def _lock(self, run_id: RunId) -> RunnerLock:
        return runner_lock(self._folder, run_id, kind=self._process)


class DistributedClaims:
    """Claims of processes on any machines, by heartbeats in the database."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        lives: Mapping[str, RunLife],
        *,
        runner: str,
        observer: Observer,
        on_point: Callable[[str], None] = lambda _point: None,
    ) -> None:
        self._database = database
        self._runner = runner  # name of this process
        self._lives = lives
        self._attempts_max = settings.import_attempts_max
        self._silent_seconds = settings.takeover_seconds
        self._observer = observer
        # Hears the names of moments, for tests that end the process there.
        self._on_point = on_point
        self._queue = JobQueue()
        self._reserved: dict[RunId, Run] = {}
        self._running: dict[RunId, Run] = {}  # as they were claimed

    @property
    def kinds(self) -> Collection[str]:
        return self._lives.keys()

    def reserve(self, tx: Transaction, run: Run) -> None:
        reserve_run(tx, run.id, runner=self._runner)
        self._reserved[run.id] = run

    @contextmanager
    def claimed(self, run_id: RunId) -> Iterator[Run]:
        with self._database.write() as tx:
            run = self._claim(tx, read_run(tx, run_id))
        with self._beating(run):
            yield run

    @contextmanager
    def claimed_next(self) -> Iterator[Run | None]:
        """Claim the run whose turn it is, and have it within the block; None: none waits.

        One transaction chooses and claims, so no two workers choose the same.
        """
        with self._database.write() as tx:
            chosen = self._choose(tx)
            run = None if chosen is None else self._claim(tx, chosen)
        if run is None:
            yield None
            return
        with self._beating(run):
            yield run

    def runners_of(self, tx: Transaction, runs: Sequence[Run]) -> dict[RunId, Runner]:
        silent_before = self._silent_before(tx)
        processes = {
            each.name: Runner(kind=each.kind, host=each.host, pid=each.pid)
            for each in list_processes(tx)
        }
        unknown = Runner(kind=None, host=None, pid=None)  # it has not said who it is
        return {
            run.id: processes.get(run.runner, unknown)
            for run in runs
            if run.runner is not None and _is_heard(run, silent_before)
        }

    def waits_elsewhere(self, environment: int) -> bool:
        """Whether a run of another environment waits."""
        with self._database.read() as tx:
            waiting = self._waiting(tx)
        return any(each.environment != environment for each in waiting)

    def announce(self, tx: Transaction, run: Run, *, delay_seconds: float = 0) -> None:
        self._queue.defer(tx, run.kind, run.id, delay_seconds=delay_seconds)

    def announce_freed(self, environment: int) -> None:
        # The jobs that were deferred when they were created found them waiting, and are over. A
        # process that dies before this leaves them to the sweeper.
        with suppress(LongshoreError), self._database.write() as tx:
            for each in self._waiting(tx):
                if each.environment == environment:
                    self.announce(tx, each)

    def beat(self, tx: Transaction) -> None:
        """Say that this process is alive, for all runs that it has."""
        running = dict(self._running)
        for run in running.values():
            # In the order in which chunks are committed.
            self._lives[run.kind].hold(tx, run.id)
            beat(tx, run.id, run.fence)
        for run in tuple(self._reserved.values()):
            if run.id not in running:
                self._lives[run.kind].hold(tx, run.id)
                beat_reserved(tx, run.id, runner=self._runner)
        if running:
            self._on_point("beating")

    def sweep(self) -> None:
        """Give a job to every run that waits without one."""
        with self._database.write() as tx:
            waiting = self._waiting(tx)
            ids = [(each.kind, each.id) for each in waiting]
            self._queue.sweep(tx, ids, silent_seconds=self._silent_seconds)
            if ids:
                self._on_point("sweeping")

    def close(self) -> None:
        """What was reserved, and never claimed because this process was told to stop, is free at
        once; where the database is away, the workers find it when the heartbeats end."""
        reserved, self._reserved = self._reserved, {}
        for run in reserved.values():
            with suppress(LongshoreError), self._database.write() as tx:
                self._lives[run.kind].hold(tx, run.id)  # as the heartbeat does
                if give_up_reservation(tx, run.id, runner=self._runner):
                    self.announce(tx, run)

    def _waiting(self, tx: Transaction) -> list[Run]:
        return waiting_runs(tx, silent_before=self._silent_before(tx), kinds=self.kinds)

    def _choose(self, tx: Transaction) -> Run | None:
        """Of what waits, the oldest run of the environment that was served the longest ago."""
        waiting = self._waiting(tx)
        if not waiting:
            return None
        environment = next_served(tx, {each.environment for each in waiting})
        note_served(tx, environment)
        return next(each for each in waiting if each.environment == environment)

    def _claim(self, tx: Transaction, before: Run) -> Run:
        if before.has_ended:
            return before
        if before.runner != self._runner and before.heartbeat_at is not None:
            if _is_heard(before, self._silent_before(tx)):
                raise RunTaken("another process has it")
            if before.runner is not None:
                tx.end_connections(before.runner)
                self._observer.observe(
                    RunnerReplaced(import_id=tx.public_ids.encode(before.id), runner=before.runner)
                )
                self._on_point("taking over")
        run = take_run(
            tx, before, self._lives, runner=self._runner, attempts_max=self._attempts_max
        )
        self._on_point("claiming")
        return run

    @contextmanager
    def _beating(self, run: Run) -> Iterator[None]:
        self._running[run.id] = run
        self._reserved.pop(run.id, None)
        try:
            yield
        finally:
            self._running.pop(run.id, None)

    def _silent_before(self, tx: Transaction) -> int:
        return silent_before(tx, seconds=self._silent_seconds)


def silent_before(tx: Transaction, *, seconds: float) -> int:
    """Who has said nothing since then is taken to be dead; 0: nobody is.

    While the database was away nobody could say anything, so silence counts from its start.
    """
    latest = tx.now() - int(seconds * 1000)
    return latest if tx.server_started_at() < latest else 0


def _is_heard(run: Run, silent_before: int) -> bool:
    """Whether whoever has a run has said so lately."""
    return run.heartbeat_at is not None and run.heartbeat_at >= silent_before
