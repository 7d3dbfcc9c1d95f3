"""The digest of an import: its errors grouped by cause, each once with how many there are.

A cause is an attribute and a message, parted by the values that were found. Thousands of errors
are often a few values, each of which is mended at once. Where the values differ from row to row, as
e-mail addresses do, groups for all of them would be as long as the list: such a cause shows the
values that come most often, and one group of all others.

The errors are grouped by one statement, which leaves it to the database to go to its disk. First
rows are read in their order, and only as far as the groups that are shown need them.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from longshore.database import Transaction
from longshore.error_codes import code_of
from longshore.identifiers import ImportId
from longshore.imports.error_causes import source_rows
from longshore.imports.logs import LoggedError, expected_by
from longshore.imports.origins import OWN_ROWS, Origins, read_origins
from longshore.imports.store import read_import

# What a digest shows: so many groups, and of one cause so many values.
GROUPS_MAX = 1_000
VALUES_MAX = 100
FIRST_ROWS = 5
# Where a cause has more values, one that stands alone comes twice at the least, and in one of so
# many of its errors; so they are few.
_PARTS = 1_000
_VALUES_READ_MAX = 20_000

_Fetch: TypeAlias = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]

# The causes, and then the values that may be groups of their own; the most frequent first.
_STATEMENT = f"""
WITH found AS MATERIALIZED (
    SELECT attribute, message, value, min(code) AS code, min(source_column) AS source_column,
        count(*) AS errors, min(row_number) AS first
    FROM import_errors WHERE import_id = ? GROUP BY value, message, attribute
), causes AS (
    SELECT attribute, message, min(code) AS code, min(source_column) AS source_column,
        CAST(sum(errors) AS BIGINT) AS all_errors, count(*) AS all_values,
        min(first) AS first_of_all, count(*) OVER () AS causes_count
    FROM found GROUP BY attribute, message
    ORDER BY sum(errors) DESC, min(first), attribute, message LIMIT {GROUPS_MAX}
)
SELECT 1 AS is_value, found.attribute, found.message, found.value, found.code,
    found.source_column, errors, first, 0, 0
FROM found CROSS JOIN causes
WHERE found.attribute = causes.attribute AND found.message = causes.message
    AND (all_values <= {VALUES_MAX} OR (errors > 1 AND errors * {_PARTS} >= all_errors))
UNION ALL
SELECT 0, attribute, message, NULL, code, source_column, all_errors, first_of_all, all_values,
    causes_count
FROM causes ORDER BY 1, 7 DESC, 8 LIMIT {GROUPS_MAX + _VALUES_READ_MAX}
"""
_PAGE = """
SELECT row_number, position, attribute, message, value FROM import_errors
WHERE import_id = ? AND (row_number, position) > (?, ?) ORDER BY row_number, position LIMIT ?
"""
_PAGE_SIZE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorGroup:
    """Errors with one cause."""

    attribute: str
    code: str | None  # ErrorCode; None: the message has none
    message: str
    column: str | None  # that gave the value, as the source calls it; None: none did
    value: str | None  # what was found; None: nothing, or the other values of a cause
    other_values: int  # how many values the group has that no group is about; 0: it has its own
    count: int
    first_rows: Sequence[int]  # numbers, of `FIRST_ROWS` rows at the most
    # The rows of the file of which these were made, one for each; empty: they were made of none.
    first_source_rows: Sequence[int] = ()
    expected: str | None = None  # what the attribute takes; None: nothing can be said of it
    suggestion: str | None = None  # a value that would do in place of this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The errors of an import by cause, the most frequent first."""

    groups: Sequence[ErrorGroup]
    groups_count: int  # with those that are not shown
    errors_count: int  # of all groups

    @property
    def rest_count(self) -> int:
        """Errors of groups that are not shown."""
        return self.errors_count - sum(group.count for group in self.groups)


class _Group(NamedTuple):
    attribute: str
    message: str
    value: str | None
    code: str | None
    column: str | None
    errors: int
    first: int
    other_values: int = 0


def read_digest(tx: Transaction, import_id: ImportId) -> Digest:
    """The digest of the errors of an import."""
    import_ = read_import(tx, import_id)
    origins = read_origins(tx, import_id)
    digest = _digest(tx.fetch, import_id, import_.resource_type, origins)
    if import_.source_columns is None:
        return digest
    return replace(digest, groups=_of_file(tx, import_id, digest.groups, origins))


def _of_file(
    tx: Transaction, import_id: ImportId, groups: Sequence[ErrorGroup], origins: Origins
) -> list[ErrorGroup]:
    """The groups with the rows of the file of which their first rows were made."""
    own = {row: origins.row_from(row) for group in groups for row in group.first_rows}
    made_of = source_rows(tx, import_id, set(own.values()))
    found = []
    for group in groups:
        rows = [made_of[own[row]] for row in group.first_rows if own[row] in made_of]
        is_known = len(rows) == len(group.first_rows)
        found.append(replace(group, first_source_rows=rows) if is_known else group)
    return found


def digest_errors(errors: Iterable[LoggedError], resource_type: str) -> Digest:
    """The digest of errors that no import has stored, in the order of their rows."""
    rows = iter(errors)
    # A database without a name, which goes to the disk when it becomes large.
    connection = sqlite3.connect("")
    try:
        connection.execute(
            "CREATE TABLE import_errors (import_id, row_number, position, attribute, message,"
            " value, code, source_column, PRIMARY KEY (import_id, row_number, position))"
            " WITHOUT ROWID"
        )
        position = 0
        while batch := list(islice(rows, _PAGE_SIZE)):
            connection.executemany(
                "INSERT INTO import_errors VALUES (0, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        error.row,
                        position + index,
                        error.attribute,
                        error.message,
                        error.value,
                        error.code,
                        error.column,
                    )
                    for index, error in enumerate(batch)
                ],
            )
            position += len(batch)

        def fetch(sql: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
            return connection.execute(sql, parameters).fetchall()

        return _digest(fetch, 0, resource_type)
    finally:
        connection.close()


def _digest(
    fetch: _Fetch, import_id: int, resource_type: str, origins: Origins = OWN_ROWS
) -> Digest:
    causes: list[_Group] = []
    values: list[_Group] = []
    causes_count = 0
    for is_value, *found, all_values, all_causes in fetch(_STATEMENT, (import_id,)):
        if is_value:
            values.append(_Group(*found))
        else:
            causes.append(_Group(*found)._replace(other_values=all_values))
            causes_count = all_causes
    groups = sorted(_groups(causes, values), key=lambda group: (-group.errors, group.first))
    shown = groups[:GROUPS_MAX]
    errors_count = sum(cause.errors for cause in causes)
    if causes_count > len(causes):
        counted = "SELECT count(*) FROM import_errors WHERE import_id = ?"
        errors_count = fetch(counted, (import_id,))[0][0]
    return Digest(
        groups=[
            ErrorGroup(
                attribute=group.attribute,
                code=group.code or code_of(group.message),
                message=group.message,
                column=group.column,
                value=group.value,
                other_values=group.other_values,
                count=group.errors,
                first_rows=[origins.place(row, 0)[0] for row in rows],
                expected=expected_by(resource_type, group.attribute, group.message),
            )
            for group, rows in zip(shown, _first_rows(fetch, import_id, shown), strict=True)
        ],
        groups_count=len(groups) + causes_count - len(causes),
        errors_count=errors_count,
    )


def _groups(causes: Sequence[_Group], values: Iterable[_Group]) -> Iterator[_Group]:
    """A group for each of the values, and for each cause one with its other values."""
    left = {(cause.attribute, cause.message): cause for cause in causes}
    shown: dict[tuple[str, str], int] = {}
    for group in values:
        key = (group.attribute, group.message)
        shown[key] = shown.get(key, 0) + 1
        if shown[key] > VALUES_MAX:
            continue
        yield group
        cause = left[key]
        left[key] = cause._replace(
            errors=cause.errors - group.errors, other_values=cause.other_values - 1
        )
    yield from (cause for cause in left.values() if cause.errors)


def _first_rows(fetch: _Fetch, import_id: int, groups: Sequence[_Group]) -> list[list[int]]:
    """The numbers of the first rows of each group."""
    rows: list[list[int]] = [[] for _ in groups]
    places: dict[tuple[str | None, ...], int] = {}
    left: dict[int, int] = {}  # errors that were not come across yet
    for index, group in enumerate(groups):
        if group.errors == 1 and not group.other_values:
            rows[index].append(group.first)
            continue
        left[index] = group.errors
        cause = (group.attribute, group.message)
        places[cause if group.other_values else (*cause, group.value)] = index
    after = (min((groups[index].first for index in left), default=0), -1)
    while left:
        page = fetch(_PAGE, (import_id, *after, _PAGE_SIZE))
        if not page:
            break
        for number, _, attribute, message, value in page:
            place = places.get((attribute, message, value), places.get((attribute, message)))
            if place is None or place not in left:
                continue
            found = rows[place]
            if not found or found[-1] != number:
                found.append(number)
            left[place] -= 1
            if len(found) == FIRST_ROWS or not left[place]:
                del left[place]
        after = page[-1][:2]
    return rows
