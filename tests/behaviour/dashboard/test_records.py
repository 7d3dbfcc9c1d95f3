"""Records in the browser: overview, lists, single ones."""

import re

import pytest

from longshore.access import ensure_environment
from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.imports import imported
from tests.behaviour.dashboard.markup import main_text_of, next_page_of

APPLES = "".join(
    ["code,name,do_not_ship\n", *(f"A{number:03},Apple {number},true\n" for number in range(120))]
)


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    return shared_site


@pytest.fixture(scope="module")
def filled(site: Site) -> tuple[str, str]:
    """The ids of two imports: of SKUs, and of another name of one."""
    browser = signed_in(site)
    first = imported(browser, APPLES, name="apples.csv")
    second = imported(browser, "code,name\nA007,Pear\n", name="pears.csv")
    encode = site.database.public_ids.encode
    return encode(first.id), encode(second.id)


def id_of(site: Site, code: str) -> str:
    """The id of a SKU."""
    environment = ensure_environment(site.database)
    with site.longshore.records.found(environment, "skus", filters=[("code_eq", code)]) as found:
        return next(iter(found.views)).id


def test_the_overview_counts_and_searches(filled: tuple[str, str], browser: Browser) -> None:
    text = browser.main_text("/dashboard/records")
    assert "SKUs 120" in text
    assert "Prices –" in text
    found = browser.page("/dashboard/records?q=price%20l")
    assert "/dashboard/records/price_lists" in found
    assert "/dashboard/records/skus" not in found
    assert "No type is called like" in browser.main_text("/dashboard/records?q=nothing")


def test_a_list_has_pages_newest_first(filled: tuple[str, str], browser: Browser) -> None:
    first = browser.page("/dashboard/records/skus")
    assert "Page 1 of 3" in main_text_of(first)
    assert [f"A{n:03}" for n in (119, 70)] == [
        code for code in ("A119", "A070", "A069", "A000") if code in first
    ]
    last = browser.page("/dashboard/records/skus?page=3")
    assert "A000" in last
    assert "A020" not in last
    assert "There is no page 99" in browser.main_text("/dashboard/records/skus?page=99")
    for odd in ("0", "-1", "x", "1e9", "9" * 40, "٣"):
        assert browser.send("GET", f"/dashboard/records/skus?page={odd}").status_code == 200


def test_a_search_finds_by_key_and_by_id(
    site: Site, filled: tuple[str, str], browser: Browser
) -> None:
    answer = browser.send("GET", "/dashboard/records/skus?q=A00")
    to = answer.headers["location"]
    assert to == "/dashboard/records/skus?filter%5Bq%5D%5Bcode_start%5D=A00"
    markup = browser.page(to)
    assert len(re.findall('<th scope="row">', markup)) == 10
    assert "GET /api/skus?filter[q][code_start]=A00" in main_text_of(markup)
    id_ = id_of(site, "A005")
    for sought in (id_, "A005", "%20A005%20"):
        answer = browser.send("GET", f"/dashboard/records/skus?q={sought}")
        assert answer.headers["location"] == f"/dashboard/records/skus/{id_}"


def test_filters_are_in_the_address_and_go_on_behind_a_page(
    filled: tuple[str, str], browser: Browser
) -> None:
    asked = "field=name&matcher=cont&value=Apple&filter%5Bq%5D%5Bcode_gt%5D=A010"
    answer = browser.send("GET", f"/dashboard/records/skus?{asked}")
    to = answer.headers["location"]
    first = browser.page(to)
    assert first.count('<th scope="row">') == 50
    second = browser.page(next_page_of(first))
    assert second.count('<th scope="row">') == 50
    assert "A011" in first
    assert "A061" in second
    assert "No skus match" in browser.main_text("/dashboard/records/skus?filter[q][code_eq]=none")


@pytest.mark.parametrize(
    "query",
    ["filter[q][nothing_eq]=1", "filter[q][code_nothing]=1", "filter[q][updated_at_gt]=perhaps"],
)
def test_a_filter_that_asks_nothing_is_refused_with_a_way_out(
    filled: tuple[str, str], browser: Browser, query: str
) -> None:
    answer = browser.send("GET", f"/dashboard/records/skus?{query}")
    assert answer.status_code == 422
    assert "Clear filters" in main_text_of(answer.text)


def test_a_record_tells_who_has_given_it_what(
    site: Site, filled: tuple[str, str], browser: Browser
) -> None:
    first, second = filled
    markup = browser.page(f"/dashboard/records/skus/{id_of(site, 'A007')}")
    text = main_text_of(markup)
    assert "sku A007" in text
    assert f"import {second} ( pears.csv ), row 1 (line 2 )" in text
    assert f"import {first} ( apples.csv ), row 8 (line 9 )" in text
    assert "Apple 7 → Pear" in text
    assert f"/dashboard/imports/{second}/rows?from=1" in markup
    assert "prices?filter%5Bq%5D%5Bsku_id_eq%5D=" in markup


def test_a_link_to_a_record_of_no_named_type_leads_to_it(
    site: Site, filled: tuple[str, str], browser: Browser
) -> None:
    id_ = id_of(site, "A001")
    answer = browser.send("GET", f"/dashboard/records/any/{id_}")
    assert answer.headers["location"] == f"/dashboard/records/skus/{id_}"
    assert browser.send("GET", f"/dashboard/records/prices/{id_}").status_code == 404
    assert browser.send("GET", "/dashboard/records/nothing").status_code == 404
    assert browser.send("GET", "/dashboard/records/imports").status_code == 404


def test_an_empty_list_says_what_must_exist_first(site: Site) -> None:
    browser = signed_in(site, slug="empty")
    text = browser.main_text("/dashboard/records/prices")
    assert "No prices yet" in text
    assert "What must exist first" in text
    assert "price_lists : none" in text
    assert "Nothing is stored in this organization and mode yet" in browser.main_text(
        "/dashboard/records"
    )


def test_an_export_is_what_an_import_takes_back(
    site: Site, filled: tuple[str, str], browser: Browser
) -> None:
    answer = browser.send("GET", "/dashboard/records/skus.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="skus.csv"'
    lines = answer.text.splitlines()
    assert len(lines) == 121
    assert lines[0].startswith("id,")
    safe = browser.send("GET", "/dashboard/records/skus.csv?safe")
    assert "skus.spreadsheet-safe.csv" in safe.headers["content-disposition"]
    assert browser.send("GET", "/dashboard/records/nothing.csv").status_code == 404


def test_an_application_for_imports_sees_what_it_may_read(
    site: Site, filled: tuple[str, str]
) -> None:
    browser = signed_in(site, kind="imports")
    overview = browser.page("/dashboard/records")
    assert "/records/price_lists" in overview
    assert "/records/skus" not in overview
    for path in ("skus", "skus.csv", f"skus/{id_of(site, 'A001')}"):
        assert browser.send("GET", f"/dashboard/records/{path}").status_code == 403
