"""GET /api/{type}/{id}/blame: who has given the fields of a record their values."""

import pytest

from longshore.journal import (
    Actor,
    ActorKind,
    Destroyed,
    NewUpdates,
    append_destructions,
    append_restores,
    append_updates,
    history_of_record,
)
from tests.behaviour.api_imports.site import skus, submit


def one(client, name, **where):
    found = client.document(f"/api/{name}")["data"]
    return next(
        each
        for each in found
        if all(each["attributes"][key] == value for key, value in where.items())
    )


def blame(client, resource, name="skus"):
    document = client.document(f"/api/{name}/{resource['id']}/blame")
    assert document["meta"]["record"] == {"type": resource["type"], "id": resource["id"]}
    for each in document["data"]:
        assert (each["type"], each["id"]) == ("field_blames", each["attributes"]["field"])
    return {each["id"]: each["attributes"] for each in document["data"]}


def who(told):
    return told["who"].get("worker"), told["row"], told["event"], told["before"], told["value"]


def imported(site, client, rows, **attributes):
    created = submit(client, rows, **attributes)
    site.run_all()
    return {"type": "imports", "id": created["id"]}


def test_each_field_leads_to_the_row_that_gave_it(site, client):
    """Created by an import, updated by another one and over HTTP; nobody has touched the rest."""
    rows = [*skus(3), {**skus(1)[0], "code": "X", "description": "Soft", "tags": [{"name": "t"}]}]
    first = imported(site, client, rows)
    second = imported(site, client, [{**skus(1)[0], "code": "Y"}, {"code": "X", "name": "new"}])
    sku, tag = one(client, "skus", code="X"), one(client, "tags")
    changes = {
        "data": {
            "type": "skus",
            "id": sku["id"],
            "attributes": {"weight": 5, "unit_of_weight": "gr"},
        }
    }
    assert client.patch(f"/api/skus/{sku['id']}", changes).status_code == 200
    told = blame(client, sku)
    assert who(told["code"]) == (first, 4, "create", None, "X")
    assert who(told["description"]) == (first, 4, "create", None, "Soft")
    assert who(told["tags"]) == (first, 4, "create", None, [tag["id"]])
    assert who(told["reference"]) == (first, 4, "create", None, None)
    assert who(told["name"]) == (second, 2, "update", "Sku 0", "new")
    assert who(told["weight"]) == (None, None, "update", None, 5.0)
    assert told["weight"]["who"]["application"]["kind"] == "integration"
    assert told["name"]["who"]["application"]["kind"] == "integration"
    assert told["code"]["since"] == sku["attributes"]["created_at"]
    assert not {"id", "type", "created_at", "updated_at"} & told.keys()
    assert who(blame(client, tag, "tags")["name"]) == (first, 4, "create", None, "t")


def test_a_record_that_was_made_over_http_is_its_application_s(client):
    body = {"data": {"type": "tags", "attributes": {"name": "red"}}}
    tag = client.post("/api/tags", body).json()["data"]
    told = blame(client, tag, "tags")["name"]
    assert who(told) == (None, None, "create", None, "red")
    assert told["who"]["application"]["kind"] == "integration"


def test_rows_of_a_retry_have_their_numbers_in_the_first_source(site, client):
    rows = skus(4)
    rows[1]["weight"] = rows[3]["weight"] = "heavy"
    first = imported(site, client, rows, skip_errors=True)
    body = {"data": {"type": "imports", "attributes": {"set": {"weight": None}}}}
    retry = client.post(f"/api/imports/{first['id']}/retry", body).json()["data"]
    site.run_all()
    told = blame(client, one(client, "skus", code="SKU3"))["name"]
    assert who(told) == ({"type": "imports", "id": retry["id"]}, 4, "create", None, "Sku 3")
    assert told["retry_of"] == first["id"]


def test_a_person_an_undo_and_a_migration_are_told(site, client):
    first = imported(site, client, skus(1))
    sku, public_ids = one(client, "skus"), site.database.public_ids
    key = public_ids.decode(sku["id"])
    undo = public_ids.decode(first["id"]) + 1000

    def change(actor, changes):
        updates = NewUpdates(
            row_numbers=[1],
            table_names=["skus"],
            record_types=["skus"],
            record_ids=[key],
            changes=[changes],
        )
        append_updates(tx, updates, environment=key >> 40, actor=actor, at=tx.now())

    with site.database.write() as tx:
        change(Actor(ActorKind.MIGRATION, 6), '{"code": [" SKU0", "SKU0"]}')
        change(Actor(ActorKind.UNDO, undo), '{"name": ["Tee", "Sku 0"]}')
        change(Actor(ActorKind.TERMINAL), '{"do_not_ship": [0, 1]}')
        going_back = Actor(ActorKind.UNDO, public_ids.decode(first["id"]))
        change(going_back, '{"description": ["Soft", null]}')
    told = blame(client, sku)
    assert told["code"]["who"] == {"worker": {"type": "migrations", "id": "0006"}}
    worker = {"type": "import_undos", "id": public_ids.encode(undo)}
    assert who(told["name"]) == (worker, None, "update", "Tee", "Sku 0")
    assert who(told["description"]) == (first, None, "update", "Soft", None)
    assert told["description"]["takes_back"] == first["id"]
    assert told["do_not_ship"]["who"] == {"terminal": True}
    assert told["do_not_ship"]["before"] is False


def test_a_record_that_came_back_is_still_its_row_s(site, client):
    first = imported(site, client, skus(2))
    sku = one(client, "skus", code="SKU1")
    key = site.database.public_ids.decode(sku["id"])
    gone = Destroyed(
        table_name="skus", record_type="skus", record_id=key, image={"created_at": 1, "code": "A"}
    )
    person = Actor(ActorKind.TERMINAL)
    with site.database.write() as tx:
        append_destructions(tx, [gone], environment=key >> 40, actor=person)
        destructions = list(history_of_record(tx, key))
        append_restores(tx, destructions, environment=key >> 40, actor=person)
    assert who(blame(client, sku)["name"]) == (first, 2, "create", None, "Sku 1")
    returned = client.document(f"/api/skus/{sku['id']}/blame")["meta"]["returned"]
    assert returned["who"] == {"terminal": True}


def test_a_long_history_is_read_no_further_than_needed(site, client):
    """The journal tells of the last hundred changes of the name, and of one before them."""
    imported(site, client, [{**skus(1)[0], "description": "a"}])
    imported(site, client, [{"code": "SKU0", "description": "b"}])
    last = imported(site, client, [{"code": "SKU0", "name": f"{n}"} for n in range(120)])
    told = blame(client, one(client, "skus"))
    assert who(told["name"]) == (last, 120, "update", "118", "119")
    assert (told["description"]["before"], told["description"]["row"]) == ("a", 1)


def test_what_is_confidential_is_not_told(site, client):
    row = {"email": "a@example.com", "password": "s3cret-s3cret"}
    imported(site, client, [row], resource_type="customers")
    customer = one(client, "customers")
    answer = client.get(f"/api/customers/{customer['id']}/blame")
    assert 'password"' not in answer.text.replace("has_password", "")
    assert "s3cret" not in answer.text


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/skus/aBcDeFgHiJ/blame", "RECORD_NOT_FOUND"),
        ("/api/skus/nonsense/blame", "RECORD_NOT_FOUND"),
        ("/api/nothing/aBcDeFgHiJ/blame", "NOT_FOUND"),
        ("/api/imports/aBcDeFgHiJ/blame", "NOT_FOUND"),
        ("/api/skus/aBcDeFgHiJ/blame?field=name", "PARAM_NOT_ALLOWED"),
    ],
)
def test_what_is_not_there_is_refused(client, path, code):
    (error,) = client.get(path).json()["errors"]
    assert error["code"] == code


def test_others_see_nothing_of_it(site, client):
    imported(site, client, skus(1))
    path = f"/api/skus/{one(client, 'skus')['id']}/blame"
    assert site.client(slug="other").get(path).status_code == 404
    assert site.client(mode="live").get(path).status_code == 404
    assert site.client("sales_channel").get(path).status_code == 401
    assert client.get(path.replace("skus", "prices")).status_code == 404
