"""Rates of imports as fractions of other rates that are measured in the same run.

Two things that are compared take turns, and change who goes first with every round; the figure is
the median of the rounds. So a machine that is slower for a while slows both.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.inputs import (
    LINES_PER_ORDER,
    SkuRow,
    order_elements,
    sku_rows,
    write_orders_json,
    write_skus_csv,
    write_skus_json,
    write_skus_ndjson,
)
from benchmarks.places import Place, postgresql_place, sqlite_place
from benchmarks.raw import raw_rows
from benchmarks.report import print_table
from benchmarks.shop import Shop, Timing

# What is imported one after another: a name, and which edition of the rows.
_STAGES = (("first load", 1), ("all changed", 2), ("all unchanged", 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fraction:
    """One import measured against the raw upsert of the same rows."""

    timing: Timing
    raw_seconds: float
    raw_processor: float  # seconds that the processors worked, a server's included


def measure_speed(*, rows: int, rounds: int) -> None:
    """SKUs from CSV in the order of their codes, history on, against the raw upsert."""
    _measure_speed(sqlite_place, "in order, CSV to SQLite", rows, rounds)


def measure_shuffled(*, rows: int, rounds: int) -> None:
    """The same with rows in no order, which every database likes less."""
    _measure_speed(sqlite_place, "shuffled, CSV to SQLite", rows, rounds, shuffled=True)


def measure_postgresql(*, rows: int, rounds: int) -> None:
    """The same in order and to PostgreSQL, against COPY and one INSERT ... ON CONFLICT."""
    _measure_speed(postgresql_place, "in order, CSV to PostgreSQL", rows, rounds)


def _measure_speed(
    open_place: Callable[[], AbstractContextManager[Place]],
    title: str,
    rows: int,
    rounds: int,
    *,
    shuffled: bool = False,
) -> None:
    found: dict[str, list[_Fraction]] = {stage: [] for stage, _ in _STAGES}
    loads = []
    for number in range(rounds):
        with open_place() as place:
            for stage, fraction in _speed_round(
                place, rows, shuffled=shuffled, raw_first=number % 2 == 1
            ):
                found[stage].append(fraction)
        loads.append(os.getloadavg()[0])
    print_table(
        f"{rows:,} SKUs of 11 columns, {title}, {rounds} rounds, load {median(loads):.1f}",
        ("", "import / raw", "run alone", "processor", "import rows/s", "raw rows/s"),
        [
            (
                stage,
                f"{median(one.raw_seconds / one.timing.total for one in fractions):.2f}",
                f"{median(one.raw_seconds / one.timing.run for one in fractions):.2f}",
                f"{median(one.raw_processor / one.timing.processor for one in fractions):.2f}",
                f"{rows / median(one.timing.total for one in fractions):,.0f}",
                f"{rows / median(one.raw_seconds for one in fractions):,.0f}",
            )
            for stage, fractions in found.items()
        ],
    )


def _speed_round(
    place: Place, rows: int, *, shuffled: bool, raw_first: bool
) -> Iterator[tuple[str, _Fraction]]:
    """Load, change and repeat the rows in two installations, one of them by the bare driver."""
    with place.shop("raw") as shop:
        raw_category = shop.add_shipping_category()
        environment = shop.environment.number
        category_id = shop.longshore.public_ids.decode(raw_category)
        assert category_id is not None
    with place.shop("data") as shop:
        category = shop.add_shipping_category()
        source = place.folder / "skus.csv"
        for stage, edition in _STAGES:
            write_skus_csv(source, _rows(rows, category, edition, shuffled))

            def time_raw(edition: int = edition) -> tuple[float, float]:
                # Made here and forgotten, so that an import does not run beside them in memory.
                return place.time_upsert(
                    raw_rows(
                        _rows(rows, "", edition, shuffled),
                        environment=environment,
                        shipping_category=category_id,
                        creator=category_id,
                    )
                )

            if raw_first:
                raw_seconds, raw_processor = time_raw()
                timing = _import(shop, source, rows)
            else:
                timing = _import(shop, source, rows)
                raw_seconds, raw_processor = time_raw()
            _assert_alike(shop, place, rows)
            yield (
                stage,
                _Fraction(timing=timing, raw_seconds=raw_seconds, raw_processor=raw_processor),
            )


def _rows(count: int, category: str, edition: int, shuffled: bool) -> Iterator[SkuRow]:
    return sku_rows(count, shipping_category_id=category, edition=edition, shuffled=shuffled)


def _import(shop: Shop, source: Path, rows: int) -> Timing:
    import_, timing = shop.time_import("skus", source)
    assert (import_.status, import_.processed_count) == ("completed", rows), import_
    return timing


def _assert_alike(shop: Shop, place: Place, rows: int) -> None:
    """Both have written the same, or the comparison would mean nothing."""
    compared = (
        "SELECT code_key, name, description, image_url, pieces_per_pack, weight, unit_of_weight,"
        " hs_tariff_number, do_not_ship, do_not_track FROM skus"
        " ORDER BY code_key LIMIT 1000"
    )
    with shop.longshore.database.read() as tx:
        assert tx.fetch(compared) == place.fetch_raw(compared)
        assert tx.fetch("SELECT count(*) FROM skus") == [(rows,)]


def measure_formats(*, rows: int, rounds: int) -> None:
    """The same SKUs as CSV, JSON and NDJSON, first load."""
    writers = {"csv": write_skus_csv, "json": write_skus_json, "ndjson": write_skus_ndjson}
    found: dict[str, list[Timing]] = {format: [] for format in writers}
    for number in range(rounds):
        names = list(writers)
        for format in names if number % 2 == 0 else reversed(names):
            found[format].append(_format_round(rows, format, writers[format]))
    print_table(
        f"{rows:,} SKUs of 11 columns by format, first load, {rounds} rounds",
        ("", "import / csv", "run alone", "processor", "import rows/s"),
        [
            (
                format,
                f"{_ratio(found['csv'], timings, lambda one: one.total):.2f}",
                f"{_ratio(found['csv'], timings, lambda one: one.run):.2f}",
                f"{_ratio(found['csv'], timings, lambda one: one.processor):.2f}",
                f"{rows / median(one.total for one in timings):,.0f}",
            )
            for format, timings in found.items()
        ],
    )


def _format_round(rows: int, format: str, write: Callable[..., None]) -> Timing:
    with sqlite_place() as place, place.shop("data") as shop:
        source = place.folder / f"skus.{format}"
        write(source, sku_rows(rows, shipping_category_id=shop.add_shipping_category()))
        return _import(shop, source, rows)


def _ratio(base: list[Timing], others: list[Timing], seconds: Callable[[Timing], float]) -> float:
    """The rate of the others as a fraction of the base's, round by round."""
    return median(seconds(a) / seconds(b) for a, b in zip(base, others, strict=True))


def measure_wide(*, rows: int, rounds: int) -> None:
    """Orders with line items from JSON: a type of many columns, and records in records."""
    orders = rows // (1 + LINES_PER_ORDER)
    found: dict[str, list[Timing]] = {"first load": [], "all unchanged": []}
    for _ in range(rounds):
        with sqlite_place() as place, place.shop("data") as shop:
            category = shop.add_shipping_category()
            codes = [f"SKU{number}" for number in range(1000)]
            shop.add(
                "skus",
                [{"code": code, "name": code, "shipping_category_id": category} for code in codes],
            )
            source = place.folder / "orders.json"
            write_orders_json(
                source, order_elements(orders, market_id=shop.add_market(), codes=codes)
            )
            for timings in found.values():
                import_, timing = shop.time_import("orders", source)
                assert (import_.status, import_.processed_count) == ("completed", orders), import_
                timings.append(timing)
    print_table(
        f"{orders:,} orders of {LINES_PER_ORDER} line items, JSON, {rounds} rounds",
        ("", "orders/s", "records/s"),
        [
            (
                stage,
                f"{orders / median(one.total for one in timings):,.0f}",
                f"{rows / median(one.total for one in timings):,.0f}",
            )
            for stage, timings in found.items()
        ],
    )
