"""Rows that were made of those of another file: their errors are told in the words of that."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from longshore.engine import DryRun
from longshore.error_codes import ErrorCode, message
from longshore.imports import ImportRequest, LoggedError, errors_of
from longshore.readers import CELLS_COLUMN, SOURCE_COLUMN, Format
from longshore.sources import Source
from tests.behaviour.engine.organization import Organization, Outcome

COLUMNS = ("code", "name", "weight", "unit_of_weight", "shipping_category.code", "do_not_ship")
SOURCE_COLUMNS = {
    "code": "Variant SKU",
    "name": "Title",
    "weight": "Variant Grams",
    "shipping_category.code": "Product Category",
}


class Place(NamedTuple):
    row: int
    source_row: int | None
    line: int
    attribute: str
    column: str | None
    pointer: str
    value: str | None
    code: str | None


def place(error: LoggedError) -> Place:
    return Place(
        error.row,
        error.source_row,
        error.line,
        error.attribute,
        error.column,
        error.pointer,
        error.value,
        error.code,
    )


def made(*rows: Sequence[str], columns: Sequence[str] = COLUMNS) -> str:
    """The CSV of rows: their fields, their place, and their cells where they have some."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*columns, SOURCE_COLUMN, CELLS_COLUMN])
    writer.writerows(rows)
    return text.getvalue()


def asked(text: str, **request: Any) -> tuple[Source, ImportRequest]:
    source = Source.from_stream(io.BytesIO(text.encode()), format=Format.CSV)
    how = {"skip_errors": True, "source_columns": SOURCE_COLUMNS, **request}
    return source, ImportRequest(resource_type="skus", **how)


def tried(shop: Organization, text: str, **request: Any) -> DryRun:
    return shop.longshore.dry_runs.run(shop.environment, *asked(text, **request))


def loaded(shop: Organization, text: str, **request: Any) -> Outcome:
    submitted = shop.longshore.submissions.submit(shop.environment, *asked(text, **request))
    return shop.run(submitted)


def places(shop: Organization, text: str, **request: Any) -> list[Place]:
    """Where the errors of an import stand, as a dry run, a plan and the import tell it."""
    found = list(map(place, tried(shop, text, **request).errors))
    submitted = shop.longshore.import_plans.submit(shop.environment, *asked(text, **request))
    for each in (shop.run(submitted), loaded(shop, text, **request)):
        with shop.longshore.database.read() as tx:
            assert list(map(place, errors_of(tx, each.import_.id))) == found
    return found


def test_error_names_row_line_column_and_cell_of_the_file(shop: Organization) -> None:
    cells = {"weight": ["Variant Grams", "12,5o", "not_a_number", []]}
    text = made(
        ("A", "Mug", "", "gr", "", "", "12:34", json.dumps(cells)),
        ("B", "", "5", "gr", "", "", "13:38", ""),
        ("C", "Cup", "5", "gr", "LOST", "perhaps", "14:39", ""),
    )
    assert places(shop, text) == [
        (1, 12, 34, "weight", "Variant Grams", "/Variant Grams", "12,5o", "not_a_number"),
        (1, 12, 34, "shipping_category", "Product Category", "/Product Category", None,
         "must_exist"),
        (2, 13, 38, "name", "Title", "/Title", None, "blank"),
        (2, 13, 38, "shipping_category", "Product Category", "/Product Category", None,
         "must_exist"),
        (3, 14, 39, "do_not_ship", None, "/do_not_ship", "perhaps", "not_in_list"),
        (3, 14, 39, "shipping_category", "Product Category", "/Product Category", "LOST",
         "must_exist"),
    ]  # fmt: skip


def test_value_made_of_another_text_is_told_by_that(shop: Organization) -> None:
    cells = {
        "weight": ["Weight (kg)", "0,5 st"],
        "shipping_category.code": ["Type", "Gift Card"],
        "do_not_ship": ["Fulfilment", "never"],
    }
    row = ("A", "Mug", "5x", "xx", "GIFT", "", "2:2", json.dumps(cells))
    assert [each[3:7] for each in places(shop, made(row))] == [
        ("weight", "Weight (kg)", "/Weight (kg)", "0,5 st"),
        ("unit_of_weight", None, "/unit_of_weight", "xx"),
        ("shipping_category", "Type", "/Type", "Gift Card"),
    ]


def test_message_of_a_value_that_could_not_be_made_has_its_parts(shop: Organization) -> None:
    cells = {"code": ["Variant SKU", "A" * 5, "too_long", [4]], "reference": ["Ref", "x", "taken"]}
    text = made(("", "Mug", "", "", "", "", "2:2", json.dumps(cells)))
    found = {(each.attribute, each.message) for each in tried(shop, text).errors}
    assert found >= {
        ("code", message(ErrorCode.TOO_LONG, 4)),
        ("reference", message(ErrorCode.TAKEN)),  # which no column bears
    }
    assert ("code", message(ErrorCode.BLANK)) not in found


def test_value_that_was_put_in_since_is_taken(shop: Organization) -> None:
    cells = json.dumps({"weight": ["Variant Grams", "12,5o", "not_a_number", []]})
    category = shop.some("shipping_categories")
    columns = [*COLUMNS[:4], "shipping_category_id", "do_not_ship"]
    text = made(("A", "Mug", "12.5", "gr", category, "", "2:2", cells), columns=columns)
    outcome = loaded(shop, text)
    assert (outcome.counts, outcome.import_.ignored_columns) == ((1, 0, 0, 0), ())


def test_columns_of_places_mean_nothing_in_other_imports(shop: Organization) -> None:
    cells = json.dumps({"weight": ["Variant Grams", "12,5o", "not_a_number", []]})
    text = made(("A", "Mug", "x", "gr", "", "", "12:34", cells))
    outcome = loaded(shop, text, source_columns=None)
    with shop.longshore.database.read() as tx:
        (weight, *_) = map(place, errors_of(tx, outcome.import_.id))
    assert weight == (1, None, 2, "weight", "weight", "/weight", "x", "not_a_number")
    assert outcome.import_.ignored_columns == ()


def test_places_that_cannot_be_read_are_left_out(shop: Organization) -> None:
    text = made(
        ("A", "Mug", "x", "gr", "", "", "twelve", "{"),
        ("B", "Mug", "x", "gr", "", "", "", '{"weight": []}'),
        ("C", "Mug", "x"),
    )
    found = [each for each in places(shop, text) if each.attribute == "weight"]
    assert [each[:5] for each in found] == [
        (number, None, number + 1, "weight", "Variant Grams") for number in (1, 2, 3)
    ]
