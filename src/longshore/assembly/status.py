"""What an installation is doing: its processes, and the runs that have not ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from longshore.access import read_environment
from longshore.assembly.forerunners import Forerunners, stalled_seconds
from longshore.database import Database
from longshore.identifiers import RunId
from longshore.imports import Import, ImportUnreadable, WaitsFor, unfinished_imports
from longshore.jobs import Process, Runner, is_pid_stopped, is_stopped, list_processes
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

    @property
    def is_stuck(self) -> bool:
        """Whether somebody should look."""
        return self.standing in (
            Standing.STALLED,
            Standing.RESTING,
            Standing.SILENT,
            Standing.FAILING,
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
            each.host: each.started_at
            for each in workers  # the oldest first
            if self.is_alive(each) and each.name not in self.stopped
        }
        return [
            each
            for each in workers
            if each.name in self.stopped
            or (not self.is_alive(each) and started.get(each.host, 0) < each.started_at)
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
        """How many runs nobody has or keeps for itself, while no worker is there."""
        waiting = sum(each.runner is None for each in (*self.imports, *self.others))
        return 0 if self.workers_alive else waiting


def read_status(
    database: Database, settings: Settings, claims: Claims, forerunners: Forerunners
) -> InstallationStatus:
    """The status at this moment."""
    with database.read() as tx:
        now = tx.now()
        processes = list_processes(tx)
        stopped = frozenset(each.name for each in processes if is_stopped(each))
        runs = open_runs(tx)
        found: dict[RunId, Import | ImportUnreadable] = {
            each.id: each for each in unfinished_imports(tx)
        }
        blocked = blockers_of_all(tx)
        runners = claims.runners_of(tx, runs)
        by_name = {process.name: process for process in processes}
        environments = {
            number: read_environment(tx, number) for number in {run.environment for run in runs}
        }
        waits_for: dict[int, WaitsFor] = {}  # by the import that is waited for
        imports: list[ImportStanding] = []
        others: list[RunStanding] = []
        for run in runs:
            import_ = found.get(run.id)
            if isinstance(import_, ImportUnreadable):
                continue
            environment, runner = environments[run.environment], runners.get(run.id)
            if database.is_embedded:
                pid = None if runner is None else runner.pid
                is_halted = pid is not None and is_pid_stopped(pid)
            else:
                is_halted = runner is not None and run.runner in stopped
            stalled = None
            if import_ is not None and runner is not None and run.id not in blocked:
                stalled = stalled_seconds(import_, now)
            standing: dict[str, Any] = {
                "run": run,
                "organization": environment.organization,
                "mode": environment.mode,
                "standing": _standing(
                    run,
                    now,
                    has_runner=runner is not None,
                    is_blocked=run.id in blocked,
                    is_stalled=stalled is not None or is_halted,
                    is_embedded=database.is_embedded,
                ),
                "process": by_name.get(run.runner or ""),
                "runner": runner,
                "stalled_seconds": stalled,
                "is_stopped": is_halted,
            }
            if import_ is None:
                others.append(RunStanding(**standing))
                continue
            older = next((found.get(id) for id in blocked.get(run.id, ())), None)
            if isinstance(older, Import) and older.id not in waits_for:
                waits_for[older.id] = forerunners.described(
                    tx, older, runners.get(older.id), is_blocked=older.id in blocked
                )
            told = waits_for.get(older.id) if isinstance(older, Import) else None
            imports.append(ImportStanding(**standing, import_=import_, waits_for=told))
    return InstallationStatus(
        database=database.place,
        at=now,
        silent_before=now - int(settings.takeover_seconds * 1000),
        processes=processes,
        stopped=stopped,
        imports=imports,
        others=others,
        unreadable=[each for each in found.values() if isinstance(each, ImportUnreadable)],
    )


def _standing(
    run: Run,
    now: int,
    *,
    has_runner: bool,
    is_blocked: bool,
    is_stalled: bool,
    is_embedded: bool,
) -> Standing:
    if is_blocked:
        return Standing.WAITING
    if has_runner:
        return Standing.STALLED if is_stalled else Standing.RUNNING
    if run.rests_until is not None and run.rests_until > now:
        return Standing.RESTING
    if run.heartbeat_at is not None and not is_embedded:
        return Standing.SILENT
    return Standing.FAILING if run.attempts else Standing.WAITING
