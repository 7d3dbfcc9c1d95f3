"""Shopware's file of products, with the columns of the profile that it comes with.

Facts: `id` and `parent_id` are Shopware's own. A row that another one names as its parent cannot be
bought; its variants have what it says where they say nothing, but for their stock. Prices without a
currency in their name are in the currency of the system, which the file does not say; net ones have
up to 14 decimals. Weights are in kilograms. `variants` asks Shopware to make variants.
"""

import json
from collections.abc import Mapping
from typing import Any

from longshore.dialects.amounts import has_currency
from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import (
    GOODS_FIELDS,
    GOODS_OPTIONS,
    Cell,
    Sku,
    compact,
    emit_price,
    emit_sku,
    emit_stock_item,
)
from longshore.dialects.header import SourceRow
from longshore.dialects.texts import is_false, unprotected

_INHERITED = (
    *("name", "description", "weight", "cover_media_url", "active", "tax_name", "tax_rate"),
    *("price_net", "price_gross", "list_price_net", "list_price_gross"),
    *("manufacturer_name", "categories", "category_paths", "propertyIds", "custom_fields"),
    *("min_purchase", "max_purchase", "purchase_steps", "is_closeout", "unit_name"),
)
_OWN = ("id", "parent_id", "product_number", "stock", "ean", "optionIds", "variants")
_NUMBERS = ("min_purchase", "max_purchase", "purchase_steps", "is_closeout", "unit_name")


class _ShopwareGoods:
    """One file, and the columns that its rows are read from."""

    def __init__(self, conversion: Conversion) -> None:
        self.conversion = conversion
        self.work = conversion.work
        self.kind = "net" if conversion.options.net else "gross"
        header = conversion.header
        self._columns = {name: header.column(name) for name in (*_OWN, *_INHERITED)}
        # Of prices in a currency of their own: price_gross_usd.
        self.currencies = []
        for column, currency in header.starting_with(f"price_{self.kind}_"):
            if has_currency(currency):
                self._columns[column.name] = column
                compare_at = f"list_price_{self.kind}_{currency}"
                self._columns[compare_at] = header.column(compare_at)
                self.currencies.append((currency.upper(), column.name, compare_at))
        self._inherited = (*_INHERITED, *(name for each in self.currencies for name in each[1:]))

    def text(self, name: str, row: SourceRow, parent: Mapping[str, str]) -> str:
        """A cell, or that of the parent where it is blank."""
        return self._columns[name](row) or parent.get(name, "")

    def own(self, name: str, row: SourceRow) -> str:
        return self._columns[name](row)

    def cell(self, name: str, row: SourceRow, parent: Mapping[str, str]) -> Cell:
        return Cell(self._columns[name].name, self.text(name, row, parent))

    def look_ahead(self) -> None:
        """Remember which rows are the parents of others, and what these have of them."""
        for row in self.conversion.peeked_rows():
            if parent := self.own("parent_id", row):
                self.work.put(f"parent:{parent}", {})
        for row in self.conversion.peeked_rows():
            key = f"parent:{self.own('id', row)}"
            if not self.own("parent_id", row) and self.work.get(key) is not None:
                told = {name: self._columns[name](row) for name in self._inherited}
                told["is_there"] = self.own("product_number", row)
                self.work.put(key, compact(told))

    def metadata(self, row: SourceRow, parent: Mapping[str, str]) -> dict[str, Any]:
        def text(name: str) -> str:
            return self.text(name, row, parent)

        return compact(
            {
                "id": self.own("id", row),
                "product": compact(
                    {
                        "handle": parent.get("is_there", ""),
                        "title": text("name"),
                        "vendor": text("manufacturer_name"),
                        "categories": _list(text("categories")),
                        "category_paths": _list(text("category_paths")),
                    }
                ),
                "option_ids": _list(self.own("optionIds", row)),
                "property_ids": _list(text("propertyIds")),
                "barcode": unprotected(self.own("ean", row)),
                "status": {"1": "active", "0": "inactive"}.get(text("active"), text("active")),
                "tax": compact({"name": text("tax_name"), "rate": text("tax_rate")}),
                "custom_fields": _object(text("custom_fields")),
                **{name: text(name) for name in _NUMBERS},
            }
        )


def _convert(conversion: Conversion) -> None:
    products = _ShopwareGoods(conversion)
    products.look_ahead()
    unit = conversion.targets.weight_unit("kg")
    for row in conversion.rows():
        if row.is_blank:
            continue
        id_, parent_id = products.own("id", row), products.own("parent_id", row)
        parent = products.work.get(f"parent:{parent_id}") or {} if parent_id else {}
        if not parent_id and id_ and products.work.get(f"parent:{id_}") is not None:
            continue  # its variants are what can be bought
        if products.own("variants", row):
            conversion.tell(
                "variants",
                "{count} rows have Shopware make variants (column variants), which is not done "
                "here",
                row,
            )
        if conversion.options.only_active and is_false(products.text("active", row, parent)):
            conversion.leave_out("products that are not active", row)
            continue
        _emit_goods(products, row, parent, unit)


def _emit_goods(
    products: _ShopwareGoods, row: SourceRow, parent: Mapping[str, str], unit: str
) -> None:
    conversion = products.conversion
    code = products.own("product_number", row)
    image = products.text("cover_media_url", row, parent)
    address = conversion.targets.image(image)
    sku = Sku(
        code=code,
        code_column="product_number",
        name=products.text("name", row, parent),
        description=products.text("description", row, parent),
        image_url=address,
        images=[image] if image and not address else [],
        weight=products.cell("weight", row, parent),
        weight_unit=unit,
        reference=products.own("parent_id", row) or products.own("id", row),
        reference_origin="shopware",
        metadata=products.metadata(row, parent),
    )
    if not emit_sku(conversion, sku, row) or not code:
        return
    _emit_prices(products, row, parent, code)
    emit_stock_item(conversion, code, products.cell("stock", row, {}), row)


def _emit_prices(
    products: _ShopwareGoods, row: SourceRow, parent: Mapping[str, str], code: str
) -> None:
    """The price in the currency of the system, and those in others."""
    conversion = products.conversion
    price = products.cell(f"price_{products.kind}", row, parent)
    own_currency = conversion.targets.currency if price else ""
    prices = [(own_currency, f"price_{products.kind}", f"list_price_{products.kind}")]
    others = (each for each in products.currencies if each[0] != own_currency)
    for currency, name, listed in (*prices, *others):
        amount = products.cell(name, row, parent)
        if amount:
            emit_price(
                conversion,
                code,
                amount,
                row,
                currency=currency,
                compare_at=products.cell(listed, row, parent),
                price_list=conversion.targets.price_list(
                    currency, tax_included=not conversion.options.net
                ),
            )


def _list(text: str) -> list[str]:
    return [part for each in text.split("|") if (part := each.strip())]


def _object(text: str) -> Any:
    """The custom fields of a cell, which are JSON; what is none stays a text."""
    try:
        return json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return text


DIALECT = Dialect(
    name="shopware",
    platform="shopware",
    title="Shopware products",
    made_from="Shopware 6",
    signatures=(HeaderSignature.of("product_number", "tax_rate", "price_net", "price_gross"),),
    fields=GOODS_FIELDS,
    sources={
        "skus": {
            "code": ("product_number",),
            "name": ("name",),
            "description": ("description",),
            "image_url": ("cover_media_url",),
            "weight": ("weight",),
            "reference": ("id",),
            "metadata": ("custom_fields",),
        },
        "prices": {
            "sku_code": ("product_number",),
            "amount_cents": ("price_gross",),
            "compare_at_amount_cents": ("list_price_gross",),
        },
        "stock_items": {"sku_code": ("product_number",), "quantity": ("stock",)},
    },
    known=(
        *(*_OWN, *_INHERITED),
        *("tax_id", "manufacturer_id", "list_price_linked"),
        *("price_net*", "price_gross*", "list_price_net*", "list_price_gross*"),
    ),
    options=GOODS_OPTIONS | {"weight_unit", "image_base", "net"},
    convert=_convert,
)
