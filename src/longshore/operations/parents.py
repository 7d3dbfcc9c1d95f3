"""The parent that somebody names once for all rows of an import."""

from longshore.access import Environment
from longshore.catalogue import Catalogue, ResourceType
from longshore.database import Database
from longshore.engine import find_parent


class Parents:
    """Finds parents among the records of one installation."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    def find(self, environment: Environment, type_: ResourceType, text: str) -> int:
        """The id of the parent that a text means: a public id, else a code, name or the like.

        Raises RequestRefused as `engine.find_parent` does.
        """
        with self._database.read() as tx:
            return find_parent(
                tx,
                self._catalogue,
                type_,
                text,
                environment=environment.number,
                decode_id=self._database.public_ids.decode,
            )
