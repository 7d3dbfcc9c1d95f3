"""What the members of a group have in common while they run: the rows by which the rules judge, and
an end that comes too early.

Theory: whether too many rows have failed is judged over the rows of all members, so that a few bad
prices do not stop a large file. Members run one after the other, so when one begins, what has
become of those before it is final, and is read once. A member that is interrupted has not done what
those behind it may count on: they are interrupted in the same transaction, whoever does it.

All functions work in the caller's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.import_ import Import
from longshore.imports.ledger import last_ledger_chunk
from longshore.imports.status import UNFINISHED, Status
from longshore.imports.store import PLAN, record_event
from longshore.imports.tables import imports
from longshore.imports.texts import storable
from longshore.journal import Actor
from longshore.runs import interrupt_run

# Why a member was interrupted of whose own rows it cannot be seen.
GROUP_THRESHOLD = "more than 10 % of the rows of the group failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsOfGroup:
    """The rows by which the rules over failed rows judge those of an import: its own, or all of
    its group."""

    inputs_size: int
    errors_before: int  # failed rows of the members before it
    series_before: int  # of these, those one directly after another with which they end


def rows_of_group(tx: Transaction, import_: Import) -> RowsOfGroup:
    """The rows of all members of the group of an import whose turn it is; without a group, its
    own."""
    if import_.group_id is None:
        return RowsOfGroup(inputs_size=import_.inputs_size, errors_before=0, series_before=0)
    assert import_.group_position is not None
    columns = imports.c
    query = (
        select(columns.id, columns.group_position, columns.inputs_size, columns.errors_count)
        .where(columns.group_id == import_.group_id)
        .order_by(columns.group_position)
    )
    members = tx.connection.execute(query).all()
    before = [each for each in members if each.group_position < import_.group_position]
    return RowsOfGroup(
        inputs_size=sum(each.inputs_size for each in members),
        errors_before=sum(each.errors_count for each in before),
        series_before=_series_at_end(tx, before) if import_.stop_rules.consecutive else 0,
    )


def interrupt_members_behind(
    tx: Transaction, import_id: ImportId, *, actor: Actor | None = None
) -> None:
    """Interrupt the members behind one that was just interrupted; of an import without a group
    there are none."""
    columns, own = imports.c, imports.alias("own")
    query = (
        select(columns.id, columns.kind, own.c.resource_type)
        .join(own, own.c.group_id == columns.group_id)
        .where(
            own.c.id == import_id,
            columns.group_position > own.c.group_position,
            columns.status.in_(UNFINISHED),
        )
        # As whoever has several runs holds them.
        .order_by(columns.group_position)
    )
    for id, kind, resource_type in tx.connection.execute(query).all():
        noun = "plan" if kind == PLAN else "import"
        reason = (
            f"the {noun} {tx.public_ids.encode(import_id)} of {resource_type}, before it in its "
            "group, was interrupted"
        )
        interrupted = tx.connection.execute(
            update(imports)
            .where(columns.id == id, columns.status.in_(UNFINISHED))
            .values(
                status=Status.INTERRUPTED,
                interrupted_at=tx.now(),
                interruption_reason=storable(reason),
                updated_at=tx.now(),
            )
        )
        if interrupted.rowcount:
            interrupt_run(tx, id)
            if kind != PLAN:
                record_event(tx, id, "interrupt", actor=actor)


def _series_at_end(tx: Transaction, members: Sequence[Any]) -> int:
    """The failed rows one directly after another with which members end, over their bounds."""
    series = 0
    for member in reversed(members):
        failed = _failed_at_end(tx, member.id) if member.errors_count else 0
        series += failed
        if failed < member.inputs_size:
            break
    return series


def _failed_at_end(tx: Transaction, import_id: ImportId) -> int:
    failed = 0
    chunk = last_ledger_chunk(tx, import_id)
    while chunk is not None:
        in_chunk = chunk.entry.failed_at_end
        failed += in_chunk
        if in_chunk < sum(chunk.entry.counts):
            break
        chunk = last_ledger_chunk(tx, import_id, before_row=chunk.first_row)
    return failed
