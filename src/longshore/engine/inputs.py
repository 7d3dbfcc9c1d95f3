"""The names that rows of a type may hold, as its declaration says."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from longshore.catalogue import Attribute, Catalogue, Kind, Relationship, ResourceType


def input_names(catalogue: Catalogue, resource_type: ResourceType) -> list[str]:
    """Every name that a row of this type may hold, to suggest the nearest for an unknown one."""
    names = _own_names(resource_type)
    for name in resource_type.nested:
        relationship = relationship_of(resource_type, name)
        names.append(name)
        if relationship.linked:
            names += [f"{name}.id", f"{name}.name"]
        else:
            target = catalogue.types[relationship.targets[0]]
            names += [f"{name}.{each}" for each in (*_own_names(target), *target.nested)]
    return names


def _own_names(resource_type: ResourceType) -> list[str]:
    """The names of a row's own fields, without what is nested in it."""
    names = ["id"]
    names += [each.name for each in resource_type.attributes if is_input(each)]
    for each in resource_type.relationships:
        if each.has_column and (each.creatable or each.updatable):
            names.append(f"{each.name}_id")
    names += [each.name for each in resource_type.triggers if each.accepted]
    return names


def name_tree(columns: Iterable[str]) -> dict[str, Any]:
    """Dotted names as a tree: name -> the names inside it."""
    tree: dict[str, Any] = {}
    for column in columns:
        level = tree
        for part in column.split("."):
            level = level.setdefault(part, {})
    return tree


def is_input(attribute: Attribute) -> bool:
    """Whether rows may give the attribute a value."""
    return attribute.creatable or attribute.updatable or attribute.accepted_with is not None


def relationship_of(resource_type: ResourceType, name: str) -> Relationship:
    return next(each for each in resource_type.relationships if each.name == name)


def relationship_of_id(resource_type: ResourceType, name: str) -> Relationship | None:
    """The to-one relationship whose target's id stands under this name."""
    for each in resource_type.relationships:
        if name == f"{each.name}_id" and each.kind is Kind.TO_ONE:
            return each
    return None


def relationship_of_type(resource_type: ResourceType, name: str) -> Relationship | None:
    """The polymorphic relationship whose target's type stands under this name."""
    for each in resource_type.relationships:
        if name == f"{each.name}_type" and each.has_column and each.polymorphic:
            return each
    return None


def leaves(name: str, below: Mapping[str, Any]) -> Iterator[str]:
    """The dotted names of a tree; a name with nothing inside is its own."""
    if not below:
        yield name
    for each, deeper in below.items():
        yield from leaves(f"{name}.{each}", deeper)
