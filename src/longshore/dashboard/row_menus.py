"""What can be done with an import, beside its line in the list of all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from longshore.access import Action
from longshore.dashboard.request import PageRequest
from longshore.imports import ListedImport
from longshore.undos import Extent


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """Something that can be done with a line: a link, or a button where that changes something at
    once."""

    text: str
    address: str
    is_button: bool = False


def menu_of(
    request: PageRequest, line: ListedImport, undone: Extent, *, address: str
) -> Sequence[MenuEntry]:
    """What somebody may do with a line, as far as a list knows: the pages behind it ask first."""
    return tuple(_entries(request, line, undone, address))


def _entries(
    request: PageRequest, line: ListedImport, undone: Extent, address: str
) -> Iterator[MenuEntry]:
    may_create, may_change = (
        request.may(action, "imports") for action in (Action.CREATE, Action.UPDATE)
    )
    yield MenuEntry(text="Open", address=address)
    if not line.is_group:
        yield MenuEntry(text="Files to download", address=f"{address}/files")
    if line.ended_at is None:
        if may_change:
            yield MenuEntry(text="Stop import", address=f"{address}/interrupt", is_button=True)
        return
    if line.errors_count and may_create:
        yield MenuEntry(text="Retry failed rows", address=f"{address}/retry")
    if (line.created_count or line.updated_count) and undone is not Extent.ALL and may_change:
        yield MenuEntry(text="Undo import", address=f"{address}/undo")
    if may_create and not line.is_group:
        yield MenuEntry(text="Import another file like this", address=f"{address}/again")
    if request.may(Action.DESTROY, "imports"):
        yield MenuEntry(text="Delete", address=f"{address}/delete")
