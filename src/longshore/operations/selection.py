"""What is wanted of resources: some of their fields, and what their relationships lead to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from longshore.catalogue import Catalogue, Kind, Relationship, ResourceType

# Includes as a tree: relationship names, and what is included of their targets.
IncludeTree: TypeAlias = Mapping[str, "IncludeTree"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is wanted of resources."""

    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by type; missing: all
    include: IncludeTree = field(default_factory=dict)

    @classmethod
    def nothing_of(cls, resource_type: str) -> "Selection":
        """Of a resource that is looked for, and not shown."""
        return cls(fields={resource_type: frozenset()})


def shown_fields(
    catalogue: Catalogue, selection: Selection, resource_type: str
) -> frozenset[str] | None:
    """The fields of a concrete type that are wanted; None: all.

    Clients also name those of the abstract type that they asked for.
    """
    named = selection.fields.get(resource_type)
    if named is None:
        base = catalogue.types[resource_type].base
        named = selection.fields.get(base) if base else None
    return named


def read_fields(
    catalogue: Catalogue, selection: Selection, resource_type: str
) -> frozenset[str] | None:
    """The fields that must be read to show resources of a type, abstract or not; None: all."""
    names: frozenset[str] = frozenset()
    for concrete in catalogue.concrete_types(resource_type):
        shown = shown_fields(catalogue, selection, concrete)
        if shown is None:
            return None
        names |= shown
    return names


def find_relationship(declared: ResourceType, name: str) -> Relationship | None:
    """The relationship of that name, if the type has it."""
    return next((each for each in declared.relationships if each.name == name), None)


def target_type(catalogue: Catalogue, relationship: Relationship) -> str | None:
    """A type among the targets, which tells who keeps them; None: nobody here does."""
    known = (catalogue.types[name] for name in relationship.targets if name in catalogue.types)
    return next((declared.name for declared in known if declared.routed), None)


def is_to_one(relationship: Relationship) -> bool:
    return relationship.kind is Kind.TO_ONE
