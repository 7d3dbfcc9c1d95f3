"""Columns are looked at in bounded memory."""

import pytest

from longshore.mapping import ColumnLooker, ValueKind
from longshore.readers import Format, Layout, Position


def looker(*columns: str, format: Format = Format.CSV) -> ColumnLooker:
    return ColumnLooker(
        Layout(format=format, encoding="utf-8", delimiter=",", columns=columns, first=Position())
    )


def test_blanks_are_counted_over_all_rows_and_values_in_the_first_thousand() -> None:
    looking = looker("code", "note")
    looking.look([[f"{number}", " " if number % 2 else "x"] for number in range(2_001)])
    looking.look([["a"]] * 10)  # rows that are shorter than the header
    code, note = looking.columns()
    assert (code.blanks_count, code.filled_count, code.kinds) == (
        0,
        2_011,
        {ValueKind.INTEGER: 1_000},
    )
    assert (note.blanks_count, note.samples) == (1_010, ["x"])


def test_long_cells_are_cut_and_not_kept() -> None:
    looking = looker("text")
    looking.look([["x" * 1_000_000]] * 3)
    (text,) = looking.columns()
    assert (len(text.samples[0]), text.values, text.kind) == (60, [], ValueKind.TEXT)


def test_wide_sources_are_looked_at_in_fewer_rows() -> None:
    looking = looker(*(f"c{number}" for number in range(16_384)))
    looking.look([["1"] * 16_384] * 100)
    assert {len(each.values) for each in looking.columns()} == {20}


def test_cells_beyond_the_header_are_no_column() -> None:
    looking = looker("a")
    looking.look([["1", "2", "3"]])
    assert len(looking.columns()) == 1


@pytest.mark.parametrize("value", [None, "", " "])
def test_keys_of_json_without_a_value_are_blank(value: object) -> None:
    looking = looker("code", "items", "items.name", format=Format.JSON)
    looking.look([{"code": value, "items": [{"name": "a"}, {"name": "b"}]}, {"code": "A"}, 7])
    code, items, name = looking.columns()
    assert (code.blanks_count, items.kind, name.samples) == (2, ValueKind.LIST, ["a", "b"])


def test_an_array_in_place_of_an_object_is_no_row_of_cells() -> None:
    looking = looker("code", format=Format.JSON)
    looking.look([{"code": "A"}, [1], ["B"], None])
    (code,) = looking.columns()
    assert (code.filled_count, code.blanks_count, code.samples) == (1, 3, ["A"])
