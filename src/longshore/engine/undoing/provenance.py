"""Which changes the fields of a record have their values from.

Theory. The changes of a unit of fields lie upon each other; the last one counts. An undo that takes
back changes does not add to them: the fields are again what they were before the first of these, so
the change below counts (`undoes`). Whose undos are looked through so are those of one family.
Anything else is somebody's change, also if the value is the same; and so is that the record was
destroyed or came back.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from longshore.engine.undoing.undo_family import UndoFamily
from longshore.journal import LaterEntry, MadeUpdate


class UnitOrigin(NamedTuple):
    """What the changes of a unit have come to."""

    # Its fields that are to be given back, as they were; none: others have changed it since, or it
    # was given back before.
    values: Mapping[str, Any]
    undoes: int  # the first change that is taken back; 0: none is
    row_number: int | None  # of the first change, whoever has changed it since
    foreign: LaterEntry | None  # what somebody else changed above a change that is not taken back


def unit_origin(
    fields: frozenset[str],
    own: Sequence[MadeUpdate],
    later: Sequence[LaterEntry],
    family: UndoFamily,
) -> UnitOrigin:
    """What a step's changes of a unit have come to. `own` are those of one record, `later` all
    others of the record behind the first of these, both in the order of the journal."""
    touching = [each for each in own if not fields.isdisjoint(each.changes)]
    row_number = touching[0].row_number
    if not later:
        return _taken(fields, touching[::-1], row_number, None)
    entries: list[MadeUpdate | LaterEntry] = sorted((*touching, *later), key=_id)
    found, foreign = _standing(fields, entries, touching[0].id, family)
    if not found and foreign is None:
        found, foreign = _stood_for(fields, entries, touching[0].id, family)
    return _taken(fields, found, row_number, foreign)


def _standing(
    fields: frozenset[str],
    entries: Sequence[MadeUpdate | LaterEntry],
    first: int,
    family: UndoFamily,
) -> tuple[list[MadeUpdate], LaterEntry | None]:
    """The changes of a step that still count, the last one first, and what lies below these."""
    found: list[MadeUpdate] = []
    for entry in _lying_upon_each_other(fields, entries, family):
        if entry.id < first:
            break
        if isinstance(entry, MadeUpdate):
            found.append(entry)
        elif not family.has_made(entry):
            return found, entry
    return found, None


def _stood_for(
    fields: frozenset[str],
    entries: Sequence[MadeUpdate | LaterEntry],
    first: int,
    family: UndoFamily,
) -> tuple[list[MadeUpdate], LaterEntry | None]:
    """As `_standing`, where another undo of the family has done once more what was taken back."""
    found: list[MadeUpdate] = []
    is_stood_for = False
    for entry in reversed(entries):
        if entry.id < first:
            break
        if isinstance(entry, MadeUpdate):
            found.append(entry)
        elif _touches(entry, fields):
            if not family.has_taken_back(entry) and not family.has_made(entry):
                return (found, entry) if is_stood_for else ([], None)
            if not is_stood_for and not family.stands_for_maker(entry):
                return [], None
        else:
            continue
        is_stood_for = True
    return found, None


def _lying_upon_each_other(
    fields: frozenset[str], entries: Sequence[MadeUpdate | LaterEntry], family: UndoFamily
) -> Iterator[MadeUpdate | LaterEntry]:
    """The changes of a unit that count, or would without those above them; the uppermost first."""
    below = entries[-1].id + 1
    for entry in reversed(entries):
        if entry.id >= below:
            continue
        if isinstance(entry, MadeUpdate):
            yield entry
        elif _touches(entry, fields):
            is_known = family.has_taken_back(entry) and not family.has_made(entry)
            if is_known and entry.undoes is not None:
                below = entry.undoes
            else:
                yield entry


def _touches(entry: LaterEntry, fields: frozenset[str]) -> bool:
    is_of_record = entry.event == "destroy" or entry.restores is not None
    return is_of_record or not fields.isdisjoint(entry.fields)


def _taken(
    fields: frozenset[str],
    found: Sequence[MadeUpdate],
    row_number: int | None,
    foreign: LaterEntry | None,
) -> UnitOrigin:
    """What is to be given back of changes, the last one of which comes first."""
    values = {
        name: before
        for update in found
        for name, (before, _) in update.changes.items()
        if name in fields
    }
    return UnitOrigin(values, found[-1].id if found else 0, row_number, foreign)


def _id(entry: MadeUpdate | LaterEntry) -> int:
    return entry.id
