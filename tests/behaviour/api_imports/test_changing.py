"""What can be changed of an import, stopping it, and deleting it."""

import pytest

from tests.behaviour.api.site import refusal
from tests.behaviour.api_imports.site import findings, skus, submit
from tests.claiming import claim_import


def change(client, id_, **attributes):
    body = {"data": {"type": "imports", "id": id_, "attributes": attributes}}
    return client.patch(f"/api/imports/{id_}", body)


def test_references_and_metadata_can_be_changed_at_any_time(site, client):
    created = submit(client, skus(1), reference="one", metadata={"a": 1})
    site.run_all()
    response = change(client, created["id"], reference="two", reference_origin="erp")
    assert response.status_code == 200, response.text
    attributes = response.json()["data"]["attributes"]
    assert attributes["reference"] == "two"
    assert attributes["reference_origin"] == "erp"
    assert attributes["metadata"] == {"a": 1}
    assert attributes["status"] == "completed"
    assert attributes["inputs"] == skus(1)
    assert change(client, created["id"], metadata={"b": 2}, reference=None).status_code == 200
    shown = client.document(f"/api/imports/{created['id']}")["data"]["attributes"]
    assert (shown["metadata"], shown["reference"]) == ({"b": 2}, None)


def test_an_import_that_waits_is_stopped_at_once(site, client):
    created = submit(client, skus(1))
    response = change(client, created["id"], _interrupt=True)
    assert response.json()["data"]["attributes"]["status"] == "interrupted"
    assert response.json()["data"]["attributes"]["interrupted_at"] is not None
    site.run_all()
    assert client.document("/api/skus")["data"] == []


def test_an_import_that_runs_is_stopped_and_its_runner_shut_out(site, client):
    created = submit(client, skus(1))
    (import_,) = site.longshore.imports.open()
    with site.database.write() as tx:
        claimed = claim_import(tx, import_.id)
    assert claimed is not None
    response = change(client, created["id"], _interrupt=True)
    assert response.json()["data"]["attributes"]["status"] == "interrupted"
    with site.database.read() as tx:
        ((fence,),) = tx.fetch("SELECT fence FROM runs")
    assert fence > claimed.run.fence


def test_a_trigger_that_is_not_fired_does_nothing(client):
    created = submit(client, skus(1))
    for value in (False, None, 0, "false"):
        response = change(client, created["id"], _interrupt=value)
        assert response.json()["data"]["attributes"]["status"] == "pending"


def test_a_finished_import_is_not_stopped_and_nothing_else_happens(site, client):
    created = submit(client, skus(1), reference="before")
    site.run_all()
    response = change(client, created["id"], _interrupt=True, reference="after")
    assert list(findings(response)) == ["/data/attributes/status"]
    shown = client.document(f"/api/imports/{created['id']}")["data"]["attributes"]
    assert (shown["status"], shown["reference"]) == ("completed", "before")


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"status": "completed"}, (400, "PARAM_NOT_ALLOWED", "/data/attributes/status")),
        ({"inputs": []}, (400, "PARAM_NOT_ALLOWED", "/data/attributes/inputs")),
        ({"skip_errors": True}, (400, "PARAM_NOT_ALLOWED", "/data/attributes/skip_errors")),
        ({"metadata": "x"}, (422, "VALIDATION_ERROR", "/data/attributes/metadata")),
        ({"_interrupt": "perhaps"}, (422, "VALIDATION_ERROR", "/data/attributes/_interrupt")),
    ],
)
def test_what_cannot_be_changed_is_refused(client, attributes, found):
    created = submit(client, skus(1))
    assert refusal(change(client, created["id"], **attributes)) == found


def test_the_id_of_the_document_must_be_that_of_the_path(client):
    one, other = submit(client, skus(1)), submit(client, skus(1))
    body = {"data": {"type": "imports", "id": other["id"], "attributes": {}}}
    response = client.patch(f"/api/imports/{one['id']}", body)
    assert refusal(response) == (400, "KEY_NOT_INCLUDED_IN_URL", "/data/id")


def test_a_deleted_import_is_gone_and_what_it_imported_stays(site, client):
    finished = submit(client, skus(2))
    site.run_all()
    waiting = submit(client, skus(3))
    for each in (finished, waiting):
        response = client.delete(f"/api/imports/{each['id']}")
        assert (response.status_code, response.content) == (204, b"")
        for path in ("", "/errors", "/rows", "/events", "/event_stores"):
            assert refusal(client.get(f"/api/imports/{each['id']}{path}"))[0] == 404
        assert refusal(client.delete(f"/api/imports/{each['id']}"))[0] == 404
        assert refusal(change(client, each["id"], reference="x"))[0] == 404
    site.run_all()
    assert client.document("/api/imports")["data"] == []
    assert client.document("/api/skus")["meta"]["record_count"] == 2
    names = [each["attributes"]["name"] for each in client.document("/api/events")["data"]]
    assert names.count("imports.destroy") == 2


def test_who_may_not_is_refused(site, client):
    created = submit(client, skus(1))
    other = site.client("sales_channel")
    path = f"/api/imports/{created['id']}"
    assert refusal(other.get(path)) == (401, "UNAUTHORIZED", None)
    assert refusal(other.get(f"{path}/errors")) == (401, "UNAUTHORIZED", None)
    assert refusal(other.get(f"{path}/rows")) == (401, "UNAUTHORIZED", None)
    assert refusal(other.get(f"{path}/event_stores")) == (401, "UNAUTHORIZED", None)
    assert refusal(other.delete(path)) == (401, "UNAUTHORIZED", None)
    assert refusal(change(other, created["id"], reference="x")) == (401, "UNAUTHORIZED", None)
