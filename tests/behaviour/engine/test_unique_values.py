"""Unique values: taken, given up, and taken again, as if rows were saved one by one."""

from collections.abc import Sequence
from typing import Any

import pytest

from longshore.database import StatementRefused, Transaction
from tests.behaviour.engine.organization import Organization

TAKEN = ["has already been taken"]
CHUNKS = [1, 2, 3, 2000]


def new(code: str, **fields: Any) -> dict[str, Any]:
    return {"code": code, "name": code.lower(), "do_not_ship": True, **fields}


@pytest.fixture
def three(shop: Organization) -> dict[str, str]:
    """SKUs A, B and C, named a, b and c; their ids."""
    shop.load("skus", [new("A"), new("B"), new("C")])
    return dict(zip("abc", shop.values("skus", "id"), strict=True))


def renaming(ids: dict[str, str], moves: Sequence[str]) -> list[dict[str, Any]]:
    """Rows that give codes away: `aB` gives the code B to the record a."""
    return [{"id": ids[move[0]], "code": move[1:]} for move in moves]


@pytest.mark.parametrize("chunk_rows", CHUNKS)
@pytest.mark.parametrize(
    ("moves", "codes", "failing"),
    [
        # a swap needs a free code in between
        (["aX", "bA", "aB"], ["B", "A", "C"], []),
        # a chain, each taking what the one before gave up
        (["cD", "bC", "aB"], ["B", "C", "D"], []),
        # a ring over a free code
        (["aX", "bA", "cB", "aC"], ["C", "A", "B"], []),
        # there and back
        (["aX", "aA"], ["A", "B", "C"], []),
        # a swap row by row meets the other's code
        (["aB", "bA"], ["A", "B", "C"], [1, 2]),
        # what failed gave nothing up
        (["aC", "bA", "cX", "bC"], ["A", "C", "X"], [1, 2]),
        # taken again by its first holder before somebody else can
        (["aX", "bA", "aA"], ["X", "A", "C"], [3]),
    ],
)
def test_codes_change_hands_in_the_order_of_the_rows(
    shop: Organization,
    three: dict[str, str],
    chunk_rows: int,
    moves: list[str],
    codes: list[str],
    failing: list[int],
) -> None:
    outcome = shop.in_chunks(chunk_rows).load("skus", renaming(three, moves))
    assert outcome.errors == {row: {"code": TAKEN} for row in failing}
    assert shop.values("skus", "code") == codes


def test_exchange_within_a_chunk_is_written_as_one(
    shop: Organization, three: dict[str, str]
) -> None:
    """The database sees no code twice, so it refuses nothing that would be repeated row by row."""
    passed: list[str] = []
    moves = [*renaming(three, ["aX", "bA", "cB", "aC"]), new("X")]
    outcome = shop.working(passed.append).load("skus", moves)
    assert outcome.counts == (1, 4, 0, 0)
    assert passed.count("started") == passed.count("committed") == 1


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_code_that_was_given_up_is_free_for_a_new_record(
    shop: Organization, three: dict[str, str], chunk_rows: int
) -> None:
    rows = [*renaming(three, ["aX"]), new("A", name="other"), *renaming(three, ["bA"])]
    outcome = shop.in_chunks(chunk_rows).load("skus", rows)
    assert outcome.counts == (1, 1, 0, 1)
    assert outcome.errors == {3: {"code": TAKEN}}
    assert shop.values("skus", "code", "name") == [
        ("X", "a"),
        ("B", "b"),
        ("C", "c"),
        ("A", "other"),
    ]


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_new_records_exchange_codes_too(shop: Organization, chunk_rows: int) -> None:
    shop = shop.in_chunks(chunk_rows)
    shop.load("skus", [new("A"), new("B")])
    first, second = shop.values("skus", "id")
    rows = [new("N"), {"id": first, "code": "Z"}, {"id": second, "code": "A"}, new("B")]
    assert shop.load("skus", rows).counts == (2, 2, 0, 0)
    assert shop.values("skus", "code") == ["Z", "A", "N", "B"]


def test_code_of_another_record_is_taken(shop: Organization, three: dict[str, str]) -> None:
    outcome = shop.load("skus", [{"id": three["a"], "code": " B "}])
    assert outcome.errors == {1: {"code": TAKEN}}


def test_own_code_is_not_taken(shop: Organization, three: dict[str, str]) -> None:
    assert shop.load("skus", [{"id": three["a"], "code": "A"}]).counts == (0, 0, 1, 0)
    # what stands around a code is nothing
    assert shop.load("skus", [{"id": three["a"], "code": " A"}]).counts == (0, 0, 1, 0)


def test_taken_pair_is_reported_under_what_can_be_changed(shop: Organization) -> None:
    shop.have("skus", code="A")
    shop.have("skus", code="B")
    parent = shop.some("price_lists")
    rows = [{"sku_code": code, "amount_cents": 1} for code in "AB"]
    shop.load("prices", rows, parent=parent)
    first = shop.values("prices", "id")[0]
    outcome = shop.load("prices", [{"id": first, "sku_code": "B"}])
    assert outcome.errors == {1: {"sku": TAKEN}}


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_nested_children_exchange_their_limits(shop: Organization, chunk_rows: int) -> None:
    price = shop.some("prices")
    tiers = [{"name": f"t{limit}", "up_to": limit, "price_amount_cents": 1} for limit in (1, 2)]
    shop.load("prices", [{"id": price, "price_tiers": tiers}])
    first, second = shop.values("price_tiers", "id")
    rows = [
        {"id": first, "up_to": 3},
        {"id": second, "up_to": 1},
        {"id": first, "up_to": 2},
        {"id": second, "up_to": None},
        {"id": first, "up_to": None},
    ]
    outcome = shop.in_chunks(chunk_rows).load("price_tiers", rows)
    assert outcome.errors == {5: {"up_to": TAKEN}}
    assert shop.values("price_tiers", "up_to") == [2, None]


def test_email_addresses_are_taken_in_any_case(shop: Organization) -> None:
    shop.have("customers", email="a@x.com")
    other = shop.have("customers", email="b@x.com")
    assert shop.load("customers", [{"id": other, "email": "A@X.com"}]).errors == {
        1: {"email": TAKEN}
    }


def test_taken_second_key_stops_a_row_that_another_key_matched(shop: Organization) -> None:
    """A price list is found by its name; the code that it is to get is another one's."""
    shop.load("price_lists", [{"name": "EU", "currency_code": "EUR"}])
    shop.load("price_lists", [{"code": "x", "name": "X", "currency_code": "EUR"}])
    european = shop.values("price_lists", "id")[0]
    outcome = shop.load("price_lists", [{"id": european, "code": "x"}])
    assert outcome.errors == {1: {"code": TAKEN}}


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_moves_are_one_entry_for_each_row(
    shop: Organization, three: dict[str, str], chunk_rows: int
) -> None:
    outcome = shop.in_chunks(chunk_rows).load("skus", renaming(three, ["aX", "bA", "aB"]))
    assert outcome.changes == [
        (1, {"code": ("A", "X")}),
        (2, {"code": ("B", "A")}),
        (3, {"code": ("X", "B")}),
    ]


# What the database refuses


def refuse(shop: Organization, code: str) -> None:
    """Let the database refuse a SKU, as something that the engine cannot foresee would."""
    trigger = f'CREATE TRIGGER "refuse {code}" BEFORE INSERT ON skus'
    with shop.longshore.database.write() as tx:
        if shop.longshore.database.is_embedded:
            raising = "BEGIN SELECT RAISE(ABORT, 'not this one'); END"
            tx.execute(f"{trigger} WHEN NEW.code = '{code}' {raising}")
            return
        tx.execute(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'not this one'; END $$"
        )
        tx.execute(f"{trigger} FOR EACH ROW WHEN (NEW.code = '{code}') EXECUTE FUNCTION refuse()")


def allow(shop: Organization, code: str) -> None:
    with shop.longshore.database.write() as tx:
        where = "" if shop.longshore.database.is_embedded else " ON skus"
        tx.execute(f'DROP TRIGGER "refuse {code}"{where}')


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_row_that_the_database_refuses_fails_alone(shop: Organization, chunk_rows: int) -> None:
    refuse(shop, "REFUSED")
    try:
        rows = [new("A"), new("B"), new("REFUSED"), new("C"), new("REFUSED"), new("D")]
        outcome = shop.in_chunks(chunk_rows).load("skus", rows)
    finally:
        allow(shop, "REFUSED")
    assert outcome.counts == (4, 0, 0, 2)
    assert list(outcome.errors) == [3, 5]
    ((message,),) = outcome.errors[3].values()
    assert list(outcome.errors[3]) == ["base"]
    assert "not this one" in message
    assert shop.values("skus", "code") == ["A", "B", "C", "D"]


def test_refused_record_that_is_written_alone_is_a_finding(shop: Organization) -> None:
    refuse(shop, "REFUSED")
    try:
        made = shop.writer.create(shop.environment, "skus", new("REFUSED"), creator=1)
    finally:
        allow(shop, "REFUSED")
    assert made.record_id is None
    ((field, message, _),) = made.findings
    assert field == "base"
    assert "not this one" in message


def test_write_that_fails_for_a_moment_is_repeated(shop: Organization) -> None:
    """Somebody takes the code between two tries; the row then means his record."""
    tries = []

    def fail_once(point: str) -> None:
        if point != "flushed":
            return
        tries.append(point)
        if len(tries) == 1:
            raise StatementRefused("lost a race")

    outcome = shop.working(on_point=fail_once).load("skus", [new("A"), new("B")])
    assert outcome.counts == (2, 0, 0, 0)
    assert len(tries) == 3  # the chunk of two, then one by one


def test_storage_agrees_that_keys_are_unique(shop: Organization, three: dict[str, str]) -> None:
    def clash(tx: Transaction) -> None:
        tx.execute(
            "UPDATE skus SET code_key = (SELECT code_key FROM skus WHERE id = ?) WHERE id = ?",
            (shop.inside(three["a"]), shop.inside(three["b"])),
        )

    with pytest.raises(StatementRefused), shop.longshore.database.write() as tx:
        clash(tx)
