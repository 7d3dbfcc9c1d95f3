"""Rows of Shopify's file of products, together with the others of their product, as records."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.conversion import Conversion
from longshore.dialects.goods import (
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
from longshore.dialects.header import Column, SourceRow, cells_of
from longshore.dialects.platforms.shopify.grams import shown_weight
from longshore.dialects.platforms.shopify.product_columns import (
    MANUAL,
    ORIGIN,
    GoodsCells,
    GoodsColumns,
    Market,
)
from longshore.dialects.texts import (
    DEFAULT_VALUE,
    full_name,
    is_false,
    is_true,
    made_code,
    unprotected,
)
from longshore.error_codes import ErrorCode

_ACTIVE = "active"
_POSITION = re.compile(r"0{0,9}[0-9]{1,6}", re.ASCII)
_NOTE = re.compile(r"note\s*:", re.IGNORECASE)
_NO_POSITION = 1_000_000  # behind all images that have one


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
    is_own: bool  # its SKUs are the store's, which knows of them what a file of Shopify cannot say
    metadata: dict[str, Any]
    rest: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row, and its cells by their meaning."""

    row: SourceRow
    cells: GoodsCells


def convert(conversion: Conversion) -> None:
    """Write the records of all rows."""
    columns = GoodsColumns(conversion.header)
    read = cells_of(
        [getattr(columns, name) for name in GoodsCells._fields], len(conversion.header.names)
    )
    for group in grouped_rows(conversion, columns.key, "product"):
        rows = [_Row(row, GoodsCells._make(read(row))) for row in group]
        variants = [each for each in rows if each.cells.is_variant]
        if not variants:
            variants = [each for each in rows if each.cells.title and not _is_note(each)][:1]
        if not variants:
            for each in rows:
                _leave_out(conversion, each)
            continue
        product = _product_of(conversion, columns, rows)
        for each in variants:
            _emit_variant(conversion, columns, product, each)


def _leave_out(conversion: Conversion, each: _Row) -> None:
    """Say why a row makes nothing whose product has neither a title nor a variant."""
    if each.cells.image:
        conversion.leave_out("images of products that the file does not have", each.row)
    elif _is_alone(each):
        conversion.leave_out("notes", each.row)
    else:
        conversion.leave_out("neither a variant nor an image", each.row)


def _is_note(each: _Row) -> bool:
    """Whether the title of a row is no product's: the template ends in `Note: Red column is
    required`, which stands under the title where that is the first column."""
    return _NOTE.match(each.cells.title) is not None and _is_alone(each)


def _is_alone(each: _Row) -> bool:
    """Whether a row has one cell that holds anything."""
    return sum(map(bool, map(str.strip, each.row.cells))) == 1


def _product_of(conversion: Conversion, columns: GoodsColumns, rows: Sequence[_Row]) -> _Product:
    first = next((each for each in rows if each.cells.title), rows[0])
    head = first.cells.or_those([each.cells for each in rows])
    handle = columns.handle_of(rows[0].row)
    for each in rows[1:]:
        if each.cells.title and each.cells.title != head.title:
            conversion.tell(
                "titles_differ",
                "{count} rows have another title than the first one of their handle",
                each.row,
                handle=handle,
                title=each.cells.title,
            )
    images = sorted(
        (_position(each.cells.position), each.row.number, each.cells.image)
        for each in rows
        if each.cells.image
    )
    rest: dict[str, str] = {}
    for each in rows:
        rest = {**conversion.rest(each.row), **rest}
    return _Product(
        handle=handle,
        title=_whole(columns.title, rows) if head.own else head.title,
        body=_whole(columns.body, rows) if head.own else head.body,
        is_own=bool(head.own),
        option_names=[
            name or f"Option{number}"
            for number, name in enumerate(
                (head.option1_name, head.option2_name, head.option3_name), start=1
            )
        ],
        images=list(dict.fromkeys(image for _, _, image in images)),
        tags=head.tags.split(",") if head.tags else (),
        status=_status(head.status.lower(), head.published),
        is_gift_card=is_true(head.gift_card),
        metadata=compact(
            {
                "handle": handle,
                "title": head.title,
                "vendor": head.vendor,
                "type": head.type,
                "category": head.category,
            }
        ),
        rest=rest,
    )


def _whole(column: Column, rows: Sequence[_Row]) -> str:
    """The first cell that holds anything, with the blanks around it."""
    filled = (each.row.cells for each in rows if column(each.row))
    return next((str(cells[column.index or 0]) for cells in filled), "")


def _position(cell: str) -> int:
    return int(cell) if _POSITION.fullmatch(cell) else _NO_POSITION


def _status(status: str, published: str) -> str:
    """`active`, `draft`, `archived`, or `unpublished` for what is active and nowhere on sale."""
    if status not in ("", _ACTIVE) or not published:
        return status
    return "unpublished" if is_false(published) else _ACTIVE


def _emit_variant(
    conversion: Conversion, columns: GoodsColumns, product: _Product, each: _Row
) -> None:
    row, cells = each.row, each.cells
    if conversion.options.only_active and product.status not in ("", _ACTIVE):
        conversion.leave_out(f"{product.status} products", row)
        return
    values = (cells.option1_value, cells.option2_value, cells.option3_value)
    given = unprotected(cells.sku)
    code = given or made_code(product.handle, values)
    failures: list[CellFailure] = []
    title = product.title if product.is_own else cells.title or product.title
    shared = "" if product.is_own or not product.images else product.images[0]
    image = cells.variant_image or shared
    # Grams are what counts, whatever unit is shown, unless they are exactly a weight in it.
    weight, unit = shown_weight(cells.grams, cells.shown_unit) or (cells.grams, "gr")
    sku = Sku(
        code=code,
        is_made=not given,
        code_column=columns.sku.name if given else columns.handle.name,
        # The row of a product that only the store knows leaves what it does not say itself.
        name=full_name(title, values) if title else "",
        description=product.body,
        image_url=image,
        images=[] if product.is_own else [each for each in product.images if each != image],
        weight=Cell(columns.grams.name, weight),
        weight_unit=unit,
        do_not_ship=_is_not_shipped(columns, product, cells, failures),
        do_not_track=_is_not_tracked(conversion, columns, each, failures),
        reference="" if product.is_own else product.handle,
        reference_origin="" if product.is_own else ORIGIN,
        tags=product.tags,
        has_wire_tags=product.is_own,
        metadata=_metadata(conversion, product, each, values) if title else {},
        failures=failures,
    )
    if not emit_sku(conversion, sku, row):
        return
    if cells.price:
        emit_price(
            conversion,
            code,
            Cell(columns.price.name, cells.price),
            row,
            currency=conversion.targets.currency,
            compare_at=Cell(columns.compare_at.name, cells.compare_at),
        )
    for market in columns.markets:
        _emit_market_price(conversion, market, code, row)
    if cells.quantity:
        emit_stock_item(conversion, code, Cell(columns.quantity.name, cells.quantity), row)


def _metadata(
    conversion: Conversion, product: _Product, each: _Row, values: Sequence[str]
) -> dict[str, Any]:
    cells = each.cells
    options = {
        name: value
        for name, value in zip(product.option_names, values, strict=True)
        if value and value != DEFAULT_VALUE
    }
    known = {
        "options": {} if product.is_own else options,
        "product": {} if product.is_own else product.metadata,
        "barcode": barcode_of(conversion, cells.barcode, each.row) if cells.barcode else "",
        "status": product.status,
        "taxable": cells.taxable.lower(),
        "tax_code": cells.tax_code,
        "cost_per_item": cells.cost,
        "fulfillment_service": "" if cells.fulfillment.lower() == MANUAL else cells.fulfillment,
    }
    return compact({**product.rest, **known} if product.rest else known)


def _is_not_shipped(
    columns: GoodsColumns, product: _Product, cells: GoodsCells, failures: list[CellFailure]
) -> bool | None:
    if product.is_gift_card:
        return True
    ships = cells.ships
    if is_false(ships):
        return True
    if ships and not is_true(ships):
        failures.append(_unknown_word("do_not_ship", columns.ships, ships, "true or false"))
    return False if columns.ships or columns.gift_card else None


def _is_not_tracked(
    conversion: Conversion, columns: GoodsColumns, each: _Row, failures: list[CellFailure]
) -> bool | None:
    """Whether no stock is counted, or what is out of stock is sold all the same."""
    policy = each.cells.policy
    is_sold_always = policy.lower() == "continue" or is_true(policy)
    if policy and not is_sold_always and policy.lower() != "deny" and not is_false(policy):
        failures.append(_unknown_word("do_not_track", columns.policy, policy, "deny or continue"))
    if columns.tracker and not each.cells.tracker:
        return True
    if is_sold_always:
        tell_sold_without_stock(conversion, each.row)
        return True
    return False if columns.tracker or columns.policy else None


def _unknown_word(field: str, column: Column, cell: str, expected: str) -> CellFailure:
    return CellFailure(field, column.name, cell, ErrorCode.OTHER_TYPE, (expected,))


def _emit_market_price(conversion: Conversion, market: Market, code: str, row: SourceRow) -> None:
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
