"""Magento's and Adobe Commerce's file of products, which import and export share.

Facts: lists have commas, choices of several `|`, and `additional_attributes` has `name=value` pairs
(`pairs`). A row with a store view says a product again in another language. Rows of configurable
products name their children in `configurable_variations` and cannot be bought; they may stand
anywhere. A flag of stock means something where the `use_config_` beside it is 0. The file says
neither its currency nor its unit of weight. `__EMPTY__VALUE__` clears a value.
"""

from collections.abc import Iterator
from typing import Any

from longshore.dialects.choices import (
    CHOICE_FIELDS,
    SkuList,
    emit_bundle,
    emit_sku_list,
    emit_sku_option,
    has_market,
)
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
from longshore.dialects.pairs import lists_of_pairs, pairs_of
from longshore.dialects.sales import DateRefused, is_on_sale
from longshore.dialects.texts import full_name

_EMPTY = "__EMPTY__VALUE__"
_GOODS = frozenset(("simple", "virtual", "downloadable", ""))
_NOT_SHIPPED = frozenset(("virtual", "downloadable"))
_TRANSLATED = ("name", "description", "short_description", "url_key")
_NO_IMAGE = "no_selection"
_OF_THE_SYSTEM = frozenset(("has_options", "required_options"))
_OF_STOCK = ("manage_stock", "use_config_manage_stock", "allow_backorders", "use_config_backorders")
_OF_CHOICES = (
    *("configurable_variations", "configurable_variation_labels", "associated_skus"),
    *("bundle_values", "bundle_price_type", "custom_options"),
)
_OF_PRODUCTS = (
    *("product_type", "store_view_code", "attribute_set_code", "categories", "product_online"),
    *("additional_attributes", "url_key", "country_of_manufacture", "visibility"),
    *("tax_class_name", "short_description", "is_in_stock"),
    *("special_price_from_date", "special_price_to_date"),
)


class _MagentoGoods:
    """One file, and the columns that its rows are read from."""

    def __init__(self, conversion: Conversion) -> None:
        self.conversion = conversion
        self.work = conversion.work
        self._columns: dict[str, Column] = {}

    def column(self, name: str) -> Column:
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self.conversion.header.column(name)
        return found

    def text(self, name: str, row: SourceRow) -> str:
        """A cell; one that clears a value says nothing where there is nothing to clear."""
        text = self.column(name)(row)
        return "" if text == _EMPTY else text

    def clears(self, name: str, row: SourceRow) -> bool:
        return self.column(name)(row) == _EMPTY

    def cell(self, name: str, row: SourceRow) -> Cell:
        return Cell(self.column(name).name, self.text(name, row))

    # What other rows say of a product: its parent, its languages, who else has its options

    def look_ahead(self) -> None:
        """Remember what rows say of other rows, wherever they stand."""
        for row in self.conversion.peeked_rows():
            code = self.text("sku", row)
            if view := self.text("store_view_code", row):
                self._remember_texts(code, view, row)
                continue
            for variation in lists_of_pairs(self.text("configurable_variations", row)):
                self._remember_parent(code, variation, row)
            for name in {each.get("name", "") for each in self.custom_options(row)}:
                earlier = self.work.get(f"option:{name}")
                self.work.put(f"option:{name}", code if earlier in (None, code) else "")

    def _remember_texts(self, code: str, view: str, row: SourceRow) -> None:
        key = f"texts:{code.casefold()}"
        texts = self.work.get(key) or {}
        texts[view] = compact({name: self.text(name, row) for name in _TRANSLATED})
        self.work.put(key, texts)

    def _remember_parent(self, parent: str, variation: dict[str, str], row: SourceRow) -> None:
        child = variation.pop("sku", "")
        key = f"parent:{child.casefold()}"
        earlier = self.work.get(key)
        # Of several parents the same one counts, whichever stands first.
        if child and (earlier is None or parent < earlier["sku"]):
            self.work.put(
                key, {"sku": parent, "name": self.text("name", row), "options": variation}
            )

    def custom_options(self, row: SourceRow) -> Iterator[dict[str, str]]:
        return lists_of_pairs(self.text("custom_options", row))

    # Parts of records

    def images(self, row: SourceRow) -> tuple[str, list[str]]:
        """The address of the first image, and the others; those without an address as paths."""
        paths = [self.text("base_image", row), *self.text("additional_images", row).split(",")]
        paths = [path for each in paths if (path := each.strip()) and path != _NO_IMAGE]
        paths = list(dict.fromkeys(paths))
        image = self.conversion.targets.image
        first = image(paths[0]) if paths else ""
        return first, [image(path) or path for path in (paths[1:] if first else paths)]

    def attributes(self, row: SourceRow) -> dict[str, Any]:
        pairs = pairs_of(self.text("additional_attributes", row))
        return {
            name: value.split("|") if "|" in value else value
            for name, value in pairs.items()
            if name not in _OF_THE_SYSTEM and value not in ("", _EMPTY)
        }

    def metadata(self, row: SourceRow, code: str, parent: dict[str, Any] | None) -> dict[str, Any]:
        categories = [each.strip() for each in self.text("categories", row).split(",")]
        return compact(
            {
                "options": parent["options"] if parent else {},
                "product": compact(
                    {
                        "handle": parent["sku"] if parent else code,
                        "title": parent["name"] if parent else self.text("name", row),
                        "type": self.text("product_type", row),
                        "attribute_set": self.text("attribute_set_code", row),
                        "categories": [each for each in categories if each],
                        "url_key": self.text("url_key", row),
                        "country_of_manufacture": self.text("country_of_manufacture", row),
                    }
                ),
                "attributes": self.attributes(row),
                "visibility": self.text("visibility", row),
                "tax_class": self.text("tax_class_name", row),
                "status": {"1": "enabled", "2": "disabled", "0": "disabled"}.get(
                    self.text("product_online", row), self.text("product_online", row)
                ),
                "translations": self.work.get(f"texts:{code.casefold()}") or {},
            }
        )

    def is_tracked(self, row: SourceRow) -> bool:
        return self.text("manage_stock", row) != "0" or not self._counts("manage_stock", row)

    def sells_without_stock(self, row: SourceRow) -> bool:
        flag = self.text("allow_backorders", row)
        return flag in ("1", "2") and self._counts("backorders", row)

    def _counts(self, flag: str, row: SourceRow) -> bool:
        """Whether a flag of stock means something; else the shop's configuration says it."""
        return self.text(f"use_config_{flag}", row) == "0"


def _convert(conversion: Conversion) -> None:
    products = _MagentoGoods(conversion)
    products.look_ahead()
    unit = conversion.targets.weight_unit("lb")
    for row in conversion.rows():
        if row.is_blank:
            continue
        if products.text("store_view_code", row):
            conversion.defer(row)
            continue
        code = products.text("sku", row)
        if products.work.get(f"texts:{code.casefold()}") is not None:
            products.work.put(f"said:{code.casefold()}", True)
        kind = products.text("product_type", row).casefold()
        if conversion.options.only_active and products.text("product_online", row) in ("0", "2"):
            conversion.leave_out("products that are disabled", row)
        elif kind in _GOODS:
            _emit_goods(products, row, code, kind, unit)
        elif kind == "bundle":
            _emit_bundle(products, row, code)
        elif kind == "grouped":
            _emit_grouped(products, row, code)
        elif kind == "configurable":
            _emit_options(products, row, _children(products, row))
        else:
            conversion.leave_out(f"products of the type {kind}", row)
    for row in conversion.deferred():
        if not products.work.get(f"said:{products.text('sku', row).casefold()}"):
            conversion.leave_out("translations of products that the file does not have", row)


def _emit_goods(products: _MagentoGoods, row: SourceRow, code: str, kind: str, unit: str) -> None:
    conversion = products.conversion
    parent = products.work.get(f"parent:{code.casefold()}")
    image, images = products.images(row)
    is_tracked, is_sold = products.is_tracked(row), products.sells_without_stock(row)
    described = "description" if products.text("description", row) else "short_description"
    clearing = (("description", "description"), ("image_url", "base_image"), ("weight", "weight"))
    sku = Sku(
        code=code,
        code_column=products.column("sku").name,
        name=products.text("name", row),
        description=products.text(described, row),
        image_url=image,
        images=images,
        weight=products.cell("weight", row),
        weight_unit=unit,
        do_not_ship=kind in _NOT_SHIPPED,
        do_not_track=not is_tracked or is_sold,
        reference=parent["sku"] if parent else code,
        reference_origin="magento",
        metadata=products.metadata(row, code, parent),
        clears=[field for field, name in clearing if products.clears(name, row)],
    )
    if not emit_sku(conversion, sku, row) or not code:
        return
    _emit_price(products, row, code)
    if is_tracked:
        emit_stock_item(conversion, code, products.cell("qty", row), row)
        if is_sold:
            tell_sold_without_stock(conversion, row)
        if products.text("is_in_stock", row) == "0" and products.text("qty", row):
            conversion.tell(
                "out_of_stock",
                "{count} rows are out of stock by is_in_stock, and have a quantity: that counts",
                row,
            )
    _emit_options(products, row, [code])


def _emit_price(products: _MagentoGoods, row: SourceRow, code: str) -> None:
    """The price; while a reduced one counts, beside that which it was."""
    conversion = products.conversion
    amount, compare_at = products.cell("price", row), products.cell("msrp_price", row)
    special, failures = products.cell("special_price", row), []
    if special:
        start = products.cell("special_price_from_date", row)
        end = products.cell("special_price_to_date", row)
        try:
            if is_on_sale(start, end, conversion.now):
                amount, compare_at = special, amount
        except DateRefused as refused:
            failures.append(refused.failure)
    if amount:
        emit_price(
            conversion,
            code,
            amount,
            row,
            currency=conversion.targets.currency,
            compare_at=compare_at,
            failures=failures,
        )


def _children(products: _MagentoGoods, row: SourceRow) -> list[str]:
    variations = lists_of_pairs(products.text("configurable_variations", row))
    return [child for each in variations if (child := each.get("sku", ""))]


def _emit_options(products: _MagentoGoods, row: SourceRow, codes: list[str]) -> None:
    """What is sold beside these SKUs for a price of its own."""
    conversion = products.conversion
    column = products.column("custom_options").name
    for option in products.custom_options(row):
        if option.get("price_type", "fixed") == "percent":
            conversion.tell(
                "options_of_percent",
                "{count} prices of options are left out, as they are a share of the product's",
                row,
            )
        elif codes and has_market(conversion, "options", row):
            name = full_name(option.get("name", ""), [option.get("option_title", "")])
            # Options are known by their names: one that several products have is named after each.
            if products.work.get(f"option:{option.get('name', '')}") == "":
                name = f"{name} ({products.text('sku', row)})"
            price = Cell(column, option.get("price", ""))
            emit_sku_option(conversion, name, price, codes, row, origin="magento")


def _list(products: _MagentoGoods, row: SourceRow, code: str, column: str) -> SkuList:
    image, images = products.images(row)
    metadata = products.metadata(row, code, None)
    return SkuList(
        name=products.text("name", row) or code,
        items=(),
        column=products.column(column).name,
        description=products.text("description", row) or products.text("short_description", row),
        image_url=image,
        reference=code,
        reference_origin="magento",
        metadata=metadata | ({"images": images} if images else {}),
    )


def _emit_grouped(products: _MagentoGoods, row: SourceRow, code: str) -> None:
    made = _list(products, row, code, "associated_skus")
    made.items = list(pairs_of(products.text("associated_skus", row)).items())
    emit_sku_list(products.conversion, made, row)


def _emit_bundle(products: _MagentoGoods, row: SourceRow, code: str) -> None:
    conversion = products.conversion
    made = _list(products, row, code, "bundle_values")
    made.items, has_choice = _bundled(list(lists_of_pairs(products.text("bundle_values", row))))
    if has_choice:
        conversion.tell(
            "bundle_choices",
            "{count} rows are of bundles with parts to choose: what is chosen at first is taken",
            row,
        )
    if not emit_sku_list(conversion, made, row) or not has_market(conversion, "bundles", row):
        return
    price = products.cell("price", row)
    is_dynamic = products.text("bundle_price_type", row).casefold() != "fixed"
    emit_bundle(conversion, made, code, None if is_dynamic else price, row)


def _bundled(selections: list[dict[str, str]]) -> tuple[list[tuple[str, str]], bool]:
    """The parts of a bundle as it is sold when nobody chooses, and whether anybody may."""
    by_part: dict[str, list[dict[str, str]]] = {}
    for each in selections:
        by_part.setdefault(each.get("name", ""), []).append(each)
    items: dict[str, str] = {}
    for choices in by_part.values():
        taken = [each for each in choices if each.get("default") == "1"]
        if not taken and (len(choices) == 1 or choices[0].get("required") == "1"):
            taken = choices[:1]
        for each in taken:
            items[each.get("sku", "")] = each.get("default_qty", "")
    return list(items.items()), any(len(choices) > 1 for choices in by_part.values())


DIALECT = Dialect(
    name="magento",
    platform="magento",
    title="Magento products",
    made_from="Magento 2.4",
    signatures=(
        HeaderSignature.of("sku", "product_type", "attribute_set_code", "additional_attributes"),
    ),
    fields={**GOODS_FIELDS, **CHOICE_FIELDS},
    sources={
        "skus": {
            "code": ("sku",),
            "name": ("name",),
            "description": ("description", "short_description"),
            "image_url": ("base_image",),
            "weight": ("weight",),
            "do_not_ship": ("product_type",),
            "do_not_track": ("manage_stock",),
            "metadata": ("additional_attributes",),
        },
        "prices": {
            "sku_code": ("sku",),
            "amount_cents": ("price",),
            "compare_at_amount_cents": ("msrp_price", "price"),
        },
        "stock_items": {"sku_code": ("sku",), "quantity": ("qty",)},
        "sku_lists": {"name": ("name",), "description": ("description",)},
        "sku_list_items": {
            "sku_list.name": ("name",),
            "sku_code": ("bundle_values", "associated_skus"),
            "quantity": ("bundle_values", "associated_skus"),
        },
        "bundles": {"code": ("sku",), "name": ("name",), "price_amount_cents": ("price",)},
        "sku_options": {"name": ("custom_options",), "price_amount_cents": ("custom_options",)},
    },
    known=(
        *_OF_PRODUCTS,
        *_OF_STOCK,
        *_OF_CHOICES,
        *("special_price", "additional_images", "product_websites"),
    ),
    options=GOODS_OPTIONS | {"weight_unit", "image_base", "market"},
    convert=_convert,
)
