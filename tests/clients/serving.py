"""A real installation on this machine, and organizations in it.

Two set-ups run it: one server with its own worker on an embedded database; and, as on several
hosts, servers and a worker of their own, which have nothing in common but a PostgreSQL database
and the attachments.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longshore import clock
from longshore.access import Tokens, find_environment, oldest_application
from longshore.database import Database
from longshore.settings import Settings
from tests.clients.certificates import Certificate

_ROOT = Path(__file__).parents[2]
_STOP_SECONDS = 60

# Longer than any token lasts.
_LONG_AGO_MILLISECONDS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization with an application that may do everything in its test mode."""

    slug: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Server:
    """A running `longshore serve`, or two of them."""

    url: str
    read_url: str  # of the server that is asked when nothing is to be changed
    domain: str  # what clients are told
    data: Path
    database_url: str  # empty: it is in the data folder

    def add_organization(self, slug: str) -> Organization:
        application = self.run("organizations", "create", slug)["application"]
        return Organization(slug, application["client_id"], application["client_secret"])

    def add_application(self, slug: str, kind: str) -> Organization:
        """Another application of an organization."""
        made = self.run("applications", "create", "--organization", slug, "--kind", kind)
        return Organization(slug, made["client_id"], made["client_secret"])

    def token(self, slug: str, kind: str = "integration", mode: str = "test") -> str:
        place = ["--organization", slug, "--mode", mode]
        return self._output("token", *place, "--kind", kind).strip()

    def expired_token(self, slug: str) -> str:
        """What `token` would have given a day ago."""
        settings = Settings(data=self.data, database_url=self.database_url)
        with closing(Database.open(self.data, settings)) as database:
            tokens = Tokens(
                database, domain=self.domain, now=lambda: clock.now() - _LONG_AGO_MILLISECONDS
            )
            with database.read() as tx:
                environment = find_environment(tx, slug, "test")
                assert environment is not None
                application = oldest_application(tx, environment.number, "integration")
            assert application is not None
            return tokens.sign(application).token

    def run(self, *arguments: str) -> Any:
        """What a command answers with `--json`."""
        return json.loads(self._output(*arguments, "--json"))["data"]

    def _output(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "longshore", *arguments],
            env=_environment(self.data, self.domain, self.database_url),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def serve(
    folder: Path,
    certificate: Certificate | None = None,
    *,
    database_url: str = "",
    settings: Mapping[str, str] = {},
) -> Iterator[Server]:
    """Run a server; with a certificate it speaks https, and its domain has its port.

    With a PostgreSQL database the imports are run by a worker apart, and at http there are two
    servers. `settings` are environment variables.
    """
    port = _free_port()
    domain = "localhost" if certificate is None else f"localhost:{port}"
    data = folder / "data"
    environment = {**_environment(data, domain, database_url), **settings}
    arguments = ["serve"]
    if database_url:
        arguments.append("--no-worker")
    if certificate is not None:
        arguments += ["--tls-cert", str(certificate.certificate)]
        arguments += ["--tls-key", str(certificate.key)]
    with ExitStack() as running:

        def start(name: str, *arguments: str) -> subprocess.Popen[str]:
            return running.enter_context(_started(folder / name, arguments, environment))

        url = read_url = _address(start("server", *arguments, "--port", str(port)))
        if database_url:
            if certificate is None:
                read_url = _address(start("reading server", *arguments, "--port", "0"))
            start("worker", "worker")
        yield Server(url, read_url, domain, data, database_url)


@contextmanager
def _started(
    path: Path, arguments: Sequence[str], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """A process of longshore, which ends well when it is asked to; its log is at the path."""
    log = path.with_suffix(".log")
    with open(log, "w") as log_file:
        process = subprocess.Popen(
            [sys.executable, "-m", "longshore", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log_file,
            text=True,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=_STOP_SECONDS)
    # Nothing that a client did was a surprise.
    told = log.read_text()
    assert "Traceback" not in told, told
    assert process.returncode == 0, told


def _address(server: subprocess.Popen[str]) -> str:
    """Where a server answers, as soon as it does."""
    assert server.stdout is not None
    url = server.stdout.readline().strip()
    assert url, "the server did not start; its log is in the folder of the test"
    return url


def _free_port() -> int:
    # A domain names its port before anybody listens there.
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _environment(data: Path, domain: str, database_url: str) -> Mapping[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("LONGSHORE_")
    }
    return inherited | {
        "LONGSHORE_DATA": str(data),
        "LONGSHORE_DOMAIN": domain,
        "LONGSHORE_DATABASE_URL": database_url,
        "PYTHONPATH": str(_ROOT / "src"),
    }
