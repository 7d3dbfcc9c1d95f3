"""What an import found wrong, for people: errors in a table, columns that no field bears."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from longshore.cli.messages import counted, printable, warn
from longshore.cli.names import nearest
from longshore.cli.tables import Column, write_table

if TYPE_CHECKING:
    from longshore.engine import DryRun
    from longshore.imports import LoggedError
    from longshore.notices import Notice

__all__ = ["dry_run_document", "error_document", "name_ignored_columns", "warn_of", "write_errors"]

_COLUMNS = (
    Column(title="row", right=True),
    Column(title="line", right=True),
    Column(title="identifier"),
    Column(title="attribute"),
    Column(title="message", folds=True),
    Column(title="value", shortens=True),
)
_COLUMNS_NAMED_MAX = 20


def write_errors(errors: Iterable[LoggedError]) -> None:
    """Write errors as a table to standard output."""
    write_table(_COLUMNS, _cells(errors))


def error_document(error: LoggedError) -> dict[str, Any]:
    """An error as JSON."""
    return {
        "row": error.row,
        "line": error.line,
        "identifier": error.identifier,
        "attribute": error.attribute,
        "message": error.message,
        "value": error.value,
    }


def dry_run_document(result: DryRun) -> dict[str, Any]:
    """What an import would do, as JSON."""
    return {
        "meta": {
            "created": result.created,
            "updated": result.updated,
            "unchanged": result.unchanged,
            "failed": result.failed,
            "ignored_columns": list(result.unknown_columns),
            "warnings": [notice.to_dict() for notice in result.notices],
        },
        "errors": [error_document(error) for error in result.errors],
    }


def warn_of(notices: Iterable[Notice]) -> None:
    """Say each notice about a source or an import."""
    for notice in notices:
        warn(printable(notice.message), hint=notice.hint and printable(notice.hint))


def name_ignored_columns(
    ignored: Sequence[str], *, resource_type: str, known: Sequence[str]
) -> None:
    """Name each column that no field bears, with the nearest of the `known` fields."""
    for column in ignored[:_COLUMNS_NAMED_MAX]:
        name = printable(column)
        close = nearest(column, known)
        warn(
            f"column {name} is ignored, {resource_type} have no such field",
            hint=f"the nearest field is {close}: --map {shlex.quote(name)}={close}"
            if close
            else None,
        )
    if len(ignored) > _COLUMNS_NAMED_MAX:
        warn(f"{counted(len(ignored) - _COLUMNS_NAMED_MAX, 'more column')} of the kind")


def _cells(errors: Iterable[LoggedError]) -> Iterator[tuple[str | None, ...]]:
    for error in errors:
        yield (
            f"{error.row}",
            f"{error.line}",
            error.identifier,
            error.attribute,
            error.message,
            error.value,
        )
