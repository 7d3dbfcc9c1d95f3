import re
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select

from longshore.imports import Status
from longshore.imports.tables import imports
from tests.behaviour.api.site import Template
from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.imports import (
    address,
    imported,
    run_imports,
    run_undos,
    sku_lines,
    submitted,
)
from tests.behaviour.dashboard.markup import next_page_of, text_of
from tests.behaviour.statements import statements_of


def names_in(markup: str) -> list[str]:
    """The files of the list, in its order."""
    return re.findall(r'<th scope="row"><a [^>]*><bdi>(.*?)</bdi>', markup)


def test_the_first_visit_says_how_to_begin(browser: Browser) -> None:
    page = browser.page("/dashboard")
    assert "Nothing is imported yet" in page
    assert "longshore import skus FILE --server http://127.0.0.1:8000" in page
    assert "<table" not in page


def test_the_list_counts_and_every_number_leads_to_its_rows(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(30, bad={7: "stones", 9: "stones"}), name="spring.csv")
    page = browser.page("/dashboard")
    assert names_in(page) == ["spring.csv"]
    assert "Completed with 2 failed rows" in page
    path = address(browser, import_)
    for href in (path, f"{path}/rows", f"{path}/rows?outcome=created", f"{path}/errors"):
        assert f'href="{href}"' in page
        assert browser.get(href).status_code == 200
    assert ">28</data>" in page


@pytest.fixture(scope="module")
def several(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Four imports: two that went well, one with failed rows, one that was stopped."""
    site = template.open(tmp_path_factory.mktemp("several") / "data")
    browser = signed_in(site)
    imported(browser, sku_lines(3), name="first.csv")
    imported(browser, sku_lines(12, bad={2: "x"}), name="second.csv")
    imported(browser, sku_lines(4, bad={1: "x", 2: "x"}), name="third.csv")
    categories = "name\nMerchandise\n"
    imported(browser, categories, name="100%_cats.csv", resource_type="shipping_categories")
    yield browser
    site.close()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["100%_cats.csv", "third.csv", "second.csv", "first.csv"]),
        ("status=completed", ["100%_cats.csv", "first.csv"]),
        ("status=failed_rows", ["second.csv"]),
        ("status=stopped", ["third.csv"]),
        ("status=undone", []),
        ("status=waiting", []),
        ("failed=1", ["third.csv", "second.csv"]),
        ("type=skus&status=completed", ["first.csv"]),
        ("name=%25_C", ["100%_cats.csv"]),
        ("name=i", ["third.csv", "first.csv"]),
        ("who=person&sort=rows", ["100%_cats.csv", "first.csv", "third.csv", "second.csv"]),
        ("who=nobody", []),
        ("sort=-failed", ["third.csv", "second.csv", "100%_cats.csv", "first.csv"]),
        ("sort=what", ["100%_cats.csv", "first.csv", "second.csv", "third.csv"]),
        ("sort=started", ["first.csv", "second.csv", "third.csv", "100%_cats.csv"]),
        ("from=2020-01-01&to=9998-12-30&sort=-created", ["second.csv", "first.csv"]),
        ("to=2020-01-01", []),
        ("sort=nothing&status=nothing&from=yesterday&page=x", None),
    ],
)
def test_what_the_address_asks_for_is_listed(
    several: Browser, query: str, names: list[str] | None
) -> None:
    page = several.page(f"/dashboard?{query}")
    if names is None:  # what means nothing narrows nothing
        assert len(names_in(page)) == 4
    elif query.endswith("sort=-created"):
        assert [name for name in names_in(page) if name in names] == names
    else:
        assert names_in(page) == names
    if names == []:
        assert "No imports match." in page
        assert "Clear filters" in page


def menus_in(markup: str) -> dict[str, list[str]]:
    """What the menu of each line offers, by the name of its file."""
    menus = re.findall(r'<details class="menu">(.*?)</details>', markup, re.DOTALL)
    offered = [re.findall(r"<(?:a [^>]*|button class[^>]*)>(.*?)</", menu) for menu in menus]
    return dict(zip(names_in(markup), offered, strict=True))


def test_the_menu_of_a_line_offers_what_can_be_done_with_its_import(browser: Browser) -> None:
    imported(browser, sku_lines(12, bad={2: "x"}), name="failed.csv")
    good = imported(browser, "name\nA\n", name="good.csv", resource_type="shipping_categories")
    submitted(browser, sku_lines(2), name="waiting.csv")
    page = browser.page("/dashboard")
    ended = ["Open", "Files to download"]
    rest = ["Import another file like this", "Delete"]
    assert menus_in(page) == {
        "waiting.csv": [*ended, "Stop import"],
        "good.csv": [*ended, "Undo import", *rest],
        "failed.csv": [*ended, "Retry failed rows", "Undo import", *rest],
    }
    for menu in re.findall(r'<details class="menu">(.*?)</details>', page, re.DOTALL):
        for href in re.findall(r'href="([^"]+)"', menu):
            assert browser.get(href).status_code == 200
    browser.submit(browser.get("/dashboard"), "/interrupt")
    browser.post(f"{address(browser, good)}/undo")
    run_undos(browser)
    menus = menus_in(browser.page("/dashboard"))
    assert menus["good.csv"] == [*ended, *rest]
    assert "Stop import" not in menus["waiting.csv"]


def test_a_column_says_that_the_list_is_sorted_by_it(several: Browser) -> None:
    page = several.page("/dashboard?sort=-failed&failed=1")
    assert re.search(
        r'aria-sort="descending"><a href="/dashboard\?failed=1&amp;sort=failed">', page
    )
    assert page.count("aria-sort") == 1
    assert 'href="/dashboard?sort=-failed"' in page  # the chip takes its filter away


@pytest.mark.parametrize(
    "query", ["", "page=2", "sort=-took&status=completed", "name=99", "failed=1"]
)
def test_a_list_asks_no_more_of_ten_thousand_imports_than_of_a_hundred(
    browser: Browser, query: str
) -> None:
    imported(browser, sku_lines(3), name="first.csv")
    asked = []
    for count in (99, 9_900):
        copy_import(browser, count)
        browser.page(f"/dashboard?{query}")
        with statements_of(browser.site.database) as sent:
            page = browser.page(f"/dashboard?{query}")
        assert len(names_in(page)) <= 50
        asked.append(sent)
    assert asked[0] == asked[1]
    assert "Page 200 of 200" in browser.page("/dashboard?page=200")


def test_a_number_of_thousands_of_digits_is_beyond_the_end_of_each_list(browser: Browser) -> None:
    digits = "9" * 4_301
    path = address(browser, imported(browser, "code,name\nA,\n"))
    for list_ in (
        f"?page={digits}",
        f"/plans?page={digits}",
        f"/records/skus?page={digits}",
        f"/activity?before={digits}.",
    ):
        browser.page(f"/dashboard{list_}")
    for part in (f"/rows?from={digits}", f"/history?after={digits}"):
        browser.page(path + part)


def copy_import(browser: Browser, count: int) -> None:
    """So many more imports that are as the oldest one, but for the names of their files."""
    with browser.site.database.write() as tx:
        row = dict(
            tx.connection.execute(select(imports).order_by(imports.c.id).limit(1)).mappings().one()
        )
        new = [
            {**row, "id": id_, "run_id": None, "place": None, "source_name": f"file {id_}.csv"}
            for id_ in tx.reserve_ids(browser.environment.number, count)
        ]
        tx.connection.execute(insert(imports), new)


def test_the_page_of_an_import_says_what_became_of_it(browser: Browser) -> None:
    text = sku_lines(30, bad={7: "stones", 9: "stones", 11: "kg"})
    import_ = imported(browser, text, name="spring.csv")
    assert import_.errors_count == 3
    page = text_of(browser.page(address(browser, import_)))
    assert "27 SKUs created. 3 rows failed." in page
    assert "spring.csv" in page
    assert "stones" in page


def test_failed_rows_are_shown_with_their_cells_page_by_page(browser: Browser) -> None:
    bad = dict.fromkeys(range(1, 701, 11), "<b>st</b>")
    import_ = imported(browser, sku_lines(700, bad=bad))
    path = address(browser, import_)
    page = browser.page(f"{path}/errors")
    assert page.count('<td class="bad">') == 50
    assert "&lt;b&gt;st&lt;/b&gt;" in page
    assert "<b>st</b>" not in page
    second = browser.page(next_page_of(page))
    assert second.count('<td class="bad">') == 14
    assert "Article 694" in second
    assert "Article 1<" not in second


def test_rows_are_told_with_their_outcomes_and_changes(browser: Browser) -> None:
    imported(browser, sku_lines(5))
    changed = sku_lines(5).replace("Article 3", "Article three").replace("Article 5", "=1+1")
    import_ = imported(browser, changed)
    path = address(browser, import_)
    page = browser.page(f"{path}/rows?outcome=updated")
    text = text_of(page)
    assert "Article 3 → Article three" in text
    assert "Article 5 → =1+1" in text
    assert "Article 4" not in text
    assert re.search(r'href="/dashboard/records/skus/\w{10}"', page)
    assert "Show all rows" in browser.page(f"{path}/rows?from=6")
    assert browser.get(f"{path}/rows?outcome=lost&from=x").status_code == 200


def test_an_import_that_waits_is_stopped_by_a_button(browser: Browser) -> None:
    import_ = submitted(browser, sku_lines(5))
    path = address(browser, import_)
    page = browser.get(path)
    assert "5 rows wait to be imported." in page.text
    stopped = browser.submit(page, "/interrupt")
    text = text_of(stopped.text)
    assert "Stopped Nothing was written." in text
    assert "It was stopped. Import the file again: rows that are in already" in text
    assert browser.site.longshore.imports.read(import_.id).status is Status.INTERRUPTED
    again = browser.post(f"{path}/interrupt")
    assert again.status_code == 409


def test_an_import_is_deleted_after_a_question(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(5))
    path = address(browser, import_)
    question = browser.get(f"{path}/delete")
    assert "What it has imported stays." in question.text
    listed = browser.post(f"{path}/delete")
    assert listed.status_code == 200
    assert browser.get(path).status_code == 404


def test_what_a_deleted_import_has_left_names_it_and_leads_nowhere(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(2))
    imported(browser, sku_lines(1).replace("Article 1", "Article one"))
    path = address(browser, import_)
    begun = browser.post(f"{path}/undo")
    run_undos(browser)
    record = browser.get("/dashboard/records/skus?q=SKU-1").url.path
    pages = [record, begun.url.path, "/dashboard/activity"]
    assert all(f'href="{path}' in browser.page(each) for each in pages)
    browser.post(f"{path}/delete")
    name = path.rpartition("/")[2]
    for each in pages:
        assert f'href="{path}' not in browser.page(each)
    assert f"import {name} (deleted)" in text_of(browser.page(record))
    assert f"Undo of the deleted import {name}" in text_of(browser.page(begun.url.path))
    assert f"{name} (deleted)" in text_of(browser.page("/dashboard/activity"))


def test_the_history_of_an_import_begins_with_its_creation(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(5))
    text = text_of(browser.page(f"{address(browser, import_)}/history"))
    assert "a person" in text
    assert "in_progress → completed" in text


@pytest.mark.parametrize("part", ["", "/errors", "/rows", "/history", "/delete"])
def test_imports_of_other_environments_are_not_there(browser: Browser, part: str) -> None:
    import_ = imported(browser, sku_lines(2))
    other = signed_in(browser.site, mode="live")
    assert other.get(f"{address(browser, import_)}{part}").status_code == 404
    assert names_in(other.page("/dashboard")) == []


def test_a_plan_is_shown_and_applied(browser: Browser) -> None:
    longshore = browser.site.longshore
    text = sku_lines(20, bad={4: "stones"})
    plan = submitted(browser, text, name="plan.csv", is_plan=True, to_run=True)
    longshore.import_runs.run(plan.id)
    path = f"/dashboard/plans/{longshore.public_ids.encode(plan.id)}"
    page = browser.get(path)
    assert "19 SKUs would be created. 1 row would fail." in text_of(page.text)
    assert "Undo import" not in page.text
    for part in ("/rows", "/errors"):
        assert browser.get(f"{path}{part}").status_code == 200
    assert browser.get(path.replace("plans", "imports")).status_code == 404
    assert signed_in(browser.site, mode="live").get(path).status_code == 404
    applied = browser.submit(page, "/apply")
    assert applied.url.path.startswith("/dashboard/imports/")
    run_imports(browser)
    assert "19 SKUs created. 1 row failed." in text_of(browser.page(applied.url.path))


def test_cells_far_behind_are_read_when_somebody_asks(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("longshore.operations.import_results.SHOWN_WITHIN_ROWS", 10)
    monkeypatch.setattr("longshore.dashboard.pages.imports.GROUPED_AT_ONCE", 1)
    path = address(browser, imported(browser, sku_lines(60, bad={5: "stones", 40: "stones"})))
    page = browser.page(f"{path}/errors")
    assert "stand far behind in the file" in page
    assert "Article 40" not in page
    assert text_of(page).count("stones") == 2
    assert "Group 2 rows by cause" in page
    whole = browser.page(f"{path}/errors?cells=all&causes=all")
    assert "Article 40" in whole
    assert "1 cause, 2 errors" in whole


def test_nul_in_an_address_is_looked_for_as_no_text_is(browser: Browser) -> None:
    # PostgreSQL refuses NUL, so it may reach no query.
    page = browser.page("/dashboard?name=a%00b")
    assert ("\0" in page, "a\ufffdb" in page) == (False, True)
    assert browser.get("/dashboard/mappings/a%00b").status_code == 404


def test_what_is_worth_knowing_of_a_file_names_no_option_of_a_command(browser: Browser) -> None:
    rows = "code,name,do_not_ship\nG-1,Größe,true\n"
    import_ = imported(browser, rows, name="latin.csv", encoding="cp1252")
    page = browser.get(address(browser, import_)).text
    assert "it was read as Windows-1252" in page
    assert "--encoding" not in page
