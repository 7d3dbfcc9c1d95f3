"""The store of events, as the endpoints of all resource types see it.

Event stores have no list of their own; `histories` shows them.
"""

from collections.abc import Collection, Sequence

from longshore.catalogue import Catalogue
from longshore.identifiers import PublicIds
from longshore.journal import event_fields, event_id, events_of
from longshore.operations.stores import Criteria, Reading, Resource, ResourceLink
from longshore.records import Ids, RecordReader, RelatedTo, record_tables

_EVENTS = "events"


class JournalStore:
    """Reads events; any number of threads may."""

    def __init__(self, catalogue: Catalogue, public_ids: PublicIds) -> None:
        self._catalogue = catalogue
        self._public_ids = public_ids

    def find(
        self,
        reading: Reading,
        resource_type: str,
        criteria: Criteria,
        *,
        sort: Sequence[str] = (),
        offset: int = 0,
        limit: int | None = None,
        fields: Collection[str] | None = None,
        action: str = "list",
    ) -> list[Resource]:
        if resource_type != _EVENTS:
            return []  # an event store has no id that could be asked for
        found = self._reader(reading, criteria).find(
            reading.tx,
            resource_type,
            filters=criteria.filters,
            sort=sort,
            # SQLite knows no offset without a limit, and nobody asks for one.
            offset=offset or None,
            limit=limit,
            action=action,
        )
        return [
            Resource(key=view.record_id, type=view.type, id=view.id, attributes=view.attributes)
            for view in found
        ]

    def count(self, reading: Reading, resource_type: str, criteria: Criteria) -> int:
        if resource_type != _EVENTS:
            return 0
        reader = self._reader(reading, criteria)
        return reader.count(reading.tx, resource_type, filters=criteria.filters)

    def links(
        self,
        reading: Reading,
        resource_type: str,
        relationship: str,
        owners: Collection[int],
        *,
        limit: int,
    ) -> list[ResourceLink]:
        """What happened to resources, by resource, oldest first."""
        links: list[ResourceLink] = []
        for owner in sorted(owners):
            for event in events_of(reading.tx, owner, limit=limit - len(links)):
                target = event_id(reading.environment.number, event.id)
                links.append(ResourceLink(owner=owner, target=target, family=_EVENTS))
        return links

    def _reader(self, reading: Reading, criteria: Criteria) -> RecordReader:
        environment = reading.environment.number
        match criteria.within:
            case Ids(ids=ids):
                events = event_fields(environment, ids=ids)
            case RelatedTo(id=id_):
                events = event_fields(environment, resource_id=id_)
            case None:
                events = event_fields(environment)
        return RecordReader(
            self._catalogue,
            record_tables(),
            environment,
            self._public_ids,
            sources={_EVENTS: events},
        )
