"""Records read back: found by filters, sorted, streamed, counted."""

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Null,
    Row,
    Select,
    false,
    func,
    or_,
    select,
)

from longshore.catalogue import Catalogue, ResourceType, meant_type
from longshore.database import Transaction
from longshore.errors import RequestRefused
from longshore.identifiers import PublicIds, RecordSecrets
from longshore.records.expressions import Expressions, find_relationship
from longshore.records.filter_compiler import FilterCompiler, Holds
from longshore.records.filters import Filter, nearest, sortable_names
from longshore.records.matchers import ID
from longshore.records.scopes import parse_filter
from longshore.records.tables import RecordTables
from longshore.records.views import Fields, RecordView, SelectedColumns, ViewMaker
from longshore.records.zones import Zone, count_records, is_placed, place_of, read_zones

# Rows fetched at a time: what a million records take in memory is what these take.
PAGE_ROWS = 250

# A filter given as name and value may leave its matcher out, and then means equality.
BARE_MATCHER = "eq"

_CREATED_AT = "created_at"


class SortRefused(RequestRefused):
    """A sort criterion that is none; `criterion` is it without its sign."""

    code = "INVALID_SORT_CRITERIA"

    def __init__(self, message: str, *, criterion: str, hint: str | None) -> None:
        super().__init__(message, hint=hint)
        self.criterion = criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """The records with these ids."""

    ids: Collection[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedTo:
    """The records that a relationship leads to from one record."""

    resource_type: str
    relationship: str
    id: int


Within = Ids | RelatedTo


class RecordReader:
    """Reads the records of one environment."""

    def __init__(
        self,
        catalogue: Catalogue,
        tables: RecordTables,
        environment: int,
        public_ids: PublicIds,
        secrets: RecordSecrets | None = None,
        *,
        sources: Mapping[str, FromClause] = MappingProxyType({}),
        held: Mapping[tuple[str, str], Holds] = MappingProxyType({}),
    ) -> None:
        """`secrets` may be left out where no attribute needs them.

        `sources` holds what has no table of records: by resource type, a selection whose columns
        are `id` and the stored attributes, as they would be in a table of records. `held` says of
        attributes that are made when they are read, by type and name, what they hold.
        """
        self.catalogue = catalogue
        self._tables = tables
        self._sources = sources
        self._public_ids = public_ids
        self._secrets = secrets
        self._environment = environment
        self._expressions = Expressions(catalogue, tables, sources)
        self._filters = FilterCompiler(catalogue, self._expressions, public_ids, environment, held)

    def find(
        self,
        tx: Transaction,
        resource_type: str,
        *,
        filters: Sequence[Filter | tuple[str, str]] = (),
        sort: Sequence[str] = (),
        limit: int | None = None,
        offset: int | None = None,
        after_id: int | None = None,
        within: Within | None = None,
        fields: Collection[str] | None = None,
        linked: Collection[str] = (),
        as_stored: bool = False,
        action: str = "list",
    ) -> Generator[RecordView, None, None]:
        """The records of a type that pass all filters, streamed while the transaction is open.

        Whoever does not want all of them closes the stream.

        Filters are parsed ones, or names with values. They come in the order in which they were
        created, or by the criteria of `sort` (`-name` descends, nulls count as the greatest); of
        equal ones the oldest comes first, with `-created_at` the newest.
        `after_id` leaves out what was created up to that id. `fields` names the attributes and
        to-one relationships to read, `linked` the relationships kept in tables of links.
        `as_stored` shows null where another record's value stands in for it. `within` narrows
        to some records, before all filters; `action` is that of the wire, because some
        attributes are shown by some actions only.
        Raises FilterRefused and SortRefused before the first record.
        """
        declared = self._declared(resource_type)
        names = None if fields is None else frozenset(fields)
        shown = Fields(names, action, as_stored)
        selection = SelectedColumns(self._expressions, self._expressions.table(declared.table))
        makers, type_at = self._makers(declared, shown, selection)
        statement = self._selected(declared, selection.columns, filters, within)
        if after_id is not None:
            statement = statement.where(selection.source.c.id > after_id)
        statement = statement.order_by(*self._order(declared, sort))
        if limit is not None and not filters and within is None and after_id is None:
            statement, offset = self._placed(tx, declared, statement, sort, offset or 0, limit)
        statement = statement.limit(limit).offset(offset)
        return self._stream(tx, declared, statement, makers, type_at, linked)

    def get(self, tx: Transaction, resource_type: str, public_id: str) -> RecordView | None:
        """The record of a type with a public id; None when there is none in the environment."""
        filters = [("id_eq", public_id)]
        return next(self.find(tx, resource_type, filters=filters, action="retrieve"), None)

    def find_ids(
        self,
        tx: Transaction,
        resource_type: str,
        *,
        filters: Sequence[Filter | tuple[str, str]] = (),
        sort: Sequence[str] = (),
        limit: int | None = None,
        offset: int | None = None,
        within: Within | None = None,
    ) -> list[int]:
        """The ids of what `find` would find, in its order."""
        declared = self._declared(resource_type)
        source = self._expressions.table(declared.table)
        statement = self._selected(declared, [source.c.id], filters, within)
        statement = statement.order_by(*self._order(declared, sort))
        if limit is not None and not filters and within is None:
            statement, offset = self._placed(tx, declared, statement, sort, offset or 0, limit)
        statement = statement.limit(limit).offset(offset)
        return list(tx.connection.execute(statement).scalars())

    def count(
        self,
        tx: Transaction,
        resource_type: str,
        *,
        filters: Sequence[Filter | tuple[str, str]] = (),
        within: Within | None = None,
    ) -> int:
        """How many records of a type pass all filters."""
        declared = self._declared(resource_type)
        if not filters and within is None and declared.table in self._tables.tables:
            return count_records(self._zones(tx, declared))
        statement = self._selected(declared, [func.count()], filters, within)
        counted = tx.connection.execute(statement).scalar_one()
        assert isinstance(counted, int)
        return counted

    def links(
        self,
        tx: Transaction,
        resource_type: str,
        relationship: str,
        owners: Collection[int],
        *,
        limit: int,
    ) -> list[tuple[int, str, int]]:
        """Where a relationship leads from records of a type: owner, table of the target, target.

        By owner, its targets in the order of their creation; each pair once, at most `limit`
        of them.
        """
        declared = self.catalogue.types[resource_type]
        source = self._expressions.table(declared.table)
        found: list[tuple[int, str, int]] = []
        for reached in self._expressions.reach(declared, [relationship], source):
            statement = (
                select(source.c.id, reached.source.c.id)
                .where(source.c.id.in_(owners), reached.condition)
                .distinct()
                .order_by(source.c.id, reached.source.c.id)
                .limit(limit)
            )
            table = reached.declared.table
            found += [(owner, table, to) for owner, to in tx.connection.execute(statement)]
        return sorted(found, key=lambda link: (link[0], link[2]))[:limit]

    def _placed(
        self,
        tx: Transaction,
        declared: ResourceType,
        statement: Select[Any],
        sort: Sequence[str],
        offset: int,
        limit: int,
    ) -> tuple[Select[Any], int]:
        """The statement for a page of all records of a type, and what it is to skip: it reads only
        where the page is, if that is known."""
        if is_placed(sort) and declared.table in self._tables.tables:
            place = place_of(self._zones(tx, declared), sort, offset=offset, limit=limit)
            if place is not None:
                statement = statement.where(place.condition(self._tables[declared.table]))
                return statement, place.offset
        return statement, offset

    def _zones(self, tx: Transaction, declared: ResourceType) -> Sequence[Zone]:
        source = self._tables[declared.table]
        return read_zones(tx, self.catalogue, declared, source, self._environment)

    def _declared(self, resource_type: str) -> ResourceType:
        declared = self.catalogue.types.get(resource_type)
        if declared is not None and (
            declared.table in self.catalogue.tables or declared.table in self._sources
        ):
            return declared
        kept = [
            name
            for name, each in self.catalogue.types.items()
            if each.table in self.catalogue.tables
        ]
        close = meant_type(self.catalogue, resource_type, kept)
        raise RequestRefused(
            f"not a type of records: {resource_type}",
            hint=f"did you mean {close}?" if close else None,
        )

    def _makers(
        self, declared: ResourceType, fields: Fields, selection: SelectedColumns
    ) -> tuple[Mapping[str | None, ViewMaker], int | None]:
        """What makes the views by type, and where a row's type stands in a family."""
        types = self.catalogue.concrete_types(declared.name)
        makers: dict[str | None, ViewMaker] = {
            name: ViewMaker(self.catalogue.types[name], fields, selection, self._secrets)
            for name in types
        }
        if declared.base is None and not declared.is_abstract:
            return {None: makers[declared.name]}, None
        return makers, selection.add("type", selection.source.c.type)

    def _selected(
        self,
        declared: ResourceType,
        columns: Sequence[ColumnElement[Any]],
        filters: Sequence[Filter | tuple[str, str]],
        within: Within | None,
    ) -> Select[Any]:
        """A statement over the records of a type that pass all filters."""
        source = self._expressions.table(declared.table)
        statement = select(*columns).select_from(source).where(self._filters.of_environment(source))
        if declared.base is not None:
            statement = statement.where(source.c.type == declared.name)
        if within is not None:
            statement = statement.where(self._within(within, source))
        for filter_ in filters:
            if isinstance(filter_, tuple):
                key, value = filter_
                filter_ = parse_filter(
                    self.catalogue, declared.name, key, value, bare_matcher=BARE_MATCHER
                )
            statement = statement.where(self._filters.compile(declared, filter_, source))
        return statement

    def _within(self, within: Within, source: FromClause) -> ColumnElement[bool]:
        match within:
            case Ids(ids=ids):
                return source.c.id.in_(ids)
            case RelatedTo(resource_type=name, relationship=relationship, id=id_):
                declared = self.catalogue.types[name]
                owners = self._expressions.table(declared.table).alias()
                targets = [
                    select(reached.source.c.id).where(owners.c.id == id_, reached.condition)
                    for reached in self._expressions.reach(declared, [relationship], owners)
                ]
                return or_(false(), *(source.c.id.in_(each) for each in targets))

    def _order(
        self, declared: ResourceType, criteria: Sequence[str]
    ) -> Iterator[ColumnElement[Any]]:
        source = self._expressions.table(declared.table)
        for criterion in criteria:
            name = criterion.removeprefix("-")
            if name not in (names := sortable_names(declared)):
                close = nearest(name, names)
                raise SortRefused(
                    f"{declared.name} cannot be sorted by {name}",
                    criterion=name,
                    hint=f"did you mean {close}?" if close else None,
                )
            value = self._expressions.attribute(declared, name, source)
            if isinstance(value, Null | BindParameter):
                continue  # the same for all records, which PostgreSQL refuses to order by
            # Databases differ on nulls, unless told.
            yield value.desc().nulls_first() if criterion != name else value.asc().nulls_last()
        if not {ID, f"-{ID}"} & set(criteria):
            # Records of one chunk have one time, and their ids the order of their creation.
            yield source.c.id.desc() if f"-{_CREATED_AT}" in criteria else source.c.id.asc()

    def _stream(
        self,
        tx: Transaction,
        declared: ResourceType,
        statement: Select[Any],
        makers: Mapping[str | None, ViewMaker],
        type_at: int | None,
        linked: Collection[str],
    ) -> Generator[RecordView, None, None]:
        now = tx.now()
        statement = statement.execution_options(yield_per=PAGE_ROWS)
        result = tx.connection.execute(statement)
        try:
            for page in result.partitions():
                links = self._linked(tx, declared, page, linked) if linked else {}
                for row in page:
                    maker = makers[None if type_at is None else row[type_at]]
                    yield maker.view(row, now, self._public_ids, links.get(row[0], {}))
        finally:
            if not tx.connection.closed:  # whoever forgot to close the stream is done with it all
                result.close()

    def _linked(
        self,
        tx: Transaction,
        declared: ResourceType,
        page: Sequence[Row[Any]],
        relationships: Iterable[str],
    ) -> dict[int, dict[str, list[str]]]:
        """The key values of the linked records of a page, in the order of their creation."""
        found: dict[int, dict[str, list[str]]] = {
            row[0]: {name: [] for name in relationships} for row in page
        }
        for name in relationships:
            relationship = find_relationship(declared, name)
            target = self.catalogue.types[relationship.targets[0]]
            (part,) = target.keys[0].parts
            links, source = self._tables.taggings, self._expressions.table(target.table)
            statement = (
                select(links.c.record_id, source.c[part])
                .join(source, source.c.id == links.c.tag_id)
                .where(links.c.record_id.in_(list(found)))
                .order_by(links.c.record_id, source.c.id)
            )
            for record_id, value in tx.connection.execute(statement):
                found[record_id][name].append(value)
        return found
