"""How much a browser is sent that has nothing yet: whoever has a slow line waits for all of it."""

import gzip
import re
from importlib.resources import files
from urllib.parse import urljoin

import pytest

from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser

_FIRST_PAGE_BYTES_MAX = 100_000
_MODULE_BYTES_MAX = 10_000  # compressed
_ASKED = re.compile(r'(?:href|src)="(/dashboard/static/[^"]+)"')
_IMPORTED = re.compile(r'^import [^"]*"(\./[^"]+)"', re.MULTILINE)

_STATIC = files("longshore.dashboard") / "static"


@pytest.fixture
def site(shared_site: Site) -> Site:
    return shared_site


@pytest.mark.parametrize("path", ["", "/new", "/records"])
def test_a_first_page_with_all_that_it_asks_for_is_small(browser: Browser, path: str) -> None:
    page = browser.get(f"/dashboard{path}")
    sizes = {path: len(page.content)}
    asked = set(_ASKED.findall(page.text))
    assert any(each.endswith(".css") for each in asked)
    while asked:
        address = asked.pop()
        content = browser.get(address).content
        sizes[address] = len(content)
        imported = {urljoin(address, each) for each in _IMPORTED.findall(content.decode())}
        asked |= imported - set(sizes)
    assert sum(sizes.values()) < _FIRST_PAGE_BYTES_MAX


@pytest.mark.parametrize(
    "name", sorted(each.name for each in _STATIC.iterdir() if each.name.endswith(".js"))
)
def test_a_module_is_small(name: str) -> None:
    assert len(gzip.compress((_STATIC / name).read_bytes())) < _MODULE_BYTES_MAX
