"""`longshore status`: who is there, and what runs, waits or is stuck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.options import json_option
from longshore.cli.documents import write_document
from longshore.cli.forerunners import waiting_for
from longshore.cli.messages import counted, say, warn
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.tables import Column, second, write_facts, write_table

if TYPE_CHECKING:
    from longshore.assembly import ImportStanding, InstallationStatus, Longshore

__all__ = ["status"]

_PROCESS_COLUMNS = (
    Column(title="process"),
    Column(title="host", shortens=True),
    Column(title="pid", right=True),
    Column(title="started (UTC)"),
    Column(title="heartbeat"),
)
_IMPORT_COLUMNS = (
    Column(title="import"),
    Column(title="organization"),
    Column(title="mode"),
    Column(title="type", shortens=True),
    Column(title="rows", right=True),
    Column(title="gone through", right=True),
    Column(title="standing", folds=True),
)


@click.command("status", short_help="Show processes, and imports that run, wait or are stuck.")
@json_option
@takes_place
def status(place: Place, as_json: bool) -> None:
    """Show the processes that share the installation with their heartbeats, whether a worker is
    among them, and the imports of all organizations that run, wait or are stuck."""
    with open_place(place, makes=False) as longshore:
        found = longshore.status()
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


def _show(longshore: Longshore, found: InstallationStatus) -> None:
    stuck = sum(each.is_stuck for each in found.imports)
    write_facts(
        [
            ("database", found.database),
            ("processes alive", sum(map(found.is_alive, found.processes))),
            ("workers alive", found.workers_alive),
            ("imports unfinished", len(found.imports) + len(found.unreadable)),
            ("of them stuck", stuck or None),
        ]
    )
    if found.processes:
        click.echo()
        write_table(_PROCESS_COLUMNS, map(_process_row(found), found.processes))
    if found.imports:
        click.echo()
        write_table(_IMPORT_COLUMNS, (_import_row(longshore, found, e) for e in found.imports))


def _process_row(found: InstallationStatus) -> Any:
    def row(process: Any) -> tuple[object, ...]:
        age = max(found.at - process.heartbeat_at, 0) // 1000
        heartbeat = f"{age} s ago" if found.is_alive(process) else f"silent for {age} s"
        # A number that is typed as it is: not in groups of three.
        pid = str(process.pid)
        return process.kind, process.host, pid, second(process.started_at), heartbeat

    return row


def _import_row(
    longshore: Longshore, found: InstallationStatus, each: ImportStanding
) -> tuple[object, ...]:
    import_ = each.import_
    return (
        longshore.public_ids.encode(import_.id),
        each.organization,
        each.mode,
        import_.resource_type,
        import_.inputs_size,
        import_.consumed_count,
        _explained(found, each),
    )


def _explained(found: InstallationStatus, each: ImportStanding) -> str:
    text = str(each.standing)
    runner = each.runner or each.process
    if runner is not None:
        text += f" on {runner.host or 'another host'}"
        text += "" if runner.pid is None else f", pid {runner.pid}"
    if each.stalled_seconds is not None:
        text += f", nothing was committed for {each.stalled_seconds} s"
    if each.waits_for is not None:
        text += f", for {waiting_for(each.waits_for)}"
    if each.import_.rests_until is not None and each.import_.rests_until > found.at:
        text += f", for {(each.import_.rests_until - found.at) // 1000 + 1} s"
    if each.import_.attempts > 1:
        text += f", {each.import_.attempts} attempts without a chunk committed"
    return text


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
                "inputs_size": each.import_.inputs_size,
                "processed_count": each.import_.processed_count,
                "errors_count": each.import_.errors_count,
                "standing": str(each.standing),
                "stuck": each.is_stuck,
                "attempts": each.import_.attempts,
                "host": None if (at := each.runner or each.process) is None else at.host,
                "pid": None if at is None else at.pid,
                "heartbeat_at": _moment(each.import_.heartbeat_at),
                "rests_until": _moment(each.import_.rests_until),
                "stalled_seconds": each.stalled_seconds,
                "waits_for": each.waits_for and waits_for_document(each.waits_for),
            }
            for each in found.imports
        ],
        "unreadable": [each.public_id for each in found.unreadable],
    }


def _moment(milliseconds: int | None) -> str | None:
    from longshore.clock import format_datetime

    return None if milliseconds is None else format_datetime(milliseconds)
