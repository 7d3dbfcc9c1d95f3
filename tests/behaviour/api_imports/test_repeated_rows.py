"""Over HTTP, too, rows find what is there: by keys however they are spelled, and nested records
that are as those of their parent.
"""

import pytest

from tests.behaviour.api.site import errors_of
from tests.behaviour.api_imports.site import skus, submit
from tests.behaviour.engine.test_email_addresses import WRONG


def codes(client):
    return [each["attributes"]["code"] for each in client.document("/api/skus")["data"]]


def finished(site, client, rows, **attributes):
    """The attributes and the meta of an import that was run."""
    import_ = submit(client, rows, **attributes)
    site.run_all()
    found = client.document(f"/api/imports/{import_['id']}")["data"]
    return found["attributes"], found["meta"]


@pytest.mark.parametrize("spelled", ["SKU0 ", "\xa0SKU0", "\ufeffSKU0", "SKU0\u200b"])
def test_an_import_finds_a_code_however_it_is_spelled_and_renames_nothing(site, client, spelled):
    finished(site, client, skus(1))
    attributes, meta = finished(site, client, [{"code": spelled, "name": "Other"}])
    assert (attributes["errors_count"], meta["updated_count"]) == (0, 1)
    assert codes(client) == ["SKU0"]
    found = client.document("/api/skus?filter[q][code_eq]=SKU0")["data"]
    assert [each["attributes"]["name"] for each in found] == ["Other"]
    # A single write meets the same key, and only one that names the record by its id renames it.
    sku = {"code": spelled, "name": "Taken", "do_not_ship": True}
    response = client.post("/api/skus", {"data": {"type": "skus", "attributes": sku}})
    assert [error["title"] for error in errors_of(response)] == ["has already been taken"]
    id_ = found[0]["id"]
    renaming = {"data": {"type": "skus", "id": id_, "attributes": {"code": spelled + "1"}}}
    assert client.patch(f"/api/skus/{id_}", renaming).status_code == 200


def test_a_nested_record_that_its_parent_has_already_is_not_made_twice(site, client):
    address = {
        "first_name": "Ann",
        "last_name": "Lee",
        "line_1": "1 Main Street",
        "city": "Bath",
        "zip_code": "BA1",
        "state_code": "BA",
        "country_code": "GB",
        "phone": "1",
    }
    rows = [{"customer_email": "ann@example.com", "address": address}]
    for changed in (1, 0):
        attributes, meta = finished(site, client, rows, resource_type="customer_addresses")
        assert attributes["errors_log"] == {}
        assert meta["created_count"] == changed
        assert meta["unchanged_count"] == 1 - changed
        for name in ("customer_addresses", "addresses"):
            assert client.document(f"/api/{name}")["meta"]["record_count"] == 1


@pytest.mark.parametrize("email", WRONG, ids=ascii)
def test_what_is_no_email_address_is_refused(site, client, email):
    rows = [{"email": email}]
    attributes, _ = finished(site, client, rows, resource_type="customers", skip_errors=True)
    assert attributes["errors_log"] == {email: {"email": ["is invalid"]}}
    customer = {"data": {"type": "customers", "attributes": {"email": email}}}
    response = client.post("/api/customers", customer)
    assert response.status_code == 422
    assert [error["title"] for error in errors_of(response)] == ["is invalid"]
    assert client.document("/api/customers")["meta"]["record_count"] == 0
