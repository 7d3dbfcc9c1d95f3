"""Coming in, going out, and going on after a session has ended."""

import json

import pytest

from longshore.access import (
    Application,
    ApplicationKind,
    SignInTries,
    delete_application,
    revoke_tokens,
    rotate_secret,
)
from longshore.observations import SessionOpened, SignInFailed
from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import (
    SIGN_IN,
    Browser,
    proof_of,
    sign_in_link,
    signed_in,
)
from tests.behaviour.dashboard.markup import field_of, main_text_of


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    return shared_site


def test_a_code_opens_one_session_and_is_no_use_a_second_time(site: Site) -> None:
    browser = Browser(site)
    link = sign_in_link(site)
    looked = browser.send("GET", link)
    assert looked.status_code == 200
    assert not browser.cookies, "looking at a link opens nothing"
    assert browser.send_form(link).headers["location"] == "/dashboard"
    assert browser.send("GET", "/dashboard/keys").status_code == 200
    other = Browser(site)
    refused = other.send_form(link)
    assert refused.status_code == 403
    assert "used already" in main_text_of(refused.text)
    assert "longshore dashboard makes another one" in main_text_of(refused.text)
    assert not other.cookies


def test_a_code_ends_after_fifteen_minutes(site: Site) -> None:
    link = sign_in_link(site)
    with site.database.write() as tx:
        tx.connection.exec_driver_sql("update sign_in_codes set expires_at = expires_at - 900001")
    assert Browser(site).send_form(link).status_code == 403


def test_somebody_who_is_signed_in_can_come_into_another_mode_by_a_link(site: Site) -> None:
    browser = signed_in(site)
    before = dict(browser.cookies)
    link = sign_in_link(site, mode="live")
    assert browser.send_form(link).status_code == 303
    assert 'data-mode="live"' in browser.page("/dashboard/keys")
    browser.cookies = before
    assert browser.send("GET", "/dashboard/keys").status_code == 303, "the session before has ended"


@pytest.mark.parametrize("kind", ApplicationKind)
def test_an_application_comes_in_if_its_kind_may(site: Site, kind: ApplicationKind) -> None:
    credentials = site.client(kind).credentials
    browser = Browser(site, client=f"10.0.0.{len(kind)}")
    answer = browser.send_form(
        SIGN_IN, proof_of(credentials, "none") if kind == "sales_channel" else proof_of(credentials)
    )
    if kind == "sales_channel":
        assert answer.status_code == 403
        assert "this application cannot use the dashboard" in main_text_of(answer.text)
        return
    assert answer.status_code == 303
    assert browser.send("GET", "/dashboard").status_code == 200


def test_five_wrong_tries_in_a_minute_make_wait_by_machine_and_by_application(site: Site) -> None:
    credentials = site.client().credentials
    browser = Browser(site, client="10.1.0.1")
    for _ in range(5):
        wrong = browser.send_form(SIGN_IN, proof_of(credentials, "wrong"))
        assert wrong.status_code == 403
        assert "do not belong together" in main_text_of(wrong.text)
    late = browser.send_form(SIGN_IN, proof_of(credentials))
    assert late.status_code == 429
    seconds = int(late.headers["retry-after"])
    assert 50 <= seconds <= 60
    assert f"Try again in {seconds} seconds." in main_text_of(late.text)
    elsewhere = Browser(site, client="10.1.0.2").send_form(SIGN_IN, proof_of(credentials))
    assert elsewhere.status_code == 429, "guessing goes on from no other machine"
    other = site.client().credentials
    assert browser.send_form(SIGN_IN, proof_of(other)).status_code == 429
    assert Browser(site, client="10.1.0.2").send_form(SIGN_IN, proof_of(other)).status_code == 303


def test_tries_are_free_again_as_they_grow_old_and_right_ones_do_not_count() -> None:
    now = [0.0]
    tries = SignInTries(now=lambda: now[0])
    for _ in range(20):
        assert tries.begin(["a", "b"]) == 0
        tries.forgive(["a", "b"])
    for second in range(5):
        now[0] = float(second)
        assert tries.begin(["a"]) == 0
    now[0] = 20.0
    assert tries.begin(["a"]) == 40
    assert tries.begin(["b", "a"]) == 40
    assert [tries.begin(["b"]) for _ in range(5)] == [0] * 5, "a refused try counted for nobody"
    now[0] = 60.0
    assert tries.begin(["a"]) == 0
    assert tries.begin(["a"]) == 1


def test_signing_out_ends_the_session_for_every_browser_that_has_its_cookie(
    site: Site, browser: Browser
) -> None:
    copied = dict(browser.cookies)
    token = browser.form_token()
    answer = browser.send_form("/dashboard/sign-out", {"form_token": token})
    assert answer.headers["location"] == SIGN_IN
    assert not browser.cookies
    browser.cookies = copied
    assert browser.send("GET", "/dashboard").headers["location"].startswith(SIGN_IN)


def test_a_session_ends_with_its_time_its_application_and_the_tokens_of_it(site: Site) -> None:
    def session() -> tuple[Browser, Application]:
        credentials = site.client().credentials
        browser = Browser(site, client=f"10.2.0.{credentials.application.id % 200}")
        assert browser.send_form(SIGN_IN, proof_of(credentials)).status_code == 303
        assert browser.send("GET", "/dashboard/keys").status_code == 200
        return browser, credentials.application

    browser, application = session()
    with site.database.write() as tx:
        delete_application(tx, application.id)
    assert browser.send("GET", "/dashboard/keys").status_code == 303
    browser, application = session()
    with site.database.write() as tx:
        revoke_tokens(tx, application.id)
    assert browser.send("GET", "/dashboard/keys").status_code == 303
    browser, application = session()
    with site.database.write() as tx:
        rotate_secret(tx, application.id)
    assert browser.send("GET", "/dashboard/keys").status_code == 200, "as tokens, it lasts its time"
    with site.database.write() as tx:
        tx.connection.exec_driver_sql(
            "update sessions set expires_at = expires_at - 12 * 3600 * 1000 - 1"
        )
    assert browser.send("GET", "/dashboard/keys").status_code == 303


def test_somebody_who_signs_in_is_led_to_the_page_that_they_asked_for(site: Site) -> None:
    browser = Browser(site)
    asked = browser.send("GET", "/dashboard/keys?q=a%26b&after=1")
    assert asked.status_code == 303
    form = browser.send("GET", asked.headers["location"])
    to = field_of(form.text, "to")
    assert to == "/dashboard/keys?q=a%26b&after=1"
    answer = browser.send_form(SIGN_IN, proof_of(site.client().credentials) | {"to": to})
    assert answer.headers["location"] == to


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example/dashboard",
        "/\\evil.example",
        "/dashboard//evil.example",
        "/dashboard/../../evil",
        "/dashboard/..//evil.example",
        "/dashboard/\\evil.example",
        "/dashboard\n//evil.example",
        "/dashboardevil",
        "javascript:alert(1)",
        "/dashboard/sign-out",
        "/dashboard/sign-in?to=/dashboard",
        "/dashboard?x=\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_no_link_leads_to_another_place_behind_the_sign_in(site: Site, to: str) -> None:
    browser = Browser(site, client="10.3.0.1")
    answer = browser.send_form(SIGN_IN, proof_of(site.client().credentials) | {"to": to})
    assert answer.headers["location"] == "/dashboard"
    assert (
        browser.send("GET", SIGN_IN + "?to=%2F%2Fevil.example").headers["location"] == "/dashboard"
    )


def test_a_form_outlives_its_session(site: Site) -> None:
    """A form that is sent when the session has ended is kept in the page on which one signs in,
    and sent after that, with everything in it."""
    browser = signed_in(site)
    form = {"form_token": browser.form_token(), "name": "Hafen <b>&amp;", "text": "one\r\n\ntwo"}
    browser.cookies.clear()
    answer = browser.send_form("/dashboard/sign-out", form)
    assert answer.status_code == 401
    assert "nothing is lost" in main_text_of(answer.text)
    kept = field_of(answer.text, "kept")
    to = field_of(answer.text, "to")
    assert dict(json.loads(kept)) == form
    credentials = site.client().credentials
    wrong = browser.send_form(SIGN_IN, proof_of(credentials, "wrong") | {"to": to, "kept": kept})
    assert field_of(wrong.text, "kept") == kept


def test_a_form_is_not_carried_into_another_environment(site: Site) -> None:
    browser = signed_in(site)
    token = browser.form_token()
    kept = json.dumps([["form_token", token], ["name", "x"]])
    aim = {"to": "/dashboard/keys", "kept": kept}
    same = browser.send_form(SIGN_IN, proof_of(site.client().credentials) | aim)
    assert same.status_code == 200
    assert '<textarea name="name" hidden>\nx</textarea>' in same.text
    assert 'action="/dashboard/keys"' in same.text
    assert token not in same.text
    live = Browser(site).send_form(SIGN_IN, proof_of(site.client(mode="live").credentials) | aim)
    assert (live.status_code, live.headers["location"]) == (303, "/dashboard/keys")


def test_a_page_that_was_open_before_somebody_signed_in_again_goes_on(site: Site) -> None:
    """Its token is of the session before; it gets that of the new one, where the browser says that
    the request is of a page of ours, of the same environment."""
    browser = signed_in(site)
    old = browser.form_token()
    again = signed_in(site)
    as_form = again.send_form("/dashboard/sign-out", {"form_token": old, "x": "typed"})
    assert as_form.status_code == 403
    assert '<textarea name="x" hidden>\ntyped</textarea>' in as_form.text
    assert again.form_token() in as_form.text
    module = {"Accept": "application/json", "X-Form-Token": old}
    as_module = again.send_form("/dashboard/sign-out", headers=module)
    assert as_module.status_code == 403
    assert as_module.json()["form_token"] == again.form_token()
    unsaid = again.send_form("/dashboard/sign-out", headers={**module, "Origin": None})
    assert "form_token" not in unsaid.json()
    live = signed_in(site, mode="live")
    elsewhere = live.send_form("/dashboard/sign-out", headers=module)
    assert "form_token" not in elsewhere.json(), "it was typed in another environment"


def test_each_sign_in_is_observed_without_its_secrets(site: Site) -> None:
    site.observed.observations.clear()
    site.observed.requests.clear()
    link = sign_in_link(site)
    browser = Browser(site, client="10.4.0.1")
    browser.send_form(link)
    browser.send_form(link)
    browser.send("GET", f"{link}/more")
    credentials = site.client().credentials
    browser.send_form(SIGN_IN, proof_of(credentials))
    browser.send_form(SIGN_IN, proof_of(credentials, "wrong-secret"))
    told = site.observed.observations
    assert site.observed.requests
    opened = [each.application for each in told if isinstance(each, SessionOpened)]
    assert opened == [None, site.database.public_ids.encode(credentials.application.id)]
    assert sum(isinstance(each, SignInFailed) for each in told) == 2
    everything = repr((told, site.observed.requests))
    assert credentials.secret is not None
    for secret in (
        link.rpartition("/")[2],
        credentials.secret,
        "wrong-secret",
        *browser.cookies.values(),
    ):
        assert secret not in everything
