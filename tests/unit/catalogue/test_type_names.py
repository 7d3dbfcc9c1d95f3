"""Resource types by their names, and what somebody means with a name that is none."""

import pytest

from longshore.catalogue import (
    importable_type,
    load_catalogue,
    meant_type,
    recorded_type,
    spelled_type,
)
from longshore.catalogue.aliases import TYPE_ALIASES
from longshore.errors import RequestRefused

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("products", "skus"),
        ("product", "skus"),
        ("Product-Variants", "skus"),
        ("variants", "skus"),
        ("items", "skus"),
        ("SKU", "skus"),
        ("SKUs", "skus"),
        ("Sku", "skus"),
        ("inventory", "stock_items"),
        ("stock", "stock_items"),
        ("StockItem", "stock_items"),
        ("clients", "customers"),
        ("client", "customers"),
        ("CUSTOMERS", "customers"),
        ("categories", "sku_lists"),
        ("category", "sku_lists"),
        ("price-list", "price_lists"),
        ("priceList", "price_lists"),
        ("Price Lists", "price_lists"),
        ("price", "prices"),
        ("addres", "addresses"),
        ("skuss", "skus"),
        ("qqqqq", None),
        ("", None),
        ("продукт", None),
    ],
)
def test_a_name_that_is_none_means_a_type(name: str, meant: str | None) -> None:
    assert meant_type(CATALOGUE, name, CATALOGUE.creatable) == meant


@pytest.mark.parametrize(
    ("name", "type_"),
    [("Price lists", "price_lists"), ("SKU", "skus"), ("Products", "skus"), ("addres", None)],
)
def test_what_is_only_near_is_no_spelling_of_a_type(name: str, type_: str | None) -> None:
    assert spelled_type(CATALOGUE, name, CATALOGUE.creatable) == type_


def test_only_what_may_be_meant_is_suggested() -> None:
    assert meant_type(CATALOGUE, "product", ["orders"]) is None


def test_other_words_mean_types_that_are_there_and_are_no_names_themselves() -> None:
    assert set(TYPE_ALIASES.values()) <= set(CATALOGUE.creatable)
    own = {each.name for each in CATALOGUE.types.values()}
    own |= {each.singular for each in CATALOGUE.types.values()}
    assert own.isdisjoint(alias.replace(" ", "_") for alias in TYPE_ALIASES)


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("sku", "no such resource type: sku", "did you mean skus?"),
        ("events", "events cannot be imported", "longshore types --all"),
        ("qqqqq", "no such resource type: qqqqq", "longshore types lists them all"),
    ],
)
def test_types_that_cannot_be_imported_are_refused(name: str, message: str, hint: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        importable_type(CATALOGUE, name)
    assert refused.value.message == message
    assert hint in str(refused.value.hint)


def test_what_is_kept_elsewhere_is_no_record() -> None:
    with pytest.raises(RequestRefused, match="imports are not records") as refused:
        recorded_type(CATALOGUE, "imports")
    assert refused.value.hint == "longshore imports lists them"
    with pytest.raises(RequestRefused, match="events are not kept as records"):
        recorded_type(CATALOGUE, "events")


def test_records_of_an_abstract_type_can_be_looked_at() -> None:
    assert recorded_type(CATALOGUE, "tax_calculators").is_abstract
