"""The resource type that somebody means with a name that is none."""

import pytest

from longshore.catalogue import load_catalogue, meant_type
from longshore.catalogue.aliases import TYPE_ALIASES

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


def test_only_what_may_be_meant_is_suggested() -> None:
    assert meant_type(CATALOGUE, "product", ["orders"]) is None


def test_other_words_mean_types_that_are_there_and_are_no_names_themselves() -> None:
    assert set(TYPE_ALIASES.values()) <= set(CATALOGUE.creatable)
    own = {each.name for each in CATALOGUE.types.values()}
    own |= {each.singular for each in CATALOGUE.types.values()}
    assert own.isdisjoint(alias.replace(" ", "_") for alias in TYPE_ALIASES)
