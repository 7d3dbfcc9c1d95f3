"""Records exported from a list: exactly those that it is filtered to, in three formats."""

import csv
import io
import json
import re
from html import unescape
from typing import Any

import httpx2
import openpyxl
import pytest

from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.imports import imported
from tests.behaviour.dashboard.markup import text_of

LISTS = "name,code,currency_code\n=1+1,eur-a,EUR\nRetail,eur-b,EUR\nRetail,usd,USD\n"
PATH = "/dashboard/records/price_lists"
FILTER = "filter[q][currency_code_eq]=EUR"


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    imported(
        signed_in(shared_site, slug="exports"), LISTS, name="l.csv", resource_type="price_lists"
    )
    return shared_site


@pytest.fixture
def browser(site: Site) -> Browser:
    return signed_in(site, slug="exports")


def links(page: str) -> dict[str, str]:
    """Where the list of a page is exported to, by format."""
    found = re.findall(r'href="([^"]*?\.(csv|xlsx|ndjson)(?:\?[^"]*)?)">', page)
    return {format_: unescape(address) for address, format_ in reversed(found)}


def codes(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "text/csv":
        return [row["code"] for row in csv.DictReader(io.StringIO(answer.text))]
    if kind == "application/x-ndjson":
        return [json.loads(line)["code"] for line in answer.text.splitlines()]
    workbook = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows: list[Any] = list(workbook["price_lists"].values)
    return [row[rows[0].index("code")] for row in rows[1:]]


@pytest.mark.parametrize("format_", ["csv", "xlsx", "ndjson"])
@pytest.mark.parametrize(
    ("query", "found"), [("", ["eur-a", "eur-b", "usd"]), (f"?{FILTER}", ["eur-a", "eur-b"])]
)
def test_what_is_filtered_is_exported_and_nothing_else(
    browser: Browser, format_: str, query: str, found: list[str]
) -> None:
    address = links(browser.page(f"{PATH}{query}"))[format_]
    answer = browser.send("GET", address)
    assert codes(answer) == found
    assert answer.headers["content-disposition"].endswith(f'.{format_}"')
    assert answer.headers["content-disposition"].startswith('attachment; filename="price_lists.')


def test_a_page_says_how_much_is_exported(browser: Browser) -> None:
    assert "Export all 3 , as CSV XLSX NDJSON" in browser.main_text(PATH)
    assert "Export all that pass the filters, as" in browser.main_text(f"{PATH}?{FILTER}")


def test_a_csv_is_safe_for_spreadsheets_unless_somebody_wants_it_otherwise(
    browser: Browser,
) -> None:
    page = browser.page(f"{PATH}?{FILTER}")
    safe = browser.send("GET", links(page)["csv"])
    assert 'filename="price_lists.spreadsheet-safe.csv"' in safe.headers["content-disposition"]
    assert "'=1+1" in safe.text
    found = re.search(r'href="([^"]*)">Export as CSV without marks', page)
    assert found is not None
    plain = browser.send("GET", unescape(found[1]))
    assert codes(plain) == ["eur-a", "eur-b"]
    assert ",=1+1," in plain.text


@pytest.mark.parametrize("format_", ["csv", "ndjson"])
def test_an_export_that_is_imported_again_changes_nothing_but_what_was_changed(
    site: Site, format_: str
) -> None:
    browser = signed_in(site, slug=f"again-{format_}")
    imported(browser, LISTS, name="l.csv", resource_type="price_lists")
    text = browser.send("GET", f"{PATH}.{format_}?{FILTER}").text.replace("Retail", "Shop")
    again = imported(browser, text, name=f"l.{format_}", resource_type="price_lists")
    assert (again.updated_count, again.unchanged_count, again.errors_count) == (1, 1, 0)


@pytest.mark.parametrize("format_", ["csv", "xlsx", "ndjson"])
def test_a_filter_that_is_none_is_refused(browser: Browser, format_: str) -> None:
    answer = browser.send("GET", f"{PATH}.{format_}?filter[q][shape_eq]=round")
    assert answer.status_code == 422
    assert "shape" in text_of(answer.text)


def test_more_than_a_sheet_holds_is_refused_with_other_formats(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("longshore.operations.records.RECORDS_MAX", 2)
    answer = browser.send("GET", f"{PATH}.xlsx")
    assert answer.status_code == 422
    told = text_of(answer.text)
    assert "there are 3 records, and a sheet holds 2" in told.replace("There", "there")
    assert "xport them as csv or ndjson" in told
    assert len(codes(browser.send("GET", f"{PATH}.xlsx?{FILTER}"))) == 2


def test_records_of_other_environments_are_in_no_export(site: Site, browser: Browser) -> None:
    stranger = signed_in(site, slug="other-exports")
    assert codes(stranger.send("GET", f"{PATH}.csv?{FILTER}")) == []
    assert stranger.send("GET", "/dashboard/records/nothing.xlsx").status_code == 404
    application = signed_in(site, slug="exports", kind="imports")
    for format_ in ("csv", "xlsx", "ndjson"):
        path = f"/dashboard/records/skus.{format_}"
        assert application.send("GET", path).status_code == 403
