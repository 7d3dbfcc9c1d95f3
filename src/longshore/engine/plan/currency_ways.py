"""Where the currency of an amount stands, as the declaration of its type says."""

from collections.abc import Iterator
from dataclasses import dataclass

from longshore.catalogue import Attribute, Catalogue, MoneyText, ResourceType, Through

_OF_RECORD = ("currency_code",)


@dataclass(frozen=True, slots=True)
class CurrencyWay:
    """A way from a record to a currency."""

    field: str  # of the record: without it the way leads nowhere
    # (table, column): ids of to-one relationships, each in the table that the one before leads to,
    # and the code at the end.
    columns: tuple[tuple[str, str], ...]


def currency_ways(
    catalogue: Catalogue, resource_type: ResourceType, name: str
) -> tuple[CurrencyWay, ...]:
    """The ways to the currency of a field of cents; the first that leads to one counts."""
    shown = (each.computed for each in resource_type.attributes)
    path = next(
        (each.currency for each in shown if isinstance(each, MoneyText) and each.cents == name),
        _OF_RECORD,
    )
    return tuple(
        CurrencyWay(columns[0][1].removesuffix("_id"), columns)
        for columns in _ways(catalogue, resource_type, path)
    )


def _ways(
    catalogue: Catalogue, type_: ResourceType, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, str], ...]]:
    first, *rest = path
    if rest:
        relationship = next(each for each in type_.relationships if each.name == first)
        target = catalogue.types[relationship.targets[0]]
        for way in _ways(catalogue, target, tuple(rest)):
            yield ((type_.table, f"{first}_id"), *way)
        return
    attribute = _attribute(catalogue, type_, first)
    if attribute is None:
        return
    if attribute.stored:
        yield ((type_.table, first),)
    for further in (attribute.computed, attribute.fallback):
        if isinstance(further, Through):
            yield from _ways(catalogue, type_, further.path)


def _attribute(catalogue: Catalogue, type_: ResourceType, name: str) -> Attribute | None:
    """The attribute of a type, or of the family that its records are stored with."""
    of_table = catalogue.tables[type_.table].attributes
    return next((each for each in (*type_.attributes, *of_table) if each.name == name), None)
