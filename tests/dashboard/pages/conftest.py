from collections.abc import Iterator

import pytest

from tests.dashboard.pages.site import Browser, Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation for the tests of a module."""
    opened = Site(tmp_path_factory.mktemp("dashboard") / "data")
    yield opened
    opened.close()


@pytest.fixture
def browser(site: Site) -> Browser:
    """Somebody at the default organization's test mode."""
    return site.signed_in()
