"""Imports and import groups in one list, as people look at them: a group stands for its members.

A line has what a list shows and nothing else, so that a page of it reads no mapping, no layout and
no log, however many imports an environment has.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from longshore.database import Transaction
from longshore.imports.status import Status
from longshore.imports.stop_rules import StoppedBy
from longshore.imports.store import is_plan
from longshore.imports.tables import import_errors, import_groups, imports

_DAY_MILLISECONDS = 24 * 3600 * 1000
# What is looked at of errors: so many imports, and errors of all of them.
_CAUSES_IMPORTS_MAX = 200
_CAUSES_ERRORS_MAX = 50_000


class ListedStatus(StrEnum):
    """What can be asked of the status of imports in a list."""

    WAITING = "waiting"
    RUNNING = "running"
    COMPLETED = "completed"  # and no row failed
    FAILED_ROWS = "failed_rows"  # completed, and rows failed
    STOPPED = "stopped"
    UNDONE = "undone"


class ListedSort(StrEnum):
    """What a list of imports can be sorted by."""

    WHAT = "what"
    TYPE = "type"
    ROWS = "rows"
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    STATUS = "status"
    WHO = "who"
    STARTED = "started"
    TOOK = "took"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCriteria:
    """Which imports of an environment are listed, and in which order; None: all of them."""

    status: ListedStatus | None = None
    resource_type: str | None = None  # of a group: that one of its members has
    has_failed_rows: bool = False
    is_at_terminal: bool = False  # a person at a terminal asked for it, or one in the dashboard
    application_id: int | None = None  # that asked for it
    name: str | None = None  # that the file's name contains
    created_from: int | None = None  # milliseconds since 1970
    created_before: int | None = None
    sort: ListedSort = ListedSort.STARTED
    is_descending: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMember:
    """A member of a listed group."""

    id: int
    resource_type: str
    status: Status
    inputs_size: int
    processed_count: int
    errors_count: int
    has_changed: bool  # it has created or updated something
    stopped_by: StoppedBy | None
    interruption_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedImport:
    """One line of the list; counts of a group are those of all its members together, and times are
    milliseconds since 1970."""

    id: int
    is_group: bool
    source_name: str | None
    resource_type: str | None  # None: it is a group
    form: str | None  # of a group: what its source is, by name of the dialect where it has one
    status: Status
    inputs_size: int
    created_count: int
    updated_count: int
    unchanged_count: int
    skipped_count: int
    errors_count: int
    processed_count: int
    application_id: int | None  # who asked for it; None: a person
    skip_errors: bool
    stopped_by: StoppedBy | None
    interruption_reason: str | None
    rests_until: int | None
    retry_of: int | None
    created_at: int
    started_at: int | None
    ended_at: int | None
    members: tuple[ListedMember, ...] = field(default=())

    @property
    def consumed_count(self) -> int:
        """Rows gone through."""
        return self.processed_count + self.errors_count


def list_overview(
    tx: Transaction,
    environment: int,
    criteria: ListedCriteria,
    undone: Collection[int],
    *,
    offset: int,
    limit: int,
) -> list[ListedImport]:
    """A page of the list; `undone` are the imports that are taken back, where the
    criteria ask for these."""
    lines = _lines(environment)
    query = select(lines).where(*_conditions(lines, criteria, undone))
    order = [_key(lines, criteria.sort)]
    if criteria.sort is not ListedSort.STARTED:
        order = [order[0].desc() if criteria.is_descending else order[0].asc(), lines.c.id.desc()]
    elif criteria.is_descending:
        order = [lines.c.id.desc()]
    query = query.order_by(*order).limit(limit).offset(offset)
    found = [dict(row) for row in tx.connection.execute(query).mappings()]
    members = _members(tx, [row["id"] for row in found if row["is_group"]])
    return [_listed(row, members.get(row["id"], [])) for row in found]


def count_overview(
    tx: Transaction, environment: int, criteria: ListedCriteria, undone: Collection[int]
) -> int:
    """How many lines the whole list has."""
    lines = _lines(environment)
    query = select(func.count()).select_from(lines).where(*_conditions(lines, criteria, undone))
    return int(tx.connection.execute(query).scalar_one())


def applications_in_overview(tx: Transaction, environment: int) -> list[int]:
    """The applications that have asked for imports of an environment."""
    columns = imports.c
    query = (
        select(columns.application_id)
        .distinct()
        .where(columns.environment == environment, columns.application_id.is_not(None))
        .order_by(columns.application_id)
    )
    return list(tx.connection.execute(query).scalars())


def types_in_overview(tx: Transaction, environment: int) -> list[str]:
    """The types of which there are imports in an environment."""
    columns = imports.c
    query = (
        select(columns.resource_type)
        .distinct()
        .where(
            columns.environment == environment,
            columns.deleted_at.is_(None),
            is_plan(expected=False),
        )
        .order_by(columns.resource_type)
    )
    return list(tx.connection.execute(query).scalars())


def rows_by_day(tx: Transaction, environment: int, since: int) -> dict[str, tuple[int, ...]]:
    """Rows of the imports that were created since a moment, by day (UTC): created, updated, left
    unchanged or skipped, failed."""
    columns = imports.c
    day = columns.created_at.op("/")(_DAY_MILLISECONDS)  # of integers on both databases
    counts = (
        columns.created_count,
        columns.updated_count,
        columns.unchanged_count,
        columns.errors_count,
    )
    query = (
        select(day, *(cast(func.sum(count), BigInteger) for count in counts))
        .where(*_created_since(environment, since))
        .group_by(day)
    )
    return {
        (date(1970, 1, 1) + timedelta(days=number)).isoformat(): tuple(sums)
        for number, *sums in tx.connection.execute(query)
    }


def frequent_causes(
    tx: Transaction, environment: int, since: int, *, limit: int
) -> list[tuple[str, str, int]]:
    """The attributes and codes that most errors are about, in the last imports that were created
    since a moment, as far as these have not too many errors to be counted."""
    columns = imports.c
    query = (
        select(columns.id, columns.errors_count)
        .where(*_created_since(environment, since), columns.errors_count > 0)
        .order_by(columns.id.desc())
        .limit(_CAUSES_IMPORTS_MAX)
    )
    ids, left = [], _CAUSES_ERRORS_MAX
    for id_, errors_count in tx.connection.execute(query):
        if errors_count <= left:
            ids.append(id_)
            left -= errors_count
    errors = import_errors.c
    count = func.count()
    found = (
        select(errors.attribute, func.coalesce(errors.code, errors.message), count)
        .where(errors.import_id.in_(ids))
        .group_by(errors.attribute, func.coalesce(errors.code, errors.message))
        .order_by(count.desc(), errors.attribute)
        .limit(limit)
    )
    return [(attribute, code, n) for attribute, code, n in tx.connection.execute(found)]


def _created_since(environment: int, since: int) -> tuple[ColumnElement[bool], ...]:
    columns = imports.c
    return (
        columns.environment == environment,
        columns.deleted_at.is_(None),
        is_plan(expected=False),
        columns.created_at >= since,
    )


def _lines(environment: int) -> Subquery:
    both: CompoundSelect[Any] = union_all(_single(environment), _groups(environment))
    return both.subquery("lines")


def _single(environment: int) -> Select[Any]:
    columns = imports.c
    return select(
        columns.id,
        literal(0, Integer).label("is_group"),
        columns.source_name,
        columns.resource_type,
        cast(null(), Text).label("form"),
        columns.status,
        columns.inputs_size,
        columns.created_count,
        columns.updated_count,
        (columns.unchanged_count - columns.skipped_count).label("unchanged_count"),
        columns.skipped_count,
        columns.errors_count,
        columns.processed_count,
        columns.application_id,
        case((columns.skip_errors, 1), else_=0).label("skip_errors"),
        columns.stopped_by,
        columns.interruption_reason,
        columns.rests_until,
        columns.retry_of,
        columns.created_at,
        columns.started_at,
        func.coalesce(columns.completed_at, columns.interrupted_at).label("ended_at"),
    ).where(
        columns.environment == environment,
        columns.deleted_at.is_(None),
        columns.kind.is_(None),
        columns.group_id.is_(None),
    )


def _groups(environment: int) -> Select[Any]:
    group, member = import_groups.c, imports.c

    def total(column: ColumnElement[int]) -> ColumnElement[int]:
        return cast(func.sum(column), BigInteger).label(column.key)

    def has(status: Status) -> ColumnElement[int]:
        return func.sum(case((member.status == status, 1), else_=0))

    count = func.count(member.id)
    is_finished = has(Status.COMPLETED) + has(Status.INTERRUPTED) == count
    status = case(
        (has(Status.COMPLETED) == count, Status.COMPLETED),
        (has(Status.PENDING) == count, Status.PENDING),
        (is_finished, Status.INTERRUPTED),
        else_=Status.IN_PROGRESS,
    )
    ended_at = func.max(func.coalesce(member.completed_at, member.interrupted_at))
    return (
        select(
            group.id,
            literal(1, Integer).label("is_group"),
            group.source_name,
            cast(null(), Text).label("resource_type"),
            func.coalesce(group.dialect, group.form).label("form"),
            status.label("status"),
            total(member.inputs_size),
            total(member.created_count),
            total(member.updated_count),
            cast(func.sum(member.unchanged_count - member.skipped_count), BigInteger).label(
                "unchanged_count"
            ),
            total(member.skipped_count),
            total(member.errors_count),
            total(member.processed_count),
            group.application_id,
            func.max(case((member.skip_errors, 1), else_=0)).label("skip_errors"),
            # Those of the member that was stopped first are looked up with the members.
            cast(null(), Text).label("stopped_by"),
            cast(null(), Text).label("interruption_reason"),
            func.max(member.rests_until).label("rests_until"),
            group.retry_of,
            group.created_at,
            func.min(member.started_at).label("started_at"),
            case((is_finished, ended_at)).label("ended_at"),
        )
        .join(imports, member.group_id == group.id)
        .where(
            group.environment == environment,
            group.deleted_at.is_(None),
            group.kind.is_(None),
        )
        .group_by(*group)
    )


def _conditions(
    lines: Subquery, criteria: ListedCriteria, undone: Collection[int]
) -> list[ColumnElement[bool]]:
    columns = lines.c
    found: list[ColumnElement[bool]] = []
    if criteria.status is not None:
        found.append(_has_status(lines, criteria.status, undone))
    if criteria.resource_type is not None:
        of_type = select(imports.c.group_id).where(
            imports.c.resource_type == criteria.resource_type, imports.c.group_id.is_not(None)
        )
        found.append(
            or_(
                columns.resource_type == criteria.resource_type,
                and_(columns.is_group == 1, columns.id.in_(of_type)),
            )
        )
    if criteria.has_failed_rows:
        found.append(columns.errors_count > 0)
    if criteria.is_at_terminal:
        found.append(columns.application_id.is_(None))
    if criteria.application_id is not None:
        found.append(columns.application_id == criteria.application_id)
    if criteria.name is not None:
        name = func.lower(columns.source_name)
        found.append(name.contains(criteria.name.lower(), autoescape=True))
    if criteria.created_from is not None:
        found.append(columns.created_at >= criteria.created_from)
    if criteria.created_before is not None:
        found.append(columns.created_at < criteria.created_before)
    return found


def _has_status(
    lines: Subquery, status: ListedStatus, undone: Collection[int]
) -> ColumnElement[bool]:
    columns = lines.c
    match status:
        case ListedStatus.WAITING:
            return columns.status == Status.PENDING
        case ListedStatus.RUNNING:
            return columns.status == Status.IN_PROGRESS
        case ListedStatus.COMPLETED:
            return and_(columns.status == Status.COMPLETED, columns.errors_count == 0)
        case ListedStatus.FAILED_ROWS:
            return and_(columns.status == Status.COMPLETED, columns.errors_count > 0)
        case ListedStatus.STOPPED:
            return columns.status == Status.INTERRUPTED
        case ListedStatus.UNDONE:
            return _is_undone(lines, undone)


def _is_undone(lines: Subquery, undone: Collection[int]) -> ColumnElement[bool]:
    """Whether a line is an import that is taken back, or a group of which all members are that have
    changed something."""
    columns = lines.c
    # Written into the statement: there may be more than a statement can have parameters.
    ids = bindparam("undone", sorted(undone), BigInteger, expanding=True, literal_execute=True)
    changed = select(imports.c.group_id).where(
        imports.c.group_id.is_not(None), imports.c.created_count + imports.c.updated_count > 0
    )
    is_member = imports.c.id.in_(ids)
    return or_(
        columns.id.in_(ids),
        and_(
            columns.is_group == 1,
            columns.id.in_(changed.where(is_member)),
            columns.id.not_in(changed.where(~is_member)),
        ),
    )


def _key(lines: Subquery, sort: ListedSort) -> ColumnElement[Any]:
    columns = lines.c
    match sort:
        case ListedSort.WHAT:
            return func.lower(func.coalesce(columns.source_name, ""))
        case ListedSort.TYPE:
            return func.coalesce(columns.resource_type, "")
        case ListedSort.ROWS:
            return columns.inputs_size
        case ListedSort.CREATED:
            return columns.created_count
        case ListedSort.UPDATED:
            return columns.updated_count
        case ListedSort.UNCHANGED:
            return columns.unchanged_count
        case ListedSort.FAILED:
            return columns.errors_count
        case ListedSort.STATUS:
            return columns.status
        case ListedSort.WHO:
            return func.coalesce(columns.application_id, 0)
        case ListedSort.STARTED:
            return columns.id
        case ListedSort.TOOK:
            return func.coalesce(columns.ended_at - columns.started_at, -1)


def _members(tx: Transaction, groups: list[int]) -> dict[int, list[ListedMember]]:
    """The members of some groups in their order."""
    if not groups:
        return {}
    columns = imports.c
    query = (
        select(
            columns.group_id,
            columns.id,
            columns.resource_type,
            columns.status,
            columns.inputs_size,
            columns.processed_count,
            columns.errors_count,
            (columns.created_count + columns.updated_count > 0).label("has_changed"),
            columns.stopped_by,
            columns.interruption_reason,
        )
        .where(columns.group_id.in_(groups))
        .order_by(columns.group_id, columns.group_position)
    )
    found: dict[int, list[ListedMember]] = {}
    for row in tx.connection.execute(query).mappings():
        values = dict(row)
        group_id = values.pop("group_id")
        values["status"] = Status(values["status"])
        values["has_changed"] = bool(values["has_changed"])
        values["stopped_by"] = _rule(values["stopped_by"])
        found.setdefault(group_id, []).append(ListedMember(**values))
    return found


def _listed(row: dict[str, Any], members: list[ListedMember]) -> ListedImport:
    values = {
        **row,
        "is_group": bool(row["is_group"]),
        "skip_errors": bool(row["skip_errors"]),
        "status": Status(row["status"]),
        "stopped_by": _rule(row["stopped_by"]),
    }
    # Those behind the first that was stopped only say that they were stopped with it.
    first = next((each for each in members if each.status is Status.INTERRUPTED), None)
    if first is not None:
        values["stopped_by"] = first.stopped_by
        values["interruption_reason"] = first.interruption_reason
    return ListedImport(**values, members=tuple(members))


def _rule(stored: str | None) -> StoppedBy | None:
    return None if stored is None else StoppedBy.from_dict(json.loads(stored))
