"""Too many failed rows stop an import: more than a tenth of all, at the row that crosses it."""

from typing import Any

import pytest

from tests.behaviour.engine.organization import Organization

GOOD = "good"
BAD = "bad"


def rows_of(kinds: list[str]) -> list[dict[str, Any]]:
    """SKUs, those of the kind `bad` without a name."""
    return [
        {"code": f"S{number}", "name": None if kind == BAD else "x", "do_not_ship": True}
        for number, kind in enumerate(kinds, 1)
    ]


def load(shop: Organization, kinds: list[str], *, skip_errors: bool = False) -> Any:
    return shop.load("skus", rows_of(kinds), skip_errors=skip_errors)


@pytest.mark.parametrize("chunk_rows", [1, 7, 2000])
@pytest.mark.parametrize(
    ("inputs", "errors"), [(1, 1), (9, 1), (10, 2), (19, 2), (20, 3), (99, 10), (100, 11)]
)
def test_the_error_that_exceeds_a_tenth_stops_the_import(
    shop: Organization, chunk_rows: int, inputs: int, errors: int
) -> None:
    shop = shop.in_chunks(chunk_rows)
    bad_last = [GOOD] * (inputs - errors) + [BAD] * errors
    outcome = load(shop, bad_last)
    assert (outcome.status, outcome.counts) == ("interrupted", (inputs - errors, 0, 0, errors))
    if errors > 1:
        fewer = [BAD] * (errors - 1) + [GOOD] * (inputs - errors + 1)
        assert load(shop, fewer).status == "completed"


@pytest.mark.parametrize("chunk_rows", [1, 4, 5, 6, 2000])
def test_rows_after_the_stop_have_no_effect(shop: Organization, chunk_rows: int) -> None:
    kinds = [GOOD, GOOD, BAD, GOOD, BAD, GOOD, GOOD, BAD, GOOD, GOOD]
    outcome = load(shop.in_chunks(chunk_rows), kinds)
    import_ = outcome.import_
    assert (outcome.status, outcome.counts) == ("interrupted", (3, 0, 0, 2))
    assert import_.processed_count + import_.errors_count == import_.consumed_count == 5
    assert shop.values("skus", "code") == ["S1", "S2", "S4"]
    assert list(outcome.errors) == [3, 5]


def test_stopped_import_says_when_and_not_that_it_completed(shop: Organization) -> None:
    import_ = load(shop, [BAD]).import_
    assert import_.interrupted_at is not None
    assert import_.completed_at is None
    assert import_.interruption_reason is None
    assert import_.is_finished


def test_error_of_the_last_row_stops_what_is_done(shop: Organization) -> None:
    assert load(shop, [GOOD] * 8 + [BAD]).status == "interrupted"


def test_import_that_skips_errors_always_reaches_its_end(shop: Organization) -> None:
    outcome = load(shop, [BAD] * 5 + [GOOD], skip_errors=True)
    assert (outcome.status, outcome.counts) == ("completed", (1, 0, 0, 5))


def test_organization_can_skip_errors_of_all_its_imports(shop: Organization) -> None:
    shop.with_flags(imports_skip_errors=True)
    outcome = load(shop, [BAD, GOOD])
    assert (outcome.status, outcome.counts) == ("completed", (1, 0, 0, 1))
    assert outcome.import_.skip_errors


def test_errors_of_every_kind_count_once_for_each_row(shop: Organization) -> None:
    rows: list[object] = [{}, 5, {"code": "A", "name": "x", "weight": "x", "id": "nowhere"}]
    good = rows_of([GOOD] * 27)
    outcome = shop.load("skus", [*rows, *good], skip_errors=False)
    assert (outcome.status, outcome.counts) == ("completed", (27, 0, 0, 3))


def test_warnings_stop_nothing(shop: Organization) -> None:
    rows = [{**row, "_add_tags": "unknown"} for row in rows_of([GOOD] * 3)]
    outcome = shop.load("skus", rows, skip_errors=False)
    assert (outcome.status, outcome.import_.warnings_count) == ("completed", 3)


def test_dry_run_stops_at_the_same_row(shop: Organization) -> None:
    kinds = [GOOD, GOOD, BAD, GOOD, BAD, GOOD, GOOD, BAD, GOOD, GOOD]
    for chunk_rows in (1, 5, 2000):
        told = shop.in_chunks(chunk_rows).dry_run("skus", rows_of(kinds), skip_errors=False)
        assert (told.interrupted, told.consumed, told.created, told.failed) == (True, 5, 3, 2)
