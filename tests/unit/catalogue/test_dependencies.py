"""The order in which types are imported so that rows find what they name."""

import pytest

from longshore.catalogue import load_catalogue
from longshore.catalogue.dependencies import ordered

CATALOGUE = load_catalogue()


def test_targets_come_before_the_types_that_name_them():
    """All links are looked at; those that close a circle are listed, and can be left blank."""
    order = CATALOGUE.dependency_order(CATALOGUE.creatable)
    place = {name: number for number, name in enumerate(order)}
    behind = [
        (name, relationship.name, target)
        for name in order
        for relationship in CATALOGUE.types[name].relationships
        if relationship.has_column or relationship.linked
        for target in CATALOGUE.targets_of(relationship)
        if target in place and place[target] > place[name]
    ]
    assert behind == [
        ("markets", "default_shipping_method", "shipping_methods"),
        ("markets", "default_payment_method", "payment_methods"),
        ("orders", "payment_source", "external_payments"),
        ("orders", "payment_source", "wire_transfers"),
    ]


@pytest.mark.parametrize(
    ("types", "order"),
    [
        (["prices", "skus", "price_lists"], ["price_lists", "skus", "prices"]),
        # Rows of a list may hold items, which name SKUs; coupons are named by their codes.
        (["sku_lists", "skus"], ["skus", "sku_lists"]),
        (["orders", "coupons", "gift_cards"], ["coupons", "gift_cards", "orders"]),
        (["skus", "tags", "skus"], ["tags", "skus"]),
        (["attachments", "orders", "prices"], ["prices", "orders", "attachments"]),
        # What a bundle costs is summed up from the items of its list.
        (["bundles", "sku_list_items", "prices"], ["sku_list_items", "prices", "bundles"]),
        ([], []),
    ],
)
def test_types_are_ordered_whatever_the_order_they_are_given_in(types, order):
    assert list(CATALOGUE.dependency_order(types)) == order
    assert list(CATALOGUE.dependency_order(reversed(types))) == order


@pytest.mark.parametrize(
    ("needs", "wishes", "order"),
    [
        ({}, {}, ["a", "b", "c"]),
        ({"a": ["c"]}, {}, ["c", "a", "b"]),
        ({"a": ["c"]}, {"c": ["b"]}, ["b", "c", "a"]),
        # A wish is given up for a need, and for a wish that was granted before.
        ({"a": ["b"]}, {"b": ["a"]}, ["b", "a", "c"]),
        ({}, {"a": ["b"], "b": ["a"]}, ["b", "a", "c"]),
        ({}, {"a": ["a"]}, ["a", "b", "c"]),
    ],
)
def test_wishes_are_granted_where_they_close_no_circle(needs, wishes, order):
    assert list(ordered(("a", "b", "c"), needs, wishes)) == order
