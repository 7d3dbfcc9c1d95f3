"""What the one table measures: a declaration for each of its lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.inputs import (
    ADDRESS_COLUMNS,
    LINES_PER_ORDER,
    SKU_COLUMNS,
    SKUS_OF_ORDERS,
    TIER_COLUMNS,
    TIERS_PER_PRICE,
    WIDE_SKU_COLUMNS,
    address_rows,
    bad_sku_rows,
    customer_rows,
    numbers_in_no_order,
    orders,
    price_rows,
    repeated_sku_rows,
    sku_lists,
    sku_row,
    sku_rows,
    stock_rows,
    tier_rows,
    tiered_prices,
    wide_sku_rows,
    write_csv,
    write_json,
    write_skus,
)
from benchmarks.shop import Shop

_CATEGORIES = "shipping_categories"

Write = Callable[[Path, Shop, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What there is before an import: `prepare` makes it for cases of so many rows."""

    name: str
    prepare: Callable[[Shop, Path, int], None]  # with a folder for files


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An import that is measured, and what it is measured against."""

    name: str  # on the command line
    what: str  # in the table
    ground: Ground
    write: Write  # the file, for so many rows
    type: str = "skus"
    format: str = "csv"
    parent: str | None = None  # the table whose only record is the parent
    rows_in: int = 1  # it has one row in so many of those that the command line asks for
    records: int = 1  # those that one row makes
    bad_in: int | None = None  # one row in so many is bad
    is_repeated: bool = False  # its rows are about the records of the ground
    raw_goals: Mapping[str, float] = field(default_factory=dict)  # by database
    against: "Opponent | None" = None

    def rows(self, asked: int) -> int:
        return max(asked // self.rows_in, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opponent:
    """Another import, whose rate a case is to reach."""

    case: Case
    called: str  # in the table
    goal: float | None = None  # the rate as a fraction of the opponent's
    databases: tuple[str, ...] = ("SQLite", "PostgreSQL")  # for which the goal is one


def _prepare_category(shop: Shop, _folder: Path, _rows: int) -> None:
    shop.add_shipping_category()


def _prepare_skus(shop: Shop, folder: Path, rows: int) -> None:
    shop.add_shipping_category()
    _load(shop, "skus", folder / "skus.csv", rows, _write_skus)
    shop.add_price_list()
    shop.add_stock_location()


def _prepare_prices(shop: Shop, folder: Path, rows: int) -> None:
    rows //= TIERS_PER_PRICE
    _prepare_skus(shop, folder, rows)
    _load(shop, "prices", folder / "prices.csv", rows, _write_prices, parent="price_lists")


def _prepare_market(shop: Shop, folder: Path, _rows: int) -> None:
    shop.add_shipping_category()
    _load(shop, "skus", folder / "skus.csv", SKUS_OF_ORDERS, _write_skus)
    shop.add_market()


def _prepare_even_skus(shop: Shop, folder: Path, rows: int) -> None:
    shop.add_shipping_category()
    _load(shop, "skus", folder / "skus.csv", 10 * rows, _write_even_skus)


def _load(
    shop: Shop, type_: str, path: Path, rows: int, write: Write, *, parent: str | None = None
) -> None:
    write(path, shop, rows)
    import_, _ = shop.import_(type_, path, parent=None if parent is None else shop.only_id(parent))
    path.unlink()
    assert (import_.status, import_.created_count) == ("completed", rows), import_


_EMPTY = Ground(name="empty", prepare=_prepare_category)
_SKUS = Ground(name="skus", prepare=_prepare_skus)
_PRICES = Ground(name="prices", prepare=_prepare_prices)
_MARKET = Ground(name="market", prepare=_prepare_market)
_EVEN_SKUS = Ground(name="even_skus", prepare=_prepare_even_skus)


def _write_skus(path: Path, shop: Shop, rows: int) -> None:
    write_skus(path, sku_rows(rows, shipping_category_id=shop.only_id(_CATEGORIES)))


def _write_changed_skus(path: Path, shop: Shop, rows: int) -> None:
    write_skus(path, sku_rows(rows, shipping_category_id=shop.only_id(_CATEGORIES), edition=2))


def _write_even_skus(path: Path, shop: Shop, rows: int) -> None:
    category = shop.only_id(_CATEGORIES)
    write_skus(path, (sku_row(2 * number, category) for number in range(rows)))


def _write_odd_skus(path: Path, shop: Shop, rows: int) -> None:
    category = shop.only_id(_CATEGORIES)
    numbers = numbers_in_no_order(rows, below=10 * rows)
    write_skus(path, (sku_row(2 * number + 1, category) for number in numbers))


def _write_wide_skus(path: Path, shop: Shop, rows: int) -> None:
    category = shop.only_id(_CATEGORIES)
    write_csv(path, WIDE_SKU_COLUMNS, wide_sku_rows(rows, shipping_category_id=category))


def _write_bad_skus(one_in: int) -> Write:
    def write(path: Path, shop: Shop, rows: int) -> None:
        category = shop.only_id(_CATEGORIES)
        found = bad_sku_rows(rows, shipping_category_id=category, one_in=one_in)
        write_csv(path, SKU_COLUMNS, found)

    return write


def _write_repeated_skus(one_in: int) -> Write:
    def write(path: Path, shop: Shop, rows: int) -> None:
        category = shop.only_id(_CATEGORIES)
        found = repeated_sku_rows(rows, shipping_category_id=category, one_in=one_in)
        write_csv(path, SKU_COLUMNS, found)

    return write


def _write_prices(path: Path, _shop: Shop, rows: int) -> None:
    write_csv(path, ("sku_code", "amount_cents"), price_rows(rows))


def _write_prices_of(field: str, value: Callable[[Shop], str]) -> Write:
    """Prices whose rows name their price list by a field."""

    def write(path: Path, shop: Shop, rows: int) -> None:
        named = value(shop)
        found = ((code, amount, named) for code, amount in price_rows(rows))
        write_csv(path, ("sku_code", "amount_cents", field), found)

    return write


def _write_tiered_prices(path: Path, _shop: Shop, rows: int) -> None:
    write_json(path, tiered_prices(rows))


def _write_tiers(path: Path, shop: Shop, rows: int) -> None:
    prices = shop.ids("prices")
    assert len(prices) * TIERS_PER_PRICE == rows
    write_csv(path, TIER_COLUMNS, tier_rows(prices))


def _write_stock(path: Path, _shop: Shop, rows: int) -> None:
    write_csv(path, ("sku_code", "quantity"), stock_rows(rows))


def _write_customers(path: Path, _shop: Shop, rows: int) -> None:
    write_csv(path, ("email", "reference", "tags.name"), customer_rows(rows))


def _write_addresses(path: Path, _shop: Shop, rows: int) -> None:
    write_csv(path, ADDRESS_COLUMNS, address_rows(rows))


def _write_orders(lines: int) -> Write:
    def write(path: Path, shop: Shop, rows: int) -> None:
        write_json(path, orders(rows, market_id=shop.only_id("markets"), lines=lines))

    return write


def _write_lists(items: int) -> Write:
    def write(path: Path, _shop: Shop, rows: int) -> None:
        write_json(path, sku_lists(rows, items=items))

    return write


_FIRST = Case(
    name="skus",
    what="SKUs of 11 columns, first load",
    ground=_EMPTY,
    write=_write_skus,
    raw_goals={"SQLite": 0.75, "PostgreSQL": 0.65},
)


def _of_skus(goal: float | None = None) -> Opponent:
    return Opponent(case=_FIRST, called="SKUs", goal=goal)


def _bad(name: str, percent: float, one_in: int, goal: float | None) -> Case:
    return Case(
        name=name,
        what=f"SKUs, {percent:g} % of the rows bad",
        ground=_EMPTY,
        write=_write_bad_skus(one_in),
        bad_in=one_in,
        against=Opponent(case=_FIRST, called="clean", goal=goal),
    )


def _repeated(name: str, percent: float, one_in: int, goal: float | None) -> Case:
    return Case(
        name=name,
        what=f"SKUs, {percent:g} % of the codes repeated",
        ground=_EMPTY,
        write=_write_repeated_skus(one_in),
        against=Opponent(case=_FIRST, called="clean", goal=goal),
    )


def _format(name: str, called: str, goal: float = 0.9) -> Case:
    return Case(
        name=name,
        what=f"SKUs of 11 columns, {called}",
        ground=_EMPTY,
        write=_write_skus,
        format=name,
        against=Opponent(case=_FIRST, called="CSV", goal=goal),
    )


def _long_rows(
    name: str, nested: str, type_: str, ground: Ground, write: Callable[[int], Write]
) -> Case:
    """Rows of 1,000 nested elements against as many elements in rows of one; records are
    elements."""
    short = Case(
        name=f"short_{name}",
        what=f"rows of 1 {nested}",
        type=type_,
        format="json",
        ground=ground,
        write=write(1),
        rows_in=10,
    )
    return Case(
        name=name,
        what=f"rows of 1,000 {nested}",
        type=type_,
        format="json",
        ground=ground,
        write=write(1_000),
        rows_in=10_000,
        records=1_000,
        against=Opponent(case=short, called="rows of 1", goal=0.5),
    )


CASES = (
    _FIRST,
    Case(
        name="skus_changed",
        what="SKUs of 11 columns, all changed",
        ground=_SKUS,
        write=_write_changed_skus,
        is_repeated=True,
        raw_goals={"SQLite": 0.5, "PostgreSQL": 0.5},
    ),
    Case(
        name="skus_unchanged",
        what="SKUs of 11 columns, all unchanged",
        ground=_SKUS,
        write=_write_skus,
        is_repeated=True,
        raw_goals={"SQLite": 0.8, "PostgreSQL": 1.0},
    ),
    Case(
        name="skus_wide",
        what="SKUs of 14 columns, metadata and reference",
        ground=_EMPTY,
        write=_write_wide_skus,
        against=_of_skus(),
    ),
    Case(
        name="prices",
        what="prices by sku_code, with a parent",
        type="prices",
        ground=_SKUS,
        write=_write_prices,
        parent="price_lists",
        against=_of_skus(1.0),
    ),
    Case(
        name="prices_by_name",
        what="prices by sku_code and price_list.name",
        type="prices",
        ground=_SKUS,
        write=_write_prices_of("price_list.name", lambda _shop: "EU"),
        against=Opponent(
            case=Case(
                name="prices_by_id",
                what="prices by sku_code and price_list_id",
                type="prices",
                ground=_SKUS,
                write=_write_prices_of("price_list_id", lambda shop: shop.only_id("price_lists")),
            ),
            called="by id",
            goal=0.95,
        ),
    ),
    Case(
        name="stock_items",
        what="stock items by sku_code, with a parent",
        type="stock_items",
        ground=_SKUS,
        write=_write_stock,
        parent="stock_locations",
        against=_of_skus(1.0),
    ),
    Case(
        name="addresses",
        what="addresses",
        type="addresses",
        ground=_EMPTY,
        write=_write_addresses,
        against=_of_skus(1.0),
    ),
    Case(
        name="customers",
        what="customers with one tag",
        type="customers",
        ground=_EMPTY,
        write=_write_customers,
        against=_of_skus(0.5),
    ),
    Case(
        name="orders",
        what=f"orders with {LINES_PER_ORDER} lines, JSON",
        type="orders",
        format="json",
        ground=_MARKET,
        write=_write_orders(LINES_PER_ORDER),
        rows_in=1 + LINES_PER_ORDER,
        records=1 + LINES_PER_ORDER,
        against=_of_skus(0.35),
    ),
    Case(
        name="price_tiers",
        what="price tiers by price_id",
        type="price_tiers",
        ground=_PRICES,
        write=_write_tiers,
        against=_of_skus(),
    ),
    Case(
        name="tiered_prices",
        what=f"prices with {TIERS_PER_PRICE} tiers, JSON",
        type="prices",
        format="json",
        ground=_SKUS,
        write=_write_tiered_prices,
        parent="price_lists",
        rows_in=1 + TIERS_PER_PRICE,
        records=1 + TIERS_PER_PRICE,
        against=_of_skus(),
    ),
    _bad("bad_0.2", 0.2, 500, None),
    _bad("bad_1", 1, 100, 0.9),
    _bad("bad_5", 5, 20, 0.75),
    _repeated("repeated_0.2", 0.2, 500, None),
    _repeated("repeated_1", 1, 100, 0.9),
    _repeated("repeated_5", 5, 20, 0.75),
    _format("json", "JSON"),
    _format("ndjson", "NDJSON"),
    _format("xlsx", "XLSX", goal=0.4),
    _long_rows("long_orders", "line items", "orders", _MARKET, _write_orders),
    _long_rows("long_lists", "list items", "sku_lists", _MARKET, _write_lists),
    Case(
        name="disordered",
        what="new SKUs in no order into ten times as many",
        ground=_EVEN_SKUS,
        write=_write_odd_skus,
        against=Opponent(
            case=Case(
                name="disordered_empty",
                what="new SKUs in no order into none",
                ground=_EMPTY,
                write=_write_odd_skus,
            ),
            called="into none",
            goal=0.45,
            databases=("SQLite",),
        ),
    ),
)
