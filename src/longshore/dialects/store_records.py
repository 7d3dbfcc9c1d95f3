"""What dialects may read of the records of an environment, where a file only adds to these."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol


class KnownSku(NamedTuple):
    """A SKU of the store."""

    code: str
    reference: str
    metadata: Mapping[str, Any]


class StoreRecords(Protocol):
    """Reads them one after another, so that memory does not grow with the store."""

    @property
    def needs_phones(self) -> bool:
        """Whether addresses need a phone number there."""
        ...

    def skus(self, origin: str) -> Iterator[KnownSku]:
        """The SKUs whose references are of an origin, in the order in which they were made."""
        ...

    def amounts(self, price_list: Mapping[str, str]) -> Iterator[tuple[str, int]]:
        """The prices in the list that a row names so: the code of the SKU, and the cents."""
        ...


class NoRecords:
    """An empty store."""

    needs_phones = False

    def skus(self, origin: str) -> Iterator[KnownSku]:
        """None."""
        return iter(())

    def amounts(self, price_list: Mapping[str, str]) -> Iterator[tuple[str, int]]:
        """None."""
        return iter(())


NO_RECORDS = NoRecords()
