"""`longshore copy`: everything of a data folder to a PostgreSQL database."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.options import json_option
from longshore.cli.documents import write_document
from longshore.cli.messages import counted, say, warn
from longshore.cli.places import Place, database_url, takes_place
from longshore.cli.progress import show_progress
from longshore.cli.tables import TableColumn, write_table

if TYPE_CHECKING:
    from longshore.copying import Copied

__all__ = ["copy"]

_COLUMNS = (
    TableColumn(title="table"),
    TableColumn(title="rows", right=True),
    TableColumn(title="SHA-256 of both"),
)


@click.command("copy", short_help="Copy everything to a PostgreSQL database.")
@click.option(
    "--from",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Data folder to copy from.",
)
@click.option(
    "--to",
    callback=database_url,
    metavar="URL",
    help="PostgreSQL database to copy to, as --database names it.",
)
@json_option
@takes_place
def copy(place: Place, folder: Path, to: str | None, as_json: bool) -> None:
    """Copy an installation from a data folder to an empty PostgreSQL database.

    Everything goes: all organizations, records, imports, journals, keys and attachments, the last
    to the place of the attachments (--data). Every table and attachment is read again on both
    sides and compared. Nobody can use the target before the copy is complete; one that was
    stopped goes on when it is repeated. The folder stays as it is: stop what works in it before,
    and use it no more afterwards.
    """
    from longshore.assembly import copy_from

    if to and place.database:
        raise click.UsageError("--to and --database name the same thing: give one of them")
    place = dataclasses.replace(place, database=to or place.database)
    settings = place.settings()
    if not settings.database_url:
        raise click.UsageError("name the database to copy to: LONGSHORE_DATABASE_URL, or --to URL")
    with show_progress() as progress:
        begun = ""

        def on_progress(step: str, done: int, total: int, unit: str) -> None:
            nonlocal begun
            if step != begun:
                progress.begin(step)
                begun = step
            progress.count(done, total, unit)

        copied = copy_from(folder, settings, on_progress=on_progress)
    _report(copied, as_json=as_json)


def _report(copied: Copied, *, as_json: bool) -> None:
    attachments = copied.attachments
    if attachments.missing:
        warn(
            f"{counted(len(attachments.missing), 'attachment')} could not be copied, "
            f"because the source has lost them: {', '.join(attachments.missing)}"
        )
    if as_json:
        write_document({"data": _document(copied)})
        return
    shown = [each for each in copied.tables if each.rows]
    write_table(_COLUMNS, ((each.name, each.rows, each.sha256) for each in shown))
    rows = sum(each.rows for each in copied.tables)
    say(
        f"copied and compared {counted(rows, 'row')} of {counted(len(copied.tables), 'table')} and "
        f"{counted(attachments.count, 'attachment')}"
    )
    if copied.unfinished:
        say(f"{counted(copied.unfinished, 'unfinished import')}: a worker there goes on with them")


def _document(copied: Copied) -> dict[str, Any]:
    attachments = copied.attachments
    return {
        "tables": [
            {"table": each.name, "rows": each.rows, "sha256": each.sha256} for each in copied.tables
        ],
        "attachments": {
            "count": attachments.count,
            "bytes": attachments.raw_bytes,
            "missing": list(attachments.missing),
        },
        "unfinished_imports": copied.unfinished,
    }
