"""Mapping documents: read from TOML and JSON, strictly, and written back."""

import json
from typing import Any

import pytest

from longshore.mapping import (
    Blank,
    DecimalMark,
    FieldMapping,
    FromColumn,
    FromConstant,
    FromTemplate,
    MappingRefused,
    parse_mapping,
    read_mapping,
)

EXAMPLE = """
version = 1
type = "prices"
ignore = ["EAN", "Bemerkung"]
blank = "clear"
null = "#N/A"
decimal = "comma"
header_row = 4
sheet = "Preise"

[fields]
reference = "Nr"
sku_code = { column = "Artikel-Nr", transforms = ["trim", { name = "case", to = "upper" }] }

[fields.amount_cents]
column = "Preis"
unit = "decimal-comma"

[fields."price_list.name"]
constant = "Retail"

[fields.name]
template = "{{{Bezeichnung}}} - {Farbe}"
"""


def test_a_document_of_toml_is_read() -> None:
    document = parse_mapping(EXAMPLE.encode(), name="map.toml")
    assert document.resource_type == "prices"
    assert document.ignore == ("EAN", "Bemerkung")
    assert document.blank is Blank.CLEAR
    assert document.null == "#N/A"
    assert document.decimal is DecimalMark.COMMA
    assert (document.header_row, document.sheet) == (4, "Preise")
    assert document.fields["reference"] == FieldMapping(origin=FromColumn(column="Nr"))
    assert [each.transform.name for each in document.fields["sku_code"].transforms] == [
        "trim",
        "case",
    ]
    assert document.fields["amount_cents"].unit == "decimal-comma"
    assert document.fields["price_list.name"].origin == FromConstant(constant="Retail")
    origin = document.fields["name"].origin
    assert isinstance(origin, FromTemplate)
    assert origin.template.columns == ("Bezeichnung", "Farbe")
    assert origin.template.filled(["Mug", "blue"]) == "{Mug} - blue"
    assert origin.template.filled(["", " "]) == ""


def test_what_was_read_is_written_and_read_again() -> None:
    document = parse_mapping(EXAMPLE.encode(), name="map.toml")
    stored = json.dumps(document.to_dict())
    assert read_mapping(json.loads(stored)) == document
    assert parse_mapping(stored.encode(), name="map.json") == document
    empty = read_mapping({"version": 1})
    assert empty.to_dict() == {"version": 1}


@pytest.mark.parametrize("constant", ["EUR", 1, 1.5, True, None])
def test_constants_are_what_json_has(constant: object) -> None:
    document = read_mapping({"version": 1, "fields": {"name": {"constant": constant}}})
    assert document.fields["name"].origin == FromConstant(constant=constant)  # type: ignore[arg-type]


FIELD: dict[str, Any] = {"column": "A"}


@pytest.mark.parametrize(
    ("values", "message", "hint"),
    [
        ([], "a mapping is an object with the key 'version'", None),
        ({}, "the mapping has no version", "write version = 1"),
        ({"version": 2}, "version: expected 1, found 2", "a later release may know it"),
        ({"version": True}, "version: expected 1, found True", "a later release may know it"),
        (
            {"version": 1, "field": {}},
            "'field' is no key of a mapping",
            "did you mean fields?",
        ),
        (
            {"version": 1, "blank": "cleer"},
            "blank: 'cleer' is no choice: expected keep or clear or error",
            "did you mean clear?",
        ),
        (
            {"version": 1, "null": " "},
            "null: is blank",
            'blank = "clear" says that blank cells mean null',
        ),
        (
            {"version": 1, "header_row": 0},
            "header_row: expected the number of a line, from 1, found 0",
            None,
        ),
        ({"version": 1, "ignore": "EAN"}, "ignore: expected a list of texts, found 'EAN'", None),
        ({"version": 1, "fields": []}, "fields: expected a table, found []", None),
        (
            {"version": 1, "fields": {"a": {}}},
            "fields.a: expected one of column, constant and template, found none",
            None,
        ),
        (
            {"version": 1, "fields": {"a": {"column": "A", "constant": 1}}},
            "fields.a: expected one of column, constant and template, found column and constant",
            None,
        ),
        (
            {"version": 1, "fields": {"price_list": {"name": {"column": "A"}}}},
            "fields.price_list: 'name' is no key of a field",
            'the name of a field with a point stands in quotes: [fields."price_list.name"]',
        ),
        (
            {"version": 1, "fields": {"a": {**FIELD, "transform": []}}},
            "fields.a: 'transform' is no key of a field",
            "did you mean transforms?",
        ),
        (
            {"version": 1, "fields": {"a.b": {**FIELD, "transforms": [{"name": "trimm"}]}}},
            "fields.\"a.b\".transforms[0].name: 'trimm' is no transform",
            "did you mean trim?",
        ),
        (
            {"version": 1, "fields": {"a": {**FIELD, "transforms": ["trim", {"to": 1}]}}},
            "fields.a.transforms[1]: expected a transform with its name, found {'to': 1}",
            'write { name = "trim" }',
        ),
        (
            {"version": 1, "fields": {"a": {**FIELD, "unit": "dezimal"}}},
            "fields.a.unit: 'dezimal' is no choice: expected cents or decimal or decimal-point or "
            "decimal-comma",
            "did you mean decimal?",
        ),
        (
            {"version": 1, "fields": {"a": {"constant": 1, "unit": "cents"}}},
            "fields.a: a constant stands as it is meant: it has no transforms and no unit",
            None,
        ),
        (
            {"version": 1, "fields": {"a": {"template": "A - {B"}}},
            "fields.a.template: { at character 5 has no other one",
            "write {{ and }} for braces that are part of the text",
        ),
        (
            {"version": 1, "fields": {"a": {"template": "A"}}},
            "fields.a.template: names no column in braces",
            "a constant is the same in every row",
        ),
        (
            {"version": 1, "fields": {"a": " "}},
            "fields.a: expected the name of a column, found nothing",
            None,
        ),
        (
            {"version": 1, "fields": {"a": {"constant": {}}}},
            "fields.a.constant: expected a text, a number, true, false or null, found {}",
            "write dates, and whatever else there is, as texts",
        ),
        (
            {"version": 1, "fields": {"a": {"constant": float("nan")}}},
            "fields.a.constant: expected a finite number, found nan",
            None,
        ),
        (
            {"version": 1, "fields": {str(each): "A" for each in range(1001)}},
            "fields: has 1,001 fields, at most 1,000 are taken",
            None,
        ),
    ],
)
def test_what_is_not_known_is_refused_where_it_stands(
    values: object, message: str, hint: str | None
) -> None:
    with pytest.raises(MappingRefused) as refused:
        read_mapping(values)
    assert (refused.value.message, refused.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"version = ", "m is not TOML: Invalid value (at end of document)"),
        (b'{"version": 1,}', "m is not JSON: "),
        (b'{"version": 1, "version": 1}', "m: the key 'version' stands there twice"),
        (b"version = 1\nx = 1", "m: 'x' is no key of a mapping"),
        (b"\xff", "m is not UTF-8: byte 1 cannot be read"),
        (b"#" * ((1 << 20) + 1), "m is no mapping: it has more than 1,048,576 bytes"),
        (b'{"a":' * 100_000, "m cannot be read as JSON"),
        (b"a = " + b"[" * 100_000, "m cannot be read as TOML"),
        (b"version = 1\nversion = 1", "m is not TOML: Cannot overwrite a value"),
    ],
)
def test_content_that_is_no_mapping_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(MappingRefused) as refused:
        parse_mapping(content, name="m")
    assert refused.value.message.startswith(message)
