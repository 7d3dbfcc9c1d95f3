"""What other sites, other sessions and other environments get: nothing.

The tests go through all pages that there are, so that those which are added later are held to the
same."""

import re
import sqlite3
from collections.abc import Callable

import httpx2
import pytest

from longshore.dashboard.endpoint import Page
from longshore.dashboard.pages import all_pages
from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import (
    SIGN_IN,
    Browser,
    proof_of,
    sign_in_link,
    signed_in,
)
from tests.behaviour.dashboard.imports import csv_of, imported, submitted

PAGES = [(path, page) for path, page in all_pages() if page.asks_for_session]
CHANGING = [(path, method) for path, page in PAGES for method in page.handlers if method != "GET"]
_PARAMETER = re.compile(r"\{([a-z_]+)(?::[a-z]+)?\}")
_NOBODYS = "aBcDeFgHiJ"


def at(path: str, id_: str = _NOBODYS) -> str:
    """An address of a page; whatever stands for an id is this one."""
    return "/dashboard" + _PARAMETER.sub(lambda found: _FILLED.get(found[1], id_), path)


# What stands in addresses beside ids.
_FILLED = {"type": "skus", "code": "none", "name": "none", "number": "1", "version": "1"}


def contents(site: Site) -> dict[str, list[tuple[object, ...]]]:
    """Everything that the database holds, but for what every visit leaves."""
    with sqlite3.connect(site.settings.data / "longshore.db") as connection:
        tables = [
            name
            for (name,) in connection.execute("select name from sqlite_master where type = 'table'")
            if name not in ("sessions", "processes")
        ]
        return {name: connection.execute(f'select * from "{name}"').fetchall() for name in tables}


def check_refused(answer: httpx2.Response) -> None:
    """The answer is that of a request that may have been forged."""
    assert answer.status_code == 403, (answer.request.url, answer.status_code, answer.text)
    assert "open the page again" in answer.text or "Signed in again" in answer.text


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    return shared_site


@pytest.fixture(scope="module")
def token(site: Site) -> tuple[Browser, str]:
    """Somebody, and the token of their forms."""
    browser = signed_in(site)
    return browser, browser.form_token()


@pytest.mark.parametrize(("path", "method"), CHANGING)
def test_nothing_is_changed_without_the_token_of_the_session(
    site: Site, token: tuple[Browser, str], path: str, method: str
) -> None:
    browser, _ = token
    other = "1-" + "0" * 64
    before = contents(site)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for given in (b"", b"form_token=", b"form_token=wrong", f"form_token={other}".encode()):
        check_refused(browser.send(method, at(path), headers=form, content=given))
    for wrong in ("", "wrong", other):
        headers = {"X-Form-Token": wrong, "Accept": "application/json"}
        answer = browser.send(method, at(path), headers=headers, content=b"{}")
        assert answer.status_code == 403
    assert contents(site) == before


def test_the_token_of_another_session_is_refused(site: Site, token: tuple[Browser, str]) -> None:
    other = signed_in(site).form_token()
    check_refused(token[0].send_form("/dashboard/sign-out", {"form_token": other}))
    assert token[0].send("GET", "/dashboard/keys").status_code == 200


OTHER_ORIGINS: tuple[dict[str, str | None], ...] = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8001"},
    {"Origin": "https://127.0.0.1:8000"},
    {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Origin": None, "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)


def test_nothing_is_changed_for_a_page_of_another_origin_that_knows_the_token(
    token: tuple[Browser, str],
) -> None:
    browser, form_token = token
    asked = [("/sign-out", "POST", headers) for headers in OTHER_ORIGINS]
    asked += [(path, method, OTHER_ORIGINS[0]) for path, method in CHANGING]
    for path, method, headers in asked:
        sent = {"X-Form-Token": form_token, **headers}
        answer = browser.send(method, at(path), headers=sent, content=b"")
        assert answer.status_code == 403, (path, headers)
        assert "comes from somewhere else" in answer.text


def test_nobody_is_signed_in_for_a_page_of_another_origin(site: Site) -> None:
    """Or somebody would work in an account of whoever has made that page."""
    link = sign_in_link(site)
    browser = Browser(site)
    answer = browser.send_form(link, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, browser.cookies) == (403, {})
    assert browser.send_form(link).status_code == 303


@pytest.mark.parametrize(("path", "page"), PAGES)
def test_no_page_is_shown_to_a_session_that_does_not_exist(
    site: Site, token: tuple[Browser, str], path: str, page: Page
) -> None:
    real = token[0].cookies["longshore_session"]
    for value in ("", real.swapcase()):
        browser = Browser(site)
        browser.cookies = {"longshore_session": value}
        for method in page.handlers:
            answer = browser.send(method, at(path), content=None if method == "GET" else b"")
            assert answer.status_code in (303, 401), (method, value)
            assert 'name="client_secret"' in answer.text or answer.headers["location"].startswith(
                "/dashboard/sign-in"
            )


def test_guessed_sessions_are_sent_to_the_sign_in(site: Site, token: tuple[Browser, str]) -> None:
    real = token[0].cookies["longshore_session"]
    for value in ("guessed", "A" * len(real), real[:-1], real + "A", "' or 1=1 --", "\x00"):
        browser = Browser(site)
        browser.cookies = {"longshore_session": value}
        assert browser.send("GET", "/dashboard/keys").status_code == 303


def test_a_cookie_of_http_counts_for_nothing_behind_https(site: Site) -> None:
    value = signed_in(site).cookies["longshore_session"]
    browser = Browser(site, base_url="https://import.example")
    browser.cookies = {"longshore_session": value}
    assert browser.send("GET", "/dashboard/keys").status_code == 303


@pytest.mark.parametrize(
    ("base_url", "headers", "client", "secure"),
    [
        ("http://127.0.0.1:8000", {}, "127.0.0.1", False),
        ("https://import.example", {}, "203.0.113.9", True),
        ("http://10.0.0.1", {"X-Forwarded-Proto": "https"}, "127.0.0.1", True),
        ("http://10.0.0.1", {"X-Forwarded-Proto": "https"}, "203.0.113.9", False),
    ],
)
def test_cookies_are_for_this_server_alone(
    site: Site, base_url: str, headers: dict[str, str], client: str, secure: bool
) -> None:
    """And Secure behind https, of which a proxy tells that is trusted."""
    browser = Browser(site, base_url=base_url, client=client)
    link = sign_in_link(site)
    origin = ("https" if secure else "http") + "://" + base_url.partition("://")[2]
    answer = browser.send_form(link, headers={**headers, "Origin": origin})
    assert answer.status_code == 303, answer.text
    flags = {each.strip().lower() for each in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/dashboard", "max-age=43200"} <= flags
    assert ("secure" in flags) is secure
    assert answer.headers["set-cookie"].startswith("__Secure-") is secure
    assert not any(each.startswith("domain") for each in flags)


def test_each_answer_says_what_a_browser_may_do_with_it(site: Site, browser: Browser) -> None:
    script = re.search(r'src="(/dashboard/static/[^"]*)"', browser.page("/dashboard/keys"))
    assert script is not None
    stranger = Browser(site)
    answers = [
        browser.send("GET", "/dashboard/keys"),
        browser.send("GET", "/dashboard/nothing-here"),
        browser.send("GET", script[1]),
        browser.send("GET", "/dashboard/static/0/none.js"),
        browser.send_form("/dashboard/sign-out"),
        browser.send("DELETE", "/dashboard/keys"),
        browser.send("OPTIONS", "/dashboard/keys"),
        stranger.send("GET", "/dashboard"),
        stranger.send("GET", SIGN_IN),
        *(browser.send("GET", at(path)) for path, page in PAGES if "GET" in page.handlers),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        rules = dict(each.strip().partition(" ")[::2] for each in policy.split(";"))
        assert rules["default-src"] == "'none'"
        assert rules["script-src"] == "'self'"
        assert rules["style-src"] == "'self'"
        assert rules["frame-ancestors"] == "'none'"
        assert rules["base-uri"] == "'none'"
        assert rules["form-action"] == "'self'"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        if "/static/" not in str(answer.request.url):
            assert answer.headers["cache-control"] == "no-store"


def test_no_markup_holds_a_script_or_a_style_of_its_own(browser: Browser) -> None:
    for path, page in PAGES:
        answer = browser.send("GET", at(path)) if "GET" in page.handlers else None
        if answer is not None and "text/html" in answer.headers.get("content-type", ""):
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", answer.text)


@pytest.mark.parametrize(("path", "page"), [(path, page) for path, page in PAGES if "{id}" in path])
def test_ids_of_other_environments_are_not_found(
    site: Site, token: tuple[Browser, str], others: list[str], path: str, page: Page
) -> None:
    """Each kind of thing that has an id, of the other mode and of another organization."""
    browser, form_token = token
    before = contents(site)
    for id_ in (*others, _NOBODYS, "0", "%2e%2e%2f", "%00", "a" * 300, "é"):
        for method in page.handlers:
            answer = browser.send(
                method,
                at(path, id_),
                headers={"X-Form-Token": form_token} if method != "GET" else {},
                content=None if method == "GET" else b"",
            )
            assert answer.status_code in (404, 405, 422), (method, answer.request.url, answer.text)
    assert contents(site) == before


@pytest.fixture(scope="module")
def others(site: Site) -> list[str]:
    """Ids of records, imports and drafts of other environments."""
    live, other = signed_in(site, mode="live"), signed_in(site, slug="other")
    return [*ids_of_all_kinds(live), *ids_of_all_kinds(other)]


def ids_of_all_kinds(browser: Browser) -> list[str]:
    """The public ids of one of each kind of thing that has an id."""
    longshore, environment = browser.site.longshore, browser.environment
    text = csv_of([["code", "name", "do_not_ship"], ["A", "Apple", "true"], ["B", "", "perhaps"]])
    import_ = imported(browser, text, skip_errors=True)
    plan = submitted(browser, text, is_plan=True, to_run=True, skip_errors=True)
    draft = longshore.drafts.create(browser.asker, "articles.csv")
    with longshore.records.found(environment, "skus") as found:
        record = next(iter(found.views)).id
    undo = longshore.undos.start(browser.asker, import_, to_run=True)
    client = browser.site.client(slug=environment.organization, mode=environment.mode)
    application = client.credentials.application
    encode = longshore.public_ids.encode
    return [record, *(encode(each.id) for each in (import_, plan, draft, undo, application))]


def test_a_session_is_worth_nothing_at_the_host_of_another_organization(
    open_site: Callable[..., Site],
) -> None:
    site = open_site(domain="shops.example")
    site.client(slug="other")
    own = signed_in(site, base_url="http://default.shops.example")
    assert own.send("GET", "/dashboard/keys").status_code == 200
    own.base_url = "http://other.shops.example"
    assert own.send("GET", "/dashboard/keys").status_code == 303
    link = sign_in_link(site)
    there = Browser(site, base_url="http://other.shops.example")
    refused = there.send_form(link)
    assert refused.status_code == 403
    assert "of another organization" in refused.text
    home = Browser(site, base_url="http://default.shops.example")
    assert home.send_form(link).status_code == 303, "it was not used up"
    assert there.send_form(SIGN_IN, proof_of(site.client().credentials)).status_code == 403


def test_bodies_that_are_too_long_are_refused(site: Site, browser: Browser) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    token = browser.form_token()
    much = f"form_token={token}&x=".encode() + b"a" * (10 * 1024 * 1024)
    assert (
        browser.send("POST", "/dashboard/sign-out", headers=form, content=much).status_code == 413
    )
    many = f"form_token={token}".encode() + b"&a=1" * 100_001
    assert (
        browser.send("POST", "/dashboard/sign-out", headers=form, content=many).status_code == 413
    )
    stranger = Browser(site)
    answer = stranger.send("POST", "/dashboard/sign-out", headers=form, content=much)
    assert answer.status_code == 401
    assert len(answer.content) < 100_000, "what is too long is not carried along"
    assert browser.send("GET", "/dashboard/keys").status_code == 200


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"),
        ("multipart/form-data; boundary=", b"----"),
        ('multipart/form-data; boundary="a b"', b"\x00\xff"),
        ("application/x-www-form-urlencoded", b"%%%=%ff&=&&&"),
        ("application/json", b"[" * 100_000),
        ("\x00", b"\x00"),
    ],
)
def test_bodies_that_are_no_forms_are_refused(
    browser: Browser, media_type: str, body: bytes
) -> None:
    headers = {"Content-Type": media_type}
    answer = browser.send("POST", "/dashboard/sign-out", headers=headers, content=body)
    assert answer.status_code in (400, 403)
