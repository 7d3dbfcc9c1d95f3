"""What is shown of an undo, of what it keeps and why, and of one that is only tried."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from longshore.clock import format_datetime
from longshore.database import Transaction
from longshore.engine import NO_RECORD, UndoTrial
from longshore.identifiers import environment_of
from longshore.imports import Import, get_import
from longshore.journal import ActorKind
from longshore.json_text import encode_json
from longshore.undos import (
    KeptPart,
    KeptReason,
    Undo,
    UndoStatus,
    count_kept_parts,
    first_kept,
    last_undo_of,
    undos_of,
    undos_of_group,
)

IMPORT_UNDOS = "import_undos"

# What the log of an undo holds at the most; all of it is read in pages.
KEPT_LOG_BYTES_MAX = 1 << 20
KEPT_LOG_BYTES_MAX_LISTED = 1 << 14
# Parts that are looked at for one reason.
_PARTS_MAX = 2_000

# Members of details: who has made a change, and the number of it, which tells nothing outside.
_BY = "by"
_ENTRY = "entry"
_TYPES: Mapping[str, str] = {
    ActorKind.APPLICATION: "applications",
    ActorKind.IMPORT: "imports",
    ActorKind.UNDO: IMPORT_UNDOS,
    ActorKind.MIGRATION: "migrations",
}


def undo_attributes(
    tx: Transaction, undo: Undo, *, is_listed: bool = False
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes of an undo, and what stands in `meta`; in a list its log is shorter."""
    log, kept = kept_by(tx, undo.id, is_listed=is_listed)
    encode = tx.public_ids.encode
    attributes = {
        "status": str(undo.status),
        "dry_run": False,
        "import_id": None if undo.import_id is None else encode(undo.import_id),
        "undo_id": None if undo.undo_id is None else encode(undo.undo_id),
        "restored_count": undo.restored_count,
        "removed_count": undo.removed_count,
        "kept_count": undo.kept_count,
        "kept_log": log,
        "changes_count": undo.changes_count,
        "done_count": undo.done_count,
        "interruption_reason": undo.interruption_reason,
        "started_at": _time(undo.started_at),
        "completed_at": _time(undo.completed_at),
        "interrupted_at": _time(undo.interrupted_at),
        "created_at": _time(undo.created_at),
        "updated_at": _time(undo.updated_at),
    }
    of_group = {} if undo.group_id is None else {"group_id": encode(undo.group_id)}
    return attributes, {**of_group, **kept, **undos_meta(tx, undo.id)}


def kept_by(
    tx: Transaction, run_id: int, *, is_listed: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The log of what an undo keeps, or an import that has gone back, and the counts of it."""
    counts = count_kept_parts(tx, run_id)
    log, left_out = _kept_log(
        KeptShown(tx),
        counts,
        lambda reason, limit: first_kept(tx, run_id, reason, limit=limit),
        bytes_max=KEPT_LOG_BYTES_MAX_LISTED if is_listed else KEPT_LOG_BYTES_MAX,
    )
    return log, _kept_meta(counts, left_out)


def trial_attributes(
    tx: Transaction, of: Import | Undo, trial: UndoTrial
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an undo would show that is only tried."""
    encode = tx.public_ids.encode
    by_reason: dict[KeptReason, list[KeptPart]] = {}
    for part in trial.kept:
        by_reason.setdefault(part.reason, []).append(part)
    counts = {reason: len(by_reason[reason]) for reason in sorted(by_reason)}
    log, left_out = _kept_log(
        KeptShown(tx),
        counts,
        lambda reason, limit: by_reason[reason][:limit],
        bytes_max=KEPT_LOG_BYTES_MAX,
    )
    attributes = {
        "status": str(UndoStatus.COMPLETED),
        "dry_run": True,
        "import_id": encode(of.id) if isinstance(of, Import) else None,
        "undo_id": encode(of.id) if isinstance(of, Undo) else None,
        "restored_count": trial.restored_count,
        "removed_count": trial.removed_count,
        "kept_count": trial.kept_count,
        "kept_log": log,
    }
    return attributes, _kept_meta(counts, left_out)


class KeptShown:
    """What is shown of parts that are kept, in one snapshot."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._types: dict[str, str] = {}  # of those who made changes, by id

    def attributes(self, part: KeptPart) -> dict[str, Any]:
        """A part, beside its reason."""
        record = None
        if part.record_id != NO_RECORD:
            record = {"type": part.record_type, "id": self._tx.public_ids.encode(part.record_id)}
        detail = {name: value for name, value in part.detail.items() if name != _ENTRY}
        if isinstance(by := detail.get(_BY), Mapping):
            detail[_BY] = {"type": self._type(by), "id": by["id"]}
        return {
            "record": record,
            "fields": list(part.fields),
            "row": part.row_number,
            "detail": detail,
        }

    def with_reason(self, part: KeptPart) -> dict[str, Any]:
        """A part with its reason."""
        return {"reason": str(part.reason), **self.attributes(part)}

    def _type(self, by: Mapping[str, Any]) -> str:
        """The resource type of somebody who has made a change. Entries of imports do not say that
        they are of one, and neither do those of applications of older releases."""
        if by["type"] is not None:
            return _TYPES.get(by["type"], by["type"])
        public_id = by["id"]
        if public_id is None:
            return _TYPES[ActorKind.MIGRATION]
        if public_id not in self._types:
            id_ = self._tx.public_ids.decode(public_id)
            is_import = id_ is not None and get_import(
                self._tx, environment_of(id_), id_, with_deleted=True
            )
            kind = ActorKind.IMPORT if is_import else ActorKind.APPLICATION
            self._types[public_id] = _TYPES[kind]
        return self._types[public_id]


def _kept_log(
    shown: KeptShown,
    counts: Mapping[KeptReason, int],
    first_of: Callable[[KeptReason, int], Sequence[KeptPart]],
    *,
    bytes_max: int,
) -> tuple[dict[str, list[dict[str, Any]]], int]:
    """The first parts that are kept, by reason, and how many there are besides.

    Every reason has an equal share of the bytes, and one part at least.
    """
    log: dict[str, list[dict[str, Any]]] = {}
    for reason in counts:
        left = bytes_max // len(counts)
        parts: list[dict[str, Any]] = []
        for part in first_of(reason, _PARTS_MAX):
            attributes = shown.attributes(part)
            left -= len(encode_json(attributes))
            if left < 0 and parts:
                break
            parts.append(attributes)
        log[str(reason)] = parts
    return log, sum(counts.values()) - sum(map(len, log.values()))


def undos_meta(tx: Transaction, of: int) -> dict[str, Any]:
    """What stands in `meta` of an import, or of an undo, on what takes it back: the newest undo,
    and all of them, oldest first."""
    last = last_undo_of(tx, of)
    if last is None:
        return {"undo": None, "undos": []}
    encode = tx.public_ids.encode
    undo_id, status = last
    return {
        "undo": {"type": IMPORT_UNDOS, "id": encode(undo_id), "status": str(status)},
        "undos": [encode(each.id) for each in undos_of(tx, of)],
    }


def group_undos_meta(tx: Transaction, group_id: int) -> dict[str, Any]:
    """The same of an import group: the undo that was begun last, and all of them."""
    undos = undos_of_group(tx, group_id)
    if not undos:
        return {"undo": None, "undos": []}
    encode, last = tx.public_ids.encode, undos[-1]
    return {
        "undo": {"type": IMPORT_UNDOS, "id": encode(last.id), "status": str(last.status)},
        "undos": [encode(each.id) for each in undos],
    }


def _kept_meta(counts: Mapping[KeptReason, int], left_out: int) -> dict[str, Any]:
    return {
        "kept_reasons": {str(reason): count for reason, count in counts.items()},
        "kept_log_left_out": left_out,
    }


def _time(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else format_datetime(milliseconds)
