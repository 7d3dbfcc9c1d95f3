"""Which resource type the rows of a source are, by the fields that its columns would fill."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from longshore.catalogue import (
    PREDICATES,
    TYPE_ALIASES,
    Catalogue,
    Condition,
    Kind,
    ResourceType,
    holds,
)
from longshore.mapping.column_names import name_keys
from longshore.mapping.field_choice import Confidence, FieldSuggestion

_WEIGHTS = {Confidence.HIGH: 1.0, Confidence.MEDIUM: 0.7, Confidence.LOW: 0.2}
_OPEN_UNIT_WEIGHT = 0.8  # somebody says whether it is cents
_COMMON = 0.5  # of what a field counts that many types have
_NAMED = 1.5  # what the name of a file counts
_MISSING = 1.8  # rows without it can only update
_PARENT_MISSING = 0.2  # one option gives it
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSuggestion:
    """A resource type that the rows may be of."""

    name: str
    score: float
    fields_count: int  # columns that would fill a field
    columns_count: int
    missing: Sequence[str]  # required fields that nothing fills
    is_named: bool  # the file or the sheet is called like that

    @property
    def reason(self) -> str:
        """Why, as the end of a sentence."""
        told = [f"{self.fields_count} of {self.columns_count} columns are fields"]
        if self.is_named:
            told.append("the source is called like that")
        if self.missing:
            told.append(f"missing: {', '.join(self.missing)}")
        return "; ".join(told)


def suggest_types(
    catalogue: Catalogue,
    found: Mapping[str, Sequence[FieldSuggestion]],
    *,
    columns_count: int,
    named: str | None,
) -> list[TypeSuggestion]:
    """The types that fit at all, the best first; `found` has what was suggested for each, and
    `named` is the type whose name the source bears."""
    common = _common_fields(catalogue, found)
    suggestions = []
    for name, fields in found.items():
        type_ = catalogue.types[name]
        worth = sum(_weight(each, common) for each in fields)
        if not worth:
            continue
        filled = {each.field for each in fields if each.is_taken or each.is_unit_open}
        missing = missing_fields(type_, filled)
        less = sum(
            _PARENT_MISSING if _is_shared_parent(catalogue, type_, each) else _MISSING
            for each in missing
        )
        suggestions.append(
            TypeSuggestion(
                name=name,
                score=worth - less + (_NAMED if name == named else 0.0),
                fields_count=len(filled),
                columns_count=columns_count,
                missing=missing,
                is_named=name == named,
            )
        )
    suggestions = [each for each in suggestions if each.fields_count]
    return sorted(suggestions, key=lambda each: (-each.score, each.name))


def missing_fields(type_: ResourceType, filled: Iterable[str]) -> list[str]:
    """The required fields of a type that these do not fill, whatever the rows say."""
    given = set(filled)
    given |= {each.split(".")[0] for each in given}
    given |= {each.removesuffix("_id") for each in given}
    for attribute in type_.attributes:
        if attribute.names is not None and attribute.names.relationship and attribute.name in given:
            given.add(attribute.names.relationship)
    defaults = {each.name: each.default for each in type_.attributes}
    missing = [
        attribute.name
        for attribute in type_.attributes
        if attribute.creatable
        and attribute.default is None
        and attribute.generated is None
        and _is_missing(attribute.name, attribute.required, given, defaults)
    ]
    missing += [
        relationship.name
        for relationship in type_.relationships
        if relationship.kind is Kind.TO_ONE
        and _is_missing(relationship.name, relationship.required, given, defaults)
    ]
    return missing


def type_of_name(catalogue: Catalogue, names: Iterable[str | None]) -> str | None:
    """The type that the name of a file or a sheet says: `Preisliste 2026.xlsx`."""
    known: dict[str, str] = {}
    for alias, name in TYPE_ALIASES.items():
        known |= dict.fromkeys(name_keys(alias), name)
    for name in catalogue.importable:
        type_ = catalogue.types[name]
        known |= dict.fromkeys((*name_keys(name), *name_keys(type_.singular)), name)
    for text in filter(None, names):
        words = _WORD.findall(text)
        for size in (3, 2, 1):
            for start in range(len(words) - size + 1):
                for key in name_keys("".join(words[start : start + size])):
                    if known.get(key) in catalogue.importable:
                        return known[key]
    return None


def _is_missing(
    name: str, required: Condition | None, given: set[str], defaults: Mapping[str, object]
) -> bool:
    """Whether rows that give nothing else lack a field; where they give what its condition is
    about, nobody knows."""
    if required is None or name in given:
        return False
    return not given.intersection(required.inputs) and holds(required, defaults.get, PREDICATES)


def _is_shared_parent(catalogue: Catalogue, type_: ResourceType, name: str) -> bool:
    """Whether it is a parent such as a price list, which whole files have in common: one with a
    code. Orders or customers are not."""
    if name != type_.parent:
        return False
    targets = next(each.targets for each in type_.relationships if each.name == name)
    return any(
        each.name == "code"
        for target in targets
        if target in catalogue.types
        for each in catalogue.types[target].attributes
    )


def _weight(suggestion: FieldSuggestion, common: set[str]) -> float:
    weight = _OPEN_UNIT_WEIGHT if suggestion.is_unit_open else _WEIGHTS[suggestion.confidence]
    return weight * (_COMMON if suggestion.field in common else 1.0)


def _common_fields(catalogue: Catalogue, found: Iterable[str]) -> set[str]:
    """Fields that a third of the types have: they say little."""
    counts = Counter(each.name for name in found for each in catalogue.types[name].attributes)
    return {name for name, count in counts.items() if count * 3 > len(list(found))}
