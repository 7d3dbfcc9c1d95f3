"""Rows that failed, with what was wrong with them."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from longshore.database import Database, Transaction
from longshore.imports import (
    Digest,
    ErrorCause,
    ErrorGroup,
    Import,
    LoggedError,
    errors_of,
    errors_of_rows,
    failed_rows_by_source,
)
from longshore.readers import Layout, Rows
from longshore.sources import AttachmentStore

_PAGE = 500

# What helps rows that cannot be cut into cells: no edit of a cell does.
UNCUT_HINT = "mend the quotes in a file of your own, and import that"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRow:
    """A row that failed, as it was read, with what was wrong with it."""

    number: int
    line: int
    values: Any  # a list of cells, or a decoded JSON value
    errors: Sequence[LoggedError]


def match_failed_rows(
    batches: Iterable[Rows], errors: Iterable[LoggedError]
) -> Iterator[FailedRow]:
    """The rows of a source that errors are about, both in the order of the rows."""
    by_row = itertools.groupby(errors, key=lambda error: error.own_row)
    number, found = next(by_row, (None, iter(())))
    for rows in batches:
        while number is not None and number < rows.first + len(rows):
            of_row = list(found)
            index = number - rows.first
            first = of_row[0]
            is_elsewhere = first.attachment_row is not None or first.source_row is not None
            yield FailedRow(
                number=first.row,
                line=first.line if is_elsewhere else rows.lines[index],
                values=rows.values[index],
                errors=of_row,
            )
            number, found = next(by_row, (None, iter(())))
        if number is None:
            return


def read_failed_rows(
    database: Database, attachments: AttachmentStore, import_: Import
) -> Iterator[FailedRow]:
    """Those of an import in their order, read from its attachment."""
    with database.read() as tx:
        batches = attachments.open(import_.attachment_name, import_.layout)
        yield from match_failed_rows(batches, errors_of(tx, import_.id))


def read_failed_file_rows(
    database: Database,
    attachments: AttachmentStore,
    name: str,
    layout: Layout,
    members: Sequence[Import],
) -> Iterator[FailedRow]:
    """The rows of a dialect's file, stored under a name, of which rows of members were made that
    failed, in their order."""
    with database.read() as tx:
        batches = attachments.open(name, layout)
        yield from match_failed_rows(batches, _errors_of_file(tx, members))


def _errors_of_file(tx: Transaction, members: Sequence[Import]) -> Iterator[LoggedError]:
    """The errors of several types by the rows of their file, in the order of these."""
    places = sorted(
        (source, index, own)
        for index, member in enumerate(members)
        for source, own in failed_rows_by_source(tx, member.id)
    )
    for start in range(0, len(places), _PAGE):
        page = places[start : start + _PAGE]
        found: dict[tuple[int, int], list[LoggedError]] = {}
        for index, member in enumerate(members):
            for error in errors_of_rows(tx, member.id, [own for _, of, own in page if of == index]):
                found.setdefault((index, error.own_row), []).append(error)
        for source, index, own in page:
            for error in found[index, own]:
                yield replace(error, row=source, attachment_row=None)


def error_attributes(error: LoggedError) -> dict[str, Any]:
    """An error as JSON: where it is, and what is wrong there."""
    return {"row": error.row, "line": error.line, **finding_attributes(error)}


def finding_attributes(error: LoggedError) -> dict[str, Any]:
    """The same beside its row."""
    return {
        "identifier": error.identifier,
        "attribute": error.attribute,
        "code": error.code,
        "message": error.message,
        "column": error.column,
        "cell": error.cell,
        "source_row": error.source_row,
        "cause": None if error.cause is None else cause_attributes(error.cause),
        "pointer": error.pointer,
        "value": error.value,
        "expected": error.expected,
        "suggestion": error.suggestion,
    }


def cause_attributes(cause: ErrorCause) -> dict[str, Any]:
    """The failed row of an earlier member that an error comes from, as JSON."""
    return {
        "import_id": cause.import_id,
        "resource_type": cause.resource_type,
        "row": cause.row,
        "source_row": cause.source_row,
    }


def error_group_attributes(group: ErrorGroup) -> dict[str, Any]:
    """A group of a digest as JSON."""
    return {
        "attribute": group.attribute,
        "code": group.code,
        "message": group.message,
        "column": group.column,
        "value": group.value,
        "other_values": group.other_values,
        "count": group.count,
        "first_rows": list(group.first_rows),
        "expected": group.expected,
        "suggestion": group.suggestion,
    }


def digest_counts(digest: Digest) -> dict[str, int]:
    """How much a digest is about, and how much of that none of its groups shows."""
    return {
        "groups_count": digest.groups_count,
        "errors_count": digest.errors_count,
        "rest_count": digest.rest_count,
    }
