"""What an installation is doing: its processes, and the runs that have not ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from longshore.access import read_environment
from longshore.database import Database, Transaction
from longshore.identifiers import RunId
from longshore.imports import Import, ImportUnreadable, WaitsFor, unfinished_imports
from longshore.jobs import Process, Runner, is_pid_stopped, is_stopped, list_processes
from longshore.operations.forerunners import Forerunners, stalled_seconds
from longshore.runs import Claims, Run, blockers_of_all, open_runs
from longshore.settings import Settings


class Standing(StrEnum):
    """How a run stands that has not ended."""

    RUNNING = "running"  # a process is at it
    # A process is at it that is there, and is stopped or has committed nothing for long.
    STALLED = "stalled"
    WAITING = "waiting"  # for a worker, or for an older run
    RESTING = "resting"  # it failed, and is tried again later
    SILENT = "silent"  # its process says nothing any more; another one takes over soon
    FAILING = "failing"  # runners died at it without committing anything
    UNKNOWN = "unknown"  # of a kind that this release has not, and nobody is at it


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStanding:
    """A run that has not ended, and how it stands."""

    run: Run
    organization: str
    mode: str
    standing: Standing
    process: Process | None  # that has it, or had it last
    runner: Runner | None  # that has it, or keeps it for itself
    stalled_seconds: int | None  # for so long its runner has committed nothing
    is_stopped: bool  # the process of its runner
    older: Run | None  # the oldest run that has to end before

    @property
    def is_stuck(self) -> bool:
        """Whether somebody should look."""
        return self.standing in (
            Standing.STALLED,
            Standing.RESTING,
            Standing.SILENT,
            Standing.FAILING,
            Standing.UNKNOWN,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStanding(RunStanding):
    """An import that has not ended, and how its run stands."""

    import_: Import
    waits_for: WaitsFor | None  # the oldest import that has to end before


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationStatus:
    """Everything at one moment; times are milliseconds since 1970, of the database's clock."""

    database: str  # tells no secret
    at: int
    silent_before: int  # a process that said nothing since then is taken to be dead
    processes: Sequence[Process]
    stopped: frozenset[str]  # names of processes that are there, and stopped
    imports: Sequence[ImportStanding]  # by environment, oldest first
    others: Sequence[RunStanding]  # runs of other kinds, likewise
    unreadable: Sequence[ImportUnreadable]  # not finished either; nobody goes on with them

    def is_alive(self, process: Process) -> bool:
        """Whether a process has said so lately."""
        return process.heartbeat_at >= self.silent_before

    @property
    def workers_amiss(self) -> list[Process]:
        """Workers that are stopped, or have been silent and were not started anew since then."""
        workers = [each for each in self.processes if each.kind == "worker"]
        started = {
            each.host: each.started_at  # of the youngest, for the oldest come first
            for each in workers
            if self.is_alive(each) and each.name not in self.stopped
        }
        return [
            each
            for each in workers
            if each.name in self.stopped
            or (not self.is_alive(each) and started.get(each.host, 0) < each.heartbeat_at)
        ]

    @property
    def workers_alive(self) -> int:
        """How many workers are there."""
        return sum(
            each.kind == "worker" and self.is_alive(each) and each.name not in self.stopped
            for each in self.processes
        )

    @property
    def waiting_in_vain(self) -> int:
        """How many runs nobody has or keeps for itself, while no worker is there for them."""
        waiting = sum(
            each.runner is None and each.standing is not Standing.UNKNOWN
            for each in (*self.imports, *self.others)
        )
        return 0 if self.workers_alive else waiting


class StatusReader:
    """Looks at an installation, with as many statements for many runs as for one."""

    def __init__(
        self, database: Database, settings: Settings, claims: Claims, forerunners: Forerunners
    ) -> None:
        self._database = database
        self._settings = settings
        self._claims = claims
        self._forerunners = forerunners

    def read(self) -> InstallationStatus:
        """The status at this moment."""
        with self._database.read() as tx:
            return _Look(tx, self._database, self._settings, self._claims, self._forerunners).told()


class _Look:
    """What is true in one snapshot."""

    def __init__(
        self,
        tx: Transaction,
        database: Database,
        settings: Settings,
        claims: Claims,
        forerunners: Forerunners,
    ) -> None:
        self._tx = tx
        self._database = database
        self._settings = settings
        self._forerunners = forerunners
        self._now = tx.now()
        self._processes = list_processes(tx)
        self._by_name = {process.name: process for process in self._processes}
        self._stopped = frozenset(each.name for each in self._processes if is_stopped(each))
        self._kinds = claims.kinds
        self._runs = open_runs(tx)
        self._by_id = {run.id: run for run in self._runs}
        self._imports: dict[RunId, Import | ImportUnreadable] = {
            each.id: each for each in unfinished_imports(tx)
        }
        self._blocked = blockers_of_all(tx)
        self._runners = claims.runners_of(tx, self._runs)
        self._environments = {
            number: read_environment(tx, number)
            for number in {run.environment for run in self._runs}
        }
        self._told: dict[RunId, WaitsFor] = {}  # by the import that is waited for

    def told(self) -> InstallationStatus:
        imports: list[ImportStanding] = []
        others: list[RunStanding] = []
        for run in self._runs:
            import_ = self._imports.get(run.id)
            if import_ is None:
                others.append(RunStanding(**self._standing(run, stalled_seconds=None)))
            elif isinstance(import_, Import):
                imports.append(self._import_standing(run, import_))
        return InstallationStatus(
            database=self._database.place,
            at=self._now,
            silent_before=self._now - int(self._settings.takeover_seconds * 1000),
            processes=self._processes,
            stopped=self._stopped,
            imports=imports,
            others=others,
            unreadable=[
                each for each in self._imports.values() if isinstance(each, ImportUnreadable)
            ],
        )

    def _import_standing(self, run: Run, import_: Import) -> ImportStanding:
        is_run = run.id in self._runners and run.id not in self._blocked
        stalled = stalled_seconds(import_, self._now) if is_run else None
        return ImportStanding(
            **self._standing(run, stalled_seconds=stalled),
            import_=import_,
            waits_for=self._waits_for(run),
        )

    def _standing(self, run: Run, *, stalled_seconds: int | None) -> dict[str, Any]:
        """The fields of a standing that are the same for any kind of run."""
        environment, runner = self._environments[run.environment], self._runners.get(run.id)
        is_halted = runner is not None and self._is_halted(run, runner)
        return {
            "run": run,
            "organization": environment.organization,
            "mode": environment.mode,
            "standing": _standing(
                run,
                self._now,
                has_runner=runner is not None,
                is_blocked=run.id in self._blocked,
                is_stalled=stalled_seconds is not None or is_halted,
                is_known=run.kind in self._kinds,
                is_embedded=self._database.is_embedded,
            ),
            "process": self._by_name.get(run.runner or ""),
            "runner": runner,
            "stalled_seconds": stalled_seconds,
            "is_stopped": is_halted,
            "older": next(map(self._by_id.get, self._blocked.get(run.id, ())), None),
        }

    def _is_halted(self, run: Run, runner: Runner) -> bool:
        """Whether the process that has a run is there and stopped."""
        if self._database.is_embedded:
            return runner.pid is not None and is_pid_stopped(runner.pid)
        return run.runner in self._stopped

    def _waits_for(self, run: Run) -> WaitsFor | None:
        """The oldest import that a run waits for, described once for all that wait for it."""
        older = next((self._imports.get(id) for id in self._blocked.get(run.id, ())), None)
        if not isinstance(older, Import):
            return None
        if older.id not in self._told:
            self._told[older.id] = self._forerunners.described(
                self._tx,
                older,
                self._runners.get(older.id),
                is_blocked=older.id in self._blocked,
            )
        return self._told[older.id]


def _standing(
    run: Run,
    now: int,
    *,
    has_runner: bool,
    is_blocked: bool,
    is_stalled: bool,
    is_known: bool,
    is_embedded: bool,
) -> Standing:
    if not (has_runner or is_known):
        return Standing.UNKNOWN
    if is_blocked:
        return Standing.WAITING
    if has_runner:
        return Standing.STALLED if is_stalled else Standing.RUNNING
    if run.rests_until is not None and run.rests_until > now:
        return Standing.RESTING
    if run.heartbeat_at is not None and not is_embedded:
        return Standing.SILENT
    return Standing.FAILING if run.attempts else Standing.WAITING
