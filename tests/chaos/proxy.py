"""A wire between a program and PostgreSQL that can lose the answer to a commit."""

import socket
import threading
from contextlib import suppress


class Proxy:
    """Forwards connections to a server, byte for byte."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._loses_next = threading.Event()
        self.lost = 0  # answers so far
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def lose_answer_to_commit(self) -> None:
        """Let the server do the next commit, and break the connection before it says so."""
        self._loses_next.set()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                loses = threading.Event()
                for source, target, is_client in ((client, server, True), (server, client, False)):
                    threading.Thread(
                        target=self._forward, args=(source, target, is_client, loses), daemon=True
                    ).start()

    def _forward(
        self, source: socket.socket, target: socket.socket, is_client: bool, loses: threading.Event
    ) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if is_client and b"COMMIT" in data and self._loses_next.is_set():
                    self._loses_next.clear()
                    loses.set()
                elif not is_client and loses.is_set():
                    # The server has answered, so it is done.
                    self.lost += 1
                    break
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
