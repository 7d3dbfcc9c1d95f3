"""Events that are to be handed over to those who wait for them: which were not yet.

A row is written in the transaction of its event, and removed when the event was dispatched: that is
its mark. Whoever dispatches must not go by the last id instead: on PostgreSQL a later commit may
carry an earlier id, and that event would be passed over.
"""

from collections.abc import Collection

from sqlalchemy import delete, insert, select

from longshore.database import Transaction
from longshore.journal.tables import events, outbox


def hand_over(tx: Transaction, event_id: int, *, resource_id: int) -> None:
    """Have an event dispatched that happened to this resource, in the event's own transaction."""
    tx.connection.execute(insert(outbox).values(event_id=event_id, resource_id=resource_id))


def undispatched(tx: Transaction, *, limit: int) -> list[int]:
    """The ids of the first events that are to be dispatched, ascending."""
    query = (
        select(outbox.c.event_id)
        .join(events, events.c.id == outbox.c.event_id)
        .order_by(outbox.c.event_id)
        .limit(limit)
    )
    return list(tx.connection.execute(query).scalars())


def mark_dispatched(tx: Transaction, event_ids: Collection[int]) -> None:
    """Say that events were dispatched; those that somebody else has marked are no matter."""
    tx.connection.execute(delete(outbox).where(outbox.c.event_id.in_(sorted(event_ids))))
