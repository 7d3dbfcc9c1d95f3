"""What an installation is doing: its processes, and the imports that are not finished."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from longshore.access import read_environment
from longshore.database import Database
from longshore.imports import Import, unfinished_imports
from longshore.jobs import Process, list_processes
from longshore.settings import Settings


class Standing(StrEnum):
    """How an unfinished import stands."""

    RUNNING = "running"  # a process is at it
    WAITING = "waiting"  # for a worker
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

    @property
    def is_stuck(self) -> bool:
        """Whether somebody should look."""
        return self.standing in (Standing.RESTING, Standing.SILENT, Standing.FAILING)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationStatus:
    """Everything at one moment; times are milliseconds since 1970, of the database's clock."""

    database: str  # tells no secret
    at: int
    silent_before: int  # a process that said nothing since then is taken to be dead
    processes: Sequence[Process]
    imports: Sequence[ImportStanding]  # oldest first

    def is_alive(self, process: Process) -> bool:
        """Whether a process has said so lately."""
        return process.heartbeat_at >= self.silent_before


def read_status(
    database: Database, settings: Settings, is_running: Callable[[Import], bool]
) -> InstallationStatus:
    """The status at this moment."""
    with database.read() as tx:
        now = tx.now()
        silent_before = now - int(settings.takeover_seconds * 1000)
        processes = list_processes(tx)
        by_name = {process.name: process for process in processes}
        standings = []
        for import_ in unfinished_imports(tx):
            environment = read_environment(tx, import_.environment)
            standings.append(
                ImportStanding(
                    import_=import_,
                    organization=environment.organization,
                    mode=environment.mode,
                    standing=_standing(import_, now, is_running, embedded=database.is_embedded),
                    process=by_name.get(import_.runner or ""),
                )
            )
    return InstallationStatus(
        database=database.place,
        at=now,
        silent_before=silent_before,
        processes=processes,
        imports=standings,
    )


def _standing(
    import_: Import, now: int, is_running: Callable[[Import], bool], *, embedded: bool
) -> Standing:
    if is_running(import_):
        return Standing.RUNNING
    if import_.rests_until is not None and import_.rests_until > now:
        return Standing.RESTING
    if import_.heartbeat_at is not None and not embedded:
        return Standing.SILENT
    return Standing.FAILING if import_.attempts else Standing.WAITING
