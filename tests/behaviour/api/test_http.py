"""What holds for every path: media types, tokens, hosts, limits, headers."""

import asyncio
import errno
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from longshore.api import MEDIA_TYPE
from longshore.database import DatabaseAway, DatabaseUnusable, Locks, StorageFull
from longshore.errors import PermanentError
from longshore.observations import RequestCrashed, RequestPostponed
from longshore.operations import RecordStore
from tests.behaviour.api.site import Client, Site, errors_of, refusal
from tests.behaviour.reading.factory import Records

SKU = {"data": {"type": "skus", "attributes": {"code": "A", "name": "Tee", "do_not_ship": True}}}


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (None, 200),
        ("*/*", 200),
        (MEDIA_TYPE, 200),
        (f"{MEDIA_TYPE}; charset=utf-8", 200),
        (f"text/html, {MEDIA_TYPE.upper()};q=0.9", 200),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200),
        ("application/json", 406),
        ("text/html", 406),
        ("", 406),
    ],
)
def test_clients_must_accept_the_media_type(
    client: Client, accept: str | None, status: int
) -> None:
    response = client.get("/api/skus", headers={"Accept": accept})
    assert response.status_code == status
    assert response.headers["content-type"] == MEDIA_TYPE
    if status == 406:
        assert refusal(response) == (406, "NOT_ACCEPTABLE", None)


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        (MEDIA_TYPE, 201),
        (f"{MEDIA_TYPE}; charset=utf-8", 201),
        ("application/json", 415),
        ("text/plain", 415),
        (None, 415),
    ],
)
def test_bodies_must_have_the_media_type(
    client: Client, content_type: str | None, status: int
) -> None:
    response = client.post("/api/skus", SKU, headers={"Content-Type": content_type})
    assert response.status_code == status
    if status == 415:
        assert refusal(response) == (415, "UNSUPPORTED_MEDIA_TYPE", None)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", None])
def test_the_media_type_of_a_request_without_body_does_not_matter(
    client: Client, content_type: str | None
) -> None:
    headers = {"Content-Type": content_type}
    assert client.get("/api/skus", headers=headers).status_code == 200
    assert client.delete("/api/skus/AAAAAAAAAA", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Bearer a.b.c"]
)
def test_a_request_without_a_valid_token_is_refused(
    client: Client, authorization: str | None
) -> None:
    response = client.get("/api/skus", headers={"Authorization": authorization})
    assert refusal(response) == (401, "INVALID_TOKEN", None)
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("http://127.0.0.1:8000", 200),
        ("http://localhost:8000", 200),
        ("https://default.localhost", 200),
        ("https://DEFAULT.localhost:8443", 200),
        ("https://auth.localhost", 200),
        ("https://other.localhost", 401),
        ("https://default.example.com", 200),
        ("https://default.sub.localhost", 200),
    ],
)
def test_a_host_that_names_another_organization_is_refused(
    client: Client, host: str, status: int
) -> None:
    response = client.get("/api/skus", base_url=host)
    assert response.status_code == status
    if status == 401:
        assert refusal(response) == (401, "INVALID_TOKEN", None)
    else:
        assert response.json()["links"]["first"].startswith(host.lower() + "/api/skus?")


def test_the_domain_of_the_hosts_is_a_setting(open_site: Callable[..., Site]) -> None:
    client = open_site(domain="shop.example:8443").client()
    assert client.get("/api/skus", base_url="https://default.shop.example:8443").status_code == 200
    assert client.get("/api/skus", base_url="https://other.shop.example:8443").status_code == 401


@pytest.mark.parametrize(
    ("machine", "proxies", "expected"),
    [
        ("127.0.0.1", "", "https://shop.example"),
        ("::1", "", "https://shop.example"),
        ("10.0.0.9", "", "http://127.0.0.1:8000"),
        ("10.0.0.9", "10.0.0.0/8", "https://shop.example"),
        ("10.0.0.9", "10.0.0.9", "https://shop.example"),
        ("10.0.0.9", "10.0.0.8", "http://127.0.0.1:8000"),
    ],
)
def test_proxies_are_believed_when_they_are_trusted(
    open_site: Callable[..., Site], machine: str, proxies: str, expected: str
) -> None:
    client = open_site(trusted_proxies=proxies).client()
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example, inner"}
    response = client.get("/api/skus", headers=headers, client=(machine, 5000))
    assert response.json()["links"]["first"].startswith(f"{expected}/api/skus")


@pytest.mark.parametrize(
    "host", ["", "a b", "shop.example/path", "shop.example@evil", "[::1", "a" * 300, "x:99999999"]
)
def test_links_do_not_repeat_what_is_no_host(client: Client, host: str) -> None:
    response = client.get("/api/skus", headers={"Host": host}, base_url="http://x.example")
    assert response.json()["links"]["first"].startswith("http://127.0.0.1:8000/api/skus")


def test_every_response_has_an_id_and_the_rate_limit(client: Client) -> None:
    responses = [
        client.get("/api/skus"),
        client.get("/api/skus/AAAAAAAAAA"),
        client.get("/nothing"),
        client.get("/api/skus", headers={"Authorization": None}),
        client.post("/api/skus", {}),
    ]
    assert [each.status_code for each in responses] == [200, 404, 404, 401, 400]
    assert len({each.headers["x-request-id"] for each in responses}) == len(responses)
    for response in responses:
        assert response.headers["x-ratelimit-limit"] == "600"
        assert response.headers["x-ratelimit-interval"] == "10"
        assert 0 < int(response.headers["x-ratelimit-remaining"]) < 600


def test_requests_beyond_the_limit_are_told_when_to_come_again(
    open_site: Callable[..., Site],
) -> None:
    site = open_site(rate_limit_requests=2, rate_limit_seconds=60)
    client, other = site.client(), site.client()
    assert [client.get("/api/skus").status_code for _ in range(3)] == [200, 200, 429]
    response = client.get("/api/skus")
    assert refusal(response) == (429, "TOO_MANY_REQUESTS", None)
    assert 1 <= int(response.headers["retry-after"]) <= 66
    assert response.headers["x-ratelimit-remaining"] == "0"
    assert other.get("/api/skus").status_code == 200


def test_no_address_uses_up_what_an_application_may(open_site: Callable[..., Site]) -> None:
    site = open_site(rate_limit_requests=2, rate_limit_seconds=60)
    client, stranger = site.client(), Client(site)
    assert client.token is not None
    number = str(site.tokens.verify(client.token).application.id)
    forwarded = {"X-Forwarded-For": number}
    codes = [stranger.get("/openapi.json", headers=forwarded).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert client.get("/api/skus").status_code == 200


def test_whoever_asks_how_the_server_is_is_not_counted(open_site: Callable[..., Site]) -> None:
    site = open_site(rate_limit_requests=2, rate_limit_seconds=60)
    stranger = Client(site)
    for path in ("/health", "/ready") * 5:
        response = stranger.get(path)
        assert response.status_code == 200
        assert "x-ratelimit-limit" not in response.headers


def test_a_request_that_is_given_up_is_told_to_come_again(site: Site) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        raise asyncio.CancelledError  # what a server that stops does to who waits for a body

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {
        "type": "http",
        "method": "POST",
        "path": "/oauth/token",
        "query_string": b"",
        "headers": [],
    }
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(site.application(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 503
    assert json.loads(sent[1]["body"])["errors"][0]["code"] == "SERVICE_UNAVAILABLE"


def test_browsers_may_ask_from_any_page(client: Client) -> None:
    preflight = client.send(
        "OPTIONS",
        "/api/imports",
        headers={
            "Origin": "https://dashboard.example",
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "authorization,content-type,accept",
            "Authorization": None,
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert {"GET", "POST", "PATCH", "DELETE"} <= set(
        preflight.headers["access-control-allow-methods"].split(", ")
    )
    assert "authorization" in preflight.headers["access-control-allow-headers"].lower()
    for path, status in (("/api/skus", 200), ("/api/nothing", 404)):
        response = client.get(path, headers={"Origin": "https://dashboard.example"})
        assert response.status_code == status
        assert response.headers["access-control-allow-origin"] == "*"
        assert "x-ratelimit-limit" in response.headers["access-control-expose-headers"].lower()


def test_head_is_answered_as_get(client: Client) -> None:
    assert client.send("HEAD", "/api/skus").status_code == 200
    assert client.send("HEAD", "/api/skus/AAAAAAAAAA").status_code == 404


def test_options_tell_the_methods(client: Client) -> None:
    response = client.send("OPTIONS", "/api/skus", headers={"Authorization": None})
    assert (response.status_code, response.headers["allow"]) == (204, "GET, POST")


def test_a_long_body_is_refused_while_it_comes_in(open_site: Callable[..., Site]) -> None:
    client = open_site(request_bytes_max=64 * 1024).client()
    sent: list[int] = []

    async def endless() -> Any:
        yield b'{"data":{"type":"skus","attributes":{"name":"'
        for number in range(64):
            sent.append(number)
            yield b"x" * 16 * 1024

    response = client.send("POST", "/api/skus", content=endless())
    assert refusal(response) == (413, "PAYLOAD_TOO_LARGE", None)


def test_a_body_within_the_limit_is_taken(open_site: Callable[..., Site]) -> None:
    client = open_site(request_bytes_max=64 * 1024).client()
    attributes = {"code": "A", "name": "Tee", "do_not_ship": True, "description": "x" * 63_000}
    document = {"data": {"type": "skus", "attributes": attributes}}
    assert client.post("/api/skus", document).status_code == 201


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip", "identity"])
def test_a_compressed_body_is_read(site: Site, encoding: str) -> None:
    client = site.client()
    headers = {"Content-Encoding": encoding}
    body = json.dumps(SKU).encode()
    content = body if encoding == "identity" else gzip.compress(body)
    response = client.send("POST", "/api/skus", content=content, headers=headers)
    assert response.status_code == 201
    rows = [{"code": f"B{number}", "name": "Tee", "do_not_ship": True} for number in range(50)]
    given = {"resource_type": "skus", "inputs": rows}
    body = json.dumps({"data": {"type": "imports", "attributes": given}}).encode()
    content = body if encoding == "identity" else gzip.compress(body)
    response = client.send("POST", "/api/imports", content=content, headers=headers)
    assert response.status_code == 201
    assert response.json()["data"]["attributes"]["inputs"] == rows


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "nonsense"])
@pytest.mark.parametrize("path", ["/api/skus", "/api/imports", "/oauth/token"])
def test_an_encoding_that_nobody_can_read_is_refused(site: Site, encoding: str, path: str) -> None:
    headers = {"Content-Encoding": encoding}
    response = site.client().send("POST", path, content=b"x", headers=headers)
    assert response.status_code == 415
    assert response.headers["accept-encoding"] == "gzip, identity"
    assert encoding in response.text


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"no gzip", 400),
        (gzip.compress(json.dumps(SKU).encode())[:-9], 400),
        (gzip.compress(json.dumps(SKU).encode()) + b"more", 400),
        (gzip.compress(b" " * (32 << 20)), 413),
    ],
    ids=["not gzip", "cut off", "something after it", "very much in a few bytes"],
)
@pytest.mark.parametrize("path", ["/api/skus", "/api/imports"])
def test_bad_gzip_is_refused_within_the_limits(
    open_site: Callable[..., Site], content: bytes, status: int, path: str
) -> None:
    client = open_site(request_bytes_max=64 * 1024, import_bytes_max=64 * 1024).client()
    response = client.send("POST", path, content=content, headers={"Content-Encoding": "gzip"})
    assert response.status_code == status


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"   ", 400),
        (b'{"data":', 400),
        (b"{'data': 1}", 400),
        (b'{"data": {}} x', 400),
        (b"\xff\xfe{}", 400),
        (b'{"data": {"type": "skus", "attributes": {"name": "\xff"}}}', 400),
        (b'{"data": {"type": "skus", "attributes": {"name": "\\ud800"}}}', 422),
        (b'{"data": {"type": "skus", "attributes": {"weight": NaN}}}', 400),
        (b'{"data": {"type": "skus", "attributes": {"weight": 1e999}}}', 422),
        (b"[" * 100_000, 400),
        (b'{"data":' * 100_000, 400),
        (b"null", 400),
        (b"1", 400),
        (b'"data"', 400),
        (b'{"data": {"type": "skus", "attributes": {"name": "\\u0000"}}}', 422),
        (b'{"data": {"type": "skus", "attributes": {"weight": ' + b"9" * 4000 + b"}}}", 422),
        (b'{"data": {"type": "skus", "attributes": {"weight": ' + b"9" * 5000 + b"}}}", 400),
        (
            b'{"data": {"type": "skus", "attributes": {"metadata": '
            + b'{"a":' * 500
            + b"1"
            + b"}" * 500
            + b"}}}",
            422,
        ),
        (b'{"data": {"type": "skus", "attributes": {"metadata": {"a": "\\u0000"}}}}', 422),
        (
            b'{"data": {"type": "skus", "attributes": {"metadata": {"a": 99999999999999999999}}}}',
            422,
        ),
        (json.dumps({"data": {"type": "skus", "attributes": {"x" * 100_000: 1}}}).encode(), 400),
    ],
)
def test_bad_bodies_are_refused_and_never_crash(
    site: Site, client: Client, content: bytes, status: int
) -> None:
    response = client.send("POST", "/api/skus", content=content)
    assert response.status_code == status, response.text
    errors_of(response)
    assert len(response.content) < 10_000
    assert site.observed.observations == []


@pytest.mark.parametrize(
    "query",
    [
        "%FF=1",
        "filter[q][code_eq]=%FF",
        "filter[q][code_eq]=%ED%A0%80",
        "filter[q][id_in]=" + ",".join(["A"] * 10_001),
        "filter[q][code_matches]=" + "%25" * 6000,
        "filter[q][" + "code_or_" * 200 + "code_eq]=1",
        "filter[q][metadata_jcont]=" + "[" * 5000,
        "filter[q][metadata_jcont]=x",
        "filter[q][created_at_gt]=99999-01-01",
        "page[number]=1000000000000&page[size]=25",
        "&".join(f"a{number}=1" for number in range(300)),
        "include=" + "a." * 10_000,
        "fields[skus]=" + "a," * 10_000,
        "sort=%00",
        "fields[%00]=%00",
    ],
)
def test_bad_queries_never_crash(site: Site, client: Client, query: str) -> None:
    response = client.get(f"/api/skus?{query}")
    assert response.status_code in (200, 400), response.text
    assert site.observed.observations == []


@pytest.mark.parametrize(
    "id_", ["%00", "%FF", "..", "a/b", "x" * 5000, "é", "%2e%2e", " ", "AAAAAAAAAA"]
)
def test_bad_ids_are_not_found(client: Client, id_: str) -> None:
    assert client.get(f"/api/skus/{id_}").status_code == 404


def test_a_fault_of_the_server_is_observed_and_tells_nothing(
    site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(RecordStore, "count", crash)
    response = client.get("/api/skus")
    assert refusal(response) == (500, "INTERNAL_SERVER_ERROR", None)
    assert "secret" not in response.text
    (crashed,) = site.observed.observations
    assert isinstance(crashed, RequestCrashed)
    assert (crashed.method, crashed.path) == ("GET", "/api/skus")
    assert "a secret" in crashed.traceback


def test_a_query_that_takes_too_long_is_refused(
    open_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = open_site(read_seconds=0.1)
    client = site.client()

    def count(_store: object, reading: Any, *_: object) -> int:
        endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        found: int = reading.tx.connection.execute(text(f"{endless}SELECT count(*) FROM n"))
        return found

    monkeypatch.setattr(RecordStore, "count", count)
    assert refusal(client.get("/api/skus")) == (400, "QUERY_TOO_COMPLEX", None)


@pytest.mark.parametrize(
    "error",
    [
        DatabaseUnusable("the database /srv/secret/longshore.db cannot be opened for writing"),
        DatabaseAway("the database at db.secret.example cannot be reached"),
        StorageFull("no space left for the database in /srv/secret"),
        PermanentError("the source cannot be stored in /srv/secret"),
        OSError(errno.EMFILE, "Too many open files", "/srv/secret/write.lock"),
        PermissionError(errno.EACCES, "Permission denied", "/srv/secret"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_fault_of_the_machine_is_503_and_names_no_place(
    site: Site, client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(RecordStore, "count", fail)
    response = client.get("/api/skus")
    assert refusal(response) == (503, "SERVICE_UNAVAILABLE", None)
    assert response.headers["retry-after"] == "1"
    assert "secret" not in response.text
    (postponed,) = (
        each for each in site.observed.observations if isinstance(each, RequestPostponed)
    )
    assert "secret" in postponed.reason


def test_a_database_that_was_renamed_is_a_fault_of_the_machine(
    open_site: Callable[..., Site], tmp_path: Path
) -> None:
    site = open_site()
    if not site.database.is_embedded:
        pytest.skip("there is no file to rename")
    client = site.client()
    site.database.close()
    folder = site.settings.data
    folder.rename(folder.with_name("elsewhere"))
    for response in (client.get("/api/skus"), client.post("/api/skus", SKU)):
        assert response.status_code == 503, response.text
        assert str(tmp_path) not in response.text
    folder.with_name("elsewhere").rename(folder)
    assert client.get("/api/skus").status_code == 200


def test_a_busy_database_is_told_as_such(open_site: Callable[..., Site], records: Records) -> None:
    site = open_site(lock_wait_seconds=0.05)
    client = site.client()
    with site.database.write(Locks(scope=client.environment.number, is_whole=True)):
        response = client.post("/api/skus", SKU)
    assert refusal(response) == (503, "SERVICE_UNAVAILABLE", None)
    assert response.headers["retry-after"] == "1"
    assert client.post("/api/skus", SKU).status_code == 201
