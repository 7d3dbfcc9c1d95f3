"""How an event is called, and what is kept with it."""

from collections.abc import Mapping

from longshore.database import Database
from longshore.journal import requested_by, update_event
from longshore.operations.asker import Asker
from longshore.operations.found import Found
from longshore.operations.resource_reader import ResourceReader
from longshore.operations.selection import Selection


class Events:
    """The events of one installation."""

    def __init__(self, database: Database, reader: ResourceReader) -> None:
        self._database = database
        self._reader = reader

    def change(
        self, asker: Asker, key: int, changes: Mapping[str, object], selection: Selection
    ) -> Found:
        """Set `reference`, `reference_origin` and `metadata` of an event that is there."""
        with self._database.write() as tx:
            update_event(
                tx,
                asker.environment.number,
                key,
                changes,
                actor=requested_by(asker.application_id),
            )
            return self._reader.written(tx, asker, "events", key, selection)
