"""What can be bought, as records: a SKU, its prices, and how much of it is where.

The rules are the same for all dialects (`docs/guides`); a dialect says which cells they are about.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from longshore.dialects.amounts import cents_of, number_of, plain, whole_number_of
from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.conversion import Conversion
from longshore.dialects.header import SourceRow
from longshore.dialects.targets import DialectRefused
from longshore.dialects.texts import unprotected, wire_tags
from longshore.error_codes import ErrorCode, message
from longshore.spellings import (
    WEIGHT_UNITS,
    ColumnKind,
    DecimalMark,
    ValueRefused,
    is_blank_token,
    is_scientific,
    weight_of,
)

SHIPPING_CATEGORY_FIELDS = ("code", "name")
PRICE_LIST_FIELDS = ("code", "name", "currency_code", "tax_included")
SKU_FIELDS = (
    "code",
    "name",
    "shipping_category.code",
    "shipping_category.name",
    "description",
    "image_url",
    "weight",
    "unit_of_weight",
    "hs_tariff_number",
    "do_not_ship",
    "do_not_track",
    "reference",
    "reference_origin",
    "tags",
    "metadata",
)
PRICE_FIELDS = (
    "price_list.code",
    "price_list.name",
    "sku_code",
    "amount_cents",
    "compare_at_amount_cents",
)
STOCK_ITEM_FIELDS = ("stock_location.code", "stock_location.name", "sku_code", "quantity")
# What every dialect of products makes; others are added behind them.
GOODS_FIELDS: Mapping[str, tuple[str, ...]] = {
    "skus": SKU_FIELDS,
    "shipping_categories": SHIPPING_CATEGORY_FIELDS,
    "price_lists": PRICE_LIST_FIELDS,
    "prices": PRICE_FIELDS,
    "stock_items": STOCK_ITEM_FIELDS,
}
GOODS_OPTIONS = frozenset(
    (
        *("currency", "price_lists", "stock_location", "shipping_category", "same_code"),
        *("keep_rest", "only_active", "rounds", "decimal"),
    )
)

_BOOLEANS = {True: "true", False: "false", None: ""}


class Cell(NamedTuple):
    """A cell and the name of its column."""

    column: str
    text: str
    mark: DecimalMark | None = None  # of its column, where all values of that have shown one
    part: str | None = None  # the number in it, where more stands there; None: all of it

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def number(self) -> str:
        """What is read of it."""
        return self.text if self.part is None else self.part


@dataclass(slots=True, kw_only=True)
class Sku:
    """What is known of a SKU; blank leaves what the store has."""

    code: str
    name: str
    is_made: bool = False  # the code was made of other cells
    description: str = ""
    image_url: str = ""
    images: Sequence[str] = ()  # the others
    weight: Cell | None = None
    weight_unit: str = "gr"  # of it: g, gr, kg, mg, t, oz, lb
    hs_tariff_number: str = ""
    do_not_ship: bool | None = False  # None: the file does not say
    do_not_track: bool | None = False
    reference: str = ""
    reference_origin: str = ""
    tags: Sequence[str] = ()
    has_wire_tags: bool = False  # the tags are the store's, so they stay as they are
    metadata: Mapping[str, Any] = field(default_factory=dict)  # without blank values
    failures: Sequence[CellFailure] = ()
    code_column: str = ""  # for the failure of a code that is taken
    clears: Collection[str] = ()  # fields that the row empties


def emit_sku(conversion: Conversion, sku: Sku, row: SourceRow) -> bool:
    """Write the record of a SKU. False: it has no code, or that of another row, so the row has
    failed, and nothing else is to be made of it."""
    failures = list(sku.failures)
    refused = _refused_code(conversion, sku, row)
    failures += refused
    weight, unit, cells = _weight(conversion, sku, row, failures)
    own_tags = ",".join(map(str.strip, sku.tags)) if sku.has_wire_tags else None
    tags = tags_of(conversion, sku.tags, row) if own_tags is None else own_tags
    metadata = dict(sku.metadata)
    if sku.images:
        metadata["images"] = list(sku.images)
    if rest := conversion.rest(row):
        metadata |= rest
    fields: dict[str, str | Mapping[str, Any] | None] = {
        "code": sku.code,
        "name": sku.name,
        **conversion.targets.shipping_category(),
        "description": sku.description,
        "image_url": sku.image_url,
        "weight": weight,
        "unit_of_weight": unit,
        "hs_tariff_number": sku.hs_tariff_number,
        "do_not_ship": _BOOLEANS[sku.do_not_ship],
        "do_not_track": _BOOLEANS[sku.do_not_track],
        "reference": sku.reference,
        "reference_origin": sku.reference_origin,
        "tags": tags,
        "metadata": metadata,
        **dict.fromkeys(sku.clears),
    }
    conversion.emit("skus", fields, row, cells=cells, failures=failures)
    return bool(sku.code) and not refused


def _refused_code(conversion: Conversion, sku: Sku, row: SourceRow) -> list[CellFailure]:
    """Why the row cannot have its code; that one is missing is told without a dialect."""
    if is_scientific(sku.code):
        return [CellFailure("code", sku.code_column, sku.code, ErrorCode.CUT_CODE)]
    taken = conversion.claim_code(sku.code, row, is_made=sku.is_made) if sku.code else None
    return [] if taken is None else [taken._replace(column=sku.code_column)]


def tags_of(conversion: Conversion, texts: Sequence[str], row: SourceRow) -> str:
    """Tags as a field has them; those that cannot be are counted."""
    tags, left_out = _wire_tags(tuple(texts)) if texts else ("", 0)
    for _ in range(left_out):
        conversion.tell(
            "tags_left_out",
            "{count} tags are left out, as a tag has at most 25 characters, and a record 10 tags",
            row,
        )
    return tags


# The variants of a product have the same ones.
_wire_tags = lru_cache(1_000)(wire_tags)


def emit_price(
    conversion: Conversion,
    code: str,
    amount: Cell,
    row: SourceRow,
    *,
    currency: str | None,
    compare_at: Cell | None = None,
    price_list: Mapping[str, str] | None = None,
    failures: Sequence[CellFailure] = (),
) -> None:
    """Write the record of a price, unless its cell is blank; `compare_at` is the crossed-out one.

    `currency` is a code, or None where nobody knows it: the record fails then, with the failures
    or for its amount. None for the list: that of the currency.
    """
    if _is_blank(conversion, amount, row):
        return
    if currency is None:
        unknown = CellFailure("amount_cents", amount.column, amount.text, ErrorCode.NO_CURRENCY)
        conversion.emit(
            "prices",
            {"sku_code": code},
            row,
            cells={"price_list": (amount.column, amount.text)},  # which cannot be found either
            failures=failures or (unknown,),
        )
        return
    options = conversion.options
    failures = list(failures)
    cells = {"amount_cents": (amount.column, amount.text)}
    cents = compared = ""
    try:
        mark = amount.mark or conversion.decimal_mark(amount.column, amount.number, row)
        value = cents_of(amount.number, currency, mark, rounds=options.rounds)
        cents = str(value)
        if compare_at is not None and not _is_blank(conversion, compare_at, row):
            compared = _compared(conversion, value, compare_at, currency, row)
            cells["compare_at_amount_cents"] = (compare_at.column, compare_at.text)
    except _CompareRefused as refused:
        failures.append(refused.failure)
    except ValueRefused as refused:
        failures.append(CellFailure.of("amount_cents", amount.column, amount.text, refused.message))
    named = conversion.targets.price_list(currency) if price_list is None else price_list
    if conversion.is_second_of_row(row, code, *named.values()):
        # Of two columns for one price, whichever wins would be another one the next time.
        failures.append(CellFailure("amount_cents", amount.column, amount.text, ErrorCode.TAKEN))
    fields = {
        **named,
        "sku_code": code,
        "amount_cents": cents,
        "compare_at_amount_cents": compared,
    }
    conversion.emit("prices", fields, row, cells=cells, failures=failures)


def emit_stock_item(
    conversion: Conversion,
    code: str,
    quantity: Cell,
    row: SourceRow,
    *,
    location: Cell | None = None,
) -> None:
    """Write the record of how much is in stock, unless its cell is blank; `location` has the code
    or name that the file gives. Less than nothing is nothing, with a warning."""
    if _is_blank(conversion, quantity, row):
        return
    failures: list[CellFailure] = []
    told = ""
    try:
        mark = quantity.mark or conversion.decimal_mark(quantity.column, quantity.text, row)
        number = whole_number_of(quantity.text, mark)
        if number < 0:
            conversion.tell(
                "stock_negative",
                "{count} rows have less than nothing in stock, which counts as 0",
                row,
                cell=quantity.text,
            )
        told = str(max(number, 0))
    except ValueRefused as refused:
        failures.append(CellFailure.of("quantity", quantity.column, quantity.text, refused.message))
    fields = {
        **_stock_location(conversion, location, row),
        "sku_code": code,
        "quantity": told,
    }
    cells = None if told == quantity.text else {"quantity": (quantity.column, quantity.text)}
    conversion.emit("stock_items", fields, row, cells=cells, failures=failures)


def _stock_location(
    conversion: Conversion, location: Cell | None, row: SourceRow
) -> Mapping[str, str]:
    if not location:
        return conversion.targets.stock_location()
    if conversion.options.stock_location is not None:
        conversion.tell(
            "location_asked",
            "--stock-location has no effect, as the file names several locations itself",
            row,
        )
    try:
        return conversion.targets.stock_location(location.text)
    except DialectRefused as refused:
        raise refused.of_cell(row, location.column) from None


def tell_sold_without_stock(conversion: Conversion, row: SourceRow) -> None:
    """Say that a SKU whose stock is counted is not tracked, as it may be sold without stock."""
    conversion.tell(
        "sold_without_stock",
        "{count} SKUs may be sold without stock: their do_not_track is true",
        row,
    )


def _is_blank(conversion: Conversion, cell: Cell, row: SourceRow) -> bool:
    """Whether a cell holds nothing, or what people and spreadsheets put where there is no value."""
    if not cell.text:
        return True
    if not is_blank_token(cell.text):
        return False
    conversion.tell_blank(cell.column, cell.text, row)
    return True


class _CompareRefused(Exception):
    def __init__(self, failure: CellFailure) -> None:
        super().__init__()
        self.failure = failure


def _compared(
    conversion: Conversion, cents: int, compare_at: Cell, currency: str, row: SourceRow
) -> str:
    """The crossed-out price; "" where it is 0, or not above the price."""
    options = conversion.options
    try:
        mark = compare_at.mark or conversion.decimal_mark(compare_at.column, compare_at.number, row)
        compared = cents_of(compare_at.number, currency, mark, rounds=options.rounds)
    except ValueRefused as refused:
        raise _CompareRefused(
            CellFailure.of(
                "compare_at_amount_cents", compare_at.column, compare_at.text, refused.message
            )
        ) from refused
    if not compared:
        return ""
    if compared <= cents:
        conversion.tell(
            "compare_at_dropped",
            "{count} rows have a crossed-out price that is not above the price: it is left out",
            row,
            cell=compare_at.text,
        )
        return ""
    return str(compared)


def _weight(
    conversion: Conversion, sku: Sku, row: SourceRow, failures: list[CellFailure]
) -> tuple[str, str, dict[str, tuple[str, str]] | None]:
    """Weight and unit as the wire has them; 0 is not known."""
    cell = sku.weight
    if cell is None or _is_blank(conversion, cell, row):
        return "", "", None
    try:
        mark = cell.mark or conversion.decimal_mark(cell.column, cell.text, row, ColumnKind.WEIGHT)
        text, told = _told_weight(cell.text, sku.weight_unit, mark)
    except ValueRefused as refused:
        failures.append(CellFailure.of("weight", cell.column, cell.text, refused.message))
        return "", "", None
    return text, told, None if text in ("", cell.text) else {"weight": (cell.column, cell.text)}


@lru_cache(20_000)
def _told_weight(text: str, unit: str, mark: DecimalMark | None) -> tuple[str, str]:
    try:
        value = number_of(text, mark)
        told, factor = WEIGHT_UNITS[unit]
        value *= factor
    except ValueRefused:
        spelled = weight_of(text, mark, unit)
        if spelled is None or spelled[1] is None:
            raise
        value, told = Decimal(spelled[0]), spelled[1]
    if value < 0:
        raise ValueRefused(message(ErrorCode.TOO_SMALL, 0))
    return (plain(value), told) if value else ("", "")


def barcode_of(conversion: Conversion, cell: str, row: SourceRow) -> str:
    """A barcode; "" for one whose last digits a spreadsheet program has cut off."""
    text = unprotected(cell)
    if is_scientific(text):
        conversion.tell(
            "barcodes_scientific",
            "{count} rows have a barcode that a spreadsheet has made a number of: it is left out",
            row,
            hint="format the column as text, and enter these codes again",
            cell=cell,
        )
        return ""
    return text


def compact(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that say something: without blank texts and empty lists and mappings."""
    return {
        name: value
        for name, value in values.items()
        if value or (value is not None and not isinstance(value, str | list | tuple | Mapping))
    }
