"""`longshore errors`: every error of an import, and the rows that have them as a file."""

from __future__ import annotations

from pathlib import Path

import click

from longshore.cli.commands.options import (
    import_argument,
    json_option,
    limit_option,
    spreadsheet_safe_option,
)
from longshore.cli.documents import write_list
from longshore.cli.failed_rows import FailedRowsFile, SourceForm
from longshore.cli.findings import write_errors
from longshore.cli.messages import say
from longshore.cli.places import Place, open_place, takes_place

__all__ = ["errors"]


@click.command("errors", short_help="List the errors of an import.")
@import_argument
@limit_option("At most so many.  [default: all]")
@json_option
@click.option(
    "--failed-rows",
    "failed_rows_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the rows that failed to this file instead, as import --errors does; - is standard "
    "output.",
)
@spreadsheet_safe_option(
    "Guard the cells of --failed-rows that a spreadsheet would compute; the file then has "
    ".spreadsheet-safe in its name."
)
@takes_place
def errors(
    place: Place,
    public_id: str,
    limit: int | None,
    as_json: bool,
    failed_rows_file: Path | None,
    is_guarded: bool,
) -> None:
    """List every error of an import, by row: rows count from 1 without the header, lines are
    those of the file."""
    from longshore.operations import error_attributes

    if failed_rows_file is not None and (as_json or limit is not None):
        raise click.UsageError(
            "--failed-rows writes all rows, without --limit, and a name that ends in .json as JSON"
        )
    if is_guarded and failed_rows_file is None:
        raise click.UsageError("--spreadsheet-safe guards the cells of --failed-rows FILE")
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        import_ = longshore.imports.find(environment, public_id)
        if failed_rows_file is not None:
            file = FailedRowsFile.of_option(
                failed_rows_file, is_spreadsheet_safe=is_guarded, source=None
            )
            rows = longshore.imports.failed_rows(import_)
            form = longshore.attachments.text_form(import_.attachment_name, import_.layout)
            file.write(rows, SourceForm(import_.layout, form))
            return
        found = longshore.imports.errors(import_, limit=limit)
        if as_json:
            write_list(map(error_attributes, found))
        elif import_.errors_count:
            write_errors(found)
        else:
            say(f"no row of import {public_id} failed")
        if import_.interruption_reason and not as_json:
            say(f"it was interrupted: {import_.interruption_reason}")
        if import_.stopped_by is not None and not as_json:
            say(f"it was interrupted: {import_.stopped_by.reason}")
