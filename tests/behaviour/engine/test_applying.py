"""Applying a plan does exactly what the plan has found, or nothing, and says what has moved."""

from collections.abc import Callable
from typing import Any

import pytest

from longshore.imports import Import, Status
from longshore.operations import Asker, PlanNotApplicable
from tests.behaviour.engine.organization import SOMEBODY, Organization, Outcome
from tests.behaviour.engine.test_dry_run import SOURCES, plant, sku
from tests.behaviour.engine.test_planning import compared, known_ids

Row = dict[str, Any]


def gift_cards(shop: Organization) -> list[Row]:
    """Without a code, which is made of their ids; each second names a customer."""
    market = shop.some("markets")
    cards: list[Row] = [
        {"currency_code": "EUR", "balance_cents": 100 + number, "market_id": market}
        for number in range(1_200)
    ]
    for number, card in enumerate(cards):
        if number % 2:
            card["recipient_email"] = f"r{number % 300}@x.com"
    cards[7]["balance_cents"] = "much"
    return cards


def orders(shop: Organization) -> list[Row]:
    """Without a number, with customers and tags that are made on the way, and lines."""
    market = shop.some("markets")
    made: list[Row] = [
        {
            "market_id": market,
            "customer_email": f"c{number % 400}@x.com",
            "tags": [{"name": f"t{number % 11}"}],
            "line_items": [{"name": "x", "quantity": 1 + number % 3, "unit_amount_cents": 5}],
        }
        for number in range(1_300)
    ]
    made += [
        {"number": f"N{number % 50}", "market_id": market, "customer_email": f"d{number}@x.com"}
        for number in range(400)
    ]
    return made


def updates(_shop: Organization) -> list[Row]:
    """Rows that change what was there, and what rows before them make, in other ranges as well."""
    rows = [sku(f"S{number % 1_100}", name=f"n{number}") for number in range(2_400)]
    rows[50] = {"code": "A", "name": "changed", "_add_tags": "red"}
    rows[60] = {"code": "S60", "name": None}
    rows[2_100] = {"code": "A", "weight": 5, "unit_of_weight": "gr"}
    return rows


LARGE: dict[str, tuple[str, Callable[[Organization], list[Row]]]] = {
    "gift cards": ("gift_cards", gift_cards),
    "orders": ("orders", orders),
    "updates": ("skus", updates),
}


def as_planned(shop: Organization, import_: Import, known: dict[str, str]) -> list[Row]:
    """What became of rows, as far as a plan can know it: not when."""
    rows = compared(shop.rows_of(import_), known)
    for row in rows:
        for changed in (row, *row["further_changes"]):
            for field, pair in changed["changes"].items():
                if field.endswith("_at"):
                    changed["changes"][field] = [each is not None for each in pair]
    return rows


def check_same(shop: Organization, planned: Outcome, known: dict[str, str]) -> Outcome:
    """Apply a plan, and see that it was right about every row."""
    applied = shop.apply(planned)
    assert applied.import_.moved is None, applied.import_.moved
    assert applied.counts == planned.counts
    assert applied.status == planned.status
    assert applied.errors == planned.errors
    assert applied.import_.notices == planned.import_.notices
    assert applied.import_.first_amounts == planned.import_.first_amounts
    assert as_planned(shop, planned.import_, known) == as_planned(shop, applied.import_, known)
    return applied


@pytest.mark.parametrize("name", LARGE)
def test_outcomes_and_differences_of_every_row_are_those_of_the_plan(
    shop: Organization, name: str
) -> None:
    plant(shop)
    resource_type, make = LARGE[name]
    rows = make(shop)
    known = known_ids(shop)
    check_same(shop, shop.plan(resource_type, rows), known)


@pytest.mark.parametrize("name", LARGE)
def test_ranges_of_many_chunks_are_as_good(shop: Organization, name: str) -> None:
    plant(shop)
    resource_type, make = LARGE[name]
    rows = make(shop)
    known = known_ids(shop)
    small = shop.working(chunk_records=600, chunk_bytes=30_000)
    check_same(small, small.plan(resource_type, rows), known)


@pytest.mark.parametrize("source", SOURCES)
def test_small_sources_are_applied_as_planned(shop: Organization, source: str) -> None:
    plant(shop)
    rows = SOURCES[source](shop)
    resource_type = "orders" if source == "orders" else "skus"
    for _ in range(2):
        known = known_ids(shop)
        check_same(shop, shop.plan(resource_type, rows), known)


def change(shop: Organization, code: str, **fields: Any) -> str:
    """Change a SKU as somebody does over HTTP."""
    (found,) = (each for each in shop.all("skus") if each["code"] == code)
    written = shop.writer.update(
        shop.environment, "skus", shop.inside(found["id"]), fields, creator=SOMEBODY
    )
    assert not written.findings
    return str(found["id"])


def many(shop: Organization) -> list[Row]:
    shop.load("skus", [sku(f"S{number}") for number in range(2_500)])
    return [sku(f"S{number}", name="y") for number in range(2_500)]


def test_a_record_that_somebody_has_changed_since_is_named_and_nothing_is_written(
    shop: Organization,
) -> None:
    planned = shop.plan("skus", many(shop))
    id = change(shop, "S2016", name="by hand")
    stored = shop.all("skus")
    applied = shop.apply(planned)
    assert (applied.status, applied.counts) == ("interrupted", (0, 0, 0, 0))
    moved = applied.import_.moved
    assert moved is not None
    assert moved.count == 1
    (row,) = moved.rows
    assert (row.row, row.key) == (2_017, "S2016")
    assert row.record == {"type": "skus", "id": id}
    assert row.what == "its record has changed"
    assert "row 2,017" in (applied.import_.interruption_reason or "")
    assert shop.all("skus") == stored
    # Nothing was written, so it may be tried again; planned anew, it goes through.
    assert shop.apply(planned).counts == (0, 0, 0, 0)
    again = shop.plan("skus", [sku(f"S{number}", name="y") for number in range(2_500)])
    assert shop.apply(again).counts == (0, 2_500, 0, 0)


def test_a_record_that_has_come_or_gone_since_is_named(shop: Organization) -> None:
    shop.load("skus", [sku("A"), sku("B")])
    planned = shop.plan("skus", [sku("A", name="y"), sku("B", name="y"), sku("NEW")])
    (gone,) = (each["id"] for each in shop.all("skus") if each["code"] == "B")
    shop.writer.delete(shop.environment, "skus", shop.inside(gone), creator=SOMEBODY)
    shop.load("skus", [sku("NEW")])
    moved = shop.apply(planned).import_.moved
    assert moved is not None
    assert {(row.row, row.what) for row in moved.rows} == {
        (2, f"skus {gone} is gone"),
        (3, "its record was not there"),
    }


def test_each_row_is_named_that_somebody_has_moved_however_many_these_are(
    shop: Organization,
) -> None:
    shop.load("price_lists", [{"name": f"P{n}", "currency_code": "EUR"} for n in range(70)])
    shop.load("skus", [sku("A")])
    rows = [
        {"sku_code": "A", "price_list": {"name": f"P{n}"}, "amount_cents": 5} for n in range(70)
    ]
    planned = shop.plan("prices", rows)
    for name, id in shop.values("price_lists", "name", "id"):
        if name not in ("P7", "P60"):
            shop.writer.update(
                shop.environment,
                "price_lists",
                shop.inside(id),
                {"currency_code": "USD"},
                creator=SOMEBODY,
            )
    moved = shop.apply(planned).import_.moved
    assert moved is not None
    assert {row.row for row in moved.rows} == {*range(1, 71)} - {8, 61}
    ids = dict(shop.values("price_lists", "name", "id"))
    assert moved.rows[0].what == f"price_lists {ids['P0']} has changed"


def test_rows_whose_records_are_gone_are_named_beside_one_that_has_changed(
    shop: Organization,
) -> None:
    shop.load("skus", [sku(f"S{number}") for number in range(90)])
    planned = shop.plan("skus", [sku(f"S{number}", name="y") for number in range(90)])
    for code, id in shop.values("skus", "code", "id"):
        if int(code[1:]) < 60:
            shop.writer.delete(shop.environment, "skus", shop.inside(id), creator=SOMEBODY)
    change(shop, "S80", name="by hand")
    moved = shop.apply(planned).import_.moved
    assert moved is not None
    assert {row.row for row in moved.rows} == {*range(1, 61), 81}
    assert moved.message.startswith("61 rows are not as they were judged")


def test_of_very_many_rows_that_have_moved_a_hundred_are_named(shop: Organization) -> None:
    planned = shop.plan("skus", [sku(f"S{number}") for number in range(150)])
    shop.load("skus", [sku(f"S{number}") for number in range(150)])
    moved = shop.apply(planned).import_.moved
    assert moved is not None
    assert [row.row for row in moved.rows] == [*range(1, 101)]
    assert moved.message.startswith("at least 150 rows are not as they were judged")


def test_what_rows_refer_to_is_part_of_what_they_follow_from(shop: Organization) -> None:
    plant(shop)
    shop.load("price_lists", [{"name": "US", "currency_code": "USD"}])
    rows = [
        {"sku_code": code, "price_list": {"name": name}, "amount_cents": 5}
        for code in ("A", "B")
        for name in ("EU", "US")
    ]
    planned = shop.plan("prices", rows)
    (us,) = (each["id"] for each in shop.all("price_lists") if each["name"] == "US")
    shop.writer.update(
        shop.environment, "price_lists", shop.inside(us), {"currency_code": "CAD"}, creator=SOMEBODY
    )
    moved = shop.apply(planned).import_.moved
    assert moved is not None
    assert [row.row for row in moved.rows] == [2, 4]
    assert moved.rows[0].record == {"type": "price_lists", "id": us}


def test_what_changes_while_it_is_applied_stops_it_at_that_range_exactly(
    shop: Organization,
) -> None:
    planned = shop.plan("skus", many(shop))
    committed = 0

    def interfere(point: str) -> None:
        nonlocal committed
        committed += point == "committed"
        if point == "committed" and committed == 1:
            change(shop, "S1700", name="by hand")

    applied = shop.working(interfere).apply(planned)
    assert (applied.status, applied.counts) == ("interrupted", (0, 1_000, 0, 0))
    moved = applied.import_.moved
    assert moved is not None
    assert [(row.row, row.key) for row in moved.rows] == [(1_701, "S1700")]
    names = dict(shop.values("skus", "code", "name"))
    assert [names[f"S{number}"] for number in (0, 999, 1_000, 1_700, 2_400)] == [
        "y",
        "y",
        "x",
        "by hand",
        "x",
    ]
    with pytest.raises(PlanNotApplicable, match="is applied already"):
        shop.applied(planned)


def test_counters_spare_the_comparing_pass_and_only_that(shop: Organization) -> None:
    planned = shop.plan("skus", many(shop))
    seen: list[str] = []
    applied = shop.working(seen.append).apply(planned)
    assert applied.counts == (0, 2_500, 0, 0)
    assert "compared" not in seen


def test_what_decides_about_all_rows_is_compared_first(shop: Organization) -> None:
    planned = shop.plan("skus", [sku("A")])
    shop.with_flags(imports_skip_errors=True)
    applied = shop.apply(planned)
    assert applied.status == "interrupted"
    moved = applied.import_.moved
    assert moved is not None
    assert (moved.rows, moved.count) == ((), 0)
    assert "imports_skip_errors" in moved.message


class Died(BaseException):
    """The process that runs an import is killed."""


POINTS = ("compared", "started", "loaded", "applied", "flushed", "checkpointed", "committed")


@pytest.mark.parametrize("point", POINTS)
def test_an_import_that_dies_is_gone_on_with_at_the_border_of_a_range(
    shop: Organization, point: str
) -> None:
    plant(shop)
    rows = updates(shop)
    known = known_ids(shop)
    planned = shop.plan("skus", rows)
    if point == "compared":
        # Counters say that it is to be compared, and the pins that nothing has moved for it.
        shop.load("skus", [sku("OTHER")])
    passed = 0

    def die(reached: str) -> None:
        nonlocal passed
        passed += reached == point
        if reached == point and passed == 2:
            raise Died

    submitted = shop.working(die).applied(planned)
    with pytest.raises(Died):
        shop.working(die).run(submitted)
    left = shop.longshore.imports.read(submitted.id)
    assert left.status is Status.IN_PROGRESS
    assert left.consumed_count % 1_000 == 0
    ended = shop.run(left)
    assert (ended.status, ended.counts) == ("completed", planned.counts)
    assert as_planned(shop, planned.import_, known) == as_planned(shop, ended.import_, known)


def test_what_cannot_be_applied_is_refused(shop: Organization) -> None:
    pending = shop.told(shop.plan_submitted("skus", [sku("A")]))
    with pytest.raises(PlanNotApplicable, match="is pending: 0 of 1 rows are planned"):
        shop.applied(pending)
    shop.run(pending.import_)
    stopped = shop.plan("skus", [{"code": "X"}] * 20, skip_errors=False)
    with pytest.raises(PlanNotApplicable, match="was interrupted before its last row"):
        shop.applied(stopped)
    planned = shop.plan("skus", [sku("B")])
    first = shop.applied(planned)
    with pytest.raises(PlanNotApplicable, match="is being applied, by the import"):
        shop.applied(planned)
    assert shop.run(first).counts == (1, 0, 0, 0)
    with pytest.raises(PlanNotApplicable, match="is applied already, by the import"):
        shop.applied(planned)


def test_a_source_that_ends_at_the_border_of_a_range(shop: Organization) -> None:
    planned = shop.plan("skus", [sku(f"S{number}") for number in range(2_000)])
    assert shop.apply(planned).counts == (2_000, 0, 0, 0)


def test_an_attachment_is_kept_as_long_as_a_plan_or_its_import_needs_it(
    shop: Organization,
) -> None:
    planned = shop.plan("skus", [sku("A"), sku("B")])
    name = planned.import_.attachment_name
    attachments, cleanup = shop.longshore.attachments, shop.longshore.cleanup
    applied = shop.apply(planned)
    assert applied.import_.attachment_name == name
    end(shop, planned)
    cleanup.expire_plans()
    assert attachments.exists(name)
    assert list(shop.longshore.imports.failed_rows(applied.import_)) == []
    with pytest.raises(PlanNotApplicable, match="has expired at"):
        shop.applied(shop.told(shop.longshore.imports.read(planned.import_.id)))
    cleanup.sweep_attachments()
    assert attachments.exists(name)
    shop.working(attachment_retention_days=1e-9).longshore.cleanup.expire_attachments()
    assert not attachments.exists(name)


def test_an_import_that_expires_first_leaves_the_attachment_to_its_plan(
    shop: Organization,
) -> None:
    planned = shop.plan("skus", [sku("A")])
    name = planned.import_.attachment_name
    shop.apply(planned)
    shop.working(attachment_retention_days=1e-9).longshore.cleanup.expire_attachments()
    assert shop.longshore.attachments.exists(name)
    end(shop, planned)
    shop.longshore.cleanup.expire_plans()
    assert not shop.longshore.attachments.exists(name)


def test_a_plan_that_is_being_applied_does_not_expire(shop: Organization) -> None:
    planned = shop.plan("skus", [sku("A")])
    submitted = shop.applied(planned)
    end(shop, planned)
    shop.longshore.cleanup.expire_plans()
    assert shop.run(submitted).counts == (1, 0, 0, 0)


def test_a_plan_that_was_deleted_meanwhile_stops_its_import(shop: Organization) -> None:
    planned = shop.plan("skus", [sku("A")])
    submitted = shop.applied(planned)
    asker = Asker(environment=shop.environment)
    shop.longshore.import_plans.delete(asker, planned.import_.id)
    applied = shop.run(submitted)
    assert (applied.status, applied.counts) == ("interrupted", (0, 0, 0, 0))
    assert "is not kept any more" in (applied.import_.interruption_reason or "")


def end(shop: Organization, planned: Outcome) -> None:
    """Let the time of a plan be over."""
    with shop.longshore.database.write() as tx:
        tx.execute("UPDATE imports SET expires_at = ? WHERE id = ?", (1, planned.import_.id))
