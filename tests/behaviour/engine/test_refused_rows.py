"""Rows that the database refuses, whatever its reason: found by halving, all others are stored."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import log2
from typing import Any

import pytest

from longshore.database import Transaction
from longshore.operations import Asker
from tests.behaviour.engine.organization import Organization, Outcome

_REFUSED = "REFUSED-%"  # codes of SKUs


@pytest.fixture(autouse=True)
def refusal(shop: Organization) -> Iterator[None]:
    """Somebody has forbidden some codes in the database itself."""
    with forbidden_codes(shop):
        yield


@contextmanager
def forbidden_codes(shop: Organization) -> Iterator[None]:
    """For as long as the block lasts, the database itself refuses some codes."""
    database = shop.longshore.database
    with database.write() as tx:
        _forbid(tx, is_embedded=database.is_embedded)
    yield
    with database.write() as tx:
        tx.execute("DROP TRIGGER forbid" + ("" if database.is_embedded else " ON skus"))


def _forbid(tx: Transaction, *, is_embedded: bool) -> None:
    if is_embedded:
        tx.execute(
            f"CREATE TRIGGER forbid BEFORE INSERT ON skus WHEN NEW.code LIKE '{_REFUSED}'"
            " BEGIN SELECT RAISE(ABORT, 'this code is forbidden'); END"
        )
        return
    tx.execute(
        "CREATE OR REPLACE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'this code is forbidden'; END $$"
    )
    tx.execute(
        "CREATE TRIGGER forbid BEFORE INSERT ON skus FOR EACH ROW"
        f" WHEN (NEW.code LIKE '{_REFUSED}') EXECUTE FUNCTION forbid()"
    )


def skus(count: int, refused: Iterable[int], **more: Any) -> list[dict[str, Any]]:
    """Rows of SKUs, some of them refused."""
    forbidden = set(refused)
    return [
        {
            "code": f"{'REFUSED' if number in forbidden else 'S'}-{number}",
            "name": "x",
            "do_not_ship": True,
            **more,
        }
        for number in range(1, count + 1)
    ]


def load(shop: Organization, rows: Any, chunk_rows: int, **request: Any) -> tuple[Outcome, int]:
    """What became of rows, and the number of transactions that were tried."""
    tried: list[str] = []

    def count(reached: str) -> None:
        if reached == "started":
            tried.append(reached)

    same = shop.working(on_point=count, chunk_rows=chunk_rows, chunk_rows_first=chunk_rows)
    return same.load("skus", rows, **request), len(tried)


def numbers(shop: Organization) -> list[int]:
    """The numbers of the rows that are stored."""
    return [int(code.partition("-")[2]) for code in shop.values("skus", "code")]


@pytest.mark.parametrize("more", [{}, {"tags": [{"name": "t"}]}], ids=["plain", "tagged"])
def test_one_refused_row_among_many_costs_few_transactions(
    shop: Organization, more: dict[str, Any]
) -> None:
    count, refused = 2500, 1700
    outcome, tried = load(shop, skus(count, [refused], **more), count)
    assert outcome.counts == (count - 1, 0, 0, 1)
    ((row, errors),) = outcome.errors.items()
    assert row == refused
    assert list(errors) == ["base"]
    assert "could not be stored: " in errors["base"][0]
    assert "this code is forbidden" in errors["base"][0]
    assert numbers(shop) == [number for number in range(1, count + 1) if number != refused]
    assert tried <= 2 * log2(count) + 2


def test_transactions_grow_with_the_number_of_refused_rows(shop: Organization) -> None:
    count, refused = 512, range(7, 512, 64)
    outcome, tried = load(shop, skus(count, refused), count)
    assert outcome.counts == (count - len(refused), 0, 0, len(refused))
    assert set(outcome.errors) == set(refused)
    assert tried <= 2 * len(refused) * log2(count)


@pytest.mark.parametrize("chunk_rows", [1, 4, 9])
@pytest.mark.parametrize("refused", [[1], [9], [5, 6], [1, 9], [2, 4, 6, 8], range(1, 10)], ids=str)
def test_refused_rows_are_told_and_all_others_stored(
    shop: Organization, refused: Iterable[int], chunk_rows: int
) -> None:
    outcome, _ = load(shop, skus(9, refused), chunk_rows)
    expected = sorted(set(range(1, 10)) - set(refused))
    assert outcome.counts == (len(expected), 0, 0, 9 - len(expected))
    assert outcome.status == "completed"
    assert {row: list(errors) for row, errors in outcome.errors.items()} == {
        row: ["base"] for row in refused
    }
    assert numbers(shop) == expected


def test_refused_row_is_told_with_those_that_are_wrong(shop: Organization) -> None:
    rows = skus(8, [3])
    rows[1]["name"] = rows[6]["name"] = None
    outcome, _ = load(shop, rows, 8)
    assert outcome.counts == (5, 0, 0, 3)
    assert {row: list(errors) for row, errors in outcome.errors.items()} == {
        2: ["name"],
        3: ["base"],
        7: ["name"],
    }


@pytest.mark.parametrize("chunk_rows", [1, 30])
def test_threshold_is_judged_in_the_order_of_rows(shop: Organization, chunk_rows: int) -> None:
    """The fourth of 30 rows is one too many, wherever the halves of the chunk end."""
    outcome, _ = load(shop, skus(30, [2, 9, 17, 20, 29]), chunk_rows, skip_errors=False)
    assert outcome.status == "interrupted"
    assert outcome.import_.consumed_count == 20
    assert outcome.counts == (16, 0, 0, 4)
    assert numbers(shop) == [number for number in range(1, 20) if number not in (2, 9, 17)]


def test_import_stops_between_halves_and_goes_on_there(shop: Organization) -> None:
    import_ = shop.submit("skus", json.dumps(skus(16, [11])).encode())
    runs = 0
    while import_.status != "completed":
        import_ = shop.in_chunks(16).run(import_, should_stop=lambda: True).import_
        runs += 1
        assert runs < 20
    outcome = shop.told(import_)
    assert outcome.counts == (15, 0, 0, 1)
    assert list(outcome.errors) == [11]
    assert runs > 2


def test_interruption_between_halves_is_final(shop: Organization) -> None:
    tried: list[str] = []

    def interrupt(reached: str) -> None:
        if reached == "committed":
            shop.longshore.imports.interrupt(Asker(environment=shop.environment), import_.id)
        tried.append(reached)

    import_ = shop.submit("skus", json.dumps(skus(16, [11])).encode())
    outcome = shop.working(on_point=interrupt, chunk_rows=16, chunk_rows_first=16).run(import_)
    assert (outcome.status, outcome.counts) == ("interrupted", (8, 0, 0, 0))
    assert numbers(shop) == list(range(1, 9))
