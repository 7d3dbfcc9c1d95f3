"""Import groups over HTTP."""

from typing import Any

import pytest

from tests.behaviour.api.site import Client, errors_of, refusal
from tests.behaviour.api_imports.site import ImportSite, findings

GROUPS = "/api/import_groups"
# In another order than that in which they have to be imported.
SHOP: dict[str, list[Any]] = {
    "prices": [{"sku_code": "A", "price_list": {"code": "eur"}, "amount_cents": 100}],
    "skus": [
        {"code": "A", "name": "Mug", "shipping_category": {"code": "default"}},
        {"code": "B", "name": "Cup", "shipping_category": {"code": "default"}},
    ],
    "price_lists": [{"code": "eur", "name": "EUR", "currency_code": "EUR"}],
    "shipping_categories": [{"code": "default", "name": "Default"}],
}
ORDER = ["shipping_categories", "price_lists", "skus", "prices"]


def body(inputs: Any, **attributes: Any) -> dict[str, Any]:
    given = {"inputs": inputs, **attributes}
    return {"data": {"type": "import_groups", "attributes": given}}


def submit(client: Client, inputs: Any = SHOP, **attributes: Any) -> dict[str, Any]:
    response = client.post(GROUPS, body(inputs, **attributes))
    assert response.status_code == 201, response.text
    document = response.json()
    assert response.headers["location"] == document["data"]["links"]["self"]
    assert isinstance(document, dict)
    return document


def change(client: Client, id_: str, *, key: str | None = None, **attributes: Any) -> Any:
    data = {"type": "import_groups", "id": id_, "attributes": attributes}
    return client.patch(f"{GROUPS}/{id_}", {"data": data}, headers={"Idempotency-Key": key})


def loaded(site: ImportSite, client: Client) -> str:
    """The id of a group that has made records of four types."""
    id_ = submit(client)["data"]["id"]
    site.run_all()
    return str(id_)


def test_lists_of_rows_become_imports_in_the_order_of_their_types(
    site: ImportSite, client: Client
) -> None:
    """Rows name by key what rows of other members create."""
    created = submit(client, reference="shop", metadata={"a": 1})
    data = created["data"]
    assert (data["type"], data["attributes"]["status"]) == ("import_groups", "pending")
    assert (data["attributes"]["form"], data["attributes"]["inputs_size"]) == ("document", 5)
    assert (data["attributes"]["reference"], data["attributes"]["metadata"]) == ("shop", {"a": 1})
    assert [each["attributes"]["resource_type"] for each in created["included"]] == ORDER
    members = [{"type": each["type"], "id": each["id"]} for each in created["included"]]
    assert data["relationships"]["imports"]["data"] == members
    assert site.rings == 1
    site.run_all()
    shown = client.document(f"{GROUPS}/{data['id']}")
    counts = {
        name: shown["data"]["attributes"][name]
        for name in ("status", "processed_count", "errors_count", "created_count")
    }
    assert counts == {
        "status": "completed",
        "processed_count": 5,
        "errors_count": 0,
        "created_count": 5,
    }
    assert shown["included"][2]["attributes"]["inputs"] == SHOP["skus"]
    assert client.document("/api/prices")["data"][0]["attributes"]["amount_cents"] == 100


def test_members_are_ordinary_imports_to_whoever_asks_for_imports(
    site: ImportSite, client: Client
) -> None:
    group = submit(client)["data"]
    site.run_all()
    imports = client.document("/api/imports?sort=created_at")["data"]
    assert [each["attributes"]["resource_type"] for each in imports] == ORDER
    assert {each["attributes"]["status"] for each in imports} == {"completed"}
    members = [each["id"] for each in group["relationships"]["imports"]["data"]]
    assert [each["id"] for each in imports] == members


def test_groups_are_listed_newest_first_in_pages(client: Client) -> None:
    ids = [submit(client, {"tags": [{"name": name}]})["data"]["id"] for name in ("x", "y")]
    page = client.document(f"{GROUPS}?page[size]=1")
    assert [each["id"] for each in page["data"]] == ids[1:]
    assert page["meta"] == {"record_count": 2, "page_count": 2}
    assert "included" not in page
    (second,) = client.document(f"{GROUPS}?page[size]=1&page[number]=2")["data"]
    assert second["id"] == ids[0]


def test_a_group_that_waits_is_interrupted_as_a_whole(site: ImportSite, client: Client) -> None:
    id_ = submit(client)["data"]["id"]
    stopped = change(client, id_, _interrupt=True).json()
    assert stopped["data"]["attributes"]["status"] == "interrupted"
    statuses = {each["attributes"]["status"] for each in stopped["included"]}
    assert statuses == {"interrupted"}
    site.run_all()
    assert client.document("/api/skus")["data"] == []
    again = findings(change(client, id_, _interrupt=True))
    assert again == {
        "/data/attributes/status": "is interrupted, only pending and in_progress groups can be "
        "interrupted"
    }


def test_a_deleted_group_is_gone_with_its_members(site: ImportSite, client: Client) -> None:
    id_ = submit(client)["data"]["id"]
    assert client.delete(f"{GROUPS}/{id_}").status_code == 204
    assert client.get(f"{GROUPS}/{id_}").status_code == 404
    assert client.document("/api/imports")["data"] == []
    assert client.document(GROUPS)["data"] == []
    site.run_all()
    assert client.document("/api/skus")["data"] == []


def test_a_group_is_taken_back_by_an_undo_for_each_of_its_imports(
    site: ImportSite, client: Client
) -> None:
    """They run from the last import to the first, and the group names them."""
    id_, rings = loaded(site, client), site.rings
    shown = client.document(f"{GROUPS}/{id_}")["data"]["meta"]
    assert (shown["undo"], shown["undos"]) == (None, [])
    response = change(client, id_, _undo=True)
    assert response.status_code == 200, response.text
    assert site.rings == rings + 1
    document = response.json()
    data, meta = document["data"], document["data"]["meta"]
    assert (data["id"], data["attributes"]["status"]) == (id_, "completed")
    last = {"type": "import_undos", "id": meta["undos"][-1], "status": "pending"}
    assert meta["undo"] == last
    of_members = [each["meta"]["undo"]["id"] for each in document["included"]]
    assert of_members == [*reversed(meta["undos"])]
    site.run_all()
    for name in ORDER:
        assert client.document(f"/api/{name}")["data"] == []
    shown = client.document(f"{GROUPS}/{id_}")["data"]["meta"]
    assert (shown["undo"], shown["undos"]) == (last | {"status": "completed"}, meta["undos"])
    (listed,) = client.document(GROUPS)["data"]
    assert listed["meta"]["undos"] == meta["undos"]
    undos = client.document("/api/import_undos")["data"]
    assert {each["meta"]["group_id"] for each in undos} == {id_}


def test_a_group_is_not_taken_back_while_it_runs_nor_twice(
    site: ImportSite, client: Client
) -> None:
    locked = (423, "LOCKED", "/data/attributes/_undo")
    refused = (422, "VALIDATION_ERROR", "/data/attributes/_undo")
    id_ = submit(client)["data"]["id"]
    response = change(client, id_, _undo=True)
    assert refusal(response) == locked
    assert f"longshore interrupt {id_}" in errors_of(response)[0]["detail"]
    site.run_all()
    assert change(client, id_, _undo=True).status_code == 200
    response = change(client, id_, _undo=True)
    assert refusal(response) == locked
    site.run_all()
    response = change(client, id_, _undo=True)
    assert refusal(response) == refused
    assert "is taken back already" in errors_of(response)[0]["detail"]
    response = change(client, id_, _undo=True, _interrupt=True)
    assert refusal(response) == refused
    assert len(client.document(f"{GROUPS}/{id_}")["data"]["meta"]["undos"]) == len(ORDER)


def test_a_group_that_has_changed_nothing_is_not_taken_back(
    site: ImportSite, client: Client
) -> None:
    loaded(site, client)
    response = change(client, loaded(site, client), _undo=True)
    assert refusal(response) == (422, "VALIDATION_ERROR", "/data/attributes/_undo")
    assert "has changed nothing" in errors_of(response)[0]["detail"]


@pytest.mark.parametrize("trigger", ["_undo", "_interrupt"])
def test_a_change_that_is_sent_again_happens_once(
    site: ImportSite, client: Client, trigger: str
) -> None:
    id_ = loaded(site, client) if trigger == "_undo" else submit(client)["data"]["id"]
    first, second = (change(client, id_, key="once", **{trigger: True}) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert client.document("/api/import_undos")["meta"]["record_count"] == (
        len(ORDER) if trigger == "_undo" else 0
    )


def test_a_request_that_is_sent_again_makes_one_group(site: ImportSite, client: Client) -> None:
    headers = {"Idempotency-Key": "once"}
    first = client.post(GROUPS, body(SHOP), headers=headers)
    second = client.post(GROUPS, body(SHOP), headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert client.document(GROUPS)["meta"]["record_count"] == 1


def test_the_same_rows_are_refused_once_they_are_in(site: ImportSite, client: Client) -> None:
    submit(client)
    site.run_all()
    refused = findings(client.post(GROUPS, body(SHOP, once=True)))
    assert list(refused) == ["/data/attributes/inputs"]


def test_rules_that_stop_count_the_rows_of_all(site: ImportSite, client: Client) -> None:
    wrong = [{"code": "", "name": "x", "shipping_category": {"code": "default"}}]
    id_ = submit(client, {**SHOP, "skus": wrong}, stop_after=1)["data"]["id"]
    site.run_all()
    shown = client.document(f"{GROUPS}/{id_}")
    assert shown["data"]["attributes"]["status"] == "interrupted"
    statuses = [each["attributes"]["status"] for each in shown["included"]]
    assert statuses == ["completed", "completed", "interrupted", "interrupted"]


@pytest.mark.parametrize(
    ("inputs", "title"),
    [
        (None, "can't be blank"),
        ({}, "is invalid"),
        ([], "can't be blank"),
        ([{"code": "A"}], "is invalid"),
        ("code\nA", "is invalid"),
        ({"skus": []}, "can't be blank"),
        ({"skus": {"code": "A"}}, "is invalid"),
        ({"skuz": [{"code": "A"}]}, "is invalid"),
        ({"skus": [{"code": "A"}], "Products": [{}]}, "is invalid"),
        ({"skus": [{}, {}, {}], "tags": [{}, {}]}, "is too long (maximum is 4 items)"),
    ],
)
def test_rows_that_are_no_lists_of_types_are_refused(
    open_site: Any, inputs: Any, title: str
) -> None:
    site = open_site(import_inputs_max=4)
    client = site.client()
    assert findings(client.post(GROUPS, body(inputs))) == {"/data/attributes/inputs": title}
    assert site.attachments() == []
    assert client.document(GROUPS)["data"] == []


def test_all_that_is_wrong_beside_the_rows_is_said_together(client: Client) -> None:
    refused = findings(
        client.post(GROUPS, body(None, stop_after=0, skip_errors="perhaps", metadata=1))
    )
    assert list(refused) == [
        "/data/attributes/skip_errors",
        "/data/attributes/metadata",
        "/data/attributes/stop_after",
        "/data/attributes/inputs",
    ]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "PARAM_MISSING"),
        ('{"data": {"type": "imports"}}', "INVALID_RESOURCE"),
        ('{"data": {"type": "import_groups", "id": "x"}}', "PARAM_NOT_ALLOWED"),
        (
            '{"data": {"type": "import_groups", "attributes": {"resource_type": "skus"}}}',
            "PARAM_NOT_ALLOWED",
        ),
        (
            '{"data": {"type": "import_groups", "relationships": {"a": 1}}}',
            "PARAM_NOT_ALLOWED",
        ),
        ('{"data": {"type": "import_groups", "attributes": []}}', "PARAM_MISSING"),
        ('{"data": {"type": "import_groups", "attributes": {"inputs": {"skus": [', "BAD_REQUEST"),
    ],
)
def test_documents_that_are_none_are_refused(client: Client, document: str, code: str) -> None:
    response = client.send("POST", GROUPS, content=document.encode())
    found = [error["code"] for error in response.json()["errors"]]
    assert found == [code] or found == ["VALIDATION_ERROR"], response.text
    assert response.status_code in (400, 422)


@pytest.mark.parametrize(
    "attributes", [{}, {"_interrupt": False}, {"_undo": False}, {"reference": "x"}]
)
def test_a_change_that_asks_for_nothing_is_refused(
    client: Client, attributes: dict[str, Any]
) -> None:
    id_ = submit(client)["data"]["id"]
    response = change(client, id_, **attributes)
    assert response.status_code in (400, 422)


def test_what_is_no_group_of_the_environment_is_not_found(site: ImportSite, client: Client) -> None:
    id_ = submit(client)["data"]["id"]
    stranger = site.client(slug="stranger")
    assert stranger.get(f"{GROUPS}/{id_}").status_code == 404
    assert change(stranger, id_, _interrupt=True).status_code == 404
    assert change(stranger, id_, _undo=True).status_code == 404
    assert stranger.delete(f"{GROUPS}/{id_}").status_code == 404
    assert client.get(f"{GROUPS}/nope").status_code == 404
