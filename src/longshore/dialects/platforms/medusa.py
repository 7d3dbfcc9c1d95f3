"""Medusa's files of products, of its versions 2 and 1, and the price lists of version 1.

Facts: commas or semicolons; a row is a variant, and those of one handle repeat their product.
Amounts are units of their currency, which the name of the column has: `Variant Price EUR`; of a
region it is `Variant Price NAME [EUR]`. Version 1 has no `Variant` before prices and options, lists
of tags in one cell, quantities, and texts in which `\\n` stands for the end of a line; people add
quantities to files of version 2. A product without options has one that Medusa calls `Default
option`. No unit stands beside weights: they are taken for grams.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from longshore.dialects.amounts import has_currency
from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import (
    GOODS_FIELDS,
    GOODS_OPTIONS,
    Cell,
    Sku,
    barcode_of,
    compact,
    emit_price,
    emit_sku,
    emit_stock_item,
    tell_sold_without_stock,
)
from longshore.dialects.grouped_rows import grouped_rows
from longshore.dialects.header import Column, Header, SourceRow
from longshore.dialects.texts import full_name, is_false, is_true, made_code
from longshore.error_codes import ErrorCode

_ORIGIN = "medusa"
_REGIONAL = re.compile(r"(?P<name>.*\S)\s*\[\s*(?P<currency>[^\]\s]+)\s*\]")
_DEFAULTS = frozenset(("default option value", "default variant", "default value"))


class _PriceColumn(NamedTuple):
    """A column of prices."""

    column: Column
    currency: str | None  # None: the name of the column has none that is known
    region: str  # "": of all


class _File:
    """The columns of a file of products, of either version."""

    def __init__(self, header: Header) -> None:
        column = header.column
        self.handle = column("Product Handle")
        self.title = column("Product Title")
        self.description = column("Product Description")
        self.status = column("Product Status")
        self.images = [
            column("Product Thumbnail"),
            *_numbered(header, r"Product Image \d+"),
            *_numbered(header, r"Image \d+ Url"),
        ]
        self.gift_card = column("Product Is Giftcard")
        self.tags = [column("Product Tags"), *_numbered(header, r"Product Tag \d+")]
        self.hs_code = column("Variant Hs Code")
        self.hs_code_of_product = column("Product Hs Code")
        self.weight = column("Variant Weight")
        self.weight_of_product = column("Product Weight")
        self.sku = column("Variant Sku")
        self.variant_title = column("Variant Title")
        self.barcodes = {name: column(f"Variant {name}") for name in ("barcode", "ean", "upc")}
        self.manages = column("Variant Manage Inventory")
        self.backorders = column("Variant Allow Backorder")
        self.quantity = column("Variant Inventory Quantity")
        self.id = column("Variant Id")
        self.id_of_product = column("Product Id")
        self.product = {
            "subtitle": column("Product Subtitle"),
            "collection": column("Product Collection Title", "Product Collection Id"),
            "type": column("Product Type", "Product Type Id"),
            "material": column("Product Material"),
        }
        self.categories = list(_numbered(header, r"Product Category \d+"))
        self.material = column("Variant Material")
        self.options = [
            (name, column(f"{name.name[: -len('name')]}value"))
            for name in _numbered(header, r"(?:Variant )?Option \d+ Name")
        ]
        self.prices = _price_columns(header, ("Variant Price ", "Price "))


def _convert_products(conversion: Conversion) -> None:
    file = _File(conversion.header)
    for rows in grouped_rows(conversion, file.handle, "product"):
        rows = [row for row in rows if not row.is_blank]
        for row in rows:
            if _is_left_out(conversion, _first(file.status, rows), row):
                continue
            sku = _sku(conversion, file, rows, row)
            if emit_sku(conversion, sku, row) and sku.code:
                for price in file.prices:
                    _emit_price(conversion, sku.code, price, row)
                if not is_false(file.manages(row)):
                    quantity = Cell(file.quantity.name, file.quantity(row))
                    emit_stock_item(conversion, sku.code, quantity, row)


def _sku(conversion: Conversion, file: _File, rows: Sequence[SourceRow], row: SourceRow) -> Sku:
    options = {name(row): value(row) for name, value in file.options if name(row) and value(row)}
    options = {name: value for name, value in options.items() if not _is_default(value)}
    titles = [file.variant_title(row)]
    categories = [text for each in file.categories if (text := _first(each, rows))]
    handle, sku_code = file.handle(row), file.sku(row)
    image, images = conversion.targets.images(_images(file, rows))
    weight = Cell(file.weight.name, file.weight(row)) or Cell(
        file.weight_of_product.name, _first(file.weight_of_product, rows)
    )
    ids = {"product": _first(file.id_of_product, rows), "variant": file.id(row)}
    codes = {name: barcode_of(conversion, cell(row), row) for name, cell in file.barcodes.items()}
    return Sku(
        code=sku_code or (made_code(handle, list(options.values())) if handle else ""),
        code_column=file.sku.name,
        is_made=not sku_code,
        name=full_name(
            _first(file.title, rows), [each for each in titles if not _is_default(each)]
        ),
        description=_first(file.description, rows).replace("\\n", "\n"),
        image_url=image,
        images=images,
        weight=weight,
        weight_unit=conversion.targets.weight_unit("g"),
        hs_tariff_number=file.hs_code(row) or _first(file.hs_code_of_product, rows),
        do_not_ship=True if is_true(_first(file.gift_card, rows)) else None,
        do_not_track=_is_not_tracked(conversion, file, row),
        reference=handle,
        reference_origin=_ORIGIN,
        tags=[tag for each in file.tags for tag in _first(each, rows).split(",")],
        metadata=compact(
            {
                "options": options,
                "product": compact(
                    {
                        "handle": handle,
                        "title": _first(file.title, rows),
                        **{name: _first(each, rows) for name, each in file.product.items()},
                        "categories": categories,
                    }
                ),
                "barcode": next(filter(None, codes.values()), ""),
                "ean": codes["ean"],
                "upc": codes["upc"],
                "material": file.material(row),
                "ids": compact(ids),
                "status": _first(file.status, rows),
            }
        ),
    )


def _is_not_tracked(conversion: Conversion, file: _File, row: SourceRow) -> bool | None:
    manages, backorders = file.manages(row), file.backorders(row)
    if is_false(manages):
        return True
    if is_true(backorders):
        tell_sold_without_stock(conversion, row)
        return True
    return False if manages or backorders else None


def _images(file: _File, rows: Sequence[SourceRow]) -> list[str]:
    images = (_first(each, rows) for each in file.images)
    return list(dict.fromkeys(filter(None, images)))


def _is_left_out(conversion: Conversion, status: str, row: SourceRow) -> bool:
    if conversion.options.only_active and status and status.casefold() != "published":
        conversion.leave_out("not active", row)
        return True
    return False


def _is_default(value: str) -> bool:
    return value.casefold() in _DEFAULTS


def _first(column: Column, rows: Sequence[SourceRow]) -> str:
    """What the first of a product's rows says that says it: a later one may leave it blank."""
    return next((text for row in rows if (text := column(row))), "")


# Prices


def _convert_prices(conversion: Conversion) -> None:
    sku = conversion.header.column("SKU")
    prices = _price_columns(conversion.header, ("Price ",))
    for row in conversion.rows():
        if row.is_blank:
            continue
        code = sku(row)
        if not code:
            conversion.fail_row(row, sku.name, "", ErrorCode.BLANK)
            conversion.tell(
                "variants_by_id",
                "{count} rows have no SKU: Medusa's ids of variants say nothing here",
                row,
                hint="give the variants SKUs in Medusa, and export again",
            )
            continue
        for price in prices:
            _emit_price(conversion, code, price, row)


def _price_columns(header: Header, starts: Sequence[str]) -> list[_PriceColumn]:
    found = []
    for start in starts:
        for column, name in header.starting_with(start):
            regional = _REGIONAL.fullmatch(name)
            currency = regional["currency"] if regional else name
            found.append(
                _PriceColumn(
                    column,
                    currency.upper() if has_currency(currency) else None,
                    regional["name"] if regional else "",
                )
            )
    return found


def _emit_price(conversion: Conversion, code: str, price: _PriceColumn, row: SourceRow) -> None:
    cell = Cell(price.column.name, price.column(row))
    if not cell:
        return
    price_list = None
    if price.currency is not None and price.region:
        price_list = conversion.targets.price_list_called(price.region, currency=price.currency)
        if price_list is None:
            conversion.tell(
                f"regional_prices:{cell.column}",
                "{count} prices of a region are left out: those of the column " + cell.column,
                row,
                hint=f"--price-list '{price.region}=CODE' has them imported",
            )
            return
    emit_price(conversion, code, cell, row, currency=price.currency, price_list=price_list)


def _numbered(header: Header, pattern: str) -> Iterator[Column]:
    """The columns whose names fit, in the order of the file."""
    fits = re.compile(pattern, re.IGNORECASE).fullmatch
    return (Column(name, index) for index, name in enumerate(header.names) if fits(name.strip()))


_SKU_SOURCES = {
    "code": ("Variant Sku",),
    "name": ("Product Title",),
    "description": ("Product Description",),
    "image_url": ("Product Thumbnail", "Product Image 1", "Image 1 Url"),
    "weight": ("Variant Weight", "Product Weight"),
    "hs_tariff_number": ("Variant Hs Code", "Product Hs Code"),
    "do_not_ship": ("Product Is Giftcard",),
    "do_not_track": ("Variant Manage Inventory",),
    "reference": ("Product Handle",),
    "tags": ("Product Tags", "Product Tag 1"),
}
_STOCK_SOURCES = {
    "sku_code": ("Variant Sku",),
    "quantity": ("Variant Inventory Quantity",),
}
_KNOWN = (
    *("Product Id", "Variant Id", "Variant Title", "Product Status", "Variant Allow Backorder"),
    *("Product Subtitle", "Product Type", "Product Material", "Variant Material"),
    *("Product Collection Title", "Variant Barcode", "Variant Ean", "Variant Upc"),
)
_OPTIONS = GOODS_OPTIONS | {"weight_unit", "image_base"}

_PRODUCTS = Dialect(
    name="medusa",
    platform=_ORIGIN,
    title="Medusa products",
    made_from="the exporter and importer of Medusa 2.8",
    signatures=(HeaderSignature.of("Product Handle", "Variant Sku"),),
    fields=GOODS_FIELDS,
    sources={
        "skus": _SKU_SOURCES,
        "prices": {"sku_code": ("Variant Sku",), "amount_cents": ("Variant Price *",)},
        "stock_items": _STOCK_SOURCES,
    },
    known=(
        *(*_KNOWN, "Product Image *", "Product Tag *", "Product Category *"),
        *("Product Collection Id", "Product Type Id", "Variant Option *"),
    ),
    options=_OPTIONS,
    convert=_convert_products,
)
_PRODUCTS_V1 = Dialect(
    name="medusa-v1",
    platform=_ORIGIN,
    title="Medusa products, version 1",
    made_from="the export and import of products of Medusa 1.20",
    signatures=(HeaderSignature.of("Product Handle", "Variant SKU", ("Option 1 Name", "Price *")),),
    fields=GOODS_FIELDS,
    sources={
        "skus": _SKU_SOURCES,
        "prices": {"sku_code": ("Variant SKU",), "amount_cents": ("Price *",)},
        "stock_items": _STOCK_SOURCES,
    },
    known=(*_KNOWN, "Image *", "Option *"),
    options=_OPTIONS,
    convert=_convert_products,
)
_PRICES = Dialect(
    name="medusa-prices",
    platform=_ORIGIN,
    title="Medusa price list",
    made_from="the import of price lists of Medusa 1.20",
    signatures=(HeaderSignature.of("Product Variant ID", "SKU", "Price *"),),
    fields={name: GOODS_FIELDS[name] for name in ("prices", "price_lists")},
    sources={"prices": {"sku_code": ("SKU",), "amount_cents": ("Price *",)}},
    known=("Product Variant ID",),
    options=frozenset(("price_lists", "rounds", "decimal")),
    convert=_convert_prices,
)
DIALECTS = (_PRODUCTS, _PRODUCTS_V1, _PRICES)
