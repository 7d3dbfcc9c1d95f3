"""Mappings of imports over HTTP: attributes of ours, and what `meta` shows."""

from typing import Any

import pytest

from longshore.imports import ImportRequest
from longshore.mapping import read_mapping
from longshore.sources import Source
from tests.behaviour.api.site import errors_of
from tests.behaviour.api_imports.site import document, submit

MAPPING: dict[str, Any] = {
    "version": 1,
    "fields": {
        "code": {"column": "Nr", "transforms": [{"name": "case", "to": "upper"}]},
        "name": {"column": "Name"},
        "do_not_ship": {"constant": True},
    },
}


def codes(client) -> dict[str, Any]:
    data = client.document("/api/skus?sort=code")["data"]
    return {each["attributes"]["code"]: each["attributes"] for each in data}


def test_an_import_is_mapped_and_shows_by_what(site, client) -> None:
    rows = [{"Nr": "a1", "Name": "One", "reference": "N/A"}, {"Nr": "a2", "Name": "Two"}]
    created = submit(client, rows, mapping=MAPPING, blank="clear", null_token="N/A")
    expected = {**MAPPING, "blank": "clear", "null": "N/A"}
    assert created["meta"]["mapping"] == expected
    assert not {"mapping", "blank", "null_token"} & created["attributes"].keys()
    site.run_all()
    assert {code: each["reference"] for code, each in codes(client).items()} == {
        "A1": None,
        "A2": None,
    }
    assert submit(client, rows)["meta"]["mapping"] is None


def test_csv_is_mapped_as_json_is(site, client) -> None:
    submit(client, "Nr;Name\na1;One\n", format="csv", mapping=MAPPING)
    site.run_all()
    assert list(codes(client)) == ["A1"]


@pytest.mark.parametrize(
    ("given", "pointer", "reason"),
    [
        (
            {"mapping": {"version": 2}},
            "/data/attributes/mapping/version",
            "version: expected 1, found 2; a later release may know it",
        ),
        (
            {"mapping": {**MAPPING, "fields": {"a/b": {"column": 1}}}},
            "/data/attributes/mapping/fields/a~1b/column",
            "fields.a/b.column: expected a text, found 1",
        ),
        (
            {"mapping": {"version": 1, "fields": {"code": "Number"}}},
            "/data/attributes/mapping/fields/code",
            "fields.code: the source does not have the column 'Number' that the mapping names; "
            "its columns are Nr",
        ),
        (
            {"mapping": {"version": 1, "fields": {"code": "Nr"}, "type": "prices"}},
            "/data/attributes/mapping/type",
            "type: the mapping is for prices, and skus are imported",
        ),
        ({"blank": "no"}, "/data/attributes/blank", None),
        (
            {"null_token": " "},
            "/data/attributes/null_token",
            "expected the text of a cell that means null",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(client, given, pointer, reason) -> None:
    response = client.post("/api/imports", document([{"Nr": "a1"}], **given))
    assert response.status_code == 422, response.text
    (error,) = response.json()["errors"]
    assert error["source"]["pointer"] == pointer
    assert (error.get("meta") or {}).get("reason") == reason
    assert client.document("/api/imports")["data"] == []


def test_a_secret_is_masked_in_the_column_that_it_comes_from(site, client) -> None:
    mapping = {
        "version": 1,
        "fields": {"email": "Mail", "password": {"column": "Word", "transforms": ["trim"]}},
    }
    rows = [{"Mail": "a@example.com", "Word": " secret "}]
    created = submit(client, rows, resource_type="customers", mapping=mapping)
    assert created["attributes"]["inputs"] == [{"Mail": "a@example.com", "Word": "********"}]
    constant = {"version": 1, "fields": {"password": {"constant": "secret"}}}
    response = client.post(
        "/api/imports", document(rows, resource_type="customers", mapping=constant)
    )
    (error,) = response.json()["errors"]
    assert error["source"]["pointer"] == "/data/attributes/mapping/fields/password"


def test_whoever_takes_an_import_over_maps_its_rows_alike(open_site, tmp_path) -> None:
    """Goal: the mapping is that of the import. Method: it stops after each chunk of two rows, and
    another run goes on; the file of the mapping plays no part."""
    site = open_site(chunk_rows=2, chunk_rows_first=2)
    client = site.client()
    path = tmp_path / "skus.csv"
    path.write_text("Nr,Name\n" + "".join(f"a{n},Sku {n}\n" for n in range(7)))
    environment = client.environment
    import_ = site.longshore.submissions.submit(
        environment,
        Source.from_path(path),
        ImportRequest(resource_type="skus", mapping=read_mapping(MAPPING)),
    )
    runs = 0
    while not import_.is_finished:
        import_ = site.longshore.import_runs.run(import_.id, should_stop=lambda: True)
        runs += 1
    assert (runs, import_.processed_count, import_.errors_count) == (4, 7, 0)
    assert list(codes(client)) == [f"A{n}" for n in range(7)]


def save(client, document, **attributes):
    body = {"type": "mappings", "attributes": {"name": "goods", "document": document, **attributes}}
    assert client.post("/api/mappings", {"data": body}).status_code == 201


GOODS = {"version": 1, "fields": {"code": {"column": "Nr"}, "do_not_ship": {"constant": True}}}


def test_an_import_names_a_saved_mapping(site, client) -> None:
    save(client, GOODS, source={"columns": ["Nr", "name"]})
    rows = [{"Nr": "A", "name": "Mug", "Farbe": "red"}]
    created = submit(client, rows, mapping="goods")
    assert created["meta"]["saved_mapping"] == {"name": "goods", "version": 1}
    assert created["meta"]["mapping"]["fields"] == GOODS["fields"]
    (told,) = created["meta"]["warnings"]
    assert (told["code"], "'Farbe'" in told["message"]) == ("mapping_drifted", True)
    site.run_all()
    done = client.document(f"/api/imports/{created['id']}")["data"]
    assert done["attributes"]["processed_count"] == 1
    assert submit(client, rows, mapping=GOODS)["meta"]["saved_mapping"] is None


def test_a_saved_mapping_that_is_not_there_or_does_not_fit(site, client) -> None:
    save(client, GOODS)
    for given, reason in (
        ("other", "there is no mapping 'other'"),
        ("goods@2", "has no version 2"),
        ("goods@x", "names no version"),
        ("a b", "a mapping cannot be called 'a b'"),
        ("goods", "does not fit: 1 column is gone: 'Nr' (code)"),
    ):
        attributes = {"resource_type": "skus", "inputs": [{"nr": "A"}], "mapping": given}
        response = client.post(
            "/api/imports", {"data": {"type": "imports", "attributes": attributes}}
        )
        (error,) = errors_of(response)
        assert response.status_code == 422
        assert error["source"]["pointer"] == "/data/attributes/mapping"
        assert reason in error["meta"]["reason"]
    assert site.client(mode="live").document("/api/imports")["data"] == []
