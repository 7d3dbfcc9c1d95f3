"""Clients that are silent, slow or many: they end, and everybody else is answered meanwhile.

The limits are those of a server, with shorter times; sockets tell when a connection ends, so
nothing here looks at a clock.
"""

import asyncio
import contextlib
import ipaddress
import json
import socket
import threading
from collections.abc import Iterator
from typing import cast

import httpx2
import pytest
import uvicorn

from longshore.cli.connections import ConnectionLimits, Connections, HandshakeLoop
from tests.behaviour.serving.servers import MEDIA_TYPE, PATIENCE_SECONDS, run, skus

FAST = {"head_seconds": 0.6, "body_pause_seconds": 0.6, "answer_seconds": 0.6}
BIG = b"x" * (64 << 20)
STUCK = b"GET /stuck HTTP/1.1\r\nHost: x\r\n\r\n"

answering = threading.Semaphore(0)  # raised by every request at /stuck


async def application(scope, receive, send):
    """Reads the body, then answers: with very much at /big, and never at /stuck."""
    while (await receive()).get("more_body"):
        pass
    if scope["path"] == "/stuck":
        answering.release()
        await asyncio.Event().wait()
    start = {"type": "http.response.start", "status": 200, "headers": []}
    await send(start)
    await send({"type": "http.response.body", "body": BIG if scope["path"] == "/big" else b"ok"})


@contextlib.contextmanager
def serving(**limits) -> Iterator[tuple[str, int]]:
    """A server with these limits, in a thread; its address."""
    given = {"connections_max": 100, "connections_per_address_max": 100, **FAST, **limits}
    config = uvicorn.Config(
        application,
        http=cast("type[asyncio.Protocol]", Connections(ConnectionLimits(**given)).protocol),
        lifespan="off",
        log_config=None,
        log_level="critical",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)

    def serve() -> None:
        with asyncio.Runner(loop_factory=HandshakeLoop) as runner:
            runner.run(server.serve(sockets=[listening]))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()
    finally:
        server.should_exit = True
        thread.join()


def connect(address: tuple[str, int], data: bytes = b"") -> socket.socket:
    client = socket.create_connection(address, timeout=PATIENCE_SECONDS)
    client.sendall(data)
    return client


def keep_busy(address: tuple[str, int], count: int) -> list[socket.socket]:
    """So many connections on which requests are being answered."""
    clients = [connect(address, STUCK) for _ in range(count)]
    for _ in clients:
        assert answering.acquire(timeout=PATIENCE_SECONDS)
    return clients


def rest_of(client: socket.socket) -> bytes:
    """All that the server sends until it ends the connection."""
    pieces = []
    with contextlib.suppress(ConnectionResetError), client:
        while piece := client.recv(1 << 16):
            pieces.append(piece)
    return b"".join(pieces)


def status_of(address: tuple[str, int], path: str) -> int:
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    return int(rest_of(connect(address, head.encode())).split(b" ", 2)[1])


def test_a_silent_connection_is_ended_without_an_answer() -> None:
    with serving() as address:
        assert rest_of(connect(address)) == b""


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"GET /health HT", id="half a first line"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n", id="half a head"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n123", id="half a body"
        ),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n123\r\n",
            id="half a body in chunks",
        ),
    ],
)
def test_whoever_stops_in_the_middle_of_a_request_is_told_and_ended(data: bytes) -> None:
    with serving() as address:
        answer = rest_of(connect(address, data))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 Request timeout")
    assert json.loads(body)["errors"][0]["code"] == "REQUEST_TIMEOUT"


def test_a_body_that_drips_is_ended_though_it_never_stops() -> None:
    with serving(body_bytes_per_second_min=100_000, body_pause_seconds=1.5) as address:
        client = connect(address, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n")
        client.settimeout(0.05)
        answer = b""
        with contextlib.suppress(OSError):
            while not answer:
                client.sendall(b"x")
                with contextlib.suppress(TimeoutError):
                    answer = client.recv(12)
        client.close()
    assert answer == b"HTTP/1.1 408"


def test_a_second_request_that_stops_in_its_head_is_ended() -> None:
    with serving() as address:
        client = connect(address, b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP")
        assert rest_of(client).count(b"HTTP/1.1 200") == 1


def test_an_answer_that_nobody_takes_is_given_up() -> None:
    with serving() as address:
        client = connect(address, b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        # Whether the server has given up shows in the next one that fits: there is room for one.
        assert status_of(address, "/") == 200
        until_ended = connect(address, b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        assert len(rest_of(until_ended)) > len(BIG)  # who takes it, gets it whole
        assert len(rest_of(client)) < len(BIG)


def test_silent_connections_make_way_for_those_who_ask() -> None:
    with serving(connections_max=8, head_seconds=PATIENCE_SECONDS) as address:
        silent = [connect(address) for _ in range(40)]
        assert status_of(address, "/") == 200
        assert rest_of(silent[0]) == b""  # the one that was silent the longest
        for client in silent[1:]:
            client.close()


def test_where_all_are_being_answered_there_is_room_for_health_only() -> None:
    with serving(connections_max=4) as address:
        busy = keep_busy(address, 4)
        assert status_of(address, "/health") == 200
        assert status_of(address, "/ready") == 200
        assert status_of(address, "/") == 503
        for client in busy:
            client.close()
        while status_of(address, "/") != 200:
            pass


def test_one_address_takes_its_share_only_unless_it_is_a_proxy() -> None:
    with serving(connections_per_address_max=4) as address:
        busy = keep_busy(address, 4)
        assert status_of(address, "/") == 503
        for client in busy:
            client.close()
    proxies = [ipaddress.ip_network("127.0.0.0/8")]
    with serving(connections_per_address_max=4, trusted=proxies) as address:
        busy = keep_busy(address, 8)
        assert status_of(address, "/") == 200
        for client in busy:
            client.close()


def test_what_is_no_http_is_told_so_as_a_document() -> None:
    with serving() as address:
        answer = rest_of(connect(address, b"\x16\x03\x01 hello\r\n\r\n"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["errors"][0]["code"] == "BAD_REQUEST"


def test_forty_slow_uploads_of_one_application_keep_nobody_else_waiting(start, shared) -> None:
    server = start(**shared)
    host, port = server.url.removeprefix("http://").split(":")
    token = run(server.data, "token", settings=server.settings).strip()
    head = (
        f"POST /api/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {MEDIA_TYPE}\r\nContent-Length: 99999\r\n\r\n{{"
    )
    slow = [connect((host, int(port)), head.encode()) for _ in range(40)]
    assert httpx2.get(f"{server.url}/health").status_code == 200
    assert httpx2.get(f"{server.url}/ready").status_code == 200
    assert server.get("/api/skus")["data"] == []
    create = ["applications", "create", "--kind", "integration", "--json"]
    other = run(server.data, *create, settings=server.settings)
    credentials = json.loads(other)["data"]
    answer = httpx2.post(
        f"{server.url}/oauth/token",
        json={
            "grant_type": "client_credentials",
            "client_id": credentials["client_id"],
            "client_secret": credentials["client_secret"],
        },
    )
    given = {"resource_type": "skus", "inputs": skus(1)}
    document = {"data": {"type": "imports", "attributes": given}}
    taken = httpx2.post(
        f"{server.url}/api/imports",
        content=json.dumps(document).encode(),
        headers={
            "Authorization": f"Bearer {answer.json()['access_token']}",
            "Content-Type": MEDIA_TYPE,
        },
        timeout=PATIENCE_SECONDS,
    )
    assert taken.status_code == 201
    # None of the slow ones has come to its end meanwhile.
    for client in slow:
        client.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.recv(1)
        client.close()
