"""The names that rows of a type may hold, as its declaration says, and how columns spell them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from longshore.catalogue import (
    Attribute,
    Catalogue,
    Kind,
    Relationship,
    ResourceType,
    ValueType,
    all_names,
    is_named_by_keys,
)

ALL_KEYS = "*"  # behind the dot: an object of keys that are filled
_SEPARATORS = re.compile(r"[\s_-]+")


@dataclass(slots=True)
class Names:
    """One name of a source, and the names inside it."""

    is_named: bool = False  # it stands alone, not only before a dot
    below: dict[str, "Names"] = field(default_factory=dict)


class FieldNames:
    """The fields of a type by the names that a table's columns give them.

    A header in other case, or with blanks or hyphens, is the field that it spells: `Do Not Ship`
    is `do_not_ship`. Triggers make things happen, so they have to be written exactly.
    """

    def __init__(self, catalogue: Catalogue, resource_type: ResourceType) -> None:
        nested = set(_nested_records(catalogue, resource_type))
        self.names = [each for each in input_names(catalogue, resource_type) if each not in nested]
        self._exact = frozenset(self.names)
        self._catalogue = catalogue
        self._type = resource_type
        self._objects = tuple(_objects_with_keys(catalogue, resource_type))
        self._spelled: dict[str, str] = {}
        for name in self.names:
            if not is_trigger_name(name):
                self._spelled.setdefault(spelled(name), name)

    def of(self, column: str) -> str | None:
        """The field that a column's header means; None: no field."""
        name = column.strip()
        if self.is_exact(name):
            return name
        if is_trigger_name(name):
            return None
        found = self._spelled.get(spelled(name))
        return found if found is not None else self._key_of_object(name)

    def is_exact(self, name: str) -> bool:
        """Whether it is a field's own name."""
        return name in self._exact or self._key_of_object(name) == name

    def aliases(self, field: str) -> Sequence[str]:
        """What other systems call a field."""
        *holders, name = field.split(".")
        declared: ResourceType | None = self._type
        for holder in holders:
            targets = (
                each.targets[0]
                for each in (declared.relationships if declared else ())
                if each.name == holder
            )
            declared = self._catalogue.types.get(next(targets, ""))
        attributes = declared.attributes if declared else ()
        return next((each.aliases for each in attributes if each.name == name), ())

    def _key_of_object(self, column: str) -> str | None:
        """`metadata.KEY`, whose key is whatever stands behind the dot; `metadata.*` are several."""
        for name in self._objects:
            parts = column.split(".", name.count(".") + 1)
            head, key = ".".join(parts[:-1]), parts[-1]
            if key and spelled(head) == spelled(name):
                return f"{name}.{key}"
        return None


def spelled(name: str) -> str:
    """A name as it is compared: without case, blanks, underscores and hyphens."""
    return _SEPARATORS.sub("", name).casefold()


def says_cents(column: str) -> bool:
    """Whether a column's own name says that it holds cents."""
    return spelled(column).endswith("cents")


def is_trigger_name(name: str) -> bool:
    """Whether a name is that of a trigger, perhaps of one inside a nested record."""
    return name.rpartition(".")[2].startswith("_")


def input_names(
    catalogue: Catalogue, resource_type: ResourceType, *, owner: str | None = None
) -> list[str]:
    """Every name that a row of this type may hold, dotted ones for what is nested in it.

    `owner` is the relationship to the record that holds the row, which names it.
    """
    names = _own_names(resource_type)
    for each in _keyed(catalogue, resource_type):
        if each.name != owner:
            names += [f"{each.name}.{inside}" for inside in all_names(catalogue, each)]
    for name in resource_type.nested:
        relationship = relationship_of(resource_type, name)
        names.append(name)
        if relationship.linked:
            names += [f"{name}.id", f"{name}.name"]
        else:
            target = catalogue.types[relationship.targets[0]]
            inside = input_names(catalogue, target, owner=relationship.inverse)
            names += [f"{name}.{each}" for each in inside]
    return names


def _keyed(catalogue: Catalogue, resource_type: ResourceType) -> Iterator[Relationship]:
    """The relationships whose targets rows may name by keys."""
    for each in resource_type.relationships:
        if is_named_by_keys(catalogue, resource_type, each):
            yield each


def _nested_records(catalogue: Catalogue, resource_type: ResourceType) -> Iterator[str]:
    """The names of nested records themselves, which no cell of a table can hold."""
    for name in resource_type.nested:
        relationship = relationship_of(resource_type, name)
        if not relationship.linked:
            yield name
            target = catalogue.types[relationship.targets[0]]
            yield from (f"{name}.{each}" for each in _nested_records(catalogue, target))


def _objects_with_keys(catalogue: Catalogue, resource_type: ResourceType) -> Iterator[str]:
    yield from (each.name for each in resource_type.attributes if has_keys(each))
    for name in resource_type.nested:
        relationship = relationship_of(resource_type, name)
        if not relationship.linked:
            target = catalogue.types[relationship.targets[0]]
            yield from (f"{name}.{each}" for each in _objects_with_keys(catalogue, target))


def nested_paths(catalogue: Catalogue, resource_type: ResourceType) -> frozenset[str]:
    """Where rows of JSON hold objects whose keys are fields: rows and records of their own, such as
    `line_items` and inside those `line_items.line_item_options`, and what names a target by its
    keys, such as `price_list`."""
    paths = []
    for each in _keyed(catalogue, resource_type):
        paths.append(each.name)
        inside = (name.split(".")[:-1] for name in all_names(catalogue, each))
        paths += (".".join((each.name, *names)) for names in inside if names)
    for name in resource_type.nested:
        paths.append(name)
        target = catalogue.types[relationship_of(resource_type, name).targets[0]]
        paths += (f"{name}.{each}" for each in nested_paths(catalogue, target))
    return frozenset(paths)


def _own_names(resource_type: ResourceType) -> list[str]:
    """The names of a row's own fields, without what is nested in it."""
    names = ["id"]
    names += [each.name for each in resource_type.attributes if is_input(each)]
    for each in resource_type.relationships:
        if each.has_column and (each.creatable or each.updatable):
            names.append(f"{each.name}_id")
            if each.polymorphic and each.type_attribute is None:
                names.append(f"{each.name}_type")
    names += [each.name for each in resource_type.triggers if each.accepted]
    return names


def name_tree(columns: Iterable[str]) -> dict[str, Names]:
    """Dotted names as a tree; a name may stand alone and have names inside it as well."""
    tree: dict[str, Names] = {}
    for column in columns:
        level = tree
        for part in column.split("."):
            names = level.setdefault(part, Names())
            level = names.below
        names.is_named = True
    return tree


def is_input(attribute: Attribute) -> bool:
    """Whether rows may give the attribute a value."""
    return attribute.creatable or attribute.updatable or attribute.accepted_with is not None


def has_keys(attribute: Attribute) -> bool:
    """Whether columns may fill single keys of the attribute: an object that is never null."""
    return (
        attribute.type is ValueType.OBJECT and attribute.default is not None and is_input(attribute)
    )


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


def leaves(below: Mapping[str, Names], path: Sequence[str] = ()) -> Iterator[str]:
    """The dotted names of a tree."""
    for name, names in below.items():
        inside = (*path, name)
        if names.is_named:
            yield ".".join(inside)
        yield from leaves(names.below, inside)
