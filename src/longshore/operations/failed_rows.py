"""The rows of an import that failed, with what was wrong with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.database import Database
from longshore.imports import Import, LoggedError, errors_of
from longshore.sources import AttachmentStore


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRow:
    """A row that failed, as it was read, with what was wrong with it."""

    number: int
    line: int
    values: Any  # a list of cells, or a decoded JSON value
    errors: Sequence[LoggedError]


def read_failed_rows(
    database: Database, attachments: AttachmentStore, import_: Import
) -> Iterator[FailedRow]:
    """In their order, read from the attachment."""
    with database.read() as tx:
        errors = errors_of(tx, import_.id)
        pending = next(errors, None)
        for rows in attachments.open(import_.attachment_name, import_.layout):
            while pending is not None and pending.row < rows.first + len(rows):
                number = pending.row
                found = []
                while pending is not None and pending.row == number:
                    found.append(pending)
                    pending = next(errors, None)
                index = number - rows.first
                yield FailedRow(
                    number=number,
                    line=rows.lines[index],
                    values=rows.values[index],
                    errors=found,
                )
            if pending is None:
                return
