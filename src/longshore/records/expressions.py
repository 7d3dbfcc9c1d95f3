"""SQL of what the declarations say: computed attributes, and the way over relationships.

Every function takes the source it reads from, a table of records or an alias of it, and gives an
expression over that source's columns; records on the way are read in correlated subqueries.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    case,
    func,
    literal,
    null,
    select,
    true,
)

from longshore.catalogue import (
    Attribute,
    Catalogue,
    Computed,
    Constant,
    Count,
    Days,
    Later,
    Product,
    Relationship,
    ResourceType,
    Sum,
    Through,
    Total,
)
from longshore.records.filters import target_families
from longshore.records.matchers import ID
from longshore.records.tables import RecordTables


@dataclass(frozen=True, slots=True)
class Join:
    """How records of a source are linked to those of a target: `here` equals `there`."""

    here: ColumnElement[Any]  # of the source
    there: ColumnElement[Any]  # of the target, or of the table between
    conditions: Sequence[ColumnElement[bool]]  # what else holds of the target
    between: FromClause | None  # a table of links
    tie: ColumnElement[bool]  # of the table between to the target


@dataclass(frozen=True, slots=True)
class Reached:
    """The records at the end of some relationships."""

    declared: ResourceType
    source: FromClause
    condition: ColumnElement[bool]  # ties it and what lies between to where the way began
    is_single: bool  # at most one record can be there


class Expressions:
    """SQL expressions of fields, for one catalogue and its tables."""

    def __init__(
        self,
        catalogue: Catalogue,
        tables: RecordTables,
        sources: Mapping[str, FromClause] = MappingProxyType({}),
    ) -> None:
        self._catalogue = catalogue
        self._tables = tables
        self._sources = sources

    def table(self, name: str) -> FromClause:
        """What holds the records of a type or of a family, as itself."""
        return self._sources[name] if name in self._sources else self._tables[name]

    def attribute(
        self, declared: ResourceType, name: str, source: FromClause
    ) -> ColumnElement[Any]:
        """The value of an attribute, or `id`; a bug when only Python can compute it."""
        if name == ID:
            return source.c.id
        attribute = find_attribute(declared, name)
        match attribute.computed:
            case None:
                return self._stored(declared, attribute, source)
            case Sum():
                return func.coalesce(source.c[name], 0)
            case computed:
                return self._computed(declared, computed, source)

    def path(
        self, declared: ResourceType, path: Sequence[str], source: FromClause
    ) -> ColumnElement[Any]:
        """The attribute, or the id of the to-one relationship, that a path of names ends in."""
        *steps, last = path
        reached = self._reach(declared, steps, source)
        if reached is None:
            return null()
        value = self._end(reached.declared, last, reached.source)
        if not steps:
            return value
        found = select(value).where(reached.condition).correlate(source)
        if not reached.is_single:
            found = found.order_by(reached.source.c.id).limit(1)
        return found.scalar_subquery()

    def to_one(
        self, declared: ResourceType, relationship: Relationship, source: FromClause
    ) -> ColumnElement[Any] | None:
        """The id that a to-one relationship keeps in the record; None when it is kept elsewhere."""
        if relationship.has_column:
            return source.c[f"{relationship.name}_id"]
        if relationship.view_of is None:
            return None
        viewed = find_relationship(declared, relationship.view_of)
        kind = source.c[viewed.type_attribute or f"{viewed.name}_type"]
        return case((kind.in_(relationship.targets), source.c[f"{viewed.name}_id"]))

    def link(
        self,
        relationship: Relationship,
        source: FromClause,
        target: FromClause,
        types: Sequence[str],
    ) -> Join:
        """How records of `source` are linked to those of `target` (and only of those types)."""
        conditions = [target.c.type.in_(types)] if types else []
        if relationship.linked:
            links = self._tables.taggings.alias()
            tie = links.c.tag_id == target.c.id
            return Join(source.c.id, links.c.record_id, conditions, links, tie)
        if relationship.has_column or relationship.view_of:
            column = source.c[f"{relationship.view_of or relationship.name}_id"]
            return Join(column, target.c.id, conditions, None, true())
        assert relationship.inverse is not None, f"nothing links {relationship.name}"
        back = target.c[self._back_column(relationship)]
        return Join(source.c.id, back, conditions, None, true())

    def _back_column(self, relationship: Relationship) -> str:
        """The target's column that holds the id of the record that a relationship begins at."""
        assert relationship.inverse is not None
        back = relationship.inverse
        for name in relationship.targets:
            target = self._catalogue.types.get(name)
            if target is not None:
                back = find_relationship(target, relationship.inverse).view_of or back
        return f"{back}_id"

    def _stored(
        self, declared: ResourceType, attribute: Attribute, source: FromClause
    ) -> ColumnElement[Any]:
        column = source.c[attribute.name]
        if attribute.fallback is None:
            return column
        return func.coalesce(column, self._computed(declared, attribute.fallback, source))

    def _computed(
        self, declared: ResourceType, computed: Computed, source: FromClause
    ) -> ColumnElement[Any]:
        match computed:
            case Through(path=path):
                return self.path(declared, path, source)
            case Product(factors=(one, other)):
                return self.attribute(declared, one, source) * self.attribute(
                    declared, other, source
                )
            case Days(hours=path):
                return self._days(self.path(declared, path, source))
            case Later(than=name, seconds=seconds):
                return self.attribute(declared, name, source) + seconds * 1000
            case Total(of=names):
                return self._total([self.attribute(declared, each, source) for each in names])
            case Count(relationship=relationship):
                return self._count(declared, relationship, source)
            case Constant(value=value):
                return null() if value is None else literal(value)
            case _:
                raise AssertionError(f"not SQL, of {declared.name}: {computed}")

    def _end(self, declared: ResourceType, name: str, source: FromClause) -> ColumnElement[Any]:
        relationship = next((each for each in declared.relationships if each.name == name), None)
        if relationship is None:
            return self.attribute(declared, name, source)
        column = self.to_one(declared, relationship, source)
        return null() if column is None else column

    @staticmethod
    def _days(hours: ColumnElement[Any]) -> ColumnElement[Any]:
        # Both databases cut quotients towards zero, and give a remainder the sign of its dividend.
        return hours // 24 + case((hours % 24 > 0, 1), else_=0)

    def _total(self, parts: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
        total: ColumnElement[Any] = func.coalesce(parts[0], 0)
        for part in parts[1:]:
            total = total + func.coalesce(part, 0)
        return total

    def _count(
        self, declared: ResourceType, relationship: str, source: FromClause
    ) -> ColumnElement[Any]:
        reached = self._reach(declared, [relationship], source)
        if reached is None:
            return literal(0)
        # Two ways can lead to one record.
        counted = func.count(reached.source.c.id.distinct())
        return select(counted).where(reached.condition).correlate(source).scalar_subquery()

    def _reach(
        self, declared: ResourceType, names: Sequence[str], source: FromClause
    ) -> Reached | None:
        """The records that relationships lead to; None when nothing can ever be there."""
        reached = self.reach(declared, names, source)
        assert len(reached) <= 1, f"{'.'.join(names)} leads to several tables"
        return reached[0] if reached else None

    def reach(
        self, declared: ResourceType, names: Sequence[str], source: FromClause
    ) -> list[Reached]:
        """The records that relationships lead to, once per table that they can be in.

        Only the last relationship may lead to several tables.
        """
        here = [Reached(declared, source, true(), True)]
        for relationship in self.spelled_out(declared, names):
            assert len(here) <= 1, f"{'.'.join(names)} goes on from several tables"
            here = [each for before in here for each in self._step(before, relationship)]
        return here

    def _step(self, before: Reached, relationship: Relationship) -> Iterator[Reached]:
        """The records one relationship further, by table."""
        for table, types in target_families(self._catalogue, relationship).items():
            target = self._tables[table].alias()
            counted = () if table in types else types
            link = self.link(relationship, before.source, target, counted)
            met = and_(before.condition, link.here == link.there, link.tie, *link.conditions)
            is_single = relationship.inverse is None and not relationship.linked
            declared = self._catalogue.types[types[0] if len(types) == 1 else table]
            yield Reached(declared, target, met, before.is_single and is_single)

    def spelled_out(self, declared: ResourceType, names: Sequence[str]) -> list[Relationship]:
        """The relationships of these names, those that are only a path replaced by their path."""
        steps: list[Relationship] = []
        for name in names:
            relationship = find_relationship(declared, name)
            if relationship.path:
                steps += self.spelled_out(declared, relationship.path)
            else:
                steps.append(relationship)
            declared = next(
                (
                    self._catalogue.types[target]
                    for target in relationship.targets
                    if target in self._catalogue.types
                ),
                declared,
            )
        return steps


def find_attribute(declared: ResourceType, name: str) -> Attribute:
    """The attribute of that name; a bug when there is none."""
    found = next((each for each in declared.attributes if each.name == name), None)
    assert found is not None, f"{declared.name} has no attribute {name}"
    return found


def find_relationship(declared: ResourceType, name: str) -> Relationship:
    """The relationship of that name; a bug when there is none."""
    found = next((each for each in declared.relationships if each.name == name), None)
    assert found is not None, f"{declared.name} has no relationship {name}"
    return found
