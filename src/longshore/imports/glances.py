"""Glances: as much of imports and plans as somebody needs who watches them, of many at once.

Whoever watches looks again and again, so nothing is decoded that is not shown: one statement reads
all imports that are watched, whatever environments they are of.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.stage import Stage
from longshore.imports.status import UNFINISHED, Status
from longshore.imports.store import PLAN, is_plan
from longshore.imports.tables import imports


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """An import or a plan at one moment; times are milliseconds since 1970."""

    id: ImportId
    is_plan: bool
    resource_type: str
    status: Status
    stage: Stage | None  # of what is all or nothing, since it was claimed
    all_or_nothing: bool
    inputs_size: int
    created_count: int
    updated_count: int
    unchanged_count: int
    skipped_count: int
    errors_count: int
    warnings_count: int
    taken_back_row: int | None  # the first row of the chunk that was taken back last
    started_at: int | None
    ended_at: int | None
    interruption_reason: str | None
    updated_at: int  # its last chunk, as long as it runs
    is_deleted: bool

    @property
    def noun(self) -> str:
        """What people call it."""
        return "plan" if self.is_plan else "import"

    @property
    def consumed_count(self) -> int:
        """Rows gone through, which have one of the outcomes each."""
        return (
            self.created_count
            + self.updated_count
            + self.unchanged_count
            + self.skipped_count
            + self.errors_count
        )

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.is_deleted or self.status.is_finished

    @property
    def stage_rows(self) -> tuple[int, int]:
        """How many rows are done in its stage, of how many."""
        if self.stage is not Stage.GOING_BACK:
            return self.consumed_count, self.inputs_size
        written = self.consumed_count
        left = written if self.taken_back_row is None else self.taken_back_row - 1
        return written - left, written


def glances_at(tx: Transaction, ids: Collection[int]) -> dict[ImportId, Glance]:
    """Imports and plans by their ids; what is not there any more is left out."""
    columns = imports.c
    query = select(
        columns.id,
        columns.kind,
        columns.resource_type,
        columns.status,
        columns.stage,
        columns.all_or_nothing,
        columns.inputs_size,
        columns.created_count,
        columns.updated_count,
        columns.unchanged_count,
        columns.skipped_count,
        columns.errors_count,
        columns.warnings_count,
        columns.taken_back_row,
        columns.started_at,
        columns.completed_at,
        columns.interrupted_at,
        columns.interruption_reason,
        columns.updated_at,
        columns.deleted_at,
    ).where(columns.id.in_(sorted(ids)))
    return {
        row.id: Glance(
            id=row.id,
            is_plan=row.kind == PLAN,
            resource_type=row.resource_type,
            status=Status(row.status),
            stage=None if row.stage is None else Stage(row.stage),
            all_or_nothing=bool(row.all_or_nothing),
            inputs_size=row.inputs_size,
            created_count=row.created_count,
            updated_count=row.updated_count,
            unchanged_count=row.unchanged_count - row.skipped_count,
            skipped_count=row.skipped_count,
            errors_count=row.errors_count,
            warnings_count=row.warnings_count,
            taken_back_row=row.taken_back_row,
            started_at=row.started_at,
            ended_at=row.completed_at or row.interrupted_at,
            interruption_reason=row.interruption_reason,
            updated_at=row.updated_at,
            is_deleted=row.deleted_at is not None,
        )
        for row in tx.connection.execute(query)
    }


def unfinished_counts(tx: Transaction, environment: int) -> dict[Status, int]:
    """How many imports of an environment are pending or in progress; plans are none."""
    columns = imports.c
    query = (
        select(columns.status, func.count())
        .where(
            columns.environment == environment,
            columns.status.in_(UNFINISHED),
            columns.deleted_at.is_(None),
            is_plan(expected=False),
        )
        .group_by(columns.status)
    )
    return {Status(status): count for status, count in tx.connection.execute(query)}
