"""A database of its own, and workers, for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from longshore.access import create_organization
from tests.behaviour.conftest import databases as databases
from tests.behaviour.conftest import kind_of_database as kind_of_database
from tests.behaviour.conftest import settings as settings
from tests.chaos.fleet import Fleet
from tests.chaos.installation import Installation
from tests.postgresql import PostgresDatabases, PostgresServer


@pytest.fixture
def installation(
    postgresql: PostgresDatabases, migrated_postgresql: str, tmp_path: Path
) -> Iterator[Installation]:
    """On the server that all tests share."""
    name = postgresql.create(template=migrated_postgresql)
    installation = Installation(postgresql.url(name), tmp_path / "data")
    yield installation
    installation.close()
    postgresql.drop(name)


@pytest.fixture
def fleet(installation: Installation) -> Iterator[Fleet]:
    """Workers of the installation; none is there yet."""
    fleet = Fleet(installation.url, installation.data)
    yield fleet
    fleet.kill_all()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PostgresServer]:
    """A server of the test's own, to be stopped and started."""
    server = PostgresServer()
    yield server
    server.close()


def make_organizations(installation: Installation, *slugs: str) -> None:
    """Organizations beside the default one."""
    with installation.longshore.database.write() as tx:
        for slug in slugs:
            create_organization(tx, slug)
