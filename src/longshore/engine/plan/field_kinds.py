"""What the values of a field are, where people spell them otherwise than the wire does."""

from longshore.catalogue import Attribute, Catalogue, ResourceType, ValueType
from longshore.engine.values.money_units import CENTS, is_of_cents, is_unit
from longshore.spellings import ColumnKind, Spelling, SpellingRefused


def column_kind(catalogue: Catalogue, type_: ResourceType, field: str) -> ColumnKind | None:
    """What a column of a field holds; None: nothing that has spellings, or cents."""
    if is_of_cents(field):
        return None
    found = _attribute(catalogue, type_, field)
    if found is None:
        return None
    holder, attribute = found
    if attribute.enum or attribute.form is not None:
        return None
    match attribute.type:
        case ValueType.FLOAT:
            is_weight = weight_unit_field(holder, attribute.name) is not None
            return ColumnKind.WEIGHT if is_weight and holder is type_ else ColumnKind.NUMBER
        case ValueType.INTEGER:
            return ColumnKind.INTEGER
        case ValueType.BOOLEAN if holder is type_:
            return ColumnKind.BOOLEAN
        case ValueType.DATETIME if holder is type_:
            return ColumnKind.DATE
    return None


def weight_unit_field(type_: ResourceType, name: str) -> str | None:
    """The field of a type that says in which unit a weight is."""
    return next((each.unit for each in type_.attributes if each.name == name), None)


def takes_unit(catalogue: Catalogue, type_: ResourceType, field: str, unit: str) -> bool:
    """Whether the values of a field can be spelled so, or given in such a unit."""
    if is_of_cents(field):
        return is_unit(unit)
    kind = column_kind(catalogue, type_, field)
    if kind is None or unit == CENTS:
        return False
    try:
        spelling = Spelling.of(unit)
    except SpellingRefused:
        return False
    if spelling.unit is not None and kind is not ColumnKind.WEIGHT:
        return False
    return (
        spelling.is_number == (kind not in (ColumnKind.DATE, ColumnKind.BOOLEAN))
        and (spelling.order is not None) == (kind is ColumnKind.DATE)
        and (spelling.language is not None) == (kind is ColumnKind.BOOLEAN)
    )


def _attribute(
    catalogue: Catalogue, type_: ResourceType, field: str
) -> tuple[ResourceType, Attribute] | None:
    """The attribute that a field is, dotted ones inside nested records too, and what has it."""
    *holders, name = field.split(".")
    declared = type_
    for holder in holders:
        target = next(
            (each.targets[0] for each in declared.relationships if each.name == holder), ""
        )
        if target not in catalogue.types:
            return None
        declared = catalogue.types[target]
    for attribute in declared.attributes:
        if attribute.name == name:
            return declared, attribute
    return None
