"""A source is judged range by range, and each range says what its judgement follows from."""

from collections.abc import Callable

import pytest

from longshore.engine import JudgementTooLarge, MovedHow, PinDamaged, RangeJudged
from longshore.engine.pins.range_reads import RangeReads
from longshore.imports import RangePin
from tests.behaviour.engine.judging import judged
from tests.behaviour.engine.organization import Organization
from tests.behaviour.engine.test_destroying import destroy
from tests.behaviour.engine.test_record_writer import update

Rows = list[dict[str, object]]


def skus(shop: Organization, codes: str) -> Rows:
    """Rows for SKUs, each of them stored already under another name."""
    category = shop.some("shipping_categories")
    for code in codes:
        shop.have("skus", code=code, name="before", shipping_category_id=category)
    return [{"code": code, "name": code, "shipping_category_id": category} for code in codes]


def differing(
    shop: Organization, type_: str, rows: Rows, change: Callable[[], object]
) -> list[int]:
    """The first rows of the ranges whose pins a change of the store changes."""
    before = judged(shop, type_, rows)
    change()
    after = judged(shop, type_, rows)
    pairs = zip(before, after, strict=True)
    return [now.first_row for was, now in pairs if was.pin.digest != now.pin.digest]


def test_ranges_are_always_the_same_rows_and_nothing_is_written(shop: Organization) -> None:
    rows = skus(shop, "ABC")
    rows += [{"code": "D", "name": "new", "do_not_ship": True}, {"code": "E", "name": ""}]
    ranges = judged(shop, "skus", rows)
    assert [(each.first_row, each.last.row, len(each.rows)) for each in ranges] == [
        (1, 2, 2),
        (3, 4, 2),
        (5, 5, 1),
    ]
    assert [each.result.counts for each in ranges] == [
        [0, 2, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [0, 0, 0, 1, 0],
    ]
    assert [[change.row for change in each.changes] for each in ranges] == [[1, 2], [3], []]
    assert ranges[0].changes[0].changes == {"name": ("before", "A")}
    assert shop.values("skus", "code", "name") == [
        ("A", "before"),
        ("B", "before"),
        ("C", "before"),
    ]


def test_rows_see_what_earlier_ranges_make(shop: Organization) -> None:
    rows: Rows = [{"email": f"{at % 3}@x.it", "reference": str(at)} for at in range(6)]
    ranges = judged(shop, "customers", rows)
    assert [each.result.counts[:2] for each in ranges] == [[2, 0], [1, 1], [0, 2]]
    assert [change.changes for change in ranges[2].changes] == [
        {"reference": ("1", "4")},
        {"reference": ("2", "5")},
    ]


def test_it_ends_where_an_import_would_stop_or_nobody_wants_more(shop: Organization) -> None:
    rows = [*skus(shop, "A"), {"code": "E", "name": ""}, {"code": "F", "name": ""}]
    (only,) = judged(shop, "skus", rows, skip_errors=False)
    assert (len(only.rows), only.result.is_stopped) == (2, True)
    assert len(judged(shop, "skus", rows, on_range=lambda _judged: False)) == 1


def test_a_range_of_several_chunks_is_told_as_one(shop: Organization) -> None:
    rows = [{"email": f"{at}@x.it", "tags": [{"name": "red"}]} for at in range(6)]
    whole = judged(shop, "customers", rows, range_rows=6)
    parts = judged(shop, "customers", rows, range_rows=6, chunk_records=2)
    assert [len(each[0].chunks) for each in (whole, parts)] == [1, 3]
    for each in (whole, parts):
        assert each[0].result.counts == [6, 0, 0, 0, 0]
        assert each[0].result.outcomes == whole[0].result.outcomes
        assert each[0].result.further == whole[0].result.further


def test_a_judgement_that_grows_too_large_ends_with_a_reason(shop: Organization) -> None:
    rows = [{"email": f"{at}@x.it"} for at in range(6)]
    with pytest.raises(JudgementTooLarge, match="rows up to 2 would make takes more than 1,000"):
        judged(shop, "customers", rows, disk_bytes_max=1000)


# What changes a pin


def test_a_changed_record_changes_the_pins_of_the_ranges_that_read_it(shop: Organization) -> None:
    rows = skus(shop, "ABCDEF")
    id = shop.all("skus")[3]["id"]
    assert differing(shop, "skus", rows, lambda: update(shop, "skus", id, {"name": "new"})) == [3]
    # no row names it, so nothing follows from it
    assert differing(shop, "skus", rows, lambda: update(shop, "skus", id, {"weight": 5})) == []


def test_a_target_changes_the_pins_of_all_who_name_it(shop: Organization) -> None:
    order = shop.have("orders", number="N1")
    rows: Rows = [
        {"order_id": order, "sku_code": code, "quantity": 1, "unit_amount_cents": 5}
        for code in ("A", "A", "B", "A")
    ]
    for code in ("A", "B"):
        shop.have("skus", code=code)
    first = shop.all("skus")[0]["id"]
    change = {"name": "new"}  # which lines take over
    assert differing(shop, "line_items", rows, lambda: update(shop, "skus", first, change)) == [
        1,
        3,
    ]


def test_a_key_that_somebody_takes_or_gives_up_changes_them(shop: Organization) -> None:
    rows = skus(shop, "ABCD")[2:]
    made: Rows = [{"code": code, "name": "x", "do_not_ship": True} for code in ("E", "F", "G", "H")]
    assert differing(shop, "skus", made, lambda: shop.have("skus", code="F")) == [1]
    third = shop.all("skus")[2]["id"]
    assert differing(shop, "skus", rows, lambda: destroy(shop, skus=[third])) == [1]
    fourth = shop.all("skus")[2]["id"]
    assert differing(shop, "skus", rows, lambda: update(shop, "skus", fourth, {"code": "X"})) == [1]


def test_tags_that_rows_look_at_change_them(shop: Organization) -> None:
    ids = [shop.have("customers", email=f"{at}@x.it") for at in range(3)]
    rows: Rows = [{"email": f"{at}@x.it", "_add_tags": "red"} for at in range(3)]
    shop.have("tags", name="red")
    shop.have("tags", name="blue")
    tagged = {"tags": [{"name": "blue"}]}
    assert differing(
        shop, "customers", rows, lambda: update(shop, "customers", ids[2], tagged)
    ) == [3]


def test_times_and_sums_change_none(shop: Organization) -> None:
    order = shop.have("orders", number="N1")
    rows: Rows = [{"number": "N1", "reference": "r"}]

    def add() -> None:
        shop.have("line_items", order_id=order)
        with shop.longshore.database.write() as tx:
            tx.execute("UPDATE orders SET created_at = 0, updated_at = 0", ())

    assert differing(shop, "orders", rows, add) == []
    assert shop.one("orders", order)["subtotal_amount_cents"] > 0


# What differs, named


def moved(before: RangeReads, now: RangeReads) -> list[tuple[str, MovedHow, object]]:
    found = now.moved_since(before.pin)
    return [(each.table, each.how, each.record or (each.column, each.key)) for each in found]


def test_records_that_differ_are_named_and_the_rows_that_ask_for_them(shop: Organization) -> None:
    rows = [*skus(shop, "ABCDE"), {"code": "F", "name": "f", "do_not_ship": True}]
    before = judged(shop, "skus", rows, range_rows=6)[0].reads
    ids = [each["id"] for each in shop.all("skus")]
    update(shop, "skus", ids[1], {"name": "new"})
    destroy(shop, skus=[ids[3]])
    made = shop.have("skus", code="F")
    named: list[list[int]] = []

    def name(range_: RangeJudged) -> None:
        named.append(list(range_.rows_naming(range_.reads.moved_since(before.pin), 10)))

    now = judged(shop, "skus", rows, range_rows=6, on_range=name)[0].reads
    inside = shop.inside
    key = ("code_key", f"{shop.environment.number}:D")
    assert moved(before, now) == [
        ("skus", MovedHow.CHANGED, inside(ids[1])),
        ("skus", MovedHow.CAME, inside(made)),
        ("skus", MovedHow.GONE, inside(ids[3])),
        ("skus", MovedHow.GONE, key),
    ]
    assert named == [[1, 3, 5]]
    assert now.moved_since(now.pin) == []


def test_a_pin_that_is_damaged_is_refused(shop: Organization) -> None:
    (range_,) = judged(shop, "customers", [{"email": "a@x.it"}])
    broken = RangePin(first_row=1, digest=b"other", packed=b"nothing that was packed")
    with pytest.raises(PinDamaged, match="the pin of the rows from 1 on cannot be read"):
        range_.reads.moved_since(broken)
