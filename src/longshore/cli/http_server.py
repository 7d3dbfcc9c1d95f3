"""Run a server until it is asked to stop."""

from __future__ import annotations

import signal
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, cast

from longshore.cli.stops import stop_signals
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from longshore.cli.connections import ConnectionLimits

__all__ = ["Listener", "listen", "serve_until_stopped"]

# Clients that are in the middle of something get so long to finish.
_STOP_SECONDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A socket that listens, and how clients reach it."""

    socket: socket.socket
    tls: Path | None  # certificate
    tls_key: Path | None

    @property
    def url(self) -> str:
        host, port = self.socket.getsockname()[:2]
        scheme = "http" if self.tls is None else "https"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


@contextmanager
def listen(host: str, port: int, *, tls: Path | None, tls_key: Path | None) -> Iterator[Listener]:
    """Listen at an address; port 0 takes one that is free. Raises RequestRefused."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise RequestRefused(
            f"cannot listen at {host} port {port}: {error}",
            hint="another program may be using it; name another one with --port",
        ) from error
    with listening:
        # Connections inherit it. asyncio sets it only on sockets that it opened itself; without
        # it, the body of a response waits 40 ms for the acknowledgement of its headers.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield Listener(socket=listening, tls=tls, tls_key=tls_key)


def serve_until_stopped(
    application: ASGIApp,
    listener: Listener,
    limits: ConnectionLimits,
    *,
    on_ready: Callable[[], None],
    on_stop: Callable[[], None],
) -> None:
    """Answer requests until SIGTERM, SIGHUP or Ctrl-C; `on_ready` is called when it begins,
    `on_stop` by the handler of each such signal.

    Who is being answered then has a few seconds left. Raises RequestRefused when the certificate
    cannot be used.
    """
    import asyncio

    import uvicorn

    from longshore.cli.connections import Connections, HandshakeLoop

    class UvicornServer(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            on_ready()

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            on_stop()
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        application,
        lifespan="on",
        http=cast("type[asyncio.Protocol]", Connections(limits).protocol),
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whom to believe is a setting of longshore
        ws="none",
        ssl_certfile=listener.tls,
        ssl_keyfile=listener.tls_key,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise RequestRefused(f"the certificate cannot be used: {error}") from error
    server = UvicornServer(config)

    def hang_up(_number: int, frame: FrameType | None) -> None:
        server.handle_exit(signal.SIGTERM, frame)

    # uvicorn takes SIGINT and SIGTERM over, and raises them again when it has stopped; that is no
    # reason to die of them.
    handlers = {
        number: hang_up if number is signal.SIGHUP else _ignore for number in stop_signals()
    }
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        with asyncio.Runner(loop_factory=HandshakeLoop) as runner:
            runner.run(server.serve(sockets=[listener.socket]))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.stdout.flush()


def _ignore(_number: int, _frame: FrameType | None) -> None:
    pass
