"""Suggestions for header rows of public files, half of which are kept apart from improvements.

The half is fixed by a list that is older than the improvements, made by the rule that is tested
here. Where headers come from is what is kept apart, so no system stands on both sides.
"""

import pytest

from longshore.mapping import Confidence
from tests.unit.mapping.header_rows import HeaderRow, header_rows, is_kept_apart, origins
from tests.unit.mapping.test_aliases import inspect

ROWS = list(header_rows())
RIGHT_MIN = 0.85


def suggested(row: HeaderRow) -> dict[str, tuple[str, Confidence]]:
    inspection = inspect(row.columns, *row.rows, type_=row.resource_type)
    names = {each.number: each.name for each in inspection.columns}
    return {names[each.column]: (each.field, each.confidence) for each in inspection.fields}


@pytest.fixture(scope="module")
def suggestions() -> list[tuple[HeaderRow, dict[str, tuple[str, Confidence]]]]:
    return [(row, suggested(row)) for row in ROWS]


def test_the_list_is_as_its_rule_says_and_names_all_headers() -> None:
    listed = origins()
    assert listed == {each: is_kept_apart(each) for each in listed}
    assert {each.origin for each in ROWS} == set(listed)
    assert 0.4 < sum(listed.values()) / len(listed) < 0.6


@pytest.mark.parametrize("is_held_out", [False, True], ids=["looked at", "kept apart"])
def test_most_columns_that_have_a_field_are_suggested_rightly(suggestions, is_held_out) -> None:
    right = [
        found.get(column, ("", None))[0] == field
        for row, found in suggestions
        if row.is_held_out == is_held_out
        for column, field in row.fields.items()
    ]
    assert sum(right) >= RIGHT_MIN * len(right), sum(right) / len(right)


def test_none_is_wrong_with_high_confidence(suggestions) -> None:
    wrong = [
        (row.origin, row.resource_type, column, field)
        for row, found in suggestions
        for column, (field, confidence) in found.items()
        if confidence is Confidence.HIGH and row.fields.get(column) != field
    ]
    assert not wrong


def test_none_is_a_trigger_or_an_id(suggestions) -> None:
    for row, found in suggestions:
        for column, (field, _) in found.items():
            assert not field.startswith("_"), (row.origin, column)
            assert field != "id", (row.origin, column)
            assert not field.endswith(("_id", ".id")), (row.origin, column)


@pytest.mark.parametrize("origin", ["google-merchant", "meta-catalogue"])
def test_a_feed_of_products_is_of_skus(origin: str) -> None:
    row = next(each for each in ROWS if each.origin == origin)
    assert inspect(row.columns, *row.rows).resource_type == "skus"


@pytest.mark.parametrize(
    ("columns", "values", "code"),
    [
        (["Référence", "Désignation"], ["A-1", "Levier"], "Référence"),
        (["id", "title"], ["TSH-1", "Shirt"], "id"),
        # Somebody else's record, and a code that there is
        (["id", "title"], ["17", "Shirt"], None),
        (["id", "title"], ["aB3dE6gH9j", "Shirt"], None),
        (["Reference", "SKU"], ["R-1", "A-1"], "SKU"),
        # By its own name it is what it says
        (["reference", "title"], ["R-1", "Shirt"], None),
    ],
)
def test_what_may_be_a_code_is_one_where_nothing_else_is(columns, values, code) -> None:
    inspection = inspect(columns, values, type_="skus")
    found = {each.field: columns[each.column - 1] for each in inspection.fields}
    assert found.get("code") == code
