"""Requests with a key, at real servers: at once, again, and after the death of one."""

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx2
import pytest

from tests.behaviour.serving.servers import PATIENCE_SECONDS, Server, skus

DYING = "tests.behaviour.serving.dying_server"
KEY = {"Idempotency-Key": "b1946ac9-2024"}
TRIES = 50


@pytest.fixture
def options(shared: dict[str, str]) -> dict[str, str]:
    """Settings of all servers: a dead one is known soon, and nobody is counted."""
    return {
        **shared,
        "rate_limit_requests": "100000",
        "heartbeat_seconds": "0.4",
        "takeover_seconds": "2",
    }


def body_of(rows: int) -> bytes:
    attributes = {"resource_type": "skus", "inputs": skus(rows), "reference": "spring"}
    return json.dumps({"data": {"type": "imports", "attributes": attributes}}).encode()


def sent(server: Server, content: bytes) -> httpx2.Response:
    """The answer to a request, which is sent again for as long as another one is worked on: the
    server keeps whoever asks waiting."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        response = server.client.post("/api/imports", content=content, headers=KEY)
        if response.status_code != 409:
            return response
        assert response.json()["errors"][0]["code"] == "IDEMPOTENCY_KEY_IN_USE"
        assert int(response.headers["retry-after"]) > 0
        assert time.monotonic() < until, server.log()


def shown(response: httpx2.Response) -> dict[str, Any]:
    """The document of an import that was created, without what differs from server to server and
    from time to time: host and signature."""
    assert response.status_code == 201, response.text
    text = response.text.replace(str(response.request.url).partition("/api/")[0], "HOST")
    document = json.loads(text)
    url = document["data"]["attributes"].pop("attachment_url")
    assert "signature=" in url
    assert isinstance(document, dict)
    return document


def all_imports(server: Server) -> Sequence[dict[str, Any]]:
    listed = server.get("/api/imports")["data"]
    assert isinstance(listed, list)
    return listed


def test_fifty_requests_at_once_with_one_key_are_one_import(
    start: Callable[..., Server], options: dict[str, str]
) -> None:
    """On PostgreSQL at two servers, on a data folder at its own."""
    servers = [start(**options) for _ in range(2 if options["database_url"] else 1)]
    content = body_of(200)
    for server in servers:
        assert server.client.get("/api/imports").status_code == 200
    with ThreadPoolExecutor(TRIES) as pool:
        answers = list(
            pool.map(lambda number: sent(servers[number % len(servers)], content), range(TRIES))
        )
    documents = [shown(each) for each in answers]
    assert all(each == documents[0] for each in documents)
    assert documents[0]["data"]["attributes"]["status"] == "pending"
    assert len(documents[0]["data"]["attributes"]["inputs"]) == 200
    (only,) = all_imports(servers[-1])
    assert only["id"] == documents[0]["data"]["id"]
    servers[0].wait_for(only["id"], "completed")
    for server in servers:
        other = server.client.post("/api/imports", content=body_of(1), headers=KEY)
        assert other.status_code == 422
        assert other.json()["errors"][0]["code"] == "IDEMPOTENCY_KEY_REUSED"
        assert shown(sent(server, content)) == documents[0]
    assert len(all_imports(servers[0])) == 1


@pytest.mark.parametrize("moment", ["claimed", "created", "answering"])
def test_a_server_that_is_killed_leaves_the_next_one_an_answer_or_nothing(
    start: Callable[..., Server], options: dict[str, str], moment: str
) -> None:
    dying = start("--no-worker", "--dies-at", moment, module=DYING, **options)
    with suppress(httpx2.TransportError):
        dying.client.post("/api/imports", content=body_of(3), headers=KEY)
    dying.process.wait(PATIENCE_SECONDS)
    server = start(**options)
    assert len(all_imports(server)) == (moment != "claimed")
    first = sent(server, body_of(3))
    assert shown(first)["data"]["attributes"]["status"] == "pending"
    (only,) = all_imports(server)
    assert only["id"] == shown(first)["data"]["id"]
    server.wait_for(only["id"], "completed")
    assert shown(sent(server, body_of(3))) == shown(first)
    assert len(all_imports(server)) == 1
