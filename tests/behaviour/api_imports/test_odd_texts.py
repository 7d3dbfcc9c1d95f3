"""Texts that no record can hold, wherever they come in: half a character and NUL.

The import is made, the rows that hold them fail, and every answer can be encoded, of the import and
of all others.
"""

import json
from typing import Any

import pytest
from sqlalchemy import update

from longshore.imports.tables import imports
from tests.behaviour.api.site import Client
from tests.behaviour.api_imports.site import ImportSite, document, findings, skus, submit

HALF = "\ud83d"
_TEXTS = [HALF, f"x{HALF}", f"{HALF}x", "\udc00", f"é{HALF}é", "\0", "a\0b"]

# A row with an odd text somewhere, and the attribute under which it fails; None: it is made.
_ROWS = [
    *[pytest.param({"code": "A", "name": text}, "name", id=f"name {text!a}") for text in _TEXTS],
    pytest.param({"code": f"A{HALF}", "name": "a"}, "code", id="key"),
    pytest.param({"code": "A", "name": "a", "reference": HALF}, "reference", id="reference"),
    pytest.param({"code": "A", "name": "a", "metadata": {"k": HALF}}, "metadata", id="metadata"),
    pytest.param({"code": "A", "name": "a", "metadata": {HALF: 1}}, "metadata", id="metadata key"),
    pytest.param(
        {"code": "A", "name": "a", "metadata": {"k": [{"l": HALF}]}}, "metadata", id="deep"
    ),
    pytest.param(
        {"code": "A", "name": "a", "metadata": '{"k": "\\ud83d"}'}, "metadata", id="spelled"
    ),
    pytest.param({"code": "A", "name": "a", "tags": [{"name": HALF}]}, "tags.name", id="tag"),
    pytest.param({"code": "A", "name": "a", "tags": HALF}, "tags", id="tags"),
    pytest.param({"code": "A", "name": "a", "id": HALF}, "id", id="id"),
    pytest.param(
        {"code": "A", "name": "a", "shipping_category_id": HALF}, "shipping_category", id="target"
    ),
    pytest.param({"code": "A", "name": "a", "weight": HALF}, "weight", id="number"),
    pytest.param({"code": "A", "name": "a", "do_not_ship": HALF}, "do_not_ship", id="boolean"),
    pytest.param({"code": "A", "name": "a", "unit_of_weight": HALF}, "unit_of_weight", id="choice"),
    pytest.param({"code": "A", "name": "a", "weight": HALF, HALF: HALF}, "weight", id="two"),
]


def _row(**values: Any) -> dict[str, Any]:
    return {"do_not_ship": True, **values}


@pytest.mark.parametrize(("row", "attribute"), _ROWS)
def test_a_row_with_an_odd_text_fails_and_is_shown_as_it_was_sent(
    site: ImportSite, client: Client, row: dict[str, Any], attribute: str
) -> None:
    rows = [_row(**row), *skus(2)]
    created = submit(client, rows, skip_errors=True)
    assert created["attributes"]["inputs"] == rows
    site.run_all()
    (listed,) = client.document("/api/imports")["data"]
    attributes = listed["attributes"]
    assert attributes["status"] == "completed"
    assert (attributes["processed_count"], attributes["errors_count"]) == (2, 1)
    assert attributes["inputs"] == rows
    (errors,) = attributes["errors_log"].values()
    assert attribute in errors
    read = client.document(f"/api/imports/{created['id']}")["data"]["attributes"]
    assert read == {**attributes, "attachment_url": read["attachment_url"]}
    for error in client.document(f"/api/imports/{created['id']}/errors")["data"]:
        assert error["attributes"]["row"] == 1


def test_a_half_character_in_a_text_is_invalid(site: ImportSite, client: Client) -> None:
    submit(client, [{"code": "A", "name": f"x{HALF}"}], skip_errors=True)
    site.run_all()
    (listed,) = client.document("/api/imports")["data"]
    assert "is invalid" in listed["attributes"]["errors_log"]["A"]["name"][0]


def test_the_name_of_a_key_can_be_any_text(site: ImportSite, client: Client) -> None:
    rows = [_row(code="A", name="a", **{f"x{HALF}": 1, "\0": 2, HALF: {HALF: HALF}})]
    submit(client, rows)
    site.run_all()
    (listed,) = client.document("/api/imports")["data"]
    assert listed["attributes"]["status"] == "completed"
    assert listed["attributes"]["inputs"] == rows
    assert len(listed["meta"]["ignored_columns"]) == 3


def test_a_number_out_of_range_beside_a_half_character_leaves_the_answer_json(
    site: ImportSite, client: Client
) -> None:
    body = json.dumps(document([_row(code="A", name="a\ud83d", weight="WEIGHT")]))
    response = client.send("POST", "/api/imports", content=body.replace('"WEIGHT"', "1e999"))
    assert response.status_code == 201, response.text
    assert "Infinity" not in response.text
    site.run_all()
    json.loads(client.get("/api/imports").content, parse_constant=pytest.fail)


@pytest.mark.parametrize("text", [HALF, f"x{HALF}", "\0"], ids=ascii)
@pytest.mark.parametrize(
    ("attribute", "make"),
    [
        ("reference", lambda text: text),
        ("reference_origin", lambda text: text),
        ("parent_resource_id", lambda text: text),
        ("resource_type", lambda text: text),
        ("format", lambda text: text),
        ("metadata", lambda text: {"k": text}),
        ("metadata", lambda text: {text: 1}),
        ("metadata", lambda text: {"k": [{"l": [text]}]}),
    ],
    ids=["reference", "origin", "parent", "type", "format", "metadata", "metadata key", "deep"],
)
def test_an_odd_text_beside_the_rows_is_refused_with_its_place(
    client: Client, attribute: str, make: Any, text: str
) -> None:
    response = client.post("/api/imports", document(skus(1), **{attribute: make(text)}))
    found = findings(response)
    assert list(found) == [f"/data/attributes/{attribute}"]
    assert client.document("/api/imports")["data"] == []


@pytest.mark.parametrize("text", [HALF, "\0"], ids=ascii)
def test_an_odd_text_is_no_attribute_of_an_import(client: Client, text: str) -> None:
    response = client.post("/api/imports", document(skus(1), **{text: 1}))
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "PARAM_NOT_ALLOWED"


@pytest.mark.parametrize("value", [{"k": HALF}, {HALF: 1}])
def test_an_import_is_not_changed_to_an_odd_text(client: Client, value: Any) -> None:
    created = submit(client, skus(1))
    change = {"data": {"type": "imports", "id": created["id"], "attributes": {"metadata": value}}}
    response = client.patch(f"/api/imports/{created['id']}", change)
    assert list(findings(response)) == ["/data/attributes/metadata"]


@pytest.mark.parametrize("text", ["x\0", "\ufffd", "\U0001f600"], ids=ascii)
def test_cells_of_csv_can_hold_any_text(site: ImportSite, client: Client, text: str) -> None:
    column = text.replace("\0", "")  # a header with NUL is refused
    source = f"code,name,do_not_ship,{column}\nA,{text},true,{text}\nB,b,true,\n"
    submit(client, source, format="csv", skip_errors=True)
    site.run_all()
    (listed,) = client.document("/api/imports")["data"]
    assert listed["attributes"]["inputs"][0]["name"] == text
    assert listed["attributes"]["errors_count"] == (1 if "\0" in text else 0)


@pytest.mark.parametrize("column", ["layout", "metadata", "notices", "ignored_columns"])
def test_an_import_that_cannot_be_read_hides_no_other(
    site: ImportSite, client: Client, column: str
) -> None:
    """As a later release may have stored it, or a damaged disk."""
    odd, whole = submit(client, skus(1)), submit(client, skus(2), reference="whole")
    key = site.database.public_ids.decode(odd["id"])
    with site.database.write() as tx:
        tx.connection.execute(update(imports).where(imports.c.id == key).values({column: "{odd"}))
    listed = client.document("/api/imports?sort=id")["data"]
    assert [each["id"] for each in listed] == [odd["id"], whole["id"]]
    assert "cannot be read" in listed[0]["meta"]["unreadable"]
    assert listed[1]["attributes"]["reference"] == "whole"


def test_an_attachment_that_is_odd_leaves_the_list_readable(
    site: ImportSite, client: Client
) -> None:
    submit(client, skus(1))
    (path,) = (site.settings.data / "attachments").glob("*.gz")
    path.write_bytes(b"nonsense")
    (listed,) = client.document("/api/imports")["data"]
    assert listed["attributes"]["inputs"] is None
