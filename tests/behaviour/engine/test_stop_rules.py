"""Rules of an import stop it at the row that reaches them, and say which rows are skipped."""

import json
from decimal import Decimal
from typing import Any

import pytest

from longshore.error_codes import ErrorCode
from longshore.imports import Only, RowOutcome, StopRules, count_ledger
from tests.behaviour.engine.organization import Organization, Outcome

CHUNKS = [1, 7, 2000]
GOOD, BAD = "good", "bad"


def rows_of(kinds: str) -> list[dict[str, Any]]:
    """SKUs; those whose letter is b have no name, those with s are skipped as they are there."""
    return [
        {
            "code": "THERE" if kind == "s" else f"S{number}",
            "name": None if kind == "b" else "x",
            "do_not_ship": True,
        }
        for number, kind in enumerate(kinds, 1)
    ]


def load(shop: Organization, kinds: str, *, only: Only | None = None, **rules: Any) -> Outcome:
    return shop.load("skus", rows_of(kinds), stop_rules=StopRules(**rules), only=only)


def stopped(outcome: Outcome) -> tuple[str, int] | None:
    """The rule that stopped an import, and the row."""
    stopped_by = outcome.import_.stopped_by
    if stopped_by is None:
        return None
    assert outcome.status == "interrupted"
    assert outcome.import_.interruption_reason is None
    assert outcome.import_.consumed_count == stopped_by.row
    return str(stopped_by.rule), stopped_by.row


@pytest.mark.parametrize("chunk_rows", CHUNKS)
@pytest.mark.parametrize(
    ("kinds", "rules", "expected"),
    [
        ("gggbgggggg", {"after": 1}, ("stop_after", 4)),
        ("gbgbgbgggg", {"after": 3}, ("stop_after", 6)),
        ("gbgbgggggg", {"after": 3}, None),
        ("gbgbgggggb", {"after": 3}, ("stop_after", 10)),
        ("bgbbgbbbgg", {"consecutive": 3}, ("stop_consecutive", 8)),
        ("bgbbgbbgbb", {"consecutive": 3}, None),
        ("ggggggbbbg", {"consecutive": 3}, ("stop_consecutive", 9)),
        ("b", {"consecutive": 1}, ("stop_consecutive", 1)),
        ("ggbgbggggg", {"at": Decimal(20)}, ("stop_at", 5)),
        ("ggbgbgbggg", {"at": Decimal("20.000001")}, ("stop_at", 7)),
        ("gggbgggggg", {"at": Decimal("0.000001")}, ("stop_at", 4)),
        ("bbbbbbbbbb", {"at": Decimal(100)}, ("stop_at", 10)),
        ("bbbbbgbbbb", {"at": Decimal(100)}, None),
        ("gggbgggggg", {"on": (ErrorCode.BLANK,)}, ("stop_on", 4)),
        ("gggbgggggg", {"on": (ErrorCode.TAKEN,)}, None),
        ("gbbggggggg", {"on": (ErrorCode.BLANK,), "after": 1, "consecutive": 1}, ("stop_on", 2)),
        # Which rule is told where a row reaches several.
        ("gbbggggggg", {"consecutive": 2, "after": 2, "at": Decimal(20)}, ("stop_consecutive", 3)),
        ("gbgbgggggg", {"consecutive": 2, "after": 2, "at": Decimal(20)}, ("stop_after", 4)),
        ("gbgbgggggg", {"consecutive": 2, "after": 3, "at": Decimal(20)}, ("stop_at", 4)),
    ],
)
def test_a_rule_stops_at_the_row_that_reaches_it(
    shop: Organization,
    chunk_rows: int,
    kinds: str,
    rules: dict[str, Any],
    expected: tuple[str, int] | None,
) -> None:
    dry = shop.in_chunks(chunk_rows).dry_run("skus", rows_of(kinds), stop_rules=StopRules(**rules))
    outcome = load(shop.in_chunks(chunk_rows), kinds, **rules)
    assert stopped(outcome) == expected
    gone_through = kinds if expected is None else kinds[: expected[1]]
    codes = [f"S{number}" for number, kind in enumerate(gone_through, 1) if kind == "g"]
    assert shop.values("skus", "code") == codes
    assert outcome.counts == (len(codes), 0, 0, gone_through.count("b"))
    assert (dry.interrupted, dry.stopped_by) == (
        expected is not None,
        outcome.import_.stopped_by,
    )
    assert (dry.created, dry.failed) == (len(codes), gone_through.count("b"))


def test_any_error_of_a_row_may_have_the_code_and_which_it_was_is_told(shop: Organization) -> None:
    rows: list[dict[str, Any]] = [
        {"code": "A", "name": "x", "do_not_ship": True, "weight": "heavy"},
        {"code": "B", "name": None, "do_not_ship": True, "weight": "heavy"},
        {"code": "C", "name": "x", "do_not_ship": True},
    ]
    rules = StopRules(on=(ErrorCode.BLANK, ErrorCode.TAKEN))
    outcome = shop.load("skus", rows, stop_rules=rules)
    assert stopped(outcome) == ("stop_on", 2)
    assert outcome.import_.stopped_by is not None
    assert outcome.import_.stopped_by.value is ErrorCode.BLANK


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_rules_never_weaken_the_rule_of_the_wire(shop: Organization, chunk_rows: int) -> None:
    rows = rows_of("gbbggggggg")
    rules = StopRules(after=5, at=Decimal(90), consecutive=5)
    outcome = shop.in_chunks(chunk_rows).load("skus", rows, skip_errors=False, stop_rules=rules)
    assert (outcome.status, outcome.import_.consumed_count) == ("interrupted", 3)
    assert outcome.import_.stopped_by is None


def test_a_row_that_reaches_a_rule_and_that_of_the_wire_is_told_by_the_rule(
    shop: Organization,
) -> None:
    rows = rows_of("gbbggggggg")
    outcome = shop.load("skus", rows, skip_errors=False, stop_rules=StopRules(after=2))
    assert stopped(outcome) == ("stop_after", 3)


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_a_skipped_row_ends_a_series(shop: Organization, chunk_rows: int) -> None:
    shop.have("skus", code="THERE")
    shop = shop.in_chunks(chunk_rows)
    outcome = load(shop, "bbsbbgbbbg", only=Only.CREATE, consecutive=3)
    assert stopped(outcome) == ("stop_consecutive", 9)
    assert outcome.import_.skipped_count == 1


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_nothing_behind_the_row_makes_customers_or_tags(
    shop: Organization, chunk_rows: int
) -> None:
    rows: list[dict[str, Any]] = [
        {"customer_email": "a@x.it", "tags": [{"name": "one"}]},
        {"customer_email": "b@x.it", "tags": [{"name": "two"}], "market_id": "nowhere"},
        {"customer_email": "c@x.it", "tags": [{"name": "three"}]},
    ]
    market = shop.some("markets")
    given = [{"market_id": market, **row} for row in rows]
    outcome = shop.in_chunks(chunk_rows).load("orders", given, stop_rules=StopRules(after=1))
    assert stopped(outcome) == ("stop_after", 2)
    assert shop.values("customers", "email") == ["a@x.it"]
    assert shop.values("tags", "name") == ["one"]


@pytest.mark.parametrize("chunk_rows", [1, 2, 3])
def test_a_series_goes_on_in_the_hands_of_another_runner(
    shop: Organization, chunk_rows: int
) -> None:
    """Whoever takes an import over knows from the ledger with how many failed rows it stands."""
    source = json.dumps(rows_of("gbbbbbgggg")).encode()
    import_ = shop.submit("skus", source, stop_rules=StopRules(consecutive=5))
    shop = shop.in_chunks(chunk_rows)
    outcome = shop.run(import_, should_stop=lambda: True)
    takers = 1
    while not outcome.import_.is_finished:
        outcome = shop.run(import_, should_stop=lambda: True)
        takers += 1
    assert takers > 1
    assert stopped(outcome) == ("stop_consecutive", 6)


def test_the_rule_that_stopped_an_import_is_no_error_of_it(shop: Organization) -> None:
    outcome = load(shop, "gbg", after=1)
    assert set(outcome.errors_log) == {"S2"}


def test_a_release_that_knows_no_rules_finds_no_layout_of_an_import_that_has_some(
    shop: Organization,
) -> None:
    """So it leaves it to others, in place of running it as if it had none."""
    source = json.dumps(rows_of("ggg")).encode()
    limited = [
        shop.submit("skus", source, stop_rules=StopRules(after=1)),
        shop.submit("skus", source, only=Only.UPDATE),
    ]
    others = [shop.submit("skus", source)]
    with shop.longshore.database.read() as tx:
        for import_ in (*limited, *others):
            ((layout,),) = tx.fetch("SELECT layout FROM imports WHERE id = ?", (import_.id,))
            assert ("format" in json.loads(layout)) is (import_ in others)


# Rows that are skipped


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_only_create_skips_what_is_there(shop: Organization, chunk_rows: int) -> None:
    shop.have("skus", code="A", name="old")
    shop = shop.in_chunks(chunk_rows)
    rows = [
        {"code": "A", "name": "new", "tags": [{"name": "of_a"}]},
        {"code": "B", "name": "one", "do_not_ship": True, "tags": [{"name": "of_b"}]},
        {"code": "B", "name": "two"},
        {"code": "A", "name": "old"},
        {"code": "A", "weight": "heavy"},
        {"code": "C"},
    ]
    outcome = shop.load("skus", rows, only=Only.CREATE)
    assert outcome.counts == (1, 0, 0, 1), outcome.errors
    assert outcome.import_.skipped_count == 4
    assert outcome.import_.processed_count == 5
    assert set(outcome.errors) == {6}
    assert shop.values("skus", "code", "name") == [("A", "old"), ("B", "one")]
    assert shop.values("tags", "name") == ["of_b"]
    assert not outcome.entries
    assert not outcome.import_.notices, "what has no effect names no record twice"


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_only_update_skips_what_is_not_there(shop: Organization, chunk_rows: int) -> None:
    shop.have("skus", code="A", name="old")
    shop = shop.in_chunks(chunk_rows)
    rows = [
        {"code": "B", "name": "one", "do_not_ship": True, "tags": [{"name": "of_b"}]},
        {"code": "B", "name": "two", "do_not_ship": True},
        {"code": "A", "name": "new", "tags": [{"name": "of_a"}]},
        {"code": "A", "name": "new"},
        {"code": "C"},
        {
            "code": "C",
            "weight": "heavy",
            "shipping_category_id": "nowhere",
            "tags": [{"name": "c"}],
        },
        {"code": "A", "weight": "heavy"},
        {"name": "no code", "do_not_ship": True},
        {"code": ["A"], "name": "wrong code", "do_not_ship": True},
        {"id": "nowhere", "name": "of another place"},
        "no object",
    ]
    outcome = shop.load("skus", rows, only=Only.UPDATE)
    assert outcome.counts == (0, 1, 1, 5), outcome.errors
    assert outcome.import_.skipped_count == 4
    assert set(outcome.errors) == {7, 8, 9, 10, 11}
    assert shop.values("skus", "code", "name") == [("A", "new")]
    assert shop.values("tags", "name") == ["of_a"]


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_a_target_that_is_part_of_the_key_must_be_there(
    shop: Organization, chunk_rows: int
) -> None:
    """Otherwise it is not known whether the row finds its record."""
    sku, price_list = shop.have("skus", code="A"), shop.have("price_lists", code="L")
    shop.have("prices", price_list_id=price_list, sku_id=sku, amount_cents=5)
    rows: list[dict[str, Any]] = [
        {"price_list_id": price_list, "sku_code": "A", "amount_cents": 6},
        {"price_list_id": price_list, "sku_code": "B", "amount_cents": 6},
        {"price_list_id": "nowhere", "sku_code": "A", "amount_cents": 6},
        {"sku_code": "A"},
    ]
    outcome = shop.in_chunks(chunk_rows).load("prices", rows, only=Only.UPDATE)
    assert outcome.counts == (0, 1, 0, 3), outcome.errors


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_a_record_of_a_type_without_key_is_created_whatever_the_row_lacks(
    shop: Organization, chunk_rows: int
) -> None:
    outcome = shop.in_chunks(chunk_rows).load("addresses", [{"city": "Rome"}], only=Only.UPDATE)
    assert (outcome.counts, outcome.import_.skipped_count) == ((0, 0, 0, 0), 1)


@pytest.mark.parametrize("chunk_rows", CHUNKS)
def test_a_dry_run_skips_what_its_import_skips(shop: Organization, chunk_rows: int) -> None:
    shop.have("skus", code="A")
    rows: list[dict[str, Any]] = [
        {"code": "B"},
        {"code": "A", "name": "new"},
        {"code": "A", "weight": "heavy"},
        {"name": "no code"},
    ]
    shop = shop.in_chunks(chunk_rows)
    for only in Only:
        dry = shop.dry_run("skus", rows, only=only)
        import_ = shop.load("skus", rows, only=only).import_
        assert (dry.skipped, dry.failed) == (import_.skipped_count, import_.errors_count)


@pytest.mark.parametrize("only", Only)
@pytest.mark.parametrize("chunk_rows", [1, 2000])
def test_nested_rows_follow_their_parent(shop: Organization, chunk_rows: int, only: Only) -> None:
    market = shop.have("markets")
    shop.have("orders", number="there", market_id=market)
    shop = shop.in_chunks(chunk_rows)
    rows = [
        {
            "number": name,
            "market_id": market,
            "line_items": [{"name": f"of {name}", "quantity": 1, "unit_amount_cents": 5}],
        }
        for name in ("there", "not there")
    ]
    outcome = shop.load("orders", rows, only=only)
    assert not outcome.errors
    assert outcome.import_.skipped_count == 1
    expected = "of not there" if only is Only.CREATE else "of there"
    assert shop.values("line_items", "name") == [expected]


@pytest.mark.parametrize("only", [None, *Only])
def test_counts_and_ledger_say_the_same(shop: Organization, only: Only | None) -> None:
    shop.have("skus", code="A", name="old")
    rows = [
        {"code": "A", "name": "new"},
        {"code": "A", "name": "new"},
        {"code": "B", "name": "one", "do_not_ship": True},
        {"code": "C"},
    ]
    import_ = shop.in_chunks(2).load("skus", rows, only=only).import_
    with shop.longshore.database.read() as tx:
        assert count_ledger(tx, import_.id) == {
            RowOutcome.CREATED: import_.created_count,
            RowOutcome.UPDATED: import_.updated_count,
            RowOutcome.UNCHANGED: import_.unchanged_count,
            RowOutcome.FAILED: import_.errors_count,
            RowOutcome.SKIPPED: import_.skipped_count,
        }


@pytest.mark.parametrize("only", Only)
def test_generated_values_of_skipped_rows_are_judged_as_of_others(
    shop: Organization, only: Only
) -> None:
    """An order has a number that is made of its id."""
    market = shop.some("markets")
    rows = [{"market_id": market, "customer_email": "a@x.it"}, {"market_id": market}]
    import_ = shop.load("orders", rows, only=only).import_
    made = len(rows) if only is Only.CREATE else 0
    assert (import_.created_count, import_.skipped_count) == (made, len(rows) - made)
    assert len(shop.all("orders")) == made
    assert len(shop.all("customers")) == (made > 0)
