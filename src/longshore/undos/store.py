"""Undos stored and read, and what they keep. All functions work in the caller's transaction."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, RowMapping, Select, distinct, func, insert, select, update

from longshore.database import Transaction
from longshore.identifiers import RunId
from longshore.journal import Actor
from longshore.runs import NewRun, create_run, run_of, runs
from longshore.undos.tables import import_undos, undo_kept
from longshore.undos.undo import KeptPart, KeptReason, NewUndo, Undo, UndoStatus

KIND = "undo"  # of run
# Ids, and fields of a unit; none: the whole record.
FieldsOfRecords: TypeAlias = tuple[Sequence[int], Sequence[str]]
_RUN = "run."


def create_undo(tx: Transaction, new: NewUndo) -> Undo:
    """Store a pending undo, behind all runs of its environment that write the same tables."""
    run = create_run(tx, NewRun(kind=KIND, environment=new.environment, tables=new.tables))
    tx.connection.execute(
        insert(import_undos).values(
            id=run.id,
            run_id=run.id,
            environment=new.environment,
            application_id=new.application_id,
            import_id=new.import_id,
            undo_id=new.undo_id,
            status=UndoStatus.PENDING,
            changes_count=new.changes_count,
            group_id=new.group_id,
            created_at=tx.now(),
            updated_at=tx.now(),
        )
    )
    return read_undo(tx, run.id)


def read_undo(tx: Transaction, undo_id: int) -> Undo:
    """The undo with this id, which exists."""
    query = undos_selected().where(import_undos.c.id == undo_id)
    return undo_of(tx.connection.execute(query).mappings().one())


def get_undo(tx: Transaction, environment: int, undo_id: int) -> Undo | None:
    """The undo of an environment, or None."""
    columns = import_undos.c
    query = undos_selected().where(columns.id == undo_id, columns.environment == environment)
    row = tx.connection.execute(query).mappings().one_or_none()
    return None if row is None else undo_of(row)


def list_undos(
    tx: Transaction,
    environment: int,
    *,
    before: int | None = None,
    asked_by: Actor | None = None,
    limit: int | None = None,
) -> list[Undo]:
    """Undos of an environment, newest first: all, or those before one; those alone for which an
    application, or people have asked, where `asked_by` says so."""
    columns = import_undos.c
    query = undos_selected().where(columns.environment == environment).order_by(columns.id.desc())
    if before is not None:
        query = query.where(columns.id < before)
    if asked_by is not None:
        query = query.where(columns.application_id.is_not_distinct_from(asked_by.id))
    return [undo_of(row) for row in tx.connection.execute(query.limit(limit)).mappings()]


def undos_of(tx: Transaction, of: int) -> list[Undo]:
    """The undos of an import or of an undo, oldest first."""
    columns = import_undos.c
    query = undos_selected().where((columns.import_id == of) | (columns.undo_id == of))
    return [undo_of(row) for row in tx.connection.execute(query.order_by(columns.id)).mappings()]


def undos_of_group(tx: Transaction, group_id: int) -> list[Undo]:
    """The undos that take an import group back, in the order in which they were created."""
    columns = import_undos.c
    query = undos_selected().where(columns.group_id == group_id).order_by(columns.id)
    return [undo_of(row) for row in tx.connection.execute(query).mappings()]


def hold_undo(tx: Transaction, undo_id: int) -> None:
    """Let nobody else hold or write the undo until the transaction ends."""
    query = select(import_undos.c.id).where(import_undos.c.id == undo_id)
    tx.connection.execute(query.with_for_update())


def write_undo(tx: Transaction, undo_id: int, values: Mapping[str, Any]) -> None:
    """Set columns of an undo."""
    row = update(import_undos).where(import_undos.c.id == undo_id)
    tx.connection.execute(row.values(**values, updated_at=tx.now()))


def note_kept(tx: Transaction, run_id: int, kept: Sequence[KeptPart]) -> None:
    """Say what stays, in place of what was said of the same fields before."""
    revise_kept(tx, run_id, kept=kept)


def forget_kept(tx: Transaction, run_id: int, given_back: Sequence[FieldsOfRecords]) -> None:
    """Take back that these fields stay."""
    revise_kept(tx, run_id, given_back=given_back)


def revise_kept(
    tx: Transaction,
    run_id: int,
    *,
    kept: Sequence[KeptPart] = (),
    given_back: Sequence[FieldsOfRecords] = (),
) -> None:
    """Say what stays and what does not any more, in place of what was said of the same fields
    before; what was said of other fields of these records stands."""
    if not kept and not (given_back and _keeps(tx, run_id)):
        return
    records = {each.record_id for each in kept}
    records.update(*(ids for ids, _ in given_back))
    before = _kept_of_records(tx, run_id, records)
    after = revised(before, kept=kept, given_back=given_back)
    if before:
        tx.execute(
            "DELETE FROM undo_kept WHERE run_id = ? AND record_id IN (?integers)",
            (run_id, records),
        )
    if after:
        tx.connection.execute(insert(undo_kept), [_row(run_id, each) for each in after])


def revised(
    before: Iterable[KeptPart],
    *,
    kept: Iterable[KeptPart],
    given_back: Iterable[FieldsOfRecords],
) -> list[KeptPart]:
    """What stays, when some more does, and some does not any more."""
    said: dict[int, list[KeptPart]] = {}
    for each in before:
        said.setdefault(each.record_id, []).append(each)
    for ids, fields in given_back:
        for record in said.keys() & ids:
            said[record] = [*_without(said[record], fields)]
    for each in kept:
        said[each.record_id] = [*_without(said.get(each.record_id, ()), each.fields), each]
    return [each for parts in said.values() for each in parts]


def _without(parts: Iterable[KeptPart], fields: Sequence[str]) -> Iterator[KeptPart]:
    """Parts of a record, less some fields; less the whole record, where there are none."""
    for part in parts:
        left = tuple(name for name in part.fields if name not in fields)
        if left or (fields and not part.fields):
            yield part if left == tuple(part.fields) else replace(part, fields=left)


def _row(run_id: int, part: KeptPart) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "record_id": part.record_id,
        "fields": ",".join(part.fields),
        "table_name": part.table_name,
        "record_type": part.record_type,
        "reason": part.reason,
        "row_number": part.row_number,
        "detail": json.dumps(part.detail, ensure_ascii=False) if part.detail else None,
    }


def count_kept(tx: Transaction, run_id: int) -> int:
    """How many records keep something."""
    query = select(func.count(distinct(undo_kept.c.record_id))).where(undo_kept.c.run_id == run_id)
    return tx.connection.execute(query).scalar_one()


def kept_of(tx: Transaction, run_id: int, *, limit: int | None = None) -> Iterator[KeptPart]:
    """What stays, by record."""
    yield from kept_parts(tx, undo_kept.c.run_id == run_id, limit=limit)


def kept_parts(
    tx: Transaction,
    *conditions: ColumnElement[bool],
    offset: int | None = None,
    limit: int | None = None,
) -> list[KeptPart]:
    """The parts of `undo_kept` that meet conditions, by record."""
    columns = undo_kept.c
    query = select(*_PART).where(*conditions).order_by(columns.record_id, columns.fields)
    return list(map(_part, tx.connection.execute(query.limit(limit).offset(offset))))


def _keeps(tx: Transaction, run_id: int) -> bool:
    return bool(tx.fetch("SELECT 1 FROM undo_kept WHERE run_id = ? LIMIT 1", (run_id,)))


def _kept_of_records(tx: Transaction, run_id: int, records: Collection[int]) -> list[KeptPart]:
    names = ", ".join(column.name for column in _PART)
    rows = tx.fetch(
        f"SELECT {names} FROM undo_kept WHERE run_id = ? AND record_id IN (?integers)"
        " ORDER BY record_id, fields",
        (run_id, records),
    )
    return list(map(_part, rows))


_PART = (
    undo_kept.c.record_id,
    undo_kept.c.table_name,
    undo_kept.c.record_type,
    undo_kept.c.fields,
    undo_kept.c.reason,
    undo_kept.c.row_number,
    undo_kept.c.detail,
)


def _part(row: Sequence[Any]) -> KeptPart:
    record, table, type_, fields, reason, number, detail = row
    return KeptPart(
        record_id=record,
        table_name=table,
        record_type=type_,
        fields=tuple(filter(None, fields.split(","))),
        reason=KeptReason(reason),
        row_number=number,
        detail={} if detail is None else json.loads(detail),
    )


def undos_selected() -> Select[Any]:
    """What `undo_of` reads, of all undos."""
    of_run = [column.label(_RUN + column.name) for column in runs.c]
    return select(import_undos, *of_run).select_from(import_undos.join(runs))


def undo_of(row: RowMapping) -> Undo:
    """The undo that a row of `undos_selected` is."""
    of_run = {name.removeprefix(_RUN): row[name] for name in row if name.startswith(_RUN)}
    values = {name: value for name, value in row.items() if not name.startswith(_RUN)}
    del values["run_id"]
    undo_id = values["undo_id"]
    return Undo(
        **{
            **values,
            "run": run_of(of_run),
            "status": UndoStatus(values["status"]),
            "undo_id": None if undo_id is None else RunId(undo_id),
        }
    )
