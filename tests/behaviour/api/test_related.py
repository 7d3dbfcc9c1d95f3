import pytest

from tests.behaviour.api.site import HOST, Client, refusal
from tests.behaviour.reading.factory import Records


@pytest.fixture
def sku(records: Records) -> str:
    category = records.add("shipping_categories", name="Merchandise")
    sku = records.add("skus", code="A", name="Tee", shipping_category_id=category)
    other = records.add("skus", code="B", name="Cap", shipping_category_id=category)
    price_list = records.add("price_lists", name="EU", currency_code="EUR")
    for amount in (300, 100, 200):
        records.add("prices", sku_id=sku, price_list_id=price_list, amount_cents=amount)
    records.add("prices", sku_id=other, price_list_id=price_list, amount_cents=999)
    return records.public(sku)


def test_a_to_many_relationship_is_a_list_like_any_other(client: Client, sku: str) -> None:
    document = client.document(
        f"/api/skus/{sku}/prices?sort=-amount_cents&page[size]=2&filter[q][amount_cents_gt]=50"
        "&fields[prices]=amount_cents,sku&include=sku"
    )
    assert [each["attributes"]["amount_cents"] for each in document["data"]] == [300, 200]
    assert document["meta"] == {"record_count": 3, "page_count": 2}
    assert document["links"]["next"].startswith(f"{HOST}/api/skus/{sku}/prices?")
    assert [each["type"] for each in document["included"]] == ["skus"]


def test_a_to_one_relationship_is_one_resource(client: Client, sku: str) -> None:
    document = client.document(f"/api/skus/{sku}/shipping_category?include=skus")
    assert document["data"]["attributes"]["name"] == "Merchandise"
    assert document["data"]["links"]["self"].startswith(f"{HOST}/api/shipping_categories/")
    assert [each["type"] for each in document["included"]] == ["skus", "skus"]
    assert "meta" not in document


def test_a_to_one_relationship_that_leads_nowhere_is_null(client: Client, records: Records) -> None:
    sku = records.public(records.add("skus", code="A", name="Tee", do_not_ship=True))
    assert client.document(f"/api/skus/{sku}/shipping_category") == {"data": None}
    order = records.public(records.add("orders", number="1"))
    for outside in ("payment_source", "customer", "discount_engine_item"):
        assert client.document(f"/api/orders/{order}/{outside}") == {"data": None}


@pytest.mark.parametrize("relationship", ["shipments", "returns", "transactions"])
def test_what_is_outside_is_an_empty_list(
    client: Client, records: Records, relationship: str
) -> None:
    order = records.public(records.add("orders", number="1"))
    document = client.document(f"/api/orders/{order}/{relationship}?page[size]=5")
    assert document["data"] == []
    assert document["meta"] == {"record_count": 0, "page_count": 0}


def test_relationships_over_others_are_followed(client: Client, records: Records) -> None:
    sku_list = records.add("sku_lists", name="Summer")
    skus = records.add_many(
        "skus", [{"code": code, "name": code, "do_not_ship": True} for code in "ABC"]
    )
    for sku in (skus[2], skus[0]):
        records.add("sku_list_items", sku_list_id=sku_list, sku_id=sku, quantity=1)
    bundle = records.public(records.add("bundles", code="S", name="Set", sku_list_id=sku_list))
    listed = client.document(f"/api/bundles/{bundle}/skus")
    assert [each["attributes"]["code"] for each in listed["data"]] == ["A", "C"]
    included = client.document(f"/api/bundles/{bundle}?include=skus")
    assert [each["attributes"]["code"] for each in included["included"]] == ["A", "C"]


def test_tags_and_those_who_bear_them_are_linked(client: Client, records: Records) -> None:
    sku = records.add("skus", code="A", name="Tee", do_not_ship=True)
    records.tag(sku, records.add("tags", name="red"))
    records.add("tags", name="blue")
    document = client.document(f"/api/skus/{records.public(sku)}/tags")
    assert [each["attributes"]["name"] for each in document["data"]] == ["red"]


def test_relationships_of_concrete_types_are_found_under_the_abstract_one(
    client: Client, records: Records
) -> None:
    calculator = records.add("tax_calculators", type="manual_tax_calculators", name="Manual")
    records.add("tax_rules", name="IT", tax_rate=0.22, manual_tax_calculator_id=calculator)
    document = client.document(f"/api/tax_calculators/{records.public(calculator)}/tax_rules")
    assert [each["attributes"]["name"] for each in document["data"]] == ["IT"]


def test_linkage_is_types_and_ids(client: Client, sku: str) -> None:
    to_one = client.document(f"/api/skus/{sku}/relationships/shipping_category")
    assert set(to_one["data"]) == {"type", "id"}
    assert to_one["links"] == {
        "self": f"{HOST}/api/skus/{sku}/relationships/shipping_category",
        "related": f"{HOST}/api/skus/{sku}/shipping_category",
    }
    to_many = client.document(f"/api/skus/{sku}/relationships/prices?page[size]=2")
    assert [set(each) for each in to_many["data"]] == [{"type", "id"}] * 2
    assert to_many["meta"]["record_count"] == 3
    assert to_many["links"]["next"].startswith(to_many["links"]["self"])


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("skus/{sku}/nothing", "NOT_FOUND"),
        ("skus/{sku}/code", "NOT_FOUND"),
        ("skus/AAAAAAAAAA/prices", "RECORD_NOT_FOUND"),
        ("prices/{sku}/sku", "RECORD_NOT_FOUND"),
        ("nothing/{sku}/prices", "NOT_FOUND"),
        ("skus/{sku}/relationships/nothing", "NOT_FOUND"),
        ("skus/{sku}/prices/nothing", "NOT_FOUND"),
    ],
)
def test_what_does_not_exist_is_not_found(client: Client, sku: str, path: str, code: str) -> None:
    assert refusal(client.get(f"/api/{path.format(sku=sku)}")) == (404, code, None)
