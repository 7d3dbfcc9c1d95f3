"""Which records have what a row says of a target: by its keys, and by the keys of those that these
are made of.

A row may say more than one key needs. A record is meant that has all of it, so a code beside a
name that several share makes clear which one it is, and one beside a name that is another's leads
to none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from longshore.engine.plan.nodes import KeyedTarget, LookupKey
from longshore.engine.plan.table_plans import KeyPlan
from longshore.engine.row.chunk_state import ChunkState
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import BLANK, MUST_EXIST
from longshore.error_codes import ErrorCode, Message, message

_TYPE = "type"
_IDS_SHOWN_MAX = 5


class FoundTarget(NamedTuple):
    """A record that may be meant."""

    id: int
    type: str | None = None  # None: only its id is known
    table: str | None = None


# The values of a row by slot.
Fields: TypeAlias = Sequence[Any] | Mapping[int, Any]
# The records that have a key of a lookup, in the order of their ids.
Holders: TypeAlias = Callable[[LookupKey, str], Sequence[FoundTarget]]
# Told what is wrong with a field: its name, the message, the value as it was found.
Report: TypeAlias = Callable[[str, Message, object], None]
KeyOf: TypeAlias = Callable[[KeyPlan, Mapping[int, Any]], str | None]


def records_named(
    target: KeyedTarget,
    fields: Fields,
    holders: Holders,
    report: Report,
    *,
    wanted: Any = ABSENT,
    key_of: KeyOf = KeyPlan.of,
) -> Any:
    """The records that have all that a row says of a target: more than one where that is
    ambiguous, none where something is wrong, which was reported then.

    ABSENT where the row says nothing of it, None where there is to be none. `wanted` is the type
    that the target must have, if the row says so elsewhere.
    """
    given: dict[str, Any] = {}
    nulls: set[str] = set()
    is_wrong = False
    for name, slot in target.texts:
        text = fields[slot]
        if text is ABSENT:
            continue
        if text is None or not text.strip():
            nulls.add(name)
        else:
            given[name] = text
    for name, inner in target.inner:
        found = records_named(inner, fields, holders, report, key_of=key_of)
        if found is None:
            nulls.add(name)
        elif found is not ABSENT:
            if len(found) > 1:
                report(inner.name, ambiguous(inner, found), told_of(inner, fields))
            if len(found) == 1:
                given[name] = found[0].id
            else:
                is_wrong = True
    id: Any = ABSENT if target.id_slot is None else fields[target.id_slot]
    if is_wrong:
        return ()
    if not given:
        if id is not ABSENT and id is not None:
            return (FoundTarget(id),)
        return None if nulls or id is None else ABSENT
    if target.type_slot is not None and fields[target.type_slot] not in (ABSENT, None):
        wanted = fields[target.type_slot]
    lookups = list(_lookups(target, given, nulls, wanted))
    if not lookups:
        missing = _missing(target, given)
        for part in missing:
            report(f"{target.name}.{part}", BLANK, None)
        if not missing:
            # Nothing of the type that the row says has such a key.
            report(target.name, MUST_EXIST, told_of(target, fields))
        return ()
    records = [
        record
        for of_table in lookups
        for record in _holders_of_all(of_table, given, holders, key_of)
        if _is_of(record, of_table[0], wanted) and (id is ABSENT or id is None or id == record.id)
    ]
    if not records:
        report(target.name, MUST_EXIST, told_of(target, fields))
    return tuple(records)


def holders_in(state: ChunkState) -> Holders:
    """The records of a chunk that have keys; what is missing there is demanded."""

    def holders(lookup: LookupKey, key: str) -> Sequence[FoundTarget]:
        table = state.tables[lookup.table.name]
        found: Any = state.find_by_key(table, lookup.key, key)
        if table.plan.keys[lookup.key].is_unique:
            found = () if found is None else (found,)
        type_at = table.plan.index["type"] if lookup.types is not None else None
        return [
            FoundTarget(
                record.id,
                lookup.type_ if type_at is None else record.values[type_at],
                table.plan.name,
            )
            for record in found
        ]

    return holders


def ambiguous(target: KeyedTarget, records: Sequence[FoundTarget]) -> Message:
    """The message for several records where one is to be named."""
    ids = [target.encode_id(record.id) for record in records[:_IDS_SHOWN_MAX]]
    if len(records) > _IDS_SHOWN_MAX:
        ids.append("...")
    return message(ErrorCode.AMBIGUOUS, len(records), ", ".join(ids))


def ignore(_field: str, _said: Message, _value: object) -> None:
    """Report nothing, where others do."""


def told_of(target: KeyedTarget, fields: Fields) -> str | None:
    """What a row says of a target, as errors show it: a text, or several with commas."""
    return ", ".join(_texts(target, fields)) or None


def names_given(target: KeyedTarget, fields: Fields) -> str:
    """The first field by which a row names a target."""
    for name, slot in target.texts:
        if _is_given(fields[slot]):
            return f"{target.name}.{name}"
    for _, inner in target.inner:
        if any(_is_given(fields[slot]) for slot in inner.slots):
            return names_given(inner, fields)
    return f"{target.name}.id"


def _is_given(value: Any) -> bool:
    return value is not ABSENT and value is not None and bool(str(value).strip())


def _texts(target: KeyedTarget, fields: Fields) -> Iterator[str]:
    own = [fields[slot] for _, slot in target.texts if _is_given(fields[slot])]
    if own:
        yield from own
        return
    for _, inner in target.inner:
        yield from _texts(inner, fields)


def _lookups(
    target: KeyedTarget, given: Mapping[str, Any], nulls: set[str], wanted: Any
) -> Iterator[list[LookupKey]]:
    """By table, the keys that the fields of a row make; they make none where one is left over."""
    by_table: dict[str, list[LookupKey]] = {}
    for lookup in target.lookups:
        if wanted is ABSENT or wanted is None or _may_be(lookup, wanted):
            by_table.setdefault(lookup.table.name, []).append(lookup)
    for of_table in by_table.values():
        usable = [
            each
            for each in of_table
            if all(
                field in given or (field in nulls and field in each.nullable)
                for field in each.fields
            )
        ]
        usable = [
            each for each in usable if not any(each.fields < other.fields for other in usable)
        ]
        if usable and given.keys() <= frozenset().union(*(each.fields for each in usable)):
            yield usable


def _missing(target: KeyedTarget, given: Mapping[str, Any]) -> Sequence[str]:
    """The fields that are missing from the key that a row has begun to give."""
    begun = (way for way in target.ways if not given.keys().isdisjoint(way))
    way = next((each for each in begun if not given.keys() >= set(each)), None)
    if way is None:
        way = next((each for each in target.ways if not given.keys() >= set(each)), ())
    return [part for part in way if part not in given]


def _holders_of_all(
    lookups: Sequence[LookupKey], given: Mapping[str, Any], holders: Holders, key_of: KeyOf
) -> Sequence[FoundTarget]:
    """The records of a table that have the keys of all lookups."""
    first, *others = (
        [record for key in _keys(each, given, key_of) for record in holders(each, key)]
        for each in lookups
    )
    return [record for record in first if all(record in found for found in others)]


def _keys(lookup: LookupKey, given: Mapping[str, Any], key_of: KeyOf) -> Iterator[str]:
    """The keys of a record with these fields: one for each type that it may have, where its type is
    part of the key."""
    plan = lookup.table.keys[lookup.key]
    values = {part.column: given.get(part.field) for part in plan.parts}
    column = next((part.column for part in plan.parts if part.field == _TYPE), None)
    types: Sequence[str | None] = (None,) if column is None else sorted(lookup.types or ())
    for type_ in types:
        key = key_of(plan, values if column is None else {**values, column: type_})
        if key is not None:
            yield key


def _may_be(lookup: LookupKey, wanted: Any) -> bool:
    return wanted in ((lookup.type_,) if lookup.types is None else lookup.types) or (
        wanted == lookup.table.name
    )


def _is_of(record: FoundTarget, lookup: LookupKey, wanted: Any) -> bool:
    """Whether a record is of a type that it may have."""
    if lookup.types is not None and record.type not in lookup.types:
        return False
    return wanted is ABSENT or wanted is None or wanted in (record.type, lookup.table.name)
