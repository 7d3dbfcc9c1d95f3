"""A real server to import at, and a proxy before it that fails as networks and servers do."""

import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from longshore.access import Tokens, create_application, ensure_environment
from longshore.cli.remote import parts, uploading
from longshore.database import Database
from longshore.settings import Settings


def send_in_parts(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """Have the command meet a server that takes no files, and send so many rows at a time."""
    monkeypatch.setattr(parts, "PART_ROWS_MAX", rows)
    monkeypatch.setattr(uploading, "_begin", lambda _client, _attributes: None)


@dataclass(slots=True)
class Served:
    """A server process with a data folder of its own."""

    url: str
    data: Path
    process: "subprocess.Popen[str]"

    def token(self, slug: str, kind: str = "integration") -> str:
        """A token for the test mode of an organization, both made where they are missing."""
        with Database.open(self.data, Settings()) as database:
            environment = ensure_environment(database, slug, "test")
            with database.write() as tx:
                application = create_application(tx, environment, kind).application
            return Tokens(database, domain="localhost").sign(application).token

    def credentials(self, slug: str) -> tuple[str, str]:
        """The id and the secret of an application of an organization."""
        with Database.open(self.data, Settings()) as database:
            environment = ensure_environment(database, slug, "test")
            with database.write() as tx:
                made = create_application(tx, environment, "integration")
            assert made.secret is not None
            return made.application.client_id, made.secret


@contextmanager
def serve(data: Path, *options: str, **settings: str) -> Iterator[Served]:
    """`longshore serve` at a free port for as long as the block lasts."""
    command = [sys.executable, "-m", "longshore", "serve", "--port", "0", *options]
    environ = {**os.environ, "LONGSHORE_DATA": str(data), "PYTHONUNBUFFERED": "1", **settings}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environ, text=True)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url.startswith("http"), "the server did not start"
        yield Served(url, data, process)
    finally:
        process.terminate()
        process.communicate()


@dataclass(slots=True)
class Proxy:
    """Passes requests on to a server, except for those that a fault takes."""

    url: str
    upstream: str = ""  # host and port of the server
    # Each takes one request of a method: "503" and "429" (answered at once, to be repeated in
    # `retry_after` seconds), "expired" (the answer to an old token), "lost" (done by the server,
    # and the answer never arrives), "cut" (half of the body comes through, and no answer), "none"
    # (nothing happens), and any other: nothing comes through.
    faults: list[tuple[str, str]] = field(default_factory=list)
    retry_after: str = "0"
    seen: list[str] = field(default_factory=list)  # methods and paths
    keys: list[str | None] = field(default_factory=list)  # of each POST to the API
    on_fault: Callable[[str], None] = lambda _fault: None

    def take(self, method: str) -> str | None:
        """The fault of the next request of the method."""
        if self.faults and self.faults[0][0] == method:
            return self.faults.pop(0)[1]
        return None


@contextmanager
def proxy_before(url: str, *, takes_files: bool = True) -> Iterator[Proxy]:
    """A proxy at a free port for as long as the block lasts; without `takes_files` the server
    behind it seems to know no uploads, as others of the wire do."""
    proxy = Proxy("", upstream=urlsplit(url).netloc)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.pass_on()

        do_POST = do_PATCH = do_PUT = do_DELETE = do_GET

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            proxy.seen.append(f"{self.command} {self.path}")
            is_of_api = "/oauth/" not in self.path
            if self.command == "POST" and is_of_api and "/api/uploads" not in self.path:
                proxy.keys.append(self.headers.get("Idempotency-Key"))
            if not takes_files and self.path.startswith("/api/uploads"):
                self.answer(404, b"{}")
                return
            fault = proxy.take(self.command) if is_of_api else None
            headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
            if fault in ("503", "429", "expired"):
                self.fail(fault)
            elif fault == "cut":
                self.cut(body, headers)
            elif fault not in (None, "lost", "none"):
                self.close_connection = True
            else:
                connection = http.client.HTTPConnection(proxy.upstream)
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
                content = answer.read()
                connection.close()
                if fault == "lost":
                    self.close_connection = True
                else:
                    self.answer(answer.status, content)
            if fault is not None:
                proxy.on_fault(fault)

        def cut(self, body: bytes, headers: dict[str, str]) -> None:
            connection = http.client.HTTPConnection(proxy.upstream)
            connection.putrequest(self.command, self.path)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(body[: len(body) // 2])
            connection.close()
            self.close_connection = True

        def fail(self, fault: str) -> None:
            status = 401 if fault == "expired" else int(fault)
            code = {"503": "SERVICE_UNAVAILABLE", "429": "TOO_MANY_REQUESTS"}
            error = {"title": "No", "detail": fault, "code": code.get(fault, "INVALID_TOKEN")}
            self.answer(status, json.dumps({"errors": [error]}).encode())

        def answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            if status in (429, 503):
                self.send_header("Retry-After", proxy.retry_after)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
