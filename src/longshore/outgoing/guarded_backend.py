"""Connections to addresses that were judged.

A name is resolved once. All addresses behind it are judged, and the connection is made to one of
those, never to the name: between judging and connecting nobody can make the name lead elsewhere.
TLS and the header Host go on to mean the name.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import Any, TypeAlias

import httpcore2

from longshore.outgoing.allowed import Allowed
from longshore.outgoing.internal_networks import Address, internal_kind, plain
from longshore.outgoing.refusals import InternalHost, OutgoingFailed, OutgoingRefused

Resolver: TypeAlias = Callable[[str], Sequence[Address]]

_ADDRESSES_TRIED = 4
_LOOK_SECONDS = 1.0  # how often somebody who waits for bytes looks whether he still should


class Deadline:
    """The end of a time that something may take in all."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds, always some; raises OutgoingRefused when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise OutgoingRefused(
                f"fetching it takes longer than {self._seconds:g} seconds",
                hint="LONGSHORE_OUTGOING_SECONDS_MAX is how long it may take",
            )
        return left


def resolve(host: str) -> Sequence[Address]:
    """The addresses of a name, as the machine knows them.

    Raises OutgoingFailed when nobody answers, and OutgoingRefused when there is no such name.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise OutgoingFailed(f"nobody says at present where {host} is") from error
        raise OutgoingRefused(f"there is no host {host}", hint="look at the address") from error
    except UnicodeError as error:
        raise OutgoingRefused(f"there is no host {host}", hint="look at the address") from error
    # A zone, behind %, says through which device a link-local address is reached.
    texts = dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found)
    return [ip_address(text) for text in texts]


class GuardedBackend(httpcore2.NetworkBackend):
    """Makes the connections of one download."""

    def __init__(
        self,
        *,
        allowed: Allowed,
        resolver: Resolver,
        deadline: Deadline,
        on_wait: Callable[[], None],
    ) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._deadline = deadline
        self._on_wait = on_wait
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        failure: Exception = OutgoingRefused(f"there is no host {host}", hint="look at the address")
        for address in self._judged(host)[:_ADDRESSES_TRIED]:
            try:
                stream = self._backend.connect_tcp(
                    str(address),
                    port,
                    _least(timeout, self._deadline.left()),
                    local_address,
                    socket_options,
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return TimedStream(stream, self._deadline, self._on_wait)
        raise failure

    def _judged(self, host: str) -> list[Address]:
        """The addresses of a host; raises InternalHost if only one of them is internal, because
        nobody has a good reason to mix them."""
        try:
            addresses: Sequence[Address] = [ip_address(host)]
            what = "is"
        except ValueError:
            addresses = self._resolver(host)
            # Where exactly a name leads is not told: it might be news to whoever asks.
            what = "leads to"
        judged = list(dict.fromkeys(map(plain, addresses)))
        for address in judged:
            kind = internal_kind(address)
            if kind is not None and not self._allowed.allows(host, address):
                raise InternalHost(
                    f"{host} {what} an internal address: {kind}",
                    hint="the setting LONGSHORE_OUTGOING_ALLOW lists internal hosts and networks "
                    "that may be reached",
                )
        return judged


class TimedStream(httpcore2.NetworkStream):
    """A connection that ends with its deadline, however slowly bytes come in."""

    def __init__(
        self, stream: httpcore2.NetworkStream, deadline: Deadline, on_wait: Callable[[], None]
    ) -> None:
        self._stream = stream
        self._deadline = deadline
        self._on_wait = on_wait

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        began = time.monotonic()
        while True:
            self._on_wait()
            seconds = _least(timeout, self._deadline.left())
            try:
                return self._stream.read(max_bytes, min(seconds, _LOOK_SECONDS))
            except httpcore2.ReadTimeout:
                if timeout is not None and time.monotonic() - began >= timeout:
                    raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _least(timeout, self._deadline.left()))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        seconds = _least(timeout, self._deadline.left())
        stream = self._stream.start_tls(ssl_context, server_hostname, seconds)
        return TimedStream(stream, self._deadline, self._on_wait)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _least(timeout: float | None, left: float) -> float:
    return left if timeout is None else min(timeout, left)
