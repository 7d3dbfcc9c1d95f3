"""How many records lie in which range of ids, and when they were created.

What a list must know of the records that it does not show, so that its length and each of its
pages cost the same however many records there are.

Theory of operation. A *zone* is a range of `ZONE_IDS` ids of one environment, and says of one
resource type how many records are in it, and from when to when they were created. A zone is
closed, which means written, when no further record can come into it: ids of a table are given
under its lock (`database.Locks`), in ascending order, so who has created a record knows that
nothing is created below it any more. What lies behind the closed zones is the *tail* of a table,
which is read anew by everybody; it holds one zone, and what an older release has added beside
this one. Records that leave a closed zone are counted out by a trigger, whoever deletes them. When
a record was created never changes, so a zone's times stay true, if not narrow.

Whoever writes records with ids that were given before passes them to `ZoneKeeper.keep` as well:
their zones are opened again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    MetaData,
    Table,
    Text,
    event,
    false,
    func,
    or_,
    select,
)

from longshore.catalogue import Catalogue, ResourceType
from longshore.database import Transaction, metadata
from longshore.identifiers import SEQUENCE_BITS, environment_range

ZONE_IDS = 1 << 12
_WITHIN = ZONE_IDS - 1  # the bits of an id that tell its place in its zone

# Who has created records closes so many zones at the most: what an older release has left open is
# no burden to a single chunk.
_CLOSED_MAX = 64

_HIGHEST_ID = (1 << 63) - 1

# More ranges of ids than these are no longer cheaper than all records.
_SPANS_MAX = 32

record_zones = Table(
    "record_zones",
    metadata,
    Column("resource_type", Text, primary_key=True),  # a concrete one
    Column("last_id", BigInteger, primary_key=True),  # the last id of the zone
    Column("records_count", Integer, nullable=False),
    Column("oldest_at", BigInteger, nullable=False),  # no record was created before
    Column("newest_at", BigInteger, nullable=False),  # or after
    CheckConstraint("records_count >= 0", name="records"),
    sqlite_with_rowid=False,
)


def declare_departures(catalogue: Catalogue, holder: MetaData) -> None:
    """Have databases that are made from declarations count what leaves closed zones."""

    def create(_holder: MetaData, connection: Connection, **_options: object) -> None:
        is_embedded = connection.dialect.name == "sqlite"
        if not is_embedded:
            connection.exec_driver_sql(_DEPARTURES)
        trigger = _sqlite_trigger if is_embedded else _postgresql_trigger
        for table in catalogue.tables:
            is_family = catalogue.types[table].is_abstract
            connection.exec_driver_sql(trigger(table, is_family=is_family))

    event.listen(holder, "after_create", create)


def _sqlite_trigger(table: str, *, is_family: bool) -> str:
    type_ = "old.type" if is_family else f"'{table}'"
    return (
        f'CREATE TRIGGER leave_zones_of_{table} AFTER DELETE ON "{table}" BEGIN'
        " UPDATE record_zones SET records_count = records_count - 1"
        f" WHERE resource_type = {type_} AND last_id = old.id | {_WITHIN};"
        " END"
    )


_DEPARTURES = f"""CREATE FUNCTION leave_record_zones() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'family' THEN
        UPDATE record_zones SET records_count = records_count - gone.records
        FROM (
            SELECT type AS resource_type, id | {_WITHIN} AS last_id, count(*) AS records
            FROM gone_records GROUP BY 1, 2
        ) AS gone
        WHERE record_zones.resource_type = gone.resource_type
            AND record_zones.last_id = gone.last_id;
    ELSE
        UPDATE record_zones SET records_count = records_count - gone.records
        FROM (
            SELECT id | {_WITHIN} AS last_id, count(*) AS records
            FROM gone_records GROUP BY 1
        ) AS gone
        WHERE record_zones.resource_type = TG_TABLE_NAME
            AND record_zones.last_id = gone.last_id;
    END IF;
    RETURN NULL;
END
$$"""


def _postgresql_trigger(table: str, *, is_family: bool) -> str:
    return (
        f'CREATE TRIGGER leave_record_zones AFTER DELETE ON "{table}"'
        " REFERENCING OLD TABLE AS gone_records FOR EACH STATEMENT"
        f" EXECUTE FUNCTION leave_record_zones('{'family' if is_family else 'table'}')"
    )


class ZoneKeeper:
    """Closes zones behind what is created; for one environment, and as long as its import."""

    def __init__(self, catalogue: Catalogue, environment: int) -> None:
        self._catalogue = catalogue
        self._first, self._last = environment_range(environment)
        self._open_from: dict[str, int] = {}  # by table; a chunk that rolls back leaves it too high

    def keep(self, tx: Transaction, table: str, first_id: int, last_id: int) -> bool:
        """Close what can be closed after records from one id to another were created, by who holds
        the table's lock; whether there is more to close."""
        end = _begin(last_id)
        if self._open_from.get(table) == end == _begin(first_id):
            return False
        closed_to, first_open = self._open(tx, table, last_id)
        if first_id < closed_to:
            self._count_anew(tx, table, _begin(first_id), min(end + ZONE_IDS, closed_to))
        if first_open is None:
            return False
        close_to = min(end, _begin(first_open) + _CLOSED_MAX * ZONE_IDS)
        if close_to > first_open:
            self._close(tx, table, _begin(first_open), close_to)
        self._open_from[table] = close_to
        return close_to < end

    def _open(self, tx: Transaction, table: str, last_id: int) -> tuple[int, int | None]:
        """Where the closed zones of a table end, and its first record behind them."""
        is_of_table, types = self._types(table)
        ((closed_to, first_open),) = tx.fetch(
            f'SELECT closed_to, (SELECT min(id) FROM "{table}" WHERE id >= closed_to AND id <= ?)'
            " FROM (SELECT coalesce("
            "(SELECT max(last_id) + 1 FROM record_zones"
            f" WHERE {is_of_table} AND last_id >= ? AND last_id <= ?), ?"
            ") AS closed_to) AS closed",
            (last_id, types, self._first, self._last, self._first),
        )
        return closed_to, first_open

    def _count_anew(self, tx: Transaction, table: str, begin: int, end: int) -> None:
        is_of_table, types = self._types(table)
        tx.execute(
            f"DELETE FROM record_zones WHERE {is_of_table} AND last_id >= ? AND last_id < ?",
            (types, begin, end),
        )
        self._close(tx, table, begin, end)

    def _close(self, tx: Transaction, table: str, begin: int, end: int) -> None:
        is_family = self._catalogue.types[table].is_abstract
        type_, by_type = ("type", " GROUP BY type") if is_family else (f"'{table}'", "")
        # One zone at a time: all at once would be sorted by their zones, which costs five times as
        # much as reading them.
        close = (
            "INSERT INTO record_zones"
            " (resource_type, last_id, records_count, oldest_at, newest_at)"
            " SELECT resource_type, ?, records, oldest, newest FROM ("
            f" SELECT {type_} AS resource_type,"
            " count(*) AS records, min(created_at) AS oldest, max(created_at) AS newest"
            f' FROM "{table}" WHERE id >= ? AND id < ?{by_type}'
            ") AS found WHERE records > 0"
        )
        for first in range(begin, end, ZONE_IDS):
            tx.execute(close, (first | _WITHIN, first, first + ZONE_IDS))

    def _types(self, table: str) -> tuple[str, object]:
        """The condition that a zone is of a table, and its parameter."""
        if self._catalogue.types[table].is_abstract:
            return "resource_type IN (?texts)", self._catalogue.concrete_types(table)
        return "resource_type = ?", table  # of one type the last zone is found by the index


def close_all_zones(tx: Transaction, catalogue: Catalogue) -> None:
    """Close the zones of all tables and environments, where nobody else creates records."""
    for table in catalogue.tables:
        first = _edge(tx, table, "min", 0, _HIGHEST_ID)
        while first is not None:
            environment = first >> SEQUENCE_BITS
            _, end = environment_range(environment)
            last = _edge(tx, table, "max", first, end)
            assert last is not None, "there is a first one"
            keeper = ZoneKeeper(catalogue, environment)
            while keeper.keep(tx, table, last, last):
                pass
            first = _edge(tx, table, "min", end + 1, _HIGHEST_ID)


def _edge(tx: Transaction, table: str, which: str, first: int, last: int) -> int | None:
    ((id,),) = tx.fetch(
        f'SELECT {which}(id) FROM "{table}" WHERE id >= ? AND id <= ?', (first, last)
    )
    assert id is None or isinstance(id, int)
    return id


def _begin(id: int) -> int:
    """The first id of the zone that an id is in."""
    return id & ~_WITHIN


class Zone(NamedTuple):
    """The records of a list in a range of ids."""

    first_id: int
    last_id: int
    records_count: int
    oldest_at: int  # none was created before
    newest_at: int  # or after

    def and_of(self, other: "Zone") -> "Zone":
        """Together with the records of another type in the same range."""
        return self._replace(
            records_count=self.records_count + other.records_count,
            oldest_at=min(self.oldest_at, other.oldest_at),
            newest_at=max(self.newest_at, other.newest_at),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSpans:
    """Where the records of a page are: in these ranges of ids, behind the first ones of them."""

    spans: Sequence[tuple[int, int]]  # none: nowhere
    offset: int

    def condition(self, source: FromClause) -> ColumnElement[bool]:
        """Whether a record is in one of the ranges."""
        return or_(false(), *(source.c.id.between(*span) for span in self.spans))


def read_zones(
    tx: Transaction,
    catalogue: Catalogue,
    declared: ResourceType,
    source: FromClause,
    environment: int,
) -> list[Zone]:
    """The zones that hold the records of a type, by id, the tail of the table last."""
    first, last = environment_range(environment)
    columns = record_zones.c
    of_table = catalogue.concrete_types(declared.table)
    query = (
        select(record_zones)
        .where(columns.resource_type.in_(of_table), columns.last_id.between(first, last))
        .order_by(columns.last_id)
    )
    wanted = set(catalogue.concrete_types(declared.name))
    found: dict[int, Zone] = {}
    for type_, last_id, *told in tx.connection.execute(query):
        first = last_id + 1
        if type_ in wanted:
            zone = Zone(_begin(last_id), last_id, *told)
            found[last_id] = found[last_id].and_of(zone) if last_id in found else zone
    tail = select(func.count(), func.min(source.c.created_at), func.max(source.c.created_at)).where(
        source.c.id.between(first, last)
    )
    if declared.base is not None:
        tail = tail.where(source.c.type == declared.name)
    zones = [*found.values(), Zone(first, last, *tx.connection.execute(tail).one())]
    return [zone for zone in zones if zone.records_count]


def count_records(zones: Sequence[Zone]) -> int:
    """How many records they hold."""
    return sum(zone.records_count for zone in zones)


# A zone as an order sees it: it begins with what has the highest of these pairs, and ends with the
# lowest. Of what was created at one time the id decides.
_Ends = tuple[tuple[int, int], tuple[int, int]]
_ORDERS: Mapping[str, Callable[[Zone], _Ends]] = {
    "id": lambda zone: ((-zone.first_id, 0), (-zone.last_id, 0)),
    "-id": lambda zone: ((zone.last_id, 0), (zone.first_id, 0)),
    "created_at": lambda zone: (
        (-zone.oldest_at, -zone.first_id),
        (-zone.newest_at, -zone.last_id),
    ),
    "-created_at": lambda zone: (
        (zone.newest_at, zone.last_id),
        (zone.oldest_at, zone.first_id),
    ),
}


def is_placed(sort: Sequence[str]) -> bool:
    """Whether zones tell where a page of a list with these criteria is."""
    return len(sort) <= 1 and _criterion(sort) in _ORDERS


def place_of(
    zones: Sequence[Zone], sort: Sequence[str], *, offset: int, limit: int
) -> PageSpans | None:
    """Where the records of a page are, in the order of `sort`, which `is_placed`; None: anywhere,
    because their times are in no order."""
    runs = list(_runs(zones, _ORDERS[_criterion(sort)]))
    ends = list(accumulate(sum(zone.records_count for zone in run) for run in runs))
    spans: list[tuple[int, int]] = []
    before = None
    for run, begin, end in zip(runs, [0, *ends], ends, strict=False):
        if end > offset and begin < offset + limit:
            spans += [(zone.first_id, zone.last_id) for zone in run]
            before = begin if before is None else before
    merged = _merged(spans)
    if len(merged) > _SPANS_MAX:
        return None
    return PageSpans(spans=merged, offset=offset - (before or 0))


def _runs(zones: Sequence[Zone], ends_of: Callable[[Zone], _Ends]) -> Iterator[list[Zone]]:
    """The zones in the order of a list, together those whose records may come in any order: all of
    a run comes before all of the next one."""
    run: list[Zone] = []
    lowest: tuple[int, int] | None = None
    for (high, low), zone in sorted(
        ((ends_of(zone), zone) for zone in zones), key=lambda each: each[0][0], reverse=True
    ):
        if lowest is not None and lowest > high:
            yield run
            run, lowest = [], None
        run.append(zone)
        lowest = low if lowest is None else min(lowest, low)
    if run:
        yield run


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _criterion(sort: Sequence[str]) -> str:
    return sort[0] if sort else "id"
