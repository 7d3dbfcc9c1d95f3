"""What changed in records and imports is told with who did it, in pages with a cursor."""

from longshore.catalogue import load_catalogue
from longshore.engine import respell_keys
from longshore.imports import interrupt_import
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
from tests.behaviour.api.site import refusal
from tests.behaviour.api_imports.site import submit


def history(client, path):
    """All event stores of a resource, gone through in pages of one."""
    url = f"{path}/event_stores?page%5Bsize%5D=1"
    found = []
    while url:
        document = client.document(url)
        assert len(document["data"]) <= 1
        found += document["data"]
        url = document["links"].get("next")
    return found


def told(entries):
    return [(each["attributes"]["event"], each["attributes"]["payload"]) for each in entries]


def one(client, resource_type):
    (resource,) = client.document(f"/api/{resource_type}")["data"]
    return resource


def test_keys_that_an_upgrade_has_respelled_are_told_as_its_doing(site, client):
    submit(client, [{"code": "A", "name": "Tee", "do_not_ship": True}])
    site.run_all()
    with site.database.write() as tx:
        tx.execute("UPDATE skus SET code = ?, code_key = code_key || ?", ("A\u200b", "\u200b"))
    respell_keys(site.database, load_catalogue())
    created, respelled = history(client, f"/api/skus/{one(client, 'skus')['id']}")
    assert created["attributes"]["payload"]["code"] == {"from": None, "to": "A\u200b"}
    assert told([respelled]) == [("update", {"code": {"from": "A\u200b", "to": "A"}})]
    assert respelled["attributes"]["who"] == {"worker": {"type": "migrations", "id": "0006"}}


def test_a_record_is_told_from_its_creation_on(site, client):
    rows = [
        {"code": "A", "name": "Tee", "do_not_ship": True, "metadata": {"a": 1}},
        {"code": "A", "name": "Shirt", "metadata": {"a": 2}},
    ]
    first = submit(client, [rows[0]])
    site.run_all()
    second = submit(client, [rows[1]])
    site.run_all()
    sku = one(client, "skus")
    body = {"data": {"type": "skus", "id": sku["id"], "attributes": {"do_not_ship": False}}}
    body["data"]["attributes"] = {"description": "Soft"}
    assert client.patch(f"/api/skus/{sku['id']}", body).status_code == 200
    entries = history(client, f"/api/skus/{sku['id']}")
    assert told(entries) == [
        (
            "create",
            {
                "code": {"from": None, "to": "A"},
                "name": {"from": None, "to": "Tee"},
                "do_not_ship": {"from": None, "to": True},
                "do_not_track": {"from": None, "to": False},
                "metadata": {"from": None, "to": {"a": 1}},
            },
        ),
        (
            "update",
            {
                "name": {"from": "Tee", "to": "Shirt"},
                "metadata": {"from": {"a": 1}, "to": {"a": 2}},
            },
        ),
        ("update", {"description": {"from": None, "to": "Soft"}}),
    ]
    application = {
        "id": site.database.public_ids.encode(client.credentials.application.id),
        "kind": "integration",
        "public": False,
    }
    assert [each["attributes"]["who"] for each in entries] == [
        {"worker": {"type": "imports", "id": first["id"]}, "application": application},
        {"worker": {"type": "imports", "id": second["id"]}, "application": application},
        {"application": application},
    ]
    assert site.database.public_ids.decode_change(entries[0]["id"][-18:]) == 0
    for each in entries:
        path = f"/api/event_stores/{each['id']}"
        assert client.document(path) == {"data": each}
        named = client.document(f"{path}?fields[event_stores]=event")["data"]["attributes"]
        assert named == {"event": each["attributes"]["event"]}
    assert entries[0]["links"] == {"self": None}
    assert entries[0]["type"] == "event_stores"
    assert entries[0]["attributes"]["resource_type"] == "skus"
    assert entries[0]["attributes"]["resource_id"] == sku["id"]
    assert entries[0]["attributes"]["created_at"] == sku["attributes"]["created_at"]


def test_what_a_person_at_a_terminal_and_an_undo_have_done_is_told(site, client):
    submit(client, [{"code": "A", "name": "Tee", "do_not_ship": True}])
    site.run_all()
    sku = one(client, "skus")
    key = site.database.public_ids.decode(sku["id"])
    undo = site.database.public_ids.decode(one(client, "imports")["id"]) + 1000
    updates = NewUpdates(
        row_numbers=[1],
        table_names=["skus"],
        record_types=["skus"],
        record_ids=[key],
        changes=['{"name": ["Tee", "Shirt"]}'],
    )
    with site.database.write() as tx:
        for actor in (Actor(ActorKind.TERMINAL), Actor(ActorKind.UNDO, undo)):
            append_updates(tx, updates, environment=key >> 40, actor=actor, at=tx.now())
    path = f"/api/skus/{sku['id']}"
    assert [each["attributes"]["who"] for each in history(client, path)][1:] == [
        {"terminal": True},
        {"worker": {"type": "import_undos", "id": site.database.public_ids.encode(undo)}},
    ]


def test_a_record_that_was_gone_and_came_back_is_told_throughout(site, client):
    submit(client, [{"code": "A", "name": "Tee", "do_not_ship": True, "tags": [{"name": "new"}]}])
    site.run_all()
    sku, tag = one(client, "skus"), one(client, "tags")
    key, decode = site.database.public_ids.decode(sku["id"]), site.database.public_ids.decode
    image = {
        "creator_id": 1,
        "created_at": 1,
        "code": "A",
        "name": "Tee",
        "do_not_ship": 1,
        "metadata": '{"a":1}',
        "reference": None,
        "tags": [decode(tag["id"])],
    }
    gone = Destroyed(table_name="skus", record_type="skus", record_id=key, image=image)
    with site.database.write() as tx:
        person = Actor(ActorKind.TERMINAL)
        append_destructions(tx, [gone], environment=key >> 40, actor=person)
        destructions = list(history_of_record(tx, key))
        append_restores(tx, destructions, environment=key >> 40, actor=person)
    path = f"/api/skus/{sku['id']}"
    created, destroyed, restored = history(client, path)
    shown = {
        "code": "A",
        "name": "Tee",
        "do_not_ship": True,
        "metadata": {"a": 1},
        "tags": [tag["id"]],
    }
    assert told([destroyed, restored]) == [
        ("destroy", {name: {"from": value, "to": None} for name, value in shown.items()}),
        ("restore", {name: {"from": None, "to": value} for name, value in shown.items()}),
    ]
    assert created["attributes"]["payload"]["name"] == {"from": None, "to": "Tee"}
    for each in (destroyed, restored):
        assert client.document(f"/api/event_stores/{each['id']}") == {"data": each}


def test_an_import_that_a_person_at_a_terminal_stops_is_told_as_theirs(site, client):
    created = submit(client, [{"name": "sale"}], resource_type="tags")
    with site.database.write() as tx:
        interrupt_import(tx, site.database.public_ids.decode(created["id"]))
    *_, interrupted = history(client, f"/api/imports/{created['id']}")
    assert interrupted["attributes"]["payload"]["status"]["to"] == "interrupted"
    assert interrupted["attributes"]["who"] == {"terminal": True}


def test_all_at_once_is_the_same_as_page_by_page(site, client):
    submit(client, [{"code": "A", "name": "1", "do_not_ship": True}])
    submit(client, [{"code": "A", "name": name} for name in "23456"])
    site.run_all()
    path = f"/api/skus/{one(client, 'skus')['id']}"
    whole = client.document(f"{path}/event_stores")
    assert whole["data"] == history(client, path)
    assert whole["links"] == {}
    linkage = client.document(f"{path}/relationships/event_stores")
    assert linkage["data"] == [{"type": "event_stores", "id": each["id"]} for each in whole["data"]]


def test_relationships_tags_and_times_are_told_as_on_the_wire(site, client):
    submit(client, [{"name": "Merchandise"}], resource_type="shipping_categories")
    site.run_all()
    category = one(client, "shipping_categories")
    submit(
        client,
        [
            {
                "code": "A",
                "name": "Tee",
                "shipping_category_id": category["id"],
                "tags": [{"name": "new"}],
            }
        ],
    )
    site.run_all()
    tag = one(client, "tags")
    submit(client, [{"code": "A", "tags": []}])
    site.run_all()
    created, updated = history(client, f"/api/skus/{one(client, 'skus')['id']}")
    payload = created["attributes"]["payload"]
    assert payload["shipping_category_id"] == {"from": None, "to": category["id"]}
    assert payload["tags"] == {"from": None, "to": [tag["id"]]}
    assert updated["attributes"]["payload"] == {"tags": {"from": [tag["id"]], "to": []}}


def test_confidential_values_are_not_told(site, client):
    submit(client, [{"email": "a@example.com", "password": "secret"}], resource_type="customers")
    site.run_all()
    entries = history(client, f"/api/customers/{one(client, 'customers')['id']}")
    assert "secret" not in str(entries)
    assert entries[0]["attributes"]["payload"]["email"] == {"from": None, "to": "a@example.com"}


def test_a_record_of_a_family_is_told_under_its_own_type(site, client):
    submit(client, [{"name": "Taxes"}], resource_type="manual_tax_calculators")
    site.run_all()
    calculator = one(client, "tax_calculators")
    assert calculator["type"] == "manual_tax_calculators"
    (created,) = history(client, f"/api/tax_calculators/{calculator['id']}")
    assert created["attributes"]["resource_type"] == "manual_tax_calculators"


def test_an_import_is_told_from_its_creation_to_its_end(site, client):
    created = submit(client, [{"name": "sale"}], resource_type="tags", reference="one")
    site.run_all()
    body = {"data": {"type": "imports", "id": created["id"]}}
    body["data"]["attributes"] = {"reference": "two", "metadata": {"a": 1}}
    assert client.patch(f"/api/imports/{created['id']}", body).status_code == 200
    shown = client.document(f"/api/imports/{created['id']}")["data"]["attributes"]
    entries = history(client, f"/api/imports/{created['id']}")
    assert told(entries) == [
        (
            "create",
            {
                "resource_type": {"from": None, "to": "tags"},
                "format": {"from": None, "to": "json"},
                "skip_errors": {"from": None, "to": False},
                "inputs_size": {"from": None, "to": 1},
                "status": {"from": None, "to": "pending"},
            },
        ),
        (
            "update",
            {
                "status": {"from": "pending", "to": "in_progress"},
                "started_at": {"from": None, "to": shown["started_at"]},
            },
        ),
        (
            "update",
            {
                "status": {"from": "in_progress", "to": "completed"},
                "completed_at": {"from": None, "to": shown["completed_at"]},
                "processed_count": {"from": 0, "to": 1},
            },
        ),
        (
            "update",
            {
                "reference": {"from": "one", "to": "two"},
                "metadata": {"from": {}, "to": {"a": 1}},
            },
        ),
    ]
    who = [set(each["attributes"]["who"]) for each in entries]
    assert who == [
        {"application"},
        {"worker", "application"},
        {"worker", "application"},
        {"application"},
    ]


def test_an_event_is_called_by_who_asks_and_its_history_tells_it(site, client):
    submit(client, [{"name": "sale"}], resource_type="tags")
    event = one(client, "events")
    path = f"/api/events/{event['id']}"
    assert client.document(f"{path}/event_stores")["data"] == []

    def change(**attributes):
        data = {"type": "events", "id": event["id"], "attributes": attributes}
        return client.patch(path, {"data": data})

    response = change(_trigger=True)
    assert response.status_code == 200, response.text
    assert response.json()["data"] == event
    response = change(reference="A", metadata={"b": [1]})
    assert response.status_code == 200, response.text
    shown = response.json()["data"]["attributes"]
    assert (shown["name"], shown["reference"]) == ("imports.create", "A")
    assert shown["metadata"] == {"b": [1]}
    assert shown["created_at"] == event["attributes"]["created_at"]
    assert client.document(path)["data"]["attributes"] == shown
    assert change(reference="A").json()["data"]["attributes"] == shown
    found = client.document("/api/events?filter[q][reference_eq]=A&sort=-reference")["data"]
    assert [each["id"] for each in found] == [event["id"]]
    (entry,) = history(client, path)
    assert told([entry]) == [
        (
            "update",
            {
                "reference": {"from": None, "to": "A"},
                "metadata": {"from": None, "to": {"b": [1]}},
            },
        )
    ]
    assert entry["attributes"]["resource_type"] == "events"
    assert client.document(f"/api/event_stores/{entry['id']}") == {"data": entry}


def test_what_an_event_cannot_be_given_is_refused(site, client):
    submit(client, [{"name": "sale"}], resource_type="tags")
    event = one(client, "events")
    for attributes, expected in (
        ({"name": "other"}, (400, "PARAM_NOT_ALLOWED", "/data/attributes/name")),
        ({"metadata": "x"}, (422, "VALIDATION_ERROR", "/data/attributes/metadata")),
        ({"_trigger": "perhaps"}, (422, "VALIDATION_ERROR", "/data/attributes/_trigger")),
    ):
        data = {"type": "events", "id": event["id"], "attributes": attributes}
        assert refusal(client.patch(f"/api/events/{event['id']}", {"data": data})) == expected
    data = {"type": "events", "id": event["id"], "attributes": {"reference": "A"}}
    for stranger in (site.client(mode="live"), site.client("sales_channel")):
        response = stranger.patch(f"/api/events/{event['id']}", {"data": data})
        assert response.status_code in (401, 404)
    data["id"] = "AAAAAAAAAA"
    assert client.patch("/api/events/AAAAAAAAAA", {"data": data}).status_code == 404
    assert client.delete(f"/api/events/{event['id']}").status_code == 405


def test_queries_that_make_no_sense_are_refused(site, client):
    submit(client, [{"name": "sale"}], resource_type="tags")
    site.run_all()
    path = f"/api/tags/{one(client, 'tags')['id']}/event_stores"
    assert refusal(client.get(f"{path}?page%5Bafter%5D=x"))[:2] == (400, "INVALID_PAGE_VALUE")
    assert refusal(client.get(f"{path}?page%5Bsize%5D=26"))[:2] == (400, "INVALID_PAGE_VALUE")
    assert refusal(client.get(f"{path}?sort=event"))[:2] == (400, "PARAM_NOT_ALLOWED")
    assert refusal(client.get("/api/tags/AaBbCcDdEe/event_stores"))[0] == 404
    assert refusal(client.get("/api/nonsense/AaBbCcDdEe/event_stores"))[0] == 404
    assert refusal(client.get("/api/event_stores"))[0] == 405
    assert refusal(client.get("/api/event_stores/1-1"))[0] == 404


def test_each_change_of_an_import_can_be_asked_for(site, client):
    created = submit(client, [{"name": "sale"}], resource_type="tags")
    site.run_all()
    entries = history(client, f"/api/imports/{created['id']}")
    assert len(entries) == 3
    for each in entries:
        assert client.document(f"/api/event_stores/{each['id']}") == {"data": each}


def test_a_change_that_there_is_not_is_not_found(site, client):
    submit(client, [{"name": "sale"}], resource_type="tags")
    site.run_all()
    (entry,) = history(client, f"/api/tags/{one(client, 'tags')['id']}")
    at, _, number = entry["id"].partition("-")
    for wrong in (
        "x",
        "1755185525941-0",
        f"{int(at) + 1}-{number}",
        f"{at}-{number[:-1]}{(int(number[-1]) + 1) % 10}",
        f"{at}-{number[:18]}{'9' * 18}",
        f"{at}-{'9' * 18}{number[18:]}",
        f"{at}-{'0' * 36}",
        f"{at}-{number[:18]}1",
        f"{entry['id']}0",
    ):
        response = client.get(f"/api/event_stores/{wrong}")
        assert refusal(response)[:2] == (404, "RECORD_NOT_FOUND"), wrong
    stranger = site.client(mode="live")
    assert stranger.get(f"/api/event_stores/{entry['id']}").status_code == 404
    included = client.get(f"/api/event_stores/{entry['id']}?include=tags")
    assert refusal(included)[:2] == (400, "INVALID_INCLUDE")
    assert client.delete(f"/api/event_stores/{entry['id']}").status_code == 405


def test_changes_of_ones_own_do_not_tell_how_many_others_there_were(site, client):
    for name in ("1", "2", "3"):
        submit(client, [{"code": "A", "name": name, "do_not_ship": True}])
    site.run_all()
    _, second, third = history(client, f"/api/skus/{one(client, 'skus')['id']}")
    numbers = [int(each["id"].partition("-")[2][18:]) for each in (second, third)]
    assert abs(numbers[0] - numbers[1]) > 1_000_000  # but once in 10^11


def test_cursors_of_the_first_release_are_understood(site, client):
    submit(client, [{"code": "A", "name": "1", "do_not_ship": True}])
    submit(client, [{"code": "A", "name": "2"}])
    site.run_all()
    path = f"/api/skus/{one(client, 'skus')['id']}"
    first, second = history(client, path)
    at = first["id"].partition("-")[0]
    rest = client.document(f"{path}/event_stores?page%5Bafter%5D={at}-0")["data"]
    assert rest == [second]
