"""What it takes to tell who gave a field its value: of one record among a million, which one import
has created, and of which another one has changed the name of one in ten.

Asked of the operation, within one process, as the terminal and the server do; a record at a time,
in no order.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.inputs import numbers_in_no_order, sku_code, sku_rows, write_csv, write_skus
from benchmarks.places import PLACES, Place
from benchmarks.report import print_table
from benchmarks.serving import figures
from benchmarks.shop import Shop
from longshore.operations import Asker

_GOAL = 0.02  # seconds, of the median
_CHANGED_IN = 10  # one SKU in so many has another name


def measure_blame(*, rows: int, rounds: int) -> None:
    """Fields of so many records among `rows`."""
    table: list[tuple[str, ...]] = []
    for make_place in PLACES.values():
        with make_place() as place:
            table += _measure(place, rows, rounds)
    print_table(
        f"Who gave a field of one of {rows:,} SKUs its value; milliseconds of {rounds} records",
        ("", "database", "median", "95 %", "99 %", "slowest", "processor", "goal", ""),
        table,
    )


def _measure(place: Place, rows: int, rounds: int) -> Iterator[tuple[str, ...]]:
    installation = place.make()
    with installation.open() as shop:
        _import(shop, place.folder, rows)
    place.settle(installation)
    numbers = [*numbers_in_no_order(rounds, rows)]
    with installation.open() as shop:
        for what, blame in _asked(shop):
            blame(0)
            worked = installation.processor()
            seconds = [_time(blame, number) for number in numbers]
            # Of a machine that others use, the time of the processors says more.
            processor = f"{(installation.processor() - worked) / rounds * 1000:.1f}"
            reached = "yes" if median(seconds) < _GOAL else "no"
            goal = f"< {_GOAL * 1000:g}"
            yield what, place.database, *figures(seconds), processor, goal, reached


def _asked(shop: Shop) -> Sequence[tuple[str, Callable[[int], None]]]:
    blames, environment = shop.longshore.blames, shop.environment
    ids = shop.ids("skus")
    asker = Asker(environment=environment)

    def unchanged(number: int) -> None:
        found = blames.of_named(environment, "skus", sku_code(number), "weight")
        assert found.fields[0]["row"] == number + 1

    def changed(number: int) -> None:
        number -= number % _CHANGED_IN
        found = blames.of_named(environment, "skus", sku_code(number), "name")
        assert found.fields[0]["row"] == number // _CHANGED_IN + 1

    def whole(number: int) -> None:
        key = shop.longshore.public_ids.decode(ids[number])
        assert key is not None
        found = blames.of(asker, "skus", key)
        assert found is not None
        assert found.fields[0]["row"] == number + 1

    return (
        ("a field that nobody has changed", unchanged),
        ("a field that an import has changed", changed),
        ("all fields, by id", whole),
    )


def _time(blame: Callable[[int], None], number: int) -> float:
    started = perf_counter()
    blame(number)
    return perf_counter() - started


def _import(shop: Shop, folder: Path, rows: int) -> None:
    path = folder / "skus.csv"
    write_skus(path, sku_rows(rows, shipping_category_id=shop.add_shipping_category()))
    import_, _ = shop.import_("skus", path)
    assert import_.created_count == rows, import_
    numbers = range(0, rows, _CHANGED_IN)
    write_csv(path, ("code", "name"), ((sku_code(n), f"renamed {n}") for n in numbers))
    import_, _ = shop.import_("skus", path)
    assert import_.updated_count == len(numbers), import_
    path.unlink()
