"""Edits: how they are written, what is refused, and what they make of a row."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.edits import (
    CellEdit,
    EditLayer,
    EditRefused,
    Edits,
    Replacement,
    SetEdit,
    field_text,
    parse_replacement,
    parse_set,
    replacement_text,
)
from longshore.error_codes import ErrorCode, message
from longshore.errors import RequestRefused
from longshore.readers import Unreadable


def same(name: str) -> str:
    return name


def layer(edits: Edits, *columns: str, is_tabular: bool = True) -> EditLayer:
    return EditLayer(edits.resolved(same), columns, is_tabular=is_tabular)


def test_options_are_read_as_they_are_written() -> None:
    assert parse_set("name=a=b") == SetEdit(column="name", value="a=b")
    assert parse_set(" name =") == SetEdit(column="name", value="")
    found = parse_replacement("weight:12,5 kg=12500")
    assert found == Replacement(column="weight", old="12,5 kg", new="12500")
    assert parse_replacement("url:http://a=") == Replacement(column="url", old="http://a", new="")
    assert parse_replacement("weight:=0") == Replacement(column="weight", old="", new="0")
    escaped = parse_replacement(r"a\:b:h\=1:2=x\=y")
    assert escaped == Replacement(column="a:b", old="h=1:2", new="x=y")


@given(st.text(alphabet="ab:= c", min_size=1), st.text(alphabet="ab:=/"), st.text(alphabet="a:="))
def test_a_replacement_that_is_written_reads_back(column: str, old: str, new: str) -> None:
    if column.strip():
        written = parse_replacement(replacement_text(column.strip(), old, new))
        assert written == Replacement(column=column.strip(), old=old, new=new)


def test_a_blank_text_is_blank_and_a_replacement_goes_into_elements() -> None:
    rows: list[dict[str, Any]] = [
        {"name": " \u00a0", "tiers": [{"up_to": "x", "more": [{"up_to": "x"}]}, {"up_to": 5}, 7]},
        {"name": None, "tiers": []},
    ]
    edits = Edits(
        replacements=(
            Replacement(column="name", old="", new="N"),
            Replacement(column="tiers.up_to", old="x", new="1"),
            Replacement(column="tiers.more.up_to", old="x", new="2"),
        )
    )
    layer = EditLayer(edits, (), is_tabular=False)
    assert [layer.apply(number, row) for number, row in enumerate(rows, 1)] == [
        {"name": "N", "tiers": [{"up_to": "1", "more": [{"up_to": "2"}]}, {"up_to": 5}, 7]},
        {"name": "N", "tiers": []},
    ]
    assert not layer.unmatched
    assert rows[0]["tiers"] == [{"up_to": "x", "more": [{"up_to": "x"}]}, {"up_to": 5}, 7]


def test_a_row_that_could_not_be_cut_into_cells_stays_as_it_is() -> None:
    edits = Edits(
        cells=(CellEdit(row=1, column="name", value="x"),),
        replacements=(Replacement(column="code", old="", new="y"),),
    )
    over = layer(edits, "code", "name")
    told = message(ErrorCode.BROKEN_QUOTING, "a quote is never closed")
    row = Unreadable(text='a,"b', message=told, lines_count=1, line=1, column=3)
    assert over.apply(1, row) is row
    assert over.rows_left == {1}
    assert over.unmatched == {("code", "")}
    assert over.edited_count == 0


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"a": {"b": "x"}}, "x"),
        ({"a": {"b": 1.5}}, "1.5"),
        ({"a": {"b": None}}, ""),
        ({"a": {}}, ""),
        ({"a": None}, ""),
        ({}, ""),
        ({"a.b": True}, "true"),
        ({"a": [{"b": "x"}]}, None),
        ({"a": "x"}, None),
    ],
)
def test_what_an_edit_can_change_in_an_object_is_told_as_text(
    row: dict[str, Any], text: str | None
) -> None:
    assert field_text(row, "a.b") == text


@pytest.mark.parametrize("text", ["name", "=x", " =x"])
def test_a_set_without_a_field_or_a_value_is_refused(text: str) -> None:
    with pytest.raises(RequestRefused, match="expected FIELD=VALUE"):
        parse_set(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("weight", "expected FIELD:OLD=NEW"),
        ("weight=5", "expected FIELD:OLD=NEW"),
        (":a=b", "expected FIELD:OLD=NEW"),
        ("weight:5", "expected FIELD:OLD=NEW"),
        ("url:a=b=c", "several = stand in"),
    ],
)
def test_a_replacement_that_can_be_read_in_several_ways_is_refused(text: str, message: str) -> None:
    with pytest.raises(RequestRefused, match=message):
        parse_replacement(text)


@pytest.mark.parametrize(
    ("edits", "message", "path"),
    [
        (
            Edits(sets=(SetEdit(column="a", value="1"), SetEdit(column="a", value="2"))),
            "a is set twice",
            ("set", "a"),
        ),
        (
            Edits(
                sets=(SetEdit(column="a", value="1"),),
                replacements=(Replacement(column="a", old="x", new="y"),),
            ),
            "a is both set and replaced",
            ("replace", 0, "field"),
        ),
        (
            Edits(
                replacements=(
                    Replacement(column="a", old="x", new="y"),
                    Replacement(column="a", old="x", new="z"),
                )
            ),
            "'x' of a is replaced twice",
            ("replace", 1, "old"),
        ),
        (
            Edits(
                cells=(
                    CellEdit(row=7, column="a", value="1"),
                    CellEdit(row=7, column="a", value="1"),
                )
            ),
            "a of row 7 is edited twice",
            ("edits", 1, "field"),
        ),
    ],
)
def test_edits_that_contradict_each_other_are_refused(
    edits: Edits, message: str, path: tuple[str | int, ...]
) -> None:
    with pytest.raises(EditRefused) as refused:
        edits.resolved(same)
    assert (refused.value.message, refused.value.path) == (message, path)


def test_an_edit_of_no_column_is_refused_with_its_place() -> None:
    def refuse(name: str) -> str:
        raise RequestRefused(f"no {name}", hint="did you mean b?")

    edits = Edits(cells=(CellEdit(row=1, column="a", value="1"),))
    with pytest.raises(EditRefused) as refused:
        edits.resolved(refuse)
    assert refused.value.path == ("edits", 0, "field")
    assert refused.value.hint == "did you mean b?"


def test_two_names_of_one_column_contradict_each_other() -> None:
    edits = Edits(sets=(SetEdit(column="Name", value="1"), SetEdit(column="name", value="2")))
    with pytest.raises(EditRefused, match="name is set twice"):
        edits.resolved(str.lower)


@pytest.mark.parametrize(
    ("edits", "row", "expected"),
    [
        (Edits(), ["1", "x"], ["1", "x"]),
        (Edits(sets=(SetEdit(column="b", value="y"),)), ["1", "x"], ["1", "y"]),
        (Edits(sets=(SetEdit(column="b", value="y"),)), ["1"], ["1", "y"]),
        (Edits(sets=(SetEdit(column="b", value=""),)), ["1"], ["1"]),
        (Edits(sets=(SetEdit(column="b", value="y"),)), ["1", "x", "more"], ["1", "y", "more"]),
        (Edits(sets=(SetEdit(column="c", value="y"),)), ["1"], ["1", "", "y"]),
        (Edits(sets=(SetEdit(column="c", value="y"),)), ["1", "x", "!"], ["1", "x", "y", "!"]),
        (Edits(replacements=(Replacement(column="a", old="1", new="2"),)), ["1"], ["2"]),
        (Edits(replacements=(Replacement(column="a", old="1", new="2"),)), ["11"], ["11"]),
        (Edits(replacements=(Replacement(column="a", old="1", new="2"),)), ["1 "], ["1 "]),
        (Edits(replacements=(Replacement(column="b", old="", new="2"),)), ["1"], ["1", "2"]),
        (Edits(cells=(CellEdit(row=5, column="a", value=7),)), ["1"], ["7"]),
        (Edits(cells=(CellEdit(row=5, column="a", value=True),)), ["1"], ["true"]),
        (Edits(cells=(CellEdit(row=5, column="a", value=None),)), ["1", "x"], ["", "x"]),
        (Edits(cells=(CellEdit(row=6, column="a", value="7"),)), ["1"], ["1"]),
        (
            Edits(
                cells=(CellEdit(row=5, column="a", value="cell"),),
                sets=(SetEdit(column="a", value="set"),),
            ),
            ["1"],
            ["cell"],
        ),
    ],
)
def test_a_row_of_a_table_is_edited(edits: Edits, row: list[str], expected: list[str]) -> None:
    given = list(row)
    assert layer(edits, "a", "b").apply(5, row) == expected
    assert row == given


@pytest.mark.parametrize(
    ("edits", "row", "expected"),
    [
        (Edits(sets=(SetEdit(column="a", value=None),)), {"a": 1}, {"a": None}),
        (Edits(sets=(SetEdit(column="b", value="x"),)), {"a": 1}, {"a": 1, "b": "x"}),
        (Edits(sets=(SetEdit(column="a.b", value="x"),)), {"a": {"b": 1}}, {"a": {"b": "x"}}),
        (Edits(sets=(SetEdit(column="a.b", value="x"),)), {"a": 1}, {"a": 1, "a.b": "x"}),
        (Edits(replacements=(Replacement(column="a", old="1", new="x"),)), {"a": 1}, {"a": "x"}),
        (Edits(replacements=(Replacement(column="a", old="1", new=2),)), {"a": "1"}, {"a": 2}),
        (Edits(replacements=(Replacement(column="a", old="", new=2),)), {"a": None}, {"a": 2}),
        (Edits(replacements=(Replacement(column="a", old="", new=2),)), {}, {"a": 2}),
        (Edits(replacements=(Replacement(column="a", old="", new=2),)), {"a": []}, {"a": []}),
        (Edits(sets=(SetEdit(column="a", value=1),)), [1, 2], [1, 2]),
        (Edits(sets=(SetEdit(column="a", value=1),)), "text", "text"),
    ],
)
def test_an_object_is_edited(edits: Edits, row: Any, expected: Any) -> None:
    given = repr(row)
    assert layer(edits, "a", is_tabular=False).apply(5, row) == expected
    assert repr(row) == given


def test_a_layer_tells_which_edits_had_no_effect() -> None:
    edits = Edits(
        cells=(CellEdit(row=1, column="a", value="x"), CellEdit(row=9, column="a", value="x")),
        replacements=(
            Replacement(column="b", old="1", new="2"),
            Replacement(column="b", old="3", new="4"),
        ),
    )
    edited = layer(edits, "a", "b")
    assert edited.apply(1, ["x", "1"]) == ["x", "2"]
    assert edited.apply(2, ["x", "5"]) == ["x", "5"]
    assert (edited.unmatched, edited.rows_left) == ({("b", "3")}, {9})
    assert edited.edited_count == 1
