"""How the installation is: its processes, what waits or is stuck, database and disk."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.responses import Response

from longshore import __version__
from longshore.dashboard.answers import page
from longshore.dashboard.endpoint import Page
from longshore.dashboard.import_words import things
from longshore.dashboard.refusals import PageRefused
from longshore.dashboard.request import PageRequest
from longshore.database import schema_revision
from longshore.operations import (
    ImportStanding,
    InstallationStatus,
    RunStanding,
    Standing,
    amiss_shown,
    standing_shown,
)

_DISK_SHARE_MIN = 0.05  # of what a disk holds; with less, somebody should look


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """A run that has not ended, as it is shown."""

    id: str
    kind: str
    resource_type: str
    rows: int | None
    done: int | None
    words: str
    is_stuck: bool
    command: str | None  # that helps


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Room where the data is."""

    free: int
    total: int

    @property
    def is_short(self) -> bool:
        return self.free < self.total * _DISK_SHARE_MIN


def _system(request: PageRequest) -> Response:
    """GET /system"""
    if not request.is_unlimited:
        raise PageRefused(403, "this session may not see the system")
    whole = request.operations.status.read()
    own = _own(request, whole)
    runs = [_shown(request, own, each) for each in (*own.imports, *own.others)]
    others = len(whole.imports) + len(whole.others) - len(runs)
    disk = _disk(request.services.settings.data)
    return page(
        request,
        "system.html",
        title="System",
        found=own,
        amiss=amiss_shown(own, request.services.public_ids),
        waiting=own.waiting_in_vain,
        standings=runs,
        others=others,
        version=__version__,
        revision=schema_revision(),
        attachments=request.services.settings.attachments,
        disk=disk,
        ages={each.name: max(own.at - each.heartbeat_at, 0) // 1000 for each in own.processes},
    )


def _own(request: PageRequest, status: InstallationStatus) -> InstallationStatus:
    """The status without the runs of other organizations and modes."""
    environment = request.signed_in.environment

    def is_own(each: RunStanding) -> bool:
        return each.run.environment == environment.number

    return replace(
        status,
        imports=[each for each in status.imports if is_own(each)],
        others=[each for each in status.others if is_own(each)],
        unreadable=[],
    )


def _shown(request: PageRequest, status: InstallationStatus, each: RunStanding) -> ShownRun:
    public_ids = request.services.public_ids
    import_ = each.import_ if isinstance(each, ImportStanding) else None
    waits_for = None
    if isinstance(each, ImportStanding) and (older := each.waits_for) is not None:
        waits_for = (
            f"{older.kind} {older.public_id} ({things(older.resource_type)}, "
            f"{older.consumed_count:,} of {older.inputs_size:,} rows)"
        )
    words = standing_shown(status, each, public_ids, waits_for)
    return ShownRun(
        id=public_ids.encode(each.run.id),
        kind=each.run.kind,
        resource_type="" if import_ is None else import_.resource_type,
        rows=None if import_ is None else import_.inputs_size,
        done=None if import_ is None else import_.consumed_count,
        words=words[:1].upper() + words[1:],
        is_stuck=each.is_stuck,
        command=_help(each, public_ids.encode(each.run.id)),
    )


def _help(each: RunStanding, id_: str) -> str | None:
    """The command that helps a run that is stuck."""
    if isinstance(each, ImportStanding) and each.waits_for is not None:
        return each.waits_for.command
    if each.standing in (Standing.FAILING, Standing.STALLED):
        return f"longshore interrupt {id_}"
    if each.standing is Standing.WAITING and each.runner is None:
        return "longshore worker"
    return None


def _disk(folder: Path) -> Disk | None:
    existing: Sequence[Path] = [each for each in (folder, *folder.parents) if each.exists()]
    try:
        usage = shutil.disk_usage(existing[0])
    except (OSError, IndexError):
        return None
    return Disk(free=usage.free, total=usage.total)


PAGES = [("/system", Page(handlers={"GET": _system}))]
