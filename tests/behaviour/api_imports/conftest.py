from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.behaviour.api.site import Client
from tests.behaviour.api_imports.site import ImportSite, Template
from tests.behaviour.conftest import Databases


@pytest.fixture(scope="session")
def import_template(
    kind_of_database: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Template:
    return Template(kind_of_database, tmp_path_factory.mktemp("api_imports"))


@pytest.fixture
def open_site(
    import_template: Template, databases: Databases, tmp_path: Path
) -> Iterator[Callable[..., ImportSite]]:
    """Opens installations with other settings than the defaults."""
    opened: list[ImportSite] = []

    def open_one(**settings: object) -> ImportSite:
        opened.append(import_template.open(tmp_path / f"data{len(opened)}", **settings))
        return opened[-1]

    yield open_one
    for site in opened:
        site.close()


@pytest.fixture
def site(open_site: Callable[..., ImportSite]) -> ImportSite:
    return open_site()


@pytest.fixture
def client(site: ImportSite) -> Client:
    """A client that may do everything, in the default organization's test mode."""
    return site.client()
