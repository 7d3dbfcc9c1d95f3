"""What somebody may have meant with a column that no field bears.

Names are compared word by word, with what the catalogue knows of other systems' names. What only
looks alike is not suggested, and neither is what could do damage: ids and triggers.
"""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from longshore.catalogue import (
    Catalogue,
    Kind,
    Relationship,
    ResourceType,
    is_named_by_keys,
    key_names,
)
from longshore.engine.plan.field_names import FieldNames, is_trigger_name, says_cents, spelled
from longshore.engine.values.money_units import CENTS, DECIMAL, is_of_cents

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_]+")
_FILLERS = frozenset(("a", "in", "of", "per", "the", "html", "src"))
# What other systems put before the name of nearly every column.
_QUALIFIERS = frozenset(("product", "item", "variant", "article"))
_TYPO_CHARACTERS_MIN = 4
_TYPO_RATIO = 0.8


class Suggestions:
    """Suggests fields of one resource type."""

    def __init__(self, catalogue: Catalogue, resource_type: ResourceType) -> None:
        self._catalogue = catalogue
        self._type = resource_type
        self._names = FieldNames(catalogue, resource_type)
        self._fields = [each for each in self._names.names if not _is_harmful(each)]
        self._qualifiers = _QUALIFIERS | set(resource_type.singular.split("_"))
        self._aliases: dict[str, Mapping[str, str]] = {}  # by what stands before the last dot

    def field(self, column: str) -> str | None:
        """The field that a column may be, to be mapped to it; None: none is near."""
        exact = self._names.of(column)
        if exact is not None:
            return None if _is_harmful(exact) else exact
        prefix, dot, last = column.rpartition(".")
        if dot:
            inside = [
                each for each in self._fields if spelled(each.rpartition(".")[0]) == spelled(prefix)
            ]
            return self._nearest(last, inside)
        return self._nearest(column, [each for each in self._fields if "." not in each])

    def hint(self, column: str, *, of_several_types: bool = False) -> str | None:
        """What to do about a column that has no effect, as a sentence; `of_several_types` where the
        file has rows of others beside these, and no option maps a column."""
        field = self.field(column)
        if field is not None and of_several_types:
            # A column of decimals renamed to one of cents would be a hundredth of what it says.
            rename = "" if is_of_cents(field) else "rename the column, or "
            return (
                f"the nearest field is {field}: {rename}import {self._type.name} alone, with "
                f"{map_option(column, field)}"
            )
        if field is not None:
            return f"the nearest field is {field}: {map_option(column, field)}"
        relationship = self._relationship(column.partition(".")[0])
        if relationship is None:
            return None
        return self._hint_of_relationship(relationship)

    def _nearest(self, column: str, fields: Sequence[str]) -> str | None:
        known = {each.rpartition(".")[2]: each for each in fields}
        aliases = self._aliases_of(fields)
        for words in self._phrases(column):
            field = aliases.get(" ".join(words))
            if field is not None:
                return field
        found = [
            (likeness, known[name])
            for words in self._phrases(column)
            for name in known
            if (likeness := _likeness(words, _words_of_field(name)))
        ]
        return max(found, key=lambda each: each[0])[1] if found else None

    def _aliases_of(self, fields: Sequence[str]) -> Mapping[str, str]:
        """What other systems call these fields, which stand side by side, word by word."""
        if not fields:
            return {}
        holder = fields[0].rpartition(".")[0]
        if holder not in self._aliases:
            self._aliases[holder] = {
                " ".join(_words(alias)): field
                for field in reversed(fields)
                for alias in self._names.aliases(field)
            }
        return self._aliases[holder]

    def _phrases(self, column: str) -> Iterator[list[str]]:
        """The words of a column, and those without what only says what it is about."""
        all_words = _words(column)
        yield all_words
        words = [each for each in all_words if each not in _FILLERS]
        yield words
        while len(words) > 1 and words[0] in self._qualifiers:
            words = words[1:]
            yield words

    def _relationship(self, name: str) -> Relationship | None:
        return next(
            (each for each in self._type.relationships if spelled(each.name) == spelled(name)), None
        )

    def _hint_of_relationship(self, relationship: Relationship) -> str | None:
        name = relationship.name
        if name in self._type.nested:
            return f"its fields are written with a dot, such as {self._example(name)}"
        if relationship.kind is Kind.TO_ONE:
            if not relationship.has_column or not (
                relationship.creatable or relationship.updatable
            ):
                return None
            shortcuts = [
                each.name
                for each in self._type.attributes
                if each.names is not None and each.names.relationship == name
            ]
            keys = [*shortcuts, *self._keys_of(relationship)]
            also = f", or {' or '.join(keys)} its key" if keys else ""
            return f"{name}_id takes the id of the {name.replace('_', ' ')}{also}"
        target = relationship.targets[0]
        if relationship.virtual or target not in self._catalogue.creatable:
            return None
        return f"{target} are imported as rows of their own: longshore import {target}"

    def _keys_of(self, relationship: Relationship) -> list[str]:
        """The fields that name a target alone, such as `price_list.name`."""
        if not is_named_by_keys(self._catalogue, self._type, relationship):
            return []
        names = key_names(self._catalogue, relationship)
        return [f"{relationship.name}.{each}" for each in names if "." not in each]

    def _example(self, name: str) -> str:
        inside = (each for each in self._names.names if each.startswith(f"{name}."))
        return next((each for each in inside if not _is_harmful(each)), f"{name}.id")


def map_option(column: str, field: str) -> str:
    """The option that reads a column as a field, as it is typed in a shell."""
    if is_of_cents(field) and not says_cents(column):
        decimal, cents = (shlex.quote(f"{column}={field}:{unit}") for unit in (DECIMAL, CENTS))
        return f"--map {decimal}, or --map {cents} where its values are cents"
    return f"--map {shlex.quote(f'{column}={field}')}"


def _is_harmful(field: str) -> bool:
    """Whether a value that means something else would do damage there: ids, types, triggers."""
    last = field.rpartition(".")[2]
    return is_trigger_name(field) or last in ("id", "type") or last.endswith(("_id", "_type"))


def _words(text: str) -> list[str]:
    return [each.lower() for each in _WORD.findall(text)]


def _words_of_field(name: str) -> list[str]:
    words = [each for each in name.split("_") if each not in _FILLERS]
    return words[:-1] if len(words) > 1 and words[-1] == "cents" else words


def _likeness(words: Sequence[str], others: Sequence[str]) -> float:
    """How alike two names of as many words are, from 0 to 1; 0 when one word is another."""
    if not words or len(words) != len(others):
        return 0.0
    likeness = 1.0
    left = list(others)
    for word in words:
        ratio, nearest = max((_likeness_of_words(word, each), each) for each in left)
        if not ratio:
            return 0.0
        likeness = min(likeness, ratio)
        left.remove(nearest)
    return likeness


def _likeness_of_words(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if min(len(word), len(other)) < _TYPO_CHARACTERS_MIN:
        return 0.0
    if sorted(word) == sorted(other):
        return _TYPO_RATIO  # letters that changed their places
    ratio = SequenceMatcher(None, word, other).ratio()
    return ratio if ratio >= _TYPO_RATIO else 0.0
