"""Import groups taken back: run, or only tried, and told as one."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from longshore.cli.documents import write_document
from longshore.cli.endings import Exit, silence_output
from longshore.cli.import_work import Work
from longshore.cli.messages import fail, say_hint
from longshore.cli.resources import undo_resource
from longshore.cli.stops import StopRequested
from longshore.cli.tables import TableColumn, write_facts, write_table
from longshore.cli.undo_report import exit_of_undo, exit_of_undo_trial, made_on_the_way, write_kept

if TYPE_CHECKING:
    from longshore.imports import ImportGroup
    from longshore.operations import UndoShown

__all__ = ["try_group_undo", "undo_group"]

_COUNTS = ("restored_count", "removed_count", "kept_count")
_COLUMNS = (
    TableColumn(title="type"),
    TableColumn(title="undo"),
    TableColumn(title="status"),
    TableColumn(title="restored", right=True),
    TableColumn(title="removed", right=True),
    TableColumn(title="kept", right=True),
)


def try_group_undo(work: Work, group: ImportGroup, *, as_json: bool) -> Exit:
    """Show what an undo of a group would do."""
    try:
        found = work.try_group_undo(group)
    except StopRequested:
        fail("stopped before the end of the dry run; nothing was written")
        return Exit.HAD_ERRORS
    told = [(member.resource_type, shown) for member, _, shown in found]
    if as_json:
        _write_json(work, group, told, dry_run=True)
    else:
        _describe(work, group, told, [("dry run", "nothing was written")])
    return max(exit_of_undo_trial(trial) for _, trial, _ in found)


def undo_group(work: Work, group: ImportGroup, *, as_json: bool) -> Exit:
    """Take a group back: its members from the last to the first, as one undo each."""
    from longshore.operations import Asker

    undos = work.longshore.undos
    begun = undos.start_group(Asker(environment=work.environment), group, to_run=True)
    ended, effort = work.run_undos(begun)
    types = {each.id: each.resource_type for each in group.members}
    told = [(types[each.import_id], undos.shown(each)) for each in ended if each.import_id]
    try:
        if as_json:
            _write_json(work, group, told, dry_run=False)
        else:
            _describe(work, group, told, [("time", effort)])
            if not all(each.is_finished for each in ended):
                say_hint("longshore resume finishes what is left open")
        sys.stdout.flush()
    except BrokenPipeError:
        silence_output()  # nobody reads the report, and the undos ended as they did
    return max(map(exit_of_undo, ended))


def _totals(told: Iterable[tuple[str, UndoShown]]) -> Mapping[str, int]:
    shown = [each for _, each in told]
    return {name: sum(each.attributes[name] for each in shown) for name in _COUNTS}


def _describe(
    work: Work,
    group: ImportGroup,
    told: Sequence[tuple[str, UndoShown]],
    facts: Sequence[tuple[str, object]],
) -> None:
    totals = _totals(told)
    write_facts(
        [
            ("of import group", work.longshore.public_ids.encode(group.id)),
            ("restored", totals["restored_count"]),
            ("removed", totals["removed_count"]),
            ("among them", _made_on_the_way(work, group, told)),
            ("kept", totals["kept_count"]),
            *facts,
        ]
    )
    write_table(
        _COLUMNS,
        (
            (
                resource_type,
                shown.id,
                None if shown.id is None else shown.attributes["status"],
                *(shown.attributes[name] for name in _COUNTS),
            )
            for resource_type, shown in told
        ),
    )
    for _, shown in told:
        write_kept(shown)


def _made_on_the_way(
    work: Work, group: ImportGroup, told: Sequence[tuple[str, UndoShown]]
) -> str | None:
    removed = {type_: shown.attributes["removed_count"] for type_, shown in told}
    made = [
        made_on_the_way(work.longshore, each.id, removed.get(each.resource_type, 0))
        for each in group.members
    ]
    return "; ".join(filter(None, made)) or None


def _write_json(
    work: Work, group: ImportGroup, told: Sequence[tuple[str, UndoShown]], *, dry_run: bool
) -> None:
    meta: dict[str, Any] = {
        "group_id": work.longshore.public_ids.encode(group.id),
        "dry_run": dry_run,
        **_totals(told),
    }
    data = [undo_resource(work.environment, shown) for _, shown in told]
    write_document({"data": data, "meta": meta})
