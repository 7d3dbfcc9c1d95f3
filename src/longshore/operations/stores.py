"""What keeps the resources of a type, whichever package that is.

Records, imports and the journal are kept by packages of their own. Who reads resources asks the
store of a type, so that lists, filters, pages and includes mean the same for all of them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from longshore.access import Environment
from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.operations.asker import Asker
from longshore.operations.budget import Budget
from longshore.records import Filter, Within


@dataclass(frozen=True, slots=True)
class Deferred:
    """A value that is read when the snapshot is closed, because it may take long."""

    read: Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A thing as it was read, its values as on the wire."""

    key: int  # the id inside
    type: str  # the concrete one
    id: str  # public
    attributes: Mapping[str, object]  # some of them `Deferred`
    meta: Mapping[str, object] = field(default_factory=dict)  # beside what all have


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLink:
    """A relationship of one resource, followed."""

    owner: int  # key
    target: int  # key
    family: str  # a type of which the target can be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A transaction, and for whom is read in it."""

    tx: Transaction
    asker: Asker
    budget: Budget

    @property
    def environment(self) -> Environment:
        return self.asker.environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Which resources of a type are meant."""

    filters: Sequence[Filter] = ()
    within: Within | None = None


class ResourceStore(Protocol):
    """Reads resources of the types that one package keeps, within the environment of a reading.

    All raise FilterRefused and SortRefused for what a filter or a criterion cannot ask.
    """

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
    ) -> Sequence[Resource]:
        """The resources that meet the criteria; `fields` names the attributes that are wanted."""
        ...

    def count(self, reading: Reading, resource_type: str, criteria: Criteria) -> int:
        """How many resources meet the criteria."""
        ...

    def links(
        self,
        reading: Reading,
        resource_type: str,
        relationship: str,
        owners: Collection[int],
        *,
        limit: int,
    ) -> Sequence[ResourceLink]:
        """Where a relationship leads from resources of a type; its targets are kept here.

        By owner, in the order of the targets' creation, at most `limit` of them.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """All stores of one installation."""

    catalogue: Catalogue
    by_package: Mapping[str, ResourceStore]  # by the name of the package that keeps the resources

    def of(self, resource_type: str) -> ResourceStore:
        """The store that keeps the resources of a type."""
        return self.by_package[self.catalogue.types[resource_type].kept_by]
