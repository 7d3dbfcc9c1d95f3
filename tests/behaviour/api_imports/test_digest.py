"""The errors of an import by cause, and what may have been meant, over HTTP."""

import pytest

from tests.behaviour.api.site import refusal
from tests.behaviour.api_imports.site import skus, submit


def digest(client, created, query=""):
    return client.document(f"/api/imports/{created['id']}/errors_digest{query}")


@pytest.fixture
def failed(site, client):
    """An import with 30 failed rows of two causes."""
    rows = [
        {**row, "unit_of_weight": "g", "weight": "1 250" if number < 10 else 1}
        for number, row in enumerate(skus(30))
    ]
    created = submit(client, rows, skip_errors=True)
    site.run_all()
    return created


def test_each_cause_is_listed_once_with_what_was_meant(client, failed) -> None:
    document = digest(client, failed)
    assert document["meta"] == {
        "record_count": 2,
        "page_count": 1,
        "groups_count": 2,
        "errors_count": 40,
        "rest_count": 0,
    }
    assert [each["type"] for each in document["data"]] == ["import_error_groups"] * 2
    unit, weight = (each["attributes"] for each in document["data"])
    assert unit == {
        "attribute": "unit_of_weight",
        "code": "not_in_list",
        "message": "is not included in the list",
        "column": "unit_of_weight",
        "value": "g",
        "other_values": 0,
        "count": 30,
        "first_rows": [1, 2, 3, 4, 5],
        "expected": "one of gr, oz, lb",
        "suggestion": "gr",
    }
    assert (weight["value"], weight["count"], weight["suggestion"]) == ("1 250", 10, "1250")


def test_errors_and_rows_have_the_suggestions_as_well(client, failed) -> None:
    listed = client.document(f"/api/imports/{failed['id']}/errors")["data"]
    assert {each["attributes"]["suggestion"] for each in listed} == {"gr", "1250"}
    (row,) = client.document(f"/api/imports/{failed['id']}/rows?page[size]=1")["data"]
    assert {each["suggestion"] for each in row["attributes"]["errors"]} == {"gr", "1250"}


def test_pages_of_causes(client, failed) -> None:
    document = digest(client, failed, "?page[size]=1&page[number]=2")
    (only,) = document["data"]
    assert (only["id"], only["attributes"]["attribute"]) == ("2", "weight")
    assert document["meta"]["page_count"] == 2
    assert set(document["links"]) == {"first", "prev", "last"}


def test_an_import_that_is_not_there_has_no_digest(site, client, failed) -> None:
    assert refusal(client.get("/api/imports/aaaaaaaaaa/errors_digest"))[1] == "RECORD_NOT_FOUND"
    assert client.get(f"/api/imports/{failed['id']}/errors_digest?sort=count").status_code == 400
    other = site.client(slug="other")
    response = other.get(f"/api/imports/{failed['id']}/errors_digest")
    assert response.status_code == 404


@pytest.fixture
def stocked(site, client):
    """SKUs, of which rows of other types name some wrongly."""
    codes = ["SHIRT-S", "SHIRT-M", "MUG-0001", "BLANKET-RED"]
    rows = [{"code": code, "name": code, "do_not_ship": True} for code in codes]
    submit(client, rows)
    submit(client, [{"name": "Europe", "currency_code": "EUR"}], resource_type="price_lists")
    site.run_all()
    (price_list,) = client.document("/api/price_lists")["data"]
    return price_list["id"]


def test_a_missing_target_has_the_nearest_key_and_never_an_id(site, client, stocked) -> None:
    named = ["shirt s", "MUG-1", "BLANKT-RED", "SHIRT-XL", "SHIRT", "none"]
    rows = [{"sku_code": code, "amount_cents": 100, "price_list_id": stocked} for code in named]
    rows.append({"sku_id": "shirt s", "amount_cents": "12,50 EUR", "price_list_id": stocked})
    created = submit(client, rows, resource_type="prices", skip_errors=True)
    site.run_all()
    listed = client.document(f"/api/imports/{created['id']}/errors")["data"]
    found = {
        (each["attributes"]["column"], each["attributes"]["value"]): each["attributes"][
            "suggestion"
        ]
        for each in listed
    }
    assert found == {
        ("sku_code", "shirt s"): "SHIRT-S",
        ("sku_code", "MUG-1"): "MUG-0001",
        ("sku_code", "BLANKT-RED"): "BLANKET-RED",
        ("sku_code", "SHIRT-XL"): None,
        ("sku_code", "SHIRT"): None,
        ("sku_code", "none"): None,
        ("sku_id", "shirt s"): None,
        ("amount_cents", "12,50 EUR"): "1250",
    }


def test_a_missing_name_of_a_target_has_the_nearest_one(site, client, stocked) -> None:
    row = {"sku_code": "SHIRT-S", "amount_cents": 100}
    rows = [
        {**row, "price_list": {"name": "europe"}},
        {**row, "price_list.name": "Asia"},
        {"amount_cents": 1, "sku": {"code": "shirt s"}, "price_list_id": stocked},
    ]
    created = submit(client, rows, resource_type="prices", skip_errors=True)
    site.run_all()
    listed = client.document(f"/api/imports/{created['id']}/errors")["data"]
    found = {
        (each["attributes"]["column"], each["attributes"]["value"]): each["attributes"][
            "suggestion"
        ]
        for each in listed
    }
    assert found == {
        ("price_list.name", "europe"): "Europe",
        ("price_list.name", "Asia"): None,
        ("sku.code", "shirt s"): "SHIRT-S",
    }


def test_each_spelling_of_one_key_has_its_suggestion(site, client, stocked) -> None:
    submit(client, [{"code": "P2", "name": "Pen", "do_not_ship": True}])
    site.run_all()
    named = ["p2", "P-2", "P 2", "p_2", "P+2", "P3"]
    rows = [{"sku_code": code, "amount_cents": 100, "price_list_id": stocked} for code in named]
    created = submit(client, rows, resource_type="prices", skip_errors=True)
    site.run_all()
    listed = client.document(f"/api/imports/{created['id']}/errors")["data"]
    found = {each["attributes"]["value"]: each["attributes"]["suggestion"] for each in listed}
    assert found == dict.fromkeys(named[:4], "P2") | dict.fromkeys(named[4:])


def test_an_amount_is_suggested_only_in_the_currency_of_its_records(site, client, stocked) -> None:
    def suggested(rows, **attributes):
        created = submit(client, rows, resource_type="prices", skip_errors=True, **attributes)
        site.run_all()
        listed = client.document(f"/api/imports/{created['id']}/errors")["data"]
        found = [each["attributes"] for each in listed]
        return {each["value"]: each["suggestion"] for each in found if each["value"]}

    amounts = ["12,50 EUR", "$12.00"]
    named = [
        {"sku_code": "SHIRT-S", "amount_cents": amount, "price_list_id": stocked}
        for amount in amounts
    ]
    assert suggested(named) == {"12,50 EUR": "1250", "$12.00": None}
    submit(client, [{"name": "America", "currency_code": "USD"}], resource_type="price_lists")
    site.run_all()
    assert suggested(named) == {"12,50 EUR": None, "$12.00": None}
    bare = [{"sku_code": "SHIRT-S", "amount_cents": amount} for amount in amounts]
    of_parent = suggested(bare, parent_resource_id=stocked)
    assert of_parent == {"12,50 EUR": "1250", "$12.00": None}


def test_targets_of_other_environments_are_not_suggested(site, client, stocked) -> None:
    other = site.client(slug="other")
    row = {"sku_code": "shirt s", "amount_cents": 100}
    created = submit(other, [row], resource_type="prices", skip_errors=True)
    site.run_all()
    listed = other.document(f"/api/imports/{created['id']}/errors")["data"]
    missing = [each["attributes"] for each in listed if each["attributes"]["value"] == "shirt s"]
    assert [each["suggestion"] for each in missing] == [None]


def test_who_may_not_read_targets_is_not_told_their_keys(site, client, stocked) -> None:
    row = {"sku_code": "shirt s", "amount_cents": "12,50 EUR", "price_list_id": stocked}
    created = submit(client, [row], resource_type="prices", skip_errors=True)
    site.run_all()
    app = site.client("imports")
    for path in ("errors", "errors_digest"):
        listed = app.document(f"/api/imports/{created['id']}/{path}")["data"]
        suggested = {each["attributes"]["suggestion"] for each in listed}
        assert suggested == {None, "1250"}
    (row,) = app.document(f"/api/imports/{created['id']}/rows")["data"]
    assert {each["suggestion"] for each in row["attributes"]["errors"]} == {None, "1250"}
