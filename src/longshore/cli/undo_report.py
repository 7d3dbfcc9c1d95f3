"""What an undo has done, or would do, for people: counts, what stays and why, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.endings import Exit
from longshore.cli.forerunners import freeing, waiting_for
from longshore.cli.messages import counted, say, say_hint
from longshore.cli.tables import TableColumn, second, write_facts, write_table

if TYPE_CHECKING:
    from longshore.assembly import Longshore
    from longshore.cli.report import Effort
    from longshore.engine import UndoTrial
    from longshore.identifiers import ImportId
    from longshore.imports import Import
    from longshore.operations import UndoShown
    from longshore.undos import Undo

__all__ = [
    "KEPT_COLUMNS",
    "describe_undo",
    "describe_undo_trial",
    "exit_of_undo",
    "exit_of_undo_trial",
    "kept_cells",
    "made_on_the_way",
    "say_after_undo",
    "write_kept",
]

# Of each reason.
_SHOWN_MAX = 5
KEPT_COLUMNS = (
    TableColumn(title="type", shortens=True),
    TableColumn(title="record"),
    TableColumn(title="row", right=True),
    TableColumn(title="fields", folds=True),
    TableColumn(title="what stands behind it", folds=True),
)

# What can be done about each reason; what is said of it is the same everywhere.
ADVICE: Mapping[str, str] = {
    "changed_since": (
        "longshore changes RECORD shows what was changed, and by whom; mend the records that are "
        "wrong by hand or by an import"
    ),
    "referred_to": (
        "remove what refers to it, or let it refer to another record, and undo once more"
    ),
    "key_taken": "give the other record another key, and undo once more",
    "target_gone": "let it refer to another record by hand or by an import",
    "would_be_invalid": "mend the record by hand or by an import; the detail says what is missing",
    "destroyed_since": "nothing is left to be taken back of it",
    "history_purged": "import the values that it should have",
}


def exit_of_undo(undo: Undo) -> Exit:
    """The exit code that says how an undo ended."""
    from longshore.undos import UndoStatus

    is_whole = undo.status is UndoStatus.COMPLETED and not undo.kept_count
    return Exit.DONE if is_whole else Exit.HAD_ERRORS


def exit_of_undo_trial(trial: UndoTrial) -> Exit:
    """The exit code of the undo that was only tried."""
    return Exit.HAD_ERRORS if trial.kept_count else Exit.DONE


def describe_undo(longshore: Longshore, undo: Undo, effort: Effort | None = None) -> None:
    """Write what an undo is and what it has done to standard output."""
    encode = longshore.public_ids.encode
    facts: list[tuple[str, object]] = [
        ("undo", encode(undo.id)),
        ("of import", undo.import_id and encode(undo.import_id)),
        ("of undo", undo.undo_id and encode(undo.undo_id)),
        ("status", str(undo.status)),
        ("restored", undo.restored_count),
        ("removed", undo.removed_count),
        ("among them", made_on_the_way(longshore, undo.import_id, undo.removed_count)),
        ("kept", undo.kept_count),
        ("changes", undo.changes_count),
        ("not reached", max(undo.changes_count - undo.done_count, 0) or None),
    ]
    if effort is not None:
        facts.append(("time", effort))
    else:
        facts += [
            ("created at", second(undo.created_at)),
            ("started at", second(undo.started_at)),
            ("completed at", second(undo.completed_at)),
            ("interrupted at", second(undo.interrupted_at)),
        ]
    facts.append(("interrupted because", undo.interruption_reason))
    write_facts(facts)


def made_on_the_way(
    longshore: Longshore, import_id: ImportId | None, removed_count: int
) -> str | None:
    """What of that which is removed the import does not count: `tags, made on the way`."""
    if import_id is None or not removed_count:
        return None
    found = longshore.undos.made_on_the_way([import_id]).get(import_id)
    return f"{', '.join(found)}, made on the way" if found else None


def describe_undo_trial(longshore: Longshore, of: Import | Undo, shown: UndoShown) -> None:
    """Write what an undo would do to standard output."""
    from longshore.undos import Undo

    import_id = None if isinstance(of, Undo) else of.id
    attributes = shown.attributes
    write_facts(
        [
            ("dry run", "nothing was written"),
            ("of import", attributes["import_id"]),
            ("of undo", attributes["undo_id"]),
            ("restored", attributes["restored_count"]),
            ("removed", attributes["removed_count"]),
            ("among them", made_on_the_way(longshore, import_id, attributes["removed_count"])),
            ("kept", attributes["kept_count"]),
        ]
    )


def write_kept(shown: UndoShown) -> None:
    """Write the first records that stay, by reason, to standard output, and say what to do."""
    from longshore.operations import KEPT_REASONS

    reasons: Mapping[str, int] = shown.meta["kept_reasons"]
    for reason, parts in shown.attributes["kept_log"].items():
        click.echo(f"\nkept, {KEPT_REASONS[reason]} ({reason}): {counted(reasons[reason], 'part')}")
        write_table(KEPT_COLUMNS, map(kept_cells, parts[:_SHOWN_MAX]))
        if reasons[reason] > _SHOWN_MAX:
            all_in = "--json" if shown.id is None else f"longshore kept {shown.id}"
            say(f"... and {reasons[reason] - _SHOWN_MAX:,} more: {all_in}")
        say_hint(ADVICE[reason])


def kept_cells(part: Mapping[str, Any]) -> tuple[object, ...]:
    """The cells of a part that is kept."""
    from longshore.operations import detail_shown

    record = part["record"] or {"type": None, "id": None}
    return (
        record["type"],
        record["id"],
        part["row"],
        ", ".join(part["fields"]) or "(the record)",
        detail_shown(part["detail"]),
    )


def say_after_undo(longshore: Longshore, undo: Undo, shown: UndoShown) -> None:
    """Say what can be done next about an undo."""
    public_id = longshore.public_ids.encode(undo.id)
    if undo.is_finished:
        if shown.meta["undo"] is not None:
            say(f"undo {shown.meta['undo']['id']} takes it back")
        elif undo.restored_count or undo.removed_count:
            say_hint(f"longshore undo {public_id} takes this back")
        return
    older = longshore.undos.waits_for(undo)
    if older is not None:
        say(f"the undo waits for {waiting_for(older)}", hint=freeing(older))
    elif longshore.undos.is_running(undo):
        say("a process is at it")
    else:
        waits = "was left open" if undo.started_at else "has not begun"
        say(f"the undo {waits} and no process is at it", hint="longshore resume finishes it")
