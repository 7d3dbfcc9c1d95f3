"""Imports submitted by applications, each answered as it stands when it is created."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from longshore.access import Environment
from longshore.database import Transaction
from longshore.imports import Import, ImportRequest
from longshore.operations.asker import Asker
from longshore.operations.resource_reader import Found, ResourceReader, settled
from longshore.operations.selection import Selection
from longshore.sources import Source


class Submit(Protocol):
    """Stores the source of an import and creates it, pending."""

    def __call__(
        self,
        environment: Environment,
        source: Source,
        request: ImportRequest,
        *,
        rows_max: int,
        on_created: Callable[[Transaction, Import], None],
    ) -> Import:
        """`on_created` is called in the transaction that creates the import."""
        ...


class Submissions:
    """Takes what applications ask to be imported."""

    def __init__(self, submit: Submit, reader: ResourceReader) -> None:
        self._submit = submit
        self._reader = reader

    def submit(
        self,
        asker: Asker,
        source: Source,
        request: ImportRequest,
        selection: Selection,
        *,
        rows_max: int,
        on_stored: Callable[[], None],
    ) -> Found:
        """Store the source and create a pending import of it; the import as it was created.

        `on_stored` is called as soon as it may run, before its attachment is read for the answer.
        Raises RequestRefused: UnreadableSource, TooManyRows and TooManyUnfinished among it.
        """
        created: list[Found] = []

        def read(tx: Transaction, import_: Import) -> None:
            found = self._reader.written(
                tx, asker, "imports", import_.id, selection, action="create"
            )
            created.append(found)

        self._submit(asker.environment, source, request, rows_max=rows_max, on_created=read)
        on_stored()
        found = created[-1]
        return replace(found, resource=settled(found.resource, is_lenient=True))
