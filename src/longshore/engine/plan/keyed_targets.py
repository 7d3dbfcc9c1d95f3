"""How rows name a target by its keys, planned: which fields they give, and where they are sought.

First the fields of a source are drafted, then, once the tables are laid out, the keys are found
that these fields can make. A key with parts that may be left out is sought by the others alone:
by another key of just these, else by the text itself, which no index helps to find; types with
such a key have few records.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from longshore.catalogue import (
    Catalogue,
    Key,
    Relationship,
    keys_of_target,
    required_parts,
)
from longshore.engine.plan.match_keys import key_index
from longshore.engine.plan.node_drafts import KeyedTargetDraft
from longshore.engine.plan.nodes import KeyedTarget, LookupKey
from longshore.engine.plan.table_drafts import TableDrafts
from longshore.engine.plan.table_plans import TablePlan

EncodeId: TypeAlias = Callable[[int], str]


def keyed_target_draft(
    catalogue: Catalogue, relationship: Relationship, path: str, slots: Mapping[str, int]
) -> KeyedTargetDraft | None:
    """What rows with these slots give of a target at a place; None: nothing."""
    prefix = f"{path}."
    if not any(name.startswith(prefix) for name in slots):
        return None
    texts: dict[str, None] = {}
    inner: dict[str, KeyedTargetDraft] = {}
    tables = tables_of(catalogue, relationship)
    for target in (catalogue.types[each] for types in tables.values() for each in types):
        links = {each.name: each for each in target.relationships}
        for part in (part for key in keys_of_target(catalogue, target) for part in key.parts):
            if part in links:
                below = keyed_target_draft(catalogue, links[part], prefix + part, slots)
                if below is not None:
                    inner[part] = below
            elif prefix + part in slots and part != "type":
                texts[part] = None
    return KeyedTargetDraft(name=path, tables=tables, texts=tuple(texts), inner=inner)


def tables_of(catalogue: Catalogue, relationship: Relationship) -> dict[str, list[str]]:
    """The tables that a relationship may point into, with the types allowed there."""
    groups: dict[str, list[str]] = {}
    for target in relationship.targets:
        table = catalogue.types[target].table if target in catalogue.types else ""
        if table in catalogue.tables:  # else outside longshore's scope: it is empty
            groups.setdefault(table, []).extend(catalogue.concrete_types(target))
    return groups


def need_lookups(draft: KeyedTargetDraft, catalogue: Catalogue, tables: TableDrafts) -> None:
    """Note the tables and columns that the lookups of a draft go by."""
    for table in draft.tables:
        tables.need_table(table)
        if catalogue.types[table].concrete:
            tables.need(table, "type")
    for lookup in _lookups(draft, catalogue):
        if lookup.key is None:
            tables.need_text(lookup.table, lookup.fields[0])
        else:
            tables.need_key(lookup.table, lookup.key)
    for below in draft.inner.values():
        need_lookups(below, catalogue, tables)


def keyed_target(
    draft: KeyedTargetDraft,
    catalogue: Catalogue,
    tables: Mapping[str, TablePlan],
    slots: Mapping[str, int],
    encode_id: EncodeId,
) -> KeyedTarget:
    """The finished plan of a draft, in tables that are laid out."""
    prefix = f"{draft.name}."
    inner = tuple(
        (name, keyed_target(each, catalogue, tables, slots, encode_id))
        for name, each in draft.inner.items()
    )
    texts = tuple((name, slots[prefix + name]) for name in draft.texts)
    id_slot, type_slot = slots.get(f"{prefix}id"), slots.get(f"{prefix}type")
    own = (
        *(slot for _, slot in texts),
        *(each for each in (id_slot, type_slot) if each is not None),
    )
    lookups = tuple(
        LookupKey(
            table=tables[each.table],
            types=frozenset(each.types) if catalogue.types[each.table].concrete else None,
            type_=each.types[0],
            key=_index_of(tables[each.table], each),
            fields=frozenset(each.fields),
            nullable=frozenset(() if each.key is None else each.key.nullable),
        )
        for each in _lookups(draft, catalogue)
    )
    return KeyedTarget(
        name=draft.name,
        texts=texts,
        inner=inner,
        id_slot=id_slot,
        type_slot=type_slot,
        slots=(*own, *(slot for _, each in inner for slot in each.slots)),
        lookups=lookups,
        ways=tuple(dict.fromkeys(_ways(draft, catalogue))),
        encode_id=encode_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _LookupDraft:
    """A key that rows can make of what they give."""

    table: str
    types: tuple[str, ...]  # allowed there
    key: Key | None  # None: the text of the only field
    fields: tuple[str, ...]


def _lookups(draft: KeyedTargetDraft, catalogue: Catalogue) -> Iterator[_LookupDraft]:
    given = draft.fields
    for table, types in draft.tables.items():
        known: set[tuple[str, ...]] = set()
        for key in _keys_of(catalogue, types):
            fields = tuple(part for part in key.parts if part != "type")
            required = required_parts(key)
            for chosen in dict.fromkeys((fields, required)):
                if chosen in known or not given.issuperset(chosen):
                    continue
                known.add(chosen)
                yield _LookupDraft(
                    table=table,
                    types=tuple(types),
                    key=key if chosen == fields else _key_of(catalogue, table, chosen),
                    fields=chosen,
                )


def _keys_of(catalogue: Catalogue, types: Sequence[str]) -> Sequence[Key]:
    keys = (key for each in types for key in keys_of_target(catalogue, catalogue.types[each]))
    return tuple({key.column: key for key in keys}.values())


def _key_of(catalogue: Catalogue, table: str, fields: tuple[str, ...]) -> Key | None:
    """The key of a table that is made of just these fields; None: there is none."""
    assert len(fields) == 1, "what is sought by itself is one text"
    return next((key for key in catalogue.tables[table].keys if key.parts == fields), None)


def _ways(draft: KeyedTargetDraft, catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    """The fields of which one set must be given."""
    for types in draft.tables.values():
        for key in _keys_of(catalogue, types):
            yield required_parts(key)


def _index_of(table: TablePlan, lookup: _LookupDraft) -> int:
    if lookup.key is not None:
        return key_index(table, lookup.key)
    column = table.index[lookup.fields[0]]
    return next(index for index, key in enumerate(table.keys) if key.column == column)
