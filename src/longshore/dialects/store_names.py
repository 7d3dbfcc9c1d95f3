"""The records of a store that rows of other systems point at."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRecord:
    """A record of the store that rows may name."""

    code: str | None
    name: str | None
    currency: str | None = None  # of a price list, or that of a market
    tax_included: bool | None = None  # in the prices of a list; None: it is not known

    def fits(self, tax_included: bool | None) -> bool:
        """Whether its prices may have tax in them, or none, as those of a file."""
        return None in (tax_included, self.tax_included) or self.tax_included == tax_included

    def is_called(self, text: str) -> bool:
        """Whether that is its code or its name."""
        return text in (self.code, self.name)

    def fields(self, relationship: str) -> dict[str, str]:
        """How a row names it: by its code, or where it has none by its name."""
        if self.code:
            return {f"{relationship}.code": self.code}
        return {f"{relationship}.name": self.name or ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreNames:
    """The records of an environment that dialects name, by type."""

    price_lists: tuple[NamedRecord, ...] = ()
    shipping_categories: tuple[NamedRecord, ...] = ()
    stock_locations: tuple[NamedRecord, ...] = ()
    markets: tuple[NamedRecord, ...] = ()


NAMED_TYPES = tuple(each.name for each in fields(StoreNames))
