"""What other sites, other sessions and other environments get: nothing.

The tests go through all pages that there are, so that those which are added later are held to the
same."""

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from longshore.dashboard.pages import all_pages
from tests.dashboard.pages.site import Site

PAGES = [(path, page) for path, page in all_pages() if page.asks_for_session]
CHANGING = [(path, method) for path, page in PAGES for method in page.handlers if method != "GET"]
_PARAMETER = re.compile(r"\{([a-z_]+)(?::[a-z]+)?\}")
_NOBODYS = "aBcDeFgHiJ"


def at(path, id_=_NOBODYS):
    """An address of a page; whatever stands for an id is this one."""
    return "/dashboard" + _PARAMETER.sub(lambda found: _FILLED.get(found[1], id_), path)


# What stands in addresses beside ids.
_FILLED = {"type": "skus", "code": "none", "name": "none", "number": "1", "version": "1"}


def contents(site):
    """Everything that the database holds, but for what every visit leaves."""
    with sqlite3.connect(site.settings.data / "longshore.db") as connection:
        tables = [
            name
            for (name,) in connection.execute("select name from sqlite_master where type = 'table'")
            if name not in ("sessions", "processes")
        ]
        return {name: connection.execute(f'select * from "{name}"').fetchall() for name in tables}


def refused(answer):
    assert answer.status_code == 403, (answer.request.url, answer.status_code, answer.text)
    assert "open the page again" in answer.text or "Signed in again" in answer.text


@pytest.mark.parametrize(("path", "method"), CHANGING)
def test_nothing_is_changed_without_the_token_of_the_session(site, token, path, method):
    browser, _ = token
    other = "1-" + "0" * 64
    before = contents(site)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for given in (b"", b"form_token=", b"form_token=wrong", f"form_token={other}".encode()):
        refused(browser.send(method, at(path), headers=form, content=given))
    for token in ("", "wrong", other):
        headers = {"X-Form-Token": token, "Accept": "application/json"}
        answer = browser.send(method, at(path), headers=headers, content=b"{}")
        assert answer.status_code == 403
    assert contents(site) == before


def test_the_token_of_another_session_is_none(site, token):
    other = site.signed_in().form_token()
    refused(token[0].post("/dashboard/sign-out", {"form_token": other}))
    assert token[0].get("/dashboard/keys").status_code == 200


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


def test_nothing_is_changed_for_a_page_of_another_origin_that_knows_the_token(token):
    browser, form_token = token
    asked = [("/sign-out", "POST", headers) for headers in OTHER_ORIGINS]
    asked += [(path, method, OTHER_ORIGINS[0]) for path, method in CHANGING]
    for path, method, headers in asked:
        sent = {"X-Form-Token": form_token, **headers}
        answer = browser.send(method, at(path), headers=sent, content=b"")
        assert answer.status_code == 403, (path, headers)
        assert "comes from somewhere else" in answer.text


@pytest.fixture(scope="module")
def token(site: Site):
    browser = site.signed_in()
    return browser, browser.form_token()


def test_nobody_is_signed_in_for_a_page_of_another_origin(site):
    """Or somebody would work in an account of whoever has made that page."""
    code = site.longshore.sign_ins.create_code(site.environment())
    browser = site.browser()
    answer = browser.post(f"/dashboard/sign-in/{code}", headers={"Origin": "https://evil.example"})
    assert (answer.status_code, browser.cookies) == (403, {})
    assert browser.post(f"/dashboard/sign-in/{code}").status_code == 303


@pytest.mark.parametrize(("path", "page"), PAGES)
def test_no_page_is_shown_to_a_session_that_is_none(site, token, path, page):
    signed_in = token[0].cookies["longshore_session"]
    for value in (
        "",
        signed_in.swapcase(),
    ):
        browser = site.browser()
        browser.cookies = {"longshore_session": value}
        for method in page.handlers:
            answer = browser.send(method, at(path), content=None if method == "GET" else b"")
            assert answer.status_code in (303, 401), (method, value)
            assert 'name="client_secret"' in answer.text or answer.headers["location"].startswith(
                "/dashboard/sign-in"
            )


def test_a_session_is_not_guessed(site, token):
    real = token[0].cookies["longshore_session"]
    for value in ("guessed", "A" * len(real), real[:-1], real + "A", "' or 1=1 --", "\x00"):
        browser = site.browser()
        browser.cookies = {"longshore_session": value}
        assert browser.get("/dashboard/keys").status_code == 303


def test_a_cookie_of_http_counts_for_nothing_behind_https(site):
    value = site.signed_in().cookies["longshore_session"]
    browser = site.browser(base_url="https://import.example")
    browser.cookies = {"longshore_session": value}
    assert browser.get("/dashboard/keys").status_code == 303


@pytest.mark.parametrize(
    ("base_url", "headers", "client", "secure"),
    [
        ("http://127.0.0.1:8000", {}, "127.0.0.1", False),
        ("https://import.example", {}, "203.0.113.9", True),
        ("http://10.0.0.1", {"X-Forwarded-Proto": "https"}, "127.0.0.1", True),
        ("http://10.0.0.1", {"X-Forwarded-Proto": "https"}, "203.0.113.9", False),
    ],
)
def test_cookies_are_for_this_server_alone(site, base_url, headers, client, secure):
    """And Secure behind https, of which a proxy tells that is trusted."""
    browser = site.browser(base_url=base_url, client=client)
    code = site.longshore.sign_ins.create_code(site.environment())
    origin = ("https" if secure else "http") + "://" + base_url.partition("://")[2]
    answer = browser.post(f"/dashboard/sign-in/{code}", headers={**headers, "Origin": origin})
    assert answer.status_code == 303, answer.text
    flags = {each.strip().lower() for each in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/dashboard", "max-age=43200"} <= flags
    assert ("secure" in flags) is secure
    assert answer.headers["set-cookie"].startswith("__Secure-") is secure
    assert not any(each.startswith("domain") for each in flags)


def test_each_answer_says_what_a_browser_may_do_with_it(site, browser):
    script = re.search(r'src="(/dashboard/static/[^"]*)"', browser.page("/dashboard/keys"))
    assert script is not None
    stranger = site.browser()
    answers = [
        browser.get("/dashboard/keys"),
        browser.get("/dashboard/nothing-here"),
        browser.get(script[1]),
        browser.get("/dashboard/static/0/none.js"),
        browser.post("/dashboard/sign-out"),
        browser.send("DELETE", "/dashboard/keys"),
        browser.send("OPTIONS", "/dashboard/keys"),
        stranger.get("/dashboard"),
        stranger.get("/dashboard/sign-in"),
        *(browser.get(at(path)) for path, page in PAGES if "GET" in page.handlers),
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


def test_no_markup_holds_a_script_or_a_style_of_its_own(browser):
    for path, page in PAGES:
        answer = browser.get(at(path)) if "GET" in page.handlers else None
        if answer is not None and "text/html" in answer.headers.get("content-type", ""):
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", answer.text)


@pytest.mark.parametrize(("path", "page"), [(path, page) for path, page in PAGES if "{id}" in path])
def test_ids_of_other_environments_are_none(site, token, others, path, page):
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
def others(site: Site):
    """Ids of records, imports and drafts of other environments."""
    from tests.dashboard.pages.things import make_things

    return [
        id_
        for environment in (site.environment(mode="live"), site.environment("other"))
        for id_ in make_things(site, environment).values()
    ]


def test_a_session_is_worth_nothing_at_the_host_of_another_organization(template, tmp_path):
    folder = Path(shutil.copytree(template, tmp_path / "data"))
    site = Site(folder, domain="shops.example")
    try:
        site.environment("other")
        own = site.signed_in(base_url="http://default.shops.example")
        assert own.get("/dashboard/keys").status_code == 200
        own.base_url = "http://other.shops.example"
        assert own.get("/dashboard/keys").status_code == 303
        code = site.longshore.sign_ins.create_code(site.environment())
        there = site.browser(base_url="http://other.shops.example")
        refused_ = there.post(f"/dashboard/sign-in/{code}")
        assert refused_.status_code == 403
        assert "of another organization" in refused_.text
        home = site.browser(base_url="http://default.shops.example")
        assert home.post(f"/dashboard/sign-in/{code}").status_code == 303, "it was not used up"
        credentials = site.credentials(site.environment())
        form = {
            "client_id": credentials.application.client_id,
            "client_secret": credentials.secret or "",
        }
        assert there.post("/dashboard/sign-in", form).status_code == 403
    finally:
        site.close()


def test_bodies_have_an_end(site, browser):
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
    stranger = site.browser()
    answer = stranger.send("POST", "/dashboard/sign-out", headers=form, content=much)
    assert answer.status_code == 401
    assert len(answer.content) < 100_000, "what is too long is not carried along"
    assert browser.get("/dashboard/keys").status_code == 200


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
def test_bodies_that_are_none_are_refused(browser, media_type, body):
    headers = {"Content-Type": media_type}
    answer = browser.send("POST", "/dashboard/sign-out", headers=headers, content=body)
    assert answer.status_code in (400, 403)
