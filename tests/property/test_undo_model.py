"""The model of undo against expectations written by hand.

The model is what longshore is compared with, so somebody has to check the model: each case tells
a short story of two or three records, and says what an undo of its import must leave.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from longshore.undos import KeptReason
from tests.property.undoing import WHOLE, Author, History, Records, Write, foretell

IMPORT, UNDO = Author(1), Author(2, Author(1))
REDO = Author(3, UNDO)
LATER = Author(9)
SOMEBODY = Author(None)

PLACE = {"table": "shipping_categories", "type": "x", "name": "Goods", "tags": ()}
SKU = {
    "table": "skus",
    "code": "A",
    "name": "new",
    "weight": 1,
    "unit_of_weight": "gr",
    "do_not_ship": False,
    "shipping_category_id": 10,
    "tags": (),
}
WEIGHT = frozenset({"weight", "unit_of_weight"})
NAME, CODE, TAGS = frozenset({"name"}), frozenset({"code"}), frozenset({"tags"})
SHIPPING = frozenset({"do_not_ship", "shipping_category_id"})


def sku(**values: object) -> dict[str, Any]:
    return {**SKU, **values}


def update(author: Author, record: int, step: int = 1, **changes: tuple[Any, Any]) -> Write:
    return Write(author, step, "update", record, changes)


def create(author: Author, record: int, step: int = 1) -> Write:
    return Write(author, step, "create", record)


def destroy(author: Author, record: int, image: Mapping[str, Any]) -> Write:
    return Write(author, 0, "destroy", record, image=image)


def restore(author: Author, record: int, image: Mapping[str, Any]) -> Write:
    return Write(author, 0, "restore", record, image=image)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Writes, the records that they have left, and what an undo makes of these."""

    told: str
    writes: list[Write]
    records: Records  # besides the shipping category 10
    left: Records
    kept: Mapping[tuple[int, frozenset[str]], str] = field(default_factory=dict)
    undo: Author = UNDO
    flags: Mapping[str, Any] = field(default_factory=dict)


NAMED = update(IMPORT, 1, name=("old", "new"))
STORIES = (
    Story(
        told="a field is given back",
        writes=[NAMED],
        records={1: sku()},
        left={1: sku(name="old")},
    ),
    Story(
        told="a field goes back through all steps",
        writes=[update(IMPORT, 1, name=("old", "mid")), update(IMPORT, 1, 2, name=("mid", "new"))],
        records={1: sku()},
        left={1: sku(name="old")},
    ),
    Story(
        told="one field that somebody has changed stays, the other is given back",
        writes=[
            update(IMPORT, 1, name=("old", "newer"), code=("B", "A")),
            update(SOMEBODY, 1, name=("newer", "new")),
        ],
        records={1: sku()},
        left={1: sku(code="B")},
        kept={(1, NAME): "changed_since"},
    ),
    Story(
        told="whoever wrote the same value again has changed it since",
        writes=[
            NAMED,
            update(SOMEBODY, 1, name=("new", "old")),
            update(SOMEBODY, 1, name=("old", "new")),
        ],
        records={1: sku()},
        left={1: sku()},
        kept={(1, NAME): "changed_since"},
    ),
    Story(
        told="a value stays with its unit",
        writes=[
            update(IMPORT, 1, weight=(2, 1)),
            update(SOMEBODY, 1, unit_of_weight=("oz", "gr")),
        ],
        records={1: sku()},
        left={1: sku()},
        kept={(1, WEIGHT): "changed_since"},
    ),
    Story(
        told="a key that another record has by now",
        writes=[update(IMPORT, 1, code=("B", "A")), create(SOMEBODY, 2)],
        records={1: sku(), 2: sku(code="B")},
        left={1: sku(), 2: sku(code="B")},
        kept={(1, CODE): "key_taken"},
    ),
    Story(
        told="a key that goes with what the import has created",
        writes=[update(IMPORT, 1, code=("B", "A")), create(IMPORT, 2, 2)],
        records={1: sku(), 2: sku(code="B")},
        left={1: sku(code="B")},
    ),
    Story(
        told="a target that is gone, and what hangs together with it",
        writes=[
            update(IMPORT, 1, shipping_category_id=(11, 10), do_not_ship=(True, False)),
            destroy(SOMEBODY, 11, PLACE),
        ],
        records={1: sku()},
        left={1: sku()},
        kept={(1, SHIPPING): "target_gone"},
    ),
    Story(
        told="what a row could not make",
        writes=[update(IMPORT, 1, name=("", "new"))],
        records={1: sku()},
        left={1: sku()},
        kept={(1, NAME): "would_be_invalid"},
    ),
    Story(
        told="a changed record that is gone",
        writes=[NAMED, destroy(SOMEBODY, 1, SKU)],
        records={},
        left={},
        kept={(1, WHOLE): "destroyed_since"},
    ),
    Story(
        told="a created record that is gone",
        writes=[create(IMPORT, 1), destroy(SOMEBODY, 1, SKU)],
        records={},
        left={},
        kept={(1, WHOLE): "destroyed_since"},
    ),
    Story(
        told="created records go, with those that refer to them",
        writes=[create(IMPORT, 1), create(IMPORT, 3), update(IMPORT, 1, 2, name=("old", "new"))],
        records={1: sku(tags=(3,)), 3: {"table": "tags", "name": "red", "tags": ()}},
        left={},
    ),
    Story(
        told="a created record that somebody has changed stays whole, and what it refers to",
        writes=[
            create(IMPORT, 1),
            create(IMPORT, 3),
            update(IMPORT, 1, 2, code=("B", "A")),
            update(SOMEBODY, 1, name=("old", "new")),
        ],
        records={1: sku(tags=(3,)), 3: {"table": "tags", "name": "red", "tags": ()}},
        left={1: sku(tags=(3,)), 3: {"table": "tags", "name": "red", "tags": ()}},
        kept={(1, WHOLE): "changed_since", (3, WHOLE): "referred_to"},
    ),
    Story(
        told="a created record that somebody refers to",
        writes=[create(IMPORT, 1), create(SOMEBODY, 4)],
        records={1: sku(), 4: {"table": "attachments", "attachable_id": 1, "tags": ()}},
        left={1: sku(), 4: {"table": "attachments", "attachable_id": 1, "tags": ()}},
        kept={(1, WHOLE): "referred_to"},
    ),
    Story(
        told="a created record that somebody names by its code",
        writes=[create(IMPORT, 1), create(SOMEBODY, 4)],
        records={1: sku(), 4: {"table": "line_items", "sku_code": "A", "tags": ()}},
        left={1: sku(), 4: {"table": "line_items", "sku_code": "A", "tags": ()}},
        kept={(1, WHOLE): "referred_to"},
    ),
    Story(
        told="a tag that somebody has put on a record",
        writes=[create(IMPORT, 3), update(SOMEBODY, 1, tags=((), (3,)))],
        records={1: sku(tags=(3,)), 3: {"table": "tags", "name": "red", "tags": ()}},
        left={1: sku(tags=(3,)), 3: {"table": "tags", "name": "red", "tags": ()}},
        kept={(3, WHOLE): "referred_to"},
    ),
    Story(
        told="what was given back already is not kept",
        writes=[NAMED, update(UNDO, 1, name=("new", "old"))],
        records={1: sku(name="old")},
        left={1: sku(name="old")},
        undo=Author(4, IMPORT),
    ),
    Story(
        told="an undo is taken back",
        writes=[
            NAMED,
            create(IMPORT, 2),
            update(UNDO, 1, name=("new", "old")),
            destroy(UNDO, 2, sku(code="B")),
        ],
        records={1: sku(name="old")},
        left={1: sku(), 2: sku(code="B")},
        undo=REDO,
    ),
    Story(
        told="a record comes back with the key that another one gives up",
        writes=[
            update(IMPORT, 1, code=("B", "A")),
            create(IMPORT, 2, 2),
            destroy(UNDO, 2, sku(code="B")),
            update(UNDO, 1, code=("A", "B")),
        ],
        records={1: sku(code="B")},
        left={1: sku(), 2: sku(code="B")},
        undo=REDO,
    ),
    Story(
        told="a record whose key is taken does not come back",
        writes=[create(IMPORT, 2), destroy(UNDO, 2, sku(code="B")), create(SOMEBODY, 5)],
        records={5: sku(code="B")},
        left={5: sku(code="B")},
        kept={(2, WHOLE): "key_taken"},
        undo=REDO,
    ),
    Story(
        told="a record whose target is gone does not come back",
        writes=[
            create(IMPORT, 2),
            destroy(UNDO, 2, sku(shipping_category_id=11)),
            destroy(SOMEBODY, 11, PLACE),
        ],
        records={},
        left={},
        kept={(2, WHOLE): "target_gone"},
        undo=REDO,
    ),
    Story(
        told="a record that is back is destroyed by the next undo",
        writes=[create(IMPORT, 2), destroy(UNDO, 2, sku()), restore(REDO, 2, sku())],
        records={2: sku()},
        left={},
        undo=Author(4, REDO),
    ),
    Story(
        told="the same, by an undo of the import",
        writes=[create(IMPORT, 2), destroy(UNDO, 2, sku()), restore(REDO, 2, sku())],
        records={2: sku()},
        left={},
        undo=Author(4, IMPORT),
    ),
    Story(
        told="a field that was written anew since the undo of an undo",
        writes=[
            NAMED,
            update(UNDO, 1, name=("new", "old")),
            update(REDO, 1, name=("old", "new")),
            update(SOMEBODY, 1, name=("new", "newest")),
        ],
        records={1: sku(name="newest")},
        left={1: sku(name="newest")},
        kept={(1, NAME): "changed_since"},
        undo=Author(4, IMPORT),
    ),
    Story(
        told="a later import has changed it since",
        writes=[update(IMPORT, 1, name=("old", "mid")), update(LATER, 1, name=("mid", "new"))],
        records={1: sku()},
        left={1: sku()},
        kept={(1, NAME): "changed_since"},
    ),
    Story(
        told="tags are given back, except to one that is gone",
        writes=[
            update(IMPORT, 1, tags=((3,), ())),
            update(IMPORT, 2, tags=((4,), ())),
            destroy(SOMEBODY, 4, {}),
        ],
        records={1: sku(), 2: sku(code="B"), 3: {"table": "tags", "name": "red", "tags": ()}},
        left={
            1: sku(tags=(3,)),
            2: sku(code="B"),
            3: {"table": "tags", "name": "red", "tags": ()},
        },
        kept={(2, TAGS): "target_gone"},
    ),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.told)
def test_the_model_foretells_what_was_written_down_by_hand(story: Story) -> None:
    places: Records = {10: dict(PLACE)}
    foretold = foretell({**places, **story.records}, History(story.writes), story.undo, story.flags)
    assert foretold.records == {**places, **story.left}
    assert foretold.kept == story.kept


def test_the_stories_have_every_reason_that_records_can_give() -> None:
    """History that is purged is a matter of storage, of which the model knows nothing."""
    reasons = {reason for story in STORIES for reason in story.kept.values()}
    assert reasons == {*KeptReason} - {KeptReason.HISTORY_PURGED}
