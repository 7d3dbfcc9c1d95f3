"""Imports are listed, filtered and sorted like any resource, and read one by one."""

import json
from urllib.parse import quote, urlencode

import pytest

from longshore.imports import NewError, NewWarning, interrupt_import, log_errors, log_warnings
from tests.behaviour.api.site import refusal
from tests.behaviour.api_imports.site import skus, submit
from tests.behaviour.statements import statements_of


def list_of(client, **parameters):
    """The references of the imports that a query finds."""
    query = urlencode({key.replace("__", "]["): value for key, value in parameters.items()})
    document = client.document(f"/api/imports?{query}")
    return [each["attributes"]["reference"] for each in document["data"]]


def filtered(client, **filters):
    query = urlencode({f"filter[q][{name}]": value for name, value in filters.items()})
    document = client.document(f"/api/imports?{query}")
    return [each["attributes"]["reference"] for each in document["data"]]


@pytest.fixture
def several(site, client):
    """Three imports: one completed with an error, one interrupted, one that waits."""
    rows = [*skus(20), {"code": "X", "name": "", "do_not_ship": True}]
    submit(client, rows, reference="g-0001")
    submit(client, [{"name": "no code"}], reference="g-0002")
    site.run_all()
    submit(client, [{"name": "sale"}], resource_type="tags", reference="other")
    return client


def test_filters_find_imports_as_the_clients_ask(several):
    assert filtered(several, status_in="pending,in_progress,interrupted,completed") == [
        "g-0001",
        "g-0002",
        "other",
    ]
    assert filtered(several, status_eq="completed") == ["g-0001"]
    assert filtered(several, reference_start="g-") == ["g-0001", "g-0002"]
    assert filtered(several, resource_type_eq="tags") == ["other"]
    assert filtered(several, resource_type_cont="ag") == ["other"]
    assert filtered(several, errors_count_gt="0") == ["g-0001", "g-0002"]
    assert filtered(several, warnings_count_gt="0") == []
    assert filtered(several, errors_log_present="true") == ["g-0001", "g-0002"]
    assert filtered(several, started_at_null="true") == ["other"]
    assert filtered(several, created_at_gteq="2020-01-01T00:00:00Z", inputs_size_lt="2") == [
        "g-0002",
        "other",
    ]
    assert filtered(several, parent_resource_id_null="true", format_eq="json") == [
        "g-0001",
        "g-0002",
        "other",
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("inputs_present", "FILTER_NOT_ALLOWED"),
        ("skip_errors_true", "FILTER_NOT_ALLOWED"),
        ("nonsense_eq", "FILTER_NOT_ALLOWED"),
    ],
)
def test_what_cannot_be_filtered_by_is_refused(client, name, code):
    key = f"filter[q][{name}]"
    response = client.get(f"/api/imports?{quote(key)}=%7B%7D")
    assert refusal(response) == (400, code, key)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ({}, ["g-0001", "g-0002", "other"]),
        ({"X": {}}, ["g-0001"]),
        ({"X": {"name": []}}, ["g-0001"]),
        ({"X": {"name": ["can't be blank"]}}, ["g-0001"]),
        ({"X": {"name": ["can't be blank"]}, "unknown": {}}, []),
        ({"X": {"name": ["can't be"]}}, []),
        ({"X": {"name": "can't be blank"}}, []),
        ({"X": {"code": []}}, []),
        ({"X": ["name"]}, []),
        ({"X": {"name": [1]}}, []),
        (["X"], []),
        ({"Y": {}}, []),
        ({"unknown": {}}, []),
        ({"no code": {"shipping_category": [], "code": ["can't be blank"]}}, ["g-0002"]),
    ],
)
def test_the_log_of_errors_is_searched(several, held, expected):
    assert filtered(several, errors_log_jcont=json.dumps(held)) == expected


def test_what_belongs_to_no_row_is_found_in_the_log(site, client):
    submit(client, skus(1), reference="given up")
    submit(client, skus(1), reference="other")
    with site.database.write() as tx:
        first, second = site.longshore.imports.open()
        interrupt_import(tx, first.id, reason="nobody wants it")
        log_errors(tx, second.id, [NewError(1, 0, 2, None, "base", "is not an object", "3")])
    for held, expected in (
        ({}, ["given up", "other"]),
        ({"base": []}, ["given up", "other"]),
        ({"base": ["nobody wants it"]}, ["given up"]),
        ({"base": ["is not an object"]}, ["other"]),
        ({"base": ["else"]}, []),
        ({"code": []}, []),
    ):
        value = json.dumps({"unknown": held})
        assert filtered(client, errors_log_jcont=value) == expected, held


def test_the_log_of_warnings_is_searched(site, client):
    submit(client, skus(1), reference="warned")
    submit(client, skus(1), reference="fine")
    warnings = [NewWarning(1, 0, "A", "is odd"), NewWarning(2, 0, None, "is odder")]
    with site.database.write() as tx:
        log_warnings(tx, site.longshore.imports.open()[0].id, warnings)
    for held, expected in (
        ({"A": ["is odd"]}, ["warned"]),
        ({"A": [], "unknown": ["is odder"]}, ["warned"]),
        ({"A": ["is odder"]}, []),
        ({"A": {}}, []),
        ({"B": []}, []),
        ({}, ["warned", "fine"]),
    ):
        assert filtered(client, warnings_log_jcont=json.dumps(held)) == expected, held


def test_imports_are_sorted_also_by_what_may_be_null(several):
    assert list_of(several, sort="reference") == ["g-0001", "g-0002", "other"]
    assert list_of(several, sort="-started_at")[0] == "other"
    assert list_of(several, sort="started_at") == ["g-0001", "g-0002", "other"]
    assert list_of(several, sort="reference,-completed_at") == ["g-0001", "g-0002", "other"]
    assert list_of(several, sort="-created_at") == ["other", "g-0002", "g-0001"]
    assert list_of(several, sort="-errors_count,id") == ["g-0001", "g-0002", "other"]


def test_pages_are_counted(several):
    document = several.document("/api/imports?page%5Bsize%5D=2&page%5Bnumber%5D=2&sort=id")
    assert document["meta"] == {"record_count": 3, "page_count": 2}
    assert [each["attributes"]["reference"] for each in document["data"]] == ["other"]
    assert set(document["links"]) == {"first", "prev", "last"}


def test_the_logs_say_what_was_wrong(several):
    completed, interrupted, waiting = several.document("/api/imports?sort=id")["data"]
    assert completed["attributes"]["errors_log"] == {"X": {"name": ["can't be blank"]}}
    assert completed["attributes"]["errors_count"] == 1
    assert completed["attributes"]["completed_at"] is not None
    assert interrupted["attributes"]["status"] == "interrupted"
    assert interrupted["attributes"]["interrupted_at"] is not None
    assert waiting["attributes"]["errors_log"] == {}


def test_fields_that_nobody_asks_for_are_not_read(several):
    first = several.document("/api/imports?fields%5Bimports%5D=metadata&sort=id")["data"][0]
    assert first["attributes"] == {"metadata": {}}
    assert "relationships" not in first


def test_events_can_be_included_and_listed(several):
    document = several.document("/api/imports?include=events&sort=id")
    names = [each["attributes"]["name"] for each in document["included"]]
    assert sorted(names) == sorted(
        ["imports.create"] * 3 + ["imports.start"] * 2 + ["imports.complete", "imports.interrupt"]
    )
    first = document["data"][0]
    linked = {each["id"] for each in first["relationships"]["events"]["data"]}
    related = several.document(f"/api/imports/{first['id']}/events?sort=created_at")
    assert {each["id"] for each in related["data"]} == linked
    assert [each["attributes"]["name"] for each in related["data"]] == [
        "imports.create",
        "imports.start",
        "imports.complete",
    ]


def test_events_of_all_imports_are_a_list_of_their_own(several):
    found = several.document("/api/events?filter%5Bq%5D%5Bname_eq%5D=imports.create")
    assert found["meta"]["record_count"] == 3
    one = found["data"][0]
    again = several.document(f"/api/events/{one['id']}")["data"]
    assert again == one
    assert refusal(several.post("/api/events", {"data": {"type": "events"}}))[0] == 405
    assert refusal(several.delete(f"/api/events/{one['id']}"))[0] == 405


def test_other_environments_see_nothing_of_it(site, several):
    ids = [each["id"] for each in several.document("/api/imports")["data"]]
    event = several.document("/api/events")["data"][0]["id"]
    for other in (site.client(mode="live"), site.client(slug="acme")):
        assert other.document("/api/imports")["data"] == []
        assert other.document("/api/events")["data"] == []
        for id_ in ids:
            for path in ("", "/events", "/event_stores", "/errors", "/rows"):
                response = other.get(f"/api/imports/{id_}{path}")
                assert refusal(response) == (404, "RECORD_NOT_FOUND", None)
        assert refusal(other.get(f"/api/events/{event}"))[0] == 404
        assert refusal(other.delete(f"/api/imports/{ids[0]}"))[0] == 404
        body = {"data": {"type": "imports", "id": ids[2], "attributes": {"_interrupt": True}}}
        assert refusal(other.patch(f"/api/imports/{ids[2]}", body))[0] == 404


def test_ids_of_other_types_and_nonsense_are_not_found(site, client):
    created = submit(client, skus(1))
    site.run_all()
    sku = client.document("/api/skus")["data"][0]["id"]
    for id_ in (sku, "nonsense", "AaBbCcDdEe", "a" * 300):
        assert refusal(client.get(f"/api/imports/{id_}"))[:2] == (404, "RECORD_NOT_FOUND")
    assert refusal(client.get(f"/api/skus/{created['id']}"))[:2] == (404, "RECORD_NOT_FOUND")


def test_errors_are_listed_with_their_rows_in_pages(site, client):
    rows = [{"code": "A", "name": "", "do_not_ship": True}, {"name": "x", "weight": "heavy"}]
    created = submit(client, rows, skip_errors=True)
    site.run_all()
    document = client.document(f"/api/imports/{created['id']}/errors?page%5Bsize%5D=1000")
    assert document["meta"] == {"record_count": len(document["data"]), "page_count": 1}
    assert document["data"][0] == {
        "id": "1",
        "type": "import_errors",
        "attributes": {
            "row": 1,
            "line": 1,
            "identifier": "A",
            "attribute": "name",
            "code": "blank",
            "message": "can't be blank",
            "column": "name",
            "cell": None,
            "source_row": None,
            "cause": None,
            "pointer": "/name",
            "value": None,
            "expected": None,
            "suggestion": None,
        },
    }
    paged = []
    url = f"/api/imports/{created['id']}/errors?page%5Bsize%5D=1"
    while url:
        page = client.document(url)
        paged += page["data"]
        url = page["links"].get("next")
    assert paged == document["data"]
    too_large = client.get(f"/api/imports/{created['id']}/errors?page%5Bsize%5D=1001")
    assert refusal(too_large) == (400, "INVALID_PAGE_VALUE", "page[size]")
    assert refusal(client.get(f"/api/imports/{created['id']}/errors?sort=row"))[0] == 400


def test_an_import_that_was_given_up_says_why(site, client):
    created = submit(client, skus(1))
    with site.database.write() as tx:
        interrupt_import(tx, site.longshore.imports.open()[0].id, reason="nobody wants it")
    shown = client.document(f"/api/imports/{created['id']}")["data"]["attributes"]
    assert shown["errors_log"] == {"unknown": {"base": ["nobody wants it"]}}
    assert shown["errors_count"] == 0


def test_an_import_whose_attachment_is_gone_is_still_shown(site, client):
    created = submit(client, skus(1))
    for name in site.attachments():
        (site.settings.data / "attachments" / name).unlink()
    shown = client.document(f"/api/imports/{created['id']}")["data"]["attributes"]
    assert shown["inputs"] is None
    assert shown["attachment_url"] is None


def test_a_look_at_an_import_reads_none_of_its_errors(site, client):
    created = submit(client, [{"code": f"X{row}"} for row in range(3000)], skip_errors=True)
    site.run_all()
    path = f"/api/imports/{created['id']}"
    with statements_of(site.database) as sent:
        shown = client.document(path)["data"]["attributes"]
        (listed,) = client.document("/api/imports")["data"]
    assert sent
    assert not any("FROM import_errors" in statement for statement in sent)
    assert shown["errors_count"] == 3000
    assert list(shown["errors_log"]) == [f"X{row}" for row in range(1000)]
    assert listed["attributes"]["errors_log"] == shown["errors_log"]
    assert shown["errors_log"]["X999"] == {
        "name": ["can't be blank"],
        "shipping_category": ["must exist"],
    }
