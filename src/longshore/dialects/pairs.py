"""Cells that hold several names with their values, `size=10,2cm,color=Black`."""

import re
from collections.abc import Iterator

_ENCLOSED = re.compile(r'\s*([^=",|]+)="((?:[^"]|"")*)"\s*(?:,|$)')


def pairs_of(text: str) -> dict[str, str]:
    """The values by name: parts between commas, of which one without `=` belongs to the value
    before it; values may be enclosed in quotes."""
    enclosed = _enclosed(text)
    if enclosed is not None:
        return enclosed
    pairs: dict[str, str] = {}
    name: str | None = None
    for part in text.split(","):
        start, mark, value = part.partition("=")
        if mark:
            name = start.strip()
            pairs[name] = value
        elif name is not None:
            pairs[name] += "," + part
    return {name: value.strip() for name, value in pairs.items() if name}


def lists_of_pairs(text: str) -> Iterator[dict[str, str]]:
    """The same of several things with a `|` between them; a part without any `=` belongs to the
    last value before it."""
    parts: list[str] = []
    for part in text.split("|"):
        if "=" in part or not parts:
            parts.append(part)
        else:
            parts[-1] += "|" + part
    return (pairs for part in parts if (pairs := pairs_of(part)))


def _enclosed(text: str) -> dict[str, str] | None:
    pairs: dict[str, str] = {}
    at = 0
    while at < len(text):
        found = _ENCLOSED.match(text, at)
        if found is None:
            return None
        pairs[found[1].strip()] = found[2].replace('""', '"')
        at = found.end()
    return pairs or None
