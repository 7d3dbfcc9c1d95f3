"""What an import that is pinned has found otherwise, as it is stored and shown."""

from longshore.imports import MovedRow, StoreMoved

_ROW = MovedRow(
    row=1_207,
    line=1_208,
    key="A1",
    record={"type": "skus", "id": "AaBbCcDdEe"},
    what="its record has changed",
)


def test_what_has_moved_comes_back_as_it_was_stored() -> None:
    moved = StoreMoved(message="row 1,207 is not as it was judged", rows=(_ROW,), count=1)
    assert StoreMoved.from_dict(moved.to_dict()) == moved
    assert moved.to_dict()["rows"] == [
        {
            "row": 1_207,
            "line": 1_208,
            "key": "A1",
            "record": {"type": "skus", "id": "AaBbCcDdEe"},
            "what": "its record has changed",
        }
    ]


def test_a_row_that_has_moved_says_where_it_stands() -> None:
    assert str(_ROW) == "row 1,207 (line 1,208): its record has changed"
