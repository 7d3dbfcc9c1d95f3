"""What the rows of WooCommerce's product export become."""

import re
from typing import Any

from longshore.dialects.choices import SkuList, emit_sku_list
from longshore.dialects.conversion import Conversion
from longshore.dialects.goods import (
    Cell,
    Sku,
    barcode_of,
    compact,
    emit_sku,
    emit_stock_item,
    tell_sold_without_stock,
)
from longshore.dialects.header import SourceRow
from longshore.dialects.platforms.woocommerce.columns import Shop, listed
from longshore.dialects.sales import emit_price_or_sale
from longshore.dialects.targets import DialectRefused
from longshore.dialects.texts import full_name, is_false, made_code, slug
from longshore.error_codes import ErrorCode

ORIGIN = "woocommerce"
_ID = re.compile(r"id:\s*(\d+)", re.IGNORECASE)
_BY_PARENT = "parent"


def convert(conversion: Conversion) -> None:
    shop = Shop(conversion.header)
    for row in conversion.rows():
        if row.is_blank:
            continue
        kind, _ = shop.kind(row)
        if kind is None:
            conversion.fail_row(row, shop.type.name, shop.type(row), ErrorCode.NOT_IN_LIST)
        elif kind == "external":
            conversion.leave_out("sold elsewhere", row)
            _remember(conversion, shop, row, {"kind": kind})
        elif kind == "variable":
            _remember(conversion, shop, row, _product(shop, row))
        elif kind == "grouped":
            conversion.defer(row)
        elif kind == "simple":
            _convert_simple(conversion, shop, row)
        else:
            parent = _found(conversion, shop.parent(row))
            if parent is None:
                conversion.defer(row)  # it may stand later in the file
            else:
                _convert_variation(conversion, shop, row, parent)
    for row in conversion.deferred():
        if shop.kind(row)[0] == "grouped":
            _convert_group(conversion, shop, row)
        else:
            _convert_late_variation(conversion, shop, row)


def _convert_simple(conversion: Conversion, shop: Shop, row: SourceRow) -> None:
    code = shop.sku(row) or slug(shop.name(row))
    _remember(conversion, shop, row, {"kind": "simple", "code": code})
    state = shop.state(row)
    if _is_left_out(conversion, row, state):
        return
    _emit(conversion, shop, row, code, _product(shop, row), state, is_made=not shop.sku(row))


def _convert_variation(
    conversion: Conversion, shop: Shop, row: SourceRow, parent: dict[str, Any]
) -> None:
    options = shop.options(row)
    code = shop.sku(row) or made_code(parent.get("code", ""), list(options.values()))
    _remember(conversion, shop, row, {"kind": "variation", "code": code})
    state = shop.state(row)
    of_parent = parent.get("state", "published")
    if of_parent != "published":
        state = of_parent
    if _is_left_out(conversion, row, state):
        return
    own = _product(shop, row)
    inherited = {name: own.get(name) or parent.get(name) for name in _INHERITED}
    product = {
        **own,
        **inherited,
        "name": own["name"] or full_name(parent.get("name", ""), list(options.values())),
        "images": list(dict.fromkeys([*own["images"], *parent.get("images", ())])),
        "title": parent.get("name"),
        "handle": parent.get("code"),
        "options": options,
        "attributes": {},
    }
    if own["stock"].casefold() == _BY_PARENT:
        product["stock"] = parent.get("stock", "")
        if product["stock"]:
            conversion.tell(
                "stock_of_parent",
                "{count} rows have the stock of the product, and each gets all of it",
                row,
            )
    _emit(conversion, shop, row, code, product, state, is_made=not shop.sku(row))


_INHERITED = ("description", "weight", "tags", "categories", "brands")


def _convert_late_variation(conversion: Conversion, shop: Shop, row: SourceRow) -> None:
    """A variation whose product has not come before it."""
    name = shop.parent(row)
    parent = _found(conversion, name)
    if parent is None and (not name or _ID.fullmatch(name)):
        code = ErrorCode.MUST_EXIST if name else ErrorCode.BLANK
        conversion.fail_row(row, shop.parent.name, name, code)
        _tell_of_ids(conversion, shop, row, name)
        return
    if parent is None:
        conversion.tell(
            "products_missing",
            "{count} rows have a product that is not in the file: nothing is taken from it",
            row,
            hint="export the product as well, for the name, the weight and the image that a "
            "variation has from it",
            parent=name,
        )
        parent = {"code": name}
    _convert_variation(conversion, shop, row, parent)


def _convert_group(conversion: Conversion, shop: Shop, row: SourceRow) -> None:
    """A list of SKUs for things that are shown together."""
    state = shop.state(row)
    if _is_left_out(conversion, row, state):
        return
    product = _product(shop, row)
    image, others = conversion.targets.images(product["images"])
    items = [_item(conversion, shop, row, name) for name in listed(shop.grouped(row))]
    made = SkuList(
        name=shop.name(row),
        items=[(code, "1") for code in dict.fromkeys(items) if code],
        column=shop.grouped.name,
        description=product["description"],
        image_url=image,
        reference=shop.sku(row) or shop.id(row),
        reference_origin=ORIGIN,
        metadata=_metadata(conversion, shop, row, product, state, others),
    )
    emit_sku_list(conversion, made, row)


def _item(conversion: Conversion, shop: Shop, row: SourceRow, name: str) -> str:
    """The code of a SKU in a list; "" for what is none."""
    found = _found(conversion, name)
    if found is None:
        if _ID.fullmatch(name):
            _tell_of_ids(conversion, shop, row, name)
        return name  # the store may have it
    if found["kind"] in ("variable", "external"):
        conversion.tell(
            "items_without_sku",
            "{count} rows have items that are no SKUs, which are left out of their lists: products "
            "with variations, and what is sold elsewhere",
            row,
            item=name,
        )
        return ""
    code: str = found["code"]
    return code


def _tell_of_ids(conversion: Conversion, shop: Shop, row: SourceRow, name: str) -> None:
    if name and not shop.id:
        conversion.tell(
            "ids_missing",
            "{count} rows have others named as id:NUMBER, and the file has no column ID",
            row,
            hint="export the products with the column ID",
            cell=name,
        )


def _emit(
    conversion: Conversion,
    shop: Shop,
    row: SourceRow,
    code: str,
    product: dict[str, Any],
    state: str,
    *,
    is_made: bool,
) -> None:
    """Write the records of what can be bought."""
    stock = product["stock"]
    is_sold_without = bool(shop.backorders(row)) and not is_false(shop.backorders(row))
    image, others = conversion.targets.images(product["images"])
    weight = product["weight"]
    sku = Sku(
        code=code,
        code_column=shop.sku.name,
        is_made=is_made,
        name=product["name"],
        description=product["description"] or "",
        image_url=image,
        weight=Cell(shop.weight.name, weight) if weight else None,
        weight_unit=_weight_unit(conversion, shop) if weight else "gr",
        do_not_ship=not shop.kind(row)[1],
        do_not_track=(is_sold_without or not stock) if shop.stock else None,
        reference=product.get("handle") or "",
        reference_origin=ORIGIN,
        tags=product["tags"] or (),
        metadata=_metadata(conversion, shop, row, product, state, others),
    )
    if not emit_sku(conversion, sku, row) or not code:
        return
    if shop.regular_price(row) or shop.sale_price(row):
        emit_price_or_sale(
            conversion,
            code,
            shop.cell(shop.regular_price, row),
            shop.cell(shop.sale_price, row),
            row,
            currency=conversion.targets.currency,
            window=(shop.cell(shop.sale_starts, row), shop.cell(shop.sale_ends, row)),
        )
    if stock:
        if is_sold_without:
            tell_sold_without_stock(conversion, row)
        emit_stock_item(conversion, code, Cell(shop.stock.name, stock), row)
    elif shop.stock and is_false(shop.in_stock(row)):
        conversion.tell(
            "out_of_stock_untracked",
            "{count} SKUs that are out of stock have no quantity: their do_not_track is true",
            row,
            hint="where that is wrong, give them the quantity 0 in the shop, and export again",
        )


def _product(shop: Shop, row: SourceRow) -> dict[str, Any]:
    """What a row says of a product, JSON-safe: it may have to be remembered."""
    return {
        "kind": "variable",
        "code": shop.sku(row) or slug(shop.name(row)) or shop.id(row),
        "name": shop.name(row),
        "state": shop.state(row),
        "description": shop.own_description(row),
        "images": listed(shop.images(row)),
        "weight": shop.weight(row),
        "stock": shop.stock(row),
        "tags": listed(shop.tags(row)),
        "categories": listed(shop.categories(row)),
        "brands": listed(shop.brands(row)),
        "attributes": {
            name(row): listed(value(row)) for name, value in shop.attributes if name(row)
        },
    }


def _metadata(
    conversion: Conversion,
    shop: Shop,
    row: SourceRow,
    product: dict[str, Any],
    state: str,
    images: list[str],
) -> dict[str, Any]:
    of_product = ("handle", "title", "categories", "brands")
    metadata = {
        "options": product.get("options"),
        "product": compact({name: product.get(name) for name in of_product}),
        "attributes": compact(product["attributes"]),
        "images": images,
        "barcode": barcode_of(conversion, shop.barcode(row), row),
        "status": state,
        "meta": compact({name: column(row) for column, name in shop.meta}),
    }
    return compact(metadata)


def _remember(conversion: Conversion, shop: Shop, row: SourceRow, head: dict[str, Any]) -> None:
    """Keep what a row is for rows that name it, by SKU or by id."""
    if sku := shop.sku(row):
        conversion.work.put(f"sku:{sku.casefold()}", head)
    if id_ := shop.id(row):
        conversion.work.put(f"id:{id_}", head)


def _found(conversion: Conversion, name: str) -> dict[str, Any] | None:
    """What is remembered of a row that another one names."""
    if not name:
        return None
    by_id = _ID.fullmatch(name)
    key = f"id:{by_id[1]}" if by_id else f"sku:{name.casefold()}"
    head: dict[str, Any] | None = conversion.work.get(key)
    return head


def _is_left_out(conversion: Conversion, row: SourceRow, state: str) -> bool:
    if conversion.options.only_active and state and state != "published":
        conversion.leave_out("not active", row)
        return True
    return False


def _weight_unit(conversion: Conversion, shop: Shop) -> str:
    if shop.weight_unit is None and conversion.options.weight_unit is None:
        raise DialectRefused(
            f"the column {shop.weight.name} does not say in which unit weights are",
            hint="say it with --weight-unit, such as --weight-unit kg",
        )
    return shop.weight_unit or conversion.targets.weight_unit("kg")
