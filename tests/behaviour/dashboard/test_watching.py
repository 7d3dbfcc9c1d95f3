"""What is seen of what waits and runs: on its page, and in the bar of all pages."""

import re

from longshore.imports import begin_writing
from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.imports import address, imported, sku_lines, submitted
from tests.behaviour.dashboard.markup import text_of
from tests.behaviour.imports.factory import claim, go_to, judge_to


def test_the_page_of_an_import_that_waits_says_for_what_and_how_to_stop_it(
    browser: Browser,
) -> None:
    import_ = submitted(browser, sku_lines(5))
    page = browser.page(address(browser, import_))
    assert 'http-equiv="refresh"' in page  # within noscript: the module needs none
    assert 'aria-valuetext="0 percent"' in page
    text = text_of(page)
    assert "Nobody runs imports: 1 waits. Start one with longshore worker" in text
    assert "0 Created 0 Updated 0 Unchanged 0 Failed 5 Still to go" in text
    assert "What is written stays. 0 rows are written, 5 are not." in text
    assert "You can close this page." in text

    stopped = browser.submit(browser.get(address(browser, import_)), "/interrupt")
    assert "Still to go" not in stopped.text
    assert "http-equiv" not in stopped.text


def test_types_are_called_by_their_titles_while_something_runs_and_in_lists(
    browser: Browser,
) -> None:
    import_ = submitted(browser, "name,currency_code\nWeb,EUR\n", resource_type="price_lists")
    with browser.site.database.write() as tx:
        tx.connection.exec_driver_sql(
            "UPDATE imports SET status = 'in_progress', started_at = created_at"
        )
    page = browser.page(address(browser, import_))
    assert '<h2 id="watch-phase" data-show="phase">Importing price lists</h2>' in page
    assert """data-things='{"price_lists": "price lists"}'""" in page
    status, told = browser.module("GET", f"{address(browser, import_)}/progress")
    assert (status, told["phase"]) == (200, "importing price_lists")  # as the API says it
    listed = browser.page("/dashboard")
    assert '<option value="price_lists">Price lists</option>' in listed
    assert "<td>Price lists</td>" in listed
    for path in ("/dashboard/activity", "/dashboard/system"):
        assert "<td>Price lists</td>" in browser.page(path)


def test_what_is_all_or_nothing_shows_no_outcomes_before_it_writes(browser: Browser) -> None:
    database = browser.site.database
    import_ = submitted(browser, sku_lines(6), to_run=True, all_or_nothing=True)
    path = address(browser, import_)
    assert "All or nothing: it has not begun ." in text_of(browser.page(path))

    claimed = claim(database, import_)
    judge_to(database, claimed, 4, errors=1)
    judged = browser.page(path)
    assert "All or nothing: its rows are judged, and nothing is written ." in text_of(judged)
    assert shown_counts(judged) == ["3 Without errors", "1 Failed", "2 Still to go"]
    status, told = browser.module("GET", f"{path}/progress")
    assert (status, told["stage"]) == (200, "judging")


def test_what_is_all_or_nothing_shows_outcomes_as_it_writes(browser: Browser) -> None:
    database = browser.site.database
    import_ = submitted(browser, sku_lines(6), to_run=True, all_or_nothing=True)
    claimed = claim(database, import_)
    judge_to(database, claimed, 6)
    with database.write() as tx:
        writing = begin_writing(tx, claimed.run)
    go_to(database, writing, 4, created=4)
    page = browser.page(address(browser, import_))
    assert "All or nothing: no row failed, and all are written ." in text_of(page)
    assert "its rows are judged" not in text_of(page)
    assert shown_counts(page) == [
        "4 Created",
        "0 Updated",
        "0 Unchanged",
        "0 Skipped",
        "0 Failed",
        "2 Still to go",
    ]


def shown_counts(markup: str) -> list[str]:
    """The counts of what is watched, without those that are hidden."""
    found = re.findall(r'<li (data-count="[^>]*)>(.*?)</li>', markup)
    return [text_of(inside) for head, inside in found if not head.endswith("hidden")]


def test_a_page_that_gets_no_events_asks_for_a_document(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(3, bad={2: "stone"}), skip_errors=True)
    status, told = browser.module("GET", f"{address(browser, import_)}/progress")
    assert (status, told["status"], told["has_ended"]) == (200, "completed", True)
    assert (told["created_count"], told["errors_count"], told["rows_to_go"]) == (2, 1, 0)
    assert [(each["row"], each["attribute"]) for each in told["failed"]] == [(2, "unit_of_weight")]


def test_events_of_an_import_that_has_ended_end_at_once(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(3))
    answer = browser.get(f"{address(browser, import_)}/progress")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "event: end\nid: 3-0-completed\ndata: {" in answer.text


def test_every_page_says_what_waits_and_leads_to_it(browser: Browser) -> None:
    assert 'class="running' not in browser.page("/dashboard")
    submitted(browser, sku_lines(1))
    page = browser.page("/dashboard/keys")
    assert '<a href="/dashboard?status=waiting">1 import waits</a>' in page
    assert "Nobody runs imports: 1 waits." in text_of(page)


def test_imports_of_another_environment_are_not_watched(browser: Browser) -> None:
    import_ = submitted(browser, sku_lines(1))
    other = signed_in(browser.site, mode="live")
    assert other.get(f"{address(browser, import_)}/progress").status_code == 404
    assert 'class="running' not in other.page("/dashboard")
