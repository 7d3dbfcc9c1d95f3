"""Imports that are all or nothing over HTTP: an attribute of ours, and what `meta` shows."""

import pytest

from longshore.imports import begin_writing
from tests.behaviour.api_imports.site import document, findings, skus, submit
from tests.behaviour.imports.factory import claim, go_to


def shown(client, created):
    return client.document(f"/api/imports/{created['id']}")["data"]


def interrupt(client, created):
    body = {"data": {"type": "imports", "id": created["id"], "attributes": {"_interrupt": True}}}
    response = client.patch(f"/api/imports/{created['id']}", body)
    assert response.status_code == 200, response.text
    return response.json()["data"]


def writing(site, client):
    """An import that has written some rows."""
    created = submit(client, skus(10), all_or_nothing=True)
    (import_,) = site.longshore.imports.open()
    claimed = claim(site.database, import_)
    with site.database.write() as tx:
        begin_writing(tx, claimed.run)
    go_to(site.database, claimed, 4)
    return created


def test_one_failed_row_keeps_the_others_out(site, client):
    rows = [*skus(3), {"code": "X", "name": None}]
    created = submit(client, rows, all_or_nothing=True)
    assert (created["meta"]["all_or_nothing"], created["meta"]["stage"]) == (True, None)
    assert "all_or_nothing" not in created["attributes"]
    site.run_all()
    ended = shown(client, created)
    attributes = ended["attributes"]
    assert (attributes["status"], attributes["errors_count"]) == ("interrupted", 1)
    assert (attributes["processed_count"], attributes["inputs_size"]) == (3, 4)
    assert (ended["meta"]["stage"], ended["meta"]["skipped_count"]) == ("judging", 3)
    assert attributes["errors_log"]["unknown"] == {"base": ["nothing was written: 1 row failed"]}
    assert client.document("/api/skus")["meta"]["record_count"] == 0


def test_rows_that_all_succeed_are_in(site, client):
    created = submit(client, skus(3), all_or_nothing=True)
    site.run_all()
    ended = shown(client, created)
    assert (ended["attributes"]["status"], ended["meta"]["created_count"]) == ("completed", 3)
    assert client.document("/api/skus")["meta"]["record_count"] == 3
    plain = submit(client, skus(3))
    assert (plain["meta"]["all_or_nothing"], plain["meta"]["stage"]) == (False, None)
    assert plain["meta"]["same_content_as"]["id"] == created["id"]


def test_an_interrupt_of_what_is_written_is_accepted_and_says_that_it_goes_back(site, client):
    created = writing(site, client)
    for _ in range(2):
        asked = interrupt(client, created)
        assert asked["attributes"]["status"] == "in_progress"
        assert asked["meta"]["stage"] == "going_back"
    response = client.delete(f"/api/imports/{created['id']}")
    (title,) = findings(response).values()
    assert title.startswith("is in_progress, and what is written")
    assert shown(client, created)["meta"]["stage"] == "going_back"


def test_an_interrupt_of_what_is_not_written_ends_it(site, client):
    created = submit(client, skus(3), all_or_nothing=True)
    (import_,) = site.longshore.imports.open()
    claim(site.database, import_)
    assert interrupt(client, created)["attributes"]["status"] == "interrupted"


def test_failed_rows_of_it_are_not_taken_again_alone(site, client):
    created = submit(client, [*skus(1), {"code": "X", "name": None}], all_or_nothing=True)
    site.run_all()
    body = {"data": {"type": "imports", "attributes": {"set": {"name": "x"}}}}
    response = client.post(f"/api/imports/{created['id']}/retry", body)
    assert response.status_code == 422
    assert "is all or nothing" in response.text


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"all_or_nothing": "perhaps"}, {"all_or_nothing": "is not included in the list"}),
        ({"all_or_nothing": [True]}, {"all_or_nothing": "is not included in the list"}),
        ({"all_or_nothing": True, "skip_errors": True}, {"all_or_nothing": "is invalid"}),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(client, given, expected):
    refused = client.post("/api/imports", document(skus(1), **given))
    told = {pointer.rpartition("/")[2]: title for pointer, title in findings(refused).items()}
    assert told == expected


def test_what_an_organization_skips_does_not_count_for_it(site, client):
    with site.database.write() as tx:
        tx.execute("UPDATE organizations SET flags = ?", ('{"imports_skip_errors": true}',))
    created = submit(client, [*skus(1), {"code": "X", "name": None}], all_or_nothing=True)
    assert created["attributes"]["skip_errors"] is False
    site.run_all()
    assert shown(client, created)["attributes"]["status"] == "interrupted"
