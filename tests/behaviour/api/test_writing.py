from typing import Any

import pytest

from tests.behaviour.api.site import HOST, Client, errors_of, refusal
from tests.behaviour.reading.factory import Records


def body(
    resource_type: str,
    attributes: dict[str, Any] | None = None,
    relationships: dict[str, Any] | None = None,
    **members: Any,
) -> dict[str, Any]:
    data = {"type": resource_type, **members}
    if attributes is not None:
        data["attributes"] = attributes
    if relationships is not None:
        data["relationships"] = relationships
    return {"data": data}


def linkage(resource_type: str, id_: str) -> dict[str, Any]:
    return {"data": {"type": resource_type, "id": id_}}


@pytest.fixture
def category(records: Records) -> str:
    return records.public(records.add("shipping_categories", name="Merchandise"))


@pytest.fixture
def sku(client: Client, category: str) -> str:
    response = client.post(
        "/api/skus",
        body(
            "skus",
            {"code": "A", "name": "Tee", "weight": 1.5, "metadata": {"a": 1}},
            {"shipping_category": linkage("shipping_categories", category)},
        ),
    )
    assert response.status_code == 201, response.text
    id_ = response.json()["data"]["id"]
    assert isinstance(id_, str)
    return id_


def test_a_created_resource_is_answered_as_it_is_read(client: Client, category: str) -> None:
    response = client.post(
        "/api/skus?include=shipping_category",
        body(
            "skus",
            {"code": "A", "name": "Tee", "metadata": {"a": [1, None]}},
            {"shipping_category": linkage("shipping_categories", category)},
        ),
    )
    assert response.status_code == 201
    created = response.json()["data"]
    assert response.headers["location"] == created["links"]["self"]
    assert created["links"]["self"] == f"{HOST}/api/skus/{created['id']}"
    assert created["attributes"]["metadata"] == {"a": [1, None]}
    assert response.json()["included"][0]["id"] == category
    assert client.document("/api/skus/" + created["id"])["data"]["attributes"] == (
        created["attributes"] | {"inventory": None}
    )


def test_only_what_an_update_names_is_changed(client: Client, sku: str) -> None:
    document = body("skus", {"name": "Shirt", "weight": None}, id=sku)
    response = client.patch(f"/api/skus/{sku}?fields[skus]=code,name,weight,metadata", document)
    assert response.status_code == 200
    assert response.json()["data"]["attributes"] == {
        "code": "A",
        "name": "Shirt",
        "weight": None,
        "metadata": {"a": 1},
    }


def test_metadata_is_replaced_as_a_whole(client: Client, sku: str) -> None:
    response = client.patch(f"/api/skus/{sku}", body("skus", {"metadata": {"b": 2}}, id=sku))
    assert response.json()["data"]["attributes"]["metadata"] == {"b": 2}


@pytest.mark.parametrize("members", [{}, {"attributes": {}, "relationships": {}}])
def test_an_update_of_nothing_answers_the_resource(
    client: Client, sku: str, members: dict[str, Any]
) -> None:
    response = client.patch(f"/api/skus/{sku}", body("skus", id=sku, **members))
    assert response.status_code == 200
    assert response.json()["data"]["attributes"]["name"] == "Tee"


def test_relationships_are_set_and_unset(client: Client, records: Records, sku: str) -> None:
    other = records.public(records.add("shipping_categories", name="Bulky"))
    path = f"/api/skus/{sku}?include=shipping_category"
    moved = client.patch(
        path,
        body("skus", {}, {"shipping_category": linkage("shipping_categories", other)}, id=sku),
    )
    assert moved.json()["included"][0]["attributes"]["name"] == "Bulky"
    unset = body("skus", {"do_not_ship": True}, {"shipping_category": {"data": None}}, id=sku)
    relationships = client.patch(path, unset).json()["data"]["relationships"]
    assert relationships["shipping_category"]["data"] is None


def test_tags_are_replaced_cleared_added_and_removed(
    client: Client, records: Records, sku: str
) -> None:
    created = (
        client.post("/api/tags", body("tags", {"name": name})) for name in ("red", "blue", "new")
    )
    red, blue, _ = (each.json()["data"]["id"] for each in created)

    def tags_after(attributes: dict[str, Any], *ids: str, replaces: bool = True) -> list[str]:
        data = [{"type": "tags", "id": id_} for id_ in ids]
        relationships = {"tags": {"data": data}} if replaces else {}
        document = body("skus", attributes, relationships, id=sku)
        response = client.patch(f"/api/skus/{sku}?include=tags", document)
        assert response.status_code == 200, response.text
        assert set(attributes).isdisjoint(response.json()["data"]["attributes"])
        return [each["attributes"]["name"] for each in response.json()["included"]]

    assert tags_after({}, red, blue) == ["red", "blue"]
    assert tags_after({}, blue) == ["blue"]
    assert tags_after({"_add_tags": "new,red"}, replaces=False) == ["red", "blue", "new"]
    assert tags_after({"_remove_tags": "blue"}, replaces=False) == ["red", "new"]
    assert tags_after({}) == []


def test_what_was_discarded_is_told_in_meta(client: Client, sku: str) -> None:
    response = client.patch(f"/api/skus/{sku}", body("skus", {"_add_tags": "ghost"}, id=sku))
    (warning,) = response.json()["meta"]["warnings"]
    assert "ghost" in warning


def test_triggers_fire_when_they_are_true(client: Client, records: Records) -> None:
    market = records.public(records.add("orders", number="7", status="pending"))
    path = f"/api/orders/{market}?fields[orders]=archived_at"
    unfired = client.patch(path, body("orders", {"_archive": False}, id=market))
    assert unfired.json()["data"]["attributes"] == {"archived_at": None}
    fired = client.patch(path, body("orders", {"_archive": True}, id=market))
    assert fired.json()["data"]["attributes"]["archived_at"] is not None


def test_a_trigger_for_what_longshore_does_not_do_is_refused(
    client: Client, records: Records
) -> None:
    order = records.public(records.add("orders", number="7"))
    response = client.patch(f"/api/orders/{order}", body("orders", {"_refund": True}, id=order))
    assert refusal(response) == (422, "VALIDATION_ERROR", "/data/attributes/_refund")
    assert response.json()["errors"][0]["title"] == "is not supported"


def test_a_target_of_several_types_is_linked_with_its_type(
    client: Client, records: Records, sku: str
) -> None:
    order = records.public(records.add("orders", number="7"))
    response = client.post(
        "/api/line_items?include=item",
        body(
            "line_items",
            {"quantity": 2, "unit_amount_cents": 100, "name": "Tee"},
            {"order": linkage("orders", order), "item": linkage("skus", sku)},
        ),
    )
    assert response.status_code == 201, response.text
    created = response.json()["data"]
    assert created["relationships"]["item"]["data"] == {"type": "skus", "id": sku}
    assert created["attributes"]["item_type"] == "skus"


def test_all_that_is_wrong_with_a_record_is_told_at_once(client: Client) -> None:
    response = client.post(
        "/api/skus", body("skus", {"code": "", "weight": "heavy", "unit_of_weight": "stone"})
    )
    assert response.status_code == 422
    found = {
        error["source"]["pointer"]: (error["title"], error["detail"], error["meta"])
        for error in errors_of(response)
    }
    blank = ("can't be blank", {"error": "blank"})
    assert found == {
        "/data/attributes/code": (blank[0], "code - can't be blank", blank[1]),
        "/data/attributes/name": (blank[0], "name - can't be blank", blank[1]),
        "/data/attributes/weight": (
            "is not a number",
            "weight - is not a number",
            {"error": "not_a_number", "value": "heavy"},
        ),
        "/data/attributes/unit_of_weight": (
            "is not included in the list",
            "unit_of_weight - is not included in the list",
            {"error": "inclusion", "value": "stone"},
        ),
        "/data/relationships/shipping_category": (
            blank[0],
            "shipping_category - can't be blank",
            blank[1],
        ),
    }


@pytest.mark.parametrize(
    ("attributes", "pointer", "meta"),
    [
        ({"code": "A"}, "/data/attributes/code", {"error": "taken", "value": "A"}),
        ({"name": 7}, None, None),
        ({"metadata": "text"}, "/data/attributes/metadata", {"error": "invalid", "value": "text"}),
        (
            {"pieces_per_pack": 1.5},
            "/data/attributes/pieces_per_pack",
            {"error": "not_an_integer", "value": 1.5},
        ),
        (
            {"pieces_per_pack": 2**63},
            "/data/attributes/pieces_per_pack",
            {"error": "less_than_or_equal_to", "count": 2**63 - 1, "value": 2**63},
        ),
        ({"name": "a\0b"}, "/data/attributes/name", {"error": "invalid", "value": "a\0b"}),
        ({"do_not_ship": "perhaps"}, "/data/attributes/do_not_ship", None),
        ({"code": "x" * 600}, "/data/attributes/code", None),
    ],
)
def test_values_are_held_to_their_declaration(
    client: Client,
    sku: str,
    category: str,
    attributes: dict[str, Any],
    pointer: str | None,
    meta: dict[str, Any] | None,
) -> None:
    document = body(
        "skus",
        {"code": "B", "name": "Cap", **attributes},
        {"shipping_category": linkage("shipping_categories", category)},
    )
    response = client.post("/api/skus", document)
    if pointer is None:
        assert response.status_code == 201
        return
    assert refusal(response) == (422, "VALIDATION_ERROR", pointer)
    if meta is not None:
        assert response.json()["errors"][0]["meta"] == meta


def test_a_secret_value_is_not_repeated_in_an_error(client: Client) -> None:
    response = client.post(
        "/api/customers", body("customers", {"email": "a@example.com", "password": ["hunter2"]})
    )
    assert response.status_code == 422
    assert "hunter2" not in response.text


@pytest.mark.parametrize("name", ["shipping_category.name", "shipping_category"])
def test_a_single_write_names_targets_by_id_alone(client: Client, category: str, name: str) -> None:
    """Rows of imports may name them by keys; a document has linkage."""
    attributes = {"code": "B", "name": "Tee", name: "Merchandise"}
    response = client.post("/api/skus", body("skus", attributes))
    assert response.status_code == 400, response.text
    pointers = [each["source"]["pointer"] for each in errors_of(response)]
    assert f"/data/attributes/{name}" in pointers


def test_a_target_must_exist(client: Client, sku: str) -> None:
    def link(data: Any) -> Any:
        document = body("skus", {}, {"shipping_category": data}, id=sku)
        return client.patch(f"/api/skus/{sku}", document)

    nobody = link(linkage("shipping_categories", "AAAAAAAAAA"))
    assert refusal(nobody)[2] == "/data/relationships/shipping_category"
    assert nobody.json()["errors"][0]["title"] == "must exist"
    assert nobody.json()["errors"][0]["meta"]["value"] == "AAAAAAAAAA"
    assert link({"data": None}).json()["errors"][0]["title"] == "can't be blank"
    # An id of another type is nobody's either.
    assert link(linkage("shipping_categories", sku)).status_code == 422


def test_a_target_must_be_of_the_concrete_type_that_is_said(
    client: Client, records: Records
) -> None:
    calculator = records.public(
        records.add("tax_calculators", type="manual_tax_calculators", name="Manual")
    )

    def create(type_: str) -> Any:
        relationships = {"tax_calculator": linkage(type_, calculator)}
        attributes = {"code": type_, "sku_code": "x"}
        return client.post("/api/tax_categories", body("tax_categories", attributes, relationships))

    assert refusal_pointers(create("avalara_accounts")) >= {"/data/relationships/tax_calculator"}
    assert "/data/relationships/tax_calculator" not in refusal_pointers(
        create("manual_tax_calculators")
    )


def refusal_pointers(response: Any) -> set[str]:
    return {error["source"]["pointer"] for error in errors_of(response)}


_NO_IDENTIFIERS: list[Any] = [
    *(None, {}, [], "x", {"data": []}, {"data": "x"}),
    {"data": {"type": "shipping_categories"}},
    {"data": {"id": "x"}},
    {"data": {"type": "shipping_categories", "id": None}},
    {"data": {"type": "shipping_categories", "id": 7}},
    {"data": {"type": "shipping_categories", "id": " "}},
    {"data": [{"type": "shipping_categories", "id": "x"}]},
]

NO_LINKAGE: list[tuple[str, Any, str]] = [
    *(("shipping_category", value, "INVALID_LINKS_OBJECT") for value in _NO_IDENTIFIERS),
    ("tags", {"data": None}, "INVALID_LINKS_OBJECT"),
    ("tags", {"data": {"type": "tags", "id": "x"}}, "INVALID_LINKS_OBJECT"),
    ("tags", {"data": ["x"]}, "INVALID_LINKS_OBJECT"),
    ("tags", {"data": [{"type": "skus", "id": "x"}]}, "TYPE_MISMATCH"),
]


@pytest.mark.parametrize(
    ("document", "status", "code", "pointer"),
    [
        ([], 400, "INVALID_DATA_FORMAT", ""),
        ({}, 400, "PARAM_MISSING", ""),
        ({"data": None}, 400, "INVALID_DATA_FORMAT", "/data"),
        ({"data": []}, 400, "INVALID_DATA_FORMAT", "/data"),
        ({"data": {}}, 400, "PARAM_MISSING", "/data/type"),
        (body("prices"), 400, "INVALID_RESOURCE", "/data/type"),
        ({"data": {"type": 7}}, 400, "INVALID_RESOURCE", "/data/type"),
        (body("skus", id="x"), 400, "PARAM_NOT_ALLOWED", "/data/id"),
        (body("skus", extra=1), 400, "PARAM_NOT_ALLOWED", "/data/extra"),
        ({"data": {"type": "skus", "attributes": []}}, 400, "INVALID_DATA_FORMAT", None),
        ({"data": {"type": "skus", "relationships": 1}}, 400, "INVALID_DATA_FORMAT", None),
        (body("skus", {"nome": 1}), 400, "PARAM_NOT_ALLOWED", "/data/attributes/nome"),
        (body("skus", {"a/b": 1}), 400, "PARAM_NOT_ALLOWED", "/data/attributes/a~1b"),
        (body("skus", {"id": "x"}), 400, "PARAM_NOT_ALLOWED", "/data/attributes/id"),
        (body("skus", {"created_at": 1}), 400, "PARAM_NOT_ALLOWED", "/data/attributes/created_at"),
        (body("skus", {"inventory": 1}), 400, "PARAM_NOT_ALLOWED", "/data/attributes/inventory"),
        (
            body("skus", {"shipping_category_id": "x"}),
            400,
            "PARAM_NOT_ALLOWED",
            "/data/attributes/shipping_category_id",
        ),
        # A trigger for updates only.
        (body("skus", {"_add_tags": "x"}), 400, "PARAM_NOT_ALLOWED", "/data/attributes/_add_tags"),
        (
            body("skus", None, {"prices": {"data": []}}),
            400,
            "PARAM_NOT_ALLOWED",
            "/data/relationships/prices",
        ),
        (
            body("skus", None, {"nothing": {"data": None}}),
            400,
            "PARAM_NOT_ALLOWED",
            "/data/relationships/nothing",
        ),
        *(
            (
                body("skus", None, {relationship: value}),
                400,
                code,
                f"/data/relationships/{relationship}",
            )
            for relationship, value, code in NO_LINKAGE
        ),
        (
            body("skus", None, {"shipping_category": linkage("skus", "x")}),
            400,
            "TYPE_MISMATCH",
            "/data/relationships/shipping_category",
        ),
    ],
)
def test_a_document_that_is_not_understood_is_refused(
    client: Client, document: Any, status: int, code: str, pointer: str | None
) -> None:
    found = refusal(client.post("/api/skus", document))
    assert found[:2] == (status, code)
    if pointer is not None:
        assert found[2] == (pointer or None)


def test_everything_that_is_not_allowed_is_told_at_once(client: Client) -> None:
    document = body("skus", {"nome": 1, "id": 2}, {"prices": {"data": []}})
    assert [
        error["source"]["pointer"] for error in errors_of(client.post("/api/skus", document))
    ] == [
        "/data/attributes/nome",
        "/data/attributes/id",
        "/data/relationships/prices",
    ]


def test_an_update_must_name_the_resource_of_its_url(client: Client, sku: str) -> None:
    path = f"/api/skus/{sku}"
    assert refusal(client.patch(path, body("skus", {}))) == (400, "KEY_ORDER_MISMATCH", "/data")
    other = client.patch(path, body("skus", {}, id="AAAAAAAAAA"))
    assert refusal(other) == (400, "KEY_NOT_INCLUDED_IN_URL", "/data/id")
    assert other.json()["errors"][0]["detail"] == "The URL does not support the key AAAAAAAAAA"
    gone = client.patch("/api/skus/AAAAAAAAAA", body("skus", {}, id="AAAAAAAAAA"))
    assert refusal(gone) == (404, "RECORD_NOT_FOUND", None)
    # The id of a SKU names no price.
    assert client.patch(f"/api/prices/{sku}", body("prices", {}, id=sku)).status_code == 404


def test_what_may_only_be_given_at_creation_cannot_be_changed(
    client: Client, records: Records
) -> None:
    item = records.public(records.add("sku_list_items", quantity=1))
    document = body("sku_list_items", {}, {"sku_list": linkage("sku_lists", item)}, id=item)
    response = client.patch(f"/api/sku_list_items/{item}", document)
    assert refusal(response) == (400, "PARAM_NOT_ALLOWED", "/data/relationships/sku_list")


def test_a_deleted_resource_is_gone(client: Client, sku: str) -> None:
    response = client.delete(f"/api/skus/{sku}")
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(f"/api/skus/{sku}").status_code == 404
    assert refusal(client.delete(f"/api/skus/{sku}")) == (404, "RECORD_NOT_FOUND", None)
    assert client.delete("/api/skus/nothing").status_code == 404


def test_a_resource_that_others_refer_to_is_locked(client: Client, category: str, sku: str) -> None:
    response = client.delete(f"/api/shipping_categories/{category}")
    assert refusal(response) == (423, "LOCKED", None)
    (error,) = response.json()["errors"]
    assert error["detail"] == f"Failed to destroy ShippingCategory with id={category}"
    assert error["meta"] == {"referrers": ["skus"]}
    assert client.get(f"/api/shipping_categories/{category}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/api/promotions", "GET"),
        ("DELETE", "/api/tax_calculators/AAAAAAAAAA", "GET"),
        ("PATCH", "/api/reserved_stocks/AAAAAAAAAA", "GET"),
        ("PATCH", "/api/skus", "GET, POST"),
        ("PUT", "/api/skus/AAAAAAAAAA", "GET, PATCH, DELETE"),
        ("POST", "/api/skus/AAAAAAAAAA/prices", "GET"),
        ("PATCH", "/api/skus/AAAAAAAAAA/relationships/tags", "GET"),
    ],
)
def test_a_method_that_a_type_does_not_have_is_refused(
    client: Client, method: str, path: str, allowed: str
) -> None:
    response = client.send(method, path, content=b"{}")
    assert refusal(response) == (405, "METHOD_NOT_ALLOWED", None)
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize(
    "path", ["nothing", "webhooks", "exports", "organizations", "SKUS", "skus/"]
)
def test_what_is_not_served_is_not_found(client: Client, path: str) -> None:
    assert refusal(client.get(f"/api/{path}"))[:2] == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("given", "stored", "name"),
    [
        ("wire_transfers", "wire_transfers", "Wire Transfer"),
        ("WireTransfer", "wire_transfers", "Wire Transfer"),
        ("checkout_com_payment", "checkout_com_payments", "Checkout Com Payment"),
        ("AdyenPayment", "adyen_payments", "Adyen Payment"),
    ],
)
def test_a_payment_method_is_made_of_its_source_type(
    client: Client, records: Records, given: str, stored: str, name: str
) -> None:
    gateway = records.public(records.add("payment_gateways", type="manual_gateways", name="M"))
    links = {"payment_gateway": linkage("manual_gateways", gateway)}
    attributes = {"payment_source_type": given, "currency_code": "EUR"}
    response = client.post("/api/payment_methods", body("payment_methods", attributes, links))
    assert response.status_code == 201, response.text
    created = response.json()["data"]
    shown = created["attributes"]
    assert (shown["payment_source_type"], shown["name"]) == (stored, name)
    assert (shown["price_amount_cents"], shown["formatted_price_amount"]) == (0, "€0.00")
    changed = client.patch(
        f"/api/payment_methods/{created['id']}",
        body("payment_methods", {"payment_source_type": "ExternalPayment"}, id=created["id"]),
    )
    assert changed.status_code == 200, changed.text
    shown = changed.json()["data"]["attributes"]
    assert (shown["payment_source_type"], shown["name"]) == ("external_payments", name)
    response = client.post(
        "/api/payment_methods",
        body("payment_methods", {**attributes, "name": "Mine", "price_amount_cents": 5}, links),
    )
    shown = response.json()["data"]["attributes"]
    assert (shown["name"], shown["price_amount_cents"]) == ("Mine", 5)


@pytest.mark.parametrize(
    ("family", "concrete"),
    [
        ("promotions", "percentage_discount_promotions"),
        ("tax_calculators", "manual_tax_calculators"),
        ("geocoders", "google_geocoders"),
        ("price_tiers", "price_volume_tiers"),
        ("shipping_method_tiers", "shipping_weight_tiers"),
    ],
)
def test_a_target_may_be_said_by_its_abstract_type(
    client: Client, records: Records, family: str, concrete: str
) -> None:
    target = records.public(records.add(family, type=concrete, name="A"))
    for type_ in (family, concrete):
        document = body("attachments", {"name": type_}, {"attachable": linkage(type_, target)})
        response = client.post("/api/attachments?include=attachable", document)
        assert response.status_code == 201, response.text
        attached = response.json()["data"]
        linked = {"type": concrete, "id": target}
        assert attached["relationships"]["attachable"]["data"] == linked
        changed = body("attachments", {}, {"attachable": linkage(type_, target)}, id=attached["id"])
        response = client.patch(f"/api/attachments/{attached['id']}", changed)
        assert response.status_code == 200, response.text
        path = f"/api/attachments/{attached['id']}/relationships/attachable"
        assert client.document(path)["data"] == linked
    for type_ in (family, concrete):
        found = client.document(f"/api/{type_}/{target}/attachments")["data"]
        assert [each["attributes"]["name"] for each in found] == [family, concrete]


def test_the_events_of_a_weight_tier_can_be_asked_for(client: Client, records: Records) -> None:
    id_ = records.public(
        records.add("shipping_method_tiers", type="shipping_weight_tiers", name="A")
    )
    assert client.document(f"/api/shipping_weight_tiers/{id_}/events")["data"] == []
    shown = client.document(f"/api/shipping_weight_tiers/{id_}?include=events")["data"]
    assert shown["relationships"]["events"]["data"] == []
