"""Somebody who looks on: what a page, its title and its picture say of an import that waits, runs
and ends, without being loaded again."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.behaviour.serving.servers import Server, Worker, children, skus
from tests.dashboard.chromium import Watched, opened, sign_in
from tests.dashboard.conftest import link

_ROWS = 3_000
_ONE_BY_ONE = {"LONGSHORE_CHUNK_ROWS": "1", "LONGSHORE_CHUNK_ROWS_FIRST": "1"}


@pytest.fixture
def idle_server(tmp_path: Path) -> Iterator[Server]:
    """A server that takes imports, and runs none."""
    server = Server(tmp_path / "data", "--no-worker")
    yield server
    server.stop()


@pytest.fixture
def looking_on(chromium: Browser, idle_server: Server) -> Iterator[Watched]:
    with opened(chromium, idle_server.url) as watched:
        sign_in(watched, link(idle_server))
        yield watched


def test_an_import_is_followed_from_waiting_to_its_end(
    looking_on: Watched, idle_server: Server
) -> None:
    page = looking_on.page
    id_ = idle_server.submit(skus(_ROWS))
    page.goto(f"/dashboard/imports/{id_}")
    expect(page.locator('[data-wait="message"]')).to_contain_text("Nobody runs imports")
    expect(page.locator('[data-wait="command"]')).to_have_text("longshore worker")
    expect(page).to_have_title(re.compile("^0 % · "))
    expect(page.locator('link[rel="icon"]')).to_have_attribute("href", re.compile("^data:image/"))
    page.evaluate("window.isSame = true")

    worker = Worker(idle_server.data, settings=_ONE_BY_ONE)
    idle_server.wait_for(id_, "in_progress", processed=_ROWS // 20)
    held = [worker.process.pid, *children(worker.process.pid)]
    for each in held:
        os.kill(each, signal.SIGSTOP)
    expect(page).to_have_title(re.compile("^[1-9][0-9]? % · "))
    expect(page.locator('[data-show="rows"]')).to_contain_text("of 3,000 rows")
    expect(page.locator('[data-show="wait"]')).to_be_hidden()
    expect(page.get_by_text("3,000 rows wait to be imported.")).to_be_hidden()
    expect(page.locator(".status").first).to_be_hidden()
    assert page.evaluate("window.isSame")

    for each in held:
        os.kill(each, signal.SIGCONT)
    expect(page.locator(".status").first).to_contain_text("Completed")
    expect(page).not_to_have_title(re.compile("%"))
    expect(page.get_by_text("3,000 SKUs created")).to_be_visible()
    assert worker.stop() == 0


def test_what_is_all_or_nothing_tells_its_stage_as_it_moves(
    looking_on: Watched, idle_server: Server
) -> None:
    """Nothing runs: what the server tells is changed on its way as a runner would change it."""
    page = looking_on.page
    looking_on.expected = ("MIME type",)  # of a document in place of events, so the page asks on
    moved: dict[str, object] = {}

    def tell(route: Route) -> None:
        told = route.fetch(headers={**route.request.headers, "accept": "application/json"})
        route.fulfill(json={**told.json(), **moved})

    page.route("**/progress", tell)
    page.goto(f"/dashboard/imports/{idle_server.submit(skus(3), all_or_nothing=True)}")
    stage = page.locator('[data-show="stage"]')
    created = page.locator('[data-count="created_count"]')
    judged = page.locator('[data-count="judged_count"]')
    expect(stage).to_have_text("it has not begun")
    page.evaluate("window.isSame = true")

    moved |= {"status": "in_progress", "stage": "judging", "skipped_count": 2, "rows_to_go": 1}
    expect(stage).to_have_text("its rows are judged, and nothing is written")
    expect(judged).to_have_text(re.compile("2\\s*Without errors"))
    expect(created).to_be_hidden()
    expect(page.locator('[data-count="skipped_count"]')).to_be_hidden()

    moved |= {"stage": "writing", "created_count": 2, "skipped_count": 0}
    expect(stage).to_have_text("no row failed, and all are written")
    expect(created).to_have_text(re.compile("2\\s*Created"))
    expect(judged).to_be_hidden()
    assert page.evaluate("window.isSame")


def test_an_undo_is_followed_to_its_end(looking_on: Watched, idle_server: Server) -> None:
    page = looking_on.page
    id_ = idle_server.submit(skus(_ROWS))
    worker = Worker(idle_server.data)
    idle_server.wait_for(id_, "completed")
    assert worker.stop() == 0
    page.goto(f"/dashboard/imports/{id_}/undo")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator('[data-wait="message"]')).to_contain_text("Nobody runs imports")
    expect(page.locator('[data-show="rows"]')).to_have_text("0 of 3,000 changes")
    expect(page).to_have_title("0 % · Undo · longshore")

    worker = Worker(idle_server.data)
    expect(page.locator(".status").first).to_contain_text("Completed")
    expect(page.get_by_text("3,000 records removed, 0 given back, 0 kept.")).to_be_visible()
    assert worker.stop() == 0


def test_an_import_is_stopped_where_it_is_watched(looking_on: Watched, idle_server: Server) -> None:
    page = looking_on.page
    page.goto(f"/dashboard/imports/{idle_server.submit(skus(3))}")
    page.get_by_text("Stop …").click()
    expect(page.get_by_text("0 rows are written, 3 are not")).to_be_visible()
    page.get_by_role("button", name="Stop the import").click()
    expect(page.locator(".status").first).to_contain_text("Stopped")
