"""Why an id is not that of an import, and what is to be typed in place of it."""

from collections.abc import Callable

from longshore.errors import RequestRefused
from longshore.imports import Import, ImportGroup
from longshore.undos import Undo


def refused_as_import(
    public_id: str,
    *,
    plan: Import | None,
    undo: Undo | None,
    group: ImportGroup | None,
    encode: Callable[[int], str],
) -> RequestRefused:
    """The refusal of an id that is that of a plan, an undo, a group, or of nothing."""
    if undo is not None:
        return RequestRefused(
            f"{public_id!r} is an undo, and no import",
            hint=f"longshore show {public_id} tells what it has done, and longshore changes "
            f"{public_id} each change",
        )
    if group is not None:
        members = ", ".join(f"{encode(each.id)} ({each.resource_type})" for each in group.members)
        return RequestRefused(
            f"{public_id!r} is an import group, and no import", hint=f"name one of its: {members}"
        )
    if plan is not None:
        return RequestRefused(
            f"{public_id!r} is a plan, and nothing was imported by it",
            hint=f"longshore plan show {public_id} shows it",
        )
    return RequestRefused(
        f"there is no import {public_id!r}", hint="`longshore imports` lists them"
    )
