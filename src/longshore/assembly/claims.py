"""Who runs an import: two ways to know, one for each kind of database.

On one machine whoever runs an import holds an operating-system lock, so a dead runner is known at
once. Between machines a runner says again and again that it is alive, and one that is silent for
too long is taken to be dead: its connections are ended, because a process that is stopped in the
middle of a statement keeps its locks, and its fence is raised, so that it writes nothing when it
comes back.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from longshore.access import next_served, note_served
from longshore.database import Database, Locks, Transaction
from longshore.errors import LongshoreError
from longshore.identifiers import ImportId
from longshore.imports import (
    Import,
    ImportUnreadable,
    beat,
    beat_reserved,
    claim_import,
    give_up_reservation,
    let_rest,
    read_import,
    release_import,
    reserve_import,
    waiting_imports,
)
from longshore.jobs import (
    ImportRunning,
    JobQueue,
    Runner,
    RunnerLock,
    is_running,
    list_processes,
    runner_lock,
    runner_of,
)
from longshore.observations import AttemptFailed, Observer, RunnerReplaced
from longshore.settings import Settings

# An import that could not be gone on with rests, so that it does not take all the turns.
_REST_SECONDS = 1.0  # after the first failure; doubled up to the next
_REST_SECONDS_MAX = 60.0

# What conflicts with nobody: a heartbeat must not wait for those who think longer.
UNLOCKED = Locks(scope=0)


class Claims(Protocol):
    """Who may run which import."""

    def reserve(self, tx: Transaction, import_id: ImportId) -> None:
        """Keep an import that is being created for this process."""

    def claimed(self, import_id: ImportId) -> AbstractContextManager[Import]:
        """Claim an import and run it within the block; as it is when it is finished already.

        Raises ImportRunning when another process runs it, ImportWaits when older ones come first.
        """

    def is_running(self, import_: Import) -> bool:
        """Whether a process runs the import at this moment."""

    def runner_of(self, tx: Transaction, import_: Import) -> Runner | None:
        """The process that runs the import at this moment, or keeps it for itself, if any does."""

    def announce(self, tx: Transaction, import_id: ImportId, *, delay_seconds: float = 0) -> None:
        """Say that an import waits, in the transaction that makes it wait."""

    def announce_freed(self, environment: int) -> None:
        """Say that an import of an environment has ended, for which others may have waited."""

    def give_back(self, import_: Import, reason: str, *, is_counted: bool) -> None:
        """Leave a claimed import to others, because it could not be gone on with.

        `is_counted`: too many attempts like this one, and it is interrupted.
        """

    def let_go(self, import_: Import) -> None:
        """Leave a claimed import to others, because this process was told to stop."""

    def close(self) -> None:
        """Let go of what is reserved."""


class EmbeddedClaims:
    """Claims of the processes of one machine, by locks in the data folder."""

    def __init__(self, database: Database, settings: Settings, *, kind: str) -> None:
        self._database = database
        self._kind = kind  # of process
        self._folder: Path = settings.data
        self._attempts_max = settings.import_attempts_max
        self._reserved: dict[ImportId, RunnerLock] = {}

    def reserve(self, tx: Transaction, import_id: ImportId) -> None:
        # Before it can be seen, or a worker might be faster.
        self._reserved[import_id] = self._lock(import_id)

    @contextmanager
    def claimed(self, import_id: ImportId) -> Iterator[Import]:
        lock = self._reserved.pop(import_id, None) or self._lock(import_id)
        with lock:
            # Whatever it was chosen for is looked at again here, in one transaction with the claim.
            with self._database.write() as tx:
                claimed = claim_import(tx, import_id, attempts_max=self._attempts_max)
                import_ = claimed or read_import(tx, import_id)
            yield import_

    def is_running(self, import_: Import) -> bool:
        return is_running(self._folder, import_.id)

    def runner_of(self, tx: Transaction, import_: Import) -> Runner | None:
        return runner_of(self._folder, import_.id)

    def announce(self, tx: Transaction, import_id: ImportId, *, delay_seconds: float = 0) -> None:
        """The worker looks by itself; whoever starts one wakes it."""

    def announce_freed(self, environment: int) -> None:
        """Likewise."""

    def give_back(self, import_: Import, reason: str, *, is_counted: bool) -> None:
        # The worker observes what failed, and lets it rest.
        if not is_counted:
            with suppress(LongshoreError), self._database.write() as tx:
                release_import(tx, import_.id, import_.fence)

    def let_go(self, import_: Import) -> None:
        with suppress(LongshoreError), self._database.write() as tx:
            release_import(tx, import_.id, import_.fence)

    def close(self) -> None:
        for lock in self._reserved.values():
            lock.release()
        self._reserved.clear()

    def _lock(self, import_id: ImportId) -> RunnerLock:
        return runner_lock(self._folder, import_id, kind=self._kind)


class DistributedClaims:
    """Claims of processes on any machines, by heartbeats in the database."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        runner: str,
        observer: Observer,
    ) -> None:
        self._database = database
        self._runner = runner  # name of this process
        self._attempts_max = settings.import_attempts_max
        self._silent_milliseconds = int(settings.takeover_seconds * 1000)
        self._silent_seconds = settings.takeover_seconds
        self._observer = observer
        self._queue = JobQueue()
        self._reserved: set[ImportId] = set()
        self._running: dict[ImportId, int] = {}  # with the fence
        self._failures: dict[ImportId, int] = {}  # in a row, of this process

    def reserve(self, tx: Transaction, import_id: ImportId) -> None:
        reserve_import(tx, import_id, runner=self._runner)
        self._reserved.add(import_id)

    @contextmanager
    def claimed(self, import_id: ImportId) -> Iterator[Import]:
        with self._database.write() as tx:
            import_ = self._claim(tx, import_id)
        with self._beating(import_):
            yield import_

    @contextmanager
    def claimed_next(self) -> Iterator[Import | None]:
        """Claim the import that is to be run next, and run it within the block; None: none waits.

        One transaction chooses and claims, so no two workers choose the same. Raises
        ImportUnreadable for one that rests then, so that another one has its turn.
        """
        try:
            with self._database.write() as tx:
                chosen = self._choose(tx)
                import_ = None if chosen is None else self._claim(tx, chosen)
        except ImportUnreadable as error:
            self._let_rest(error)
            raise
        if import_ is None:
            yield None
            return
        with self._beating(import_):
            yield import_

    def is_running(self, import_: Import) -> bool:
        with self._database.read() as tx:
            current = read_import(tx, import_.id)
            return not current.is_finished and self._is_alive(tx, current)

    def runner_of(self, tx: Transaction, import_: Import) -> Runner | None:
        if import_.runner is None or not self._is_alive(tx, import_):
            return None
        for each in list_processes(tx):
            if each.name == import_.runner:
                return Runner(kind=each.kind, host=each.host, pid=each.pid)
        return Runner(kind=None, host=None, pid=None)  # it has not said who it is

    def waits_elsewhere(self, environment: int) -> bool:
        """Whether an import of another environment waits."""
        with self._database.read() as tx:
            waiting = waiting_imports(tx, silent_before=self._silent_before(tx))
        return any(each.environment != environment for each in waiting)

    def announce(self, tx: Transaction, import_id: ImportId, *, delay_seconds: float = 0) -> None:
        self._queue.defer(tx, import_id, delay_seconds=delay_seconds)

    def announce_freed(self, environment: int) -> None:
        # The jobs that were deferred when they were created found them waiting, and are over. A
        # process that dies before this leaves them to the sweeper.
        with suppress(LongshoreError), self._database.write() as tx:
            for each in waiting_imports(tx, silent_before=self._silent_before(tx)):
                if each.environment == environment:
                    self.announce(tx, each.id)

    def beat(self, tx: Transaction) -> None:
        """Say that this process is alive, for all imports that it has."""
        running = dict(self._running)
        for import_id, fence in running.items():
            beat(tx, import_id, fence)
        for import_id in self._reserved - running.keys():
            beat_reserved(tx, import_id, runner=self._runner)

    def sweep(self) -> None:
        """Give a job to every import that waits without one."""
        with self._database.write() as tx:
            waiting = waiting_imports(tx, silent_before=self._silent_before(tx))
            ids = [each.id for each in waiting]
            self._queue.sweep(tx, ids, silent_seconds=self._silent_seconds)

    def give_back(self, import_: Import, reason: str, *, is_counted: bool) -> None:
        rest = self._note_failure(import_.id)
        with suppress(LongshoreError), self._database.write() as tx:
            until = tx.now() + int(rest * 1000)
            if release_import(
                tx, import_.id, import_.fence, rests_until=until, is_counted=is_counted
            ):
                self.announce(tx, import_.id, delay_seconds=rest)
        self._observe_failure(import_.id, reason)

    def let_go(self, import_: Import) -> None:
        with suppress(LongshoreError), self._database.write() as tx:
            if release_import(tx, import_.id, import_.fence):
                self.announce(tx, import_.id)

    def close(self) -> None:
        """What was reserved, and never claimed because this process was told to stop, is free at
        once; where the database is away, the workers find it when the heartbeats end."""
        reserved, self._reserved = self._reserved, set()
        for import_id in reserved:
            with suppress(LongshoreError), self._database.write() as tx:
                if give_up_reservation(tx, import_id, runner=self._runner):
                    self.announce(tx, import_id)

    def _let_rest(self, error: ImportUnreadable) -> None:
        """Leave an import alone for a while that could not even be claimed."""
        rest = self._note_failure(error.id)
        with self._database.write() as tx:
            let_rest(tx, error.id, until=tx.now() + int(rest * 1000))
            self.announce(tx, error.id, delay_seconds=rest)
        self._observe_failure(error.id, error.message)

    def _note_failure(self, import_id: ImportId) -> float:
        """For how many seconds an import is to rest that has failed once more."""
        failures = self._failures[import_id] = self._failures.get(import_id, 0) + 1
        rest: float = min(_REST_SECONDS * 2 ** min(failures - 1, 10), _REST_SECONDS_MAX)
        return rest

    def _observe_failure(self, import_id: ImportId, reason: str) -> None:
        self._observer.observe(
            AttemptFailed(
                import_id=self._database.public_ids.encode(import_id),
                attempts=self._failures[import_id],
                reason=reason,
            )
        )

    def _choose(self, tx: Transaction) -> ImportId | None:
        """Of what waits, the oldest import of the environment that was served the longest ago."""
        waiting = waiting_imports(tx, silent_before=self._silent_before(tx))
        if not waiting:
            return None
        environment = next_served(tx, {each.environment for each in waiting})
        note_served(tx, environment)
        return next(each.id for each in waiting if each.environment == environment)

    def _claim(self, tx: Transaction, import_id: ImportId) -> Import:
        before = read_import(tx, import_id)
        if before.is_finished:
            return before
        if before.runner != self._runner and before.heartbeat_at is not None:
            if self._is_alive(tx, before):
                raise ImportRunning("another process runs this import")
            if before.runner is not None:
                tx.end_connections(before.runner)
                self._observer.observe(
                    RunnerReplaced(import_id=tx.public_ids.encode(import_id), runner=before.runner)
                )
        claimed = claim_import(tx, import_id, runner=self._runner, attempts_max=self._attempts_max)
        return claimed or read_import(tx, import_id)

    @contextmanager
    def _beating(self, import_: Import) -> Iterator[None]:
        self._running[import_.id] = import_.fence
        self._reserved.discard(import_.id)
        try:
            yield
            self._failures.pop(import_.id, None)
        finally:
            self._running.pop(import_.id, None)

    def _is_alive(self, tx: Transaction, import_: Import) -> bool:
        heartbeat = import_.heartbeat_at
        return heartbeat is not None and heartbeat >= self._silent_before(tx)

    def _silent_before(self, tx: Transaction) -> int:
        """Who has said nothing since then is taken to be dead; 0: nobody is.

        While the database was away nobody could say anything, so silence counts from its start.
        """
        latest = tx.now() - self._silent_milliseconds
        return latest if tx.server_started_at() < latest else 0
