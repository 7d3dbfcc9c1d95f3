"""Stop rules and limits of an import over HTTP: attributes of ours, and what `meta` shows."""

from typing import Any

import pytest

from tests.behaviour.api_imports.site import document, findings, skus, submit


def bad(rows: list[dict[str, Any]], *numbers: int) -> list[dict[str, Any]]:
    """The rows, those with these numbers without a name."""
    return [
        {**row, "name": None} if number in numbers else row for number, row in enumerate(rows, 1)
    ]


def test_an_import_shows_its_rules_and_the_one_that_stopped_it(site, client):
    given = {"stop_after": 3, "stop_at": 12.5, "stop_consecutive": 2, "only": "create"}
    created = submit(client, bad(skus(40), 3, 7, 8, 20), skip_errors=True, **given)
    rules = {name: value for name, value in given.items() if name != "only"}
    assert (created["meta"]["stop_rules"], created["meta"]["only"]) == (rules, "create")
    assert created["meta"]["stopped_by"] is None
    assert not given.keys() & created["attributes"].keys()
    site.run_all()
    shown = client.document(f"/api/imports/{created['id']}")["data"]
    assert shown["attributes"]["status"] == "interrupted"
    assert shown["meta"]["stopped_by"] == {"rule": "stop_consecutive", "value": 2, "row": 8}
    assert shown["attributes"]["processed_count"] + shown["attributes"]["errors_count"] == 8
    assert set(shown["attributes"]["errors_log"]) == {"SKU2", "SKU6", "SKU7"}


def test_a_code_stops_an_import_and_a_wrong_one_is_told_with_the_nearest(site, client):
    created = submit(client, bad(skus(20), 3), stop_on=["taken", "blank"])
    assert created["meta"]["stop_rules"] == {"stop_on": ["taken", "blank"]}
    site.run_all()
    meta = client.document(f"/api/imports/{created['id']}")["data"]["meta"]
    assert meta["stopped_by"] == {"rule": "stop_on", "value": "blank", "row": 3}
    response = client.post("/api/imports", document(skus(1), stop_on=["takken"]))
    (error,) = response.json()["errors"]
    assert error["meta"]["reason"] == "did you mean taken?"


def test_numbers_of_rules_may_be_texts_as_those_of_rows_may(client) -> None:
    given = {"stop_after": "5", "stop_consecutive": 5.0, "stop_at": "3%"}
    meta = submit(client, skus(1), **given)["meta"]
    assert meta["stop_rules"] == {"stop_after": 5, "stop_consecutive": 5, "stop_at": 3}
    assert submit(client, skus(1), stop_at="2.5")["meta"]["stop_rules"] == {"stop_at": 2.5}


def test_an_import_without_rules_shows_none(site, client):
    meta = submit(client, skus(1), stop_after=None, only=None)["meta"]
    assert (meta["stop_rules"], meta["only"], meta["stopped_by"]) == (None, None, None)
    assert meta["skipped_count"] == 0


def test_the_rule_of_the_wire_is_none_of_these(site, client):
    created = submit(client, bad(skus(5), 2), stop_after=2)
    site.run_all()
    shown = client.document(f"/api/imports/{created['id']}")["data"]
    assert shown["attributes"]["status"] == "interrupted"
    assert shown["meta"]["stopped_by"] is None


def test_skipped_rows_are_processed_ones_on_the_wire(site, client):
    submit(client, skus(2))
    site.run_all()
    created = submit(client, bad(skus(5), 4), skip_errors=True, only="create")
    site.run_all()
    shown = client.document(f"/api/imports/{created['id']}")["data"]
    assert shown["attributes"]["processed_count"] == 4
    assert (shown["meta"]["created_count"], shown["meta"]["unchanged_count"]) == (2, 0)
    assert shown["meta"]["skipped_count"] == 2
    rows = client.document(f"/api/imports/{created['id']}/rows?filter[q][outcome_in]=skipped")
    assert [each["attributes"]["row"] for each in rows["data"]] == [1, 2]
    assert all(each["attributes"]["record"] for each in rows["data"])
    assert rows["meta"]["outcomes"]["skipped"] == 2


def test_rows_that_find_no_record_are_skipped_whatever_they_lack(site, client):
    submit(client, skus(1))
    site.run_all()
    rows = [{"code": code, "weight": 4} for code in ("SKU0", "unknown", "unknown too")]
    created = submit(client, rows, only="update")
    site.run_all()
    shown = client.document(f"/api/imports/{created['id']}")["data"]
    assert (shown["attributes"]["status"], shown["attributes"]["errors_count"]) == ("completed", 0)
    assert (shown["meta"]["updated_count"], shown["meta"]["skipped_count"]) == (1, 2)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"stop_after": 0}, {"stop_after": "must be greater than or equal to 1"}),
        ({"stop_after": 1.5}, {"stop_after": "must be an integer"}),
        ({"stop_after": "1.5"}, {"stop_after": "must be an integer"}),
        ({"stop_after": "few"}, {"stop_after": "is not a number"}),
        ({"stop_consecutive": "0"}, {"stop_consecutive": "must be greater than or equal to 1"}),
        ({"stop_after": True}, {"stop_after": "is not a number"}),
        ({"stop_consecutive": -1}, {"stop_consecutive": "must be greater than or equal to 1"}),
        ({"stop_consecutive": [2]}, {"stop_consecutive": "is not a number"}),
        ({"stop_at": 0}, {"stop_at": "must be greater than 0"}),
        ({"stop_at": 100.5}, {"stop_at": "must be less than or equal to 100"}),
        ({"stop_at": "5,5"}, {"stop_at": "is not a number"}),
        ({"stop_at": "101%"}, {"stop_at": "must be less than or equal to 100"}),
        ({"stop_at": 0.0000001}, {"stop_at": "has more than 6 decimals"}),
        ({"stop_at": {}}, {"stop_at": "is not a number"}),
        ({"stop_on": "blank"}, {"stop_on": "is invalid"}),
        ({"stop_on": {"blank": 1}}, {"stop_on": "is invalid"}),
        ({"stop_on": ["blank", "blanc"]}, {"stop_on/1": "is not included in the list"}),
        ({"stop_on": [None]}, {"stop_on/0": "is invalid"}),
        ({"only": "all"}, {"only": "is not included in the list"}),
        ({"only": ["create"]}, {"only": "is not included in the list"}),
        ({"only": True}, {"only": "is not included in the list"}),
        (
            {"stop_at": "x", "only": 1, "format": "xml"},
            {
                "stop_at": "is not a number",
                "only": "is not included in the list",
                "format": "is not included in the list",
            },
        ),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_its_pointer(client, site, given, expected):
    response = client.post("/api/imports", document(skus(1), **given))
    assert findings(response) == {
        f"/data/attributes/{name}": message for name, message in expected.items()
    }
    assert not site.longshore.imports.open()


def test_a_retry_is_limited_as_its_import_was_and_has_no_stop_rules(site, client):
    given = {"only": "update", "stop_after": 2}
    rows = [{**row, "code": None} for row in skus(2)] + skus(1)
    created = submit(client, rows, skip_errors=True, **given)
    site.run_all()
    body = {"data": {"type": "imports", "attributes": {"set": {"code": "mended"}}}}
    retried = client.post(f"/api/imports/{created['id']}/retry", body).json()["data"]
    assert (retried["meta"]["only"], retried["meta"]["stop_rules"]) == ("update", None)
    site.run_all()
    meta = client.document(f"/api/imports/{retried['id']}")["data"]["meta"]
    assert (meta["created_count"], meta["skipped_count"]) == (0, 2)


def test_rules_are_no_attributes_of_a_change(client):
    created = submit(client, skus(1))
    changed = {"type": "imports", "id": created["id"], "attributes": {"stop_after": 1}}
    response = client.patch(f"/api/imports/{created['id']}", {"data": changed})
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "PARAM_NOT_ALLOWED"
