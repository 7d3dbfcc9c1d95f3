"""Installations with a dashboard, and somebody who has signed in.

Pages call operations, which are tested on every database where they are at home; so pages are
tested on the embedded one alone. A module whose pages depend on the database makes its own
`kind_of_database`. Tests that need a real browser are in tests/dashboard.
"""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.behaviour.api.site import Site, Template
from tests.behaviour.conftest import Databases, SqliteDatabases
from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.wizard import Wizard


@pytest.fixture(scope="session")
def kind_of_database(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def template(kind_of_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template(kind_of_database, tmp_path_factory.mktemp("dashboard"))


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
def browser(site: Site) -> Browser:
    """Somebody at a terminal, in the default organization's test mode."""
    return signed_in(site)


@pytest.fixture(scope="module")
def shared_site(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One installation for the tests of a module that do not stand in each other's way."""
    site = template.open(
        tmp_path_factory.mktemp("shared") / "data",
        uploads_open_max=1_000,  # each test leaves drafts behind
        rate_limit_requests=1_000_000,  # tests ask more within seconds than anybody does
    )
    yield site
    site.close()


_numbers = itertools.count()


@pytest.fixture
def wizard(shared_site: Site) -> Wizard:
    """An import to be prepared, in an organization of its own with two shipping categories."""
    wizard = Wizard(shared_site, signed_in(shared_site, slug=f"wizard-{next(_numbers)}"))
    wizard.import_("shipping_categories", "name\nMerchandise\nBulky\n")
    return wizard
