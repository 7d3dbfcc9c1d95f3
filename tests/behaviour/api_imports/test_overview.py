"""What is told of an import and of its errors, over HTTP."""

from tests.behaviour.api.site import Client
from tests.behaviour.api_imports.site import ImportSite, document, findings, skus, submit


def test_rows_for_one_record_and_codes_made_into_numbers_are_told(
    site: ImportSite, client: Client
) -> None:
    rows = [*skus(2), *skus(1), {**skus(1)[0], "code": "4,00638E+12"}]
    created = submit(client, rows)
    assert created["meta"]["warnings"] == []
    site.run_all()
    shown = client.document(f"/api/imports/{created['id']}")["data"]
    repeated, scientific = shown["meta"]["warnings"]
    assert (repeated["code"], repeated["count"]) == ("records_repeated", 1)
    assert repeated["first"] == [{"rows": [1, 3], "lines": [1, 1], "key": "SKU0"}]
    assert (scientific["code"], scientific["count"]) == ("codes_scientific", 1)
    place = {"row": 4, "line": 1, "field": "code", "value": "4,00638E+12"}
    assert scientific["first"] == [place]
    assert shown["attributes"]["warnings_count"] == 0


def test_errors_show_what_was_found_and_what_was_expected(site: ImportSite, client: Client) -> None:
    row = {"code": "A", "name": "x", "unit_of_weight": "stone", "metadata": "[1]"}
    created = submit(client, [row, {**row, "shipping_category_id": "gone"}], skip_errors=True)
    site.run_all()
    listed = client.document(f"/api/imports/{created['id']}/errors")["data"]
    found = {
        (each["attributes"]["row"], each["attributes"]["attribute"]): each["attributes"]
        for each in listed
    }
    assert found[1, "shipping_category"]["value"] is None
    assert found[2, "shipping_category"]["value"] == "gone"
    assert found[2, "shipping_category"]["expected"] == (
        "the id or code or name of one of the shipping categories"
    )
    assert found[1, "unit_of_weight"]["expected"] == "one of gr, oz, lb"
    assert found[1, "metadata"]["message"] == "is invalid"
    assert found[1, "metadata"]["expected"] == 'an object, such as {"color": "red"}'
    log = client.document(f"/api/imports/{created['id']}")["data"]["attributes"]["errors_log"]
    assert log["A"]["metadata"] == ["is invalid"]


def test_another_word_for_a_resource_type_is_understood(client: Client) -> None:
    response = client.post("/api/imports", document(skus(1), resource_type="products"))
    assert findings(response) == {
        "/data/attributes/resource_type": "is not included in the list",
    }
    (error,) = response.json()["errors"]
    assert error["meta"]["reason"] == "did you mean skus?"
    assert error["meta"]["value"] == "products"
    assert error["detail"].endswith("is not included in the list: did you mean skus?")
