"""Places to import into: organizations of one installation, a new one for each test.

Environments never see each other, so tests can share an installation, which takes longer to make
than to import into.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from longshore.assembly import Longshore, open_longshore
from tests.behaviour.conftest import Databases
from tests.behaviour.engine.organization import Organization, found


@pytest.fixture(scope="session")
def installation(
    kind_of_database: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Longshore]:
    """An installation whose chunks end by their rows alone, never by the clock."""
    data = tmp_path_factory.mktemp("installation") / "data"
    settings = kind_of_database.settings(data, is_lasting=True)
    with open_longshore(replace(settings, chunk_milliseconds=0)) as longshore:
        yield longshore


@pytest.fixture
def shop(installation: Longshore) -> Iterator[Organization]:
    """An organization in which nothing has happened yet."""
    organization = found(installation)
    yield organization
    organization.end()


@pytest.fixture
def elsewhere(installation: Longshore) -> Iterator[Organization]:
    """Another one."""
    organization = found(installation)
    yield organization
    organization.end()
