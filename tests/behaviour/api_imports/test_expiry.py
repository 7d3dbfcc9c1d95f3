"""Attachments of imports that ended long ago are removed; everything else about them stays. Those
in which passwords or keys stand are removed soon.
"""

import pytest

from longshore.assembly import open_longshore
from longshore.observations import TidyingFailed
from longshore.operations import cleanup
from tests.behaviour.api.site import Client, refusal
from tests.behaviour.api_imports.site import skus, submit
from tests.behaviour.api_imports.test_downloads import path_of
from tests.behaviour.api_imports.uploading import (
    CSV,
    begun,
    check_all,
    checked,
    complete,
    import_of,
    put,
    shown,
)

MOMENT = 1e-9  # days; less than a millisecond


def test_an_import_whose_attachment_has_expired_is_answered_without_it(open_site):
    site = open_site(attachment_retention_days=MOMENT)
    client = site.client()
    created = submit(client, [*skus(20), {"code": "X", "do_not_ship": True}])
    path = f"/api/imports/{created['id']}"
    site.run_all()
    before = client.document(path)["data"]
    assert len(before["attributes"]["inputs"]) == 21
    download = path_of(before)

    assert site.longshore.cleanup.expire_attachments() == 1
    assert site.attachments() == []
    after = client.document(path)["data"]
    assert after["attributes"] == {
        **before["attributes"],
        "attachment_url": None,
        "inputs": None,
    }
    assert after["attributes"]["errors_log"] == {"X": {"name": ["can't be blank"]}}
    (listed,) = client.document("/api/imports")["data"]
    assert listed["attributes"]["attachment_url"] is None
    (error,) = client.document(f"{path}/errors")["data"]
    assert error["attributes"]["row"] == 21
    assert refusal(Client(site).get(download)) == (404, "NOT_FOUND", None)
    detail = Client(site).get(download).json()["errors"][0]["detail"]
    assert detail.startswith("The attachment of the import was removed at 20")
    # It is done once, and what is left can still be changed and deleted.
    assert site.longshore.cleanup.expire_attachments() == 0
    change = {"data": {"type": "imports", "id": created["id"], "attributes": {"reference": "R"}}}
    assert client.patch(path, change).json()["data"]["attributes"]["reference"] == "R"
    assert client.delete(path).status_code == 204


def test_attachments_of_what_is_not_finished_stay(open_site):
    site = open_site(attachment_retention_days=MOMENT)
    client = site.client()
    submit(client, skus(1))
    assert site.longshore.cleanup.expire_attachments() == 0
    site.run_all()
    assert client.document("/api/imports")["data"][0]["attributes"]["processed_count"] == 1
    assert site.longshore.cleanup.expire_attachments() == 1


def test_attachments_stay_for_ever_where_nothing_is_set(site, client):
    submit(client, skus(1))
    site.run_all()
    assert site.longshore.cleanup.expire_attachments() == 0
    (listed,) = client.document("/api/imports")["data"]
    assert listed["attributes"]["attachment_url"]


def test_attachments_of_interrupted_and_of_deleted_imports_expire_too(open_site):
    site = open_site(attachment_retention_days=MOMENT)
    client = site.client()
    first, second = (submit(client, skus(1))["id"] for _ in range(2))
    body = {"data": {"type": "imports", "id": first, "attributes": {"_interrupt": True}}}
    assert client.patch(f"/api/imports/{first}", body).status_code == 200
    assert client.delete(f"/api/imports/{second}").status_code == 204
    client.document("/api/imports")
    assert site.longshore.cleanup.expire_attachments() == 2
    assert site.attachments() == []


def test_what_cannot_be_removed_is_told_and_keeps_nothing_else(open_site):
    site = open_site(attachment_retention_days=MOMENT)
    client = site.client()
    first, second, third = (submit(client, skus(1))["id"] for _ in range(3))
    site.run_all()
    folder = site.settings.data / "attachments"
    names = sorted(path.name for path in folder.iterdir() if path.suffix == ".gz")
    # A folder in the place of a file cannot be unlinked, whoever asks.
    (folder / names[1]).unlink()
    (folder / names[1]).mkdir()
    assert site.longshore.cleanup.expire_attachments() == 2
    assert site.longshore.attachments.sweep((), older_than_seconds=-2) == 1  # its index
    assert site.longshore.attachments.sweep((), older_than_seconds=-2) == 0
    site.longshore.cleanup.tidy()
    told = [each for each in site.observed.observations if isinstance(each, TidyingFailed)]
    assert told
    assert all(str(folder) in each.reason for each in told)
    (folder / names[1]).rmdir()
    assert site.longshore.cleanup.expire_attachments() == 1
    shown = {each["id"]: each["attributes"] for each in client.document("/api/imports")["data"]}
    assert shown.keys() == {first, second, third}
    assert all(each["attachment_url"] is None for each in shown.values())


PASSWORD = "s3cret-word"
AVALARA = {"name": "Avalara", "username": "me", "password": PASSWORD, "company_code": "c"}
ORDERS = {"customer_email": "a@example.com", "customer_password": PASSWORD}


@pytest.mark.parametrize(
    ("resource_type", "inputs", "how"),
    [
        ("customers", [{"email": "a@example.com"}, {"email": "b@x.com", "password": PASSWORD}], {}),
        ("customers", f"email,Password\na@example.com,{PASSWORD}\n", {"format": "csv"}),
        ("avalara_accounts", [AVALARA], {}),
        ("orders", [ORDERS], {"skip_errors": True}),
        ("google_geocoders", f"name,api_key\nG,{PASSWORD}\n", {"format": "csv"}),
    ],
)
def test_a_source_with_secrets_is_removed_at_the_end_of_its_time(
    open_site, resource_type, inputs, how
):
    site = open_site(secret_attachment_hours=MOMENT)
    client = site.client()
    created = submit(client, inputs, resource_type=resource_type, **how)
    path = f"/api/imports/{created['id']}"
    assert site.longshore.cleanup.expire_secrets() == 0  # it has not been run
    site.run_all()
    before = client.document(path)["data"]
    download = path_of(before)
    assert Client(site).get(download).status_code == 200
    assert PASSWORD not in client.get(path).text
    site.longshore.cleanup.tidy()
    assert site.attachments() == []
    after = client.document(path)["data"]
    assert after["attributes"] == {**before["attributes"], "attachment_url": None, "inputs": None}
    gone = Client(site).get(download)
    assert gone.status_code == 404
    assert "was removed at" in gone.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("resource_type", "inputs"),
    [
        ("customers", [{"email": "a@example.com"}]),
        ("avalara_accounts", [{"name": "A", "username": "u", "company_code": "c"}]),
        ("skus", [{"code": "A", "name": "password", "do_not_ship": True, "password": "x"}]),
    ],
)
def test_a_source_without_secrets_stays_for_as_long_as_all_others(open_site, resource_type, inputs):
    site = open_site(secret_attachment_hours=0)
    client = site.client()
    created = submit(client, inputs, resource_type=resource_type)
    site.run_all()
    for _ in range(2):
        assert site.longshore.cleanup.expire_secrets() == 0
    attributes = client.document(f"/api/imports/{created['id']}")["data"]["attributes"]
    assert attributes["attachment_url"]


def test_a_source_with_secrets_is_there_for_an_hour_where_nothing_is_set(site, client):
    submit(client, [{"email": "a@example.com", "password": PASSWORD}], resource_type="customers")
    site.run_all()
    site.longshore.cleanup.tidy()
    (listed,) = client.document("/api/imports")["data"]
    assert listed["attributes"]["attachment_url"]
    assert listed["attributes"]["inputs"] == [{"email": "a@example.com", "password": "********"}]


def test_sources_of_many_imports_are_looked_through(open_site, monkeypatch):
    monkeypatch.setattr(cleanup, "_PAGE_IMPORTS", 2)
    site = open_site(secret_attachment_hours=0)
    client = site.client()
    for number in range(7):
        row = {"email": f"a{number}@example.com"}
        if number in (1, 2, 6):
            row["password"] = PASSWORD
        submit(client, [row], resource_type="customers")
    site.run_all()
    assert site.longshore.cleanup.expire_secrets() == 3
    assert site.longshore.cleanup.expire_secrets() == 0
    assert len(site.attachments()) == 4 * 2


def test_a_worker_removes_it_as_soon_as_the_import_has_ended(open_site):
    site = open_site(secret_attachment_hours=0)
    client = site.client()
    submit(client, [{"email": "a@example.com", "password": PASSWORD}], resource_type="customers")
    with open_longshore(site.settings, kind="worker") as worker:
        (waiting,) = worker.imports.open()
        assert worker.import_runs.run(waiting.id).is_finished
        assert site.attachments() == []


def test_a_source_with_secrets_that_cannot_be_removed_is_told_and_tried_again(open_site):
    site = open_site(secret_attachment_hours=0)
    client = site.client()
    submit(client, [{"email": "a@example.com", "password": PASSWORD}], resource_type="customers")
    folder = site.settings.data / "attachments"
    (name,) = [path.name for path in folder.iterdir() if path.suffix == ".gz"]
    site.run_all()
    content = (folder / name).read_bytes()
    (folder / name).unlink()
    (folder / name).mkdir()
    assert site.longshore.cleanup.expire_secrets() == 0
    assert any(isinstance(each, TidyingFailed) for each in site.observed.observations)
    (folder / name).rmdir()
    (folder / name).write_bytes(content)
    assert site.longshore.cleanup.expire_secrets() == 1
    assert site.attachments() == []


def test_uploads_expire_with_their_bytes_and_those_of_imports_stay(open_site):
    site = open_site(upload_hours=1e-9)
    client = site.client()
    receiving = begun(client)
    put(client, receiving, 0, CSV)
    ready, used = checked(site, client, CSV), checked(site, client, CSV)
    refused = checked(site, client, b"\n")
    assert import_of(client, used).status_code == 201
    assert site.longshore.cleanup.expire_uploads() == 2  # a part, an attachment
    for id_ in (receiving, ready, used, refused):
        assert shown(client, id_)["state"] == "expired"
    assert len(site.attachments()) == 2
    assert put(client, receiving, len(CSV), b"x").status_code == 409
    assert import_of(client, ready).status_code == 422
    site.run_all()
    (import_,) = client.document("/api/imports")["data"]
    assert import_["attributes"]["status"] == "completed"
    assert site.longshore.cleanup.expire_uploads() == 0


def test_what_is_checked_does_not_expire(open_site):
    site = open_site(upload_hours=1e-9)
    client = site.client()
    id_ = begun(client)
    put(client, id_, 0, CSV)
    complete(client, id_)
    assert site.longshore.cleanup.expire_uploads() == 0
    check_all(site)
    assert shown(client, id_)["found"]["rows_count"] == 100
