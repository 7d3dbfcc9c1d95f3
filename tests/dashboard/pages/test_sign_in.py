"""Coming in, going out, and going on after a session has ended."""

import json

import pytest

from longshore.access import ApplicationKind, SignInTries, delete_application, revoke_tokens
from longshore.access import rotate_secret as rotate
from longshore.observations import SessionOpened, SignInFailed
from tests.dashboard.pages.site import field, shown

SIGN_IN = "/dashboard/sign-in"


def by(credentials, secret=None):
    application = credentials.application
    return {"client_id": application.client_id, "client_secret": secret or credentials.secret}


def test_a_code_opens_one_session_and_is_no_use_a_second_time(site):
    browser = site.browser()
    code = site.longshore.sign_ins.create_code(site.environment())
    looked = browser.get(f"{SIGN_IN}/{code}")
    assert looked.status_code == 200
    assert not browser.cookies, "looking at a link opens nothing"
    assert browser.post(f"{SIGN_IN}/{code}").headers["location"] == "/dashboard"
    assert browser.get("/dashboard/keys").status_code == 200
    other = site.browser()
    refused = other.post(f"{SIGN_IN}/{code}")
    assert refused.status_code == 403
    assert "used already" in shown(refused.text)
    assert "longshore dashboard makes another one" in shown(refused.text)
    assert not other.cookies


def test_a_code_ends_after_fifteen_minutes(site):
    environment = site.environment()
    code = site.longshore.sign_ins.create_code(environment)
    with site.database.write() as tx:
        tx.connection.exec_driver_sql("update sign_in_codes set expires_at = expires_at - 900001")
    assert site.browser().post(f"{SIGN_IN}/{code}").status_code == 403


def test_somebody_who_is_signed_in_can_come_into_another_mode_by_a_link(site):
    browser = site.signed_in()
    before = dict(browser.cookies)
    code = site.longshore.sign_ins.create_code(site.environment(mode="live"))
    assert browser.post(f"{SIGN_IN}/{code}").status_code == 303
    assert 'data-mode="live"' in browser.page("/dashboard/keys")
    browser.cookies = before
    assert browser.get("/dashboard/keys").status_code == 303, "the session before has ended"


@pytest.mark.parametrize("kind", ApplicationKind)
def test_an_application_comes_in_if_its_kind_may(site, kind):
    credentials = site.credentials(site.environment(), kind)
    browser = site.browser(client=f"10.0.0.{len(kind)}")
    answer = browser.post(
        SIGN_IN, by(credentials, "none") if kind == "sales_channel" else by(credentials)
    )
    if kind == "sales_channel":
        assert answer.status_code == 403
        assert "this application cannot use the dashboard" in shown(answer.text)
        return
    assert answer.status_code == 303
    assert browser.get("/dashboard").status_code == 200


def test_five_wrong_tries_in_a_minute_make_wait_by_machine_and_by_application(site):
    credentials = site.credentials(site.environment())
    browser = site.browser(client="10.1.0.1")
    for _ in range(5):
        wrong = browser.post(SIGN_IN, by(credentials, "wrong"))
        assert wrong.status_code == 403
        assert "do not belong together" in shown(wrong.text)
    late = browser.post(SIGN_IN, by(credentials))
    assert late.status_code == 429
    seconds = int(late.headers["retry-after"])
    assert 50 <= seconds <= 60
    assert f"Try again in {seconds} seconds." in shown(late.text)
    elsewhere = site.browser(client="10.1.0.2").post(SIGN_IN, by(credentials))
    assert elsewhere.status_code == 429, "guessing goes on from no other machine"
    other = site.credentials(site.environment())
    assert browser.post(SIGN_IN, by(other)).status_code == 429
    assert site.browser(client="10.1.0.2").post(SIGN_IN, by(other)).status_code == 303


def test_tries_are_free_again_as_they_grow_old_and_right_ones_do_not_count():
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


def test_signing_out_ends_the_session_for_every_browser_that_has_its_cookie(site, browser):
    copied = dict(browser.cookies)
    token = browser.form_token()
    answer = browser.post("/dashboard/sign-out", {"form_token": token})
    assert answer.headers["location"] == SIGN_IN
    assert not browser.cookies
    browser.cookies = copied
    assert browser.get("/dashboard").headers["location"].startswith(SIGN_IN)


def test_a_session_ends_with_its_time_its_application_and_the_tokens_of_it(site):
    environment = site.environment()

    def session():
        credentials = site.credentials(environment)
        browser = site.browser(client=f"10.2.0.{credentials.application.id % 200}")
        assert browser.post(SIGN_IN, by(credentials)).status_code == 303
        assert browser.get("/dashboard/keys").status_code == 200
        return browser, credentials.application

    browser, application = session()
    with site.database.write() as tx:
        delete_application(tx, application.id)
    assert browser.get("/dashboard/keys").status_code == 303
    browser, application = session()
    with site.database.write() as tx:
        revoke_tokens(tx, application.id)
    assert browser.get("/dashboard/keys").status_code == 303
    browser, application = session()
    with site.database.write() as tx:
        rotate(tx, application.id)
    assert browser.get("/dashboard/keys").status_code == 200, "as tokens, it lasts its time"
    with site.database.write() as tx:
        tx.connection.exec_driver_sql(
            "update sessions set expires_at = expires_at - 12 * 3600 * 1000 - 1"
        )
    assert browser.get("/dashboard/keys").status_code == 303


def test_whoever_comes_in_is_led_to_where_they_wanted_to_go(site):
    browser = site.browser()
    asked = browser.get("/dashboard/keys?q=a%26b&after=1")
    assert asked.status_code == 303
    form = browser.get(asked.headers["location"])
    to = field(form.text, "to")
    assert to == "/dashboard/keys?q=a%26b&after=1"
    answer = browser.post(SIGN_IN, by(site.credentials(site.environment())) | {"to": to})
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
def test_no_link_leads_to_another_place_behind_the_sign_in(site, to):
    browser = site.browser(client="10.3.0.1")
    answer = browser.post(SIGN_IN, by(site.credentials(site.environment())) | {"to": to})
    assert answer.headers["location"] == "/dashboard"
    assert browser.get(SIGN_IN + "?to=%2F%2Fevil.example").headers["location"] == "/dashboard"


def test_what_was_typed_outlives_the_session(site):
    """A form that is sent when the session has ended is kept in the page on which one signs in,
    and sent after that, with everything in it."""
    browser = site.signed_in()
    form = {"form_token": browser.form_token(), "name": "Hafen <b>&amp;", "text": "one\r\n\ntwo"}
    browser.cookies.clear()
    answer = browser.post("/dashboard/sign-out", form)
    assert answer.status_code == 401
    assert "nothing is lost" in shown(answer.text)
    kept = field(answer.text, "kept")
    to = field(answer.text, "to")
    assert dict(json.loads(kept)) == form
    credentials = site.credentials(site.environment())
    wrong = browser.post(SIGN_IN, by(credentials, "wrong") | {"to": to, "kept": kept})
    assert field(wrong.text, "kept") == kept


def test_a_form_is_not_carried_into_another_environment(site):
    browser = site.signed_in()
    token = browser.form_token()
    kept = json.dumps([["form_token", token], ["name", "x"]])
    aim = {"to": "/dashboard/keys", "kept": kept}
    same = browser.post(SIGN_IN, by(site.credentials(site.environment())) | aim)
    assert same.status_code == 200
    assert '<textarea name="name" hidden>\nx</textarea>' in same.text
    assert 'action="/dashboard/keys"' in same.text
    assert token not in same.text
    live = site.browser().post(SIGN_IN, by(site.credentials(site.environment(mode="live"))) | aim)
    assert (live.status_code, live.headers["location"]) == (303, "/dashboard/keys")


def test_a_page_that_was_open_before_somebody_signed_in_again_goes_on(site):
    """Its token is of the session before; it gets that of the new one, where the browser says that
    the request is of a page of ours, of the same environment."""
    browser = site.signed_in()
    old = browser.form_token()
    again = site.signed_in()
    as_form = again.post("/dashboard/sign-out", {"form_token": old, "x": "typed"})
    assert as_form.status_code == 403
    assert '<textarea name="x" hidden>\ntyped</textarea>' in as_form.text
    assert again.form_token() in as_form.text
    module = {"Accept": "application/json", "X-Form-Token": old}
    as_module = again.post("/dashboard/sign-out", headers=module)
    assert as_module.status_code == 403
    assert as_module.json()["form_token"] == again.form_token()
    unsaid = again.post("/dashboard/sign-out", headers={**module, "Origin": None})
    assert "form_token" not in unsaid.json()
    live = site.signed_in(mode="live")
    elsewhere = live.post("/dashboard/sign-out", headers=module)
    assert "form_token" not in elsewhere.json(), "it was typed in another environment"


def test_who_comes_in_is_told_and_no_secret_is(site):
    site.observed.observations.clear()
    code = site.longshore.sign_ins.create_code(site.environment())
    browser = site.browser(client="10.4.0.1")
    browser.post(f"{SIGN_IN}/{code}")
    browser.post(f"{SIGN_IN}/{code}")
    browser.get(f"{SIGN_IN}/{code}/more")
    credentials = site.credentials(site.environment())
    browser.post(SIGN_IN, by(credentials))
    browser.post(SIGN_IN, by(credentials, "wrong-secret"))
    told = site.observed.observations
    opened = [each.application for each in told if isinstance(each, SessionOpened)]
    assert opened == [None, site.database.public_ids.encode(credentials.application.id)]
    assert sum(isinstance(each, SignInFailed) for each in told) == 2
    everything = repr(told)
    for secret in (code, credentials.secret, "wrong-secret", *browser.cookies.values()):
        assert secret not in everything
