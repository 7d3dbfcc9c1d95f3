from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.behaviour.api.site import Client, Site, Template
from tests.behaviour.conftest import Databases
from tests.behaviour.reading.factory import Records


@pytest.fixture(scope="session")
def template(kind_of_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template(kind_of_database, tmp_path_factory.mktemp("api"))


@pytest.fixture
def open_site(
    template: Template, databases: Databases, tmp_path: Path
) -> Iterator[Callable[..., Site]]:
    """Opens installations with other settings than the defaults."""
    opened: list[Site] = []

    def open_one(**settings: object) -> Site:
        opened.append(template.open(tmp_path / f"data{len(opened)}", **settings))
        return opened[-1]

    yield open_one
    for site in opened:
        site.close()


@pytest.fixture
def site(open_site: Callable[..., Site]) -> Site:
    """An installation in which nothing is recorded yet."""
    return open_site()


@pytest.fixture
def client(site: Site) -> Client:
    """A client that may do everything, in the default organization's test mode."""
    return site.client()


@pytest.fixture
def records(site: Site, client: Client) -> Records:
    """The records of the client's environment, none yet."""
    return Records(site.database, client.environment)
