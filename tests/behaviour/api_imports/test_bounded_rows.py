"""Rows with too many nested elements, over HTTP."""

from tests.behaviour.api_imports.site import submit

_FOUND = "has at least 3 nested elements, a row may have 2: divide them among several rows"


def test_row_with_too_many_elements_is_an_error_of_the_import(open_site):
    site = open_site(nested_elements_max=2)
    client = site.client()
    rows = [
        {"code": code, "name": "x", "do_not_ship": True, "tags": [{"name": tag} for tag in tags]}
        for code, tags in (("A", "ab"), ("B", "abc"), ("C", ""))
    ]
    created = submit(client, rows, skip_errors=True)
    site.run_all()
    shown = client.document(f"/api/imports/{created['id']}")["data"]["attributes"]
    assert shown["status"] == "completed"
    assert (shown["processed_count"], shown["errors_count"]) == (2, 1)
    assert shown["errors_log"] == {"B": {"base": [_FOUND]}}


def test_record_with_too_many_tags_is_refused(open_site):
    site = open_site(nested_elements_max=2)
    client = site.client()
    tags = [
        client.post("/api/tags", {"data": {"type": "tags", "attributes": {"name": name}}})
        for name in ("a", "b", "c")
    ]
    linked = [{"type": "tags", "id": each.json()["data"]["id"]} for each in tags]
    answer = client.post(
        "/api/skus",
        {
            "data": {
                "type": "skus",
                "attributes": {"code": "A", "name": "x", "do_not_ship": True},
                "relationships": {"tags": {"data": linked}},
            }
        },
    )
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert _FOUND in error["detail"]
