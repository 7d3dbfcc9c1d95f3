"""What rows point at: found, made on the way, or refused with the line that helps."""

from collections.abc import Callable
from typing import Any

import pytest

from longshore.dialects import DialectOptions, DialectRefused, NamedRecord, StoreNames
from longshore.dialects.targets import Targets

EUR = NamedRecord(code="retail", name="Retail", currency="EUR")
EUR_TOO = NamedRecord(code="wholesale", name="Wholesale", currency="EUR")
GROSS = NamedRecord(code="gross", name="Gross", currency="EUR", tax_included=True)
NAMELESS = NamedRecord(code=None, name="Only a name", currency="USD")
ROME = NamedRecord(code="rome", name="Rome")
PARIS = NamedRecord(code="paris", name="Paris")


class Made:
    """The records that were made on the way."""

    def __init__(self, store: StoreNames | None = None, **options: Any) -> None:
        self.records: list[tuple[str, dict[str, str]]] = []
        self.targets = Targets(
            store or StoreNames(),
            DialectOptions(**options),
            lambda resource_type, fields: self.records.append((resource_type, fields)),
        )


def test_price_list_of_a_currency() -> None:
    made = Made(StoreNames(price_lists=(EUR, NAMELESS)))
    assert made.targets.price_list("EUR") == {"price_list.code": "retail"}
    assert made.targets.price_list("USD") == {"price_list.name": "Only a name"}
    assert made.records == []
    assert made.targets.price_list("JPY") == {"price_list.code": "jpy"}
    assert made.targets.price_list("JPY") == {"price_list.code": "jpy"}
    assert made.records == [("price_lists", {"code": "jpy", "name": "JPY", "currency_code": "JPY"})]


def test_price_list_that_is_asked_for() -> None:
    store = StoreNames(price_lists=(EUR, EUR_TOO))
    assert Made(store, price_lists={"EUR": "wholesale"}).targets.price_list("EUR") == {
        "price_list.code": "wholesale"
    }
    made = Made(store, price_lists={"USD": "dollars"})
    assert made.targets.price_list("USD") == {"price_list.code": "dollars"}
    assert made.records[0][1]["currency_code"] == "USD"


def test_shipping_category() -> None:
    assert Made().targets.shipping_category() == {"shipping_category.code": "default"}
    one = StoreNames(shipping_categories=(ROME,))
    assert Made(one).targets.shipping_category() == {"shipping_category.code": "rome"}
    made = Made(one, shipping_category="heavy")
    assert made.targets.shipping_category() == {"shipping_category.code": "heavy"}
    assert made.records == [("shipping_categories", {"code": "heavy", "name": "heavy"})]


def test_stock_location() -> None:
    two = StoreNames(stock_locations=(ROME, PARIS))
    assert Made(two).targets.stock_location("Paris") == {"stock_location.code": "paris"}
    assert Made(two, stock_location="rome").targets.stock_location() == {
        "stock_location.code": "rome"
    }
    assert Made(StoreNames(stock_locations=(ROME,))).targets.stock_location() == {
        "stock_location.code": "rome"
    }


REFUSED: list[tuple[StoreNames, dict[str, Any], Callable[[Targets], object], str, str]] = [
    (
        StoreNames(),
        {},
        lambda targets: targets.currency,
        "does not say in which currency",
        "--currency EUR",
    ),
    (
        StoreNames(price_lists=(EUR, NAMELESS)),
        {},
        lambda targets: targets.currency,
        "does not say in which currency",
        "price lists in EUR, USD",
    ),
    (
        StoreNames(),
        {"currency": "euros"},
        lambda targets: targets.currency,
        "'euros' is no currency",
        "ISO 4217",
    ),
    (
        StoreNames(price_lists=(EUR, EUR_TOO)),
        {},
        lambda targets: targets.price_list("EUR"),
        "several price lists are in EUR: retail, wholesale",
        "--price-list EUR=retail",
    ),
    (
        StoreNames(price_lists=(NamedRecord(code="usd", name="x", currency="EUR"),)),
        {},
        lambda targets: targets.price_list("USD"),
        "of another kind, and there is none in USD",
        "--price-list USD=CODE",
    ),
    (
        StoreNames(price_lists=(EUR, NAMELESS)),
        {"price_lists": {"EUR": "Only a name"}},
        lambda targets: targets.price_list("EUR"),
        "the price list 'Only a name' is in USD, and the prices are in EUR",
        "name one that is there, with --price-list EUR=retail",
    ),
    (
        StoreNames(price_lists=(NAMELESS,)),
        {"price_lists": {"": "Only a name"}},
        lambda targets: targets.price_list("EUR"),
        "the price list 'Only a name' is in USD, and the prices are in EUR",
        "give a code that no list has with --price-list EUR=CODE, and one is made",
    ),
    (
        StoreNames(price_lists=(EUR, GROSS)),
        {"price_lists": {"EUR": "gross"}},
        lambda targets: targets.price_list("EUR", tax_included=False),
        "the prices of the price list 'gross' are with tax, and those of the file without it",
        "name one that is there, with --price-list EUR=retail",
    ),
    (
        StoreNames(shipping_categories=(ROME, PARIS)),
        {},
        lambda targets: targets.shipping_category(),
        "several shipping categories: paris, rome",
        "--shipping-category rome",
    ),
    (
        StoreNames(),
        {},
        lambda targets: targets.stock_location(),
        "there is no stock location",
        "longshore setup --warehouse",
    ),
    (
        StoreNames(stock_locations=(ROME, PARIS)),
        {},
        lambda targets: targets.stock_location(),
        "several stock locations: paris, rome",
        "--stock-location rome",
    ),
    (
        StoreNames(stock_locations=(ROME,)),
        {"stock_location": "milan"},
        lambda targets: targets.stock_location(),
        "no stock location 'milan'; there are rome",
        "longshore setup --warehouse",
    ),
    (StoreNames(), {}, lambda targets: targets.market(), "there is none", "--market CODE"),
    (
        StoreNames(markets=(ROME, PARIS)),
        {},
        lambda targets: targets.market(),
        "several markets: paris, rome",
        "--market CODE",
    ),
]


@pytest.mark.parametrize(("store", "options", "find", "told", "hint"), REFUSED)
def test_refused(
    store: StoreNames,
    options: dict[str, Any],
    find: Callable[[Targets], object],
    told: str,
    hint: str,
) -> None:
    with pytest.raises(DialectRefused) as refused:
        find(Made(store, **options).targets)
    assert told in refused.value.message
    assert hint in (refused.value.hint or "")
