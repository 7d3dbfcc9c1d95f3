"""The store of all types that are records."""

from collections.abc import Collection, Sequence
from contextlib import closing

from longshore.catalogue import Catalogue
from longshore.identifiers import PublicIds, RecordSecrets
from longshore.operations.stores import Criteria, Reading, Resource, ResourceLink
from longshore.records import RecordReader, RecordTables


class RecordStore:
    """Reads records; any number of threads may."""

    def __init__(
        self,
        catalogue: Catalogue,
        tables: RecordTables,
        public_ids: PublicIds,
        secrets: RecordSecrets,
    ) -> None:
        self._catalogue = catalogue
        self._tables = tables
        self._public_ids = public_ids
        self._secrets = secrets

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
        found = self._reader(reading).find(
            reading.tx,
            resource_type,
            filters=criteria.filters,
            within=criteria.within,
            sort=sort,
            # Without a limit there is no offset in SQLite, and where there is none, no need of it.
            offset=offset or None,
            limit=limit,
            fields=fields,
            action=action,
        )
        resources = []
        with closing(found):
            for view in found:
                reading.budget.spend(view.attributes)
                resource = Resource(
                    key=view.record_id, type=view.type, id=view.id, attributes=view.attributes
                )
                resources.append(resource)
        return resources

    def count(self, reading: Reading, resource_type: str, criteria: Criteria) -> int:
        return self._reader(reading).count(
            reading.tx, resource_type, filters=criteria.filters, within=criteria.within
        )

    def links(
        self,
        reading: Reading,
        resource_type: str,
        relationship: str,
        owners: Collection[int],
        *,
        limit: int,
    ) -> list[ResourceLink]:
        found = self._reader(reading).links(
            reading.tx, resource_type, relationship, owners, limit=limit
        )
        return [ResourceLink(owner=owner, family=table, target=to) for owner, table, to in found]

    def _reader(self, reading: Reading) -> RecordReader:
        return RecordReader(
            self._catalogue,
            self._tables,
            reading.environment.number,
            self._public_ids,
            self._secrets,
        )
