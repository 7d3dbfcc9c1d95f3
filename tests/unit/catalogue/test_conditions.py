"""Conditions: which texts are one, and when they hold."""

import pytest

from longshore.catalogue import PREDICATES, holds, parse_condition

CASES = [
    ("true", {}, True),
    ("business != true", {}, True),
    ("business != true", {"business": False}, True),
    ("business != true", {"business": True}, False),
    ("business == true", {}, False),
    ("market == null", {}, True),
    ("market == null", {"market": 7}, False),
    ("market != null", {"market": 7}, True),
    ("item == null and sku_code == null", {"sku_code": "A"}, False),
    ("item == null and sku_code == null", {}, True),
    ("min != null or max != null", {}, False),
    ("min != null or max != null", {"max": 0}, True),
    ("kind != 'cloud'", {"kind": "cloud"}, False),
    ("kind != 'cloud'", {"kind": "on_premise"}, True),
    ("kind == 'on demand'", {"kind": "on demand"}, True),
    ("organization.addresses_phone_required == true", {}, False),
    (
        "organization.addresses_phone_required == true",
        {"organization.addresses_phone_required": True},
        True,
    ),
    ("country_uses_zip(country_code)", {"country_code": "IT"}, True),
    ("country_uses_zip(country_code)", {"country_code": "AE"}, False),
    ("country_uses_zip(country_code)", {}, False),
    ("country_uses_zip(country_code)", {"country_code": "no country"}, False),
]


@pytest.mark.parametrize(("text", "values", "expected"), CASES)
def test_condition_holds_for_these_values(text, values, expected):
    assert holds(parse_condition(text), values.get, PREDICATES) is expected


def test_inputs_are_the_fields_of_the_record_without_flags():
    condition = parse_condition(
        "business != true and organization.addresses_phone_required == true"
    )
    assert condition.inputs == ("business",)
    assert parse_condition("min != null or max != null").inputs == ("min", "max")


@pytest.mark.parametrize("text", ["", "business", "business = true", "a == 3", "f(a, b)", "a or"])
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(ValueError, match="not a condition"):
        parse_condition(text)
