import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dashboard.pages.site import Browser, Site


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder to be copied: making one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("template") / "data"
    made = Site(folder)
    made.environment()
    made.close()
    return folder


@pytest.fixture(scope="module")
def site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation for the tests of a module."""
    folder = shutil.copytree(template, tmp_path_factory.mktemp("dashboard") / "data")
    opened = Site(Path(folder))
    yield opened
    opened.close()


@pytest.fixture
def browser(site: Site) -> Browser:
    """Somebody at the default organization's test mode."""
    return site.signed_in()
