"""Attributes that are computed when a record is read."""

import pytest

from longshore.catalogue import Derived, derive, load_catalogue

ADDRESS = {
    "first_name": "John",
    "last_name": "Smith",
    "line_1": "2883 Geraldine Lane",
    "line_2": "Apt. 23",
    "zip_code": "10013",
    "city": "New York",
    "state_code": "NY",
    "country_code": "US",
    "phone": "(212) 646-338-1228",
}
FULL_ADDRESS = "2883 Geraldine Lane Apt. 23, 10013 New York NY (US) (212) 646-338-1228"

CASES = [
    ("addresses", "full_name", ADDRESS, "John Smith"),
    ("addresses", "full_name", {"last_name": "Smith"}, "Smith"),
    ("addresses", "full_name", {}, None),
    ("addresses", "full_address", ADDRESS, FULL_ADDRESS),
    ("addresses", "name", ADDRESS, f"John Smith, {FULL_ADDRESS}"),
    (
        "addresses",
        "name",
        {**ADDRESS, "business": True, "company": "Acme"},
        f"Acme, {FULL_ADDRESS}",
    ),
    (
        "customer_addresses",
        "name",
        {f"address.{name}": value for name, value in ADDRESS.items()},
        f"John Smith, {FULL_ADDRESS}",
    ),
    ("addresses", "is_localized", {"lat": 0.0, "lng": 9.5}, True),
    ("addresses", "is_localized", {"lat": 1.0}, False),
    ("markets", "number", {"id": (3 << 40) + 17}, 17),
    ("markets", "private", {"customer_group": 5}, True),
    ("markets", "private", {}, False),
    ("orders", "editable", {"status": "pending"}, True),
    ("orders", "editable", {"status": "placed"}, False),
    ("orders", "gift_card_or_coupon_code", {"coupon_code": "SUMMER22"}, "SUMMER22"),
    ("links", "status", {"now": 5, "disabled_at": 4, "expires_at": 3}, "disabled"),
    ("links", "status", {"now": 5, "starts_at": 1, "expires_at": 5}, "expired"),
    ("links", "status", {"now": 5, "starts_at": 6, "expires_at": 9}, "pending"),
    ("links", "status", {"now": 5, "starts_at": 5, "expires_at": 6}, "active"),
    ("links", "active", {"now": 5}, True),
    ("links", "active", {"now": 5, "starts_at": 6}, False),
]


@pytest.mark.parametrize(("type_name", "attribute", "values", "expected"), CASES)
def test_attribute_is_derived_from_its_inputs(type_name, attribute, values, expected):
    declared = {a.name: a for a in load_catalogue().types[type_name].attributes}
    computed = declared[attribute].computed
    assert isinstance(computed, Derived)
    assert derive(computed, values.get) == expected
