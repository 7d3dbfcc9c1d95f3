"""An organization removed with all that it has: records, imports, histories, applications.

Theory of operation. First the organization is shut, in the transaction that finds none of its
imports unfinished: from then on nobody is let in, and whoever was let in before is refused when
they write. Then its rows go in chunks, what refers to others first, each chunk a transaction under
the locks of that environment, so that other environments wait for nothing. What is gone is gone:
whatever ends the process, the same call goes on with what is left. The last transaction of an
environment sees that nothing is, and takes the environment itself.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Table, delete, func, select, tuple_, update

from longshore.access import (
    Organization,
    environment_numbers,
    find_organization,
    forget_environment,
    forget_organization,
    shut_organization,
    unknown_organization,
)
from longshore.copying import TableOrder, tables_in_order
from longshore.database import Database, Locks, Transaction
from longshore.drafts import stored_draft_names
from longshore.errors import RequestRefused
from longshore.identifiers import environment_range
from longshore.imports import attachment_names
from longshore.records import forget_table_changes
from longshore.runs import open_runs
from longshore.sources import AttachmentStore
from longshore.uploads import stored_names

_CHUNK_ROWS = 2_000

# What belongs to the installation, is the organization itself, or goes with its environments.
_KEPT = frozenset(
    {"organizations", "environments", "signing_keys", "revoked_tokens", "table_changes"}
)
# The column whose ids tell the environment of a row, where that is not `id`.
_OWNERS: Mapping[str, str] = {
    "creations": "import_id",
    "entries": "record_id",
    "events": "resource_id",
    "import_change_sizes": "import_id",
    "import_differences": "import_id",
    "import_draft_parts": "draft_id",
    "import_error_chunks": "import_id",
    "import_errors": "import_id",
    "import_ledger": "import_id",
    "import_log_heads": "import_id",
    "import_origins": "import_id",
    "import_pins": "import_id",
    "import_row_records": "import_id",
    "import_tables": "import_id",
    "import_warnings": "import_id",
    "outbox": "resource_id",
    "record_zones": "last_id",
    "refresh_tokens": "application_id",
    "request_keys": "application_id",
    "run_tables": "run_id",
    "taggings": "record_id",
    "undo_kept": "run_id",
    "upload_parts": "upload_id",
}
# Tables without ids, which name their environment by its number.
_NUMBERED = frozenset({"sessions", "sign_in_codes"})
# Told a table, how many of its rows are gone, of how many.
RemovalProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """What an organization has."""

    organization: Organization
    rows: Mapping[str, int]  # by table, those that have any
    attachments: int


def count_belongings(database: Database, slug: str) -> Belongings:
    """What would go with an organization.

    Raises RequestRefused for one that does not exist, or whose imports are not finished.
    """
    with database.read() as tx:
        organization = _find(tx, slug)
        numbers = environment_numbers(tx, organization.id)
        _refuse_unfinished(tx, numbers, slug)
        rows = {
            order.name: sum(_count(tx, order.table, number) for number in numbers)
            for order in _tables()
        }
        attachments = sum(len(attachment_names(tx, environment=number)) for number in numbers)
    return Belongings(
        organization=organization,
        rows={name: count for name, count in rows.items() if count},
        attachments=attachments,
    )


def remove_organization(
    database: Database,
    attachments: AttachmentStore,
    belongings: Belongings,
    *,
    on_progress: RemovalProgress = lambda _table, _done, _total: None,
) -> None:
    """Remove an organization with all that it has; what was begun before is gone on with.

    Raises RequestRefused when imports were begun meanwhile; then nothing is removed.
    """
    organization = belongings.organization
    with database.write() as tx:
        numbers = environment_numbers(tx, organization.id)
        _refuse_unfinished(tx, numbers, organization.slug)
        shut_organization(tx, organization)
    for number in numbers:
        for order in _tables():
            for column in order.later:
                _clear(database, order.table, column, number)
    for number in numbers:
        _remove_attachments(database, attachments, number)
    for order in _tables():
        done, total = 0, belongings.rows.get(order.name, 0)
        for number in numbers:
            for gone in _remove_rows(database, order.table, number):
                done += gone
                on_progress(order.name, done, max(done, total))
    for number in numbers:
        while not _close(database, number):
            pass
    with database.write() as tx:
        forget_organization(tx, organization.id)


def _find(tx: Transaction, slug: str) -> Organization:
    found = find_organization(tx, slug)
    if found is None:
        raise unknown_organization(slug)
    return found


def _refuse_unfinished(tx: Transaction, numbers: list[int], slug: str) -> None:
    left = [each for each in open_runs(tx) if each.environment in numbers]
    if left:
        names = ", ".join(tx.public_ids.encode(each.id) for each in left)
        raise RequestRefused(
            f"imports of the organization {slug!r} wait or run: {names}",
            hint="wait for their end, or end each with longshore interrupt ID --organization "
            f"{slug} --mode MODE",
        )


def _tables() -> Iterator[TableOrder]:
    """What an organization has rows in, what refers to others first."""
    return (each for each in reversed(tables_in_order()) if each.name not in _KEPT)


def _count(tx: Transaction, table: Table, number: int) -> int:
    query = select(func.count()).select_from(table).where(_inside(table, number))
    count: int = tx.connection.execute(query).scalar_one()
    return count


def _inside(table: Table, number: int) -> ColumnElement[bool]:
    """Whether a row is of an environment; ids say so, in every table that has some."""
    if table.name in _NUMBERED:
        return table.c.environment == number
    return table.c[_OWNERS.get(table.name, "id")].between(*environment_range(number))


def _chunk(table: Table, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The first rows for which a condition holds, by their primary key."""
    key = list(table.primary_key.columns)
    chosen = select(*key).where(condition).limit(_CHUNK_ROWS)
    return key[0].in_(chosen) if len(key) == 1 else tuple_(*key).in_(chosen)


def _clear(database: Database, table: Table, column: "Column[object]", number: int) -> None:
    """Take a link away by which two tables refer to each other: neither could go first."""
    linked = _inside(table, number) & column.is_not(None)
    while True:
        with database.write(_locks(number)) as tx:
            statement = update(table).where(_chunk(table, linked)).values({column.name: None})
            if not tx.connection.execute(statement).rowcount:
                return


def _remove_rows(database: Database, table: Table, number: int) -> Iterator[int]:
    """Remove the rows of an environment from a table; how many were in each chunk."""
    while True:
        with database.write(_locks(number)) as tx:
            gone = _remove_chunk(tx, table, number)
        if not gone:
            return
        yield gone


def _remove_chunk(tx: Transaction, table: Table, number: int) -> int:
    chosen = _chunk(table, _inside(table, number))
    return tx.connection.execute(delete(table).where(chosen)).rowcount


def _remove_attachments(database: Database, attachments: AttachmentStore, number: int) -> None:
    """Remove the attachments of an environment, before the rows that name them."""
    with database.read() as tx:
        names = attachment_names(tx, environment=number) | stored_names(tx, environment=number)
        names |= stored_draft_names(tx, environment=number)
    for name in names:
        attachments.delete(name)  # one that is gone already is fine


def _close(database: Database, number: int) -> bool:
    """Take an environment away if nothing is left in it; False: something was, and is gone now."""
    with database.write(_locks(number)) as tx:
        left = sum(_remove_chunk(tx, order.table, number) for order in _tables())
        if not left:
            forget_table_changes(tx, number)
            forget_environment(tx, number)
    return not left


def _locks(number: int) -> Locks:
    return Locks(scope=number, is_whole=True)
