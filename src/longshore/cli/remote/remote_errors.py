"""The errors of imports at a server, told by the rows and lines of the source here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from longshore.cli.remote.client import ApiClient
from longshore.cli.remote.refusals import ServerFailed, ServerRefused
from longshore.error_codes import code_of

if TYPE_CHECKING:
    from longshore.cli.remote.parts import Part, StoredSource
    from longshore.imports import LoggedError
    from longshore.operations import FailedRow

__all__ = ["failed_rows"]

_PAGE_SIZE = 1000


def failed_rows(
    client: ApiClient, source: StoredSource, imports: Iterable[tuple[Part, str]]
) -> Iterator[FailedRow]:
    """The rows that failed, in their order; `imports` are the parts with the ids of their imports.

    Raises what the client raises.
    """
    from longshore.operations import match_failed_rows
    from longshore.readers import Unreadable

    layout = source.stored.layout
    found = match_failed_rows(source.rows(), _errors(client, imports))
    for row in found:
        # The server counts the lines of what was sent to it.
        errors = [
            dataclasses.replace(error, line=row.line, cell=layout.cell(error.column, row.line))
            for error in row.errors
        ]
        if isinstance(row.values, Unreadable):
            # So are those that its message names.
            message = row.values.message
            errors = [dataclasses.replace(error, message=message) for error in errors]
        yield dataclasses.replace(row, errors=errors)


def _errors(client: ApiClient, imports: Iterable[tuple[Part, str]]) -> Iterator[LoggedError]:
    for part, id_ in imports:
        try:
            for page in client.pages(f"imports/{id_}/errors", (), size=_PAGE_SIZE):
                for element in page:
                    yield _error(element, part)
        except ServerRefused as refused:
            if refused.status != 404:
                raise
            raise ServerFailed(
                f"the server does not list the errors of the import {id_}",
                hint="the import is deleted, or the server is none of longshore",
            ) from refused


def _error(element: Any, part: Part) -> LoggedError:
    from longshore.imports import LoggedError

    try:
        told = element["attributes"]
        message = str(told["message"])
        return LoggedError(
            row=part.first - 1 + int(told["row"]),
            line=int(told["line"]),
            identifier=_text(told["identifier"]),
            attribute=str(told["attribute"]),
            message=message,
            value=_text(told["value"]),
            # A server of an older release tells none of these.
            code=_text(told.get("code", code_of(message))),
            column=_text(told.get("column")),
            source_row=None if told.get("source_row") is None else int(told["source_row"]),
            pointer=str(told.get("pointer", "")),
            expected=_text(told.get("expected")),
            suggestion=_text(told.get("suggestion")),
        )
    except (LookupError, TypeError, ValueError) as error:
        raise ServerFailed("the server tells of errors in a way that is not known") from error


def _text(value: object) -> str | None:
    return None if value is None else str(value)
