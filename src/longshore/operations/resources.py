"""Resources of all types looked at: lists, single ones, and what their relationships lead to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from longshore.catalogue import Catalogue, Relationship
from longshore.database import Database
from longshore.operations.asker import Asker
from longshore.operations.found import Found
from longshore.operations.inclusion import Included, include_related
from longshore.operations.resource_reader import (
    Check,
    ResourceReader,
    allow,
    settle_all,
    settled,
)
from longshore.operations.selection import Selection, read_fields, target_type
from longshore.operations.stores import Criteria, Resource, Stores
from longshore.records import Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPart:
    """Which part of a list is wanted, in which order."""

    sort: Sequence[str] = ()
    offset: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A part of a list, with what was included of its resources."""

    resources: Sequence[Resource]
    included: Included
    count: int  # of the whole list


class Resources:
    """The resources of one installation, of all types; each look is one snapshot."""

    def __init__(
        self,
        database: Database,
        stores: Stores,
        reader: ResourceReader,
        *,
        read_seconds: float,
    ) -> None:
        self._database = database
        self._catalogue: Catalogue = stores.catalogue
        self._stores = stores
        self._reader = reader
        self._read_seconds = read_seconds

    def list(
        self,
        asker: Asker,
        resource_type: str,
        criteria: Criteria,
        selection: Selection,
        part: ListPart,
    ) -> Listed:
        """A part of the resources that meet the criteria, and how many do.

        Raises FilterRefused, SortRefused, TooManyLinks and AnswerTooLarge.
        """
        store = self._stores.of(resource_type)
        with self._database.read(seconds=self._read_seconds) as tx:
            reading = self._reader.reading(tx, asker)
            count = store.count(reading, resource_type, criteria)
            found = store.find(
                reading,
                resource_type,
                criteria,
                sort=part.sort,
                offset=part.offset,
                limit=part.limit,
                fields=read_fields(self._catalogue, selection, resource_type),
            )
            included = include_related(self._stores, reading, selection, found)
        return Listed(resources=settle_all(found), included=included, count=count)

    def read(
        self,
        asker: Asker,
        resource_type: str,
        key: int,
        selection: Selection,
        *,
        check: Check = allow,
    ) -> Found | None:
        """The resource of a type with this key; None: the environment has none.

        Raises TooManyLinks, AnswerTooLarge, and what `check` raises.
        """
        with self._database.read(seconds=self._read_seconds) as tx:
            reading = self._reader.reading(tx, asker)
            found = self._reader.one(reading, resource_type, key, selection, check=check)
        return None if found is None else replace(found, resource=settled(found.resource))

    def find_target(
        self,
        asker: Asker,
        owner: Resource,
        relationship: Relationship,
        selection: Selection,
        *,
        check: Check = allow,
    ) -> Found | None:
        """What a to-one relationship of a resource leads to, wherever that is kept."""
        target = target_type(self._catalogue, relationship)
        if target is None:
            return None
        with self._database.read(seconds=self._read_seconds) as tx:
            reading = self._reader.reading(tx, asker)
            links = self._stores.of(target).links(
                reading, owner.type, relationship.name, [owner.key], limit=1
            )
            for link in links:
                return self._reader.one(reading, link.family, link.target, selection, check=check)
        return None

    def leads_somewhere(
        self, asker: Asker, resource_type: str, relationship: Relationship, key: int
    ) -> bool:
        """Whether a relationship of a resource leads to anything."""
        store = self._stores.of(relationship.targets[0])
        with self._database.read(seconds=self._read_seconds) as tx:
            reading = self._reader.reading(tx, asker)
            return bool(store.links(reading, resource_type, relationship.name, [key], limit=1))

    def is_there(self, asker: Asker, resource_type: str, key: int) -> bool:
        """Whether the environment has a resource of a type with this key."""
        store = self._stores.of(resource_type)
        with self._database.read(seconds=self._read_seconds) as tx:
            reading = self._reader.reading(tx, asker)
            return store.count(reading, resource_type, Criteria(within=Ids(ids=[key]))) == 1

    def include(self, asker: Asker, resource: Resource, selection: Selection) -> Found:
        """A resource that is known already, with what is included of it."""
        with self._database.read(seconds=self._read_seconds) as tx:
            reading = self._reader.reading(tx, asker)
            return self._reader.with_included(reading, resource, selection)
