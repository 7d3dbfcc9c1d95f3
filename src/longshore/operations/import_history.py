"""The history of one import: what it went through, and what was changed of it by request."""

from collections.abc import Iterator, Mapping
from typing import Any

from longshore.clock import format_datetime
from longshore.database import Transaction
from longshore.history import Change
from longshore.imports import Import, Status
from longshore.journal import Actor, ActorKind, Event, events_of, history_of_record
from longshore.json_text import decode_stored

# Of the statuses that an event leads to, the field of the time at which it did.
_TIMES = {
    Status.IN_PROGRESS: "started_at",
    Status.COMPLETED: "completed_at",
    Status.INTERRUPTED: "interrupted_at",
}
_LEADS_TO = {
    "imports.start": Status.IN_PROGRESS,
    "imports.complete": Status.COMPLETED,
    "imports.interrupt": Status.INTERRUPTED,
}
_COUNTS = ("processed_count", "errors_count", "warnings_count")


def history_of_import(tx: Transaction, import_: Import, *, after: int | None) -> Iterator[Change]:
    """The changes of an import, oldest first: all, or those behind number `after`."""
    changes = [*_transitions(tx, import_), *_requested(tx, import_)]
    changes.sort(key=lambda change: change.at)  # stable: what began at one time stays in order
    for number, change in enumerate(changes):
        if after is None or number > after:
            yield Change(
                number=number,
                at=change.at,
                event=change.event,
                payload=change.payload,
                actor=change.actor,
            )


def _transitions(tx: Transaction, import_: Import) -> Iterator[Change]:
    status: Status | None = None
    for event in events_of(tx, import_.id):
        if event.name == "imports.create":
            status = Status.PENDING
            yield _creation(import_, event)
        elif event.name in _LEADS_TO and status is not None:
            before, status = status, _LEADS_TO[event.name]
            yield _transition(import_, event, before, status)


def _creation(import_: Import, event: Event) -> Change:
    values: dict[str, object] = {
        "resource_type": import_.resource_type,
        "format": import_.format,
        "parent_resource_id": import_.parent_resource_id,
        "skip_errors": import_.skip_errors,
        "inputs_size": import_.inputs_size,
        "status": str(Status.PENDING),
    }
    return Change(
        number=0,
        at=event.at,
        event="create",
        payload={name: (None, value) for name, value in values.items() if value is not None},
        actor=event.actor,
    )


def _transition(import_: Import, event: Event, before: Status, after: Status) -> Change:
    payload: dict[str, tuple[object, object]] = {
        "status": (str(before), str(after)),
        _TIMES[after]: (None, format_datetime(event.at)),
    }
    if after.is_finished:
        for name in _COUNTS:
            if count := getattr(import_, name):
                payload[name] = (0, count)
    return Change(
        number=0,
        at=event.at,
        event="update",
        payload=payload,
        actor=event.actor or Actor(ActorKind.IMPORT, import_.id),
    )


def _requested(tx: Transaction, import_: Import) -> Iterator[Change]:
    for entry in history_of_record(tx, import_.id):
        yield Change(
            number=0,
            at=entry.at,
            event=entry.event,
            payload=shown_labels(entry.changes),
            actor=entry.actor,
        )


def shown_labels(
    changes: Mapping[str, tuple[Any, Any]],
) -> dict[str, tuple[object, object]]:
    """Changes of references and metadata, as on the wire."""
    return {
        name: (_shown(name, before), _shown(name, after))
        for name, (before, after) in changes.items()
    }


def _shown(name: str, value: Any) -> object:
    return decode_stored(value) if name == "metadata" and value is not None else value
