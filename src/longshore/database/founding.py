"""The installation's own row: its secrets, and whether it is the copy of another one.

While `copying` is set, the database holds a copy that is not complete, and nobody may work with
it. What the text says is for those who copy.
"""

from dataclasses import dataclass

from sqlalchemy import select, update

from longshore.database.schema import installation
from longshore.database.transactions import Transaction
from longshore.identifiers import PublicIdKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What makes public ids and signed addresses those of one installation."""

    public_id_secret: int
    public_id_key: str
    records_before_key: int
    events_before_key: int
    url_secret: str
    created_at: int
    copying: str | None  # how far a copy is; None: the database is whole
    keys_spelled_at: int | None  # None: keys may have the spelling of releases before 0.2

    @property
    def public_id_keys(self) -> PublicIdKeys:
        """What its public ids are written with."""
        return PublicIdKeys(
            key=bytes.fromhex(self.public_id_key),
            secret=self.public_id_secret,
            records_before=self.records_before_key,
            events_before=self.events_before_key,
        )


def read_installation(tx: Transaction) -> Installation:
    """The installation that the database holds."""
    columns = installation.c
    query = select(
        columns.public_id_secret,
        columns.public_id_key,
        columns.records_before_key,
        columns.events_before_key,
        columns.url_secret,
        columns.created_at,
        columns.copying,
        columns.keys_spelled_at,
    )
    return Installation(**tx.connection.execute(query).mappings().one())


def become_installation(tx: Transaction, other: Installation) -> None:
    """Take over the secrets of another installation, and its word on copying."""
    tx.connection.execute(
        update(installation).values(
            public_id_secret=other.public_id_secret,
            public_id_key=other.public_id_key,
            records_before_key=other.records_before_key,
            events_before_key=other.events_before_key,
            url_secret=other.url_secret,
            created_at=other.created_at,
            copying=other.copying,
            keys_spelled_at=other.keys_spelled_at,
        )
    )


def note_keys_spelled(tx: Transaction) -> None:
    """Say that stored keys have the spelling of keys, but for those that would meet others."""
    tx.connection.execute(update(installation).values(keys_spelled_at=tx.now()))


def note_copying(tx: Transaction, before: str, after: str | None) -> bool:
    """Say how far the copy is, None that it is complete; False: it was not there any more."""
    changed = tx.connection.execute(
        update(installation).where(installation.c.copying == before).values(copying=after)
    )
    return changed.rowcount == 1
