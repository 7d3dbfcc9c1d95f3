"""Import groups: several imports, or plans, that belong together, and what is said of all of them.

A group is created at once with all its members, in the order in which they depend on each other,
and they take consecutive places. It has no status of its own: what became of it is what became of
its members. All functions work in the caller's transaction.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, func, insert, select, update

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.import_ import Import
from longshore.imports.same_content import SameContent, SourceRepeated
from longshore.imports.status import Status
from longshore.imports.store import PLAN, PLAN_KEPT_MILLISECONDS, notices_json, read_import
from longshore.imports.tables import import_groups, imports
from longshore.imports.texts import storable, storable_json
from longshore.notices import Notice
from longshore.readers import Layout


class GroupForm(StrEnum):
    """What the source of a group is."""

    DIALECT = "dialect"  # a file of another system, of whose rows a dialect makes several types
    WORKBOOK = "workbook"  # with a sheet for each type
    ARCHIVE = "archive"  # with a file for each type
    DOCUMENT = "document"  # one JSON object with a list for each type
    RETRY = "retry"  # what failed in the members of another group


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGroup:
    """What is stored of a group beside its members."""

    environment: int
    form: GroupForm
    is_plan: bool = False
    dialect: str | None = None
    source_name: str | None = None
    source_size: int | None = None  # rows of the source, of which those of the members are made
    attachment_name: str | None = None  # of the source itself
    layout: Layout | None = None  # of that
    recognised: Sequence[str] = ()  # why the source was taken for what it is
    options: Mapping[str, Any] = field(default_factory=dict)  # as they were asked for and resolved
    notices: Sequence[Notice] = ()  # of the source as a whole
    # The first records of each type, before and after conversion: {type: [{"row", "source",
    # "fields"}]}
    examples: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    source_digest: str | None = None
    application_id: int | None = None
    reference: str | None = None
    reference_origin: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    retry_of: int | None = None
    plan_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportGroup:
    """A stored group at one moment, with its members in their order; times are milliseconds since
    1970."""

    id: int
    environment: int
    is_plan: bool
    form: GroupForm
    dialect: str | None
    source_name: str | None
    source_size: int | None
    attachment_name: str | None
    attachment_expired_at: int | None
    layout: Layout | None
    recognised: Sequence[str]  # why the source was taken for what it is
    options: Mapping[str, Any]
    notices: Sequence[Notice]
    examples: Mapping[str, Sequence[Mapping[str, Any]]]
    source_digest: str | None
    application_id: int | None
    reference: str | None
    reference_origin: str | None
    metadata: Mapping[str, object]
    retry_of: int | None
    plan_id: int | None
    expires_at: int | None
    created_at: int
    updated_at: int
    deleted_at: int | None
    members: Sequence[Import]

    @property
    def noun(self) -> str:
        """What people call it."""
        return "plan of a group" if self.is_plan else "import group"

    @property
    def status(self) -> Status:
        """Interrupted where a member is; else completed where all are; else in progress where one
        has begun."""
        found = {each.status for each in self.members}
        if not found or found == {Status.COMPLETED}:
            return Status.COMPLETED
        if found == {Status.PENDING}:
            return Status.PENDING
        if all(status.is_finished for status in found):
            return Status.INTERRUPTED
        return Status.IN_PROGRESS

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to any member."""
        return all(each.is_finished for each in self.members)

    def total(self, count: str) -> int:
        """The sum of a count of its members, such as `created_count`."""
        return sum(getattr(each, count) for each in self.members)

    def ignored_columns(self) -> dict[str, tuple[str, ...]]:
        """The columns that have no effect, by the type of the member, of those that have any."""
        return {
            each.resource_type: each.ignored_columns
            for each in self.members
            if each.ignored_columns
        }


def create_group(tx: Transaction, new: NewGroup) -> int:
    """Store what there is of a group beside its members, which are created behind it; its id."""
    (id,) = tx.reserve_ids(new.environment, 1)
    tx.connection.execute(
        insert(import_groups).values(
            id=id,
            environment=new.environment,
            kind=PLAN if new.is_plan else None,
            form=str(new.form),
            dialect=new.dialect,
            source_name=storable(new.source_name),
            source_size=new.source_size,
            attachment_name=new.attachment_name,
            layout=None if new.layout is None else storable_json(new.layout.to_dict()),
            recognised=storable_json(list(new.recognised)),
            options=storable_json(dict(new.options)),
            notices=notices_json(new.notices),
            examples=storable_json({name: list(each) for name, each in new.examples.items()}),
            source_digest=new.source_digest,
            application_id=new.application_id,
            reference=new.reference,
            reference_origin=new.reference_origin,
            metadata=storable_json(dict(new.metadata)),
            retry_of=new.retry_of,
            plan_id=new.plan_id,
            expires_at=tx.now() + PLAN_KEPT_MILLISECONDS if new.is_plan else None,
            created_at=tx.now(),
            updated_at=tx.now(),
        )
    )
    return int(id)


def group_table(group_id: int) -> str:
    """What all members of a group may write, beside tables of records: so each of them waits for
    those before it."""
    return f"import_groups:{group_id}"


def check_group_once(tx: Transaction, environment: int, digest: str) -> None:
    """Raise SourceRepeated for a group whose source was imported before in the same way."""
    query = (
        _visible(environment, are_plans=False)
        .where(import_groups.c.source_digest == digest)
        .order_by(import_groups.c.id.desc())
    )
    for row in tx.connection.execute(query).mappings().all():
        earlier = _group(tx, dict(row))
        # One that was interrupted, or of which no row succeeded, is to be repeated.
        is_done = earlier.status is Status.COMPLETED and earlier.total("processed_count") > 0
        if is_done or not earlier.is_finished:
            raise SourceRepeated(
                SameContent(
                    id=earlier.id,
                    public_id=tx.public_ids.encode(earlier.id),
                    status=earlier.status,
                    created_at=earlier.created_at,
                    is_in=True,
                    noun=earlier.noun,
                )
            )


def get_group(
    tx: Transaction, environment: int, group_id: int, *, are_plans: bool | None = None
) -> ImportGroup | None:
    """The group of an environment, or None where there is none, or it was deleted.

    With `are_plans` only one whose members are plans, or are not.
    """
    query = _visible(environment, are_plans).where(import_groups.c.id == group_id)
    row = tx.connection.execute(query).mappings().one_or_none()
    return None if row is None else _group(tx, dict(row))


def read_group(tx: Transaction, group_id: int) -> ImportGroup:
    """The group with this id, which exists; also a deleted one."""
    query = select(import_groups).where(import_groups.c.id == group_id)
    return _group(tx, dict(tx.connection.execute(query).mappings().one()))


def list_groups(
    tx: Transaction,
    environment: int,
    *,
    are_plans: bool = False,
    limit: int | None = None,
    offset: int | None = None,
) -> list[ImportGroup]:
    """Groups of an environment, newest first."""
    query = _visible(environment, are_plans).order_by(import_groups.c.id.desc())
    rows = tx.connection.execute(query.limit(limit).offset(offset)).mappings().all()
    return [_group(tx, dict(row)) for row in rows]


def count_groups(tx: Transaction, environment: int, *, are_plans: bool = False) -> int:
    """How many groups `list_groups` has."""
    query = _visible(environment, are_plans).with_only_columns(func.count())
    return int(tx.connection.execute(query).scalar_one())


def members_of(tx: Transaction, group_id: int) -> list[Import]:
    """The members of a group in their order; also deleted ones."""
    query = (
        select(imports.c.id)
        .where(imports.c.group_id == group_id)
        .order_by(imports.c.group_position)
    )
    return [read_import(tx, ImportId(id)) for id in tx.connection.execute(query).scalars()]


def group_digest_of(tx: Transaction, group_id: int) -> str | None:
    """By which the source of a group is known; None: it is the same as no other."""
    query = select(import_groups.c.source_digest).where(import_groups.c.id == group_id)
    digest: str | None = tx.connection.execute(query).scalar_one()
    return digest


def group_applied_by(tx: Transaction, group_id: int) -> ImportGroup | None:
    """The last group that applies a group of plans, or has done so; also a deleted one."""
    query = select(func.max(import_groups.c.id)).where(import_groups.c.plan_id == group_id)
    last = tx.connection.execute(query).scalar_one()
    return None if last is None else read_group(tx, last)


def hide_group(tx: Transaction, group_id: int) -> None:
    """Have a group found no more; its members are their own matter. One of plans is over."""
    tx.connection.execute(
        update(import_groups)
        .where(import_groups.c.id == group_id, import_groups.c.deleted_at.is_(None))
        .values(
            deleted_at=tx.now(),
            expires_at=case((import_groups.c.kind == PLAN, tx.now())),
            updated_at=tx.now(),
        )
    )


def _visible(environment: int, are_plans: bool | None) -> Select[Any]:
    columns = import_groups.c
    query = select(import_groups).where(
        columns.environment == environment, columns.deleted_at.is_(None)
    )
    if are_plans is None:
        return query
    return query.where(columns.kind == PLAN if are_plans else columns.kind.is_(None))


def _group(tx: Transaction, row: dict[str, Any]) -> ImportGroup:
    kind, layout = row.pop("kind"), row.pop("layout")
    for name in ("recognised", "options", "examples", "metadata"):
        row[name] = json.loads(row[name])
    return ImportGroup(
        **{
            **row,
            "is_plan": kind == PLAN,
            "form": GroupForm(row["form"]),
            "layout": None if layout is None else Layout.from_dict(json.loads(layout)),
            "notices": tuple(map(Notice.from_dict, json.loads(row["notices"]))),
            "members": members_of(tx, row["id"]),
        }
    )
