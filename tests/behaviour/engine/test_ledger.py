"""What became of each row, and of which record, kept with the counts that say how many."""

import json
from typing import Any

import pytest

from longshore.identifiers import ImportId, RunId
from longshore.imports import (
    Import,
    LedgerRow,
    RowOutcome,
    count_ledger,
    ledger_rows,
    list_ledger,
)
from longshore.operations import Asker
from tests.behaviour.engine.organization import SOMEBODY, Organization

Row = dict[str, Any]

CREATED, UPDATED, UNCHANGED, FAILED, SKIPPED = RowOutcome
CHUNKS = [1, 3, 2000]


def sku(code: str, **fields: Any) -> Row:
    return {"code": code, "name": "x", "do_not_ship": True, **fields}


def ledger(shop: Organization, import_: Import, **how: Any) -> list[LedgerRow]:
    with shop.longshore.database.read() as tx:
        return list(ledger_rows(tx, import_.id, **how))


def told(shop: Organization, import_: Import) -> list[tuple[int, str, int]]:
    """Number, outcome and record of each row."""
    return [(row.number, row.outcome.word, row.record_id) for row in ledger(shop, import_)]


def assert_adds_up(shop: Organization, import_: Import) -> None:
    """What must hold whenever somebody looks: import and ledger are read in one snapshot."""
    with shop.longshore.database.read() as tx:
        counts = count_ledger(tx, import_.id)
    not_yet = import_.inputs_size - import_.consumed_count
    assert sum(counts.values()) + not_yet == import_.inputs_size
    assert counts == {
        CREATED: import_.created_count,
        UPDATED: import_.updated_count,
        UNCHANGED: import_.unchanged_count,
        FAILED: import_.errors_count,
        SKIPPED: 0,
    }


@pytest.mark.parametrize("chunk_rows", CHUNKS)
@pytest.mark.parametrize("extra", [{}, {"id": None}], ids=["in bulk", "one by one"])
def test_each_row_is_told_with_its_record_whatever_the_chunks(
    shop: Organization, chunk_rows: int, extra: Row
) -> None:
    stored = {code: shop.inside(shop.have("skus", **sku(code))) for code in ("A", "B")}
    rows = [
        sku("N"),
        sku("A", name="new"),
        sku("B"),
        sku("O", weight="x"),
        sku("B", weight="x"),
        sku("N", weight="x"),
        sku("N", name="newer"),
    ]
    rows = [{**row, **extra} for row in rows]
    outcome = shop.in_chunks(chunk_rows).load("skus", rows)
    (made,) = (shop.inside(each["id"]) for each in shop.all("skus") if each["code"] == "N")
    assert told(shop, outcome.import_) == [
        (1, "created", made),
        (2, "updated", stored["A"]),
        (3, "unchanged", stored["B"]),
        (4, "failed", 0),
        (5, "failed", stored["B"]),
        (6, "failed", made),
        (7, "updated", made),
    ]
    assert_adds_up(shop, outcome.import_)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "nothing"},
        {"code": "", "name": "x"},
        {"code": ["A"], "name": "x"},
        "no object",
    ],
)
def test_a_failed_row_that_finds_no_record_has_none(shop: Organization, wrong: Any) -> None:
    shop.have("skus", code="A")
    outcome = shop.load("skus", [wrong])
    assert told(shop, outcome.import_) == [(1, "failed", 0)]


def test_a_row_that_fails_for_what_is_nested_in_it_has_its_record(shop: Organization) -> None:
    order = shop.some("orders")
    line = {"sku_code": "nowhere", "quantity": 1}
    outcome = shop.load("orders", [{"id": order, "line_items": [line]}])
    assert told(shop, outcome.import_) == [(1, "failed", shop.inside(order))]


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_further_records_are_those_that_a_row_creates_besides_its_own(
    shop: Organization, chunk_rows: int
) -> None:
    """The first row that needs a tag makes it, also for those behind it; what fails makes none."""
    tagged = [{"name": "red"}, {"name": "blue"}]
    rows = [
        sku("A", tags=[{"name": "red"}]),
        sku("B", weight="x", tags=tagged),
        sku("A", tags=tagged),
        sku("C", tags=tagged),
    ]
    outcome = shop.in_chunks(chunk_rows).load("skus", rows)
    tags = {each["name"]: shop.inside(each["id"]) for each in shop.all("tags")}
    found = [(row.outcome, row.further) for row in ledger(shop, outcome.import_)]
    assert found == [
        (CREATED, (("tags", tags["red"]),)),
        (FAILED, ()),
        (UPDATED, (("tags", tags["blue"]),)),
        (CREATED, ()),
    ]


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_nested_records_that_are_created_are_further_ones(
    shop: Organization, chunk_rows: int
) -> None:
    line = {"item_type": "skus", "name": "x", "quantity": 1, "unit_amount_cents": 1}
    market = shop.some("markets")
    rows = [
        {"number": "A", "market_id": market, "line_items": [line, {**line, "name": "y"}]},
        {"number": "A", "line_items": [{**line, "name": "z"}]},
        {"number": "A", "line_items": [{**line, "name": "z"}]},
    ]
    outcome = shop.in_chunks(chunk_rows).load("orders", rows)
    names: dict[int, str] = {
        shop.inside(each["id"]): each["name"] for each in shop.all("line_items")
    }
    found = [
        (row.outcome, [(table, names[id]) for table, id in row.further])
        for row in ledger(shop, outcome.import_)
    ]
    assert found == [
        (CREATED, [("line_items", "x"), ("line_items", "y")]),
        (UPDATED, [("line_items", "z")]),
        (UNCHANGED, []),
    ]


def test_lines_are_those_of_the_file(shop: Organization) -> None:
    text = 'code,name,do_not_ship\nA,"one\ntwo",true\n\nB,x,true\nC,x,maybe\n'
    outcome = shop.load_csv("skus", text)
    assert [(row.line, row.outcome) for row in ledger(shop, outcome.import_)] == [
        (2, CREATED),
        (5, CREATED),
        (6, FAILED),
    ]


MIXED = [sku(f"S{number}", **({"weight": "x"} if number % 5 == 3 else {})) for number in range(23)]
FAILS = [number + 1 for number in range(23) if number % 5 == 3]


@pytest.mark.parametrize("chunk_rows", [1, 2, 7, 2000])
@pytest.mark.parametrize("outcomes", [set(RowOutcome), {FAILED}, {CREATED, FAILED}, {UPDATED}])
def test_pages_together_are_the_whole_ledger(
    shop: Organization, chunk_rows: int, outcomes: set[RowOutcome]
) -> None:
    import_ = shop.in_chunks(chunk_rows).load("skus", MIXED).import_
    expected = [row for row in ledger(shop, import_) if row.outcome in outcomes]
    assert ledger(shop, import_, outcomes=outcomes) == expected
    found: list[LedgerRow] = []
    with shop.longshore.database.read() as tx:
        for offset in range(0, 30, 4):
            found += list_ledger(tx, import_.id, outcomes=outcomes, offset=offset, limit=4)
    assert found == expected
    for first_row in (1, 2, 8, 23, 24):
        rest = [row for row in expected if row.number >= first_row]
        assert ledger(shop, import_, outcomes=outcomes, first_row=first_row) == rest


def test_the_sums_hold_after_each_chunk_and_behind_a_stop(shop: Organization) -> None:
    seen: list[int] = []

    def look(import_: Import) -> None:
        assert_adds_up(shop, import_)
        seen.append(import_.consumed_count)

    import_ = shop.in_chunks(3).submit("skus", json.dumps(MIXED).encode())
    assert_adds_up(shop, import_)
    while not import_.is_finished:
        stop = shop.in_chunks(3)
        import_ = stop.run(import_, on_progress=look, should_stop=lambda: True).import_
        assert_adds_up(shop, import_)
    assert seen == [*range(3, 23, 3), 23]
    assert [row.number for row in ledger(shop, import_, outcomes={FAILED})] == FAILS


def test_rows_that_are_not_reached_are_not_told(shop: Organization) -> None:
    """Behind the row that trips the threshold, and behind an interruption."""
    rows = [sku("A"), sku("B", weight="x"), sku("C", weight="x"), sku("D")]
    outcome = shop.in_chunks(2000).load("skus", rows, skip_errors=False)
    assert outcome.status == "interrupted"
    assert [(number, word) for number, word, _ in told(shop, outcome.import_)] == [
        (1, "created"),
        (2, "failed"),
    ]
    assert_adds_up(shop, outcome.import_)
    import_ = shop.in_chunks(1).submit("skus", json.dumps(rows).encode())
    import_ = shop.in_chunks(1).run(import_, should_stop=lambda: True).import_
    import_ = shop.longshore.imports.interrupt(Asker(environment=shop.environment), import_.id)
    assert [number for number, _, _ in told(shop, import_)] == [1]
    assert_adds_up(shop, import_)


def test_the_entries_of_the_journal_are_found_for_each_row(shop: Organization) -> None:
    """Those of others lie between them."""
    first, *_ = (shop.inside(shop.have("skus", **sku(f"S{number}"))) for number in range(6))
    rows = [sku(f"S{number}", name=f"n{number % 2}") for number in range(6)]
    import_ = shop.in_chunks(2).submit("skus", json.dumps(rows).encode())
    while not import_.is_finished:
        import_ = shop.in_chunks(2).run(import_, should_stop=lambda: True).import_
        name = {"name": str(import_.consumed_count)}
        shop.writer.update(shop.environment, "skus", first, name, creator=SOMEBODY)
    entries = {entry.row_number: entry.id for entry in shop.told(import_).entries}
    for row in ledger(shop, import_):
        behind, last = row.entries
        assert behind < entries[row.number] <= last
        assert {number for number, id in entries.items() if behind < id <= last} == {
            (row.number - 1) // 2 * 2 + 1,
            (row.number - 1) // 2 * 2 + 2,
        }


def test_a_deleted_import_has_no_ledger(shop: Organization) -> None:
    import_ = shop.load("skus", [sku("A")]).import_
    other = shop.load("skus", [sku("B")]).import_
    shop.longshore.imports.delete(Asker(environment=shop.environment), import_.id)
    assert (ledger(shop, import_), len(ledger(shop, other))) == ([], 1)


def test_an_import_that_is_not_there_has_no_ledger(shop: Organization) -> None:
    with shop.longshore.database.read() as tx:
        assert list_ledger(tx, ImportId(RunId(1)), offset=0, limit=5) == []
        assert sum(count_ledger(tx, ImportId(RunId(1))).values()) == 0
