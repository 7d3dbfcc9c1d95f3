"""`longshore errors`: every error of an import, each cause once, or the failed rows as a file."""

from __future__ import annotations

from pathlib import Path

import click

from longshore.cli.commands.options import (
    import_argument,
    json_option,
    limit_option,
    spreadsheet_safe_option,
)
from longshore.cli.digest import CAUSES_SHOWN_MAX, LISTED_MAX, write_digest
from longshore.cli.documents import write_document_and_many, write_list
from longshore.cli.failed_rows import FailedRowsFile
from longshore.cli.findings import write_errors
from longshore.cli.group_errors import (
    list_group_errors,
    write_group_digest,
    write_group_failed_rows,
)
from longshore.cli.group_imports import check_failed_rows
from longshore.cli.messages import is_terminal, say
from longshore.cli.named_groups import group_called
from longshore.cli.places import Place, open_place, takes_place

__all__ = ["errors"]


@click.command("errors", short_help="List the errors of an import, group or plan, or their causes.")
@import_argument
@click.option(
    "--digest",
    "wants_digest",
    is_flag=True,
    help="Each cause once: how many errors it has, their first rows, the value, and what may "
    "have been meant.",
)
@click.option(
    "--all",
    "wants_all",
    is_flag=True,
    help="Each error, also on a terminal where more than 20 rows failed.",
)
@limit_option("At most so many errors, or with --digest causes.  [default: all]")
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
    wants_digest: bool,
    wants_all: bool,
    limit: int | None,
    as_json: bool,
    failed_rows_file: Path | None,
    is_guarded: bool,
) -> None:
    """List every error of an import or a plan, by row: rows count from 1 without the header, lines
    are those of the file. A terminal shows the causes instead where more than 20 rows failed. Of an
    import group the errors of all types are listed, and --failed-rows writes a file for each; of
    another system's file also one of its own rows, under the name itself."""
    from longshore.operations import (
        SourceForm,
        digest_counts,
        error_attributes,
        error_group_attributes,
    )

    if wants_digest and wants_all:
        raise click.UsageError("--digest shows each cause once, and --all each error: choose one")
    if failed_rows_file is not None and (wants_digest or wants_all):
        raise click.UsageError("--failed-rows writes rows, and --digest and --all show errors")
    if failed_rows_file is not None and (as_json or limit is not None):
        raise click.UsageError(
            "--failed-rows writes all rows, without --limit, and a name that ends in .json as JSON"
        )
    if is_guarded and failed_rows_file is None:
        raise click.UsageError("--spreadsheet-safe guards the cells of --failed-rows FILE")
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        if (group := group_called(longshore, environment, public_id)) is not None:
            if failed_rows_file is not None:
                of_all = FailedRowsFile.of_option(
                    failed_rows_file, is_spreadsheet_safe=is_guarded, source=None
                )
                check_failed_rows(of_all, [each.resource_type for each in group.members])
                write_group_failed_rows(longshore, group, of_all)
            elif wants_digest and as_json:
                raise click.UsageError(
                    "--digest --json is of one import: longshore show tells the imports of a group"
                )
            elif wants_digest:
                write_group_digest(longshore, group, limit=limit)
            else:
                list_group_errors(
                    longshore, group, limit=limit, wants_all=wants_all, as_json=as_json
                )
            return
        import_ = longshore.imports.find(environment, public_id, may_be_plan=True)
        if failed_rows_file is not None:
            file = FailedRowsFile.of_option(
                failed_rows_file, is_spreadsheet_safe=is_guarded, source=None
            )
            rows = longshore.imports.failed_rows(import_)
            form = longshore.attachments.text_form(import_.attachment_name, import_.layout)
            file.write(rows, SourceForm(import_.layout, form))
            return
        is_long = import_.errors_count > LISTED_MAX and is_terminal(error=False)
        if as_json and wants_digest:
            digest = longshore.imports.digest(import_)
            groups = map(error_group_attributes, digest.groups[:limit])
            write_document_and_many({"meta": digest_counts(digest)}, "data", groups)
        elif as_json:
            write_list(map(error_attributes, longshore.imports.errors(import_, limit=limit)))
        elif not import_.errors_count:
            say(f"no row of {import_.noun} {public_id} {'fails' if import_.is_plan else 'failed'}")
        elif wants_digest or (is_long and limit is None and not wants_all):
            write_digest(
                longshore.imports.digest(import_),
                limit=limit if wants_digest else CAUSES_SHOWN_MAX,
                all_in=f"longshore errors {public_id} --all",
                public_id=None if import_.is_plan or import_.all_or_nothing else public_id,
                is_tabular=import_.layout.is_tabular,
            )
        else:
            write_errors(
                longshore.imports.errors(import_, limit=limit),
                of_file=import_.source_columns is not None,
            )
        if import_.interruption_reason and not as_json:
            say(f"it was interrupted: {import_.interruption_reason}")
        if import_.stopped_by is not None and not as_json:
            say(f"it was interrupted: {import_.stopped_by.reason}")
