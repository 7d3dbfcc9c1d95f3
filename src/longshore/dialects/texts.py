"""Texts that dialects make of cells: codes, names, tags, and the truth of words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from longshore.spellings import BOOLEAN_WORDS

TAGS_MAX = 10
_TAG_CHARACTERS_MAX = 25
_NO_TAG = re.compile(r"[^a-z0-9_:\-]+")
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_TRUE = {word for words in BOOLEAN_WORDS.values() for word, truth in words.items() if truth}
_FALSE = {word for words in BOOLEAN_WORDS.values() for word, truth in words.items() if not truth}
DEFAULT_VALUE = "Default Title"  # of the one option of a product that has none


def slug(text: str) -> str:
    """A text as part of a code: `Été 2024` is `ete-2024`. What has no letter or digit of Latin
    script keeps its own ones."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    plain = "".join(each for each in folded if not unicodedata.combining(each))
    made = _NO_SLUG.sub("-", plain).strip("-")
    return made or re.sub(r"[\W_]+", "-", folded).strip("-")


def made_code(handle: str, values: Sequence[str]) -> str:
    """The code of a variant without one: its product's handle, and the values of its options."""
    values = [value for value in values if value and value != DEFAULT_VALUE]
    return "-".join(filter(None, [handle.strip(), *map(slug, values)]))


def full_name(title: str, values: Sequence[str]) -> str:
    """The name of a variant: `Garden Trowel - Composite / Small`."""
    values = [value for value in values if value and value != DEFAULT_VALUE]
    return f"{title} - {' / '.join(values)}" if title and values else title or " / ".join(values)


def wire_tags(texts: Iterable[str]) -> tuple[str, int]:
    """Tags as the wire has them, with commas between, and how many were left out: those that are
    too long, and those beyond ten."""
    made: dict[str, None] = {}
    left_out = 0
    for text in texts:
        tag = _NO_TAG.sub("-", _unaccented(text.strip())).strip("-")
        if not tag:
            continue
        if len(tag) > _TAG_CHARACTERS_MAX:
            left_out += 1
        else:
            made[tag] = None
    tags = list(made)
    return ",".join(tags[:TAGS_MAX]), left_out + max(len(tags) - TAGS_MAX, 0)


@lru_cache(1_000)
def is_true(cell: str) -> bool:
    """Whether a cell says yes, in any language that is known."""
    return cell.strip().removeprefix("'").lower() in _TRUE


@lru_cache(1_000)
def is_false(cell: str) -> bool:
    """Whether a cell says no."""
    return cell.strip().removeprefix("'").lower() in _FALSE


def unprotected(cell: str) -> str:
    """A cell without the apostrophe that an export puts before digits."""
    return cell[1:] if cell.startswith("'") else cell


def protected(text: str) -> str:
    """A text as a cell that is read as it is: the first of its own apostrophes would be taken for
    that of an export."""
    return f"'{text}" if text.startswith("'") else text


def _unaccented(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in folded if not unicodedata.combining(each))
