"""Attachments of imports that ended long ago are removed; everything else about them stays."""

from longshore.observations import TidyingFailed
from tests.behaviour.api.site import Client, refusal
from tests.behaviour.api_imports.site import skus, submit
from tests.behaviour.api_imports.test_downloads import path_of

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

    assert site.longshore.expire_attachments() == 1
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
    # It is done once, and what is left can still be changed and deleted.
    assert site.longshore.expire_attachments() == 0
    change = {"data": {"type": "imports", "id": created["id"], "attributes": {"reference": "R"}}}
    assert client.patch(path, change).json()["data"]["attributes"]["reference"] == "R"
    assert client.delete(path).status_code == 204


def test_attachments_of_what_is_not_finished_stay(open_site):
    site = open_site(attachment_retention_days=MOMENT)
    client = site.client()
    submit(client, skus(1))
    assert site.longshore.expire_attachments() == 0
    site.run_all()
    assert client.document("/api/imports")["data"][0]["attributes"]["processed_count"] == 1
    assert site.longshore.expire_attachments() == 1


def test_attachments_stay_for_ever_where_nothing_is_set(site, client):
    submit(client, skus(1))
    site.run_all()
    assert site.longshore.expire_attachments() == 0
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
    assert site.longshore.expire_attachments() == 2
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
    assert site.longshore.expire_attachments() == 2
    assert site.longshore.attachments.sweep((), older_than_seconds=-2) == 1  # its index
    assert site.longshore.attachments.sweep((), older_than_seconds=-2) == 0
    site.longshore.tidy()
    told = [each for each in site.observed.observations if isinstance(each, TidyingFailed)]
    assert told
    assert all(str(folder) in each.reason for each in told)
    (folder / names[1]).rmdir()
    assert site.longshore.expire_attachments() == 1
    shown = {each["id"]: each["attributes"] for each in client.document("/api/imports")["data"]}
    assert shown.keys() == {first, second, third}
    assert all(each["attachment_url"] is None for each in shown.values())
