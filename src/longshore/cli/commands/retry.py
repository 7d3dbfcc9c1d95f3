"""`longshore retry`: the failed rows of an import, mended and taken again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from longshore.cli.commands.options import (
    import_argument,
    json_option,
    spreadsheet_safe_option,
    verbose_option,
)
from longshore.cli.endings import Exit
from longshore.cli.failed_rows import STANDARD_OUTPUT, FailedRowsFile
from longshore.cli.group_imports import check_failed_rows, run_group_to_end
from longshore.cli.import_end import run_to_end
from longshore.cli.import_work import Work
from longshore.cli.messages import counted, fail, printable, say, warn
from longshore.cli.named_groups import group_called
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.stops import StopRequested, watch_for_stops
from longshore.errors import RequestRefused
from longshore.spreadsheet_cells import SPREADSHEET_SAFE

if TYPE_CHECKING:
    from longshore.operations import Retry
    from longshore.sources import Source

__all__ = ["retry"]


@click.command("retry", short_help="Import the failed rows of an import or group again, mended.")
@import_argument
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Give a column this value in all failed rows; may be given again.",
)
@click.option(
    "--replace",
    "replacements",
    multiple=True,
    metavar="FIELD:OLD=NEW",
    help="Give a column a value in the failed rows in which it is exactly OLD; may be given again.",
)
@click.option(
    "--file",
    "mended_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take the failed rows that are in this file, as they are there: one that --errors has "
    "written, and that was mended. Rows that are not in it are left out.",
)
@click.option(
    "--errors",
    "errors_file",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Write the rows that fail again to a CSV, JSON or XLSX file; - writes them to standard "
    "output, and the report to standard error.",
)
@spreadsheet_safe_option(
    "Take the apostrophe off cells of FILE that --errors with this option wrote before = + - @, "
    "and write it into the rows that fail again."
)
@json_option
@verbose_option
@takes_place
def retry(
    place: Place,
    public_id: str,
    sets: tuple[str, ...],
    replacements: tuple[str, ...],
    mended_file: Path | None,
    errors_file: Path | None,
    is_guarded: bool,
    as_json: bool,
    verbose: bool,
) -> Exit:
    """Import the rows of an import that failed once more, as they stand in its source or with
    edits: when what they lacked is there, or with --set and --replace, or from a mended file.

    A field is the column that fills it; a field that no column fills becomes a column. What a
    retry of the same import has mended is not taken again. Rows are told by their numbers and
    lines in the first source. However many fail, the retry goes on to its end.

    With the ID of an import group, take the failed rows of all of its imports again, as one group.

    Ctrl-C, SIGTERM and SIGHUP do what they do to `longshore import`; `longshore resume` finishes a
    retry that was left open.

    Exit status: 0 all rows are in; 1 rows failed, or the retry was interrupted; 2 nothing was done.
    """
    from longshore.edits import Edits, parse_replacement, parse_set

    edits = Edits(
        sets=tuple(map(parse_set, sets)), replacements=tuple(map(parse_replacement, replacements))
    )
    failed_rows = None
    if errors_file is not None:
        if as_json and errors_file == STANDARD_OUTPUT:
            raise click.UsageError("--json and --errors - both want standard output: name a file")
        failed_rows = FailedRowsFile.of_option(
            errors_file, is_spreadsheet_safe=is_guarded, source=mended_file
        )
    if mended_file is not None and edits:
        raise click.UsageError("--file says what the cells are: --set and --replace go without it")
    with (
        open_place(place, verbose=verbose, makes=False) as longshore,
        watch_for_stops() as stops,
    ):
        environment = place.environment(longshore)
        work = Work(longshore, environment, stops, verbose)
        group = group_called(longshore, environment, public_id)
        if group is not None:
            if edits or mended_file is not None:
                raise RequestRefused(
                    "the rows of a group are retried as they stand: a column is one of one type",
                    hint=f"longshore show {public_id} lists its imports; retry one of them by its "
                    "id, with the edits",
                )
            check_failed_rows(failed_rows, [each.resource_type for each in group.members])
            try:
                again, all_made = work.retry_group(group)
            except StopRequested:
                fail("stopped while the rows were read; nothing was imported")
                return Exit.HAD_ERRORS
            for made in all_made:
                _tell(made)
            return run_group_to_end(work, again, failed_rows, as_json=as_json)
        before = longshore.imports.find(environment, public_id)
        try:
            made = work.retry(before, edits, _source(mended_file, is_guarded=is_guarded))
        except StopRequested:
            fail("stopped while the rows were read; nothing was imported")
            return Exit.HAD_ERRORS
        _tell(made)
        return run_to_end(work, made.import_, failed_rows, as_json=as_json)


def _source(file: Path | None, *, is_guarded: bool) -> Source | None:
    from longshore.sources import Source

    if file is None:
        return None
    if not is_guarded and SPREADSHEET_SAFE in file.suffixes:
        warn(
            f"the name of {printable(str(file))} says that cells have an apostrophe before = + - @",
            hint="--spreadsheet-safe takes it off",
        )
    return replace(Source.from_path(file), is_guarded=is_guarded)


def _tell(made: Retry) -> None:
    """Say what is taken again, and what is not."""
    for column in made.added_columns:
        say(f"the column {printable(column)} is added, which the source does not have")
    if made.left_out_count:
        say(f"{counted(made.left_out_count, 'failed row')} not in the file stay as they are")
    if made.unreadable_count:
        warn(
            f"{counted(made.unreadable_count, 'failed row')} cannot be cut into cells and stay as "
            "they are",
            hint="mend the quotes in a file of your own, and import that",
        )
    if made.not_reached_count:
        warn(
            f"{counted(made.not_reached_count, 'row')} behind the failed ones were never reached, "
            "and are not part of the retry",
            hint="import the source again for them; rows that are in are then unchanged",
        )
