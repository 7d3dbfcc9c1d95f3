"""The rules of promotions, which refer to them: read, found and moved from the promotion's side."""

from typing import Any

import pytest

from longshore.catalogue import load_catalogue
from tests.behaviour.api.site import Client, refusal
from tests.behaviour.api.test_writing import body, linkage
from tests.behaviour.reading.factory import Records

CATALOGUE = load_catalogue()
RULES = [
    (promotion, relationship.name)
    for promotion in CATALOGUE.types["promotions"].concrete
    for relationship in CATALOGUE.types[promotion].relationships
    if relationship.name.endswith("_promotion_rule")
]
PERIOD = {"starts_at": "2024-01-01T00:00:00Z", "expires_at": "2034-01-01T00:00:00Z"}
SALE = {"name": "Sale", "percentage": 10, "currency_code": "EUR", **PERIOD}
PROMOTIONS = "/api/percentage_discount_promotions"


def add_promotion(records: Records, type_: str = "percentage_discount_promotions") -> str:
    values = {"type": type_, "name": "Sale", "currency_code": "EUR", "metadata": "{}"}
    return records.public(records.add("promotions", **values))


def add_rule(
    client: Client,
    promotion: str,
    rule: str = "order_amount_promotion_rule",
    type_: str = "percentage_discount_promotions",
) -> str:
    given = {"order_amount_cents": 5000} if rule == "order_amount_promotion_rule" else {}
    document = body(f"{rule}s", given, {"promotion": linkage(type_, promotion)})
    response = client.post(f"/api/{rule}s", document)
    assert response.status_code == 201, response.text
    return str(response.json()["data"]["id"])


def rule_of(client: Client, promotion: str) -> Any:
    path = f"{PROMOTIONS}/{promotion}?include=order_amount_promotion_rule"
    return client.document(path)["data"]["relationships"]["order_amount_promotion_rule"]["data"]


def test_there_are_rules_of_every_promotion() -> None:
    assert len({promotion for promotion, _ in RULES}) == 8
    assert len({rule for _, rule in RULES}) == 4


@pytest.mark.parametrize(("promotion", "rule"), RULES)
def test_each_rule_of_each_promotion_is_included_and_found(
    client: Client, records: Records, promotion: str, rule: str
) -> None:
    bare, ruled = add_promotion(records, promotion), add_promotion(records, promotion)
    id_ = add_rule(client, ruled, rule, promotion)
    document = client.document(f"/api/{promotion}/{ruled}?include={rule}")
    assert [(each["type"], each["id"]) for each in document["included"]] == [(f"{rule}s", id_)]
    assert document["data"]["relationships"][rule]["data"] == {"type": f"{rule}s", "id": id_}
    related = client.document(f"/api/{promotion}/{ruled}/{rule}")
    assert related["data"]["id"] == id_
    for filter_, found in ((f"{rule}_id_eq={id_}", ruled), (f"{rule}_null=true", bare)):
        (one,) = client.document(f"/api/{promotion}?filter[q][{filter_.replace('=', ']=')}")["data"]
        assert one["id"] == found


def test_a_rule_that_a_new_promotion_names_is_moved_to_it(client: Client, records: Records) -> None:
    before = add_promotion(records)
    rule = add_rule(client, before)
    named = {"order_amount_promotion_rule": linkage("order_amount_promotion_rules", rule)}
    response = client.post(
        f"{PROMOTIONS}?include=order_amount_promotion_rule",
        body("percentage_discount_promotions", SALE, named),
    )
    assert response.status_code == 201, response.text
    document = response.json()
    assert [each["id"] for each in document["included"]] == [rule]
    assert rule_of(client, document["data"]["id"])["id"] == rule
    assert rule_of(client, before) is None
    # the rule's history tells of it
    *_, change = client.document(f"/api/order_amount_promotion_rules/{rule}/event_stores")["data"]
    assert change["attributes"]["event"] == "update"


def test_a_rule_that_a_changed_promotion_names_is_moved_to_it(
    client: Client, records: Records
) -> None:
    before, after = add_promotion(records), add_promotion(records)
    rule = add_rule(client, before)
    named = {"order_amount_promotion_rule": linkage("order_amount_promotion_rules", rule)}
    for _ in range(2):
        document = body("percentage_discount_promotions", None, named, id=after)
        assert client.patch(f"{PROMOTIONS}/{after}", document).status_code == 200
        assert rule_of(client, after)["id"] == rule
    assert rule_of(client, before) is None


def test_a_rule_is_not_moved_to_a_promotion_that_has_one_of_its_kind(
    client: Client, records: Records
) -> None:
    before, after = add_promotion(records), add_promotion(records)
    rule, own = add_rule(client, before), add_rule(client, after)
    named = {"order_amount_promotion_rule": linkage("order_amount_promotion_rules", rule)}
    document = body("percentage_discount_promotions", {"name": "Other"}, named)
    document["data"]["id"] = after
    response = client.patch(f"{PROMOTIONS}/{after}", document)
    assert refusal(response)[:2] == (422, "VALIDATION_ERROR")
    (error,) = response.json()["errors"]
    assert error["source"]["pointer"] == "/data/relationships/order_amount_promotion_rule"
    assert rule_of(client, after)["id"] == own
    assert rule_of(client, before)["id"] == rule
    shown = client.document(f"{PROMOTIONS}/{after}")["data"]
    assert shown["attributes"]["name"] == "Sale"  # nothing of it was stored


@pytest.mark.parametrize("named", ["AaBbCcDdEe", "no id at all"])
def test_a_rule_that_there_is_not_is_refused(client: Client, records: Records, named: str) -> None:
    rules = {"order_amount_promotion_rule": linkage("order_amount_promotion_rules", named)}
    response = client.post(PROMOTIONS, body("percentage_discount_promotions", SALE, rules))
    assert refusal(response)[0] == 422
    assert client.document(PROMOTIONS)["data"] == []


def test_a_rule_of_another_kind_is_refused(client: Client, records: Records) -> None:
    rule = add_rule(client, add_promotion(records), "custom_promotion_rule")
    for type_, status in (("custom_promotion_rules", 400), ("order_amount_promotion_rules", 422)):
        rules = {"order_amount_promotion_rule": linkage(type_, rule)}
        response = client.post(PROMOTIONS, body("percentage_discount_promotions", SALE, rules))
        assert refusal(response)[0] == status


def test_a_rule_cannot_be_without_a_promotion(client: Client, records: Records) -> None:
    bare, ruled = (add_promotion(records) for _ in range(2))
    rule = add_rule(client, ruled)
    none: dict[str, Any] = {"order_amount_promotion_rule": {"data": None}}
    document = body("percentage_discount_promotions", None, none, id=ruled)
    response = client.patch(f"{PROMOTIONS}/{ruled}", document)
    assert refusal(response)[:2] == (422, "VALIDATION_ERROR")
    assert rule_of(client, ruled)["id"] == rule
    document = body("percentage_discount_promotions", None, none, id=bare)
    assert client.patch(f"{PROMOTIONS}/{bare}", document).status_code == 200
    response = client.post(PROMOTIONS, body("percentage_discount_promotions", SALE, none))
    assert response.status_code == 201
