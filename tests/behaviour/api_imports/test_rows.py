"""What became of each row of an import, over HTTP."""

import pytest

from tests.behaviour.api_imports.site import skus, submit

COUNTS = ("created", "updated", "unchanged", "failed", "skipped", "not_yet")


def rows(client, created, query=""):
    return client.document(f"/api/imports/{created['id']}/rows{query}")


def counts(document):
    assert tuple(document["meta"]["outcomes"]) == COUNTS
    assert sum(document["meta"]["outcomes"].values()) == document["meta"]["inputs_size"]
    return tuple(document["meta"]["outcomes"].values())


@pytest.fixture
def mixed(site, client):
    """An import whose rows create, update, leave and fail."""
    submit(client, skus(2))
    site.run_all()
    one, two = skus(2)
    given = [
        {**one, "name": "new", "tags": [{"name": "red"}]},
        two,
        {**two, "weight": "heavy"},
        {"name": "x", "do_not_ship": True},
        {**one, "code": "N", "tags": [{"name": "red"}, {"name": "blue"}]},
    ]
    created = submit(client, given, skip_errors=True)
    site.run_all()
    return created


def test_each_row_is_listed_with_all_that_is_known_of_it(client, mixed):
    ids = {each["attributes"]["code"]: each["id"] for each in client.document("/api/skus")["data"]}
    tags = {each["attributes"]["name"]: each["id"] for each in client.document("/api/tags")["data"]}
    document = rows(client, mixed)
    assert document["meta"] | {"outcomes": None} == {
        "record_count": 5,
        "page_count": 1,
        "inputs_size": 5,
        "outcomes": None,
    }
    assert counts(document) == (1, 1, 1, 2, 0, 0)
    assert [(each["type"], each["id"]) for each in document["data"]] == [
        ("import_rows", str(number)) for number in range(1, 6)
    ]
    updated, unchanged, failed, nameless, created = (
        each["attributes"] for each in document["data"]
    )
    assert updated == {
        "row": 1,
        "line": 1,
        "outcome": "updated",
        "record": {"type": "skus", "id": ids["SKU0"]},
        "further_records": [{"type": "tags", "id": tags["red"]}],
        "changes": {
            "name": ["Sku 0", "new"],
            "tags": [[], [tags["red"]]],
        },
        "amounts": {},
        "further_changes": [],
        "errors": [],
        "warnings": [],
    }
    assert (unchanged["outcome"], unchanged["changes"]) == ("unchanged", {})
    assert (failed["outcome"], failed["record"]) == ("failed", {"type": "skus", "id": ids["SKU1"]})
    assert failed["errors"] == [
        {
            "identifier": "SKU1",
            "attribute": "weight",
            "code": "not_a_number",
            "message": "is not a number",
            "column": "weight",
            "cell": None,
            "source_row": None,
            "cause": None,
            "pointer": "/weight",
            "value": "heavy",
            "expected": "a number, such as 12",
            "suggestion": None,
        }
    ]
    assert (nameless["outcome"], nameless["record"]) == ("failed", None)
    assert created["record"] == {"type": "skus", "id": ids["N"]}
    assert created["further_records"] == [{"type": "tags", "id": tags["blue"]}]
    assert created["changes"] == {}


def test_rows_are_filtered_by_outcome(client, mixed):
    def numbers(query):
        document = rows(client, mixed, query)
        assert counts(document) == (1, 1, 1, 2, 0, 0)
        assert document["meta"]["record_count"] == len(document["data"])
        return [each["attributes"]["row"] for each in document["data"]]

    assert numbers("?filter[q][outcome_eq]=failed") == [3, 4]
    assert numbers("?filter[q][outcome_in]=created,updated") == [1, 5]
    assert numbers("?filter[outcome]=created,updated") == [1, 5]
    assert numbers("?filter[q][outcome_not_eq]=failed") == [1, 2, 5]
    assert numbers("?filter[q][outcome_not_in]=failed,created") == [1, 2]
    assert numbers("?filter[q][outcome_eq]=skipped") == []
    both = "?filter[q][outcome_in]=failed,created&filter[q][outcome_not_eq]=failed"
    assert numbers(both) == [5]


def test_pages_lead_to_each_other_and_keep_the_filter(client, mixed):
    found, url = [], "?filter[q][outcome_not_eq]=unchanged&page[size]=1"
    url = f"/api/imports/{mixed['id']}/rows{url}"
    while url:
        document = client.document(url)
        assert document["meta"]["record_count"] == document["meta"]["page_count"] == 4
        found += [each["id"] for each in document["data"]]
        url = document["links"].get("next")
    assert found == ["1", "3", "4", "5"]
    assert rows(client, mixed, "?page[number]=9")["data"] == []


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("filter[q][outcome_eq]=broken", "INVALID_FILTER_VALUE", "filter[q][outcome_eq]"),
        ("filter[q][outcome_eq]=", "INVALID_FILTER_VALUE", "filter[q][outcome_eq]"),
        ("filter[q][outcome_eq]=FAILED", "INVALID_FILTER_VALUE", "filter[q][outcome_eq]"),
        ("filter[q][outcome_in]=failed,", "INVALID_FILTER_VALUE", "filter[q][outcome_in]"),
        ("filter[outcome]=broken", "INVALID_FILTER_VALUE", "filter[outcome]"),
        ("filter[q][outcome_cont]=fail", "FILTER_NOT_ALLOWED", "filter[q][outcome_cont]"),
        ("filter[q][row_eq]=1", "FILTER_NOT_ALLOWED", "filter[q][row_eq]"),
        ("filter[row]=1", "INVALID_FILTERS_SYNTAX", "filter[row]"),
        ("filter=failed", "INVALID_FILTERS_SYNTAX", "filter"),
        ("filter[q]=failed", "INVALID_FILTERS_SYNTAX", "filter[q]"),
        ("page[size]=1001", "INVALID_PAGE_VALUE", "page[size]"),
        ("page[size]=0", "INVALID_PAGE_VALUE", "page[size]"),
        ("page[number]=x", "INVALID_PAGE_VALUE", "page[number]"),
        ("page[after]=1", "PARAM_NOT_ALLOWED", "page[after]"),
        ("sort=row", "PARAM_NOT_ALLOWED", "sort"),
        ("include=record", "PARAM_NOT_ALLOWED", "include"),
    ],
)
def test_a_query_that_means_nothing_is_refused(client, mixed, query, code, parameter):
    response = client.get(f"/api/imports/{mixed['id']}/rows?{query}")
    (error,) = response.json()["errors"]
    assert (response.status_code, error["code"]) == (400, code)
    assert error["source"] == {"parameter": parameter}


def test_rows_that_are_not_reached_are_counted_and_not_listed(site, client):
    created = submit(client, skus(3))
    waiting = rows(client, created)
    assert (waiting["data"], waiting["meta"]["record_count"]) == ([], 0)
    assert counts(waiting) == (0, 0, 0, 0, 0, 3)
    bad = [{"code": "A", "weight": "x"}] * 3
    interrupted = submit(client, bad)
    site.run_all()
    assert counts(rows(client, created)) == (3, 0, 0, 0, 0, 0)
    stopped = rows(client, interrupted)
    assert [each["attributes"]["outcome"] for each in stopped["data"]] == ["failed"]
    assert counts(stopped) == (0, 0, 0, 1, 0, 2)


def test_rows_that_an_older_release_has_gone_through_are_told(site, client, mixed):
    with site.database.write() as tx:
        tx.execute("DELETE FROM import_ledger")
    document = rows(client, mixed)
    assert (document["data"], document["meta"]["record_count"]) == ([], 0)
    assert counts(document) == (1, 1, 1, 2, 0, 0)
    reason = "an older release has gone through them, and kept no outcome of each"
    assert document["meta"]["not_listed"] == {"rows": 5, "reason": reason}


def test_nested_records_and_concrete_types_are_named(site, client):
    """A record of a family by its own type; what a row changes beside its own record."""
    market = client.post(
        "/api/price_lists",
        {"data": {"type": "price_lists", "attributes": {"name": "EU", "currency_code": "EUR"}}},
    ).json()["data"]["id"]
    price = {"sku_code": "SKU0", "amount_cents": 100, "price_list_id": market}
    tier = {"type": "price_volume_tiers", "name": "many", "up_to": 5, "price_amount_cents": 90}
    submit(client, skus(1))
    site.run_all()
    first = submit(client, [{**price, "price_tiers": [tier]}], resource_type="prices")
    site.run_all()
    tiers = client.document("/api/price_tiers")["data"]
    (told,) = rows(client, first)["data"]
    assert told["attributes"]["further_records"] == [
        {"type": "price_volume_tiers", "id": tiers[0]["id"]}
    ]
    changed = {**tier, "price_amount_cents": 80}
    second = submit(client, [{**price, "price_tiers": [changed]}], resource_type="prices")
    site.run_all()
    (told,) = (each["attributes"] for each in rows(client, second)["data"])
    assert (told["outcome"], told["changes"], told["further_records"]) == ("updated", {}, [])
    assert told["further_changes"] == [
        {
            "type": "price_volume_tiers",
            "id": tiers[0]["id"],
            "changes": {"price_amount_cents": [90, 80]},
            "amounts": {"price_amount_cents": ["0.90 EUR", "0.80 EUR"]},
        }
    ]


def test_what_is_confidential_is_not_told(site, client):
    row = {"email": "a@example.com", "password": "s3cret-s3cret"}
    submit(client, [row], resource_type="customers")
    site.run_all()
    again = submit(client, [{**row, "password": "0ther-s3cret"}], resource_type="customers")
    site.run_all()
    assert "s3cret" not in client.get(f"/api/imports/{again['id']}/rows").text


def test_an_import_that_is_running_is_told_at_every_look(open_site):
    site = open_site(chunk_rows=2, chunk_rows_first=2, chunk_milliseconds=0)
    client = site.client()
    created = submit(client, skus(7))
    (import_,) = site.longshore.imports.open()
    seen = []

    def look(_import):
        document = rows(client, created)
        seen.append(counts(document))
        assert document["meta"]["record_count"] == len(document["data"])

    site.longshore.import_runs.run(import_.id, on_progress=look)
    assert seen == [(2, 0, 0, 0, 0, 5), (4, 0, 0, 0, 0, 3), (6, 0, 0, 0, 0, 1), (7, 0, 0, 0, 0, 0)]
