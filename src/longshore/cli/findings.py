"""What an import found wrong, for people: errors in a table, columns that no field bears."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from longshore.cli.digest import message_of
from longshore.cli.documents import write_document_and_many
from longshore.cli.messages import counted, printable, say, warn
from longshore.cli.tables import TableColumn, write_table

if TYPE_CHECKING:
    from longshore.assembly import Longshore
    from longshore.catalogue import ResourceType
    from longshore.engine import DryRun
    from longshore.imports import Import, ImportRequest, LoggedError
    from longshore.notices import Notice
    from longshore.operations import Trial

__all__ = [
    "dry_run_meta",
    "ignored_columns_shown",
    "name_columns_ignored_of_members",
    "name_ignored_columns",
    "warn_of",
    "warn_of_source",
    "write_dry_run",
    "write_errors",
]

_COLUMNS = (
    TableColumn(title="row", right=True),
    TableColumn(title="line", right=True),
    TableColumn(title="identifier"),
    TableColumn(title="attribute"),
    TableColumn(title="message", folds=True),
    TableColumn(title="value", shortens=True),
)
# Of rows that were made of those of a file: the row there, and the column.
_COLUMNS_OF_FILE = (
    _COLUMNS[0],
    TableColumn(title="source row", right=True),
    *_COLUMNS[1:4],
    TableColumn(title="column"),
    *_COLUMNS[4:],
)
_COLUMNS_NAMED_MAX = 20
_MUST_EXIST = "must exist"
_NONE_GIVEN = "(none was given)"
_UNNAMED = re.compile(r"column [0-9]+ has no name")


def write_errors(errors: Iterable[LoggedError], *, of_file: bool = False) -> None:
    """Write errors as a table to standard output; `of_file` also where they stand in the file of
    which their rows were made."""
    if of_file:
        write_table(_COLUMNS_OF_FILE, _cells_of_file(errors))
    else:
        write_table(_COLUMNS, map(_cells, errors))


def write_dry_run(trial: Trial) -> None:
    """Write what an import would do, as JSON."""
    from longshore.operations import error_attributes

    document = {"meta": dry_run_meta(trial.result)}
    write_document_and_many(document, "errors", map(error_attributes, trial.errors()))


def dry_run_meta(result: DryRun) -> dict[str, Any]:
    """What an import would do, beside its errors."""
    from longshore.operations import same_content_document

    same = result.same_content_as
    return {
        "created": result.created,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "skipped": result.skipped,
        "failed": result.failed,
        "stopped_by": result.stopped_by and result.stopped_by.to_dict(),
        "ignored_columns": list(result.ignored_columns),
        "warnings": [notice.to_dict() for notice in result.notices],
        "first_amounts": list(result.first_amounts),
        "same_content_as": None if same is None else same_content_document(same),
    }


def warn_of(notices: Iterable[Notice]) -> None:
    """Say each notice about a source or an import."""
    for notice in notices:
        warn(printable(notice.message), hint=notice.hint and printable(notice.hint))


def warn_of_source(
    longshore: Longshore, request: ImportRequest, found: Import | DryRun, *, verbose: bool
) -> None:
    """Say what is worth knowing of the source of an import before it runs."""
    warn_of(found.notices)
    declared = longshore.catalogue.types[request.resource_type]
    asked = {*request.column_map, *(request.mapping.ignore if request.mapping else ())}
    name_ignored_columns(found.ignored_columns, declared, asked=asked, verbose=verbose)


def name_columns_ignored_of_members(
    longshore: Longshore, members: Iterable[tuple[str, Sequence[str]]], *, verbose: bool
) -> None:
    """Name the columns that have no effect, of each member of a group: its type and its columns."""
    for resource_type, ignored in members:
        name_ignored_columns(
            ignored,
            longshore.catalogue.types[resource_type],
            asked=(),
            verbose=verbose,
            of_several_types=True,
        )


def ignored_columns_shown(members: Iterable[tuple[str, Sequence[str]]]) -> str | None:
    """The same in a line: `prices: amount; customers: emial`."""
    told = [
        f"{resource_type}: {', '.join(map(printable, ignored))}"
        for resource_type, ignored in members
    ]
    return "; ".join(told) or None


def name_ignored_columns(
    ignored: Sequence[str],
    declared: ResourceType,
    *,
    asked: Container[str],
    verbose: bool,
    of_several_types: bool = False,
) -> None:
    """Name the columns that have no effect: on one line, or each with its nearest field.

    Those that somebody `asked` to leave out are named among details alone. `of_several_types`:
    those of other types were read beside them.
    """
    from longshore.catalogue import load_catalogue
    from longshore.engine import Suggestions

    if not verbose:
        ignored = [column for column in ignored if column not in asked]
    if not ignored:
        return
    suggestions = Suggestions(load_catalogue(), declared)
    if len(ignored) == 1 or verbose:
        for column in ignored:
            if column in asked:
                say(f"column {printable(column)} is ignored, as was asked for")
                continue
            if _UNNAMED.fullmatch(column):
                warn(f"{column}, it is ignored")
                continue
            hint = suggestions.hint(column, of_several_types=of_several_types)
            warn(
                f"column {printable(column)} is ignored, {declared.name} have no such field",
                hint=hint and printable(hint),
            )
        return
    named = ", ".join(map(printable, ignored[:_COLUMNS_NAMED_MAX]))
    more = len(ignored) - _COLUMNS_NAMED_MAX
    warn(
        f"{counted(len(ignored), 'column')} are ignored, {declared.name} have no such fields: "
        + (f"{named} and {more:,} more" if more > 0 else named),
        hint="--verbose lists each with its nearest field",
    )


def _cells(error: LoggedError) -> tuple[str | None, ...]:
    return (
        f"{error.row}",
        error.cell or f"{error.line}",
        error.identifier,
        error.attribute,
        message_of(error),
        _NONE_GIVEN if error.value is None and error.message == _MUST_EXIST else error.value,
    )


def _cells_of_file(errors: Iterable[LoggedError]) -> Iterator[tuple[str | None, ...]]:
    for error in errors:
        row, *named, message, value = _cells(error)
        source_row = None if error.source_row is None else f"{error.source_row}"
        yield (row, source_row, *named, error.column, message, value)
