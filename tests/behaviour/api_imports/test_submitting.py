"""Imports are created over HTTP, or refused with a pointer and nothing left behind."""

import json
from typing import Any

import pytest

from tests.behaviour.api.site import refusal
from tests.behaviour.api_imports.site import document, findings, skus, submit

INPUTS = "/data/attributes/inputs"


def test_an_import_is_answered_as_it_was_created_and_waits(site, client):
    rows = skus(3)
    response = client.post(
        "/api/imports",
        document(
            rows,
            reference="spring",
            reference_origin="erp",
            metadata={"chunk": [1, 2]},
            skip_errors=True,
        ),
    )
    assert response.status_code == 201
    resource = response.json()["data"]
    assert response.headers["location"] == resource["links"]["self"]
    attributes = resource["attributes"]
    assert attributes.pop("created_at") == attributes.pop("updated_at")
    assert attributes.pop("attachment_url").startswith("http://127.0.0.1:8000/attachments/")
    assert attributes == {
        "resource_type": "skus",
        "format": "json",
        "parent_resource_id": None,
        "status": "pending",
        "started_at": None,
        "completed_at": None,
        "interrupted_at": None,
        "inputs": rows,
        "inputs_size": 3,
        "errors_count": 0,
        "warnings_count": 0,
        "processed_count": 0,
        "errors_log": {},
        "warnings_log": {},
        "skip_errors": True,
        "reference": "spring",
        "reference_origin": "erp",
        "metadata": {"chunk": [1, 2]},
    }
    assert set(resource["relationships"]) == {"events", "event_stores"}
    assert site.rings == 1


def test_its_rows_become_records_when_it_is_run(site, client):
    created = submit(client, skus(3))
    site.run_all()
    shown = client.document(f"/api/imports/{created['id']}")["data"]
    assert shown["attributes"]["status"] == "completed"
    assert shown["attributes"]["processed_count"] == 3
    assert shown["meta"]["created_count"] == 3
    assert client.document("/api/skus")["meta"]["record_count"] == 3


def test_csv_is_one_string_and_is_shown_as_objects(site, client):
    text = 'code,name,do_not_ship\r\nA,"Tee, white",true\r\n\r\nB,Cap é,1\r\n'
    created = submit(client, text, format="csv")
    assert created["attributes"]["format"] == "csv"
    assert created["attributes"]["inputs_size"] == 2
    assert created["attributes"]["inputs"] == [
        {"code": "A", "name": "Tee, white", "do_not_ship": "true"},
        {"code": "B", "name": "Cap é", "do_not_ship": "1"},
    ]
    site.run_all()
    names = [each["attributes"]["name"] for each in client.document("/api/skus")["data"]]
    assert names == ["Tee, white", "Cap é"]


@pytest.mark.parametrize("order", [("inputs", "format"), ("format", "inputs")])
def test_the_format_may_stand_before_the_rows_or_behind_them(client, order):
    given = {"format": "csv", "inputs": "code\nA\n", "resource_type": "skus"}
    attributes = {name: given[name] for name in (*order, "resource_type")}
    body = {"data": {"attributes": attributes, "type": "imports"}}
    response = client.post("/api/imports", body)
    assert response.status_code == 201, response.text
    assert response.json()["data"]["attributes"]["inputs"] == [{"code": "A"}]


def test_rows_that_the_sdk_took_for_linkage_are_rows(client):
    rows = [{"type": "skus", "id": "AaBbCcDdEe", "code": "A"}, {"code": "B"}]
    body = {
        "data": {
            "type": "imports",
            "attributes": {"resource_type": "skus"},
            "relationships": {"inputs": {"data": rows}},
        }
    }
    response = client.post("/api/imports", body)
    assert response.status_code == 201, response.text
    assert response.json()["data"]["attributes"]["inputs"] == rows


def test_every_type_that_can_be_created_can_be_imported(site, client):
    response = client.post(
        "/api/imports", document([{"name": "All"}], resource_type="inventory_models")
    )
    assert response.status_code == 201, response.text
    site.run_all()
    assert client.document("/api/inventory_models")["meta"]["record_count"] == 1


def test_a_parent_fills_rows_that_name_none(site, client):
    price_list = submit(
        client, [{"name": "EU", "currency_code": "EUR"}], resource_type="price_lists"
    )
    site.run_all()
    assert price_list["attributes"]["status"] == "pending"
    parent = client.document("/api/price_lists")["data"][0]["id"]
    created = submit(
        client,
        [{"sku_code": "A", "amount_cents": 100}],
        resource_type="prices",
        parent_resource_id=parent,
    )
    assert created["attributes"]["parent_resource_id"] == parent


def test_the_parent_of_a_type_without_one_is_ignored(client):
    created = submit(
        client, [{"name": "sale"}], resource_type="tags", parent_resource_id="nonsense"
    )
    assert created["attributes"]["parent_resource_id"] == "nonsense"


def test_columns_that_no_field_bears_are_named(client):
    created = submit(client, [{"code": "A", "colour": "red"}])
    assert created["meta"]["ignored_columns"] == ["colour"]


def test_whatever_has_no_effect_is_named(client):
    row = {
        "code": "A",
        "created_at": "2024-01-01",
        "type": "skus",
        "prices": [{"amount_cents": 1200}],
        "shipping_category.colour": "Merch",
        "tags": [{"name": "a", "colour": "red"}],
        "Name": "Mug",
    }
    created = submit(client, [row])
    assert created["meta"]["ignored_columns"] == [
        "prices",
        "shipping_category.colour",
        "Name",
        "tags.colour",
    ]
    text = "code,shipping_category.colour,prices.amount_cents,metadata.colour\nA,Merch,1200,red\n"
    created = submit(client, text, format="csv")
    assert created["meta"]["ignored_columns"] == ["shipping_category.colour", "prices.amount_cents"]


def test_unknown_keys_at_any_depth_are_named(client):
    option = {"name": "x", "colour": "red"}
    line = {"name": "a", "size": 1, "line_item_options": [option]}
    created = submit(client, [{"line_items": [line]}], resource_type="orders")
    assert created["meta"]["ignored_columns"] == [
        "line_items.size",
        "line_items.line_item_options.colour",
    ]


def test_keys_beyond_the_first_thousand_are_told_of(client):
    rows = [{"code": "A", **{f"key{number}": 1 for number in range(1200)}}]
    created = submit(client, rows)
    (notice,) = created["meta"]["warnings"]
    assert notice["code"] == "too_many_keys"
    assert "more than 1,000 different keys" in notice["message"]
    assert notice["first"][0] == {"key": "key999"}
    assert len(created["meta"]["ignored_columns"]) == 999


def test_headers_are_the_fields_that_they_spell(client, site):
    text = "Email,Customer Group ID,PASSWORD,Metadata.Eye Colour\na@example.com,,secret,blue\n"
    created = submit(client, text, resource_type="customers", format="csv")
    assert created["meta"]["ignored_columns"] == []
    (echoed,) = created["attributes"]["inputs"]
    assert echoed["PASSWORD"] == "********"
    site.run_all()
    (customer,) = client.get("/api/customers").json()["data"]
    assert customer["attributes"]["email"] == "a@example.com"
    assert customer["attributes"]["metadata"] == {"Eye Colour": "blue"}


def test_secrets_among_the_rows_are_not_echoed(client):
    row = {"email": "a@example.com", "password": "secret"}
    created = submit(client, [row], resource_type="customers")
    assert created["attributes"]["inputs"] == [{"email": "a@example.com", "password": "********"}]


REFUSED: list[tuple[str, Any, dict[str, str]]] = [
    (
        "an unknown type",
        document(skus(1), resource_type="shirts"),
        {"/data/attributes/resource_type": "is not included in the list"},
    ),
    (
        "no type",
        document(skus(1), resource_type=None),
        {"/data/attributes/resource_type": "can't be blank"},
    ),
    (
        "a type that only the server makes",
        document(skus(1), resource_type="events"),
        {"/data/attributes/resource_type": "is not included in the list"},
    ),
    ("no rows", document(None), {INPUTS: "can't be blank"}),
    ("an empty array", document([]), {INPUTS: "can't be blank"}),
    ("an empty string", document("", format="csv"), {INPUTS: "can't be blank"}),
    ("a header without rows", document("code,name\n", format="csv"), {INPUTS: "can't be blank"}),
    ("an object", document({"code": "A"}), {INPUTS: "is invalid"}),
    ("a number", document(3), {INPUTS: "is invalid"}),
    ("a string without its format", document("code\nA"), {INPUTS: "is invalid"}),
    ("an array as csv", document(skus(1), format="csv"), {INPUTS: "is invalid"}),
    (
        "an unknown format",
        document(skus(1), format="xml"),
        {"/data/attributes/format": "is not included in the list"},
    ),
    (
        "csv with a quote that is never closed",
        document('code\n"A' + "\nB" * 100, format="csv"),
        {INPUTS: "is invalid"},
    ),
    ("two columns of one name", document("code,code\nA,B\n", format="csv"), {INPUTS: "is invalid"}),
    (
        "a parent that does not exist",
        document([{"sku_code": "A"}], resource_type="prices", parent_resource_id="AaBbCcDdEe"),
        {"/data/attributes/parent_resource_id": "must exist"},
    ),
    (
        "a parent that is no id",
        document([{"sku_code": "A"}], resource_type="prices", parent_resource_id="EU"),
        {"/data/attributes/parent_resource_id": "must exist"},
    ),
    (
        "a NUL in a text",
        document(skus(1), reference="a\0b"),
        {"/data/attributes/reference": "is invalid"},
    ),
    (
        "metadata that are no object",
        document(skus(1), metadata=[1]),
        {"/data/attributes/metadata": "is invalid"},
    ),
    (
        "a switch that is none",
        document(skus(1), skip_errors="perhaps"),
        {"/data/attributes/skip_errors": "is not included in the list"},
    ),
    (
        "several things at once",
        document(None, resource_type="shirts", format="xml"),
        {
            "/data/attributes/resource_type": "is not included in the list",
            "/data/attributes/format": "is not included in the list",
            INPUTS: "can't be blank",
        },
    ),
]


@pytest.mark.parametrize(
    ("body", "found"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED]
)
def test_what_cannot_be_imported_is_refused_whole(site, client, body, found):
    assert findings(client.post("/api/imports", body)) == found
    assert client.document("/api/imports")["meta"]["record_count"] == 0
    assert site.attachments() == []
    assert site.rings == 0


def test_a_fault_in_the_rows_is_told_with_its_place(client):
    response = client.send(
        "POST",
        "/api/imports",
        content=b'{"data":{"type":"imports","attributes":{"resource_type":"skus","inputs":'
        b'[{"code": "A"},\n {"code": B}]}}}',
    )
    assert findings(response) == {INPUTS: "is invalid"}
    (error,) = response.json()["errors"]
    assert error["meta"]["reason"].startswith("line 2, column 11: ")
    assert error["meta"]["reason"] in error["detail"]


MALFORMED: list[tuple[str, bytes, tuple[int, str, str | None]]] = [
    ("nothing", b"", (400, "PARAM_MISSING", "")),
    ("no JSON", b"nonsense", (400, "BAD_REQUEST", None)),
    ("rows that are cut off", b'{"data":{"attributes":{"inputs":[1', (400, "BAD_REQUEST", None)),
    (
        "a document that is cut off",
        b'{"data":{"attributes":{"inputs":[1]',
        (400, "BAD_REQUEST", None),
    ),
    (
        "bytes that are not UTF-8",
        b'{"data":{"attributes":{"inputs":"\xff"}}}',
        (400, "BAD_REQUEST", None),
    ),
    (
        "another type",
        b'{"data":{"type":"skus","attributes":{"inputs":[1]}}}',
        (400, "INVALID_RESOURCE", "/data/type"),
    ),
    ("no type", b'{"data":{"attributes":{"inputs":[1]}}}', (400, "PARAM_MISSING", "/data/type")),
    (
        "an unknown member",
        b'{"data":{"type":"imports","attributes":{"inputs":[1],"x":1}}}',
        (400, "PARAM_NOT_ALLOWED", "/data/attributes/x"),
    ),
    (
        "what only the server sets",
        b'{"data":{"type":"imports","attributes":{"inputs":[1],"status":"completed"}}}',
        (400, "PARAM_NOT_ALLOWED", "/data/attributes/status"),
    ),
    (
        "an id",
        b'{"data":{"type":"imports","id":"a","attributes":{"inputs":[1]}}}',
        (400, "PARAM_NOT_ALLOWED", "/data/id"),
    ),
    (
        "another relationship",
        b'{"data":{"type":"imports","relationships":{"events":{"data":[]}}}}',
        (400, "PARAM_NOT_ALLOWED", "/data/relationships/events"),
    ),
]


@pytest.mark.parametrize(
    ("body", "found"), [each[1:] for each in MALFORMED], ids=[each[0] for each in MALFORMED]
)
def test_a_document_that_is_none_is_refused(site, client, body, found):
    response = client.send("POST", "/api/imports", content=body)
    status, code, pointer = refusal(response)
    assert (status, code, pointer or "") == (found[0], found[1], found[2] or "")
    assert site.attachments() == []


def test_half_a_character_among_the_rows_is_refused(client):
    body = rb'{"data":{"type":"imports","attributes":{"inputs":"a\ud800"}}}'
    assert findings(client.send("POST", "/api/imports", content=body)) == {INPUTS: "is invalid"}


def test_more_rows_than_may_be_are_refused(open_site):
    site = open_site(import_inputs_max=5)
    client = site.client()
    response = client.post("/api/imports", document(skus(6)))
    assert findings(response) == {INPUTS: "is too long (maximum is 5 items)"}
    (error,) = response.json()["errors"]
    assert error["meta"]["error"] == "too_long"
    assert error["meta"]["count"] == 5
    assert site.attachments() == []
    assert client.post("/api/imports", document(skus(5))).status_code == 201


def test_a_body_beyond_the_limit_is_refused_while_it_comes_in(open_site):
    site = open_site(import_bytes_max=64 * 1024)
    response = site.client().post("/api/imports", document(["x" * 70_000]))
    assert refusal(response) == (413, "PAYLOAD_TOO_LARGE", None)
    assert site.attachments() == []


def test_more_unfinished_imports_than_may_be_are_refused(open_site):
    site = open_site(imports_unfinished_max=2)
    client = site.client()
    submit(client, skus(1))
    submit(client, skus(1))
    assert list(findings(client.post("/api/imports", document(skus(1))))) == ["/data"]
    other = site.client(mode="live")
    submit(other, skus(1))
    site.run_all()
    submit(client, skus(1))


def test_a_big_import_is_taken_and_its_rows_are_not_echoed(site, client):
    created = submit(client, skus(10_000))
    assert created["attributes"]["inputs"] is None
    assert created["attributes"]["inputs_size"] == 10_000


def test_rows_are_echoed_up_to_limits_that_differ_for_lists(open_site):
    site = open_site(inputs_echo_rows=3, inputs_echo_rows_listed=2)
    client = site.client()
    for count in (2, 3, 4):
        submit(client, skus(count))
    listed = client.document("/api/imports")["data"]
    assert [each["attributes"]["inputs"] for each in listed] == [skus(2), None, None]
    alone = [client.document(f"/api/imports/{each['id']}")["data"] for each in listed]
    assert [each["attributes"]["inputs"] for each in alone] == [skus(2), skus(3), None]


@pytest.mark.parametrize("kind", ["sales_channel"])
def test_who_may_not_import_is_refused(site, kind):
    response = site.client(kind).post("/api/imports", document(skus(1)))
    assert refusal(response) == (401, "UNAUTHORIZED", None)


def test_the_answer_shows_what_was_asked_for(client):
    response = client.post(
        "/api/imports?fields%5Bimports%5D=status,events&include=events", document(skus(1))
    )
    shown = response.json()
    assert shown["data"]["attributes"] == {"status": "pending"}
    assert [each["attributes"]["name"] for each in shown["included"]] == ["imports.create"]


def test_an_unknown_query_parameter_is_refused_before_the_rows_are_read(site, client):
    response = client.post("/api/imports?nonsense=1", document(skus(1)))
    assert refusal(response) == (400, "PARAM_NOT_ALLOWED", "nonsense")
    assert site.attachments() == []


def test_numbers_beyond_64_bits_and_deep_nesting_are_no_crash(client):
    for inputs in ("[" * 5000 + "]" * 5000, '[{"code": ' + "9" * 5000 + "}]"):
        body = '{"data":{"type":"imports","attributes":{"resource_type":"skus","inputs":%s}}}'
        response = client.send("POST", "/api/imports", content=(body % inputs).encode())
        assert response.status_code in (201, 422), response.text
    metadata = json.loads("[" * 90 + "]" * 90)
    response = client.post("/api/imports", document(skus(1), metadata={"a": metadata}))
    assert response.status_code in (400, 422)


def test_amounts_and_ids_of_another_place_are_told_of_over_http(client, site):
    created = submit(
        client,
        [{"id": "AbCdEfGhIj", "name": "Europe", "currency_code": "EUR"}],
        resource_type="price_lists",
    )
    site.run_all()
    meta = client.get(f"/api/imports/{created['id']}").json()["data"]["meta"]
    (warning,) = meta["warnings"]
    assert (warning["code"], warning["count"]) == ("foreign_ids", 1)
    assert warning["first"] == [{"row": 1, "line": 1, "column": "id"}]
    assert meta["first_amounts"] == []
    row = {"name": "N", "price_amount_cents": 1250, "currency_code": "EUR"}
    created = submit(client, [row], resource_type="shipping_methods")
    site.run_all()
    meta = client.get(f"/api/imports/{created['id']}").json()["data"]["meta"]
    assert [each["amount"] for each in meta["first_amounts"]] == ["12.50 EUR"]
