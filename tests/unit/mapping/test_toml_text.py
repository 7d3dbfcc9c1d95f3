"""Mapping documents are written as TOML that is read back as the same."""

import pytest

from longshore.mapping import MappingRefused, mapping_toml, parse_mapping, read_mapping, read_shape

WHOLE = {
    "version": 1,
    "type": "prices",
    "ignore": ["EAN", 'say "hi"\n', "\x7f", "Größe\\"],
    "blank": "keep",
    "null": "#N/A",
    "decimal": "comma",
    "header_row": 4,
    "sheet": "Preise 2026",
    "fields": {
        "sku_code": {
            "column": "Artikel-Nr",
            "transforms": [{"name": "trim"}, {"name": "case", "to": "upper"}],
        },
        "amount_cents": {"column": "Preis", "unit": "decimal-comma"},
        "price_list.name": {"constant": "Retail"},
        "reference": {"template": "{Farbe} {{x}}"},
        "name": {
            "column": "n",
            "transforms": [{"name": "replace", "table": {"a b": "ä", "": "-"}}],
        },
        "position": {"constant": 7},
        "weight": {"constant": 0.5},
        "do_not_ship": {"constant": True},
    },
}


def test_toml_says_the_same() -> None:
    document = read_mapping(WHOLE)
    text = mapping_toml(document)
    assert parse_mapping(text.encode(), name="m.toml") == document
    assert '[fields."price_list.name"]\nconstant = "Retail"\n' in text
    assert 'transforms = [{ name = "trim" }, { name = "case", to = "upper" }]' in text


def test_comments_stay_comments() -> None:
    document = read_mapping({"version": 1, "fields": {"name": "Title"}})
    nasty = ["a\nversion = 2", "\x00\x1b[31m\u2028", "]] [fields.x]"]
    text = mapping_toml(document, before=nasty, fields={"name": nasty}, after=nasty)
    assert parse_mapping(text.encode(), name="m.toml") == document
    assert text.startswith("# a\\nversion = 2\n# \\x00\\x1b[31m\\u2028\n")


def test_null_is_said_as_json_only() -> None:
    document = read_mapping({"version": 1, "fields": {"name": {"constant": None}}})
    assert "# name is null in every row" in mapping_toml(document)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (None, "expected an object with a list 'columns'"),
        ({"columns": 7}, "expected an object with a list 'columns'"),
        ({"columns": [7]}, "columns[0]: expected the name of a column, or an object with it"),
        ({"columns": [{"name": 7}]}, "columns[0].name: expected a text, found 7"),
        ({"columns": [{"name": "a", "kind": "odd"}]}, "columns[0].kind: 'odd' is no choice"),
        ({"columns": ["a"] * 16_385}, "columns: has 16,385 columns, at most 16,384 are taken"),
    ],
)
def test_shapes_that_are_none(values: object, message: str) -> None:
    with pytest.raises(MappingRefused) as refused:
        read_shape(values)
    assert refused.value.message.startswith(message)


def test_a_shape_is_read_back() -> None:
    shape = read_shape({"columns": ["a", {"name": "b", "kind": "date"}]})
    assert read_shape(shape.to_dict()) == shape
