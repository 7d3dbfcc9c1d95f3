"""A plan tells row by row what the import that follows does, and writes no record."""

import re
from typing import Any

import pytest

from longshore.catalogue import load_catalogue
from longshore.identifiers import ImportId
from longshore.imports import Status, list_pins, read_pinned
from longshore.journal import events_of
from longshore.operations import Asker
from tests.behaviour.engine.organization import Organization
from tests.behaviour.engine.test_dry_run import SOURCES, last_number, plant, sku
from tests.behaviour.statements import statements_of

Row = dict[str, Any]

# What a plan may write to: what is known of it, and whose turn it is.
_OF_PLANS = frozenset(
    (
        "imports",
        "runs",
        "run_tables",
        "sequences",
        "import_change_sizes",
        "import_differences",
        "import_error_chunks",
        "import_errors",
        "import_ledger",
        "import_log_heads",
        "import_pins",
        "import_warnings",
        "processes",
        "environments",
    )
)
_WRITES = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)", re.IGNORECASE)


def without_ids(rows: list[Row], ids: dict[str, str]) -> list[Row]:
    """Rows with the ids of records that an import has made as a plan shows them."""
    before = set(ids)

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            if set(value) >= {"type", "id"} and value["id"] not in before:
                return {**{k: plain(v) for k, v in value.items()}, "id": None}
            return {name: plain(each) for name, each in value.items()}
        if isinstance(value, list):
            return [plain(each) for each in value]
        return value

    told = []
    for row in rows:
        shown = plain(row)
        record = shown["record"]
        if record is not None and record["id"] is None:
            shown["record"] = None
        told.append(shown)
    return told


def known_ids(shop: Organization) -> dict[str, str]:
    """All ids of records that there are."""
    names = ("skus", "tags", "customers", "orders", "line_items", "prices", "markets")
    return {each["id"]: name for name in names for each in shop.all(name)}


def masked_links(rows: list[Row], known: dict[str, str]) -> list[Row]:
    """Ids in changes that no record had before, as a plan shows them."""

    def shown(value: Any) -> Any:
        if isinstance(value, list):
            return [shown(each) for each in value]
        is_id = isinstance(value, str) and re.fullmatch(r"[0-9A-Za-z]{10}", value)
        return "(new)" if is_id and value not in known else value

    for row in rows:
        for changed in (row, *row["further_changes"]):
            changed["changes"] = {
                field: [shown(each) for each in pair] if field in _LINKS else pair
                for field, pair in changed["changes"].items()
            }
    return rows


_TIMES = {"archived_at", "placed_at", "approved_at"}
_LINKS = ("customer_id", "market_id", "tags", "order_id", "sku_id")


def compared(rows: list[Row], known: dict[str, str]) -> list[Row]:
    """What is the same of a plan and its import; amounts are known of stored records alone."""
    told = masked_links(without_ids(rows, known), known)
    for row in told:
        for changed in (row, *row["further_changes"]):
            changed.pop("amounts")
            for field in _TIMES & changed["changes"].keys():
                before, after = changed["changes"][field]
                changed["changes"][field] = [before is None, after is None]
    return told


@pytest.mark.parametrize(
    ("source", "skip_errors"), [*((each, True) for each in SOURCES), ("orders", False)]
)
def test_rows_counts_and_differences_are_those_of_the_import_that_follows(
    shop: Organization, source: str, skip_errors: bool
) -> None:
    plant(shop)
    rows = SOURCES[source](shop)
    resource_type = "orders" if source == "orders" else "skus"
    for _ in range(2):
        known = known_ids(shop)
        planned = shop.plan(resource_type, rows, skip_errors=skip_errors)
        imported = shop.load(resource_type, rows, skip_errors=skip_errors)
        assert planned.counts == imported.counts
        assert planned.status == imported.status
        assert planned.errors == imported.errors
        assert planned.errors_log == imported.errors_log
        assert planned.warnings_log == imported.warnings_log
        foreseen, done = planned.import_, imported.import_
        assert foreseen.notices == done.notices
        assert foreseen.first_amounts == done.first_amounts
        assert foreseen.stopped_by == done.stopped_by
        assert compared(shop.rows_of(foreseen), known) == compared(shop.rows_of(done), known)


def test_what_a_plan_would_create_is_new_wherever_it_is_named(shop: Organization) -> None:
    plant(shop)
    market = shop.some("markets")
    shop.load("orders", [{"number": "1", "market_id": market, "customer_email": "known@x.com"}])
    (order,) = shop.values("orders", "id")
    planned = shop.plan(
        "orders",
        [
            {"number": "1", "customer_email": "new@x.com", "tags": [{"name": "fresh"}]},
            {"number": "2", "market_id": market, "customer_email": "new@x.com"},
            {"number": "2", "tags": [{"name": "fresh"}]},
        ],
    )
    changed, created, again = shop.rows_of(planned.import_)
    assert changed["record"] == {"type": "orders", "id": order}
    assert changed["changes"]["customer_id"][1] == "(new)"
    assert changed["changes"]["tags"] == [[], ["(new)"]]
    assert sorted(each["type"] for each in changed["further_records"]) == ["customers", "tags"]
    assert {each["id"] for each in changed["further_records"]} == {None}
    assert (created["outcome"], created["record"]) == ("created", None)
    assert (again["outcome"], again["record"]) == ("updated", None)
    assert again["changes"] == {"tags": [[], ["(new)"]]}


def test_amounts_are_money_in_the_currency_of_their_record(shop: Organization) -> None:
    plant(shop)
    shop.load("price_lists", [{"name": "JP", "currency_code": "JPY"}])
    rows = [
        {"sku_code": "A", "price_list": {"name": name}, "amount_cents": 1250}
        for name in ("EU", "JP")
    ]
    shop.load("prices", rows)
    planned = shop.plan("prices", [{**row, "amount_cents": 1300} for row in rows])
    assert [row["amounts"] for row in shop.rows_of(planned.import_)] == [
        {"amount_cents": ["12.50 EUR", "13.00 EUR"]},
        {"amount_cents": ["1250 JPY", "1300 JPY"]},
    ]


def row_counts(shop: Organization) -> dict[str, int]:
    """How many rows each table of records and of the journal has."""
    catalogue = load_catalogue()
    tables = [*catalogue.tables, "entries", "creations", "events", "table_changes", "taggings"]
    counts = {}
    with shop.longshore.database.read() as tx:
        for table in tables:
            ((counts[table],),) = tx.fetch(f'SELECT count(*) FROM "{table}"')
    return counts


def test_planning_10_000_rows_writes_to_no_table_of_records_or_journal(
    shop: Organization,
) -> None:
    plant(shop)
    shop.load("skus", [sku(f"S{number}") for number in range(500)])
    rows = [sku(f"S{number}", name="y", _add_tags=f"t{number % 7}") for number in range(10_000)]
    rows[7_000] = {"code": "S7000"}
    before, last = row_counts(shop), last_number(shop)
    stored = shop.all("skus")
    with statements_of(shop.longshore.database) as sent:
        planned = shop.plan("skus", rows)
    written = {found[1].lower() for sql in sent if (found := _WRITES.match(sql))}
    assert planned.counts == (9_499, 500, 0, 1)
    assert {"imports", "import_ledger", "import_pins", "import_differences"} <= written
    assert written <= _OF_PLANS
    assert row_counts(shop) == before
    assert shop.all("skus") == stored
    # Its own id, and that of nothing else.
    assert last_number(shop) - last <= 1
    with shop.longshore.database.read() as tx:
        assert list(events_of(tx, planned.import_.id)) == []
        pins = list(list_pins(tx, planned.import_.id, limit=100))
        assert [pin.first_row for pin in pins] == list(range(1, 10_000, 1_000))


def test_what_all_rows_depend_on_is_kept_with_the_counters_before_the_first(
    shop: Organization,
) -> None:
    plant(shop)
    planned = shop.plan("skus", [sku("A", name="y")], skip_errors=False)
    with shop.longshore.database.read() as tx:
        pinned, counters = read_pinned(tx, planned.import_.id)
    assert pinned["resource_type"] == "skus"
    assert pinned["skip_errors"] is False
    assert "skus" in counters


def test_a_plan_that_is_taken_over_begins_again(shop: Organization) -> None:
    plant(shop)
    rows = [sku(f"S{number}") for number in range(2_100)]
    rows[3] = {"code": "S3"}
    rows[1_700] = sku("A", name="changed")

    class Died(BaseException):
        pass

    passed = 0

    def die(point: str) -> None:
        nonlocal passed
        passed += point == "committed"
        if point == "committed" and passed == 2:
            raise Died

    dying = shop.working(die)
    with pytest.raises(Died):
        dying.plan("skus", rows)
    (left,) = (each for each in shop.longshore.import_plans.open())
    assert left.consumed_count == 2_000
    # What the rows would meet has moved meanwhile.
    shop.load("skus", [sku("S2"), sku("S2040")])
    again = shop.run(left)
    assert again.counts == (2_096, 1, 2, 1)
    assert again.status == "completed"
    numbers = [row["row"] for row in shop.rows_of(left)]
    assert numbers == list(range(1, 2_101))
    whole = shop.plan("skus", rows)
    assert shop.rows_of(left) == shop.rows_of(whole.import_)
    assert pins_of(shop, left.id) == pins_of(shop, whole.import_.id)


def pins_of(shop: Organization, id: ImportId) -> list[tuple[int, bytes]]:
    with shop.longshore.database.read() as tx:
        return [(pin.first_row, pin.digest) for pin in list_pins(tx, id, limit=100)]


def test_a_plan_that_is_interrupted_ends_at_its_last_range(shop: Organization) -> None:
    plant(shop)
    rows = [sku(f"S{number}") for number in range(1_100)]

    def stop(plan: Any) -> None:
        if not plan.is_finished:
            shop.longshore.import_plans.interrupt(Asker(environment=shop.environment), plan.id)

    submitted = shop.plan_submitted("skus", rows)
    outcome = shop.run(submitted, on_progress=stop)
    assert (outcome.status, outcome.import_.consumed_count) == ("interrupted", 1_000)


def test_a_plan_that_gives_way_is_not_finished(shop: Organization) -> None:
    plant(shop)
    submitted = shop.plan_submitted("skus", [sku(f"S{number}") for number in range(1_100)])
    released = shop.run(submitted, should_stop=lambda: True)
    assert released.import_.status is Status.IN_PROGRESS
    assert shop.run(submitted).counts == (1_100, 0, 0, 0)


def test_a_plan_whose_overlay_is_too_large_ends_with_a_reason(shop: Organization) -> None:
    plant(shop)
    small = shop.working(plan_bytes=100_000)
    rows = [sku(f"S{number}", description="x" * 100) for number in range(3_000)]
    outcome = small.plan("skus", rows)
    assert outcome.status == "interrupted"
    assert "takes more than 100,000 bytes" in (outcome.import_.interruption_reason or "")


def test_a_plan_without_rows_of_its_file_any_more_is_interrupted(shop: Organization) -> None:
    submitted = shop.plan_submitted("skus", [sku("A")])
    shop.longshore.attachments.delete(submitted.attachment_name)
    assert shop.run(submitted).status == "interrupted"
