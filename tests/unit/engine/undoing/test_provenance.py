"""What the changes of a unit have come to: one line for each course of things."""

from collections.abc import Sequence

import pytest

from longshore.engine.undoing.provenance import unit_origin
from longshore.engine.undoing.undo_family import UndoFamily
from longshore.journal import Actor, ActorKind, LaterEntry, MadeUpdate

IMPORT, UNDO, REDO, AGAIN, OTHER = 1, 2, 3, 4, 9
DEPTHS = {IMPORT: 1, UNDO: 1, REDO: 2, AGAIN: 1}
UNIT = frozenset({"name"})


def own(id: int) -> MadeUpdate:
    """A change of the step at hand; the value before it is its own number."""
    return MadeUpdate(id, id, "skus", "skus", 7, {"name": (id, id + 1)})


def by_import(id: int, import_id: int = IMPORT) -> LaterEntry:
    return LaterEntry(id, 7, None, None, import_id, "update", None, None, UNIT)


def by_undo(id: int, undo_id: int, undoes: int) -> LaterEntry:
    return LaterEntry(id, 7, "undo", undo_id, None, "update", None, undoes, UNIT)


def somebody(id: int, event: str = "update") -> LaterEntry:
    return LaterEntry(id, 7, "application", 5, 5, event, None, None, UNIT)


def elsewhere(id: int) -> LaterEntry:
    """A change of another unit."""
    return somebody(id)._replace(fields=frozenset({"code"}))


# Own changes, later entries; the value that is given back, the change of somebody else that is told
COURSES: Sequence[tuple[str, list[MadeUpdate], list[LaterEntry], int | None, int | None]] = [
    ("it is the last", [own(10)], [], 10, None),
    ("the first of a step counts", [own(10), own(11)], [], 10, None),
    ("another unit is no matter", [own(10)], [elsewhere(20)], 10, None),
    ("somebody has changed it", [own(10)], [somebody(20)], None, 20),
    ("another import has", [own(10)], [by_import(20, OTHER)], None, 20),
    ("an undo of another import has", [own(10)], [by_undo(20, OTHER, 5)], None, 20),
    ("it was destroyed meanwhile", [own(10)], [somebody(20, "destroy")], None, 20),
    ("between two of its own", [own(10), own(30)], [somebody(20)], 30, 20),
    ("a later chunk's was given back", [own(10)], [by_import(20), by_undo(30, UNDO, 20)], 10, None),
    ("a later chunk's was refused", [own(10)], [by_import(20)], 10, None),
    ("it was given back before", [own(10)], [by_undo(20, UNDO, 10)], None, None),
    (
        "it was given back with what came before it",
        [own(10)],
        [by_undo(20, UNDO, 5)],
        None,
        None,
    ),
    ("it is there again", [own(10)], [by_undo(20, UNDO, 10), by_undo(30, REDO, 20)], 10, None),
    (
        "it was given back twice",
        [own(10)],
        [by_undo(20, UNDO, 10), by_undo(30, REDO, 20), by_undo(40, AGAIN, 10)],
        None,
        None,
    ),
    (
        "somebody has changed it before it was given back",
        [own(10)],
        [somebody(20), by_import(25), by_undo(30, UNDO, 25)],
        None,
        20,
    ),
    (
        "somebody has changed it since it was given back",
        [own(10)],
        [by_undo(20, UNDO, 10), somebody(30)],
        None,
        30,
    ),
]


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course[0])
def test_a_course_of_changes_of_an_import(
    course: tuple[str, list[MadeUpdate], list[LaterEntry], int | None, int | None],
) -> None:
    _, made, later, value, told = course
    family = UndoFamily(maker=Actor(ActorKind.IMPORT, IMPORT), depths=DEPTHS)
    origin = unit_origin(UNIT, made, later, family)
    assert origin.values == ({} if value is None else {"name": value})
    assert (origin.foreign and origin.foreign.id) == told
    assert origin.undoes == (value or 0)
    assert origin.row_number == made[0].id


def test_an_undo_is_taken_back_that_another_one_has_done_once_more() -> None:
    """The import has changed it, an undo given it back, a redo changed it, an undo given it back:
    whoever takes the first undo back means what the second one did as well."""
    family = UndoFamily(maker=Actor(ActorKind.UNDO, UNDO), depths=DEPTHS)
    own_change = own(20)
    later = [by_undo(30, REDO, 20), by_undo(40, AGAIN, 10)]
    assert unit_origin(UNIT, [own_change], later, family).values == {"name": 20}
    assert unit_origin(UNIT, [own_change], later[:1], family).values == {}
