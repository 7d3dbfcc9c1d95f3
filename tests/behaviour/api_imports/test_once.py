"""Imports that are not to be repeated, over HTTP."""

from typing import Any

import pytest

from tests.behaviour.api.site import Client
from tests.behaviour.api_imports.site import ImportSite, document, findings, skus, submit

TABLE = "code,name,do_not_ship\nA1,Mug,true\n"


def shown(client: Client, id_: str) -> Any:
    return client.document(f"/api/imports/{id_}")["data"]["meta"]["same_content_as"]


def test_what_was_imported_before_is_told(site: ImportSite, client: Client) -> None:
    first = submit(client, skus(2))
    assert first["meta"]["same_content_as"] is None
    site.run_all()
    again = submit(client, skus(2))
    told = {
        "id": first["id"],
        "status": "completed",
        "created_at": first["attributes"]["created_at"],
    }
    assert again["meta"]["same_content_as"] == told
    assert shown(client, again["id"]) == told
    assert shown(client, first["id"]) is None
    listed = client.document("/api/imports?sort=created_at")["data"]
    assert [each["meta"]["same_content_as"] for each in listed] == [None, told]


def test_it_is_refused_where_it_is_to_be_imported_once(site: ImportSite, client: Client) -> None:
    first = submit(client, TABLE, format="csv", once=True)
    kept = site.attachments()
    response = client.post("/api/imports", document(TABLE, format="csv", once=True))
    assert findings(response) == {"/data/attributes/inputs": "were imported before"}
    (error,) = response.json()["errors"]
    assert error["meta"]["same_content_as"] == {
        "id": first["id"],
        "status": "pending",
        "created_at": first["attributes"]["created_at"],
    }
    assert first["id"] in error["meta"]["reason"]
    assert site.attachments() == kept
    assert client.document("/api/imports")["meta"]["record_count"] == 1


def test_once_says_nothing_of_other_content_types_and_parents(
    site: ImportSite, client: Client
) -> None:
    categories = [{"name": "Main", "code": "MAIN"}]
    submit(client, categories, resource_type="shipping_categories")
    submit(client, categories, resource_type="tax_categories", once=True, skip_errors=True)
    site.run_all()
    (category,) = client.document("/api/shipping_categories")["data"]
    rows = [{"code": "A1", "name": "Mug"}]
    submit(client, rows, once=True)
    submit(client, rows, once=True, parent_resource_id=category["id"])
    submit(client, [*rows, *rows], once=True)


@pytest.mark.parametrize("again", [{"skip_errors": True}, {"reference": "other"}])
def test_what_makes_no_other_records_of_it_does_not_count(
    client: Client, again: dict[str, Any]
) -> None:
    submit(client, TABLE, format="csv", once=True)
    response = client.post("/api/imports", document(TABLE, format="csv", once=True, **again))
    assert response.status_code == 422


def test_parts_are_the_same_only_as_parts_of_the_same_whole(client: Client) -> None:
    submit(client, skus(1), once=True, part_of="monday")
    submit(client, skus(1), once=True, part_of="tuesday")
    submit(client, skus(1), once=True)
    response = client.post("/api/imports", document(skus(1), once=True, part_of="monday"))
    assert response.status_code == 422


def test_once_is_true_or_false(client: Client) -> None:
    response = client.post("/api/imports", document(skus(1), once="perhaps"))
    assert list(findings(response)) == ["/data/attributes/once"]
