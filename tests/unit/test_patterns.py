"""Patterns mean the same in every Python that longshore runs on."""

import re
from pathlib import Path

import longshore

# In Python before 3.11.5 a group that is repeated possessively may match too much (gh-106052):
# `(?>(?:...)*)` says the same and is right in all.
_POSSESSIVE_GROUP = re.compile(r"(?<!\.)\)[*+?]\+")


def test_no_pattern_repeats_a_group_possessively() -> None:
    sources = Path(longshore.__file__).parent.rglob("*.py")
    found = {
        f"{path.name}:{number}"
        for path in sources
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if _POSSESSIVE_GROUP.search(line)
    }
    assert found == set()
