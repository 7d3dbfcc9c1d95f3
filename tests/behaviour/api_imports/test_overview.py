"""What is told of the rows of an import as a whole, over HTTP."""

from tests.behaviour.api.site import Client
from tests.behaviour.api_imports.site import ImportSite, skus, submit


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
