"""Links between pages lead somewhere."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, name, pages, prose

LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made where Markdown is shown."""
    return {
        re.sub(r"[^\w\- ]", "", heading["text"].lower()).replace(" ", "-")
        for heading in HEADING.finditer(prose(page))
    }


def is_broken(page: Path, target: str) -> bool:
    if re.match(r"[a-z]+:", target):
        return False
    path, _, anchor = target.partition("#")
    found = (page.parent / path).resolve() if path else page
    if not found.is_relative_to(ROOT) or not found.exists():
        return True
    return bool(anchor) and anchor not in anchors(found)


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_link_of_a_page_resolves(page: Path) -> None:
    targets = [link["target"] for link in LINK.finditer(prose(page))]
    assert [target for target in targets if is_broken(page, target)] == []


def test_every_page_of_the_docs_can_be_reached_from_their_index() -> None:
    found = {ROOT / "docs/index.md"}
    waiting = list(found)
    while waiting:
        page = waiting.pop()
        for link in LINK.finditer(prose(page)):
            path = (page.parent / link["target"].partition("#")[0]).resolve()
            if path.suffix == ".md" and path not in found and path.exists():
                found.add(path)
                waiting.append(path)
    docs = {page for page in pages() if page.is_relative_to(ROOT / "docs")}
    assert [name(page) for page in sorted(docs - found)] == []
