"""Named filters of the wire that are no field and matcher: `active`, `with_status`, `sku_code_eq`.

Which of them a type has, its declaration says (`filter_scopes`); here is what they ask. Here are
also the filters outside `q`, whose names have no matcher: `ids`, `created_at_from`.
"""

from collections.abc import Mapping, Sequence

from longshore import clock
from longshore.catalogue import Catalogue, ResourceType, ValueType
from longshore.records.filters import (
    INVALID_FILTER_VALUE,
    FieldPath,
    Filter,
    FilterCondition,
    FilterRefused,
    condition_of,
    field_paths,
    parse_field_filter,
)
from longshore.records.matchers import MATCHERS, Matcher, Question, split_matcher
from longshore.records.values import ValueUnreadable, value_reader

# The ways from a type to the codes of the SKUs that it is about; a type has some of them.
_WAYS_TO_SKU_CODES = (
    "sku_list_items_sku_code",
    "sku_list_sku_list_items_sku_code",
    "sku_list_promotion_rule_sku_list_sku_list_items_sku_code",
)

_NULL, _NOT_NULL = MATCHERS["null"], MATCHERS["not_null"]
_PAST, _FUTURE = MATCHERS["lteq"], MATCHERS["gt"]
_PAST_OR_NULL = Matcher(name="lteq", question=Question.LESS_OR_EQUAL, or_null=True)
_FUTURE_OR_NULL = Matcher(name="gt", question=Question.GREATER, or_null=True)

# How the names of ranges end.
_RANGES = {"_from": "gteq", "_to": "lteq"}

# Attribute and matcher; a switch asks whether it is so, the others compare with the present.
_Asked = Sequence[tuple[str, Matcher]]
_ACTIVE: _Asked = (
    ("disabled_at", _NULL),
    ("starts_at", _PAST_OR_NULL),
    ("expires_at", _FUTURE_OR_NULL),
)
_INACTIVE: _Asked = (("disabled_at", _NOT_NULL), ("starts_at", _FUTURE), ("expires_at", _PAST))

# As `status_of_period` computes them; all must hold, of "inactive" any.
_STATUSES: Mapping[str, _Asked] = {
    "disabled": (("disabled_at", _NOT_NULL),),
    "expired": (("disabled_at", _NULL), ("expires_at", _PAST)),
    "pending": (
        ("disabled_at", _NULL),
        ("starts_at", _FUTURE),
        ("expires_at", _FUTURE_OR_NULL),
    ),
    "active": _ACTIVE,
    "inactive": _INACTIVE,
}


def parse_filter(
    catalogue: Catalogue,
    resource_type: str,
    key: str,
    value: str,
    *,
    bare_matcher: str | None = None,
) -> Filter:
    """What the filter `key` = `value` asks of records of a type; raises `FilterRefused`.

    A name that is neither a scope nor has a matcher is refused, or takes `bare_matcher`.
    """
    declared = catalogue.types[resource_type]
    if key not in declared.filter_scopes:
        return parse_field_filter(catalogue, resource_type, key, value, bare_matcher=bare_matcher)
    match key:
        case "active":
            is_active = _switch(key, value)
            return _in_time(declared, key, _ACTIVE if is_active else _INACTIVE, any_=not is_active)
        case "expired":
            asked = _PAST if _switch(key, value) else _FUTURE_OR_NULL
            return _in_time(declared, key, (("expires_at", asked),))
        case "with_status":
            return _with_status(catalogue, declared, key, value)
        case _:
            return _with_sku(catalogue, declared, key, value)


def parse_plain_filter(catalogue: Catalogue, resource_type: str, name: str, value: str) -> Filter:
    """What `filter[name]` = `value` asks: `ids`, `codes`, `created_at_from`, `market_id`, `code`.

    Values are lists, but those of ranges. A range may ask any datetime that a type has.
    """
    declared = catalogue.types[resource_type]
    asked = declared.plain_filters.get(name, name)
    if asked is None:
        return Filter(key=name, conditions=(), any_suffices=True)
    spellings = [f"{asked}_in"]
    if asked.endswith("s"):
        spellings.append(f"{asked.removesuffix('s')}_in")
    for suffix, matcher in _RANGES.items():
        if asked.endswith(suffix):
            attribute = asked.removesuffix(suffix)
            if attribute in _datetimes(declared):
                path = _own_path(declared, attribute)
                condition = condition_of(name, value, (path,), MATCHERS[matcher])
                return Filter(key=name, conditions=(condition,), any_suffices=False)
            spellings.append(f"{attribute}_{matcher}")
    refusals: list[FilterRefused] = []
    for spelling in spellings:
        try:
            return parse_filter(catalogue, resource_type, spelling, value)
        except FilterRefused as refused:
            refusals.append(refused)
    # A name that means something, but not with this value, is the best answer.
    raise next((each for each in refusals if each.value is not None), refusals[0])


def _datetimes(declared: ResourceType) -> frozenset[str]:
    return frozenset(
        each.name
        for each in declared.attributes
        if each.fetchable and each.type is ValueType.DATETIME
    )


def _with_status(catalogue: Catalogue, declared: ResourceType, key: str, value: str) -> Filter:
    if stored := field_paths(catalogue, declared, "status"):
        condition = condition_of(key, value, stored, MATCHERS["in"])
        return Filter(key=key, conditions=(condition,), any_suffices=False)
    if value not in _STATUSES:
        raise FilterRefused(
            f"not one of {', '.join(_STATUSES)}: {value!r}, the value of {key}",
            code=INVALID_FILTER_VALUE,
            key=key,
            value=value,
        )
    return _in_time(declared, key, _STATUSES[value], any_=value == "inactive")


def _with_sku(catalogue: Catalogue, declared: ResourceType, key: str, value: str) -> Filter:
    _, matcher = next(iter(split_matcher(key)))
    ways = (field_paths(catalogue, declared, way) for way in _WAYS_TO_SKU_CODES)
    paths = tuple(path for way in ways for path in way)
    assert paths, f"{declared.name} declares {key}, but nothing leads from it to SKUs"
    condition = condition_of(key, value, paths, matcher)
    return Filter(key=key, conditions=(condition,), any_suffices=False)


def _in_time(declared: ResourceType, key: str, asked: _Asked, *, any_: bool = False) -> Filter:
    now = clock.now()
    conditions = tuple(
        FilterCondition(
            alternatives=(_own_path(declared, attribute),),
            matcher=matcher,
            values=(True if matcher.takes_switch else now,),
        )
        for attribute, matcher in asked
    )
    return Filter(key=key, conditions=conditions, any_suffices=any_)


def _own_path(declared: ResourceType, attribute: str) -> FieldPath:
    return FieldPath(steps=(), owner=declared.name, attribute=attribute, kind=ValueType.DATETIME)


def _switch(key: str, value: str) -> bool:
    try:
        return bool(value_reader(ValueType.BOOLEAN)(value))
    except ValueUnreadable as unreadable:
        raise FilterRefused(
            f"not {unreadable.expected}: {value!r}, the value of {key}",
            code=INVALID_FILTER_VALUE,
            key=key,
            value=value,
        ) from None
