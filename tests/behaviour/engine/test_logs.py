"""What an import says of its rows: who they are, what was wrong, and what was found there."""

from typing import Any

import pytest

from longshore.imports import errors_log, errors_of
from tests.behaviour.engine.organization import Organization, Outcome


def logged(
    shop: Organization, outcome: Outcome
) -> list[tuple[int, int, str | None, str, str | None]]:
    """Row, line, identifier, attribute and value of each error."""
    with shop.longshore.database.read() as tx:
        return [
            (each.row, each.line, each.identifier, each.attribute, each.value)
            for each in errors_of(tx, outcome.import_.id)
        ]


# Identifiers


@pytest.mark.parametrize(
    ("resource_type", "row", "identifier"),
    [
        ("skus", {"code": "A", "name": None, "reference": "r"}, "A"),
        ("skus", {"code": " A ", "name": ""}, "A"),
        ("skus", {"name": "n", "reference": "r"}, "n"),
        ("skus", {"code": "", "name": None, "reference": "r"}, "r"),
        ("skus", {"code": None, "id": "nowhere"}, "nowhere"),
        ("skus", {"code": 7}, "7"),
        ("skus", {"code": ["A"], "reference": "r"}, "r"),
        ("skus", {"code": True, "reference": "r"}, "r"),
        ("skus", {}, "unknown"),
        ("skus", {"description": "x"}, "unknown"),
        ("skus", 5, "unknown"),
        ("skus", {"code": "x" * 600}, "x" * 200),
        ("skus", {"code": "a\0b"}, "a\N{REPLACEMENT CHARACTER}b"),
        ("skus", {"code": "a\ud800b"}, "a?b"),
        ("orders", {"number": "N", "customer_email": "a@x.com"}, "N"),
        ("orders", {"customer_email": "a@x.com", "reference": "r"}, "a@x.com"),
        ("customers", {"email": "nobody"}, "nobody"),
        ("prices", {"sku_code": "X", "reference": "r"}, "X"),
    ],
)
def test_row_is_named_by_the_first_of_its_fields_that_tells(
    shop: Organization, resource_type: str, row: object, identifier: str
) -> None:
    outcome = shop.load(resource_type, [row])
    assert list(outcome.errors_log) == [identifier]


def test_cells_name_their_rows_in_the_same_order(shop: Organization) -> None:
    text = "reference,name,code,size\nr,,A\nr,,\n,n,\n,,,L\nr2\n"
    outcome = shop.load_csv("skus", text)
    assert list(outcome.errors_log) == ["A", "r", "n", "unknown", "r2"]


def test_renamed_column_names_rows_too(shop: Organization) -> None:
    renamed = {"StockCode": "code"}
    of_cells = shop.load_csv("skus", "StockCode,code2\nA,x\n", column_map=renamed)
    of_objects = shop.load("skus", [{"StockCode": "B"}], column_map=renamed)
    assert [list(each.errors_log) for each in (of_cells, of_objects)] == [["A"], ["B"]]


def test_rows_of_one_identifier_are_merged_and_still_counted(shop: Organization) -> None:
    rows = [
        {"code": "A", "name": "x", "do_not_ship": True, "weight": "x"},
        {"code": "A", "name": None},
        {"code": "B"},
        {"code": "A", "name": None, "weight": "y"},
    ]
    outcome = shop.load("skus", rows)
    assert outcome.counts == (0, 0, 0, 4)
    assert outcome.errors_log == {
        "A": {
            "weight": ["is not a number"],
            "name": ["can't be blank"],
            "shipping_category": ["must exist"],
        },
        "B": {"name": ["can't be blank"], "shipping_category": ["must exist"]},
    }


def test_log_ends_after_so_many_identifiers_and_the_list_does_not(shop: Organization) -> None:
    outcome = shop.load("skus", [{"code": f"S{number % 5}"} for number in range(10)])
    with shop.longshore.database.read() as tx:
        log = errors_log(tx, outcome.import_.id, identifiers_max=3)
        assert list(log) == ["S0", "S1", "S2"]
        assert len({each.row for each in errors_of(tx, outcome.import_.id)}) == 10


# Messages


def test_all_that_is_wrong_with_a_row_is_told_at_once(shop: Organization) -> None:
    row = {
        "number": "N" * 600,
        "market_id": "nowhere",
        "customer_email": "nobody",
        "coupon_code": "NOWHERE",
        "expires_at": "tomorrow",
        "metadata": [],
        "_refund": True,
        "tags": [{"name": "no good"}],
        "line_items": [{"quantity": 0}],
    }
    outcome = shop.load("orders", [row])
    assert outcome.errors == {
        1: {
            "number": ["is too long (maximum is 512 bytes)"],
            "market": ["must exist"],
            "customer_email": ["is invalid"],
            "coupon_code": ["doesn't exist"],
            "expires_at": ["is invalid"],
            "metadata": ["is invalid"],
            "_refund": ["is not supported"],
            "tags.name": ["is invalid"],
            "line_items.quantity": ["must be other than 0"],
            "line_items.unit_amount_cents": ["can't be blank"],
        }
    }


def test_message_is_told_once_for_a_field_of_a_row(shop: Organization) -> None:
    lines = [{"quantity": 0, "name": "x", "unit_amount_cents": 1}] * 3
    outcome = shop.load("orders", [{"market_id": shop.some("markets"), "line_items": lines}])
    assert outcome.errors == {1: {"line_items.quantity": ["must be other than 0"]}}


def test_wrong_field_is_not_called_blank_too(shop: Organization) -> None:
    row = {"order_id": shop.some("orders"), "name": "x", "quantity": "x", "unit_amount_cents": "y"}
    assert shop.load("line_items", [row]).errors == {
        1: {"quantity": ["is not a number"], "unit_amount_cents": ["is not a number"]}
    }


# What was found


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x", "x"),
        (1.5, "1.5"),
        (["x"], '["x"]'),
        ({"ä": None}, '{"ä": null}'),
        ("x" * 200, "x" * 200),
        ("x" * 201, "x" * 199 + "…"),
        ("a\0b", "a\N{REPLACEMENT CHARACTER}b"),
        ("a\ud800b", "a?b"),
    ],
)
def test_wrong_value_is_shown_cut_where_it_is_long(
    shop: Organization, value: object, shown: str
) -> None:
    outcome = shop.load("skus", [{"code": "A", "name": "a", "pieces_per_pack": value}])
    found = {attribute: value for _, _, _, attribute, value in logged(shop, outcome)}
    assert found["pieces_per_pack"] == shown


def test_id_that_names_nothing_is_shown_and_what_is_missing_is_not(shop: Organization) -> None:
    outcome = shop.load("skus", [{"code": "A", "shipping_category_id": "nowhere"}])
    found = {attribute: value for _, _, _, attribute, value in logged(shop, outcome)}
    assert found == {"shipping_category": "nowhere", "name": None}


def test_errors_tell_row_and_line_of_the_source(shop: Organization) -> None:
    text = 'code,name,weight\nA,"two\nlines",x\n\nB,b,1\nC,c,y\n'
    outcome = shop.load_csv("skus", text)
    assert [each[:3] for each in logged(shop, outcome) if each[3] == "weight"] == [
        (1, 2, "A"),
        (3, 6, "C"),
    ]


def test_rows_of_later_chunks_keep_their_numbers(shop: Organization) -> None:
    rows: list[dict[str, Any]] = [{"code": f"S{number}"} for number in range(1, 6)]
    outcome = shop.in_chunks(2).load("skus", rows)
    assert [(row, log) for row, log in zip(outcome.errors, outcome.errors_log, strict=True)] == [
        (number, f"S{number}") for number in range(1, 6)
    ]


# What no database could keep


MEBIBYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("description", "x" * (MEBIBYTE + 1), "is too long (maximum is 1048576 bytes)"),
        ("description", "é" * (MEBIBYTE // 2 + 1), "is too long (maximum is 1048576 bytes)"),
        ("description", "a\0b", "is invalid"),
        ("description", "a\ud800b", "is invalid"),
        ("metadata", {"a": "\0"}, "is invalid"),
        ("metadata", {"a": ["\udfff"]}, "is invalid"),
        ("metadata", {"a": 2**63}, "must be less than or equal to 9223372036854775807"),
        ("metadata", {"a": "x" * MEBIBYTE}, "is too long (maximum is 1048576 bytes)"),
        ("pieces_per_pack", 2**63, "must be less than or equal to 9223372036854775807"),
        ("pieces_per_pack", 10**400, "must be less than or equal to 9223372036854775807"),
        ("code", "x" * 513, "is too long (maximum is 512 bytes)"),
    ],
)
def test_value_outside_the_domain_of_databases_is_an_error_of_its_row_alone(
    shop: Organization, field: str, value: object, message: str
) -> None:
    good = {"code": "B", "name": "b", "do_not_ship": True}
    outcome = shop.load("skus", [{**good, "code": "A", field: value}, good])
    assert outcome.errors == {1: {field: [message]}}
    assert shop.values("skus", "code") == ["B"]


def test_number_beyond_all_floats_is_no_text(shop: Organization) -> None:
    source = b'[{"code": 1e400, "name": "a", "do_not_ship": true, "weight": 1e400}]'
    outcome = shop.run(shop.submit("skus", source))
    assert outcome.errors == {1: {"code": ["is invalid"], "weight": ["is not a number"]}}


def test_cell_of_a_mebibyte_is_kept_whole(shop: Organization) -> None:
    text = "x" * MEBIBYTE
    row = {"code": "A", "name": "a", "do_not_ship": True, "description": text}
    assert shop.load("skus", [row]).counts == (1, 0, 0, 0)
    assert shop.one("skus")["description"] == text
    shop.load_csv("skus", f"code,description\nA,{'y' * MEBIBYTE}\n")
    assert shop.one("skus")["description"] == "y" * MEBIBYTE


def test_texts_come_back_as_they_went_in(shop: Organization) -> None:
    texts = [
        "  spaces  ",
        "日本 \N{GRINNING FACE}",
        "line\nbreak\t",
        "'\"\\%_",
        "e\u0301",
        "null",
        "",
    ]
    rows = [
        {"code": f"S{number}", "name": "x", "do_not_ship": True, "description": text}
        for number, text in enumerate(texts)
    ]
    assert shop.load("skus", rows).counts == (len(texts), 0, 0, 0)
    assert shop.values("skus", "description") == texts
    assert shop.load("skus", rows).counts == (0, 0, len(texts), 0)


@pytest.mark.parametrize("number", [0, 2**63 - 1, -(2**63), 2**53 + 1])
def test_integers_come_back_to_the_last_bit(shop: Organization, number: int) -> None:
    row = {"code": "A", "name": "a", "do_not_ship": True, "pieces_per_pack": number}
    shop.load("skus", [row])
    assert shop.one("skus")["pieces_per_pack"] == number
    text = f"code,pieces_per_pack\nA,{number}\n"
    assert shop.load_csv("skus", text).counts == (0, 0, 1, 0)


# Columns that mean nothing


def test_unknown_names_are_told_once_and_are_no_errors(shop: Organization) -> None:
    rows = [
        {"code": "A", "name": "a", "do_not_ship": True, "colour": "red", "created_at": "x"},
        {"code": "B", "name": "b", "do_not_ship": True, "colour": "blue", "size.x": 1},
    ]
    outcome = shop.load("skus", rows)
    assert outcome.errors == {}
    assert sorted(outcome.import_.ignored_columns) == ["colour", "size.x"]


def test_columns_of_a_report_are_ignored_in_silence(shop: Organization) -> None:
    text = "code,name,do_not_ship,_row,_errors\nA,a,true,1,name: is invalid\n"
    outcome = shop.load_csv("skus", text)
    assert (outcome.counts, outcome.import_.ignored_columns) == ((1, 0, 0, 0), ())
