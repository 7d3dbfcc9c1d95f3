"""What an installation is doing: its processes, and the imports that are not finished."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from longshore.access import read_environment
from longshore.assembly.claims import Claims
from longshore.assembly.forerunners import Forerunners, stalled_seconds
from longshore.database import Database
from longshore.imports import Import, ImportUnreadable, WaitsFor, unfinished_imports
from longshore.jobs import Process, Runner, list_processes
from longshore.settings import Settings


class Standing(StrEnum):
    """How an unfinished import stands."""

    RUNNING = "running"  # a process is at it
    STALLED = "stalled"  # a process is at it that lives, and has committed nothing for long
    WAITING = "waiting"  # for a worker, or for an older import
    RESTING = "resting"  # it failed, and is tried again later
    SILENT = "silent"  # its process says nothing any more; another one takes over soon
    FAILING = "failing"  # runners died at it without committing anything


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStanding:
    """An unfinished import, and how it stands."""

    import_: Import
    organization: str
    mode: str
    standing: Standing
    process: Process | None  # that runs it, or ran it last
    runner: Runner | None  # that runs it, or keeps it for itself
    waits_for: WaitsFor | None  # the oldest import that has to end before
    stalled_seconds: int | None  # for so long its runner has committed nothing

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
class InstallationStatus:
    """Everything at one moment; times are milliseconds since 1970, of the database's clock."""

    database: str  # tells no secret
    at: int
    silent_before: int  # a process that said nothing since then is taken to be dead
    processes: Sequence[Process]
    imports: Sequence[ImportStanding]  # by environment, oldest first
    unreadable: Sequence[ImportUnreadable]  # not finished either; nobody goes on with them

    def is_alive(self, process: Process) -> bool:
        """Whether a process has said so lately."""
        return process.heartbeat_at >= self.silent_before

    @property
    def workers_alive(self) -> int:
        """How many workers are there."""
        return sum(each.kind == "worker" and self.is_alive(each) for each in self.processes)

    @property
    def waiting_in_vain(self) -> int:
        """How many imports nobody runs or keeps for itself, while no worker is there."""
        return 0 if self.workers_alive else sum(each.runner is None for each in self.imports)


def read_status(
    database: Database, settings: Settings, claims: Claims, forerunners: Forerunners
) -> InstallationStatus:
    """The status at this moment."""
    with database.read() as tx:
        now = tx.now()
        silent_before = now - int(settings.takeover_seconds * 1000)
        processes = list_processes(tx)
        by_name = {process.name: process for process in processes}
        standings = []
        unreadable = []
        for import_ in unfinished_imports(tx):
            if isinstance(import_, ImportUnreadable):
                unreadable.append(import_)
                continue
            environment = read_environment(tx, import_.environment)
            runner = claims.runner_of(tx, import_)
            waits_for, is_blocked = None, True
            with suppress(ImportUnreadable):  # it waits for one of those
                waits_for = forerunners.oldest(tx, import_)
                is_blocked = waits_for is not None
            stalled = None
            if runner is not None and not is_blocked:
                stalled = stalled_seconds(import_, now)
            standings.append(
                ImportStanding(
                    import_=import_,
                    organization=environment.organization,
                    mode=environment.mode,
                    standing=_standing(
                        import_,
                        now,
                        is_running=runner is not None,
                        is_blocked=is_blocked,
                        is_stalled=stalled is not None,
                        embedded=database.is_embedded,
                    ),
                    process=by_name.get(import_.runner or ""),
                    runner=runner,
                    waits_for=waits_for,
                    stalled_seconds=stalled,
                )
            )
    return InstallationStatus(
        database=database.place,
        at=now,
        silent_before=silent_before,
        processes=processes,
        imports=standings,
        unreadable=unreadable,
    )


def _standing(
    import_: Import,
    now: int,
    *,
    is_running: bool,
    is_blocked: bool,
    is_stalled: bool,
    embedded: bool,
) -> Standing:
    if is_blocked:
        return Standing.WAITING
    if is_running:
        return Standing.STALLED if is_stalled else Standing.RUNNING
    if import_.rests_until is not None and import_.rests_until > now:
        return Standing.RESTING
    if import_.heartbeat_at is not None and not embedded:
        return Standing.SILENT
    return Standing.FAILING if import_.attempts else Standing.WAITING
