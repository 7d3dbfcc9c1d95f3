"""Rows become candidates: typed fields, findings about values, nothing looked up."""

from collections.abc import Sequence
from typing import Any

import pytest

from longshore.engine import row_converter
from longshore.engine.chunk.candidates import Candidates, one_candidate
from longshore.engine.plan.nodes import Node
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import INVALID
from tests.unit.engine.plans import ELEMENTS_MAX, PUBLIC_IDS, id_in, plan_of

Named = dict[str, Any]


def named(node: Node, candidate: Any) -> Named:
    """The fields that a candidate names, by name; findings, if any, under `!`."""
    fields, findings = candidate
    shown: Named = {}
    for name, slot in node.slots.items():
        value = fields[slot]
        if value is ABSENT:
            continue
        inside = node.nested.get(slot)
        if inside is None:
            shown[name] = value
        elif slot in node.collection_slots:
            shown[name] = [named(inside, each) for each in value]
        else:
            shown[name] = named(inside, value)
    if findings:
        shown["!"] = list(findings)
    return shown


def from_cells(
    resource_type: str,
    columns: Sequence[str],
    *rows: Sequence[str],
    elements_max: int = ELEMENTS_MAX,
) -> list[Named]:
    plan = plan_of(resource_type, columns, is_tabular=True)
    candidates = row_converter(plan, columns, is_tabular=True, elements_max=elements_max)(rows)
    return [named(plan.root, each) for each in candidates.rows()]


def from_objects(
    resource_type: str,
    *rows: Any,
    columns: Sequence[str] = (),
    renamed: dict[str, str] | None = None,
    elements_max: int = ELEMENTS_MAX,
) -> list[Named]:
    names = columns or list(dict.fromkeys(key for row in rows if row for key in row))
    plan = plan_of(resource_type, [(renamed or {}).get(name, name) for name in names])
    candidates = row_converter(
        plan, names, is_tabular=False, elements_max=elements_max, renamed=renamed or {}
    )(rows)
    return [named(plan.root, each) for each in candidates.rows()]


# Rows of cells


def test_cells_become_typed_fields() -> None:
    assert from_cells("skus", ["code", "weight", "do_not_ship"], ["A", "1.5", "yes"]) == [
        {"code": "A", "weight": 1.5, "do_not_ship": True}
    ]


@pytest.mark.parametrize("blank", ["", " ", "\t", "\u00a0"])
def test_blank_cell_names_nothing(blank: str) -> None:
    assert from_cells("skus", ["code", "name", "weight"], ["A", blank, blank]) == [{"code": "A"}]


def test_missing_cells_name_nothing() -> None:
    columns = ["code", "name", "weight"]
    assert from_cells("skus", columns, ["A"], ["B", "b", "2"], []) == [
        {"code": "A"},
        {"code": "B", "name": "b", "weight": 2.0},
        {},
    ]


def test_blank_cells_beyond_the_header_are_no_matter() -> None:
    assert from_cells("skus", ["code"], ["A", "", " "], ["B"]) == [{"code": "A"}, {"code": "B"}]


def test_filled_cell_beyond_the_header_is_an_error_of_its_row_alone() -> None:
    rows = [["A", "a"], ["B", "b", "", "d"], ["C", "c"]]
    assert from_cells("skus", ["code", "name"], *rows) == [
        {"code": "A", "name": "a"},
        {"!": [("base", "has 4 cells, the header has 2", None)]},
        {"code": "C", "name": "c"},
    ]


def test_wrong_cells_are_findings_of_their_row_and_name_nothing() -> None:
    rows = [["A", "x", "maybe"], ["B", "1", "no"]]
    assert from_cells("skus", ["code", "pieces_per_pack", "do_not_ship"], *rows) == [
        {
            "code": "A",
            "!": [
                ("pieces_per_pack", "is not a number", "x"),
                ("do_not_ship", "is not included in the list", "maybe"),
            ],
        },
        {"code": "B", "pieces_per_pack": 1, "do_not_ship": False},
    ]


def test_value_of_a_write_only_attribute_is_no_part_of_its_finding() -> None:
    assert from_cells("customers", ["email", "password"], ["x", "a\0b"]) == [
        {"!": [("email", "is invalid", "x"), ("password", "is invalid", None)]}
    ]


def test_unknown_columns_feed_nothing() -> None:
    assert from_cells("skus", ["colour", "code", ""], ["red", "A", "x"]) == [{"code": "A"}]


def test_dotted_cells_make_the_one_element_of_a_collection() -> None:
    columns = ["sku_code", "price_tiers.name", "price_tiers.up_to"]
    assert from_cells("prices", columns, ["A", "ten", "10"], ["B", "", " "]) == [
        {"sku_code": "A", "price_tiers": [{"name": "ten", "up_to": 10}]},
        {"sku_code": "B"},
    ]


def test_wrong_dotted_cell_is_a_finding_of_the_element() -> None:
    assert from_cells("prices", ["sku_code", "price_tiers.up_to"], ["A", "0"]) == [
        {
            "sku_code": "A",
            "price_tiers": [{"!": [("up_to", "must be greater than 0", "0")]}],
        }
    ]


def test_dotted_cells_make_a_nested_record() -> None:
    columns = ["customer.email", "address.line_1", "address.business"]
    assert from_cells("customer_addresses", columns, ["a@example.com", "Via Roma", "1"]) == [
        {
            "customer": {"email": "a@example.com"},
            "address": {"line_1": "Via Roma", "business": True},
        }
    ]


def test_dotted_cells_go_as_deep_as_collections_do() -> None:
    columns = ["number", "line_items.name", "line_items.line_item_options.quantity"]
    rows = [["N1", "", "2"], ["N2", "x", ""]]
    assert from_cells("orders", columns, *rows) == [
        {"number": "N1", "line_items": [{"line_item_options": [{"quantity": 2}]}]},
        {"number": "N2", "line_items": [{"name": "x"}]},
    ]


def test_lists_of_tags_stand_in_cells() -> None:
    tag = PUBLIC_IDS.encode(id_in(1, 5))
    columns = ["code", "tags.name", "tags.id"]
    assert from_cells("skus", columns, ["A", "Red, blue,,", f"{tag}, nowhere"], ["B", "", ""]) == [
        {
            "code": "A",
            "tags.name": [("name", "red"), ("name", "blue")],
            "tags.id": [("id", id_in(1, 5)), ("id", 0)],
        },
        {"code": "B"},
    ]


# Rows of JSON


def test_absent_key_names_nothing_and_null_is_a_value() -> None:
    rows = [{"code": "A", "name": None}, {"code": "B"}, {}]
    assert from_objects("skus", *rows) == [{"code": "A", "name": None}, {"code": "B"}, {}]


def test_blank_text_is_a_value_where_cells_would_name_nothing() -> None:
    assert from_objects("skus", {"code": "", "name": " ", "weight": ""}) == [
        {"code": "", "name": " ", "weight": None}
    ]


@pytest.mark.parametrize("row", [None, 5, "x", [], [1], True])
def test_row_that_is_no_object_is_an_error_of_its_own(row: object) -> None:
    assert from_objects("skus", {"code": "A"}, row, columns=["code"]) == [
        {"code": "A"},
        {"!": [("base", "is not an object", None)]},
    ]


def test_renamed_keys_mean_other_fields_and_no_longer_their_own() -> None:
    rows = [{"StockCode": "A", "code": "kept away", "Text": "a"}]
    renamed = {"StockCode": "code", "Text": "name"}
    assert from_objects("skus", *rows, columns=["StockCode", "Text"], renamed=renamed) == [
        {"code": "A", "name": "a"}
    ]


def test_collections_hold_candidates_of_their_own() -> None:
    row = {
        "number": "N",
        "line_items": [
            {"name": "x", "quantity": "2", "colour": "red", "sku_code": None},
            5,
            {"quantity": "x", "line_item_options": [{"quantity": 0, "options": {}}]},
        ],
    }
    columns = ["number", "line_items"]
    assert from_objects("orders", row, columns=columns) == [
        {
            "number": "N",
            "line_items": [
                {"name": "x", "quantity": 2, "sku_code": None},
                {"!": [("base", "is not an object", None)]},
                {
                    "line_item_options": [
                        {
                            "options": "{}",
                            "!": [("quantity", "must be greater than 0", 0)],
                        }
                    ],
                    "!": [("quantity", "is not a number", "x")],
                },
            ],
        }
    ]


def test_one_object_is_a_collection_of_one() -> None:
    assert from_objects("orders", {"line_items": {"name": "x"}}) == [
        {"line_items": [{"name": "x"}]}
    ]


def test_null_collection_names_nothing() -> None:
    assert from_objects("orders", {"number": "N", "line_items": None}) == [{"number": "N"}]


def test_nested_record_that_is_none_is_a_finding() -> None:
    rows = [{"address": {"line_1": "x"}}, {"address": [1]}, {"address": "x"}, {"address": None}]
    assert from_objects("stock_locations", *rows) == [
        {"address": {"line_1": "x"}},
        {"!": [("address", "is invalid", [1])]},
        {"!": [("address", "is invalid", "x")]},
        {},
    ]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([{"name": "Red"}, {"id": "nowhere", "name": "x"}], [("name", "red"), ("id", 0)]),
        ([], []),
        (None, None),
        ("red", ("tags", "is invalid")),
        ([5], [("refused", ("tags", "is invalid", 5))]),
        ([{}], [("refused", ("tags.name", "can't be blank", None))]),
        ([{"name": " "}], [("refused", ("tags.name", "can't be blank", " "))]),
        ([{"name": "no good"}], [("refused", ("tags.name", "is invalid", "no good"))]),
        (
            [{"name": "x" * 26}],
            [("refused", ("tags.name", "is too long (maximum is 25 characters)", "x" * 26))],
        ),
    ],
)
def test_tags_of_objects(tags: object, expected: object) -> None:
    (found,) = from_objects("skus", {"tags": tags})
    if isinstance(expected, tuple):
        assert found == {"!": [(*expected, tags)]}
    else:
        assert found == {"tags": expected}


# Ids


def test_ids_are_decoded_and_what_is_none_of_the_environment_is_no_id() -> None:
    here, elsewhere = PUBLIC_IDS.encode(id_in(1, 7)), PUBLIC_IDS.encode(id_in(2, 7))
    ids = [here, f" {here} ", elsewhere, "nowhere", "", " ", 5, [], None]
    rows = [{"shipping_category_id": each} for each in ids]
    found = [row["shipping_category_id"] for row in from_objects("skus", *rows)]
    known = id_in(1, 7)
    assert found == [known, known, 0, 0, None, None, 0, 0, None]


# The form of candidates


def candidates_of(*texts: str) -> Candidates:
    plan = plan_of("skus", ["pieces_per_pack"], is_tabular=True)
    columns = ["pieces_per_pack"]
    convert = row_converter(plan, columns, is_tabular=True, elements_max=ELEMENTS_MAX)
    return convert([[text] for text in texts])


def test_slice_of_candidates_is_what_its_rows_were() -> None:
    whole = candidates_of("0", "x", "2", "y", "4")
    part = whole.slice(1, 10).slice(1, 3)
    assert len(part) == 2
    assert part.rows() == whole.rows()[2:4]
    assert list(part.column(0)) == [2, ABSENT]
    assert (whole.wrong_rows(), part.wrong_rows(), part.slice(0, 1).wrong_rows()) == (
        [1, 3],
        [1],
        [],
    )
    picked = whole.slice(1, 5).picked([0, 2, 3])
    assert picked.rows() == [whole.rows()[index] for index in (1, 3, 4)]


def test_candidates_of_columns_that_feed_nothing_are_still_rows() -> None:
    plan = plan_of("skus", ["colour"], is_tabular=True)
    convert = row_converter(plan, ["colour"], is_tabular=True, elements_max=ELEMENTS_MAX)
    candidates = convert([["red"], ["blue"]])
    assert [findings for _, findings in candidates.rows()] == [(), ()]


def test_one_candidate_is_a_chunk_of_one_row() -> None:
    finding = ("base", INVALID, None)
    candidates = one_candidate([1, ABSENT], [finding])
    assert len(candidates) == 1
    ((fields, findings),) = candidates.rows()
    assert (list(fields), findings) == ([1, ABSENT], [finding])


# Rows with too many elements

_MANY = {
    "!": [
        (
            "base",
            "has at least 3 nested elements, a row may have 2: divide them among several rows",
            None,
        )
    ]
}
_LINE = {"name": "x", "quantity": 1}


@pytest.mark.parametrize(
    ("row", "is_too_much"),
    [
        ({"line_items": [_LINE] * 2}, False),
        ({"line_items": [_LINE] * 3}, True),
        ({"line_items": [{**_LINE, "line_item_options": [{"name": "o"}]}]}, False),
        ({"line_items": [{**_LINE, "line_item_options": [{"name": "o"}] * 2}]}, True),
        ({"line_items": [{**_LINE, "line_item_options": {"name": "o"}}, _LINE]}, True),
        ({"line_items": [{**_LINE, "line_item_options.name": "o"}, _LINE]}, True),
        ({"line_items": [{**_LINE, "tags": [{"name": "t"}, {"name": "u"}]}]}, True),
        ({"line_items": [_LINE], "tags": [{"name": "t"}]}, False),
        ({"line_items": [_LINE], "tags": [{"name": "t"}, {"name": "u"}]}, True),
        ({"line_items": [_LINE], "_add_tags": "a, b"}, True),
        ({"line_items": [_LINE], "tags.name": "a, b"}, True),
        ({"line_items": ["no object", 7, None]}, True),
        ({"line_items": None, "tags": None}, False),
    ],
)
def test_elements_of_a_row_are_counted_on_all_levels(
    row: dict[str, Any], is_too_much: bool
) -> None:
    """A row with too many has no value and no other error."""
    wrong = {"number": ["no text"], **row}
    (shown,) = from_objects("orders", wrong, elements_max=2)
    if is_too_much:
        assert shown == _MANY
    else:
        assert "number" in [name for name, _, _ in shown["!"]]


def test_elements_are_counted_under_the_keys_of_the_source() -> None:
    row = {"lines": [_LINE] * 3}
    (shown,) = from_objects("orders", row, renamed={"lines": "line_items"}, elements_max=2)
    assert shown == _MANY


@pytest.mark.parametrize(
    ("cells", "is_too_much"),
    [
        (("N", "", "", ""), False),
        (("N", "x", "", "a"), False),
        (("N", "x", "o", ""), False),
        (("N", "x", "o", "a"), True),
        (("N", "", "o", "a"), True),  # an option stands in a line item, whatever is said of that
        (("N", "", "", "a, b, c"), True),
    ],
)
def test_elements_of_cells_are_counted(cells: Sequence[str], is_too_much: bool) -> None:
    columns = ("number", "line_items.name", "line_items.line_item_options.name", "tags")
    other = ("M", "", "", "a, b")
    shown, beside = from_cells("orders", columns, cells, other, elements_max=2)
    assert (shown == _MANY) is is_too_much
    assert beside["number"] == "M"


def test_elements_beyond_the_bound_are_not_looked_at() -> None:
    """So ten million of them cost no more than reading them."""

    class Untouched(dict[str, Any]):
        def _refuse(self, *_: object) -> Any:
            raise AssertionError("an element was looked at")

        get = items = keys = __iter__ = __getitem__ = _refuse

    (shown,) = from_objects("orders", {"line_items": [Untouched()] * 3}, elements_max=2)
    assert shown == _MANY
