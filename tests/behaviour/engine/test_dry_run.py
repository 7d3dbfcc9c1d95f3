"""A dry run tells what an import would do, far beyond its first chunk, and writes nothing."""

from io import BytesIO
from typing import Any

import pytest

from longshore.engine import DryRun
from longshore.imports import ImportRequest
from longshore.sources import Source
from tests.behaviour.engine.organization import Organization, Outcome, by_row

CHUNKS = [1, 2, 2000]
Row = dict[str, Any]


def sku(code: str, **fields: Any) -> Row:
    return {"code": code, "name": "x", "do_not_ship": True, **fields}


def line(name: str = "x", **fields: Any) -> Row:
    return {"name": name, "quantity": 1, "unit_amount_cents": 1, **fields}


def plant(shop: Organization) -> None:
    """What the rows below meet."""
    shop.load("skus", [sku("A"), sku("B"), sku("C", tags=[{"name": "red"}])])
    shop.load("price_lists", [{"name": "EU", "currency_code": "EUR"}])
    shop.load("customers", [{"email": "known@x.com"}])


def ids(shop: Organization) -> dict[str, str]:
    return dict(shop.values("skus", "code", "id"))


def swaps(shop: Organization) -> list[Row]:
    known = ids(shop)
    moves = [("A", "X"), ("B", "A"), ("A", "B"), ("C", "A"), ("C", "D")]
    rows: list[Row] = [{"id": known[code], "code": new} for code, new in moves]
    return [*rows, sku("C"), sku("X", name=None), sku("D", name="y"), sku("X")]


def orders(shop: Organization) -> list[Row]:
    market = shop.some("markets")
    return [
        {"number": "1", "market_id": market, "customer_email": "new@x.com", "line_items": [line()]},
        {"number": "1", "customer_email": "NEW@x.com", "line_items": [line(quantity=2)]},
        {"number": "2", "market_id": market, "line_items": [line(quantity=0)]},
        {"number": "1", "line_items": [line("y", reference="r"), line("z", reference="r")]},
        {"number": "2", "market_id": market, "customer_email": "known@x.com", "_place": True},
        {"number": "1", "line_items": [line(quantity=2), line("z", reference="r")]},
        {"market_id": market},
        {"number": "2", "status": "approved", "_archive": True, "tags": [{"name": "new"}]},
    ]


def tagged(_shop: Organization) -> list[Row]:
    return [
        sku("N", tags=[{"name": "new"}, {"name": "red"}]),
        sku("A", _add_tags="new,red"),
        sku("C", _remove_tags="red", _add_tags="unknown"),
        sku("C", _remove_tags="red"),
        sku("N", tags=[]),
        sku("A", name=None, tags=[{"name": "lost"}]),
        sku("B", _add_tags="lost"),
    ]


def plain(_shop: Organization) -> list[Row]:
    rows = [sku(f"S{number}", name=None if number == 25 else "x") for number in range(50)]
    return [*rows, sku("A"), sku("B", name="y"), sku("S1", name="z"), sku("S1", name="z")]


SOURCES = {"skus": swaps, "orders": orders, "tags": tagged, "plain": plain}


@pytest.mark.parametrize("chunk_rows", CHUNKS)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("skip_errors", [True, False])
def test_dry_run_tells_what_the_import_then_does(
    shop: Organization, source: str, chunk_rows: int, skip_errors: bool
) -> None:
    plant(shop)
    rows = SOURCES[source](shop)
    resource_type = "orders" if source == "orders" else "skus"
    shop = shop.in_chunks(chunk_rows)
    foreseen = shop.dry_run(resource_type, rows, skip_errors=skip_errors)
    outcome = shop.load(resource_type, rows, skip_errors=skip_errors)
    assert told(foreseen) == done(outcome)
    # what is foreseen of the same rows again is what then happens, too
    foreseen = shop.dry_run(resource_type, rows)
    assert told(foreseen) == done(shop.load(resource_type, rows))


def told(dry_run: DryRun) -> tuple[object, ...]:
    counts = (dry_run.created, dry_run.updated, dry_run.unchanged, dry_run.failed)
    return counts, dry_run.warned, dry_run.interrupted, by_row(dry_run.errors)


def done(outcome: Outcome) -> tuple[object, ...]:
    stopped = outcome.status == "interrupted"
    return outcome.counts, outcome.import_.warnings_count, stopped, outcome.errors


def last_number(shop: Organization) -> int:
    """The last number that was given to a record, in the whole installation."""
    database = shop.longshore.database
    given = "value FROM sequences" if database.is_embedded else "last_value FROM ids"
    with database.read() as tx:
        ((number,),) = tx.fetch(f"SELECT {given}")
        assert isinstance(number, int)
        return number


def test_dry_run_writes_nothing(shop: Organization) -> None:
    plant(shop)
    before = {name: shop.all(name) for name in ("skus", "tags", "customers", "orders")}
    imports = len(shop.longshore.imports.open())
    files = sorted(shop.longshore.settings.data.rglob("*"))
    last = last_number(shop)
    shop.dry_run("skus", swaps(shop))
    shop.dry_run("skus", tagged(shop))
    assert last_number(shop) == last
    assert {name: shop.all(name) for name in before} == before
    assert len(shop.longshore.imports.open()) == imports
    assert sorted(shop.longshore.settings.data.rglob("*")) == files


def test_dry_run_fills_a_parent(shop: Organization) -> None:
    plant(shop)
    rows = [{"sku_code": code, "amount_cents": 1} for code in "ABX"]
    foreseen = shop.in_chunks(1).dry_run("prices", rows, parent="EU")
    assert told(foreseen) == ((2, 0, 0, 1), 0, False, {3: {"sku": ["must exist"]}})


def test_dry_run_names_unknown_columns(shop: Organization) -> None:
    assert shop.dry_run("skus", [sku("A", colour="red")]).ignored_columns == ("colour",)


def test_dry_run_tells_its_progress(shop: Organization) -> None:
    heard: list[int] = []
    source = b'[{"name": "a"}, {"name": "b"}, {"name": "c"}]'
    shop = shop.in_chunks(2)
    with shop.longshore.dry_runs.trial(
        shop.environment,
        Source.from_stream(BytesIO(source)),
        ImportRequest(resource_type="tags"),
        on_progress=lambda so_far: heard.append(so_far.consumed),
    ):
        pass
    assert heard == [2, 3]
