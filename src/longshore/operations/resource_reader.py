"""Resources of all types read within a transaction that somebody else has opened."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from longshore.database import Transaction
from longshore.errors import LongshoreError
from longshore.operations.asker import Asker
from longshore.operations.budget import Budget
from longshore.operations.found import Found
from longshore.operations.inclusion import include_related
from longshore.operations.packed_answers import pack_found
from longshore.operations.selection import Selection, read_fields
from longshore.operations.stores import Criteria, Deferred, Reading, Resource, Stores
from longshore.records import Ids
from longshore.request_keys import keep_answer
from longshore.settings import Settings

# Told the concrete type of what was found before its includes are followed; it may refuse them.
Check = Callable[[str], None]


def allow(_resource_type: str) -> None:
    """Refuse nothing."""


class ResourceReader:
    """Reads resources; any number of threads may."""

    def __init__(self, stores: Stores, settings: Settings) -> None:
        self._stores = stores
        self._settings = settings

    def reading(self, tx: Transaction, asker: Asker) -> Reading:
        """What stores need to know to read for one answer."""
        is_bounded = asker.base_url is not None
        return Reading(tx=tx, asker=asker, budget=Budget(self._settings if is_bounded else None))

    def one(
        self,
        reading: Reading,
        resource_type: str,
        key: int,
        selection: Selection,
        *,
        action: str = "retrieve",
        check: Check = allow,
    ) -> Found | None:
        """The resource of a type with this key, if it is in the environment."""
        found = self._stores.of(resource_type).find(
            reading,
            resource_type,
            Criteria(within=Ids(ids=[key])),
            fields=read_fields(self._stores.catalogue, selection, resource_type),
            action=action,
        )
        if not found:
            return None
        check(found[0].type)
        return self.with_included(reading, found[0], selection)

    def with_included(self, reading: Reading, resource: Resource, selection: Selection) -> Found:
        """The resource, with what the selection includes of it."""
        included = include_related(self._stores, reading, selection, [resource])
        return Found(resource=resource, included=included)

    def written(
        self,
        tx: Transaction,
        asker: Asker,
        resource_type: str,
        key: int,
        selection: Selection,
        *,
        action: str = "retrieve",
        warnings: Sequence[str] = (),
    ) -> Found:
        """The resource that was just written, read in the transaction that has written it.

        Read after it, the answer could fail when the write has not: who is answered that the
        database is away then writes again. Where the asker has claimed a key, the answer is kept
        under it; raises ClaimTaken when another request has the key, and then nothing is written.
        """
        found = self.one(self.reading(tx, asker), resource_type, key, selection, action=action)
        assert found is not None, "it was just written"
        found = replace(found, warnings=warnings)
        if asker.claim is not None:
            keep_answer(
                tx,
                asker.claim,
                status=asker.claim.created_status,
                answer=pack_found(self._stores.catalogue, found),
                resource_type=resource_type,
                resource_id=key,
            )
        return found


def settled(resource: Resource, *, is_lenient: bool = False) -> Resource:
    """The resource with what is read when the transaction is closed.

    `is_lenient` where it was just written: what cannot be read is null then, because an answer can
    do without, and whoever asks later sees it.
    """
    attributes = dict(resource.attributes)
    for name, value in attributes.items():
        if isinstance(value, Deferred):
            attributes[name] = _read(value) if is_lenient else value.read()
    return replace(resource, attributes=attributes)


def settle_all(resources: Sequence[Resource]) -> list[Resource]:
    """All of them, likewise."""
    return [settled(each) for each in resources]


def _read(value: Deferred) -> object:
    try:
        return value.read()
    except (LongshoreError, OSError):
        return None
