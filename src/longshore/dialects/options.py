"""What somebody says of a file of another system."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from longshore.spellings import DecimalMark


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectOptions:
    """What was asked for; what is None was not."""

    currency: str | None = None  # of amounts, where the file names none
    price_lists: Mapping[str, str] = field(default_factory=dict)  # currency or name -> code
    stock_location: str | None = None  # code or name
    shipping_category: str | None = None
    market: str | None = None  # of what belongs to one
    markets: Mapping[str, str] = field(default_factory=dict)  # market of the file -> price list
    weight_unit: str | None = None  # of weights, where the file names none
    image_base: str | None = None  # before images that are given as paths
    same_code: str = "last"  # of rows with one code: "last" wins, or "error"
    keep_rest: bool = False  # columns without a home go into metadata
    only_active: bool = False  # leave out what is not for sale
    rounds: bool = False  # amounts with more decimals than their currency has
    decimal: DecimalMark | None = None  # before decimals; None: each value has to show it
    net: bool = False  # net prices in place of gross ones

    def given(self) -> frozenset[str]:
        """The names of those that were asked for."""
        nothing = DialectOptions()
        return frozenset(
            each.name
            for each in fields(self)
            if getattr(self, each.name) != getattr(nothing, each.name)
        )

    def to_dict(self) -> dict[str, Any]:
        """Those that say anything, as JSON-safe values."""
        values: dict[str, Any] = {
            "currency": self.currency,
            "price_list": dict(self.price_lists) or None,
            "stock_location": self.stock_location,
            "shipping_category": self.shipping_category,
            "market": self.market,
            "markets": dict(self.markets) or None,
            "weight_unit": self.weight_unit,
            "image_base": self.image_base,
            "same_code": None if self.same_code == "last" else self.same_code,
            "keep_rest": self.keep_rest or None,
            "only_active": self.only_active or None,
            "round": self.rounds or None,
            "decimal": None if self.decimal is None else str(self.decimal),
            "net": self.net or None,
        }
        return {name: value for name, value in values.items() if value is not None}


# Those that are not called like their field.
_CALLED = {"price_lists": "--price-list", "markets": "--market NAME=CODE", "rounds": "--round"}


def option_of(name: str) -> str:
    """How people call the option of a field."""
    return _CALLED.get(name, f"--{name.replace('_', '-')}")
