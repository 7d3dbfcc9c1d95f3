"""What is told of the rows as a whole: those for one record, and codes made into numbers."""

import json
from typing import Any

import pytest

from longshore.notices import Notice, NoticeCode
from tests.behaviour.engine.organization import Organization

Row = dict[str, Any]

CHUNKS = [1, 2, 3, 2000]


def sku(code: str, **fields: Any) -> Row:
    return {"code": code, "name": "x", "do_not_ship": True, **fields}


def pairs(notices: tuple[Notice, ...]) -> tuple[int, list[tuple[list[int], list[int], str]]]:
    """How many rows name a record of an earlier one, and the first: rows, lines, key."""
    for notice in notices:
        if notice.code is NoticeCode.RECORDS_REPEATED:
            assert notice.count is not None
            first: Any = [(each["rows"], each["lines"], each["key"]) for each in notice.first]
            return notice.count, first
    return 0, []


def codes(notices: tuple[Notice, ...]) -> tuple[int, list[tuple[int, str, str]]]:
    """How many rows have a code in scientific notation, and the first: row, field, value."""
    for notice in notices:
        if notice.code is NoticeCode.CODES_SCIENTIFIC:
            assert notice.count is not None
            first: Any = [(each["row"], each["field"], each["value"]) for each in notice.first]
            return notice.count, first
    return 0, []


@pytest.mark.parametrize("chunk_rows", CHUNKS)
@pytest.mark.parametrize("extra", [{}, {"id": None}], ids=["in bulk", "one by one"])
def test_rows_for_one_record_are_told_whatever_the_chunks(
    shop: Organization, chunk_rows: int, extra: Row
) -> None:
    rows = [{**sku(code), **extra} for code in ("A", "B", "A", "C", "A", "B")]
    expected = (3, [([1, 3], [1, 1], "A"), ([1, 5], [1, 1], "A"), ([2, 6], [1, 1], "B")])
    dry_run = shop.in_chunks(chunk_rows).dry_run("skus", rows)
    assert pairs(dry_run.notices) == expected
    outcome = shop.in_chunks(chunk_rows).load("skus", rows)
    assert outcome.counts == (3, 0, 3, 0)
    assert pairs(outcome.import_.notices) == expected
    # Unchanged records, of which nothing is written, are told as well.
    again = shop.in_chunks(chunk_rows).load("skus", rows)
    assert again.counts == (0, 0, 6, 0)
    assert pairs(again.import_.notices) == expected


def test_rows_for_different_records_are_not_told(shop: Organization) -> None:
    rows = [sku(f"S{number}") for number in range(20)]
    for _ in range(2):
        assert shop.in_chunks(7).load("skus", rows).import_.notices == ()


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_a_record_named_by_key_and_by_id_is_one(shop: Organization, chunk_rows: int) -> None:
    id = shop.have("skus", code="A")
    rows = [{"code": "A", "name": "1"}, {"id": id, "name": "2"}, {"id": id, "code": "B"}]
    outcome = shop.in_chunks(chunk_rows).load("skus", [*rows, sku("A")])
    # What row 3 has renamed is not what row 4 creates.
    assert outcome.counts == (1, 3, 0, 0)
    count, first = pairs(outcome.import_.notices)
    assert (count, [rows for rows, _, _ in first]) == (2, [[1, 2], [1, 3]])


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_rows_that_fail_have_no_record(shop: Organization, chunk_rows: int) -> None:
    rows = [sku("A", weight="x"), sku("A"), sku("A", weight="x"), sku("A")]
    outcome = shop.in_chunks(chunk_rows).load("skus", rows)
    assert outcome.counts == (1, 0, 1, 2)
    assert pairs(outcome.import_.notices) == (1, [([2, 4], [1, 1], "A")])


def test_a_type_without_a_key_is_told_by_id_only(shop: Organization) -> None:
    order, sku_id = shop.some("orders"), shop.some("skus")
    code = shop.one("skus", sku_id)["code"]
    row = {"order_id": order, "sku_code": code, "quantity": 1, "unit_amount_cents": 1}
    first = shop.load("line_items", [row, row])
    assert (first.counts, pairs(first.import_.notices)) == ((2, 0, 0, 0), (0, []))
    id = shop.all("line_items")[0]["id"]
    rows = [{"id": id, "quantity": 2}, {"id": id, "quantity": 3}]
    assert pairs(shop.load("line_items", rows).import_.notices)[0] == 1


def test_a_price_of_one_sku_in_one_list_is_told(shop: Organization) -> None:
    """Its key is made of records, and of a text that names one."""
    code = shop.one("skus", shop.some("skus"))["code"]
    rows = [{"sku_code": code, "amount_cents": cents} for cents in (1, 2)]
    outcome = shop.load("prices", rows, parent=shop.some("price_lists"))
    assert pairs(outcome.import_.notices) == (1, [([1, 2], [1, 1], code)])


@pytest.mark.parametrize("chunk_rows", [1, 2])
def test_an_import_that_is_given_back_after_each_chunk_counts_each_row_once(
    shop: Organization, chunk_rows: int
) -> None:
    """Each run is by a process of its own that knows what is stored."""
    rows = [sku(code) for code in ("A", "4.00638E+12", "A", "B", "4.00638E+12", "A", "B")]
    import_ = shop.in_chunks(chunk_rows).submit("skus", _source(rows))
    runs = 0
    while not import_.is_finished:
        import_ = shop.in_chunks(chunk_rows).run(import_, should_stop=lambda: True).import_
        runs += 1
    assert runs > 3
    found = [(each, key) for each, _, key in pairs(import_.notices)[1]]
    code = "4.00638E+12"
    assert found == [([1, 3], "A"), ([2, 5], code), ([1, 6], "A"), ([4, 7], "B")]
    assert codes(import_.notices) == (2, [(2, "code", code), (5, "code", code)])


def test_a_record_that_only_failed_rows_have_named_is_not_told(shop: Organization) -> None:
    """They have found it, which the ledger knows, also when another process goes on."""
    shop.have("skus", code="A")
    rows = [sku("A", weight="x"), sku("A", weight="y"), sku("A", name="n"), sku("A", weight="z")]
    import_ = shop.in_chunks(1).submit("skus", _source(rows))
    while not import_.is_finished:
        import_ = shop.in_chunks(1).run(import_, should_stop=lambda: True).import_
    assert pairs(import_.notices) == (0, [])


def test_only_the_first_pairs_are_named_and_all_are_counted(shop: Organization) -> None:
    rows = [sku(f"S{number % 5}") for number in range(40)]
    outcome = shop.in_chunks(7).load("skus", rows)
    count, first = pairs(outcome.import_.notices)
    assert (count, len(first)) == (35, 10)
    assert [rows for rows, _, _ in first[:6]] == [[n % 5 + 1, n + 6] for n in range(6)]
    (notice,) = outcome.import_.notices
    assert notice.message == (
        "35 rows name a record that an earlier row has named: S0 in rows 1 and 6 (lines 1 and 1), "
        "S1 in rows 2 and 7 (lines 1 and 1), S2 in rows 3 and 8 (lines 1 and 1), and 32 more"
    )


@pytest.mark.parametrize(
    ("code", "is_told"),
    [
        ("4.00638E+12", True),
        ("4,00638E+12", True),
        ("4E+12", True),
        (" 4.00638E+12 ", True),
        ("-1.5e+100", True),
        ("4.00638E12", False),  # a code may look so
        ("E+12", False),
        ("40.0638E+12", False),
        ("A4.00638E+12", False),
        ("4.00638E+12-X", False),
        ("12E-4", False),
        ("4.00638", False),
    ],
)
def test_a_code_in_scientific_notation_is_told(
    shop: Organization, code: str, is_told: bool
) -> None:
    outcome = shop.load("skus", [sku("A"), sku(code)])
    assert outcome.counts == (2, 0, 0, 0)
    expected = (1, [(2, "code", code.strip())]) if is_told else (0, [])
    assert codes(outcome.import_.notices) == expected


def test_codes_that_name_other_records_are_looked_at_too(shop: Organization) -> None:
    """Also where the row fails, since nothing has that code."""
    rows = [{"sku_code": "4.00638E+12", "amount_cents": 1}]
    outcome = shop.load("prices", rows, parent=shop.some("price_lists"))
    assert outcome.counts == (0, 0, 0, 1)
    assert codes(outcome.import_.notices) == (1, [(1, "sku_code", "4.00638E+12")])


def test_codes_inside_rows_are_looked_at_too(shop: Organization) -> None:
    item = {"sku_code": "4.00638E+12", "quantity": 1, "unit_amount_cents": 1}
    rows = [{"market_id": shop.some("markets"), "line_items": [item, item]}]
    outcome = shop.load("orders", rows)
    assert codes(outcome.import_.notices) == (1, [(1, "line_items.sku_code", "4.00638E+12")])


def test_texts_that_are_no_codes_are_not_looked_at(shop: Organization) -> None:
    assert shop.load("skus", [sku("A", name="4.00638E+12")]).import_.notices == ()


def _source(rows: list[Row]) -> bytes:

    return json.dumps(rows).encode()
