"""What can be named as the parent of an import's rows, and by what."""

from collections.abc import Iterator, Sequence

from longshore.catalogue.catalogue import Catalogue
from longshore.catalogue.declarations import Attribute, Key, Relationship, ResourceType
from longshore.catalogue.target_keys import TYPE
from longshore.errors import RequestRefused


def parent_relationship(resource_type: ResourceType) -> Relationship:
    """The relationship that leads to the parent; raises RequestRefused for a type without one."""
    if resource_type.parent is None:
        raise RequestRefused(
            f"{resource_type.name} have no parent", hint="leave --parent out for this type"
        )
    return next(each for each in resource_type.relationships if each.name == resource_type.parent)


def parent_targets(catalogue: Catalogue, relationship: Relationship) -> Sequence[ResourceType]:
    """The types of which a parent can be: those whose records are kept here."""
    known = (catalogue.types[name] for name in relationship.targets if name in catalogue.types)
    return [each for each in known if each.kept_by == "records"]


def naming_keys(catalogue: Catalogue, target: ResourceType) -> Iterator[tuple[Key, Attribute]]:
    """The natural keys of a type that are one attribute each, by which people name a record: a
    code, a name or the like. Its type may be part of the key as well: it is known."""
    table = catalogue.tables[target.table]
    attributes = {each.name: each for each in table.attributes}
    for key in table.keys:
        parts = [part for part in key.parts if part != TYPE]
        if len(parts) == 1 and parts[0] in attributes:
            yield key, attributes[parts[0]]
