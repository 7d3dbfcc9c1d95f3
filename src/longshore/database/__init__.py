"""Connections, transactions, dialects and migrations; knows nothing of the domain.

Promises: a read sees one snapshot, a write is all or nothing, only one write runs at a time and
nobody who waits for one is starved, and a schema changes by shipped revisions alone. The tables
of each concept are declared by its own package on `metadata`.
"""

from longshore.database.errors import (
    DatabaseAway,
    DatabaseBusy,
    DatabaseUnusable,
    ReadTooLong,
    StatementRefused,
    StatementTimedOut,
    StorageDamaged,
    StorageFull,
)
from longshore.database.founding import (
    Installation,
    become_installation,
    note_copying,
    note_keys_spelled,
    read_installation,
)
from longshore.database.locks import FileLock, is_locked
from longshore.database.migrating import schema_revision
from longshore.database.new_ids import NewIds
from longshore.database.opening import Database, Migration
from longshore.database.schema import BytewiseText, Identity, metadata, sequences
from longshore.database.transactions import Locks, Transaction

__all__ = [
    "BytewiseText",
    "Database",
    "DatabaseAway",
    "DatabaseBusy",
    "DatabaseUnusable",
    "FileLock",
    "Identity",
    "Installation",
    "Locks",
    "Migration",
    "NewIds",
    "ReadTooLong",
    "StatementRefused",
    "StatementTimedOut",
    "StorageDamaged",
    "StorageFull",
    "Transaction",
    "become_installation",
    "is_locked",
    "metadata",
    "note_copying",
    "note_keys_spelled",
    "read_installation",
    "schema_revision",
    "sequences",
]
