"""By which fields of its target a row may name what a relationship points at: those of its keys.

A key is given in full, but for the type of its record, which the relationship says, and for parts
for which null is a value: a shipping method has a name within its market, and may be named by the
name alone. A part that is a relationship is named by the keys of its own target in turn.
"""

from collections.abc import Iterator
from functools import cache

from longshore.catalogue.catalogue import Catalogue
from longshore.catalogue.declarations import Key, Kind, Relationship, ResourceType, ValueType

TYPE = "type"

_DEPTH_MAX = 3  # a tier of a price of a list of a market is as far as keys go


def is_named_by_keys(
    catalogue: Catalogue, resource_type: ResourceType, relationship: Relationship
) -> bool:
    """Whether rows of a type may name the target of a relationship by its keys.

    A record that rows hold inside themselves is none: its fields say what it is to become.
    """
    return (
        relationship.kind is Kind.TO_ONE
        and relationship.has_column
        and (relationship.creatable or relationship.updatable)
        and relationship.name not in resource_type.nested
        and bool(key_names(catalogue, relationship))
    )


def keys_of_target(catalogue: Catalogue, target: ResourceType) -> tuple[Key, ...]:
    """The keys of a type by which rows may name a record: those of texts and relationships."""
    return _target_keys(catalogue, target.name, 0)


def required_parts(key: Key) -> tuple[str, ...]:
    """The parts that must be given for a key to name a record."""
    return tuple(part for part in key.parts if part != TYPE and part not in key.nullable)


@cache
def key_names(catalogue: Catalogue, relationship: Relationship) -> tuple[str, ...]:
    """The names by which rows may say which target is meant, each to stand behind the name of the
    relationship and a dot: `code`, `name`, `market.code`."""
    names = _names(catalogue, relationship, 0, with_ids=False)
    return tuple(dict.fromkeys(names))


@cache
def all_names(catalogue: Catalogue, relationship: Relationship) -> tuple[str, ...]:
    """The same, with those that give the id of a target, and its type where it may have several."""
    names = _names(catalogue, relationship, 0, with_ids=True)
    return tuple(dict.fromkeys(names))


def _names(
    catalogue: Catalogue, relationship: Relationship, depth: int, *, with_ids: bool
) -> Iterator[str]:
    if with_ids:
        yield "id"
        if relationship.polymorphic:
            yield TYPE
    for name in catalogue.targets_of(relationship):
        for key in _target_keys(catalogue, name, depth):
            for part in key.parts:
                link = _link(catalogue.types[name], part)
                if link is not None:
                    inner = _names(catalogue, link, depth + 1, with_ids=with_ids)
                    yield from (f"{part}.{each}" for each in inner)
                elif part != TYPE:
                    yield part


@cache
def _target_keys(catalogue: Catalogue, name: str, depth: int) -> tuple[Key, ...]:
    declared = catalogue.types[name]
    if depth > _DEPTH_MAX or declared.kept_by != "records":
        return ()
    return tuple(
        key
        for key in declared.keys
        if all(_may_name(catalogue, declared, part, depth) for part in key.parts)
        and required_parts(key)
    )


def _may_name(catalogue: Catalogue, declared: ResourceType, part: str, depth: int) -> bool:
    link = _link(declared, part)
    if link is not None:
        targets = catalogue.targets_of(link)
        return any(_target_keys(catalogue, each, depth + 1) for each in targets)
    attribute = next(each for each in declared.attributes if each.name == part)
    is_text = attribute.type is ValueType.STRING and not attribute.enum
    return part == TYPE or (is_text and attribute.stored)


def _link(declared: ResourceType, name: str) -> Relationship | None:
    found = next((each for each in declared.relationships if each.name == name), None)
    return found if found is not None and found.has_column else None
