"""Whether a plan is still kept, what applies it, and whether a group of plans still holds."""

from collections.abc import Mapping, Sequence

from longshore.database import Transaction
from longshore.imports import (
    Import,
    PinnedHead,
    Status,
    StoreMoved,
    applications_of,
    get_group,
    get_import,
    members_of,
    read_import,
    read_pinned,
)
from longshore.records import read_table_counters
from longshore.settings import Settings


def is_expired(tx: Transaction, plan: Import) -> bool:
    """Whether a plan is not kept any more, or only until it is tidied up."""
    is_over = plan.expires_at is not None and plan.expires_at <= tx.now()
    return is_over or plan.attachment_expired_at is not None


def applied_by(tx: Transaction, plan: Import) -> Import | None:
    """The last import that applies a plan, or has done so."""
    ids = applications_of(tx, plan.id)
    return read_import(tx, ids[-1]) if ids else None


def is_void(application: Import) -> bool:
    """Whether an import that applies a plan was stopped before it changed anything."""
    has_changed = application.created_count or application.updated_count
    return application.status is Status.INTERRUPTED and not has_changed


def is_void_import(tx: Transaction, environment: int, import_id: int) -> bool:
    """Whether an import that applies a plan, or a group of plans, was stopped before it changed
    anything."""
    import_ = get_import(tx, environment, import_id)
    if import_ is not None:
        return is_void(import_)
    group = get_group(tx, environment, import_id)
    return (
        group is not None
        and group.is_finished
        and not (group.total("created_count") or group.total("updated_count"))
        and group.status is Status.INTERRUPTED
    )


def moved_before(
    tx: Transaction, import_: Import, flags: Mapping[str, object], settings: Settings
) -> StoreMoved | None:
    """What has moved before the first row that a group would write which applies plans; None:
    nothing, or something of the group is written. `flags` are those of the organization."""
    if import_.group_id is None or import_.group_position or import_.consumed_count:
        return None
    plan_ids = [each.plan_id for each in members_of(tx, import_.group_id)]
    plans = [read_import(tx, plan_id) for plan_id in plan_ids if plan_id is not None]
    moved = what_moved(tx, plans, flags, settings)
    return None if moved is None else StoreMoved(message=moved)


def what_moved(
    tx: Transaction, plans: Sequence[Import], flags: Mapping[str, object], settings: Settings
) -> str | None:
    """What is not as it was when plans were made; None: everything is."""
    tables: set[str] = set()
    for plan in plans:
        pinned, counters = read_pinned(tx, plan.id)
        if not pinned:
            return "what was found when the rows were judged is not kept any more"
        now = PinnedHead.of(plan, flags=flags, settings=settings)
        changes = PinnedHead.from_dict(pinned).changes(now)
        if changes:
            return f"what decides about all rows has changed: {'; '.join(changes)}"
        current = read_table_counters(tx, plan.environment, counters)
        tables |= {name for name, counter in counters.items() if current[name] != counter}
    if not tables:
        return None
    return f"since it was made, {', '.join(sorted(tables))} have been written"
