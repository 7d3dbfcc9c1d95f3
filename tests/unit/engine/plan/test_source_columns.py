"""What columns of a table mean, and how those without effect are named."""

import pytest

from longshore.engine import IGNORED, source_columns
from longshore.errors import RequestRefused
from longshore.readers import Format, Layout, Position
from tests.unit.engine.plans import CATALOGUE


def layout(*columns: str) -> Layout:
    return Layout(
        format=Format.CSV, encoding="utf-8", delimiter=",", columns=columns, first=Position()
    )


def test_columns_without_a_name_and_doubled_ones_are_named_where_they_have_no_effect() -> None:
    columns = source_columns(
        CATALOGUE, CATALOGUE.types["skus"], layout("", "code", "x", "", "x", "Name"), {}
    )
    assert columns.fields == ["", "code", "x", "", "x", "name"]
    assert columns.left_out(["x"]) == ("column 1 has no name", "x", "column 4 has no name")


def test_field_that_two_columns_of_one_name_give_is_refused() -> None:
    with pytest.raises(RequestRefused, match="the columns 1 and 3 are both named 'code'"):
        source_columns(CATALOGUE, CATALOGUE.types["skus"], layout("code", "x", "code"), {})


def test_what_somebody_asked_to_leave_out_is_listed_with_the_rest() -> None:
    columns = source_columns(
        CATALOGUE, CATALOGUE.types["skus"], layout("id", "code", "x"), {"id": IGNORED}
    )
    assert columns.fields == ["", "code", "x"]
    assert columns.left_out(["x"]) == ("id", "x")
