"""A file that the server fetches from an address, as a draft: what is fetched, what is refused, and
what becomes of it when nobody waits, somebody cancels it, or the server is ended."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import httpx2
import pytest
from sqlalchemy import select

from longshore.drafts import Draft, DraftChoices, NewDraft, create_draft, import_drafts
from longshore.operations.drafts import draft_limits
from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.markup import main_text_of, text_of
from tests.behaviour.outgoing.file_server import FileServer, serve_files

SKUS = b"code,name,shipping_category.name\nA-1,Mug,Parcel\nA-2,Cup,Parcel\n"
PATH = "/dashboard/new/address"


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serve_files() as server:
        yield server


@pytest.fixture
def site(open_site: Callable[..., Site]) -> Site:
    return open_site(outgoing_allow="127.0.0.1")


class SlowFile:
    """A file of which a server sends the beginning, and the rest when it is let go."""

    def __init__(self, server: FileServer, path: str, content: bytes, first: int) -> None:
        self.rest = threading.Event()
        self._content, self._first, self._end = content, first, len(content)
        server.answers[path] = self._answer
        self.address = server.url + path

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(self._content)))
        handler.end_headers()
        handler.wfile.write(self._content[: self._first])
        handler.wfile.flush()
        assert self.rest.wait(60)
        handler.wfile.write(self._content[self._first : self._end])

    def break_off(self) -> None:
        """Send nothing more, although more was announced."""
        self._end = self._first
        self.rest.set()


@pytest.fixture
def slow(server: FileServer) -> Iterator[SlowFile]:
    slow = SlowFile(server, "/slow/skus.csv", SKUS, 10)
    yield slow
    slow.rest.set()


def path_of(browser: Browser, page: httpx2.Response) -> str:
    return str(page.url).removeprefix(browser.base_url)


def draft_of(browser: Browser, page: httpx2.Response) -> Draft:
    """The draft that a page is of."""
    drafts = browser.site.services.operations.drafts
    return drafts.find(browser.asker, path_of(browser, page).split("/")[3])


def followed(browser: Browser, page: httpx2.Response) -> httpx2.Response:
    """The page that is shown once the file is fetched, or is not."""
    if 'id="fetching"' in page.text:
        fetches = browser.site.services.operations.draft_fetches
        assert fetches.wait(draft_of(browser, page), seconds=60)
    return browser.get(path_of(browser, page))


def test_a_file_is_fetched_and_called_as_the_answer_says(
    browser: Browser, server: FileServer
) -> None:
    address = server.has("/export", SKUS, Content_Disposition='attachment; filename="skus.csv"')
    shown = followed(browser, browser.post(PATH, {"address": f" {address}?key=1 "}))
    assert str(shown.url).endswith("/file")
    told = text_of(shown.text)
    assert "skus.csv" in told
    assert "The first 2 rows, as they stand in the file" in told
    assert server.requests[0][0] == "/export?key=1"


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/gone.csv", 404, "/gone.csv answers with 404"),
        ("/shut.csv", 403, "it is not for everybody, or its link has expired"),
        ("/down.csv", 503, "/down.csv answers with 503"),
        ("/empty.csv", 200, "the file is empty"),
    ],
)
def test_what_is_not_fetched_is_told_beside_the_address_and_leaves_nothing(
    browser: Browser, server: FileServer, path: str, status: int, sentence: str
) -> None:
    address = server.has(path, status=status)
    shown = browser.post(PATH, {"address": address})
    assert shown.status_code == 422
    assert sentence in text_of(shown.text)
    assert f'value="{address}"' in shown.text
    assert "In preparation" not in browser.page("/dashboard")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "an address looks like https://example.com/products.csv"),
        ("ftp://example.com/a.csv", "addresses of ftp: are not fetched"),
        ("file:///etc/passwd", "addresses of file: are not fetched"),
        ("http://169.254.169.254/latest", "169.254.169.254 is an internal address: link-local"),
        ("http://[::1]/a.csv", "::1 is an internal address: loopback"),
    ],
)
def test_addresses_are_refused_with_the_sentences_of_the_terminal(
    browser: Browser, address: str, sentence: str
) -> None:
    shown = browser.post(PATH, {"address": address})
    assert (shown.status_code, sentence in text_of(shown.text)) == (422, True), shown.text


def test_a_redirect_to_an_internal_address_is_not_followed(
    browser: Browser, server: FileServer
) -> None:
    address = server.has("/moved", status=302, Location="http://169.254.169.254/?key=hunter2")
    shown = browser.post(PATH, {"address": address})
    assert "redirects to http://169.254.169.254/" in text_of(shown.text)
    assert "hunter2" not in shown.text


def test_a_file_over_the_bound_is_not_fetched(
    open_site: Callable[..., Site], server: FileServer
) -> None:
    browser = signed_in(open_site(outgoing_allow="127.0.0.1", upload_bytes_max=1_000))
    address = server.has("/large.csv", b"x" * 1_001)
    shown = browser.post(PATH, {"address": address})
    assert "/large.csv has more than 1,000 bytes" in text_of(shown.text)


def test_secrets_of_an_address_are_neither_shown_nor_kept_nor_observed(
    site: Site, browser: Browser, server: FileServer, slow: SlowFile
) -> None:
    def with_secrets(address: str) -> str:
        place = address.removeprefix("http://")
        return f"http://shop:hunter2@{place}?key=hunter2"

    shown = browser.post(PATH, {"address": with_secrets(server.has("/gone.csv", status=404))})
    assert "hunter2" not in shown.text
    shown = browser.post(PATH, {"address": with_secrets(slow.address)})
    assert f"From {slow.address} 0 bytes of 63 bytes" in text_of(shown.text)
    assert "hunter2" not in shown.text
    slow.rest.set()
    shown = followed(browser, shown)
    assert "hunter2" not in shown.text
    with site.database.read() as tx:
        rows = tx.connection.execute(select(import_drafts)).all()
    assert rows
    assert "hunter2" not in repr(rows)
    assert "hunter2" not in repr((site.observed.observations, site.observed.requests))


def test_a_slow_file_is_waited_for_by_pages_that_can_be_left(
    browser: Browser, slow: SlowFile
) -> None:
    shown = browser.post(PATH, {"address": slow.address})
    path = path_of(browser, shown)
    assert path.endswith("/address")
    assert "The file is fetched" in main_text_of(shown.text)
    assert "Go on with skus.csv" in text_of(browser.page("/dashboard"))
    draft = path.removesuffix("/address")
    assert str(browser.get(draft).url).endswith("/address")  # a reload, or a colleague
    slow.rest.set()
    assert str(followed(browser, browser.get(path)).url).endswith("/file")


def test_a_fetch_that_is_cancelled_ends_although_its_server_is_silent(
    site: Site, browser: Browser, slow: SlowFile
) -> None:
    shown = browser.post(PATH, {"address": slow.address})
    draft = draft_of(browser, shown)
    browser.submit(shown, "/discard")
    assert browser.send("GET", path_of(browser, shown)).status_code == 404
    assert "In preparation" not in browser.page("/dashboard")
    assert site.services.operations.draft_fetches.wait(draft, seconds=60)


def test_a_fetch_that_ended_with_its_server_is_told_and_begun_again(
    site: Site, browser: Browser, server: FileServer
) -> None:
    # What is left by a process that was killed, once it would have been heard of again.
    new = NewDraft(
        environment=browser.environment.number,
        application_id=None,
        source_name="skus.csv",
        choices=DraftChoices(resource_type="skus"),
        fetched_from=f"{server.url}/skus.csv",
    )
    with site.database.write() as tx:
        left = create_draft(tx, new, draft_limits(site.settings))
    path = f"/dashboard/new/{site.services.public_ids.encode(left.id)}"
    shown = browser.get(path)
    assert "Nobody fetches this file any more" in main_text_of(shown.text)
    assert f'value="{server.url}/skus.csv"' in shown.text
    refused = browser.submit(shown, "/address", address="ftp://127.0.0.1/skus.csv")
    assert refused.status_code == 422
    assert "addresses of ftp: are not fetched" in text_of(refused.text)
    server.has("/skus.csv", SKUS)
    shown = followed(browser, browser.submit(shown, "/address"))
    assert str(shown.url).endswith("/file")
    assert "The first 2 rows" in text_of(shown.text)
    assert draft_of(browser, shown).choices.resource_type == "skus"
    assert browser.send("GET", path).status_code == 404  # the first one has gone


def test_a_fetch_that_breaks_off_says_why_and_can_be_begun_again(
    browser: Browser, server: FileServer
) -> None:
    slow = SlowFile(server, "/cut.csv", SKUS, 10)
    shown = browser.post(PATH, {"address": slow.address})
    assert "The file is fetched" in main_text_of(shown.text)
    slow.break_off()
    told = text_of(followed(browser, shown).text)
    assert "broke off before the end" in told
    assert "Try it again." in told
    shown = browser.get(path_of(browser, shown))
    address = server.has("/whole.csv", SKUS)
    shown = followed(browser, browser.submit(shown, "/address", address=address))
    assert "The first 2 rows" in text_of(shown.text)


def test_drafts_of_other_environments_are_not_there(
    site: Site, browser: Browser, slow: SlowFile
) -> None:
    shown = browser.post(PATH, {"address": slow.address})
    path = path_of(browser, shown)
    stranger = signed_in(site, slug="other")
    assert stranger.send("GET", path).status_code == 404
    assert stranger.post(path, {"address": slow.address}, follow=False).status_code == 404
