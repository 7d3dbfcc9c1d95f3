"""Requests with texts that no record can hold: half a character (a lone surrogate), and NUL."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.behaviour.api.site import Client, errors_of
from tests.behaviour.api.test_writing import body, linkage
from tests.behaviour.reading.factory import Records

HALF = "\ud83d"


@pytest.fixture
def category(records: Records) -> str:
    return records.public(records.add("shipping_categories", name="Merchandise"))


_ATTRIBUTES = [
    pytest.param({"name": f"x{HALF}"}, "name", id="name"),
    pytest.param({"name": "a\0"}, "name", id="NUL"),
    pytest.param({"code": HALF}, "code", id="key"),
    pytest.param({"weight": HALF}, "weight", id="number"),
    pytest.param({"unit_of_weight": HALF}, "unit_of_weight", id="choice"),
    pytest.param({"metadata": {"a": [{"b": HALF}]}}, "metadata", id="metadata"),
    pytest.param({"metadata": {HALF: 1}}, "metadata", id="metadata key"),
    pytest.param({"metadata": {"a": "\0"}}, "metadata", id="NUL in metadata"),
]


@pytest.mark.parametrize(("odd", "attribute"), _ATTRIBUTES)
def test_an_attribute_with_an_odd_text_is_refused_with_its_place(
    client: Client, category: str, odd: dict[str, Any], attribute: str
) -> None:
    relationships = {"shipping_category": linkage("shipping_categories", category)}
    whole = {"code": "A", "name": "Tee", "weight": 1, "unit_of_weight": "gr"}
    made = client.post("/api/skus", body("skus", {**whole, **odd}, relationships))
    assert made.status_code == 422, made.text
    assert [error["source"]["pointer"] for error in errors_of(made)] == [
        f"/data/attributes/{attribute}"
    ]
    sku = client.post("/api/skus", body("skus", whole, relationships)).json()["data"]
    changed = client.patch(f"/api/skus/{sku['id']}", body("skus", odd, id=sku["id"]))
    assert changed.status_code == 422, changed.text
    assert client.document("/api/skus")["meta"]["record_count"] == 1


@pytest.mark.parametrize("text", [HALF, "\0"], ids=ascii)
def test_names_of_members_can_be_any_text(client: Client, category: str, text: str) -> None:
    for document, code in [
        (body("skus", {text: 1}), "PARAM_NOT_ALLOWED"),
        (body("skus", relationships={text: linkage("skus", "x")}), "PARAM_NOT_ALLOWED"),
        ({"data": {"type": "skus", text: 1}}, "PARAM_NOT_ALLOWED"),
        (body(text, {}), "INVALID_RESOURCE"),
        (body("skus", {}, id=text), "PARAM_NOT_ALLOWED"),
        (
            body("skus", {}, {"shipping_category": linkage(text, category)}),
            "TYPE_MISMATCH",
        ),
    ]:
        response = client.post("/api/skus", document)
        assert response.status_code == 400, response.text
        assert errors_of(response)[0]["code"] == code


@pytest.mark.parametrize("text", [HALF, "\0"], ids=ascii)
def test_a_target_of_an_odd_id_must_exist(client: Client, text: str) -> None:
    relationships = {"shipping_category": linkage("shipping_categories", text)}
    if text == "\0":
        relationships["shipping_category"]["data"]["id"] = "a\0"
    response = client.post("/api/skus", body("skus", {"code": "A", "name": "a"}, relationships))
    assert response.status_code == 422, response.text
    assert errors_of(response)[0]["source"]["pointer"] == "/data/relationships/shipping_category"


@pytest.mark.parametrize(
    "content",
    [
        b'{"data": {"type": "skus", "attributes": {"code": "\xed\xa0\xbd"}}}',
        b'{"data": {"type": "skus", "attributes": {"code": NaN}}}',
        b'{"data": {"type": "skus", "attributes": {"code": "\\ud83d}}}',
        b'{"data": "\\ud83d", }',
        '{"data": {}}'.encode("utf-16"),
    ],
)
def test_a_body_that_is_no_json_is_refused(client: Client, content: bytes) -> None:
    response = client.send("POST", "/api/skus", content=content)
    assert response.status_code == 400, response.text
    assert errors_of(response)[0]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize("path", ["skus", "imports", "events", "tags"])
@pytest.mark.parametrize(
    "query",
    [
        "filter[q][code_eq]=%ED%A0%BD",
        "filter[q][code_eq]=%00",
        "filter[q][id_eq]=%00",
        "filter[q][%00_eq]=1",
        'filter[q][metadata_jcont]={"a":"\\ud83d"}',
        'filter[q][metadata_jcont]={"\\ud83d":1}',
        "sort=%00",
        "fields[%00]=code",
        "include=%00",
        "page[size]=%00",
        "page[number]=\N{ARABIC-INDIC DIGIT TWO}",
        "%00=1",
        "%ED%A0%BD=1",
    ],
)
def test_a_query_with_an_odd_text_is_answered(client: Client, path: str, query: str) -> None:
    encoded = quote(query, safe="=[]&%")
    response = client.get(f"/api/{path}?{encoded}")
    assert response.status_code in (200, 400), response.text
    json.loads(response.content)


@pytest.mark.parametrize("id_", ["%ED%A0%BD", "%00", "a%00", "%F0%9F%98%80"])
def test_a_path_with_an_odd_text_leads_nowhere(client: Client, id_: str) -> None:
    for path in (f"/api/skus/{id_}", f"/api/{id_}", f"/api/imports/{id_}", f"/{id_}"):
        response = client.get(path)
        assert response.status_code == 404, response.text
        json.loads(response.content)


@pytest.mark.parametrize("name", ["Accept", "Content-Type", "Authorization", "Host"])
def test_a_header_with_an_odd_text_is_answered(client: Client, name: str) -> None:
    response = client.send(
        "POST",
        "/api/skus",
        content=b"{}",
        headers={name: b"x\xed\xa0\xbd\xff"},  # type: ignore[dict-item]
    )
    assert response.status_code in (400, 401, 406, 415), response.text
    json.loads(response.content)


@pytest.mark.parametrize("name", ["client_id", "client_secret", "grant_type", "scope", "x"])
def test_a_request_for_a_token_with_an_odd_text_is_refused(client: Client, name: str) -> None:
    asked = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}
    content = json.dumps({**asked, name: HALF}).encode()
    response = client.send(
        "POST", "/oauth/token", content=content, headers={"Content-Type": "application/json"}
    )
    assert response.status_code in (400, 401), response.text
    json.loads(response.content)


def test_metadata_that_was_damaged_hides_no_other_record(client: Client, records: Records) -> None:
    records.add("tags", name="odd", metadata='{"\\ud83d')
    records.add("tags", name="whole", metadata="{}")
    listed = client.document("/api/tags?sort=name")["data"]
    assert [each["attributes"]["metadata"] for each in listed] == ['{"\\ud83d', {}]
