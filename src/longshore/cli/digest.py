"""The digest of errors for people: each cause once, with the command that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from longshore.cli.messages import counted, say
from longshore.cli.retry_hints import say_how_to_retry
from longshore.cli.tables import TableColumn, write_table
from longshore.error_codes import ErrorCode

if TYPE_CHECKING:
    from longshore.imports import Digest, ErrorGroup, LoggedError

__all__ = ["CAUSES_SHOWN_MAX", "LISTED_MAX", "message_of", "write_digest"]

# With more failed rows than that a report shows causes instead of errors.
LISTED_MAX = 20
CAUSES_SHOWN_MAX = 20
_NONE_GIVEN = "(none was given)"
_COLUMNS = (
    TableColumn(title="errors", right=True),
    TableColumn(title="attribute"),
    TableColumn(title="message", folds=True),
    TableColumn(title="value", shortens=True),
    TableColumn(title="rows", folds=True),
)


def write_digest(
    digest: Digest,
    *,
    limit: int | None,
    all_in: str,
    public_id: str | None = None,
    is_tabular: bool = True,
    written: str | None = None,
) -> None:
    """Write causes as a table to standard output, and say where all errors are.

    `public_id` is that of an import whose rows can be tried again, `is_tabular` whether these are
    of a table, `written` the file that has them.
    """
    shown = digest.groups if limit is None else digest.groups[:limit]
    write_table(_COLUMNS, map(_cells, shown))
    left = digest.errors_count - sum(group.count for group in shown)
    if left:
        more = counted(digest.groups_count - len(shown), "more cause")
        say(f"... and {more} of {counted(left, 'error')}")
    say(f"{counted(digest.errors_count, 'error')} in all: {all_in}")
    if public_id is not None:
        say_how_to_retry(shown, public_id, is_tabular=is_tabular, written=written)


def _cells(group: ErrorGroup) -> tuple[str | None, ...]:
    rows = ", ".join(f"{row}" for row in group.first_rows)
    return (
        f"{group.count:,}",
        group.attribute,
        message_of(group),
        _value(group),
        rows if group.count <= len(group.first_rows) else f"{rows}, ...",
    )


def message_of(finding: LoggedError | ErrorGroup) -> str:
    """The message of an error, with what was expected and what may have been meant."""
    from longshore.operations import message_of as told

    return told(finding)


def _value(group: ErrorGroup) -> str | None:
    if group.other_values:
        return f"({counted(group.other_values, 'value')})"
    if group.value is None and group.code == ErrorCode.MUST_EXIST:
        return _NONE_GIVEN
    return group.value
