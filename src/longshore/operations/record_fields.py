"""The fields of records that lists of them show: all that there are, and the main ones."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from longshore.catalogue import Attribute, Catalogue, Relationship, ResourceType, ValueType
from longshore.records import RecordView

_MAIN_MIN = 3
_MAIN_MAX = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordField:
    """A value that each record of a type has, or a column of a table of them."""

    title: str
    name: str | None  # of the attribute or relationship to read; None: every record has it
    value: Callable[[RecordView], object]
    is_number: bool = False
    is_datetime: bool = False
    is_text: bool = False  # of any length, and no code or id that somebody would copy


# What people call a record: the first of these that it has.
NAMING_FIELDS = ("code", "name", "number", "email", "sku_code")


def record_name(view: RecordView) -> str | None:
    """What people call a record; None: only its id tells it from others."""
    found = (view.attributes.get(name) for name in NAMING_FIELDS)
    return next((text for text in found if isinstance(text, str) and text), None)


def main_fields(catalogue: Catalogue, declared: ResourceType) -> list[RecordField]:
    """What tells most about a record: its natural key, what it must have, then what comes first."""
    shown = {
        each.name: each
        for each in declared.attributes
        if each.fetchable
        and not each.only_on
        and each.name not in ("type", "created_at", "updated_at")
        and each.type not in (ValueType.OBJECT, ValueType.ARRAY)
    }
    # A key names its target by id; people know the code that stands for it.
    spelled = {
        each.names.relationship: each.name
        for each in shown.values()
        if each.names is not None and each.names.relationship
    }
    targets = {each.name for each in declared.relationships if each.has_column}
    parts = [part for key in declared.keys if key.matches for part in key.parts]
    ranked = [spelled.get(part, part) for part in parts]
    ranked += [name for name, each in shown.items() if each.required is not None]
    ranked += [name for name in ("name", "status") if name in shown]
    known = [name for name in dict.fromkeys(ranked) if name in shown or name in targets]
    more = (name for name, each in shown.items() if each.sortable and name not in known)
    known += itertools.islice(more, max(_MAIN_MIN - len(known), 0))
    identity = ["id", "type"] if declared.is_abstract else ["id"]
    fields = record_fields(catalogue, declared)
    by_name = {field.name: field for field in fields.values() if field.name is not None}
    names = [*identity, *known[:_MAIN_MAX], "updated_at"]
    return list(dict.fromkeys(fields.get(name) or by_name[name] for name in names))


def record_fields(catalogue: Catalogue, declared: ResourceType) -> dict[str, RecordField]:
    """All that can be shown of a type and, where it is abstract, of the types of its records."""
    fields = {
        "id": RecordField(title="id", name=None, value=lambda view: view.id),
        "type": RecordField(title="type", name=None, value=lambda view: view.type),
    }
    family = [declared, *(catalogue.types[name] for name in declared.concrete)]
    keys = {part for part_of in family for key in part_of.keys for part in key.parts}
    for each in family:
        for attribute in each.attributes:
            if attribute.fetchable and not attribute.only_on and attribute.name != "type":
                fields.setdefault(attribute.name, _of_attribute(attribute, keys))
        for relationship in each.relationships:
            if relationship.has_column:
                fields.setdefault(f"{relationship.name}_id", _of_relationship(relationship))
    return fields


def _of_attribute(attribute: Attribute, keys: set[str]) -> RecordField:
    name, type_ = attribute.name, attribute.type
    is_code = name.endswith(("code", "number", "reference", "_id")) or attribute.names is not None
    is_key = name in keys and name != "name"
    return RecordField(
        title=name,
        name=name,
        value=lambda view: view.attributes.get(name),
        is_number=type_ in (ValueType.INTEGER, ValueType.FLOAT),
        is_datetime=type_ is ValueType.DATETIME,
        is_text=type_ in (ValueType.STRING, ValueType.OBJECT, ValueType.ARRAY)
        and not (is_code or is_key or attribute.enum),
    )


def _of_relationship(relationship: Relationship) -> RecordField:
    name = relationship.name
    return RecordField(title=f"{name}_id", name=name, value=lambda view: view.to_one.get(name))
