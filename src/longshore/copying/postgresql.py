"""What is special to a target that is a PostgreSQL database."""

from collections.abc import Sequence

from longshore.copying.order import tables_in_order
from longshore.database import Transaction

# Tables that number their rows themselves.
_NUMBERED = ("entries", "events")


def may_settle(tx: Transaction) -> bool:
    """Whether the user may do all that a copy needs: those who own the sequence of ids may."""
    ((may,),) = tx.fetch("SELECT has_sequence_privilege('ids', 'UPDATE')")
    return bool(may)


def clear(tx: Transaction) -> None:
    """Take all rows out of all tables. One by one, each would be looked up in what refers to it."""
    tx.execute(f"TRUNCATE {_listed([each.name for each in tables_in_order()])}")


def settle(tx: Transaction, *, last_number: int) -> None:
    """Go on with ids behind the last one that the source has given, and know the new tables."""
    tx.fetch("SELECT setval('ids', ?, ?)", (max(last_number, 1), last_number > 0))
    for table in _NUMBERED:
        tx.fetch(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1),"
            f" max(id) IS NOT NULL) FROM {table}"
        )
    # Plans made for empty tables would be used until PostgreSQL gets to it by itself.
    tx.execute(f"ANALYZE {_listed([each.name for each in tables_in_order()])}")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
