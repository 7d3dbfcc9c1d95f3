"""`longshore status`: who is there, and what runs, waits or is stuck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.options import json_option
from longshore.cli.documents import write_document
from longshore.cli.endings import Exit
from longshore.cli.forerunners import waiting_for
from longshore.cli.messages import counted, say, warn
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.tables import TableColumn, second, write_facts, write_table

if TYPE_CHECKING:
    from longshore.assembly import Longshore
    from longshore.operations import ImportStanding, InstallationStatus, RunStanding

__all__ = ["status"]

_PROCESS_COLUMNS = (
    TableColumn(title="process"),
    TableColumn(title="host", shortens=True),
    TableColumn(title="pid", right=True),
    TableColumn(title="started (UTC)"),
    TableColumn(title="heartbeat"),
)
_IMPORT_COLUMNS = (
    TableColumn(title="import"),
    TableColumn(title="organization"),
    TableColumn(title="mode"),
    TableColumn(title="type", shortens=True),
    TableColumn(title="rows", right=True),
    TableColumn(title="gone through", right=True),
    TableColumn(title="standing", folds=True),
)


_RUN_COLUMNS = (
    TableColumn(title="run"),
    TableColumn(title="kind"),
    TableColumn(title="organization"),
    TableColumn(title="mode"),
    TableColumn(title="standing", folds=True),
)


@click.command("status", short_help="Show processes, and imports that run, wait or are stuck.")
@click.option(
    "--check",
    is_flag=True,
    help="Say in one line whether somebody should look, and exit with 2 then.",
)
@json_option
@takes_place
def status(place: Place, as_json: bool, check: bool) -> Exit:
    """Show the processes that share the installation with their heartbeats, whether a worker is
    among them, and the imports of all organizations that run, wait or are stuck.

    With --check, for monitoring: exit 2 when something waits that nothing runs, something is
    stalled, or a worker is stopped or silent; exit 0 when all is well. Where the database cannot
    be asked the exit is 1."""
    with open_place(place, makes=False) as longshore:
        found = longshore.status.read()
        if check:
            return _check(longshore, found, as_json=as_json)
        if as_json:
            write_document(_document(longshore, found))
        else:
            _show(longshore, found)
        for each in found.unreadable:
            warn(each.message, hint=each.hint)
        if count := found.waiting_in_vain:
            say(
                f"no worker is there, and {counted(count, 'import waits', 'imports wait')} for one",
                hint="longshore worker starts one, longshore serve has one",
            )
    return Exit.DONE


def _check(longshore: Longshore, found: InstallationStatus, *, as_json: bool) -> Exit:
    from longshore.operations import amiss_shown

    amiss = amiss_shown(found, longshore.public_ids)
    if as_json:
        write_document({**_document(longshore, found), "amiss": amiss})
    elif amiss:
        click.echo("; ".join(amiss))
    else:
        unfinished = len(found.imports) + len(found.others)  # all are read
        click.echo(
            f"all is well: {counted(found.workers_alive, 'worker', 'workers')} alive, "
            f"{counted(unfinished, 'run', 'runs')} unfinished"
        )
    return Exit.AMISS if amiss else Exit.DONE


def _show(longshore: Longshore, found: InstallationStatus) -> None:
    stuck = sum(each.is_stuck for each in (*found.imports, *found.others))
    write_facts(
        [
            ("database", found.database),
            ("processes alive", sum(map(found.is_alive, found.processes))),
            ("workers alive", found.workers_alive),
            ("imports unfinished", len(found.imports) + len(found.unreadable)),
            ("other runs unfinished", len(found.others) or None),
            ("of them stuck", stuck or None),
        ]
    )
    if found.processes:
        click.echo()
        write_table(_PROCESS_COLUMNS, map(_process_row(found), found.processes))
    if found.imports:
        click.echo()
        write_table(_IMPORT_COLUMNS, (_import_row(longshore, found, e) for e in found.imports))
    if found.others:
        click.echo()
        write_table(_RUN_COLUMNS, (_run_row(longshore, found, e) for e in found.others))


def _process_row(found: InstallationStatus) -> Any:
    def row(process: Any) -> tuple[object, ...]:
        age = max(found.at - process.heartbeat_at, 0) // 1000
        heartbeat = f"{age} s ago" if found.is_alive(process) else f"silent for {age} s"
        if process.name in found.stopped:
            heartbeat = f"stopped, {heartbeat}"
        # A number that is typed as it is: not in groups of three.
        pid = str(process.pid)
        return process.kind, process.host, pid, second(process.started_at), heartbeat

    return row


def _import_row(
    longshore: Longshore, found: InstallationStatus, each: ImportStanding
) -> tuple[object, ...]:
    from longshore.operations import stage_shown

    import_ = each.import_
    from longshore.operations import standing_shown

    waits_for = None if each.waits_for is None else waiting_for(each.waits_for)
    explained = standing_shown(found, each, longshore.public_ids, waits_for)
    return (
        longshore.public_ids.encode(import_.id),
        each.organization,
        each.mode,
        import_.resource_type,
        import_.inputs_size,
        import_.consumed_count,
        explained if import_.stage is None else f"{explained}; {stage_shown(import_)}",
    )


def _run_row(
    longshore: Longshore, found: InstallationStatus, each: RunStanding
) -> tuple[object, ...]:
    from longshore.operations import standing_shown

    return (
        longshore.public_ids.encode(each.run.id),
        each.run.kind,
        each.organization,
        each.mode,
        standing_shown(found, each, longshore.public_ids),
    )


def _document(longshore: Longshore, found: InstallationStatus) -> dict[str, Any]:
    from longshore.operations import waits_for_document

    return {
        "database": found.database,
        "at": _moment(found.at),
        "workers_alive": found.workers_alive,
        "worker_missing": found.waiting_in_vain > 0,
        "processes": [
            {
                "kind": each.kind,
                "host": each.host,
                "pid": each.pid,
                "attachments": each.attachments,
                "started_at": _moment(each.started_at),
                "heartbeat_at": _moment(each.heartbeat_at),
                "alive": found.is_alive(each),
                "stopped": each.name in found.stopped,
            }
            for each in found.processes
        ],
        "imports": [
            {
                "id": longshore.public_ids.encode(each.import_.id),
                "organization": each.organization,
                "mode": each.mode,
                "resource_type": each.import_.resource_type,
                "status": str(each.import_.status),
                "stage": each.import_.stage and str(each.import_.stage),
                "inputs_size": each.import_.inputs_size,
                "processed_count": each.import_.processed_count,
                "errors_count": each.import_.errors_count,
                "standing": str(each.standing),
                "stuck": each.is_stuck,
                "attempts": each.run.attempts,
                "host": None if (at := each.runner or each.process) is None else at.host,
                "pid": None if at is None else at.pid,
                "heartbeat_at": _moment(each.run.heartbeat_at),
                "rests_until": _moment(each.run.rests_until),
                "stalled_seconds": each.stalled_seconds,
                "waits_for": each.waits_for and waits_for_document(each.waits_for),
            }
            for each in found.imports
        ],
        "runs": [
            {
                "id": longshore.public_ids.encode(each.run.id),
                "kind": each.run.kind,
                "organization": each.organization,
                "mode": each.mode,
                "standing": str(each.standing),
                "stuck": each.is_stuck,
                "attempts": each.run.attempts,
                "rests_until": _moment(each.run.rests_until),
                "waits_for": each.older and longshore.public_ids.encode(each.older.id),
            }
            for each in found.others
        ],
        "unreadable": [each.public_id for each in found.unreadable],
    }


def _moment(milliseconds: int | None) -> str | None:
    from longshore.clock import format_datetime

    return None if milliseconds is None else format_datetime(milliseconds)
