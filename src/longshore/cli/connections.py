"""Connections of a server: bounded in number, and ended when the client is silent or slow.

uvicorn bounds neither the time in which a client sends its head nor the speed at which it sends a
body or takes an answer, and it bounds the number of connections for all paths alike. So this
protocol of its HTTP/1.1 implementation keeps account of each connection, and one look a second
ends those that keep others waiting:

- a connection on which no head arrives in time, silent or in the middle of one;
- a body that stops, or is slower than a body may be, while the server waits for it;
- an answer that the client does not take;
- a connection that is being closed, and whose last bytes nobody takes.

When there are as many connections as may be, the one that has been waiting for a head the longest
is closed for the next client. Where all are being answered, a few more are taken for those who ask
how the server is (`_HEALTH_PATHS`), and everybody else is answered with 503.
"""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from longshore.api import ApiError, error_response

__all__ = ["ConnectionLimits", "Connections", "HandshakeLoop", "open_files_max"]

_LOOK_SECONDS = 0.5
_HEALTH_PATHS = frozenset({"/health", "/ready"})
_RESERVE = 16  # connections beyond the limit, for those who ask how the server is

# Open files that a server needs beside its connections: the database, attachments, the process.
_OTHER_FILES = 128

_NO_HTTP = ApiError("BAD_REQUEST", reason="The request is not HTTP/1.1.")
_TOO_SLOW = ApiError("REQUEST_TIMEOUT", headers={"Connection": "close"})
_TOO_MANY = ApiError(
    "SERVICE_UNAVAILABLE",
    reason="too many connections are open",
    headers={"Retry-After": "1", "Connection": "close"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """How many connections a server keeps, and how long it waits for whom."""

    connections_max: int
    connections_per_address_max: int
    # Addresses and networks of proxies, behind which there are many clients.
    trusted: Collection[IPv4Network | IPv6Network] = ()
    head_seconds: float = 10.0  # from the connection, or the first byte of a head, to its end
    body_pause_seconds: float = 10.0  # between two pieces of a body
    body_bytes_per_second_min: int = 1024  # on the average, once the body has taken a while
    answer_seconds: float = 30.0  # in which a client takes nothing of its answer


def open_files_max() -> int:
    """How many connections this process can have open, with as many files as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and (hard == resource.RLIM_INFINITY or soft < hard):
        wanted = min(hard, 65_536) if hard != resource.RLIM_INFINITY else 65_536
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, soft), hard))
            soft = max(wanted, soft)
    return 1 << 20 if soft == resource.RLIM_INFINITY else max(soft - _OTHER_FILES, 16)


@dataclass(slots=True)
class Connections:
    """All connections of one server, and the look at them."""

    limits: ConnectionLimits
    _open: dict[_Connection, None] = field(default_factory=dict)  # in the order of their making
    _by_address: Counter[str] = field(default_factory=Counter)
    _looking: asyncio.TimerHandle | None = None

    def protocol(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> _Connection:
        """A protocol for the next connection; what uvicorn asks for as the class of one."""
        return _Connection(self, config, server_state, app_state, _loop)

    def add(self, connection: _Connection) -> bool:
        """Take a connection; False: there is no place even for those who ask how the server is."""
        address = connection.address
        is_many = (
            self._by_address[address] >= self.limits.connections_per_address_max
            and not self._is_proxy(address)
            and not self._make_place(address)
        )
        if is_many or (len(self._open) >= self.limits.connections_max and not self._make_place()):
            reserved = sum(each.is_reserved for each in self._open)
            if reserved >= _RESERVE and not self._make_place(is_reserved=True):
                return False
            connection.is_reserved = True
        self._open[connection] = None
        self._by_address[address] += 1
        if self._looking is None:
            self._look_later(connection.loop)
        return True

    def remove(self, connection: _Connection) -> None:
        if self._open.pop(connection, self) is None:
            self._by_address[connection.address] -= 1
            if not self._by_address[connection.address]:
                del self._by_address[connection.address]

    def _make_place(self, address: str | None = None, *, is_reserved: bool = False) -> bool:
        """Close the connection that has waited for a head the longest, if one does."""
        waiting = [
            each
            for each in self._open
            if each.waits_for_head
            and each.is_reserved is is_reserved
            and address in (None, each.address)
        ]
        if not waiting:
            return False
        oldest = min(waiting, key=lambda each: each.waiting_since)
        oldest.transport.abort()
        self.remove(oldest)
        return True

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:  # a socket in the file system
            return True
        return any(found in network for network in self.limits.trusted)

    def _look_later(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looking = loop.call_later(_LOOK_SECONDS, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looking = None
        now = loop.time()
        for connection in list(self._open):
            connection.look(now, self.limits)
        if self._open:
            self._look_later(loop)


class _Connection(H11Protocol):
    """One connection of a client."""

    def __init__(
        self,
        connections: Connections,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        super().__init__(config, server_state, app_state, loop)
        self._connections = connections
        self.address = ""
        self.is_reserved = False  # there is a place for it only if it asks how the server is
        self.waiting_since = self.loop.time()  # for a head; meaningful while it waits for one
        self._has_begun_head = False
        self._has_request = False  # once a head has arrived, there is a cycle
        self._body_bytes = 0
        self._body_seconds = 0.0  # that the server has waited for the body
        self._last_byte_at = self.waiting_since
        self._looked_at = self.waiting_since
        self._write_paused_at: float | None = None
        self._closing_since: float | None = None

    # What asyncio calls

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        if not self._connections.add(self):
            self._end(_TOO_MANY)
        elif self.is_reserved:
            self.app = _only_health(self.app)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        now = self._last_byte_at = self.loop.time()
        if self.transport.is_closing():
            return
        if self.waits_for_head and not self._has_begun_head:
            self._has_begun_head = True
            self.waiting_since = now
        self._body_bytes += len(data)
        super().data_received(data)

    def pause_writing(self) -> None:
        self._write_paused_at = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._write_paused_at = None
        super().resume_writing()

    # What uvicorn calls

    def handle_events(self) -> None:
        cycle = self.cycle
        super().handle_events()
        if self.cycle is cycle:
            return
        self._has_request = True
        self._has_begun_head = False
        self._body_bytes = 0
        self._body_seconds = 0.0

    def on_response_complete(self) -> None:
        self.waiting_since = self.loop.time()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        self._end(_NO_HTTP)

    # What the connections ask

    @property
    def waits_for_head(self) -> bool:
        """Whether nothing is being answered, and no body is on its way."""
        return not self._is_answering and self.conn.their_state is not h11.SEND_BODY

    @property
    def _is_answering(self) -> bool:
        return self._has_request and not self.cycle.response_complete

    def look(self, now: float, limits: ConnectionLimits) -> None:
        """End the connection if the client keeps it waiting for too long."""
        since, self._looked_at = now - self._looked_at, now
        if self.transport.is_closing():
            # Closing waits for the last bytes to be taken, without an end.
            self._closing_since = self._closing_since or now
            if now - self._closing_since >= limits.head_seconds:
                self.transport.abort()
        elif self._write_paused_at is not None:
            if now - self._write_paused_at >= limits.answer_seconds:
                self.transport.abort()
        elif self.waits_for_head:
            if now - self.waiting_since >= limits.head_seconds:
                self._end(_TOO_SLOW if self._has_begun_head else None)
        elif self.conn.their_state is h11.SEND_BODY and not self.flow.read_paused:
            self._body_seconds += since
            is_slow = self._body_bytes < self._body_seconds * limits.body_bytes_per_second_min
            if (is_slow and self._body_seconds >= limits.body_pause_seconds) or (
                now - self._last_byte_at >= limits.body_pause_seconds
            ):
                self._end(_TOO_SLOW)

    def _end(self, error: ApiError | None) -> None:
        """Close the connection, with an answer where one can still be given."""
        if error is not None and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            with suppress(h11.LocalProtocolError):
                self.transport.write(_answer(self.conn, error))
        if self._is_answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()


def _only_health(application: Any) -> Any:
    """The application for those who ask how the server is; there is no place for anybody else."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        is_welcome = scope["path"] in _HEALTH_PATHS
        await (application if is_welcome else error_response(_TOO_MANY))(scope, receive, send)

    return answer


def _answer(conn: h11.Connection, error: ApiError) -> bytes:
    response = error_response(error)
    head = h11.Response(
        status_code=response.status_code, headers=response.raw_headers, reason=error.title
    )
    body = h11.Data(data=bytes(response.body))
    return conn.send(head) + conn.send(body) + conn.send(h11.EndOfMessage())


class HandshakeLoop(asyncio.SelectorEventLoop):
    """An event loop whose servers wait for a TLS handshake no longer than for a head."""

    handshake_seconds = 10.0

    async def create_server(self, *args: Any, **options: Any) -> asyncio.Server:
        if options.get("ssl") is not None:
            options.setdefault("ssl_handshake_timeout", self.handshake_seconds)
        return await super().create_server(*args, **options)
