"""The nearest of the names that a person may have meant."""

import difflib
from collections.abc import Iterable

__all__ = ["nearest"]


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that somebody who wrote `name` probably meant."""
    known = {each.lower(): each for each in names}
    spelled = name.strip().lower().replace(" ", "_").replace("-", "_")
    found = difflib.get_close_matches(spelled, known, n=1)
    return known[found[0]] if found else None
