"""What the endpoints work with, made once per process and given to all of them."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from longshore.access import Environment, Permissions, RateLimits, Tokens
from longshore.api.budget import Budget
from longshore.api.pools import Pools
from longshore.api.stores import ResourceStore
from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.engine import RecordWriter
from longshore.identifiers import PublicIds
from longshore.imports import Import, ImportRequest
from longshore.observations import NullObserver, Observer
from longshore.operations import Operations
from longshore.settings import Settings
from longshore.sources import AttachmentStore, Source


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
        """`on_created` is called in the transaction that creates the import.

        Raises RequestRefused: UnreadableSource, TooManyRows and TooManyUnfinished among it.
        """
        ...


class OfAttachment(Protocol):
    """Reads the attributes of an import that its attachment tells."""

    def __call__(
        self, import_: Import, base_url: str, budget: Budget, *, wanted: Collection[str]
    ) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that endpoints use; what they need beyond it does not exist for them."""

    settings: Settings
    database: Database
    catalogue: Catalogue
    attachments: AttachmentStore
    writer: RecordWriter
    submit: Submit
    of_attachment: OfAttachment
    # The stores of the resource types, by the name of the package that keeps them.
    stores: Mapping[str, ResourceStore]
    operations: Operations
    tokens: Tokens
    permissions: Permissions
    rate_limits: RateLimits
    pools: Pools
    observer: Observer = field(default_factory=NullObserver)
    # Told after an import was created, so that it starts at once.
    wake: Callable[[], None] = lambda: None
    # Told after an import of this environment was stopped, so that those behind it start at once.
    on_stopped: Callable[[int], None] = lambda _environment: None

    def read(self) -> AbstractContextManager[Transaction]:
        """A snapshot for an answer, which has so long as the settings say."""
        return self.database.read(seconds=self.settings.read_seconds)

    @property
    def public_ids(self) -> PublicIds:
        return self.database.public_ids

    def store_of(self, resource_type: str) -> ResourceStore:
        """The store that keeps the resources of a type."""
        return self.stores[self.catalogue.types[resource_type].kept_by]
