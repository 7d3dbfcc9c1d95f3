"""A way to a server on which connections break."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from urllib.parse import urlsplit


class UnreliableWay:
    """Another address of an endpoint, whose connections break when a test says so."""

    def __init__(self, endpoint: str) -> None:
        target = urlsplit(endpoint)
        assert target.hostname is not None
        assert target.port is not None
        self._target = (target.hostname, target.port)
        self.is_closed = False
        self.on_asked: Callable[[], None] = lambda: None  # before what a client sends is passed on
        self._to_break = 0
        self._connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = self._listen(0)

    def __enter__(self) -> "UnreliableWay":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._cut()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def break_next(self, count: int) -> None:
        """Break the connections that are open, and the next ones that are made."""
        self._to_break = count
        self._hang_up()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Nobody answers within the block."""
        self._cut()
        self.is_closed = True
        try:
            yield
        finally:
            self.is_closed = False
            self._listener = self._listen(self._port)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        self._port: int = listener.getsockname()[1]
        self._start(self._accept, listener)
        return listener

    def _cut(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()  # after it no connection is added
        self._hang_up()
        for thread in self._threads:
            thread.join()
        for each in (self._listener, *self._connections):
            each.close()
        self._threads.clear()
        self._connections.clear()

    def _hang_up(self) -> None:
        for connection in tuple(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            if self._to_break:
                self._to_break -= 1
                # Behind the request: hyper does not try one again whose connection broke before it
                # was ready to send, and whether it was is a matter of microseconds.
                with suppress(OSError):
                    client.recv(1 << 16)
                client.close()
                continue
            server = socket.create_connection(self._target)
            self._connections += [client, server]
            self._start(_carry, client, server, lambda: self.on_asked())
            self._start(_carry, server, client, lambda: None)

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments)
        self._threads.append(thread)
        thread.start()


def _carry(source: socket.socket, target: socket.socket, on_data: Callable[[], None]) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            on_data()
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
