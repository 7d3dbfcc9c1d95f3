"""Spree's file of products, which its import and export share.

Facts: rows of one `slug` are one product. A row with values of options is a variant. A row with a
name and none of these says what the product is; its SKU is a placeholder that is gone as soon as
there is a variant. A row with neither has another price of a SKU, in another currency, perhaps with
stock. SKUs are compared without case. A crossed-out price of 0 is none.
"""

from collections.abc import Mapping
from typing import Any

from longshore.dialects.amounts import has_currency
from longshore.dialects.cell_failure import CellFailure
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
    tell_sold_without_stock,
)
from longshore.dialects.header import Column, SourceRow
from longshore.dialects.texts import full_name, is_false, is_true, made_code, slug, unprotected
from longshore.error_codes import ErrorCode
from longshore.spellings import weight_unit_of

_OPTIONS = (1, 2, 3)
_CARRIED = ("description", "status", "tags", "product_type", "tax_category")
_META = ("meta_title", "meta_description", "meta_keywords")
_DETAILS = ("country_of_origin", "customs_description", "available_on", "discontinue_on")
_CUSTOM = "custom_field."


class _SpreeGoods:
    """One file, and the columns that its rows are read from."""

    def __init__(self, conversion: Conversion) -> None:
        self.conversion = conversion
        self.work = conversion.work
        column = conversion.header.column
        names = (
            *("slug", "sku", "name", "price", "compare_at_price", "currency"),
            *(*_CARRIED, *_META, *_DETAILS),
            *("inventory_count", "inventory_backorderable", "track_inventory"),
            *("weight", "weight_unit", "width", "height", "depth", "dimensions_unit"),
            *("hs_code", "digital", "barcode"),
        )
        self._columns: dict[str, Column] = {name: column(name) for name in names}
        self._options = [(column(f"option{n}_name"), column(f"option{n}_value")) for n in _OPTIONS]
        self._images = [column(f"image{n}_src") for n in _OPTIONS]
        self._categories = [column(f"category{n}") for n in _OPTIONS]
        self._custom = list(conversion.header.starting_with(_CUSTOM))

    def text(self, name: str, row: SourceRow) -> str:
        return self._columns[name](row)

    def cell(self, name: str, row: SourceRow) -> Cell:
        column = self._columns[name]
        return Cell(column.name, column(row))

    def slug(self, row: SourceRow) -> str:
        return self.text("slug", row).casefold() or slug(self.text("name", row))

    def values(self, row: SourceRow) -> list[str]:
        return [text for _, value in self._options if (text := value(row))]

    def options(self, row: SourceRow, head: Mapping[str, Any]) -> dict[str, str]:
        """The values of a variant by their options, whose names an earlier row may have."""
        names = head.get("options", [])
        found = {}
        for index, (name, value) in enumerate(self._options):
            if value(row):
                carried = names[index] if index < len(names) else ""
                found[name(row) or carried or f"option {index + 1}"] = value(row)
        return found

    def images(self, row: SourceRow) -> list[str]:
        return [text for column in self._images if (text := column(row))]

    def head(self, row: SourceRow) -> dict[str, Any]:
        """What the product of a row is."""
        return self.work.get(f"head:{self.slug(row)}") or {}

    def look_ahead(self) -> None:
        """Remember what rows say of their product, wherever they stand."""
        for row in self.conversion.peeked_rows():
            values = self.values(row)
            if not values and not self.text("name", row):
                continue
            key = f"head:{self.slug(row)}"
            head = self.work.get(key) or {}
            told = head if values else self._told(row)
            if values:
                # A variant may say what its product has no row for.
                told = {**self._told(row), **head, "has_variants": True}
                names = [name(row) for name, _ in self._options]
                if any(names) and not any(head.get("options", [])):
                    told["options"] = names
            else:
                told |= {name: head[name] for name in ("has_variants", "options") if name in head}
            if told != head:
                self.work.put(key, told)

    def _told(self, row: SourceRow) -> dict[str, Any]:
        return compact(
            {
                **{name: self.text(name, row) for name in ("name", *_CARRIED)},
                "images": self.images(row),
                "categories": [text for column in self._categories if (text := column(row))],
                "meta": compact({name: self.text(name, row) for name in _META}),
                "custom_fields": compact({name: column(row) for column, name in self._custom}),
            }
        )

    def metadata(
        self, row: SourceRow, head: Mapping[str, Any], options: Mapping[str, str]
    ) -> dict[str, Any]:
        sizes = {name: self.text(name, row) for name in ("width", "height", "depth")}
        unit = self.text("dimensions_unit", row) if any(sizes.values()) else ""
        return compact(
            {
                "options": options,
                "product": compact(
                    {
                        "handle": self.slug(row),
                        "title": head.get("name", ""),
                        "type": head.get("product_type", ""),
                        "categories": head.get("categories", []),
                    }
                ),
                "status": head.get("status", ""),
                "barcode": unprotected(self.text("barcode", row)),
                "tax_category": self.text("tax_category", row) or head.get("tax_category", ""),
                "meta": head.get("meta", {}),
                "custom_fields": head.get("custom_fields", {}),
                "dimensions": compact({**sizes, "unit": unit}),
                **{name: self.text(name, row) for name in _DETAILS},
            }
        )


def _convert(conversion: Conversion) -> None:
    products = _SpreeGoods(conversion)
    products.look_ahead()
    for row in conversion.rows():
        if row.is_blank:
            continue
        values, head = products.values(row), products.head(row)
        if not values and not products.text("name", row):
            conversion.defer(row)
        elif conversion.options.only_active and head.get("status", "active") != "active":
            products.work.put(f"gone:{products.text('sku', row).casefold()}", True)
            conversion.leave_out("products that are not active", row)
        elif not values and head.get("has_variants"):
            products.work.put(f"gone:{products.text('sku', row).casefold()}", True)
        else:
            _emit_goods(products, row, values, head)
    for row in conversion.deferred():
        _emit_price_row(products, row)


def _emit_goods(
    products: _SpreeGoods, row: SourceRow, values: list[str], head: Mapping[str, Any]
) -> None:
    conversion = products.conversion
    handle, own = products.slug(row), products.text("sku", row)
    code = own or made_code(handle, values)
    images = products.images(row)
    carried = head.get("images", [])
    is_sold = is_true(products.text("inventory_backorderable", row))
    unit, failures = products.text("weight_unit", row), []
    if unit and weight_unit_of(unit) is None and products.text("weight", row):
        failures.append(CellFailure("weight", "weight_unit", unit, ErrorCode.NOT_IN_LIST))
    sku = Sku(
        code=code,
        code_column="sku",
        is_made=not own,
        name=full_name(head.get("name", ""), values),
        description=head.get("description", ""),
        image_url=(images or carried or [""])[0],
        images=(images or carried)[1:],
        weight=products.cell("weight", row),
        weight_unit=weight_unit_of(unit) or conversion.targets.weight_unit("gr"),
        hs_tariff_number=products.text("hs_code", row),
        do_not_ship=is_true(products.text("digital", row)),
        do_not_track=is_sold or is_false(products.text("track_inventory", row)),
        reference=handle,
        reference_origin="spree",
        tags=head.get("tags", "").split(","),
        metadata=products.metadata(row, head, products.options(row, head)),
        failures=failures,
    )
    if not emit_sku(conversion, sku, row) or not code:
        return
    products.work.put(f"code:{code.casefold()}", code)
    _emit_price(products, row, code)
    stock = products.cell("inventory_count", row)
    emit_stock_item(conversion, code, stock, row)
    if stock and is_sold:
        tell_sold_without_stock(conversion, row)


def _emit_price(products: _SpreeGoods, row: SourceRow, code: str) -> None:
    conversion = products.conversion
    price = products.cell("price", row)
    if not price:
        return
    currency = products.text("currency", row)
    if currency and not has_currency(currency):
        failure = CellFailure("price_list", "currency", currency, ErrorCode.NOT_IN_LIST)
        conversion.emit("prices", {"sku_code": code}, row, failures=(failure,))
        return
    emit_price(
        conversion,
        code,
        price,
        row,
        currency=currency.upper() or conversion.targets.currency,
        compare_at=products.cell("compare_at_price", row),
    )


def _emit_price_row(products: _SpreeGoods, row: SourceRow) -> None:
    """A row of a SKU that other rows have, or the store."""
    conversion, own = products.conversion, products.text("sku", row)
    if not own:
        conversion.fail_row(row, "sku", "", ErrorCode.BLANK)
        return
    if products.work.get(f"gone:{own.casefold()}"):
        return
    code = products.work.get(f"code:{own.casefold()}") or own
    _emit_price(products, row, code)
    emit_stock_item(conversion, code, products.cell("inventory_count", row), row)


DIALECT = Dialect(
    name="spree",
    platform="spree",
    title="Spree products",
    made_from="Spree 5",
    signatures=(HeaderSignature.of("slug", "sku", "price", "option1_name", "inventory_count"),),
    fields=GOODS_FIELDS,
    sources={
        "skus": {
            "code": ("sku",),
            "name": ("name",),
            "description": ("description",),
            "image_url": ("image1_src",),
            "weight": ("weight",),
            "unit_of_weight": ("weight_unit",),
            "hs_tariff_number": ("hs_code",),
            "do_not_ship": ("digital",),
            "do_not_track": ("track_inventory",),
            "reference": ("slug",),
            "tags": ("tags",),
        },
        "prices": {
            "sku_code": ("sku",),
            "amount_cents": ("price",),
            "compare_at_amount_cents": ("compare_at_price",),
        },
        "stock_items": {"sku_code": ("sku",), "quantity": ("inventory_count",)},
    },
    known=(
        *("currency", "inventory_backorderable", "barcode"),
        *(*_CARRIED, *_META, *_DETAILS),
        *("width", "height", "depth", "dimensions_unit"),
        *(f"image{n}_src" for n in _OPTIONS),
        *(f"option{n}_{part}" for n in _OPTIONS for part in ("name", "value")),
        *(f"category{n}" for n in _OPTIONS),
        _CUSTOM + "*",
    ),
    options=GOODS_OPTIONS | {"weight_unit"},
    convert=_convert,
)
