"""Tokens over HTTP, as js-auth, the official terminal client and curl ask for them."""

import base64
import json
import re
from urllib.parse import urlencode

import jwt
import pytest

from longshore.access import delete_application
from tests.behaviour.api.site import Client, refusal

JSON = "application/json"


@pytest.fixture
def ask(site):
    """Sends a request as an OAuth client does: JSON without a token."""

    def ask(path, parameters, *, headers=None, content=None, **options):
        if content is None:
            content = json.dumps(parameters).encode()
        all_headers = {"Accept": JSON, "Content-Type": JSON, **(headers or {})}
        return Client(site).send("POST", path, headers=all_headers, content=content, **options)

    return ask


@pytest.fixture
def grant(ask):
    """Asks for a token by client credentials."""

    def grant(client, *, secret=None, **parameters):
        credentials = client.credentials
        asked = {
            "grant_type": "client_credentials",
            "client_id": credentials.application.client_id,
            "client_secret": secret or credentials.secret,
            **parameters,
        }
        options = {"base_url": asked.pop("base_url")} if "base_url" in asked else {}
        return ask("/oauth/token", {k: v for k, v in asked.items() if v is not None}, **options)

    return grant


def oauth_error(response):
    """Status and title of the only error, its form checked as js-auth reads it."""
    assert response.headers["content-type"] == JSON
    (error,) = response.json()["errors"]
    assert set(error) == {"title", "detail", "code", "status", "meta"}
    assert error["status"] == response.status_code
    assert error["detail"]
    return error["status"], error["title"]


def opens(site, token):
    """The status with which the API answers a token."""
    return Client(site, token=token).get("/api/skus").status_code


def test_client_credentials_give_a_token_that_opens_the_api(site, client, grant):
    response = grant(client)
    assert response.status_code == 200
    assert response.headers["content-type"] == JSON
    assert response.headers["cache-control"] == "no-store"
    document = response.json()
    token, created_at = document.pop("access_token"), document.pop("created_at")
    assert document == {"token_type": "bearer", "expires_in": 7200, "scope": "market:all"}
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["iat"] == created_at
    assert claims["iss"] == "https://auth.localhost"
    assert opens(site, token) == 200


def test_a_sales_channel_needs_no_secret_and_its_token_lasts_longer(site, grant):
    document = grant(site.client("sales_channel"), scope="market:id:AbCdEfGhIj").json()
    assert (document["expires_in"], document["scope"]) == (14_400, "market:id:AbCdEfGhIj")
    assert opens(site, document["access_token"]) == 200


def test_a_form_does_as_well_as_json_and_so_does_a_basic_header(ask, client):
    credentials = client.credentials
    pair = {"client_id": credentials.application.client_id, "client_secret": credentials.secret}
    grant_type = {"grant_type": "client_credentials"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    basic = base64.b64encode(":".join(pair.values()).encode()).decode()
    for response in (
        ask("/oauth/token", {}, headers=form, content=urlencode({**grant_type, **pair}).encode()),
        ask("/oauth/token", grant_type, headers={"Authorization": f"Basic {basic}"}),
        ask("/oauth/token", {**grant_type, **pair, "scope": None}),
    ):
        assert response.status_code == 200, response.text


def test_tokens_are_given_under_every_host_that_clients_build(site, grant):
    client = site.client(slug="acme")
    for host in ("auth.localhost", "acme.localhost", "acme.localhost:8000", "127.0.0.1:8000"):
        assert grant(client, base_url=f"https://{host}").status_code == 200


def test_an_application_is_unknown_under_the_host_of_another_organization(site, grant):
    client = site.client(slug="acme")
    response = grant(client, base_url="https://other.localhost")
    assert oauth_error(response) == (401, "invalid_client")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "wrong-client-id"},
        {"client_id": ""},
        {"client_id": None},
        {"client_id": "\u0000"},
        {"secret": "wrong"},
        {"secret": "A" * 43},
        {"client_secret": ""},
        {"client_secret": None},
    ],
)
def test_a_client_that_does_not_prove_itself_gets_nothing(client, grant, changes):
    response = grant(client, **changes)
    assert oauth_error(response) == (401, "invalid_client")
    assert response.json()["errors"][0]["detail"] == (
        "Client authentication failed due to unknown client, no client authentication included, "
        "or unsupported authentication method."
    )
    assert response.json()["errors"][0]["code"] == "UNAUTHORIZED"


def test_a_deleted_application_gets_nothing(site, client, grant):
    with site.database.write() as tx:
        delete_application(tx, client.credentials.application.id)
    assert oauth_error(grant(client)) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        (
            {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"},
            "unsupported_grant_type",
        ),
        ({"grant_type": ["client_credentials"]}, "invalid_request"),
        ({"client_id": 7}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "A" * 43}, "invalid_grant"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"scope": "market:all everything"}, "invalid_scope"),
        ({"scope": "market:code:a>b?c~d"}, "invalid_scope"),
        ({"scope": "market:all\u0000"}, "invalid_scope"),
        ({"scope": "market:all " * 200}, "invalid_scope"),
    ],
)
def test_what_cannot_be_granted_is_refused_with_the_reason(client, grant, changes, title):
    assert oauth_error(grant(client, **changes)) == (400, title)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("market:all", "market:all"),
        ("market:code:europe  stock_location:all", "market:code:europe stock_location:all"),
        ("market:id:AbCdEfGhIj,store:all", "market:id:AbCdEfGhIj store:all"),
        ("market:11709", "market:11709"),
        ("market:all market:all", "market:all"),
        ("", "market:all"),
    ],
)
def test_scopes_are_separated_by_spaces_or_commas(client, grant, asked, given):
    assert grant(client, scope=asked).json()["scope"] == given


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        (JSON, b""),
        (JSON, b"{"),
        (JSON, b"[]"),
        (JSON, b"null"),
        (JSON, b'"a"'),
        (JSON, b"\xff"),
        (JSON, b"[" * 100_000),
        (JSON, b'{"grant_type": "\\ud800"}'),
        ("application/x-www-form-urlencoded", b"grant_type=a&grant_type=b"),
        ("application/x-www-form-urlencoded", b"grant_type=%ff"),
        ("application/x-www-form-urlencoded", b"\xff=1"),
        ("application/x-www-form-urlencoded", b"a=1&" * 100),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("", b"grant_type=client_credentials"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_bad_request(ask, content_type, content):
    for path in ("/oauth/token", "/oauth/revoke"):
        response = ask(path, None, headers={"Content-Type": content_type}, content=content)
        assert oauth_error(response) in ((400, "invalid_request"), (400, "unsupported_grant_type"))


def test_a_webapp_is_given_a_refresh_token_that_is_good_once(site, ask, grant):
    client = site.client("webapp")
    document = grant(client, scope="market:all store:all").json()
    refresh = {
        "grant_type": "refresh_token",
        "client_id": client.credentials.application.client_id,
        "client_secret": client.credentials.secret,
        "refresh_token": document["refresh_token"],
    }
    again = ask("/oauth/token", refresh)
    assert again.status_code == 200
    assert again.json()["scope"] == "market:all store:all"
    assert opens(site, again.json()["access_token"]) == 200
    assert oauth_error(ask("/oauth/token", refresh)) == (400, "invalid_grant")
    following = {**refresh, "refresh_token": again.json()["refresh_token"]}
    assert ask("/oauth/token", following).status_code == 200


def test_a_refresh_token_is_worth_nothing_to_another_application(site, ask, grant):
    one, other = site.client("webapp"), site.client("webapp")
    token = grant(one).json()["refresh_token"]
    assert oauth_error(grant(other, grant_type="refresh_token", refresh_token=token)) == (
        400,
        "invalid_grant",
    )
    # Nor was it used up by who had no right to it.
    assert grant(one, grant_type="refresh_token", refresh_token=token).status_code == 200


def test_other_kinds_of_application_are_given_no_refresh_token(site, grant):
    for kind in ("integration", "sales_channel", "cli", "imports"):
        assert "refresh_token" not in grant(site.client(kind)).json()


def revoke(ask, client, token, **changes):
    credentials = client.credentials
    asked = {
        "client_id": credentials.application.client_id,
        "client_secret": credentials.secret,
        "token": token,
        **changes,
    }
    return ask("/oauth/revoke", {k: v for k, v in asked.items() if v is not None})


@pytest.mark.parametrize("kind", ["integration", "sales_channel"])
def test_a_revoked_token_opens_nothing_and_others_of_the_application_do(site, ask, grant, kind):
    client = site.client(kind)
    revoked, kept = (grant(client).json()["access_token"] for _ in range(2))
    response = revoke(ask, client, revoked)
    assert (response.status_code, response.json()) == (200, {})
    assert refusal(Client(site, token=revoked).get("/api/skus"))[:2] == (401, "INVALID_TOKEN")
    assert opens(site, kept) == 200
    assert revoke(ask, client, revoked).json() == {}


def test_a_revoked_refresh_token_is_worth_nothing(site, ask, grant):
    client = site.client("webapp")
    token = grant(client).json()["refresh_token"]
    assert revoke(ask, client, token).json() == {}
    assert grant(client, grant_type="refresh_token", refresh_token=token).status_code == 400


def test_nobody_revokes_the_token_of_another(site, ask, client):
    other = site.client()
    for response in (
        revoke(ask, other, client.token),
        revoke(ask, client, client.token, client_secret=None),
        revoke(ask, client, client.token, client_secret="wrong"),
        revoke(ask, client, client.token, client_id=None),
    ):
        assert oauth_error(response) == (403, "unauthorized_client")
        assert response.json()["errors"][0]["code"] == "FORBIDDEN"
    assert opens(site, client.token) == 200


@pytest.mark.parametrize("token", ["", "a.b.c", "nothing", None])
def test_revoking_what_is_worth_nothing_changes_nothing(ask, client, token):
    response = revoke(ask, client, token)
    assert (response.status_code, response.json()) == (200, {})


def test_tokeninfo_describes_a_token_as_the_dashboard_reads_it(site, grant):
    client = site.client("imports", mode="live")
    response = client.get("/oauth/tokeninfo", headers={"Accept": None, "Content-Type": None})
    assert response.headers["content-type"] == JSON
    document = response.json()
    assert document["token"] == {
        "test": False,
        "market_ids": [],
        "stock_location_ids": [],
        "lifespan": 7200,
    }
    application = client.credentials.application
    assert document["application"] == {
        "id": site.database.public_ids.encode(application.id),
        "kind": "imports",
        "name": "Imports",
        "core": False,
    }
    assert document["accessible_apps"] == [{"name": "Imports", "kind": "imports", "core": False}]
    assert set(document["role"]) == {"id", "kind", "name"}
    assert document["permissions"]["imports"] == {
        "actions": ["create", "read", "update", "destroy"]
    }
    assert document["permissions"]["markets"] == {"actions": ["read"]}
    assert "skus" not in document["permissions"]


def test_tokeninfo_names_the_markets_of_the_scope(site, grant):
    scope = "market:id:AbCdEfGhIj,market:code:x,stock_location:id:KlMnOpQrSt"
    token = grant(site.client("sales_channel"), scope=scope).json()["access_token"]
    described = Client(site, token=token).get("/oauth/tokeninfo").json()["token"]
    assert described["market_ids"] == ["AbCdEfGhIj"]
    assert described["stock_location_ids"] == ["KlMnOpQrSt"]
    assert (described["test"], described["lifespan"]) == (True, 14_400)


def test_tokeninfo_asks_for_a_token(site):
    assert refusal(Client(site).get("/oauth/tokeninfo"))[:2] == (401, "INVALID_TOKEN")


def test_anybody_can_verify_a_token_with_the_published_keys(site, client):
    for host in ("https://auth.localhost", "http://127.0.0.1:8000", "https://default.localhost"):
        response = Client(site).get("/.well-known/jwks.json", base_url=host)
        assert response.headers["content-type"] == JSON
        keys = {key["kid"]: key for key in response.json()["keys"]}
        key = keys[jwt.get_unverified_header(client.token)["kid"]]
        assert "d" not in key
        assert jwt.decode(client.token, jwt.PyJWK(key).key, algorithms=["RS512"])["iss"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/oauth/token"),
        ("GET", "/oauth/revoke"),
        ("POST", "/.well-known/jwks.json"),
        ("DELETE", "/oauth/token"),
    ],
)
def test_another_method_is_refused_with_those_that_are_allowed(site, method, path):
    response = Client(site).send(method, path)
    assert refusal(response)[:2] == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"]


def test_requests_for_tokens_are_counted_by_machine(open_site):
    site = open_site(rate_limit_requests=2, rate_limit_seconds=60)
    answers = [Client(site).send("POST", "/oauth/token", content=b"{}") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    for answer, remaining in zip(answers, ("1", "0", "0"), strict=True):
        assert answer.headers["x-ratelimit-limit"] == "2"
        assert answer.headers["x-ratelimit-interval"] == "60"
        assert answer.headers["x-ratelimit-remaining"] == remaining
    assert refusal(answers[-1])[1] == "TOO_MANY_REQUESTS"
    assert re.fullmatch("[1-9][0-9]*", answers[-1].headers["retry-after"])
    # Whoever has a token is counted apart.
    assert site.client().get("/api/skus").status_code == 200
