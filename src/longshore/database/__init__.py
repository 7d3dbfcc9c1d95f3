"""Connections, transactions, dialects and migrations; knows nothing of the domain.

Promises: a read sees one snapshot, a write is all or nothing, only one write runs at a time and
nobody who waits for one is starved, and a schema changes by shipped revisions alone. The tables
of each concept are declared by its own package on `metadata`.
"""

from longshore.database.errors import (
    DatabaseBusy,
    StatementRefused,
    StorageDamaged,
    StorageFull,
)
from longshore.database.locks import FileLock, is_locked
from longshore.database.opening import Database
from longshore.database.schema import BytewiseText, Identity, metadata
from longshore.database.transactions import Transaction

__all__ = [
    "BytewiseText",
    "Database",
    "DatabaseBusy",
    "FileLock",
    "Identity",
    "StatementRefused",
    "StorageDamaged",
    "StorageFull",
    "Transaction",
    "is_locked",
    "metadata",
]
