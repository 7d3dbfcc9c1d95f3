"""Which fields of a record belong together: they are given back together, or not at all.

A status without the time at which it was reached, a weight in the unit of another one, or a name
that must be there because of a value that is not: none of these was ever said of the record. All of
it follows from the catalogue.
"""

from collections.abc import Iterable, Iterator, Mapping

from longshore.catalogue import Attribute, Catalogue, Relationship, ResourceType
from longshore.engine.plan.currency_ways import currency_ways
from longshore.engine.plan.field_kinds import weight_unit_field
from longshore.engine.plan.node_drafts import TAGGING
from longshore.engine.plan.required_fields import column_of
from longshore.engine.plan.rule_needs import RULE_NEEDS

_CENTS = "_cents"


def field_units(catalogue: Catalogue, table_name: str) -> Mapping[str, frozenset[str]]:
    """The unit of each field that belongs to others; a field that is not named is a unit by itself.
    Fields are named as the journal does, by their columns."""
    table = catalogue.tables[table_name]
    leaders: dict[str, str] = {}

    def leader(field: str) -> str:
        while leaders.setdefault(field, field) != field:
            field = leaders[field]
        return field

    for link in table.links:
        if link.type_column is not None:
            _join(leaders, leader(link.column), leader(link.type_column))
    for name in dict.fromkeys((table_name, *table.types)):
        for fields in _ties(catalogue, catalogue.types[name]):
            for other in fields[1:]:
                _join(leaders, leader(fields[0]), leader(other))
    units: dict[str, set[str]] = {}
    for field in leaders:
        units.setdefault(leader(field), set()).add(field)
    return {field: frozenset(units[leader(field)]) for field in sorted(leaders)}


def _join(leaders: dict[str, str], one: str, other: str) -> None:
    first, second = sorted((one, other))
    leaders[second] = first


def _ties(catalogue: Catalogue, type_: ResourceType) -> Iterator[list[str]]:
    """Fields that are tied to each other, by one reason each."""
    for trigger in type_.triggers:
        if trigger.rule in TAGGING:
            continue
        accepted = (each.name for each in type_.attributes if each.accepted_with == trigger.name)
        stamps = (trigger.stamps,) if trigger.stamps else ()
        of_rule = _of_rule(type_, trigger.rule)
        yield _columns(type_, (*trigger.sets, *stamps, *trigger.clears, *accepted, *of_rule))
    for rule in type_.rules:
        yield _columns(type_, _of_rule(type_, rule))
    fields: tuple[Attribute | Relationship, ...] = (*type_.attributes, *type_.relationships)
    for field in fields:
        if field.required is not None and field.required.inputs:
            yield _columns(type_, (field.name, *field.required.inputs))
    for attribute in type_.attributes:
        if attribute.marks is not None:
            yield _columns(type_, (attribute.name, attribute.marks))
        unit = weight_unit_field(type_, attribute.name)
        if unit is not None:
            yield _columns(type_, (attribute.name, unit))
        if attribute.stored and attribute.name.endswith(_CENTS):
            for way in currency_ways(catalogue, type_, attribute.name):
                if len(way.columns) == 1:
                    yield [attribute.name, way.columns[0][1]]


def _of_rule(type_: ResourceType, rule: str | None) -> tuple[str, ...]:
    """What a rule reads and sets of the record itself."""
    needs = RULE_NEEDS.get(rule or "")
    return () if needs is None else needs.reads.get(type_.table, ())


def _columns(type_: ResourceType, names: Iterable[str]) -> list[str]:
    """The columns of fields, and of those that are named by their columns already; those left out
    that have none."""
    links = {f"{each.name}_id" for each in type_.relationships if each.has_column}
    types = {f"{each.name}_type" for each in type_.relationships if each.has_column}
    found = []
    for name in names:
        column = name if name in links | types else column_of(type_, name)
        if column is not None:
            found.append(column)
    return list(dict.fromkeys(found))
