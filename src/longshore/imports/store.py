"""Create, find and delete imports. Their progress is in `progress`, what they found in `logs`.

All functions work in the caller's transaction.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, select, update

from longshore.database import Transaction
from longshore.errors import RequestRefused
from longshore.identifiers import ImportId, RunId
from longshore.imports.import_ import Import, ImportUnreadable, NewImport
from longshore.imports.only import Only
from longshore.imports.same_content import SourceRepeated, find_same_content
from longshore.imports.stage import Stage
from longshore.imports.status import UNFINISHED, Status
from longshore.imports.stop_rules import StoppedBy, StopRules
from longshore.imports.store_moved import StoreMoved
from longshore.imports.tables import import_groups, import_tables, imports
from longshore.imports.texts import storable, storable_json
from longshore.journal import (
    Actor,
    NewEntry,
    append_entries,
    append_event,
    columns_of,
    hand_over,
    requested_by,
)
from longshore.mapping import MappingDocument, MappingRefused, read_mapping
from longshore.notices import Notice
from longshore.readers import Layout, Position
from longshore.runs import NewRun, Run, blocker_ids, create_run, in_order, run_of, runs
from longshore.saved_mappings import MappingReference

KIND = "import"  # of run
PLAN = "plan"  # likewise, and of the row
# From its creation on, after which it cannot be applied any more.
PLAN_KEPT_MILLISECONDS = 7 * 24 * 3600 * 1000


class TooManyUnfinished(RequestRefused):
    """Enough imports, or plans, of the environment are pending or in progress."""


def create_import(tx: Transaction, new: NewImport, *, unfinished_max: int | None) -> Import:
    """Store a pending import, behind all others of its environment.

    Raises TooManyUnfinished when `unfinished_max` imports of the environment are pending or in
    progress already; with None, the caller looks when it has ended some (`check_unfinished`).
    Raises SourceRepeated for what is to be imported once, and was imported before.
    """
    digest = new.source_digest
    earlier = None if digest is None else find_same_content(tx, new.environment, digest)
    if new.once and earlier is not None and earlier.is_in:
        raise SourceRepeated(earlier)
    # Nobody waits for a plan, and it waits for nobody: it says what is true when it is made. Those
    # of a group wait for each other.
    is_ordered = not new.is_plan or new.group_id is not None
    run = create_run(
        tx,
        NewRun(
            kind=PLAN if new.is_plan else KIND,
            environment=new.environment,
            tables=new.tables if is_ordered else None,
        ),
    )
    expires_at = tx.now() + PLAN_KEPT_MILLISECONDS if new.is_plan else None
    import_id = ImportId(run.id)
    tx.connection.execute(
        insert(imports).values(
            id=import_id,
            run_id=run.id,
            environment=new.environment,
            resource_type=new.resource_type,
            format=new.format,
            application_id=new.application_id,
            parent_resource_id=new.parent_resource_id,
            parent_id=new.parent_id,
            skip_errors=new.skip_errors,
            reference=new.reference,
            reference_origin=new.reference_origin,
            metadata=_json(new.metadata),
            source_name=storable(new.source_name),
            retry_of=new.retry_of,
            attachment_name=new.attachment_name,
            layout=_layout_json(new),
            column_map=storable_json(new.column_map),
            ignored_columns=storable_json(new.ignored_columns),
            notices=notices_json(new.notices),
            source_digest=digest,
            same_content_as=None if earlier is None else earlier.id,
            stop_rules=storable_json(new.stop_rules.to_dict()) if new.stop_rules else None,
            only_rows=new.only,
            mapping=None if new.mapping is None else storable_json(new.mapping.to_dict()),
            mapping_reference=new.mapping_reference and str(new.mapping_reference),
            kind=PLAN if new.is_plan else None,
            all_or_nothing=new.all_or_nothing or None,
            plan_id=new.plan_id,
            expires_at=expires_at,
            group_id=new.group_id,
            group_position=new.group_position,
            source_columns=None
            if new.source_columns is None
            else storable_json(dict(new.source_columns)),
            inputs_size=new.inputs_size,
            status=Status.PENDING,
            created_at=tx.now(),
            updated_at=tx.now(),
            place=run.place,
        )
    )
    if not new.is_plan:
        rows = [{"import_id": import_id, "table_name": name} for name in sorted(new.tables)]
        tx.connection.execute(insert(import_tables), rows)
    if unfinished_max is not None:
        check_unfinished(tx, new.environment, unfinished_max=unfinished_max, are_plans=new.is_plan)
    if not new.is_plan:
        record_event(tx, import_id, "create", actor=requested_by(new.application_id))
    return read_import(tx, import_id)


def check_unfinished(
    tx: Transaction, environment: int, *, unfinished_max: int, are_plans: bool = False
) -> None:
    """Raise TooManyUnfinished when with the import just created more than so many are pending or
    in progress; the caller's transaction ends with it. Plans are counted by themselves."""
    before = _count_unfinished(tx, environment, are_plans=are_plans) - 1
    if before >= unfinished_max:
        noun = "plans" if are_plans else "imports"
        raise TooManyUnfinished(
            f"{before} {noun} are pending or in progress, at most {unfinished_max} may be",
            hint="wait until one of them is finished, interrupt one, or let `longshore resume` "
            "finish what was left open",
        )


def notices_json(notices: Iterable[Notice]) -> str:
    """Notices as the imports table keeps them."""
    return storable_json([notice.to_dict() for notice in notices])


def get_import(
    tx: Transaction, environment: int, import_id: int, *, with_deleted: bool = False
) -> Import | None:
    """The import of an environment, or None; a deleted one is found only `with_deleted`, and a plan
    is none.

    Raises ImportUnreadable.
    """
    query = _selected().where(is_plan(expected=False)) if with_deleted else _visible()
    return _one(tx, query, environment, import_id)


def get_plan(tx: Transaction, environment: int, plan_id: int) -> Import | None:
    """The plan of an environment, or None where there is none, or it was deleted.

    Raises ImportUnreadable.
    """
    return _one(tx, _visible(are_plans=True), environment, plan_id)


def list_imports(
    tx: Transaction, environment: int, *, unfinished: bool | None = None, limit: int | None = None
) -> list[Import | ImportUnreadable]:
    """Imports of an environment, newest first: all, only unfinished or only finished ones.

    One that cannot be read hides no other: the error is in its place.
    """
    query = _of_environment(_visible(), environment)
    if unfinished is not None:
        is_unfinished = imports.c.status.in_(UNFINISHED)
        query = query.where(is_unfinished if unfinished else ~is_unfinished)
    return _all(tx, query.limit(limit) if limit is not None else query)


def list_plans(
    tx: Transaction, environment: int, *, offset: int | None = None, limit: int | None = None
) -> list[Import | ImportUnreadable]:
    """Plans of an environment, newest first, as `list_imports` has imports."""
    query = _of_environment(_visible(are_plans=True), environment)
    return _all(tx, query.limit(limit).offset(offset))


def count_plans(tx: Transaction, environment: int) -> int:
    """How many plans `list_plans` has."""
    query = select(func.count()).where(
        imports.c.environment == environment, is_plan(), imports.c.deleted_at.is_(None)
    )
    return tx.connection.execute(query).scalar_one()


def attachment_names(tx: Transaction, *, environment: int | None = None) -> set[str]:
    """The names of the attachments of all imports, plans and groups, or of those of an environment,
    also of deleted ones, without expired ones."""
    names: set[str] = set()
    for table in (imports, import_groups):
        columns = table.c
        query = select(columns.attachment_name).where(
            columns.attachment_name.is_not(None), columns.attachment_expired_at.is_(None)
        )
        if environment is not None:
            query = query.where(columns.environment == environment)
        names.update(tx.connection.execute(query).scalars())
    return names


def expired_attachments(tx: Transaction, *, ended_before: int) -> list[tuple[ImportId, str]]:
    """Imports that ended before that (milliseconds) and whose attachment is still there; plans
    expire by themselves."""
    ended_at = func.coalesce(imports.c.completed_at, imports.c.interrupted_at)
    query = select(imports.c.id, imports.c.attachment_name).where(
        ended_at < ended_before, imports.c.attachment_expired_at.is_(None), is_plan(expected=False)
    )
    return [(ImportId(row.id), row.attachment_name) for row in tx.connection.execute(query)]


def ended_imports(
    tx: Transaction, resource_types: Collection[str], *, ended_before: int, after: int, limit: int
) -> list[Import | ImportUnreadable]:
    """Imports and plans of these types that ended before that and whose attachment is still there,
    but for those that are known to hold no secrets; by id, those behind `after`."""
    ended_at = func.coalesce(imports.c.completed_at, imports.c.interrupted_at)
    query = _selected().where(
        imports.c.resource_type.in_(resource_types),
        imports.c.id > after,
        ended_at <= ended_before,
        imports.c.attachment_expired_at.is_(None),
        imports.c.has_secrets.is_distinct_from(False),
    )
    return _all(tx, query.order_by(imports.c.id).limit(limit))


def note_secrets(tx: Transaction, import_id: ImportId, has_secrets: bool) -> None:
    """Say whether the source of an import holds secrets."""
    tx.connection.execute(
        update(imports).where(imports.c.id == import_id).values(has_secrets=has_secrets)
    )


def note_expired(tx: Transaction, import_id: ImportId) -> None:
    """Say that the attachment of an import was removed."""
    tx.connection.execute(
        update(imports).where(imports.c.id == import_id).values(attachment_expired_at=tx.now())
    )


def unfinished_imports(tx: Transaction) -> list[Import | ImportUnreadable]:
    """Imports that wait or run in all environments, of each in the order of places.

    One that cannot be read hides no other: the error is in its place.
    """
    query = _visible().where(imports.c.status.in_(UNFINISHED)).order_by(*in_order())
    return _all(tx, query)


def unfinished_plans(tx: Transaction) -> list[Import | ImportUnreadable]:
    """Plans that wait or run in all environments, oldest first, as `unfinished_imports`."""
    query = _visible(are_plans=True).where(imports.c.status.in_(UNFINISHED))
    return _all(tx, query.order_by(imports.c.id))


def blockers(tx: Transaction, import_id: int) -> list[Import]:
    """The older imports that an import waits for, oldest first."""
    found = _selected().where(imports.c.id.in_(blocker_ids(tx, RunId(import_id))))
    rows = tx.connection.execute(found.order_by(*in_order())).mappings()
    return [_import(tx, row) for row in rows]


def update_import(
    tx: Transaction,
    import_: Import,
    changes: Mapping[str, object],
    *,
    application_id: int | None = None,
) -> Import:
    """Set `reference`, `reference_origin` and `metadata`, whichever are named.

    What differs from what was there becomes an entry of the journal. Without an application, a
    person at a terminal asks for it.
    """
    assert changes.keys() <= {"reference", "reference_origin", "metadata"}, "read-only"
    values = {
        name: _json(value) if name == "metadata" else value for name, value in changes.items()
    }
    before = {
        "reference": import_.reference,
        "reference_origin": import_.reference_origin,
        "metadata": _json(import_.metadata),
    }
    changed = {name: value for name, value in values.items() if value != before[name]}
    if not changed:
        return import_
    tx.connection.execute(
        update(imports).where(imports.c.id == import_.id).values(**changed, updated_at=tx.now())
    )
    entry = NewEntry(
        environment=import_.environment,
        row_number=None,
        table_name="imports",
        record_type="imports",
        record_id=import_.id,
        event="update",
        changes=_json({name: [before[name], value] for name, value in changed.items()}),
        image_id=None,
        at=tx.now(),
        **columns_of(requested_by(application_id)),
    )
    append_entries(tx, [entry])
    return read_import(tx, import_.id)


def retries_of(tx: Transaction, import_id: ImportId) -> list[Import]:
    """The retries of a first import, oldest first, also deleted ones."""
    query = _selected().where(imports.c.retry_of == import_id).order_by(imports.c.id)
    return [_import(tx, row) for row in tx.connection.execute(query).mappings()]


def deleted_among(tx: Transaction, environment: int, ids: Collection[int]) -> frozenset[int]:
    """Those of some imports of an environment that were deleted."""
    columns = imports.c
    query = select(columns.id).where(
        columns.id.in_(ids), columns.environment == environment, columns.deleted_at.is_not(None)
    )
    return frozenset(tx.connection.execute(query).scalars())


def hold_import(tx: Transaction, import_id: ImportId) -> None:
    """Let nobody else hold or write the import until the transaction ends."""
    tx.connection.execute(select(imports.c.id).where(imports.c.id == import_id).with_for_update())


def read_import(tx: Transaction, import_id: ImportId) -> Import:
    """The import with this id, which exists; also a deleted one."""
    row = tx.connection.execute(_selected().where(imports.c.id == import_id)).mappings().one()
    return _import(tx, row)


def write_import(
    tx: Transaction,
    run: Run,
    update: str,
    parameters: Sequence[object],
    then: str,
    then_parameters: Sequence[object],
) -> tuple[Import | None, bool]:
    """Run the text of an update of the import of a run, and then that of its run: the import
    afterwards with this run, None when it was not to be updated, and whether the run was."""
    if not tx.connection.dialect.update_returning:  # SQLite before 3.35
        if tx.execute(update, parameters) != 1:
            return None, False
        written = replace(read_import(tx, ImportId(run.id)), run=run)
        return written, tx.execute(then, then_parameters) == 1
    names = [column.name for column in _OWN]
    returning = ", ".join(f'"{name}"' for name in names)
    rows, changed = tx.fetch_and_execute(
        f"{update} RETURNING {returning}", parameters, then, then_parameters
    )
    if not rows:
        return None, False
    return _import(tx, {**dict(zip(names, rows[0], strict=True)), "run": run}), changed == 1


def is_plan(*, expected: bool = True) -> ColumnElement[bool]:
    """Whether a row of imports is a plan; else whether it is an import."""
    return imports.c.kind == PLAN if expected else imports.c.kind.is_(None)


def record_event(
    tx: Transaction, import_id: ImportId, happening: str, *, actor: Actor | None = None
) -> None:
    """Append `imports.create`, `imports.start`, `imports.complete`, ... to the journal. Nothing
    is said of plans.

    Without an actor, the import's runner did it. The event waits in the outbox to be dispatched.
    """
    event_id = append_event(
        tx,
        environment=import_id >> 40,
        name=f"imports.{happening}",
        resource_type="imports",
        resource_id=import_id,
        actor=actor,
    )
    hand_over(tx, event_id, resource_id=import_id)


def _count_unfinished(tx: Transaction, environment: int, *, are_plans: bool) -> int:
    """How many wait or run; all members of a group are one."""
    whole = func.coalesce(imports.c.group_id, imports.c.id)
    query = select(func.count(whole.distinct())).where(
        imports.c.environment == environment,
        imports.c.status.in_(UNFINISHED),
        is_plan(expected=are_plans),
        imports.c.deleted_at.is_(None),
    )
    return tx.connection.execute(query).scalar_one()


# What the imports table has of its own: the rest is the run as an older release knows it.
_OF_RUNS = {"place", "fence", "attempts", "heartbeat_at", "runner", "rests_until", "run_id"}
# Of interest to whoever creates an import, or removes attachments, alone.
_ASIDE = {"source_digest", "has_secrets", "pinned", "table_counters"}
_OWN = [column for column in imports.c if column.name not in _OF_RUNS | _ASIDE]
_RUN = "run."
_LIMITED = "limited"
_NEW = "new"
_MAPPED = "mapped"
_PINNED = "pinned"
_GROUPED = "grouped"
_NO_RULES = StopRules()


def _selected() -> Select[Any]:
    of_run = [column.label(_RUN + column.name) for column in runs.c]
    return select(*_OWN, *of_run).select_from(imports.join(runs))


def _visible(*, are_plans: bool = False) -> Select[Any]:
    return _selected().where(imports.c.deleted_at.is_(None), is_plan(expected=are_plans))


def _of_environment(query: Select[Any], environment: int) -> Select[Any]:
    """The rows of an environment, newest first."""
    return query.where(imports.c.environment == environment).order_by(imports.c.id.desc())


def _one(tx: Transaction, query: Select[Any], environment: int, import_id: int) -> Import | None:
    of_id = query.where(imports.c.id == import_id, imports.c.environment == environment)
    row = tx.connection.execute(of_id).mappings().one_or_none()
    return None if row is None else _import(tx, row)


def _all(tx: Transaction, query: Select[Any]) -> list[Import | ImportUnreadable]:
    return [_import_or_error(tx, row) for row in tx.connection.execute(query).mappings()]


def _import_or_error(tx: Transaction, row: Any) -> Import | ImportUnreadable:
    try:
        return _import(tx, row)
    except ImportUnreadable as error:
        return error


def _import(tx: Transaction, row: Any) -> Import:
    try:
        return _decoded(row)
    # What decoding raises for a value that this release does not know, or that was damaged.
    except (ValueError, LookupError, TypeError, MappingRefused) as error:
        raise ImportUnreadable(row["id"], tx.public_ids.encode(row["id"]), error) from error


def _decoded(row: Any) -> Import:
    of_run = {name.removeprefix(_RUN): row[name] for name in row if name.startswith(_RUN)}
    values = {name: value for name, value in row.items() if not name.startswith(_RUN)}
    if of_run:
        values["run"] = run_of(of_run)
    row_number = values.pop("checkpoint_row")
    line, offset = values.pop("checkpoint_line"), values.pop("checkpoint_offset")
    rules, only, stopped_by, moved = (
        values.pop(name) for name in ("stop_rules", "only_rows", "stopped_by", "moved")
    )
    made_of = values["source_columns"]
    named, kind, stage = (values.pop(name) for name in ("mapping_reference", "kind", "stage"))
    values.update(
        skip_errors=bool(values["skip_errors"]),
        metadata=json.loads(values["metadata"]),
        layout=_layout(json.loads(values["layout"])),
        column_map=json.loads(values["column_map"]),
        ignored_columns=tuple(json.loads(values["ignored_columns"])),
        first_amounts=tuple(json.loads(values["first_amounts"])),
        notices=tuple(map(Notice.from_dict, json.loads(values["notices"]))),
        status=Status(values["status"]),
        stop_rules=_NO_RULES if rules is None else StopRules.from_dict(json.loads(rules)),
        only=None if only is None else Only(only),
        mapping=_mapping(values["mapping"]),
        source_columns=None if made_of is None else json.loads(made_of),
        is_plan=kind == PLAN,
        all_or_nothing=bool(values["all_or_nothing"]),
        stage=None if stage is None else Stage(stage),
        mapping_reference=None if named is None else MappingReference.parse(named),
        stopped_by=None if stopped_by is None else StoppedBy.from_dict(json.loads(stopped_by)),
        moved=None if moved is None else StoreMoved.from_dict(json.loads(moved)),
        unchanged_count=values["unchanged_count"] - values["skipped_count"],
        checkpoint=None if row_number is None else Position(row_number, line, offset),
    )
    return Import(**values)


def _layout_json(new: NewImport) -> str:
    """The layout of an import. Where it is read as no release before would read it, where it has a
    mapping, where its rows name targets by keys, where its columns are spelled as people write,
    where not all of them are to have an effect, rules may stop it, it depends on what was judged
    before, or it belongs to a group, older releases would run it as if that were not so: to them it
    has none, and they leave it to others."""
    layout = new.layout.to_dict()
    if new.group_id is not None:
        return storable_json({_GROUPED: layout})
    if new.is_plan or new.all_or_nothing or new.plan_id is not None:
        return storable_json({_PINNED: layout})
    if new.mapping is not None:
        return storable_json({_MAPPED: layout})
    if new.layout.is_new or new.names_by_keys or new.is_spelled:
        return storable_json({_NEW: layout})
    is_limited = new.only is not None or bool(new.stop_rules)
    return storable_json({_LIMITED: layout} if is_limited else layout)


def _layout(values: Mapping[str, Any]) -> Layout:
    held = (values.get(each) for each in (_GROUPED, _PINNED, _MAPPED, _NEW, _LIMITED))
    return Layout.from_dict(next(filter(None, held), values))


@lru_cache(maxsize=16)  # an import is read with every chunk
def _mapping(text: str | None) -> MappingDocument | None:
    return None if text is None else read_mapping(json.loads(text))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
