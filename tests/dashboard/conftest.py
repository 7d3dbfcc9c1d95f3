"""A real browser, and a server for it.

Tests of pages that need no real browser are in tests/behaviour/dashboard.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

from tests.behaviour.serving.servers import Server, run
from tests.dashboard.chromium import (
    VARIABLE,
    Watched,
    find_chromium,
    opened,
    sign_in,
    start_chromium,
)


# By module: as long as it is there, the thread of the tests belongs to its loop, and no test can
# run one of its own.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """A real browser; without one on the machine, what needs it is skipped."""
    program = find_chromium()
    if program is None:
        pytest.skip(f"no Chromium on this machine; install `chromium`, or name one in {VARIABLE}")
    with sync_playwright() as playwright:
        browser = start_chromium(playwright, program)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`longshore serve` with its workers, for the tests of a module."""
    server = Server(tmp_path_factory.mktemp("serving") / "data")
    yield server
    server.stop()


Open = Callable[..., Watched]


@pytest.fixture
def window(chromium: Chromium, serving: Server) -> Iterator[Open]:
    """Opens windows of somebody who has signed in; each is checked at the end of the test."""
    with ExitStack() as windows:

        def open_window(*, signs_in: bool = True, **options: Any) -> Watched:
            watched = windows.enter_context(opened(chromium, serving.url, **options))
            if signs_in:
                sign_in(watched, link(serving))
            return watched

        yield open_window


def link(server: Server, *arguments: str) -> str:
    """A one-time link into the dashboard of a server."""
    told = run(server.data, "dashboard", "--no-open", "--url", server.url, *arguments)
    return next(word for word in told.split() if "/sign-in/" in word)
