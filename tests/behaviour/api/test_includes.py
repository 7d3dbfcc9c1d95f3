from typing import Any

import pytest

from longshore.operations import INCLUDE_LINKS_MAX
from tests.behaviour.api.site import Client, refusal
from tests.behaviour.reading.factory import Records


@pytest.fixture
def sku(records: Records) -> int:
    """A SKU with two prices in one price list, two tags, and what it needs."""
    category = records.add("shipping_categories", name="Merchandise")
    sku = records.add("skus", code="A", name="Tee", shipping_category_id=category)
    price_list = records.add("price_lists", name="EU", currency_code="EUR")
    for amount in (100, 200):
        records.add("prices", sku_id=sku, price_list_id=price_list, amount_cents=amount)
    for name in ("new", "red"):
        records.tag(sku, records.add("tags", name=name))
    return sku


def identifiers(resources: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["type"], each["id"]) for each in resources]


def included_types(document: dict[str, Any]) -> list[str]:
    return [each["type"] for each in document["included"]]


def test_without_include_a_relationship_has_links_alone(
    client: Client, records: Records, sku: int
) -> None:
    document = client.document(f"/api/skus/{records.public(sku)}")
    self_url = document["data"]["links"]["self"]
    assert document["data"]["relationships"]["prices"] == {
        "links": {"self": f"{self_url}/relationships/prices", "related": f"{self_url}/prices"}
    }
    assert "included" not in document


def test_included_resources_stand_beside_the_data_once_each(
    client: Client, records: Records, sku: int
) -> None:
    document = client.document("/api/prices?include=sku.tags,price_list,sku.shipping_category")
    assert sorted(included_types(document)) == [
        "price_lists",
        "shipping_categories",
        "skus",
        "tags",
        "tags",
    ]
    by_key = {(each["type"], each["id"]): each for each in document["included"]}
    (linked, other) = (each["relationships"]["sku"]["data"] for each in document["data"])
    assert linked == other == {"type": "skus", "id": records.public(sku)}
    shown = by_key["skus", records.public(sku)]["relationships"]
    assert [by_key["tags", each["id"]]["attributes"]["name"] for each in shown["tags"]["data"]] == [
        "new",
        "red",
    ]
    assert "data" not in shown["prices"]


def test_what_is_not_there_is_null_or_an_empty_array(client: Client, records: Records) -> None:
    records.add("skus", code="A", name="Tee", do_not_ship=True)
    document = client.document("/api/skus?include=shipping_category,prices,delivery_lead_times")
    relationships = document["data"][0]["relationships"]
    assert relationships["shipping_category"]["data"] is None
    assert relationships["prices"]["data"] == []
    assert relationships["delivery_lead_times"]["data"] == []
    assert document["included"] == []


def test_the_data_that_was_asked_for_is_not_included_again(
    client: Client, records: Records, sku: int
) -> None:
    document = client.document(
        f"/api/skus/{records.public(sku)}?include=prices.sku.shipping_category"
    )
    assert sorted(included_types(document)) == ["prices", "prices", "shipping_categories"]
    # The way back to the SKU asked for its shipping category.
    assert document["data"]["relationships"]["shipping_category"]["data"] is not None


def test_sparse_fields_hold_for_included_resources(
    client: Client, records: Records, sku: int
) -> None:
    document = client.document(
        f"/api/skus/{records.public(sku)}?include=prices&fields[skus]=code,prices"
        "&fields[prices]=amount_cents"
    )
    assert list(document["data"]["relationships"]) == ["prices"]
    assert [each["attributes"] for each in document["included"]] == [
        {"amount_cents": 100},
        {"amount_cents": 200},
    ]
    assert all("relationships" not in each for each in document["included"])


def test_targets_of_several_types_are_included_with_their_own_type(
    client: Client, records: Records, sku: int
) -> None:
    order = records.add("orders", number="1")
    bundle = records.add("bundles", code="B", name="Set")
    for item_type, item in (("skus", sku), ("bundles", bundle), ("skus", sku)):
        records.add("line_items", order_id=order, item_type=item_type, item_id=item, quantity=1)
    document = client.document(
        f"/api/orders/{records.public(order)}?include=line_items.item.tags,line_items.sku"
    )
    assert sorted(included_types(document)) == [
        *("bundles", "line_items", "line_items", "line_items", "skus", "tags", "tags")
    ]
    items = [each for each in document["included"] if each["type"] == "line_items"]
    assert identifiers([each["relationships"]["item"]["data"] for each in items]) == [
        ("skus", records.public(sku)),
        ("bundles", records.public(bundle)),
        ("skus", records.public(sku)),
    ]
    assert [each["relationships"]["sku"]["data"] is None for each in items] == [False, True, False]


def test_a_family_is_included_under_its_concrete_types(client: Client, records: Records) -> None:
    calculator = records.add("tax_calculators", type="manual_tax_calculators", name="Manual")
    records.add("tax_rules", name="IT", tax_rate=0.22, manual_tax_calculator_id=calculator)
    records.add("markets", name="EU", tax_calculator_id=calculator)
    document = client.document("/api/markets?include=tax_calculator.tax_rules")
    linked = document["data"][0]["relationships"]["tax_calculator"]["data"]
    assert linked == {"type": "manual_tax_calculators", "id": records.public(calculator)}
    assert included_types(document) == ["manual_tax_calculators", "tax_rules"]


def test_includes_behind_what_is_outside_are_accepted_and_empty(
    client: Client, records: Records
) -> None:
    records.add("orders", number="1")
    document = client.document("/api/orders?include=shipments.parcels")
    assert document["data"][0]["relationships"]["shipments"]["data"] == []


def test_an_include_that_leads_to_too_much_is_refused(client: Client, records: Records) -> None:
    sku = records.add("skus", code="A", name="Tee", do_not_ship=True)
    many = [{"sku_id": sku, "amount_cents": 1}] * (INCLUDE_LINKS_MAX + 1)
    records.add_many("prices", many)
    response = client.get("/api/skus?include=prices")
    assert refusal(response) == (400, "INVALID_INCLUDE", "include")
    assert "skus/ID/prices" in response.json()["errors"][0]["detail"]
    assert len(client.document(f"/api/skus/{records.public(sku)}/prices")["data"]) == 10
