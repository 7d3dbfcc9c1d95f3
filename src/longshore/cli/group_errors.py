"""All errors of an import group, each cause once, or the failed rows as files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.digest import CAUSES_SHOWN_MAX, LISTED_MAX, write_digest
from longshore.cli.documents import write_list
from longshore.cli.failed_rows import FailedRowsFile
from longshore.cli.group_report import MemberErrors, write_error_table
from longshore.cli.messages import counted, is_terminal, say, say_hint

if TYPE_CHECKING:
    from longshore.assembly import Longshore
    from longshore.imports import ImportGroup

__all__ = ["list_group_errors", "write_group_digest", "write_group_failed_rows"]


def list_group_errors(
    longshore: Longshore,
    group: ImportGroup,
    *,
    limit: int | None,
    wants_all: bool,
    as_json: bool,
) -> None:
    """Write every error of the members in their order; on a terminal their causes where more than
    20 rows failed."""
    failed = group.total("errors_count")
    if as_json:
        write_list(islice(_documents(longshore, group), limit))
        return
    if not failed:
        say(f"no row of the {group.noun} {'fails' if group.is_plan else 'failed'}")
        return
    if failed > LISTED_MAX and is_terminal(error=False) and limit is None and not wants_all:
        write_group_digest(longshore, group, limit=CAUSES_SHOWN_MAX)
        return
    write_error_table(
        (
            MemberErrors(
                resource_type=each.resource_type,
                failed=each.errors_count,
                errors=longshore.imports.errors(each),
            )
            for each in group.members
            if each.errors_count
        ),
        limit=limit,
    )


def write_group_digest(longshore: Longshore, group: ImportGroup, *, limit: int | None) -> None:
    """Write the causes of the errors of each member."""
    encode = longshore.public_ids.encode
    is_first = True
    for each in group.members:
        if not each.errors_count:
            continue
        if not is_first:
            click.echo()
        is_first = False
        click.echo(f"{each.resource_type}, {counted(each.errors_count, 'failed row')}")
        write_digest(
            longshore.imports.digest(each),
            limit=limit,
            all_in=f"longshore errors {encode(each.id)} --all",
        )


def write_group_failed_rows(
    longshore: Longshore, group: ImportGroup, failed_rows: FailedRowsFile
) -> list[str]:
    """Write a file for each type that has failed rows, with the type in its name; the names.

    Of another system's file that is kept, the rows of which these were made as well, under the name
    itself.
    """
    from longshore.operations import SourceForm

    written = []
    in_file = longshore.import_groups.failed_in_file(group) if group.total("errors_count") else None
    if in_file is not None:
        failed_rows.write(in_file.rows(), in_file.form())
        say_hint(
            f"{failed_rows.name} has the rows as they stand in the source: mended, it is a file to "
            "import"
        )
        written.append(str(failed_rows.path))
    for each in group.members:
        if not each.errors_count:
            continue
        file = failed_rows.of_type(each.resource_type)
        form = longshore.attachments.text_form(each.attachment_name, each.layout)
        file.write(longshore.imports.failed_rows(each), SourceForm(each.layout, form))
        written.append(str(file.path))
    return written


def _documents(longshore: Longshore, group: ImportGroup) -> Iterator[dict[str, Any]]:
    from longshore.operations import error_attributes

    for each in group.members:
        of = {
            "resource_type": each.resource_type,
            "import_id": longshore.public_ids.encode(each.id),
        }
        for error in longshore.imports.errors(each):
            yield {**of, **error_attributes(error)}
