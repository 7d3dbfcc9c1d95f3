"""Magento's file of how much of each SKU is at which source.

Facts: a source is known by its code; `status` 0 takes a SKU out of stock there whatever its
quantity is.
"""

from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import (
    STOCK_ITEM_FIELDS,
    Cell,
    emit_stock_item,
)
from longshore.error_codes import ErrorCode


def _convert(conversion: Conversion) -> None:
    column = conversion.header.column
    source, sku, status = column("source_code"), column("sku"), column("status")
    quantity = column("quantity")
    # The one source of a shop may be the location that was asked for, whatever its name is.
    sources = {source(row) for row in conversion.peeked_rows() if source(row)}
    is_asked = conversion.options.stock_location is not None and len(sources) <= 1
    for row in conversion.rows():
        if row.is_blank:
            continue
        if not sku(row):
            conversion.fail_row(row, sku.name, "", ErrorCode.BLANK)
            continue
        cell = Cell(quantity.name, quantity(row))
        location = None if is_asked else Cell(source.name, source(row))
        emit_stock_item(conversion, sku(row), cell, row, location=location)
        if status(row) == "0" and cell:
            conversion.tell(
                "out_of_stock",
                "{count} rows are out of stock by status 0, and have a quantity: that counts",
                row,
            )


DIALECT = Dialect(
    name="magento-sources",
    platform="magento",
    title="Magento stock sources",
    made_from="Magento 2.4",
    signatures=(HeaderSignature.of("source_code", "sku", "status", "quantity"),),
    fields={"stock_items": STOCK_ITEM_FIELDS},
    sources={
        "stock_items": {
            "stock_location.code": ("source_code",),
            "sku_code": ("sku",),
            "quantity": ("quantity",),
        }
    },
    known=("status",),
    options=frozenset(("stock_location", "decimal")),
    convert=_convert,
)
