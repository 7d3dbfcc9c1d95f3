"""Single records created, changed and destroyed by an application."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.database import Transaction
from longshore.engine import Destruction, Moved, RecordWriter, WriteOutcome
from longshore.operations.asker import Asker
from longshore.operations.found import Found
from longshore.operations.resource_reader import ResourceReader
from longshore.operations.selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a write: the record as it is then, or why there is none."""

    found: Found | None
    outcome: WriteOutcome


class RecordWrites:
    """Writes single records; each is whole in one transaction, with the answer to it."""

    def __init__(self, writer: RecordWriter, reader: ResourceReader) -> None:
        self._writer = writer
        self._reader = reader

    def create(
        self,
        asker: Asker,
        resource_type: str,
        row: Mapping[str, Any],
        selection: Selection,
        *,
        moved: Sequence[Moved] = (),
    ) -> Written:
        """Create a record, as `RecordWriter.create` does."""
        answer = _Answer(self._reader, asker, resource_type, selection, "create")
        outcome = self._writer.create(
            asker.environment,
            resource_type,
            row,
            creator=_creator(asker),
            moved=moved,
            on_saved=answer.read,
        )
        return Written(found=answer.found, outcome=outcome)

    def update(
        self,
        asker: Asker,
        resource_type: str,
        key: int,
        row: Mapping[str, Any],
        selection: Selection,
        *,
        moved: Sequence[Moved] = (),
    ) -> Written:
        """Change a record, as `RecordWriter.update` does."""
        answer = _Answer(self._reader, asker, resource_type, selection, "update")
        outcome = self._writer.update(
            asker.environment,
            resource_type,
            key,
            row,
            creator=_creator(asker),
            moved=moved,
            on_saved=answer.read,
        )
        return Written(found=answer.found, outcome=outcome)

    def delete(self, asker: Asker, resource_type: str, key: int) -> Destruction:
        """Destroy a record with the collections it holds, unless others refer to it.

        Raises StatementRefused when something refers to it that nobody knows of: the database has
        the last word.
        """
        return self._writer.delete(asker.environment, resource_type, key, creator=_creator(asker))


class _Answer:
    """The record, read in the transaction that writes it."""

    def __init__(
        self,
        reader: ResourceReader,
        asker: Asker,
        resource_type: str,
        selection: Selection,
        action: str,
    ) -> None:
        self._reader = reader
        self._asker = asker
        self._resource_type = resource_type
        self._selection = selection
        self._action = action
        self.found: Found | None = None

    def read(self, tx: Transaction, key: int, warnings: Sequence[str]) -> None:
        self.found = self._reader.written(
            tx,
            self._asker,
            self._resource_type,
            key,
            self._selection,
            action=self._action,
            warnings=warnings,
        )


def _creator(asker: Asker) -> int:
    assert asker.application_id is not None, "single records are written by applications"
    return asker.application_id
