"""How far an import is taken back, over all its undos and the undos of these."""

import pytest

from longshore.undos import Extent
from longshore.undos.extent import UndoNode, extents

IMPORT = 1


def undo(
    id_: int, of: int, *, effect: bool = True, kept: int = 0, completed: bool = True
) -> UndoNode:
    return UndoNode(id=id_, of=of, is_completed=completed, has_effect=effect, kept_count=kept)


WHOLE = undo(2, IMPORT)
SOME_KEPT = undo(2, IMPORT, kept=1)
STOPPED = undo(2, IMPORT, completed=False)
AGAIN_FOR_NOTHING = undo(3, IMPORT, effect=False, kept=1)


@pytest.mark.parametrize(
    ("undos", "extent", "whole_by"),
    [
        ([WHOLE], Extent.ALL, 2),
        ([SOME_KEPT], Extent.ALL, None),
        ([undo(2, IMPORT, effect=False, kept=3)], Extent.NONE, None),
        ([STOPPED], Extent.PART, None),
        ([STOPPED, undo(3, IMPORT)], Extent.ALL, 3),
        ([STOPPED, AGAIN_FOR_NOTHING], Extent.ALL, None),
        # An undo that did nothing does not stand for the one before it.
        ([SOME_KEPT, AGAIN_FOR_NOTHING], Extent.ALL, None),
        ([SOME_KEPT, AGAIN_FOR_NOTHING, undo(4, 2)], Extent.NONE, None),
        ([SOME_KEPT, undo(3, IMPORT), undo(4, 2)], Extent.PART, None),
        ([SOME_KEPT, undo(3, IMPORT), undo(4, 3)], Extent.PART, None),
        # Undone, in effect, undone, and so on.
        ([WHOLE, undo(3, 2)], Extent.NONE, None),
        ([WHOLE, undo(3, 2), undo(4, 3)], Extent.ALL, 2),
        ([WHOLE, undo(3, 2), undo(4, 3), undo(5, 4)], Extent.NONE, None),
        ([WHOLE, undo(3, 2), undo(4, IMPORT)], Extent.ALL, 4),
        ([WHOLE, undo(3, 2), undo(4, IMPORT), undo(5, 4)], Extent.NONE, None),
        ([WHOLE, undo(3, 2, effect=False, kept=1)], Extent.ALL, 2),
        ([WHOLE, undo(3, 2, kept=1)], Extent.PART, None),
        ([WHOLE, undo(3, 2, completed=False)], Extent.PART, None),
        ([WHOLE, undo(3, 2, kept=1), undo(4, IMPORT)], Extent.ALL, 4),
    ],
)
def test_an_import_is_as_far_taken_back_as_its_undos_are_in_effect(
    undos: list[UndoNode], extent: Extent, whole_by: int | None
) -> None:
    found = extents(undos)[IMPORT]
    assert (found.extent, found.whole_by) == (extent, whole_by)
    assert found.newest == undos[-1].id


def test_chains_of_undos_may_be_long() -> None:
    chain = [undo(number + 1, number) for number in range(1, 5_000)]
    assert extents(chain)[IMPORT].extent is Extent.ALL
    assert extents(chain[:-1])[IMPORT].extent is Extent.NONE
