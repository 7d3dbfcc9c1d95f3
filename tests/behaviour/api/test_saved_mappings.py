"""/api/mappings: mappings under names, over HTTP."""

from typing import Any

import pytest

from tests.behaviour.api.site import errors_of

DOCUMENT = {"version": 1, "type": "skus", "fields": {"name": {"column": "Title"}}}


def body(id_: str | None = None, **attributes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"type": "mappings", "attributes": attributes}
    if id_ is not None:
        data["id"] = id_
    return {"data": data}


def create(client, name: str = "supplier", document: Any = DOCUMENT, **attributes: Any):
    return client.post("/api/mappings", body(name=name, document=document, **attributes))


def test_a_mapping_lives(client) -> None:
    created = create(client, source={"columns": ["Title", {"name": "Price", "kind": "integer"}]})
    assert created.status_code == 201
    data = created.json()["data"]
    assert created.headers["Location"] == data["links"]["self"]
    assert (data["id"], data["type"], data["meta"]["mode"]) == ("supplier", "mappings", "test")
    made = data["attributes"]
    assert (made["name"], made["version"], made["resource_type"]) == ("supplier", 1, "skus")
    assert made["document"] == DOCUMENT
    assert made["source"] == {
        "columns": [{"name": "Title", "kind": "blank"}, {"name": "Price", "kind": "integer"}]
    }
    assert len(made["application_id"]) == 10

    other = {"version": 1, "fields": {"name": {"column": "Price"}}}
    changed = client.patch("/api/mappings/supplier", body("supplier", document=other))
    assert changed.status_code == 200
    assert changed.json()["data"]["attributes"]["version"] == 2
    # The file is the same still.
    assert changed.json()["data"]["attributes"]["source"] == made["source"]
    assert client.document("/api/mappings/supplier")["data"] == changed.json()["data"]
    assert client.document("/api/mappings/supplier?version=1")["data"] == data

    (listed,) = client.document("/api/mappings")["data"]
    assert "document" not in listed["attributes"]
    assert (listed["id"], listed["attributes"]["version"]) == ("supplier", 2)
    versions = client.document("/api/mappings/supplier/versions")
    assert [each["attributes"]["version"] for each in versions["data"]] == [2, 1]
    assert versions["meta"] == {"record_count": 2}

    assert client.delete("/api/mappings/supplier").status_code == 204
    assert client.document("/api/mappings") == {"data": [], "meta": {"record_count": 0}}
    for path in ("/api/mappings/supplier", "/api/mappings/supplier/versions"):
        assert [each["code"] for each in errors_of(client.get(path))] == ["RECORD_NOT_FOUND"]
    assert client.delete("/api/mappings/supplier").status_code == 404


def test_other_environments_see_nothing_of_it(site, client) -> None:
    create(client)
    for other in (site.client(slug="other"), site.client(mode="live")):
        assert other.document("/api/mappings")["data"] == []
        assert other.get("/api/mappings/supplier").status_code == 404
        assert other.get("/api/mappings/supplier/versions").status_code == 404
        changing = body("supplier", document=DOCUMENT)
        assert other.patch("/api/mappings/supplier", changing).status_code == 404
        assert other.delete("/api/mappings/supplier").status_code == 404
        assert create(other).status_code == 201  # a name of its own


def test_who_may_import_may_have_mappings_and_nobody_else(site) -> None:
    assert create(site.client("imports")).status_code == 201
    shop = site.client("sales_channel")
    for response in (
        create(shop),
        shop.get("/api/mappings"),
        shop.get("/api/mappings/supplier"),
        shop.get("/api/mappings/supplier/versions"),
        shop.patch("/api/mappings/supplier", body("supplier", document=DOCUMENT)),
        shop.delete("/api/mappings/supplier"),
    ):
        assert response.status_code == 401


def test_a_name_is_taken_once(client) -> None:
    create(client)
    (error,) = errors_of(create(client))
    assert error["detail"] == "name - has already been taken"
    assert error["source"]["pointer"] == "/data/attributes/name"


@pytest.mark.parametrize(
    ("attributes", "status", "pointer", "detail"),
    [
        ({}, 422, "name", "name - can't be blank"),
        ({"name": "a"}, 422, "document", "document - can't be blank"),
        ({"name": "a b", "document": DOCUMENT}, 422, None, "a mapping cannot be called 'a b'"),
        ({"name": "a", "document": []}, 422, "document", "a mapping is an object"),
        (
            {"name": "a", "document": {"version": 2}},
            422,
            "document/version",
            "document - is invalid: version: expected 1, found 2",
        ),
        (
            {
                "name": "a",
                "document": {
                    "version": 1,
                    "fields": {"a/b": {"column": "x", "transforms": [{"name": "trimm"}]}},
                },
            },
            422,
            "document/fields/a~1b/transforms/0/name",
            "did you mean trim?",
        ),
        (
            {"name": "a", "document": {"version": 1, "type": "nothing"}},
            422,
            None,
            "no such resource type: nothing",
        ),
        (
            {"name": "a", "document": DOCUMENT, "source": {"columns": [1]}},
            422,
            "source/columns/0",
            "expected the name of a column",
        ),
        ({"name": "a", "documents": DOCUMENT}, 400, "documents", "documents"),
    ],
)
def test_what_cannot_be_saved(client, attributes, status, pointer, detail) -> None:
    response = client.post("/api/mappings", body(**attributes))
    (error,) = errors_of(response)
    assert response.status_code == status
    assert error["source"]["pointer"] == (
        "/data" if pointer is None else f"/data/attributes/{pointer}"
    )
    assert detail in error["detail"]
    assert client.document("/api/mappings")["data"] == []


def test_bodies_and_queries_that_are_none(client) -> None:
    create(client)
    for response in (
        client.post("/api/mappings", {"data": {"type": "skus", "attributes": {}}}),
        client.post("/api/mappings", {"data": {"type": "mappings", "attributes": []}}),
        client.patch("/api/mappings/supplier", body(document=DOCUMENT)),
        client.patch("/api/mappings/supplier", body("other", document=DOCUMENT)),
        client.get("/api/mappings?page[size]=1"),
        client.get("/api/mappings/supplier?version=0"),
        client.get("/api/mappings/supplier?version=1e3"),
        client.get("/api/mappings/supplier?versions=1"),
        client.get("/api/mappings/supplier/versions?version=1"),
        client.delete("/api/mappings/supplier?version=1"),
    ):
        assert errors_of(response)
        assert response.status_code == 400, response.text
    renamed = client.patch("/api/mappings/supplier", body("supplier", name="b", document=DOCUMENT))
    assert renamed.status_code == 422
    assert client.document("/api/mappings/supplier")["data"]["attributes"]["version"] == 1


def test_a_request_that_is_sent_again_saves_once(client) -> None:
    key = {"Idempotency-Key": "k1"}
    given = body(name="supplier", document=DOCUMENT)
    first = client.post("/api/mappings", given, headers=key)
    again = client.post("/api/mappings", given, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    refused = client.post("/api/mappings", given, headers={"Idempotency-Key": "k2"})
    assert refused.status_code == 422


def test_other_methods_are_refused(client) -> None:
    assert client.delete("/api/mappings").status_code == 405
    assert client.post("/api/mappings/a", {}).status_code == 405
    assert client.patch("/api/mappings/a/versions", {}).status_code == 405
