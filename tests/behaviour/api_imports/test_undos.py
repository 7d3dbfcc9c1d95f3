"""Imports taken back over HTTP: `_undo` on an import and on an undo, and what is told of it."""

from typing import Any

import httpx2
import pytest

from tests.behaviour.api.site import Client, errors_of, refusal
from tests.behaviour.api_imports.site import ImportSite, skus, submit
from tests.behaviour.engine.organization import Organization

ABSENT = (404, "RECORD_NOT_FOUND", None)
LOCKED = (423, "LOCKED", "/data/attributes/_undo")


def change(
    client: Client, type_: str, id_: str, *, key: str | None = None, **attributes: Any
) -> Any:
    body = {"data": {"type": type_, "id": id_, "attributes": attributes}}
    return client.patch(f"/api/{type_}/{id_}", body, headers={"Idempotency-Key": key})


def undo(client: Client, id_: str, *, type_: str = "imports", key: str | None = None) -> str:
    """Begin to take an import, or an undo, back: the id of the undo."""
    response = change(client, type_, id_, key=key, _undo=True)
    assert response.status_code == 200, response.text
    data = response.json()["data"]
    assert (data["type"], data["id"]) == (type_, id_)
    named = data["meta"]["undo"]
    assert (named["type"], named["status"]) == ("import_undos", "pending")
    assert data["meta"]["undos"][-1] == named["id"]
    return str(named["id"])


def told(response: httpx2.Response) -> str:
    """The one thing that a refusal says of `_undo`."""
    (error,) = errors_of(response)
    assert error["source"]["pointer"] == "/data/attributes/_undo"
    return str(error["detail"])


@pytest.fixture
def imported(site: ImportSite, client: Client) -> str:
    """The id of an import that has made three SKUs."""
    id_ = submit(client, skus(3))["id"]
    site.run_all()
    return str(id_)


@pytest.fixture
def stranger(site: ImportSite) -> Client:
    return site.client(mode="live")


def test_an_undo_waits_for_a_worker_and_is_shown_from_then_on(site, client, imported) -> None:
    rings = site.rings
    id_ = undo(client, imported)
    assert site.rings == rings + 1
    shown = client.document(f"/api/import_undos/{id_}")["data"]
    assert shown["id"] == id_
    assert shown["links"] == {"self": f"http://127.0.0.1:8000/api/import_undos/{id_}"}
    attributes = shown["attributes"]
    assert (attributes["status"], attributes["import_id"]) == ("pending", imported)
    assert (attributes["changes_count"], attributes["kept_log"]) == (3, {})
    listed = client.document("/api/import_undos")
    assert [each["id"] for each in listed["data"]] == [id_]
    assert listed["meta"] == {"record_count": 1, "page_count": 1}
    assert client.document(f"/api/imports/{imported}")["data"]["meta"]["undos"] == [id_]


def test_while_one_undo_waits_no_other_begins(client, imported) -> None:
    id_ = undo(client, imported)
    response = change(client, "imports", imported, _undo=True)
    assert refusal(response) == LOCKED
    assert f"undo {id_} of it is pending" in told(response)
    response = change(client, "import_undos", id_, _undo=True)
    assert refusal(response) == LOCKED
    assert "is pending, and only what has ended is taken back" in told(response)


def test_an_undo_that_is_interrupted_leaves_the_rest_to_another(client, imported) -> None:
    id_ = undo(client, imported)
    response = change(client, "import_undos", id_, _interrupt=True)
    assert response.json()["data"]["attributes"]["status"] == "interrupted"
    response = change(client, "import_undos", id_, _interrupt=True)
    assert refusal(response) == (422, "VALIDATION_ERROR", "/data/attributes/status")
    response = change(client, "import_undos", id_, _undo=True)
    assert "has given nothing back" in told(response)
    assert undo(client, imported) != id_


def test_what_cannot_be_taken_back_is_refused_with_what_to_do(site, client) -> None:
    waiting = submit(client, skus(2))["id"]
    response = change(client, "imports", waiting, _undo=True)
    assert refusal(response) == LOCKED
    assert f"longshore interrupt {waiting}" in told(response)
    # Nothing of it happens, and neither does what is asked for beside it.
    response = change(client, "imports", waiting, _undo=True, reference="R")
    assert refusal(response) == LOCKED
    assert client.document(f"/api/imports/{waiting}")["data"]["attributes"]["reference"] is None

    site.run_all()
    same = submit(client, skus(2))["id"]
    site.run_all()
    response = change(client, "imports", same, _undo=True)
    assert refusal(response) == (422, "VALIDATION_ERROR", "/data/attributes/_undo")
    assert "has changed nothing" in told(response)
    response = change(client, "imports", same, _undo="perhaps")
    assert refusal(response)[0] == 422

    assert client.send("DELETE", f"/api/imports/{waiting}").status_code == 204
    assert refusal(change(client, "imports", waiting, _undo=True)) == ABSENT


def test_a_body_that_asks_for_anything_else_is_refused(client, imported) -> None:
    id_ = undo(client, imported)
    response = change(client, "import_undos", id_, reference="R")
    assert refusal(response) == (400, "PARAM_NOT_ALLOWED", "/data/attributes/reference")
    response = change(client, "import_undos", id_, _undo=True, _interrupt=True)
    assert refusal(response) == (422, "VALIDATION_ERROR", "/data/attributes/_undo")
    response = change(client, "import_undos", id_)
    assert response.json()["data"]["attributes"]["status"] == "pending"
    body = {"data": {"type": "imports", "id": id_, "attributes": {}}}
    assert refusal(client.patch(f"/api/import_undos/{id_}", body))[1] == "INVALID_RESOURCE"


def test_environments_do_not_see_each_others_undos(client, stranger, imported) -> None:
    id_ = undo(client, imported)
    assert stranger.document("/api/import_undos")["data"] == []
    for path in (f"/api/import_undos/{id_}", f"/api/import_undos/{id_}/kept"):
        assert refusal(stranger.get(path)) == ABSENT
    for type_, each in (("import_undos", id_), ("imports", imported)):
        assert refusal(change(stranger, type_, each, _undo=True)) == ABSENT
        assert refusal(change(stranger, type_, each, _interrupt=True)) == ABSENT


def test_who_may_not_change_imports_takes_none_back(site, client, imported) -> None:
    shop = site.client("sales_channel")
    id_ = undo(client, imported)
    assert refusal(change(shop, "imports", imported, _undo=True))[1] == "UNAUTHORIZED"
    assert refusal(change(shop, "import_undos", id_, _interrupt=True))[1] == "UNAUTHORIZED"
    assert refusal(shop.get("/api/import_undos"))[1] == "UNAUTHORIZED"


def test_an_undo_that_is_asked_for_twice_with_one_key_is_begun_once(site, client, imported) -> None:
    first = change(client, "imports", imported, key="K", _undo=True)
    again = change(client, "imports", imported, key="K", _undo=True)
    assert again.status_code == first.status_code
    data = [each.json()["data"] for each in (first, again)]
    assert data[0]["attributes"].pop("attachment_url")  # signed anew each time
    assert data[1]["attributes"].pop("attachment_url")
    assert data[0] == data[1]
    assert client.document("/api/import_undos")["meta"]["record_count"] == 1
    assert "location" not in again.headers
    # What begins nothing takes a key as well.
    id_ = first.json()["data"]["meta"]["undo"]["id"]
    for _ in range(2):
        assert change(client, "import_undos", id_, key="L").status_code == 200
    assert change(client, "imports", imported, key="M", reference="R").status_code == 200
    assert change(client, "imports", imported, key="K", reference="R").status_code == 422


def by_code(client: Client) -> dict[str, dict[str, Any]]:
    """All that is there of each SKU, by its code, but for the time of its last change."""
    records = client.site.longshore.records
    with records.found(client.environment, "skus") as found:
        told = [
            {**view.attributes, "id": view.id, "to_one": view.to_one, "linked": view.linked}
            for view in found.views
        ]
    return {
        str(each["code"]): {name: value for name, value in each.items() if name != "updated_at"}
        for each in told
    }


OLD = [{"code": f"OLD{n:03}", "name": f"Old {n}", "do_not_ship": True} for n in range(500)]


def updates_and_news() -> list[dict[str, Any]]:
    """Rows that update all of `OLD`, and as many for which there are no SKUs yet."""
    updates = [
        {"code": f"OLD{n:03}", "name": f"Renamed {n}", "weight": n + 1, "unit_of_weight": "gr"}
        for n in range(500)
    ]
    news: list[dict[str, Any]] = [
        {"code": f"NEW{n:03}", "name": f"New {n}", "do_not_ship": True} for n in range(500)
    ]
    for n in range(100, 500):
        news[n]["tags"] = [{"name": f"tag{n % 5}"}]
    return updates + news


def sell(site: ImportSite, client: Client, sku_id: str) -> str:
    """The id of a line item of an order that has a SKU."""
    order = Organization(site.longshore, client.environment).some("orders")
    relationships = {
        "order": {"data": {"type": "orders", "id": order}},
        "item": {"data": {"type": "skus", "id": sku_id}},
    }
    attributes = {"quantity": 1, "name": "Sold", "unit_amount_cents": 100}
    body = {"type": "line_items", "attributes": attributes, "relationships": relationships}
    response = client.post("/api/line_items", {"data": body})
    assert response.status_code == 201, response.text
    return str(response.json()["data"]["id"])


def test_a_thousand_rows_are_taken_back_but_for_what_others_have_touched(site, client) -> None:
    """Half of the rows are updates; three records are edited by hand, and an order has a fourth.

    Then the undo is taken back itself.
    """
    submit(client, OLD)
    site.run_all()
    before = by_code(client)
    imported = submit(client, updates_and_news())["id"]
    site.run_all()
    after = by_code(client)
    assert len(after) == 1000
    for code, attributes in (
        ("OLD007", {"name": "Mine"}),
        ("OLD008", {"weight": 1.5}),
        ("NEW009", {"name": "Mine"}),
    ):
        body = {"data": {"type": "skus", "id": after[code]["id"], "attributes": attributes}}
        assert client.patch(f"/api/skus/{after[code]['id']}", body).status_code == 200
    sell(site, client, after["NEW010"]["id"])
    edited = by_code(client)

    id_ = undo(client, imported)
    site.run_all()
    shown = client.document(f"/api/import_undos/{id_}")["data"]
    assert shown["attributes"]["status"] == "completed"
    assert counts(shown) == {"restored": 500, "removed": 498 + 5, "kept": 4}
    assert shown["meta"]["kept_reasons"] == {"changed_since": 3, "referred_to": 1}
    assert shown["meta"]["kept_log_left_out"] == 0
    log = shown["attributes"]["kept_log"]
    assert {part["record"]["id"]: part["row"] for part in log["changed_since"]} == {
        after["OLD007"]["id"]: 8,
        after["OLD008"]["id"]: 9,
        after["NEW009"]["id"]: 510,
    }
    application = site.database.public_ids.encode(client.credentials.application.id)
    assert all(
        part["detail"]["by"] == {"type": "applications", "id": application}
        for part in log["changed_since"]
    )
    assert log["referred_to"] == [
        {
            "record": {"type": "skus", "id": after["NEW010"]["id"]},
            "fields": [],
            "row": 511,
            "detail": {"by": ["line_items"]},
        }
    ]
    kept = client.document(f"/api/import_undos/{id_}/kept?page[size]=3&page[number]=2")
    assert kept["meta"] == {"record_count": 4, "page_count": 2}
    assert [each["id"] for each in kept["data"]] == ["4"]

    left = by_code(client)
    assert left.keys() == {*before, "NEW009", "NEW010"}
    assert {code: told for code, told in left.items() if before.get(code) == told}.keys() == (
        before.keys() - {"OLD007", "OLD008"}
    )
    assert left["OLD007"] == {**before["OLD007"], "name": "Mine"}
    assert client.document("/api/tags")["meta"]["record_count"] == 0
    assert (left["OLD008"]["name"], left["OLD008"]["weight"]) == ("Old 8", 1.5)

    again = undo(client, id_, type_="import_undos")
    site.run_all()
    shown = client.document(f"/api/import_undos/{again}")["data"]
    assert counts(shown) == {"restored": 500 + 498 + 5, "removed": 0, "kept": 0}
    assert by_code(client) == edited
    tags = client.document(f"/api/skus/{edited['NEW100']['id']}/tags")["data"]
    assert [each["attributes"]["name"] for each in tags] == ["tag0"]
    assert client.document(f"/api/import_undos/{id_}")["data"]["meta"]["undos"] == [again]
    response = change(client, "import_undos", id_, _undo=True)
    assert f"is taken back already, by the undo {again}" in told(response)


def counts(shown: dict[str, Any]) -> dict[str, int]:
    names = ("restored", "removed", "kept")
    return {name: shown["attributes"][f"{name}_count"] for name in names}


def test_what_was_taken_back_is_not_taken_back_again_before_it_is_there(
    site, client, imported
) -> None:
    first = undo(client, imported)
    site.run_all()
    response = change(client, "imports", imported, _undo=True)
    assert refusal(response) == (422, "VALIDATION_ERROR", "/data/attributes/_undo")
    assert f"longshore undo {first}" in told(response)
    undo(client, first, type_="import_undos")
    site.run_all()
    assert len(by_code(client)) == 3
    undo(client, imported)
    site.run_all()
    assert by_code(client) == {}


def test_what_stood_in_the_way_can_be_taken_back_when_it_is_gone(site, client, imported) -> None:
    item = sell(site, client, by_code(client)["SKU1"]["id"])
    undo(client, imported)
    site.run_all()
    assert by_code(client).keys() == {"SKU1"}
    assert client.delete(f"/api/line_items/{item}").status_code == 204
    last = undo(client, imported)
    site.run_all()
    assert by_code(client) == {}
    shown = client.document(f"/api/import_undos/{last}")["data"]
    assert counts(shown) == {"restored": 0, "removed": 1, "kept": 0}


def test_histories_name_the_undo_and_who_asked_for_it(site, client) -> None:
    submit(client, skus(1))
    site.run_all()
    imported = submit(client, [{"code": "SKU0", "name": "Other"}])["id"]
    site.run_all()
    id_ = undo(client, imported)
    site.run_all()
    sku = by_code(client)["SKU0"]["id"]
    last = client.document(f"/api/skus/{sku}/event_stores")["data"][-1]["attributes"]
    assert last["payload"] == {"name": {"from": "Other", "to": "Sku 0"}}
    assert last["who"]["worker"] == {"type": "import_undos", "id": id_}
    application = site.database.public_ids.encode(client.credentials.application.id)
    assert last["who"]["application"]["id"] == application
