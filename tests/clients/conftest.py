import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.clients.certificates import Certificate, make_certificate
from tests.clients.installing import FOLDER, Node, find_node, install_clients
from tests.clients.plugin import Login, Plugin
from tests.clients.serving import Organization, Server, serve
from tests.postgresql import PostgresDatabases

# Organizations whose names stand in the certificate, one for each test that speaks https.
TLS_SLUGS = ["plugin", "refused", "visitor", "tls", "store"]

# Longer than the longest takes on a machine that does many other things.
_SCRIPT_SECONDS = 300


@pytest.fixture(scope="session")
def node() -> Node:
    """Node, with the official clients where its scripts find them."""
    found = find_node()
    install_clients(found)
    return found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"), TLS_SLUGS)


@pytest.fixture(scope="session")
def tls_server(
    tmp_path_factory: pytest.TempPathFactory, certificate: Certificate
) -> Iterator[Server]:
    """A server at https, whose clients need nothing but to trust its certificate."""
    with serve(tmp_path_factory.mktemp("tls_server"), certificate) as running:
        yield running


@pytest.fixture(scope="session")
def shared_server(
    tmp_path_factory: pytest.TempPathFactory, postgresql: PostgresDatabases
) -> Iterator[Server]:
    """Two servers and a worker on one database."""
    url = postgresql.url(postgresql.create())
    with serve(tmp_path_factory.mktemp("shared_server"), database_url=url) as running:
        yield running


@pytest.fixture(scope="session")
def shared_tls_server(
    tmp_path_factory: pytest.TempPathFactory,
    certificate: Certificate,
    postgresql: PostgresDatabases,
) -> Iterator[Server]:
    """A server at https and a worker apart, on one database."""
    url = postgresql.url(postgresql.create())
    folder = tmp_path_factory.mktemp("shared_tls_server")
    with serve(folder, certificate, database_url=url) as running:
        yield running


@pytest.fixture(scope="session", params=["server", "shared_server"])
def imports_server(request: pytest.FixtureRequest) -> Server:
    """Each set-up in turn, for what concerns the Imports API."""
    server = request.getfixturevalue(request.param)
    assert isinstance(server, Server)
    return server


@pytest.fixture(scope="session", params=["tls_server", "shared_tls_server"])
def imports_tls_server(request: pytest.FixtureRequest) -> Server:
    """The same at https."""
    server = request.getfixturevalue(request.param)
    assert isinstance(server, Server)
    return server


@pytest.fixture(scope="session")
def tls_variables(certificate: Certificate) -> Mapping[str, str]:
    """The environment variables with which node trusts and finds that server."""
    return {
        "NODE_EXTRA_CA_CERTS": str(certificate.authority),
        "NODE_OPTIONS": f"--import={(FOLDER / 'scripts/localhost.mjs').as_uri()}",
    }


@pytest.fixture
def login(
    node: Node, imports_tls_server: Server, tls_variables: Mapping[str, str], tmp_path: Path
) -> Login:
    """Gives a plugin of the terminal client a token of an application."""

    def login(
        slug: str,
        kind: str = "integration",
        *,
        name: str = "cli-plugin-imports",
        mode: str = "test",
        variables: Mapping[str, str] = tls_variables,
    ) -> Plugin:
        token = imports_tls_server.token(slug, kind, mode)
        home = tmp_path / "home"
        return Plugin(name, node, slug, imports_tls_server.domain, token, home, variables)

    return login


RunScript = Callable[..., None]


@pytest.fixture
def run_script(node: Node) -> RunScript:
    """Runs a script of tests against a server, as an organization of it."""

    def run(script: str, server: Server, its: Organization, **variables: str) -> None:
        environment = os.environ | {
            "LONGSHORE_TEST_URL": server.url,
            "LONGSHORE_TEST_READ_URL": server.read_url,
            "LONGSHORE_TEST_DOMAIN": server.domain,
            "LONGSHORE_TEST_ORGANIZATION": its.slug,
            "LONGSHORE_TEST_CLIENT_ID": its.client_id,
            "LONGSHORE_TEST_CLIENT_SECRET": its.client_secret,
            "LONGSHORE_TEST_TOKEN": server.token(its.slug),
            **variables,
        }
        path = FOLDER / "scripts" / script
        reporter = ["--test-reporter=spec", "--test-reporter-destination=stdout"]
        done = subprocess.run(
            [*node.node, *reporter, str(path)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SCRIPT_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout

    return run
