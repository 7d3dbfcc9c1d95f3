"""The pages that people read, and what stands in them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Block(NamedTuple):
    """A fenced block of a page: the words after the fence, and the lines inside it."""

    info: str
    lines: list[str]


def pages() -> list[Path]:
    """Every Markdown page of the repository that people read."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    info: str | None = None
    lines: list[str] = []
    for line in page.read_text("utf-8").splitlines():
        if not line.startswith("```"):
            lines.append(line)
        elif info is None:
            info, lines = line.removeprefix("```").strip(), []
        else:
            yield Block(info, lines)
            info, lines = None, []
    assert info is None, f"{name(page)}: a block is not closed"


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
