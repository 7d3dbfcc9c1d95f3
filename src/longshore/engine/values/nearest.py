"""The word of a closed list that a text most likely means; none where two are as near.

A short word is never near another: `kgr` is not `gr`, and `tsv` not `csv`.
"""

import re
from collections.abc import Iterable, Mapping

_BETWEEN = re.compile(r"[\W_]+")
_TYPO_CHARACTERS_MIN = 4
_TWO_TYPOS_CHARACTERS_MIN = 8
_BEGINNING_CHARACTERS_MIN = 3
_CHARACTERS_MAX = 60

# Other words for what short codes say.
_SYNONYMS = {
    **dict.fromkeys(("g", "gram", "grams", "gramm", "gramme", "grammes", "grammi"), "gr"),
    **dict.fromkeys(("ounce", "ounces", "unze", "unzen"), "oz"),
    **dict.fromkeys(("lbs", "pound", "pounds"), "lb"),
    "canceled": "cancelled",
}


def nearest(text: str, words: Mapping[str, str]) -> str | None:
    """What the nearest of the words stands for: `words` has spellings and their meanings."""
    sought = folded(text)
    if not sought or len(sought) > _CHARACTERS_MAX:
        return None
    by_spelling: dict[str, set[str]] = {}
    for spelling, meaning in words.items():
        by_spelling.setdefault(folded(spelling), set()).add(meaning)
    for known in (sought, _SYNONYMS.get(sought)):
        if known in by_spelling:
            return _only(by_spelling[known])
    distances: dict[int, list[str]] = {}
    for spelling in by_spelling:
        distance = typos(sought, spelling)
        if distance is not None:
            distances.setdefault(distance, []).append(spelling)
    if distances:
        near = distances[min(distances)]
        if any(spelling[0] != sought[0] for spelling in near):
            return None  # `unauthorized` is not meant as `authorized`
        return _only(set().union(*(by_spelling[spelling] for spelling in near)))
    if len(sought) < _BEGINNING_CHARACTERS_MIN:
        return None
    beginnings = (
        meanings for spelling, meanings in by_spelling.items() if spelling.startswith(sought)
    )
    return _only(set().union(*beginnings))


def folded(text: str) -> str:
    """A text without what people leave out or add: case, blanks, dashes, dots and underscores."""
    return _BETWEEN.sub("", text).casefold()


def typos(text: str, other: str) -> int | None:
    """How many letters are wrong, too many, missing, or stand in each other's place; None where
    one text is probably not meant as the other."""
    shorter = min(len(text), len(other))
    if shorter < _TYPO_CHARACTERS_MIN:
        return None
    at_most = 2 if shorter >= _TWO_TYPOS_CHARACTERS_MIN else 1
    if abs(len(text) - len(other)) > at_most:
        return None
    distance = _distance(text, other)
    return distance if distance <= at_most else None


def _only(meanings: Iterable[str]) -> str | None:
    found = set(meanings)
    return found.pop() if len(found) == 1 else None


def _distance(text: str, other: str) -> int:
    """Damerau and Levenshtein's, of texts whose letters change places once (optimal alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for index, letter in enumerate(text, 1):
        row = [index]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, row[-1] + 1, last[column - 1] + (letter != wanted))
            is_turned = (
                index > 1
                and column > 1
                and letter == other[column - 2]
                and text[index - 2] == wanted
            )
            row.append(min(cost, before[column - 2] + 1) if is_turned else cost)
        before, last = last, row
    return last[-1]
