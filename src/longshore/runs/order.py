"""The order of runs: which of them waits for which.

Theory: what several runs leave in a table is what the one that was accepted last says, so they
are gone through in the order in which they were accepted, one after the other, where they may
write a table in common; whatever crashes in between, a newer one does not begin before every older
one has ended. The order is that of the *places*, numbers of an environment that are given in the
transaction that creates a run. Everybody who creates a run that takes a place does so under one
lock, so a place that can be seen is behind all places that can be seen: what waits for nothing
will never have to wait again. Claims, choices, sweeps and answers all ask `blocked_by`.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, func, insert, or_, select, update

from longshore.database import Transaction
from longshore.identifiers import RunId
from longshore.runs.tables import run_tables, runs


def blocked_by(later: FromClause, older: FromClause) -> ColumnElement[bool]:
    """Whether one run waits for the other; each is `runs`, or an alias of it."""
    return and_(
        older.c.environment == later.c.environment,
        older.c.ending.is_(None),
        older.c.is_ordered,
        later.c.is_ordered,
        _comes_before(older, later),
        or_(_may_write_any(older), _may_write_any(later), _may_write_the_same(older, later)),
    )


def is_blocked() -> ColumnElement[bool]:
    """Whether a run of the query's `runs` waits for any other."""
    older = runs.alias("older")
    return exists().where(blocked_by(runs, older)).correlate(runs)


def in_order(of: FromClause = runs) -> tuple[ColumnElement[Any], ...]:
    """What sorts runs by environment, and within it by place."""
    return (of.c.environment, of.c.place.is_(None), of.c.place, of.c.id)


def blocker_ids(tx: Transaction, run_id: int) -> list[RunId]:
    """The runs that this one waits for, oldest first."""
    later = runs.alias("later")
    query = (
        select(runs.c.id)
        .select_from(runs.join(later, blocked_by(later, runs)))
        .where(later.c.id == run_id)
        .order_by(*in_order())
    )
    return [RunId(id) for id in tx.connection.execute(query).scalars()]


def blockers_of_all(tx: Transaction) -> dict[RunId, list[RunId]]:
    """Of each run that waits for others: those, oldest first."""
    later = runs.alias("later")
    query = (
        select(later.c.id.label("later_id"), runs.c.id.label("older_id"))
        .select_from(runs.join(later, blocked_by(later, runs)))
        .where(later.c.ending.is_(None))
        .order_by(*in_order())
    )
    found: dict[RunId, list[RunId]] = {}
    for later_id, older_id in tx.connection.execute(query):
        found.setdefault(later_id, []).append(older_id)
    return found


def take_place(tx: Transaction, environment: int) -> int:
    """The next place of an environment, for the run that this transaction creates."""
    columns = runs.c
    query = select(func.coalesce(func.max(columns.place), 0)).where(
        columns.environment == environment
    )
    last: int = tx.connection.execute(query).scalar_one()
    # What an older release has created since then.
    unplaced = (
        select(columns.id)
        .where(
            columns.environment == environment,
            columns.ending.is_(None),
            columns.is_ordered,
            columns.place.is_(None),
        )
        .order_by(columns.id)
    )
    for id in tx.connection.execute(unplaced).scalars().all():
        last += 1
        tx.connection.execute(update(runs).where(columns.id == id).values(place=last))
    return last + 1


def note_tables(tx: Transaction, run_id: int, tables: Collection[str]) -> None:
    """Say which tables a run may write; none: any."""
    rows = [{"run_id": run_id, "table_name": name} for name in sorted(tables)]
    if rows:
        tx.connection.execute(insert(run_tables), rows)


def tables_of(tx: Transaction, run_id: int) -> frozenset[str]:
    """Which tables a run may write; none: an older release has created it, and it may write any."""
    query = select(run_tables.c.table_name).where(run_tables.c.run_id == run_id)
    return frozenset(tx.connection.execute(query).scalars())


def _comes_before(older: FromClause, later: FromClause) -> ColumnElement[bool]:
    """Runs without a place come behind all others; ids tell which of them is older."""
    return or_(
        older.c.place < later.c.place,
        and_(later.c.place.is_(None), or_(older.c.place.is_not(None), older.c.id < later.c.id)),
    )


def _may_write_any(run: FromClause) -> ColumnElement[bool]:
    """Whether nothing is known of what a run writes."""
    own = run_tables.alias()
    return ~exists().where(own.c.run_id == run.c.id).correlate(run)


def _may_write_the_same(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    of_one, of_other = run_tables.alias(), run_tables.alias()
    same = exists().where(
        of_one.c.run_id == one.c.id,
        of_other.c.run_id == other.c.id,
        of_one.c.table_name == of_other.c.table_name,
    )
    # By itself a query sees only the one around it, and there may be two.
    return same.correlate(one, other)
