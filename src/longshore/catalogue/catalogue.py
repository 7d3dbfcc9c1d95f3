"""The catalogue as a whole: all declarations, checked once, and what follows from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from math import inf
from types import MappingProxyType

from longshore.catalogue.checks import CatalogueFault, check
from longshore.catalogue.declarations import (
    Attribute,
    Derived,
    Key,
    MoneyFloat,
    MoneyText,
    Relationship,
    ResourceType,
    Sum,
    ValueType,
)
from longshore.catalogue.dependencies import ordered
from longshore.catalogue.types import ALL_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How a table keeps a to-one relationship."""

    relationship: Relationship
    column: str  # holds the target's id
    target: str | None  # the only table that its targets can be in; None: there are several
    type_column: str | None  # with several tables: the column that holds the target's type
    adds_type_column: bool  # the type column is not that of an attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What one table holds: the records of one type, or of all types of a family."""

    name: str
    types: tuple[str, ...]  # concrete types whose records it holds
    attributes: tuple[Attribute, ...]  # stored ones, of all its types; `type` in a family
    links: tuple[Link, ...]
    linked: tuple[Relationship, ...]  # to-many relationships kept in tables of links (tags)
    keys: tuple[Key, ...]
    amounts: frozenset[str]  # attributes that are money, in cents

    def part_column(self, part: str) -> str:
        """The column of a part of a key: an attribute's own, or that of a target's id."""
        for link in self.links:
            if link.relationship.name == part:
                return link.column
        return part


@dataclass(frozen=True, slots=True, kw_only=True)
class SumDependency:
    """A stored sum, and the table on whose rows it depends."""

    table: str  # holds the sum
    attribute: str
    sum: Sum
    children: str  # table that is summed over
    link: str  # its column that holds the id of the record with the sum


class Catalogue:
    """All resource types. Building it checks the declarations and raises CatalogueFault."""

    def __init__(self, types: tuple[ResourceType, ...]) -> None:
        check(types)
        self.types: Mapping[str, ResourceType] = MappingProxyType({t.name: t for t in types})

    def get(self, name: str) -> ResourceType | None:
        return self.types.get(name)

    def concrete_types(self, name: str) -> tuple[str, ...]:
        """The types that the records of a type can have: its concrete ones, or itself."""
        return self.types[name].concrete or (name,)

    def targets_of(self, relationship: Relationship) -> tuple[str, ...]:
        """The concrete types that a relationship can lead to; none when all are outside."""
        known = (target for target in relationship.targets if target in self.types)
        concrete = (part for target in known for part in self.concrete_types(target))
        return tuple(dict.fromkeys(concrete))

    @cached_property
    def importable(self) -> tuple[str, ...]:
        """The importable types of the wire contract."""
        return tuple(sorted(name for name, type_ in self.types.items() if type_.importable))

    @cached_property
    def creatable(self) -> tuple[str, ...]:
        """Every type that rows can be imported into: the importable ones and those like them."""
        return tuple(
            name
            for name, type_ in self.types.items()
            if type_.kept_by == "records"
            and type_.routed
            and (type_.importable or "create" in type_.actions)
        )

    def ranked(self, names: Iterable[str]) -> list[str]:
        """Types in the order in which people look for them: those that most files are of, then the
        others by their names."""
        ranks = {name: self.types[name].common_rank or inf for name in names}
        return sorted(ranks, key=lambda name: (ranks[name], name))

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Tables by name, those of targets before those that refer to them."""
        tables = {name: self._table(name) for name in dict.fromkeys(t.table for t in self._kept)}
        before = {name: _tables_before(table) for name, table in tables.items()}
        try:
            order = tuple(TopologicalSorter(before).static_order())
        except CycleError as circle:
            path = " -> ".join(circle.args[1])
            raise CatalogueFault(f"relationships go in a circle: {path}") from circle
        return MappingProxyType({name: tables[name] for name in order})

    @cached_property
    def _kept(self) -> tuple[ResourceType, ...]:
        return tuple(t for t in self.types.values() if t.kept_by == "records" and t.routed)

    def _table(self, name: str) -> Table:
        family = [t for t in self.types.values() if t.table == name]
        attributes = {a.name: a for t in family for a in t.attributes if a.stored}
        links = {r.name: self._link(r) for t in family for r in t.relationships if r.has_column}
        linked = {r.name: r for t in family for r in t.relationships if r.linked}
        keys = {key.column: key for t in family for key in t.keys}
        amounts = {
            a.computed.cents
            for t in family
            for a in t.attributes
            if isinstance(a.computed, MoneyFloat | MoneyText)
        }
        return Table(
            name=name,
            types=tuple(t.name for t in family if not t.is_abstract),
            attributes=tuple(attributes.values()),
            links=tuple(links.values()),
            linked=tuple(linked.values()),
            keys=tuple(keys.values()),
            amounts=frozenset(amounts & attributes.keys()),
        )

    def _link(self, relationship: Relationship) -> Link:
        tables = {self.types[target].table for target in self.targets_of(relationship)}
        outside = any(target not in self.types for target in relationship.targets)
        is_single = len(tables) == 1 and not outside
        own_type_column = f"{relationship.name}_type"
        return Link(
            relationship=relationship,
            column=f"{relationship.name}_id",
            target=tables.pop() if is_single else None,
            type_column=None if is_single else relationship.type_attribute or own_type_column,
            adds_type_column=not is_single and relationship.type_attribute is None,
        )

    def dependency_order(self, types: Iterable[str]) -> tuple[str, ...]:
        """Resource types, each behind those of whose records its own may name, or compute a value.

        Where two may name each other, the one comes first that can be without the other. Each type
        stands once.
        """
        asked = set(types)
        return tuple(
            name for table in self._table_order for name in self._types_of[table] if name in asked
        )

    @cached_property
    def _types_of(self) -> Mapping[str, tuple[str, ...]]:
        """The types of each table, abstract ones too, as they are declared."""
        return {
            table: tuple(name for name, type_ in self.types.items() if type_.table == table)
            for table in self._table_order
        }

    @cached_property
    def _table_order(self) -> tuple[str, ...]:
        needs = {name: _tables_before(table) for name, table in self.tables.items()}
        for type_ in self.types.values():
            if type_.table in needs:
                required = (r for r in type_.relationships if r.has_column and r.required)
                needs[type_.table] |= self._tables_of(required) - {type_.table}
                needs[type_.table] |= self._tables_read(type_) - {type_.table}
        wishes: dict[str, set[str]] = {name: set() for name in needs}
        for type_ in self.types.values():
            wishes.get(type_.table, set()).update(self._tables_named_by(type_))
        return ordered(tuple(dict.fromkeys(t.table for t in self._kept)), needs, wishes)

    def _tables_named_by(self, type_: ResourceType) -> set[str]:
        """Tables of records that a row of a type may name, itself or in what it nests."""
        links = [r for r in type_.relationships if r.has_column or r.linked]
        nested = [r for r in type_.relationships if r.name in type_.nested and not r.linked]
        names = [a.names.target for a in type_.attributes if a.names is not None]
        tables = self._tables_of(links) | {self.types[name].table for name in names}
        for name in (target for each in nested for target in self.targets_of(each)):
            if self.types[name].table != type_.table:
                inner = self.types[name].relationships
                tables |= self._tables_of(r for r in inner if r.has_column or r.linked)
        return tables - {type_.table}

    def _tables_read(self, type_: ResourceType) -> set[str]:
        """Tables of whose records a row of a type computes a value, itself or in what it nests."""
        nested = (r for r in type_.relationships if r.name in type_.nested)
        inner = (self.types[name] for each in nested for name in self.targets_of(each))
        return {self.types[name].table for each in (type_, *inner) for name in each.computes_from}

    def _tables_of(self, relationships: Iterable[Relationship]) -> set[str]:
        targets = (name for each in relationships for name in self.targets_of(each))
        return {self.types[name].table for name in targets}

    @cached_property
    def tag_tables(self) -> frozenset[str]:
        """The tables of what records are linked to by a table of links, such as tags."""
        return frozenset(
            self.types[relationship.targets[0]].table
            for table in self.tables.values()
            for relationship in table.linked
        )

    @cached_property
    def sums(self) -> tuple[SumDependency, ...]:
        """All stored sums."""
        return tuple(
            self._sum_dependency(type_, attribute, attribute.computed)
            for type_ in self.types.values()
            for attribute in type_.attributes
            if isinstance(attribute.computed, Sum)
        )

    def _sum_dependency(
        self, type_: ResourceType, attribute: Attribute, sum_: Sum
    ) -> SumDependency:
        (relationship,) = (r for r in type_.relationships if r.name == sum_.relationship)
        return SumDependency(
            table=type_.table,
            attribute=attribute.name,
            sum=sum_,
            children=self.types[relationship.targets[0]].table,
            link=f"{relationship.inverse}_id",
        )

    @cached_property
    def rule_names(self) -> frozenset[str]:
        """Rules that the engine must know."""
        own = {rule for type_ in self.types.values() for rule in type_.rules}
        return frozenset(
            own | {t.rule for type_ in self.types.values() for t in type_.triggers if t.rule}
        )

    @cached_property
    def generator_names(self) -> frozenset[str]:
        """Generators of values that the engine must know."""
        attributes = (a for type_ in self.types.values() for a in type_.attributes)
        return frozenset(a.generated for a in attributes if a.generated)

    @cached_property
    def derived_names(self) -> frozenset[str]:
        """Functions of computed attributes, all in `derivations`."""
        attributes = (a for type_ in self.types.values() for a in type_.attributes)
        return frozenset(a.computed.function for a in attributes if isinstance(a.computed, Derived))


def _tables_before(table: Table) -> set[str]:
    """Tables that must exist before this one; those of deferred relationships need not."""
    links = (link for link in table.links if not link.relationship.deferred)
    return {link.target for link in links if link.target and link.target != table.name}


@cache
def load_catalogue() -> Catalogue:
    """The catalogue of longshore, built and checked on the first call."""
    catalogue = Catalogue(ALL_TYPES)
    assert catalogue.tables  # a circle is found when the order is asked for
    return catalogue


def _organization_flags() -> Mapping[str, object]:
    """Attributes of the organization that steer validation and imports, with their defaults."""
    (organizations,) = (type_ for type_ in ALL_TYPES if type_.name == "organizations")
    steering = (ValueType.BOOLEAN, ValueType.INTEGER, ValueType.FLOAT)
    return MappingProxyType(
        {a.name: a.default for a in organizations.attributes if a.type in steering}
    )


ORGANIZATION_FLAGS: Mapping[str, object] = _organization_flags()
