import re

import pytest

from longshore.undos import UndoStatus
from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.imports import address, imported, run_undos, sku_lines, submitted
from tests.behaviour.dashboard.markup import field_of, text_of


def codes(browser: Browser) -> int:
    """How many SKUs there are."""
    with browser.site.database.read() as tx:
        return int(tx.fetch("SELECT count(*) FROM skus", ())[0][0])


def told(browser: Browser, path: str) -> str:
    """The text of a page, without the space that stands between a link and what follows it."""
    return re.sub(r" ([.,])", r"\1", text_of(browser.page(path)))


def statuses(browser: Browser) -> str:
    """What the list of imports says, without what it can be narrowed to."""
    page = browser.page("/dashboard")
    return text_of(re.sub(r"<select.*?</select>", "", page, flags=re.S))


def test_an_undo_is_looked_at_begun_and_undone_in_its_turn(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(20))
    imported(browser, sku_lines(3).replace("Article 2", "Article two"))
    path = address(browser, import_)
    question = browser.get(f"{path}/undo")
    text = text_of(question.text)
    assert "19 records are removed, 0 get back what they had, 1 stays as it is." in text
    assert "1 kept, changed by somebody else since" in text
    assert codes(browser) == 20

    begun = browser.post(f"{path}/undo")
    assert begun.url.path.startswith("/dashboard/undos/")
    assert "Waiting" in begun.text
    run_undos(browser)
    ended = browser.get(begun.url.path)
    text = text_of(ended.text)
    assert "Completed, 1 record kept" in text
    assert "19 records removed, 0 given back, 1 kept." in text
    assert codes(browser) == 1
    assert ">Undone</span>" in browser.page("/dashboard")
    assert len(re.findall(r'href="/dashboard/records/skus/\w{10}"', ended.text)) == 1

    again = browser.get(f"{begun.url.path}/undo")
    assert "Undo this undo" in again.text
    second = browser.post(f"{begun.url.path}/undo")
    run_undos(browser)
    assert "Completed" in browser.page(second.url.path)
    assert codes(browser) == 20
    assert "Undone" not in re.sub(
        r"<select.*?</select>", "", browser.page("/dashboard"), flags=re.S
    )
    text = told(browser, begun.url.path)
    assert "This undo is taken back: 0 removed, 19 given back, 0 kept." in text
    assert "Undo this undo" not in text
    text = told(browser, path)
    assert (
        "This import was taken back, and is in effect again: "
        "19 removed, 0 given back, 1 kept, taken back itself." in text
    )


def test_all_undos_of_an_import_are_told_and_those_that_were_undone(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(2))
    imported(browser, sku_lines(1).replace("Article 1", "Article one"))
    path = address(browser, import_)

    def undone(of: str) -> str:
        begun = browser.post(f"{of}/undo")
        assert begun.status_code == 200
        run_undos(browser)
        return begun.url.path

    first = undone(path)
    one = "1 removed, 0 given back, 1 kept"
    assert f"This import is taken back: {one}." in told(browser, path)
    undone(path)
    nothing = "0 removed, 0 given back, 1 kept"
    text = told(browser, path)
    assert f"This import is taken back, by 2 undos: {one}. {one} {nothing} " in text
    assert "Undone" in statuses(browser)

    undone(first)
    assert codes(browser) == 2
    text = told(browser, path)
    again = f"was taken back, and is in effect again: {one}, taken back itself {nothing} "
    assert again in text
    assert "Completed" in text
    assert "Undone" not in statuses(browser)
    assert not browser.page("/dashboard?status=undone").count(path)
    assert "Undo import" in text, "it can be taken back again"


def test_an_undo_that_was_looked_at_before_another_one_is_not_begun(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(2))
    imported(browser, sku_lines(1).replace("Article 1", "Article one"))
    path = address(browser, import_)
    windows = [browser.get(f"{path}/undo"), browser.get(f"{path}/undo")]
    forms_of = [field_of(each.text, "seen") for each in windows]
    begun = browser.post(f"{path}/undo", {"seen": forms_of[0]})
    run_undos(browser)
    refused = browser.post(f"{path}/undo", {"seen": forms_of[1]})
    assert refused.status_code == 409
    undo_id = begun.url.path.rpartition("/")[2]
    assert f"the undo {undo_id} was begun after this was shown" in text_of(refused.text)
    assert len(browser.site.longshore.undos.list(browser.environment)) == 1
    shown = browser.get(f"{path}/undo")
    assert browser.post(f"{path}/undo", {"seen": field_of(shown.text, "seen")}).status_code == 200


def test_an_undo_that_was_stopped_is_told_as_a_part(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(3))
    path = address(browser, import_)
    begun = browser.post(f"{path}/undo")
    with browser.site.database.write() as tx:  # as if it had been stopped behind its first step
        tx.execute("UPDATE import_undos SET removed_count = 2", ())
    browser.submit(begun, "/interrupt")
    text = told(browser, path)
    assert "This import is taken back in part: 2 removed, 0 given back, 0 kept, stopped." in text
    assert "Completed, undone in part" in text
    assert "Completed, undone in part" in statuses(browser)


def test_an_undo_that_waits_is_stopped_by_a_button(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(3))
    begun = browser.post(f"{address(browser, import_)}/undo")
    refused = browser.post(f"{address(browser, import_)}/undo")
    assert refused.status_code == 409
    stopped = browser.submit(begun, "/interrupt")
    assert "Stopped" in stopped.text
    (undo,) = browser.site.longshore.undos.list(browser.environment)
    assert undo.status is UndoStatus.INTERRUPTED


def test_an_undo_that_waits_is_watched_as_an_import_is(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(20))
    path = browser.post(f"{address(browser, import_)}/undo").url.path
    waiting = browser.page(path)
    assert f'data-stream="{path}/progress"' in waiting
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in waiting
    assert "Nobody runs imports: 1 waits. Start one with longshore worker" in text_of(waiting)
    assert "0 of 20 changes" in text_of(waiting)


def test_an_undo_that_runs_tells_counts_rate_and_remaining_time(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(20))
    path = browser.post(f"{address(browser, import_)}/undo", follow=False).headers["location"]
    with browser.site.database.write() as tx:
        tx.connection.exec_driver_sql(
            "UPDATE import_undos SET status = 'in_progress', started_at = created_at - 4000,"
            " done_count = 8, removed_count = 7, kept_count = 1"
        )
    text = text_of(browser.page(path))
    assert "Taking changes back" in text
    assert "8 of 20 changes" in text
    assert re.search(r"\d+ changes/s \d+ s left ", text)
    assert "7 Removed 0 Given back 1 Kept" in text
    assert "What is given back stays so. 8 changes are done, 12 are not." in text
    status, told = browser.module("GET", f"{path}/progress")
    assert (status, told["type"], told["phase"]) == (200, "import_undos", "taking changes back")
    assert (told["rows_done"], told["changes_count"], told["rows_to_go"]) == (8, 20, 12)
    assert (told["removed_count"], told["kept_count"], told["has_ended"]) == (7, 1, False)


def test_what_an_undo_waits_for_is_led_to(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(3))
    first = browser.post(f"{address(browser, import_)}/undo", follow=False).headers["location"]
    second = address(browser, submitted(browser, sku_lines(3)))
    link = r'data-wait="link" href="([^"]+)"'
    found = re.search(link, browser.page(second))
    assert found is not None
    assert found[1] == first


def test_an_undo_that_has_ended_ends_its_events_and_shows_its_result(browser: Browser) -> None:
    import_ = imported(browser, sku_lines(3))
    path = browser.post(f"{address(browser, import_)}/undo").url.path
    run_undos(browser)
    answer = browser.get(f"{path}/progress")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "event: end\nid: 3-0-completed\ndata: {" in answer.text
    ended = browser.page(path)
    assert "data-stream" not in ended
    assert "http-equiv" not in ended
    assert "3 records removed, 0 given back, 0 kept." in text_of(ended)


def test_what_has_changed_nothing_offers_no_undo(browser: Browser) -> None:
    imported(browser, sku_lines(3))
    import_ = imported(browser, sku_lines(3))
    page = browser.page(address(browser, import_))
    assert "All 3 rows are already as in the file. Nothing was written." in page
    assert "Undo import" not in page
    refused = browser.get(f"{address(browser, import_)}/undo")
    assert refused.status_code == 409
    assert "has changed nothing" in refused.text


@pytest.mark.parametrize("part", ["", "/undo", "/progress"])
def test_undos_of_other_environments_are_not_there(browser: Browser, part: str) -> None:
    import_ = imported(browser, sku_lines(3))
    begun = browser.post(f"{address(browser, import_)}/undo")
    other = signed_in(browser.site, mode="live")
    assert other.get(f"{begun.url.path}{part}").status_code == 404
    assert other.post(f"{begun.url.path}/undo").status_code == 404
    assert other.post(f"{address(browser, import_)}/undo").status_code == 404
