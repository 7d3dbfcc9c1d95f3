"""Filters of the wire read into data: `shipping_category_name_start=AB`, nothing of SQL yet.

A filter's name is one or more fields joined by `_or_` or by `_and_`, and a matcher. A field is an
attribute, or a relationship followed by a field of its target. The name of a to-one relationship
alone is a field, too, of which can only be asked whether it is null. Names hold underscores, so
reading one is a search: the longest matcher first, then for each field its attribute before its
relationships, the longest of these first. A field that may not be filtered by never hides one
that may: `sku_code` of a price is its SKU and that one's code.
"""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from longshore.catalogue import Catalogue, Kind, Relationship, ResourceType, ValueType, key_text
from longshore.errors import RequestRefused
from longshore.records.matchers import (
    ID,
    LINK,
    MATCHERS,
    FieldKind,
    Matcher,
    Question,
    split_matcher,
)
from longshore.records.patterns import PATTERN_CHARACTERS_MAX, WILDCARDS_MAX, wildcards_count
from longshore.records.values import ValueUnreadable, value_reader

FILTER_NOT_ALLOWED = "FILTER_NOT_ALLOWED"
INVALID_FILTER_VALUE = "INVALID_FILTER_VALUE"
INVALID_FILTERS_SYNTAX = "INVALID_FILTERS_SYNTAX"

# Each is a subquery within the one before it; see values.JSON_DEPTH_MAX.
_STEPS_MAX = 5

# Reading a name is a search, and what it finds is one comparison per field.
KEY_CHARACTERS_MAX = 1_000

# Each value of `in` is a parameter of the statement, each of another list a comparison in it.
IN_VALUES_MAX = 10_000
LIST_VALUES_MAX = 500


class FilterRefused(RequestRefused):
    """A filter that cannot be answered.

    `code` is that of the wire's error, `key` the filter's name, `value` what was refused, or
    None when it is the name.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        key: str,
        value: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.key = key
        self.value = value


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One relationship on the way to a field."""

    owner: str  # resource type that declares the relationship
    relationship: Relationship
    target: str | None  # table that the step leads to; None: nothing is ever there
    types: tuple[str, ...]  # resource types that count as targets; empty: all of the table


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPath:
    """A field of the filtered type, or of one that its relationships lead to."""

    steps: tuple[Step, ...]
    owner: str  # resource type that declares the attribute
    attribute: str  # `id`, or the name of an attribute or of a to-one relationship of `owner`
    kind: FieldKind
    is_key_text: bool = False  # it is stored as keys are spelled


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterCondition:
    """One field and what is asked of it."""

    # A polymorphic relationship has one for each of its tables that knows the name; any suffices.
    alternatives: tuple[FieldPath, ...]
    matcher: Matcher
    # In the field's type: datetimes in milliseconds, public ids as texts, JSON decoded. A switch
    # has one boolean.
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Conditions that must hold: all of them, or any."""

    key: str  # as it was written, for messages
    conditions: tuple[FilterCondition, ...]
    any_suffices: bool


def parse_field_filter(
    catalogue: Catalogue,
    resource_type: str,
    key: str,
    value: str,
    *,
    bare_matcher: str | None = None,
) -> Filter:
    """What the filter `key` = `value` asks of records of a type; raises `FilterRefused`.

    A name without matcher is refused, or takes `bare_matcher`.
    """
    if len(key) > KEY_CHARACTERS_MAX:
        raise FilterRefused(
            f"a filter's name has at most {KEY_CHARACTERS_MAX:,} characters, not {len(key):,}",
            code=INVALID_FILTERS_SYNTAX,
            key=key,
        )
    declared = catalogue.types[resource_type]
    readings = list(split_matcher(key))
    for names, matcher in readings:
        if fields := _fields(catalogue, declared, names):
            return _filter(key, value, fields, matcher)
    bare = _fields(catalogue, declared, key)
    if bare and bare_matcher is not None:
        return _filter(key, value, bare, MATCHERS[bare_matcher])
    raise _refused_name(catalogue, declared, key, readings, bare is not None, bare_matcher)


def sortable_names(declared: ResourceType) -> list[str]:
    """The names that a list may be sorted by."""
    return [ID, *(attribute.name for attribute in declared.attributes if attribute.sortable)]


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that somebody who wrote `name` probably meant."""
    return next(iter(difflib.get_close_matches(name, list(names), n=1)), None)


@dataclass(frozen=True, slots=True)
class _Fields:
    alternatives: tuple[tuple[FieldPath, ...], ...]  # one entry per name
    any_suffices: bool


def _filter(key: str, value: str, fields: _Fields, matcher: Matcher) -> Filter:
    conditions = tuple(
        condition_of(key, value, alternatives, matcher) for alternatives in fields.alternatives
    )
    return Filter(key=key, conditions=conditions, any_suffices=fields.any_suffices)


def condition_of(
    key: str, value: str, alternatives: tuple[FieldPath, ...], matcher: Matcher
) -> FilterCondition:
    """What a matcher asks of a field; raises `FilterRefused` for a value that is none for it."""
    values = _values(key, value, alternatives[0], matcher)
    return FilterCondition(alternatives=alternatives, matcher=matcher, values=values)


def _values(key: str, value: str, path: FieldPath, matcher: Matcher) -> tuple[object, ...]:
    if not matcher.takes(path.kind):
        raise FilterRefused(
            f"{matcher.name} does not compare with {path.attribute}, which is {_kind_text(path)}:"
            f" {key}",
            code=FILTER_NOT_ALLOWED,
            key=key,
            hint=_matcher_hint(key, path, matcher),
        )
    read = value_reader(ValueType.BOOLEAN if matcher.takes_switch else path.kind)
    texts = _elements(value) if matcher.over else [value]
    _check_size(key, value, texts, matcher)
    try:
        values = tuple(map(read, texts))
    except ValueUnreadable as unreadable:
        raise FilterRefused(
            f"not {unreadable.expected}: {unreadable.text!r}, the value of {key}",
            code=INVALID_FILTER_VALUE,
            key=key,
            value=unreadable.text,
        ) from None
    if path.is_key_text and matcher.question is Question.EQUAL:
        # What stands around a key is nothing; but an older record may have it all the same.
        spelled = (key_text(each) for each in values if isinstance(each, str))
        values = tuple(dict.fromkeys((*values, *spelled)))
    return values


def _check_size(key: str, value: str, texts: Sequence[str], matcher: Matcher) -> None:
    """Refuse what the database would refuse: SQLite, "Implementation Limits"."""
    if len(texts) > (IN_VALUES_MAX if matcher.question is Question.EQUAL else LIST_VALUES_MAX):
        found = f"{len(texts):,} values"
    elif matcher.is_pattern and (characters := sum(map(len, texts))) > PATTERN_CHARACTERS_MAX:
        found = f"{characters:,} characters"
    elif (
        matcher.question is Question.MATCHES
        and max(map(wildcards_count, texts), default=0) > WILDCARDS_MAX
    ):
        raise FilterRefused(
            f"a pattern has at most {WILDCARDS_MAX} wildcards %: {key}",
            code=INVALID_FILTER_VALUE,
            key=key,
            value=value,
            hint="those that stand together count once",
        )
    else:
        return
    raise FilterRefused(
        f"too much to compare with: {found} in {key}",
        code=INVALID_FILTER_VALUE,
        key=key,
        value=value,
        hint=f"at most {IN_VALUES_MAX:,} values for in and not_in, {LIST_VALUES_MAX:,} for other"
        f" lists, {PATTERN_CHARACTERS_MAX:,} characters of patterns",
    )


def _elements(value: str) -> list[str]:
    """The texts of a list; an empty value is an empty list."""
    return value.split(",") if value else []


def _fields(catalogue: Catalogue, declared: ResourceType, names: str) -> _Fields | None:
    """The fields that joined names mean; None when there is a name that means none."""
    if single := field_paths(catalogue, declared, names):
        return _Fields((single,), any_suffices=False)
    for joint, any_suffices in (("_or_", True), ("_and_", False)):
        if joint in names and (several := _joined(catalogue, declared, names, joint)):
            return _Fields(several, any_suffices)
    return None


def _joined(
    catalogue: Catalogue, declared: ResourceType, names: str, joint: str
) -> tuple[tuple[FieldPath, ...], ...] | None:
    if whole := field_paths(catalogue, declared, names):
        return (whole,)
    at = names.find(joint)
    while at != -1:
        first = field_paths(catalogue, declared, names[:at])
        if first and (rest := _joined(catalogue, declared, names[at + len(joint) :], joint)):
            return (first, *rest)
        at = names.find(joint, at + 1)
    return None


def field_paths(
    catalogue: Catalogue, declared: ResourceType, name: str, depth: int = 0
) -> tuple[FieldPath, ...]:
    """The filterable field that a name means, once per table that it can be in; else nothing."""
    if name == ID:
        return (_path(declared, ID, ID),)
    attribute = next((each for each in declared.attributes if each.name == name), None)
    if attribute is not None and attribute.filterable:
        is_key_text = declared.is_key_text(attribute)
        return (_path(declared, name, attribute.type, is_key_text=is_key_text),)
    if depth == _STEPS_MAX:
        return ()
    followed = [
        relationship
        for relationship in declared.relationships
        if relationship.filterable and name.startswith(relationship.name + "_")
    ]
    for relationship in sorted(followed, key=lambda each: -len(each.name)):
        rest = name[len(relationship.name) + 1 :]
        if paths := tuple(_behind(catalogue, declared, relationship, rest, depth)):
            return paths
    return _link_paths(catalogue, declared, name, depth)


def _link_paths(
    catalogue: Catalogue, declared: ResourceType, name: str, depth: int
) -> tuple[FieldPath, ...]:
    """The to-one relationship that a name means: where its id is kept."""
    relationship = next((each for each in declared.relationships if each.name == name), None)
    if relationship is None or not relationship.filterable or relationship.kind is Kind.TO_MANY:
        return ()
    if relationship.has_column or relationship.view_of is not None:
        return (_path(declared, name, LINK),)
    targets = _behind(catalogue, declared, relationship, ID, depth)
    return tuple(replace(path, kind=LINK) for path in targets)


def _behind(
    catalogue: Catalogue, owner: ResourceType, relationship: Relationship, name: str, depth: int
) -> Iterator[FieldPath]:
    """The fields called `name` of a relationship's targets."""
    families = target_families(catalogue, relationship)
    if not families and name == ID:
        # Nothing is ever linked, but asking for it is not wrong.
        nowhere = Step(owner=owner.name, relationship=relationship, target=None, types=())
        yield FieldPath(steps=(nowhere,), owner="", attribute=ID, kind=ID)
    for table, types in families.items():
        family = catalogue.types[table]
        counted = () if table in types else types
        for declared in (family, *(catalogue.types[each] for each in counted)):
            paths = field_paths(catalogue, declared, name, depth + 1)
            if paths:
                step = Step(
                    owner=owner.name, relationship=relationship, target=table, types=counted
                )
                for path in paths:
                    yield FieldPath(
                        steps=(step, *path.steps),
                        owner=path.owner,
                        attribute=path.attribute,
                        kind=path.kind,
                        is_key_text=path.is_key_text,
                    )
                break


def target_families(catalogue: Catalogue, relationship: Relationship) -> dict[str, tuple[str, ...]]:
    """The targets that records can have, by table; those that are outside are left out."""
    families: dict[str, tuple[str, ...]] = {}
    if relationship.empty:
        return families
    for name in relationship.targets:
        declared = catalogue.types.get(name)
        if declared is not None and declared.table in catalogue.tables:
            families[declared.table] = (*families.get(declared.table, ()), name)
    return families


def _path(
    declared: ResourceType, attribute: str, kind: FieldKind, *, is_key_text: bool = False
) -> FieldPath:
    return FieldPath(
        steps=(), owner=declared.name, attribute=attribute, kind=kind, is_key_text=is_key_text
    )


def _kind_text(path: FieldPath) -> str:
    match path.kind:
        case "id":
            return "an id"
        case "link":
            return "a relationship"
        case _:
            return f"a value of type {path.kind}"


def _matcher_hint(key: str, path: FieldPath, matcher: Matcher) -> str:
    if path.kind == LINK:
        return f"did you mean {key.removesuffix(matcher.name)}id_{matcher.name}?"
    names = [matcher.name for matcher in MATCHERS.values() if matcher.takes(path.kind)]
    return f"what does: {', '.join(names)}"


def _refused_name(
    catalogue: Catalogue,
    declared: ResourceType,
    key: str,
    readings: Sequence[tuple[str, Matcher]],
    is_field: bool,
    bare_matcher: str | None,
) -> FilterRefused:
    """Why a name is no filter, with the nearest one that is."""
    nearly = None if readings else _nearest_filter(catalogue, declared, key)
    if not readings and (is_field or nearly or bare_matcher is None):
        meant = f"{key}_eq" if is_field else nearly
        return FilterRefused(
            f"a filter's name must end in a matcher: {key}",
            code=INVALID_FILTERS_SYNTAX,
            key=key,
            hint=f"did you mean {meant}?" if meant else f"one of: {', '.join(MATCHERS)}",
        )
    name, matcher = readings[0] if readings else (key, None)
    close = nearest(name, filterable_names(declared))
    written = f"{close}_{matcher.name}" if close and matcher else close
    return FilterRefused(
        f"{declared.name} cannot be filtered by {name}: {key}",
        code=FILTER_NOT_ALLOWED,
        key=key,
        hint=f"did you mean {written}?" if written else None,
    )


def _nearest_filter(catalogue: Catalogue, declared: ResourceType, key: str) -> str | None:
    """The nearest complete filter of a name whose matcher is unknown: `code_stat`."""
    at = key.rfind("_")
    while at > 0:
        if _fields(catalogue, declared, key[:at]):
            matcher = nearest(key[at + 1 :], MATCHERS)
            return f"{key[:at]}_{matcher}" if matcher else None
        at = key.rfind("_", 0, at)
    return None


def filterable_names(declared: ResourceType) -> list[str]:
    """The names of one step: attributes, and relationships by their ids."""
    attributes = [attribute.name for attribute in declared.attributes if attribute.filterable]
    related = [f"{each.name}_id" for each in declared.relationships if each.filterable]
    return [ID, *attributes, *related]
