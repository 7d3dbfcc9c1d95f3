"""Several writers at once: each sees of the others all or nothing, nobody waits for somebody who
waits for him, and what is left is what some order of their transactions leaves."""

import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from longshore.errors import RequestRefused
from longshore.imports import Import
from tests.behaviour.engine.organization import Organization, Outcome

KEYS = 60

# How long a transaction stays open for others to meet it: without locks they would load what it is
# about to replace.
MEETING_SECONDS = 0.01

Row = dict[str, Any]


def meet(point: str) -> None:
    if point == "flushed":
        threading.Event().wait(MEETING_SECONDS)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls give that begin together, each in a thread of its own."""
    begin = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)
    errors: list[BaseException] = []

    def call(index: int) -> None:
        begin.wait()
        try:
            results[index] = calls[index]()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=call, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def load_in_turn(shop: Organization, name: str, rows: Sequence[Row]) -> Outcome:
    """Import rows as soon as no older import keeps them waiting."""
    import_ = shop.submit(name, json.dumps(rows).encode())
    while is_blocked(shop, import_):
        threading.Event().wait(MEETING_SECONDS)
    return shop.run(import_)


def is_blocked(shop: Organization, import_: Import) -> bool:
    return shop.longshore.imports.waits_for(import_) is not None


def import_at_once(shop: Organization, *sources: tuple[str, Sequence[Row]]) -> list[Outcome]:
    """Import sources at once, in chunks that meet in every order where their tables differ."""
    calls = [
        lambda rows=rows, name=name, size=size: load_in_turn(
            shop.in_chunks(size, on_point=meet), name, rows
        )
        for size, (name, rows) in enumerate(sources, start=5)
    ]
    outcomes = at_once(*calls)
    assert [outcome.errors for outcome in outcomes] == [{} for _ in sources]
    assert {outcome.status for outcome in outcomes} == {"completed"}
    return outcomes


def skus(name: str) -> list[Row]:
    return [{"code": f"S{number}", "name": name, "do_not_ship": True} for number in range(KEYS)]


def test_of_imports_of_one_type_the_one_accepted_last_has_the_last_word(
    shop: Organization,
) -> None:
    sources = {name: skus(name) for name in ("one", "two", "three")}
    sources["two"].reverse()
    outcomes = import_at_once(shop, *(("skus", rows) for rows in sources.values()))
    named = sorted(
        zip(outcomes, sources, strict=True), key=lambda each: each[0].import_.run.place or 0
    )
    (first, before), *later = named
    assert first.counts == (KEYS, 0, 0, 0)
    for outcome, after in later:
        assert outcome.counts == (0, KEYS, 0, 0)
        assert [changes for _, changes in outcome.changes] == [{"name": (before, after)}] * KEYS
        before = after
    assert sorted(shop.values("skus", "code")) == sorted(row["code"] for row in skus("one"))
    assert set(shop.values("skus", "name")) == {before}


def test_an_import_that_has_to_wait_is_refused_to_whoever_would_run_it(shop: Organization) -> None:
    older, newer = (shop.submit("skus", json.dumps(skus(name)).encode()) for name in "on")
    with pytest.raises(RequestRefused, match="cannot begin: it waits for the import"):
        shop.run(newer)
    assert shop.run(older).counts == (KEYS, 0, 0, 0)
    assert shop.run(newer).counts == (0, KEYS, 0, 0)


def test_who_reads_a_table_that_another_one_writes_finds_whole_records(shop: Organization) -> None:
    """Prices name SKUs that swap their codes, always both within one chunk of either import."""
    shop.load("skus", skus("x"))
    shop.load("price_lists", [{"name": "EU", "currency_code": "EUR"}])
    ids = dict(shop.values("skus", "code", "id"))
    parent = shop.values("price_lists", "id")[0]
    prices = [
        {"sku_code": f"S{number}", "price_list_id": parent, "amount_cents": number}
        for number in range(KEYS)
    ]

    def exchange(number: int) -> Outcome:
        """Two SKUs swap their codes in one chunk, by way of one that nobody else knows."""
        one, other = f"S{number}", f"S{number + 1}"
        moves = [(ids[one], "between"), (ids[other], one), (ids[one], other)]
        return shop.in_chunks(3, on_point=meet).load(
            "skus", [{"id": id, "code": code} for id, code in moves]
        )

    def rename() -> list[Outcome]:
        return [exchange(number) for number in range(0, KEYS, 2)]

    priced, renamed = at_once(
        lambda: shop.in_chunks(4, on_point=meet).load("prices", prices), rename
    )
    assert priced.counts == (KEYS, 0, 0, 0)
    assert [outcome.counts for outcome in renamed] == [(0, 3, 0, 0)] * (KEYS // 2)
    assert len(set(shop.values("prices", "sku_id"))) == KEYS


def test_tags_that_several_types_make_are_made_once(shop: Organization) -> None:
    def tags(number: int) -> list[Row]:
        return [{"name": f"t{number % 7}"}, {"name": f"t{(number * 3 + 1) % 7}"}]

    customers = [{"email": f"c{n}@x.com", "tags": tags(n)} for n in range(KEYS)]
    tagged = [{**row, "tags": tags(n)} for n, row in enumerate(skus("x"))]
    names = [{"name": f"t{n % 7}"} for n in range(KEYS)]
    outcomes = import_at_once(shop, ("customers", customers), ("skus", tagged), ("tags", names))
    assert [sum(outcome.counts) for outcome in outcomes] == [KEYS] * 3
    assert sorted(shop.values("tags", "name")) == [f"t{n}" for n in range(7)]
    for name in ("customers", "skus"):
        found = {len(names) for names in shop.values(name, "tags")}
        assert found <= {1, 2}
        assert [] not in shop.values(name, "tags")


def test_sums_hold_what_all_writers_have_added(shop: Organization) -> None:
    market = shop.some("markets")
    shop.load("orders", [{"number": f"{n}", "market_id": market} for n in range(3)])
    orders = shop.values("orders", "id")

    def lines(cents: int) -> list[Row]:
        return [
            {"order_id": orders[n % 3], "name": "x", "quantity": 1, "unit_amount_cents": cents}
            for n in range(KEYS)
        ]

    nested = [
        {
            "number": f"{n % 3}",
            "market_id": market,
            "line_items": [{"name": "y", "quantity": 1, "unit_amount_cents": 10_000}],
        }
        for n in range(KEYS)
    ]

    def write() -> None:
        for row in lines(1):
            made = shop.writer.create(shop.environment, "line_items", row, creator=1)
            assert made.record_id is not None, made.findings

    _, (one, other) = at_once(
        write,
        lambda: import_at_once(shop, ("line_items", lines(100)[::-1]), ("orders", nested)),
    )
    assert one.counts == (KEYS, 0, 0, 0)
    assert other.counts[3] == 0
    sums = dict.fromkeys(orders, 0)
    for order, cents in shop.values("line_items", "order_id", "unit_amount_cents"):
        sums[order] += cents
    assert dict(shop.values("orders", "id", "subtotal_amount_cents")) == sums
    assert sum(sums.values()) >= KEYS * 101


@pytest.mark.parametrize("chunk_rows", [1, 5])
def test_an_import_and_somebody_who_writes_records_make_each_once(
    shop: Organization, chunk_rows: int
) -> None:
    rows = skus("one")

    def write() -> tuple[int, int]:
        created = failed = 0
        for row in reversed(skus("other")):
            made = shop.writer.create(shop.environment, "skus", row, creator=1)
            created += made.record_id is not None
            failed += made.record_id is None
            if made.record_id is None:
                assert [field for field, *_ in made.findings] == ["code"]
        return created, failed

    imported, (created, failed) = at_once(
        lambda: shop.in_chunks(chunk_rows, on_point=meet).load("skus", rows), write
    )
    assert imported.errors == {}
    assert imported.counts == (KEYS - created, created, 0, 0)
    assert created + failed == KEYS
    assert sorted(shop.values("skus", "code")) == sorted(row["code"] for row in rows)
    assert set(shop.values("skus", "name")) == {"one"}


def test_a_record_is_destroyed_with_what_refers_to_it_or_not_at_all(shop: Organization) -> None:
    """Prices are imported for SKUs that somebody destroys; each SKU is gone, or has its price."""
    shop.load("skus", skus("x"))
    shop.load("price_lists", [{"name": "EU", "currency_code": "EUR"}])
    parent = shop.values("price_lists", "id")[0]
    ids = dict(shop.values("skus", "code", "id"))
    prices = [
        {"sku_code": f"S{number}", "price_list_id": parent, "amount_cents": 1}
        for number in range(KEYS)
    ]

    def destroy() -> None:
        for code in reversed(list(ids)):
            shop.writer.delete(shop.environment, "skus", shop.inside(ids[code]), creator=1)

    imported, _ = at_once(lambda: shop.in_chunks(4, on_point=meet).load("prices", prices), destroy)
    left = set(shop.values("skus", "id"))
    priced = shop.values("prices", "sku_id")
    assert set(priced) <= left
    assert imported.counts[3] == KEYS - imported.counts[0]
    assert all(errors == {"sku": ["must exist"]} for errors in imported.errors.values())
