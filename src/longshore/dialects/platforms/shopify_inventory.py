"""Shopify's file of how much of each variant is at which location.

Facts: a row is a variant at one location, with what is on hand: as it is, and as it is to be, which
is blank until somebody enters it. `not stocked` is no quantity. In older files a row is a variant,
and each column behind `COO` is a location. Variants without a SKU are known by the handle of their
product and the values of their options.
"""

from collections.abc import Iterator, Sequence

from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import STOCK_ITEM_FIELDS, Cell, emit_stock_item
from longshore.dialects.header import Column, SourceRow
from longshore.dialects.texts import made_code, unprotected
from longshore.error_codes import ErrorCode

_ON_HAND = (
    "On hand (new)",
    "On hand (current)",
    "On hand",
    "Available",
    "Available (not editable)",
)
_NOT_STOCKED = "not stocked"
_LAST_BEFORE_LOCATIONS = "COO"


def _convert(conversion: Conversion) -> None:
    header = conversion.header
    handle, sku = header.column("Handle"), header.column("SKU")
    values = [header.column(f"Option{number} Value") for number in (1, 2, 3)]
    location = header.column("Location")
    on_hand = [column for name in _ON_HAND if (column := header.column(name))]
    locations = [] if location else _locations(conversion)
    is_asked = conversion.options.stock_location is not None and _has_one(
        conversion, location, locations
    )
    for row in conversion.rows():
        code = unprotected(sku(row)) or made_code(handle(row), [value(row) for value in values])
        if not code:
            conversion.fail_row(row, sku.name, "", ErrorCode.BLANK)
            continue
        for where, cell in _quantities(location, on_hand, locations, row):
            if cell.text.lower() == _NOT_STOCKED:
                continue
            emit_stock_item(conversion, code, cell, row, location=None if is_asked else where)


def _locations(conversion: Conversion) -> list[Column]:
    """The columns of an older file that are called as locations are."""
    header = conversion.header
    last = header.column(_LAST_BEFORE_LOCATIONS).index
    assert last is not None, "the file was recognised by it"
    return [header.column(name) for name in header.names[last + 1 :] if name.strip()]


def _has_one(conversion: Conversion, location: Column, locations: Sequence[Column]) -> bool:
    """Whether all that is in stock is in one place, which may be called otherwise here."""
    if not location:
        return len(locations) <= 1
    first = ""
    for row in conversion.peeked_rows():
        name = location(row)
        if first and name and name != first:
            return False
        first = first or name
    return True


def _quantities(
    location: Column, on_hand: Sequence[Column], locations: Sequence[Column], row: SourceRow
) -> Iterator[tuple[Cell, Cell]]:
    """Where a variant is, and how much of it."""
    for column in locations:
        yield Cell(column.name, column.name.strip()), Cell(column.name, column(row))
    if not locations:
        found = next((column for column in on_hand if column(row)), None)
        if found is not None:
            yield Cell(location.name, location(row)), Cell(found.name, found(row))


DIALECT = Dialect(
    name="shopify-inventory",
    platform="shopify",
    title="Shopify inventory",
    made_from="the inventory CSV of 2026, and that of 2021 with a column for each location",
    signatures=(
        HeaderSignature.of("Handle", "SKU", "Location", _ON_HAND),
        HeaderSignature.of("Handle", "SKU", "Option1 Value", _LAST_BEFORE_LOCATIONS),
    ),
    fields={"stock_items": STOCK_ITEM_FIELDS},
    sources={
        "stock_items": {
            "stock_location.code": ("Location",),
            "sku_code": ("SKU", "Handle"),
            "quantity": _ON_HAND,
        }
    },
    known=(
        *("Title", "Option1 Name", "Option2 Name", "Option3 Name", "Option1 Value"),
        *("Option2 Value", "Option3 Value", "Handle", "SKU", "Location", *_ON_HAND),
        *("Incoming*", "Unavailable*", "Committed*"),
    ),
    options=frozenset(("stock_location", "decimal")),
    convert=_convert,
)
