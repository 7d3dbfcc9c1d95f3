"""The Chromium of the machine, driven by Playwright; and what every page of it has to keep."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Page,
    Playwright,
    Request,
    expect,
)

from tests.clients.installing import MODULES

# On a machine that does many other things; nothing waits so long where something is wrong.
PATIENCE_MILLISECONDS = 120_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)

VARIABLE = "LONGSHORE_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# A container has no sandbox to give, and nobody is told anything.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
]

# What markup in a file would set if it were run; that of the Big List of Naughty Strings shows a
# dialog instead.
MARKER = "marker"

_AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def find_chromium() -> str | None:
    """The program that a variable names, or the one that the machine has."""
    named = os.environ.get(VARIABLE)
    if named:
        return named
    return next(filter(None, map(shutil.which, _NAMES)), None)


def start_chromium(playwright: Playwright, program: str) -> Browser:
    """A browser with nothing in it."""
    return playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)


@dataclass
class Watched:
    """A page, and what it must never do: write to the console, ask another machine, run what came
    in with a file."""

    page: Page
    url: str  # of the server
    messages: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    # Messages that a test brings about itself, such as by stopping the server.
    expected: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("request", self._on_request)
        self.page.on("dialog", self._on_dialog)

    def check(self) -> None:
        """Fail where anything of it has happened."""
        told = [each for each in self.messages if not any(text in each for text in self.expected)]
        assert told == []
        assert self.asked == []
        if not self.page.is_closed() and self.page.url.startswith("http"):
            # A page that looks again by itself may be on its way to the next one, which this waits
            # for; where the marker is set it waits in vain.
            self.page.wait_for_function(f"() => typeof window.{MARKER} === 'undefined'")

    def violations(self) -> list[str]:
        """What axe-core finds on the page as it is, each with the places."""
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            # By the protocol of the browser, which the policy of the page does not concern.
            self.page.evaluate((MODULES / "axe-core/axe.min.js").read_text("utf-8"))
        found: dict[str, Any] = self.page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", _AXE_TAGS
        )
        return [
            f"{each['id']}: {[node['target'] for node in each['nodes']]}"
            for each in found["violations"]
        ]

    def _on_console(self, message: ConsoleMessage) -> None:
        self.messages.append(f"{message.type}: {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":  # a page with something unsaved warns whoever leaves
            dialog.accept()
            return
        self.messages.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_request(self, request: Request) -> None:
        wanted, own = urlsplit(request.url), urlsplit(self.url)
        if wanted.scheme in ("http", "https", "ws", "wss") and wanted.netloc != own.netloc:
            self.asked.append(request.url)


@contextmanager
def opened(browser: Browser, url: str, **options: Any) -> Iterator[Watched]:
    """A window of its own, without the cookies of others; at its end it is checked."""
    options.setdefault("viewport", {"width": 1280, "height": 800})
    context = browser.new_context(base_url=url, locale="en-GB", timezone_id="UTC", **options)
    try:
        watched = Watched(context.new_page(), url)
        watched.page.set_default_timeout(PATIENCE_MILLISECONDS)
        yield watched
        watched.check()
    finally:
        context.close()


def sign_in(watched: Watched, link: str) -> None:
    """Come in by a one-time link."""
    watched.page.goto(link)
    watched.page.get_by_role("button", name="Sign in").click()
    watched.page.wait_for_url("**/dashboard")


def upload(watched: Watched, file: Path) -> None:
    """Give a file to the page for new imports, and wait until what it is is shown."""
    watched.page.goto("/dashboard/new")
    watched.page.locator('input[type="file"]').first.set_input_files(file)
    watched.page.wait_for_url("**/file")
