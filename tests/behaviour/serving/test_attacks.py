"""Attacks on what a server offers to everybody: the others are answered, and it stays small.

Each begins with the peak of the server's process before it, and ends with how much that has grown:
bytes are counted, not seconds. `--attacks-at-full-size` makes them as large as those that once took
a server down (`make long`).
"""

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

import httpx2
import pytest

from tests.behaviour.serving.servers import (
    MEDIA_TYPE,
    PATIENCE_SECONDS,
    Server,
    peak_bytes,
    run,
)

MEGABYTE = 1 << 20

# What a server may need beside what it is asked for: caches of its connections, buffers, threads.
GROWTH_MAX = 64 * MEGABYTE

# A client that does not read keeps a piece of its answer waiting, and its connection.
CLIENT_BYTES_MAX = 128 * 1024


@pytest.fixture
def at_full_size(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--attacks-at-full-size"))


@pytest.fixture
def server(start: Callable[..., Server], shared: dict[str, str]) -> Server:
    """A server that would take as many connections and requests as anybody wants."""
    return start(
        **shared,
        connections_per_address_max="4000",
        connections_max="4000",
        rate_limit_requests="100000",
    )


@contextmanager
def grows_little(server: Server, growth_max: int = GROWTH_MAX) -> Iterator[None]:
    before = peak_bytes(server.process.pid)
    yield
    assert peak_bytes(server.process.pid) - before < growth_max


def address(server: Server) -> tuple[str, int]:
    host, port = server.url.removeprefix("http://").split(":")
    return host, int(port)


def others_are_answered(server: Server) -> None:
    """Ask how the server is, read, and write, as somebody else."""
    assert httpx2.get(f"{server.url}/health", timeout=PATIENCE_SECONDS).status_code == 200
    assert httpx2.get(f"{server.url}/ready", timeout=PATIENCE_SECONDS).status_code == 200
    server.get("/api/markets")
    written = {"data": {"type": "shipping_categories", "attributes": {"name": "Others"}}}
    response = server.client.post("/api/shipping_categories", content=json.dumps(written).encode())
    assert response.status_code == 201, response.text


def test_rows_of_a_megabyte_are_echoed_within_bounds(server: Server, at_full_size: bool) -> None:
    rows = 95 if at_full_size else 5
    with grows_little(server):
        for number in range(8):
            long = [
                {"code": f"{number}-{row}", "name": "x" * MEGABYTE, "do_not_ship": True}
                for row in range(rows)
            ]
            server.submit(long)
        with ThreadPoolExecutor(4) as pool:
            paths = ["/api/imports", "/api/imports?include=events", "/api/imports?page[size]=25"]
            answers = list(pool.map(lambda path: len(server.client.get(path).content), paths * 2))
        assert max(answers) < 8 * MEGABYTE
        others_are_answered(server)


def test_patterns_of_many_wildcards_keep_nobody_waiting(server: Server, at_full_size: bool) -> None:
    rows = [
        {"code": f"A{number}", "name": "a" * 250, "do_not_ship": True}
        for number in range(5000 if at_full_size else 200)
    ]
    server.wait_for(server.submit(rows), "completed")
    token = run(server.data, "token", "--kind", "sales_channel", settings=server.settings).strip()
    public = {"Authorization": f"Bearer {token}", "Accept": MEDIA_TYPE}
    counts = (3, 7, 8, 50, 1000)
    patterns = [*("%a" * count + "%b" for count in counts), "%" * 4000 + "b"]

    def ask(pattern: str) -> int:
        path = f"/api/skus?filter[q][name_matches]={quote(pattern)}"
        return httpx2.get(
            f"{server.url}{path}", headers=public, timeout=PATIENCE_SECONDS
        ).status_code

    with grows_little(server), ThreadPoolExecutor(len(patterns)) as pool:
        asked = pool.map(ask, patterns)
        others_are_answered(server)
        few, some, *many = asked
        assert (few, some) == (200, 200)
        assert many == [400, 400, 400, 200]  # of neighbours one counts


def test_descriptions_that_nobody_reads_cost_little(server: Server, at_full_size: bool) -> None:
    clients = 1500 if at_full_size else 200
    asked = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    others_are_answered(server)
    assert httpx2.get(f"{server.url}/openapi.json").status_code == 200
    growth_max = max(GROWTH_MAX, clients * CLIENT_BYTES_MAX)
    with grows_little(server, growth_max), ExitStack() as opened:
        for _ in range(clients):
            client = socket.create_connection(address(server), timeout=PATIENCE_SECONDS)
            opened.enter_context(client)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.sendall(asked)
            assert client.recv(12) == b"HTTP/1.1 200"
        others_are_answered(server)
