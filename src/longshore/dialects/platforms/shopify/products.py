"""The product file of Shopify, with the columns of old and those of the template of 2025.

Facts: UTF-8, comma, CRLF. The rows of one handle are a product; the first has its title, text, tags
and the names of its options, which the others leave blank. Each row with a price or the value of an
option is a variant. Rows may have an image of the product besides, which is not that of their
variant; a row with an image alone is no variant. A product without options has one called `Title`
with the value `Default Title`. Weights are grams, whatever unit is shown. No column says which
currency prices are in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, Signature
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
from longshore.dialects.platforms.shopify.exported import EXPORT
from longshore.dialects.texts import (
    DEFAULT_VALUE,
    full_name,
    is_false,
    is_true,
    made_code,
    slug,
    unprotected,
)
from longshore.error_codes import ErrorCode

_ACTIVE = "active"
_NO_POSITION = 1_000_000  # behind all images that have one


class _Columns:
    """The columns of a file, by the names of old and those of the template of 2025."""

    def __init__(self, header: Header) -> None:
        column = header.column
        self.handle = column("Handle", "URL handle")
        self.title = column("Title")
        self.body = column("Body (HTML)", "Description")
        self.vendor = column("Vendor")
        self.type = column("Type")
        self.category = column("Product Category")
        self.tags = column("Tags")
        self.published = column("Published", "Published on online store")
        self.status = column("Status")
        self.gift_card = column("Gift Card")
        self.option_names = [column(f"Option{number} Name") for number in (1, 2, 3)]
        self.option_values = [column(f"Option{number} Value") for number in (1, 2, 3)]
        self.sku = column("Variant SKU", "SKU")
        self.grams = column("Variant Grams", "Weight value (grams)")
        self.tracker = column("Variant Inventory Tracker", "Inventory tracker")
        self.quantity = column("Variant Inventory Qty", "Inventory quantity")
        self.policy = column("Variant Inventory Policy", "Continue selling when out of stock")
        self.price = column("Variant Price", "Price")
        self.compare_at = column("Variant Compare At Price", "Compare-at price")
        self.ships = column("Variant Requires Shipping", "Requires shipping")
        self.taxable = column("Variant Taxable", "Charge tax")
        self.tax_code = column("Variant Tax Code", "Tax code")
        self.cost = column("Cost per item")
        self.barcode = column("Variant Barcode", "Barcode")
        self.image = column("Image Src", "Product image URL")
        self.position = column("Image Position")
        self.variant_image = column("Variant Image", "Variant image URL")
        self.markets = [
            _Market(name, price, column(f"Compare At Price / {name}"), column(f"Included / {name}"))
            for price, name in header.starting_with("Price /")
        ]

    def key(self, row: SourceRow) -> str:
        """What rows of one product have in common; Shopify makes a missing handle of the title."""
        return self.handle(row) or slug(self.title(row))

    def is_variant(self, row: SourceRow) -> bool:
        return bool(self.price(row) or self.option_values[0](row) or self.sku(row))


@dataclass(frozen=True, slots=True)
class _Market:
    """What a shop with markets says of one of them."""

    name: str
    price: Column
    compare_at: Column
    included: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class _Product:
    """What all variants of a product have in common."""

    handle: str
    title: str
    body: str
    option_names: Sequence[str]
    images: Sequence[str]  # in their order
    tags: Sequence[str]
    status: str
    is_gift_card: bool
    metadata: dict[str, Any]
    rest: dict[str, str]


def _convert(conversion: Conversion) -> None:
    columns = _Columns(conversion.header)
    for rows in grouped_rows(conversion, columns.key, "product"):
        variants = [row for row in rows if columns.is_variant(row)]
        if not variants:
            variants = [row for row in rows if columns.title(row)][:1]
        if not variants:
            for row in rows:
                _leave_out(conversion, columns, row)
            continue
        product = _product_of(conversion, columns, rows)
        for row in variants:
            _emit_variant(conversion, columns, product, row)


def _leave_out(conversion: Conversion, columns: _Columns, row: SourceRow) -> None:
    """Say why a row makes nothing whose product has neither a title nor a variant."""
    if columns.image(row):
        conversion.leave_out("images of products that the file does not have", row)
    elif sum(map(bool, map(str.strip, row.cells))) == 1:
        conversion.leave_out("notes", row)  # the template ends in one
    else:
        conversion.leave_out("neither a variant nor an image", row)


def _product_of(conversion: Conversion, columns: _Columns, rows: Sequence[SourceRow]) -> _Product:
    def first(column: Column) -> str:
        if cell := column(head):
            return cell
        return next((cell for row in rows if (cell := column(row))), "") if column else ""

    head = next(filter(columns.title, rows), rows[0])
    title, handle = first(columns.title), columns.key(rows[0])
    for row in rows[1:]:
        if (other := columns.title(row)) and other != title:
            conversion.tell(
                "titles_differ",
                "{count} rows have another title than the first one of their handle",
                row,
                handle=handle,
                title=other,
            )
    images = sorted(
        (_position(columns.position(row)), row.number, image)
        for row in rows
        if (image := columns.image(row))
    )
    described = {
        "handle": handle,
        "title": title,
        "vendor": first(columns.vendor),
        "type": first(columns.type),
        "category": first(columns.category),
    }
    rest: dict[str, str] = {}
    for row in rows:
        rest = {**conversion.rest(row), **rest}
    return _Product(
        handle=handle,
        title=title,
        body=first(columns.body),
        option_names=[first(column) for column in columns.option_names],
        images=list(dict.fromkeys(image for _, _, image in images)),
        tags=first(columns.tags).split(","),
        status=_status(first(columns.status).lower(), first(columns.published)),
        is_gift_card=is_true(first(columns.gift_card)),
        metadata=compact(described),
        rest=rest,
    )


def _position(cell: str) -> int:
    return int(cell) if cell.isascii() and cell.isdigit() else _NO_POSITION


def _status(status: str, published: str) -> str:
    """`active`, `draft`, `archived`, or `unpublished` for what is active and nowhere on sale."""
    if status not in ("", _ACTIVE) or not published:
        return status
    return "unpublished" if is_false(published) else _ACTIVE


def _emit_variant(
    conversion: Conversion, columns: _Columns, product: _Product, row: SourceRow
) -> None:
    if conversion.options.only_active and product.status not in ("", _ACTIVE):
        conversion.leave_out(f"{product.status} products", row)
        return
    values = [column(row) for column in columns.option_values]
    given = unprotected(columns.sku(row))
    code = given or made_code(product.handle, values)
    failures: list[CellFailure] = []
    title = columns.title(row) or product.title
    own_image = columns.variant_image(row)
    image = own_image or next(iter(product.images), "")
    sku = Sku(
        code=code,
        is_made=not given,
        code_column=columns.sku.name if given else columns.handle.name,
        # The row of a product that only the store knows leaves what it does not say itself.
        name=full_name(title, values) if title else "",
        description=product.body,
        image_url=image,
        images=[each for each in product.images if each != image],
        weight=Cell(columns.grams.name, columns.grams(row)),
        do_not_ship=_is_not_shipped(columns, product, row, failures),
        do_not_track=_is_not_tracked(conversion, columns, row, failures),
        reference=product.handle,
        reference_origin="shopify",
        tags=product.tags,
        metadata=_metadata(conversion, columns, product, row, values) if title else {},
        failures=failures,
    )
    if not emit_sku(conversion, sku, row):
        return
    price = Cell(columns.price.name, columns.price(row))
    if price:
        emit_price(
            conversion,
            code,
            price,
            row,
            currency=conversion.targets.currency,
            compare_at=Cell(columns.compare_at.name, columns.compare_at(row)),
        )
    for market in columns.markets:
        _emit_market_price(conversion, market, code, row)
    emit_stock_item(conversion, code, Cell(columns.quantity.name, columns.quantity(row)), row)


def _metadata(
    conversion: Conversion,
    columns: _Columns,
    product: _Product,
    row: SourceRow,
    values: Sequence[str],
) -> dict[str, Any]:
    names = (name or f"Option{number}" for number, name in enumerate(product.option_names, start=1))
    options = {
        name: value
        for name, value in zip(names, values, strict=True)
        if value and value != DEFAULT_VALUE
    }
    known = {
        "options": options,
        "product": product.metadata,
        "barcode": barcode_of(conversion, columns.barcode(row), row),
        "status": product.status,
        "taxable": columns.taxable(row).lower(),
        "tax_code": columns.tax_code(row),
        "cost_per_item": columns.cost(row),
    }
    return compact({**product.rest, **known})


def _is_not_shipped(
    columns: _Columns, product: _Product, row: SourceRow, failures: list[CellFailure]
) -> bool | None:
    if product.is_gift_card:
        return True
    ships = columns.ships(row)
    if is_false(ships):
        return True
    if ships and not is_true(ships):
        failures.append(_unknown_word("do_not_ship", columns.ships, ships, "true or false"))
    return False if columns.ships or columns.gift_card else None


def _is_not_tracked(
    conversion: Conversion, columns: _Columns, row: SourceRow, failures: list[CellFailure]
) -> bool | None:
    """Whether no stock is counted, or what is out of stock is sold all the same."""
    policy = columns.policy(row)
    is_sold_always = policy.lower() == "continue" or is_true(policy)
    if policy and not is_sold_always and policy.lower() != "deny" and not is_false(policy):
        failures.append(_unknown_word("do_not_track", columns.policy, policy, "deny or continue"))
    if columns.tracker and not columns.tracker(row):
        return True
    if is_sold_always:
        tell_sold_without_stock(conversion, row)
        return True
    return False if columns.tracker or columns.policy else None


def _unknown_word(field: str, column: Column, cell: str, expected: str) -> CellFailure:
    return CellFailure(field, column.name, cell, ErrorCode.OTHER_TYPE, (expected,))


def _emit_market_price(conversion: Conversion, market: _Market, code: str, row: SourceRow) -> None:
    amount = Cell(market.price.name, market.price(row))
    if not amount or is_false(market.included(row)):
        return
    price_list = conversion.targets.price_list_called(market.name)
    currency = conversion.targets.currency_of(market.name)
    if price_list is None or currency is None:
        conversion.tell(
            f"market:{market.name}",
            "{count} prices of the market " + market.name + " are left out",
            row,
            hint=f'--market "{market.name}=CODE" puts them into the price list CODE',
        )
        return
    emit_price(
        conversion,
        code,
        amount,
        row,
        currency=currency,
        compare_at=Cell(market.compare_at.name, market.compare_at(row)),
        price_list=price_list,
    )


def _numbered(*forms: str) -> Iterator[str]:
    return (form.format(number) for form in forms for number in (1, 2, 3))


DIALECT = Dialect(
    name="shopify",
    platform="shopify",
    title="Shopify products",
    made_from="the product CSV of 2026, its columns of old and those of the template of 2025",
    signatures=(
        Signature.of("Handle", "Title", "Variant Price"),
        Signature.of("URL handle", "Title", "Price", "Option1 name"),
    ),
    fields=GOODS_FIELDS,
    sources={
        "skus": {
            "code": ("Variant SKU", "SKU"),
            "name": ("Title",),
            "description": ("Body (HTML)", "Description"),
            "image_url": ("Variant Image", "Variant image URL", "Image Src", "Product image URL"),
            "weight": ("Variant Grams", "Weight value (grams)"),
            "do_not_ship": ("Variant Requires Shipping", "Requires shipping"),
            "do_not_track": ("Variant Inventory Tracker", "Inventory tracker"),
            "reference": ("Handle", "URL handle"),
            "tags": ("Tags",),
        },
        "prices": {
            "sku_code": ("Variant SKU", "SKU"),
            "amount_cents": ("Variant Price", "Price"),
            "compare_at_amount_cents": ("Variant Compare At Price", "Compare-at price"),
        },
        "stock_items": {
            "sku_code": ("Variant SKU", "SKU"),
            "quantity": ("Variant Inventory Qty", "Inventory quantity"),
        },
    },
    known=(
        *("Vendor", "Type", "Product Category", "Published", "Published on online store"),
        *("Status", "Gift Card", "Image Src", "Product image URL", "Image Position"),
        *_numbered("Option{} Name", "Option{} Value", "Option{} Linked To"),
        *("Variant Inventory Policy", "Continue selling when out of stock"),
        *("Variant Weight Unit", "Weight unit for display"),
        *("Variant Barcode", "Barcode", "Variant Tax Code", "Tax code"),
        *("Variant Taxable", "Charge tax", "Cost per item"),
        *("Price /*", "Compare At Price /*", "Included /*"),
    ),
    export=EXPORT,
    options=GOODS_OPTIONS | {"markets"},
    convert=_convert,
)
