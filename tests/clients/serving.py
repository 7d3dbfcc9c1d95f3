"""A real server on this machine, and organizations in it."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
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
    """A running `longshore serve`."""

    url: str
    domain: str  # what clients are told
    data: Path

    def add_organization(self, slug: str) -> Organization:
        application = self.run("organizations", "create", slug)["application"]
        return Organization(slug, application["client_id"], application["client_secret"])

    def add_application(self, slug: str, kind: str) -> Organization:
        """Another application of an organization."""
        made = self.run("applications", "create", "--organization", slug, "--kind", kind)
        return Organization(slug, made["client_id"], made["client_secret"])

    def token(self, slug: str, kind: str = "integration") -> str:
        return self._output("token", "--organization", slug, "--kind", kind).strip()

    def expired_token(self, slug: str) -> str:
        """What `token` would have given a day ago."""
        with closing(Database.open(self.data, Settings(data=self.data))) as database:
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
            env=_environment(self.data, self.domain),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def serve(
    folder: Path, certificate: Certificate | None = None, *, settings: Mapping[str, str] = {}
) -> Iterator[Server]:
    """Run a server; with a certificate it speaks https, and its domain has its port.

    `settings` are environment variables.
    """
    port = _free_port()
    domain = "localhost" if certificate is None else f"localhost:{port}"
    command = [sys.executable, "-m", "longshore", "serve", "--port", str(port)]
    if certificate is not None:
        command += ["--tls-cert", str(certificate.certificate)]
        command += ["--tls-key", str(certificate.key)]
    data = folder / "data"
    with open(folder / "server.log", "w") as log_file:
        process = subprocess.Popen(
            command,
            env={**_environment(data, domain), **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log_file,
            text=True,
        )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, (folder / "server.log").read_text()
        yield Server(url, domain, data)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=_STOP_SECONDS)
    # Nothing that a client did was a surprise.
    log = (folder / "server.log").read_text()
    assert "Traceback" not in log, log
    assert process.returncode == 0, log


def _free_port() -> int:
    # A domain names its port before anybody listens there.
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _environment(data: Path, domain: str) -> Mapping[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("LONGSHORE_")
    }
    return inherited | {
        "LONGSHORE_DATA": str(data),
        "LONGSHORE_DOMAIN": domain,
        "PYTHONPATH": str(_ROOT / "src"),
    }
