"""The order of imports: which of them waits for which.

Theory: what several imports leave in a table is what the one that was accepted last says, so they
are gone through in the order in which they were accepted, one after the other, where they may
write a table in common; whatever crashes in between, a newer one does not begin before every older
one has ended. The order is that of the *places*, numbers of an environment that are given in the
transaction that creates an import. Everybody who creates an import does so under one lock, so a
place that can be seen is behind all places that can be seen: what waits for nothing will never
have to wait again. Claims, choices, sweeps and answers all ask `blocked_by`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, func, insert, or_, select, update

from longshore.database import Transaction
from longshore.errors import RetryableError
from longshore.identifiers import ImportId
from longshore.imports.status import UNFINISHED
from longshore.imports.tables import import_tables, imports


class ImportWaits(RetryableError):
    """An older import that may write the same tables has not ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsFor:
    """An import that an other one waits for, as far as is known; times are milliseconds."""

    id: ImportId
    public_id: str
    resource_type: str
    status: str
    inputs_size: int
    consumed_count: int  # rows gone through
    has_runner: bool  # a living process runs it, or keeps it for itself
    process: str | None  # kind of that process: server, worker, command
    host: str | None
    pid: int | None
    since: int  # when it began, or was created if it has not begun
    stalled_seconds: int | None  # the process lives and has committed nothing for so long
    command: str  # to be typed, so that the other one need not wait any more


def blocked_by(later: FromClause, older: FromClause) -> ColumnElement[bool]:
    """Whether one import waits for the other; each is `imports`, or an alias of it."""
    return and_(
        older.c.environment == later.c.environment,
        older.c.status.in_(UNFINISHED),
        older.c.deleted_at.is_(None),
        _comes_before(older, later),
        or_(_may_write_any(older), _may_write_any(later), _may_write_the_same(older, later)),
    )


def is_blocked() -> ColumnElement[bool]:
    """Whether an import of the query's `imports` waits for any other."""
    older = imports.alias("older")
    return exists().where(blocked_by(imports, older)).correlate(imports)


def in_order(of: FromClause = imports) -> tuple[ColumnElement[Any], ...]:
    """What sorts imports by environment, and within it by place."""
    return (of.c.environment, of.c.place.is_(None), of.c.place, of.c.id)


def blocker_ids(tx: Transaction, import_id: ImportId) -> list[ImportId]:
    """The imports that this one waits for, oldest first."""
    later = imports.alias("later")
    query = (
        select(imports.c.id)
        .select_from(imports.join(later, blocked_by(later, imports)))
        .where(later.c.id == import_id)
        .order_by(*in_order())
    )
    return [ImportId(id) for id in tx.connection.execute(query).scalars()]


def take_place(tx: Transaction, environment: int) -> int:
    """The next place of an environment, for the import that this transaction creates."""
    columns = imports.c
    query = select(func.coalesce(func.max(columns.place), 0)).where(
        columns.environment == environment
    )
    last: int = tx.connection.execute(query).scalar_one()
    # What an older release has created since then.
    unplaced = (
        select(columns.id)
        .where(
            columns.environment == environment,
            columns.status.in_(UNFINISHED),
            columns.place.is_(None),
        )
        .order_by(columns.id)
    )
    for id in tx.connection.execute(unplaced).scalars().all():
        last += 1
        tx.connection.execute(update(imports).where(columns.id == id).values(place=last))
    return last + 1


def note_tables(tx: Transaction, import_id: int, tables: Collection[str]) -> None:
    """Say which tables an import may write."""
    rows = [{"import_id": import_id, "table_name": name} for name in sorted(tables)]
    tx.connection.execute(insert(import_tables), rows)


def _comes_before(older: FromClause, later: FromClause) -> ColumnElement[bool]:
    """Imports without a place come behind all others; ids tell which of them is older."""
    return or_(
        older.c.place < later.c.place,
        and_(later.c.place.is_(None), or_(older.c.place.is_not(None), older.c.id < later.c.id)),
    )


def _may_write_any(import_: FromClause) -> ColumnElement[bool]:
    """Whether nothing is known of what an import writes."""
    own = import_tables.alias()
    return ~exists().where(own.c.import_id == import_.c.id).correlate(import_)


def _may_write_the_same(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    of_one, of_other = import_tables.alias(), import_tables.alias()
    same = exists().where(
        of_one.c.import_id == one.c.id,
        of_other.c.import_id == other.c.id,
        of_one.c.table_name == of_other.c.table_name,
    )
    # By itself a query sees only the one around it, and there may be two.
    return same.correlate(one, other)
