"""The layer between a source and its rows: cells of fields that are made, blank cells, null."""

from typing import Any

import pytest

from longshore.catalogue import load_catalogue
from longshore.mapping import (
    Blank,
    Destination,
    FieldMapping,
    FromColumn,
    FromTemplate,
    MadeField,
    MappingLayer,
    chain_of,
    read_mapping,
)

SKUS = load_catalogue().types["skus"]
NAMES = ("a", "b")


def made(field: str, values: Any) -> MadeField:
    document = read_mapping({"version": 1, "fields": {field: values}})
    mapping: FieldMapping = document.fields[field]
    origin = mapping.origin
    return MadeField(
        field=field,
        columns=mapping.columns,
        template=origin.template if isinstance(origin, FromTemplate) else None,
        constant=None if isinstance(origin, FromColumn | FromTemplate) else origin.constant,
        chain=chain_of(mapping, Destination(resource_type=SKUS, field=field), None, ()),
    )


def layer(*fields: MadeField, **options: Any) -> MappingLayer:
    own = options.pop("fields", NAMES)
    return MappingLayer(
        fields, names=NAMES, fields=[*own, *(each.field for each in fields)], **options
    )


UPPER = [{"name": "case", "to": "upper"}]


@pytest.mark.parametrize(
    ("values", "cells", "expected"),
    [
        ({"column": "b"}, ["x", ""], ["x", ""]),
        ({"column": "b", "transforms": UPPER}, ["x", "x"], ["X", "X"]),
        ({"column": "b", "transforms": UPPER}, ["NULL", "null"], [None, "NULL"]),
        ({"template": "{a}-{b}"}, ["x", "NULL"], ["1-x", "2-"]),
        ({"constant": True}, ["x", "y"], ["true", "true"]),
        ({"constant": None}, ["x", "y"], [None, None]),
    ],
)
def test_a_field_that_is_made_stands_behind_the_columns(
    values: dict[str, Any], cells: list[str], expected: list[str | None]
) -> None:
    columns, failures = layer(made("name", values), null="NULL").table([["1", "2"], cells], 2)
    assert columns[2] == expected
    assert failures == []


@pytest.mark.parametrize(
    ("blank", "expected", "failed"),
    [
        (None, ["x", "", " "], []),
        (Blank.KEEP, ["x", "", " "], []),
        (Blank.CLEAR, ["x", None, None], []),
        (Blank.ERROR, ["x", "", " "], [(1, "a", ""), (2, "a", " ")]),
    ],
)
def test_blank_cells_mean_what_is_said(
    blank: Blank | None, expected: list[str | None], failed: list[tuple[int, str, str]]
) -> None:
    columns, failures = layer(fields=("a", ""), blank=blank).table([["x", "", " "], [""] * 3], 3)
    assert columns == [expected, [""] * 3]  # the second means nothing
    assert [(each.row, each.field, each.value) for each in failures] == failed


def test_a_cell_that_a_transform_refuses_is_no_blank_one_as_well() -> None:
    field = made(
        "name",
        {
            "column": "b",
            "transforms": [{"name": "replace", "table": {"y": ""}, "otherwise": "error"}],
        },
    )
    columns, failures = layer(field, blank=Blank.ERROR, fields=("a", "")).table(
        [["1", "2"], ["x", "y"]], 2
    )
    assert [(each.row, each.message.code, each.value) for each in failures] == [
        (0, "not_in_table", "x"),
        (1, "blank", "y"),
    ]
    assert columns[2] == ["", ""]


def test_objects_lose_what_was_taken_and_keep_what_else_they_have() -> None:
    row = {"a": " x ", "b": ["y"], "c": "", "items": [{"code": "", "x": "NULL"}], "meta": {"k": ""}}
    field = made("name", {"column": "a", "transforms": ["trim"]})
    told = layer(field, dropped={"a"}, nested={"items"}, blank=Blank.CLEAR, null="NULL").objects(
        [row, 5]
    )
    assert told == (
        [
            {
                "b": ["y"],
                "c": None,
                "items": [{"code": None, "x": None}],
                "meta": {"k": ""},
                "name": "x",
            },
            5,
        ],
        [],
    )
    assert row["a"] == " x "


def test_a_blank_text_of_an_object_is_a_text_where_nothing_is_said() -> None:
    rows = [{"a": "", "b": "NULL"}]
    assert layer(null="NULL").objects(rows)[0] == [{"a": "", "b": None}]
    assert layer(blank=Blank.KEEP).objects(rows)[0] == [{"b": "NULL"}]
    mapped, failures = layer(blank=Blank.ERROR).objects(rows)
    assert mapped == [{"b": "NULL"}]
    assert [(each.field, each.message.code) for each in failures] == [("a", "blank")]
