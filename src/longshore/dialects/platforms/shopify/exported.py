"""SKUs as rows of Shopify's file of products, which make the same SKUs again.

What an import has put into the metadata of a SKU goes back into its columns. SKUs of which an
import would make others, as they are from elsewhere or were changed, are products that are made
up: a column of ours says so, which Shopify leaves out, and they keep what the file does not know.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations, zip_longest
from typing import Any

from longshore.catalogue import EXPONENTS
from longshore.dialects.exported_goods import ExportedSku, GoodsExport
from longshore.dialects.goods import compact
from longshore.dialects.platforms.shopify.grams import grams_of
from longshore.dialects.platforms.shopify.product_columns import MANUAL, ORIGIN, OWN_COLUMN
from longshore.dialects.texts import DEFAULT_VALUE, full_name, protected, slug, wire_tags

_OPTIONS_MAX = 3
_COLUMNS = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published"),
    *("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name"),
    *("Option3 Value", "Variant SKU", "Variant Grams", "Variant Inventory Tracker"),
    *("Variant Inventory Qty", "Variant Inventory Policy", "Variant Fulfillment Service"),
    *("Variant Price", "Variant Compare At Price", "Variant Requires Shipping"),
    *("Variant Taxable", "Variant Barcode", "Image Src", "Image Position", "Gift Card"),
    *("Variant Image", "Variant Weight Unit", "Variant Tax Code", "Cost per item", "Status"),
    OWN_COLUMN,
)
# What is published, and the status; where nothing is known of them, nothing is said.
_STATUSES = {
    "active": ("true", "active"),
    "unpublished": ("false", "active"),
    "draft": ("false", "draft"),
    "archived": ("true", "archived"),
    "unlisted": ("true", "unlisted"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _SoldProduct:
    """SKUs as one product of Shopify."""

    skus: Sequence[ExportedSku]
    handle: str
    title: str
    option_names: Sequence[str]
    values: Sequence[Sequence[str]]  # of the options, for each SKU
    images: Sequence[str]
    own: str = ""  # the code of the first SKU where the product is made up; "": it is Shopify's

    def has_what_all_share(self) -> bool:
        """Whether the SKUs are called as variants are, and have all that a product says once."""
        first = self.skus[0]
        return all(
            sku.name == full_name(self.title, values)
            and (sku.description or "") == (first.description or "")
            and set(sku.tags) == set(first.tags)
            and sku.metadata.get("status") == first.metadata.get("status")
            for sku, values in zip(self.skus, self.values, strict=True)
        )

    def has_what_an_import_makes(self) -> bool:
        """Whether the SKUs are what an import makes of them as a product of Shopify."""
        first = self.skus[0]
        described = _mapping(first.metadata.get("product"))
        said = {name: _text(described.get(name)) for name in ("vendor", "type", "category")}
        product = compact({"handle": self.handle, "title": self.title, **said})
        texts = (self.title, *product.values(), first.description or "")
        return (
            self.has_what_all_share()
            and all(text == text.strip() for text in texts)
            and wire_tags(first.tags) == (",".join(dict.fromkeys(first.tags)), 0)
            and all(
                sku.reference == self.handle
                and sku.metadata.get("product") == product
                and _mapping(sku.metadata.get("options")) == self._options(values)
                and self._has_images(sku)
                for sku, values in zip(self.skus, self.values, strict=True)
            )
        )

    def _options(self, values: Sequence[str]) -> dict[str, str]:
        named = zip(self.option_names, values, strict=True)
        return {name: value for name, value in named if value and value != DEFAULT_VALUE}

    def _has_images(self, sku: ExportedSku) -> bool:
        own = self.variant_image(sku) or (self.images[0] if self.images else "")
        others = [each for each in self.images if each != own]
        return (sku.image_url or "") == own and others in ([], _images(sku))

    def variant_image(self, sku: ExportedSku) -> str:
        """The image of a variant alone; "" where it has that of the product."""
        is_first = bool(self.images) and sku.image_url == self.images[0]
        return "" if is_first and not self.own else sku.image_url or ""


def _rows(skus: Sequence[ExportedSku], currency: str | None) -> Iterator[Sequence[str]]:
    for product in _products(skus):
        yield from _rows_of(product, currency)


def _products(skus: Sequence[ExportedSku]) -> Iterator[_SoldProduct]:
    """The SKUs of one reference as products: as those of Shopify where an import makes the same
    SKUs of them; else made up, together where they are called as variants are, or alone."""
    ours = [sku for sku in skus if sku.reference_origin == ORIGIN]
    if ours:
        product = _together(ours)
        if product.has_what_an_import_makes():
            yield product
            skus = [sku for sku in skus if sku.reference_origin != ORIGIN]
    if skus:
        made_up = replace(_together(skus), own=skus[0].code)
        if made_up.has_what_all_share():
            yield made_up
        else:
            yield from map(_alone, skus)


def _together(skus: Sequence[ExportedSku]) -> _SoldProduct:
    first = skus[0]
    described = _mapping(first.metadata.get("product"))
    names, values = _options(skus)
    title = first.name.removesuffix(_suffix(values[0]))
    return _SoldProduct(
        skus=skus,
        handle=first.reference or _text(described.get("handle")) or slug(first.code),
        title=title,
        option_names=names,
        values=values,
        images=product_images(skus),
    )


def _alone(sku: ExportedSku) -> _SoldProduct:
    return _SoldProduct(
        skus=[sku],
        handle=slug(sku.code),
        title=sku.name,
        option_names=["Title"],
        values=[[DEFAULT_VALUE]],
        images=product_images([sku]),
        own=sku.code,
    )


def _rows_of(product: _SoldProduct, currency: str | None) -> Iterator[Sequence[str]]:
    """The rows of the variants, the first of them with what is said of the product, and a row for
    each image beyond these."""
    for place, (sku, image) in enumerate(zip_longest(product.skus, product.images)):
        cells = {"Handle": product.handle, OWN_COLUMN: product.own}
        if place == 0:
            cells |= _head(product)
        if sku is not None:
            cells |= _variant(sku, product.values[place], currency)
            cells["Variant Image"] = product.variant_image(sku)
        if image is not None:
            cells |= {"Image Src": image, "Image Position": str(place + 1)}
        yield [cells.get(name, "") for name in _COLUMNS]


def product_images(product: Sequence[ExportedSku]) -> list[str]:
    """The images of a product in their order, of which each variant has kept all but its own."""
    images: list[str] = []
    for sku in sorted(product, key=lambda each: -len(_images(each))):
        before: str | None = None
        for image in _images(sku):
            if image not in images:
                images.insert(0 if before is None else images.index(before) + 1, image)
            before = image
    for sku in product:
        own = sku.image_url
        # An image that other variants do not have is that of a variant alone.
        others = (each for each in product if each.image_url != own)
        if own and own not in images and all(own in _images(each) for each in others):
            images.insert(0, own)
    return images


def _images(sku: ExportedSku) -> list[str]:
    images = sku.metadata.get("images")
    return [each for each in images if isinstance(each, str)] if isinstance(images, list) else []


def _options(product: Sequence[ExportedSku]) -> tuple[Sequence[str], list[list[str]]]:
    """The names of the options of a product, and the values of each variant. Variants without any
    are told by their codes."""
    told = [_mapping(sku.metadata.get("options")) for sku in product]
    names = list(dict.fromkeys(name for each in told for name in each))[:_OPTIONS_MAX]
    if not names:
        alone = len(product) == 1
        return (
            ["Title" if alone else "SKU"],
            [[DEFAULT_VALUE if alone else sku.code] for sku in product],
        )

    def values(order: Sequence[str]) -> list[list[str]]:
        return [[_text(each.get(name)) for name in order] for each in told]

    # Metadata do not keep an order; the names of the variants have it.
    def is_that_of_names(order: Sequence[str]) -> bool:
        return all(
            sku.name.endswith(_suffix(each))
            for sku, each in zip(product, values(order), strict=True)
        )

    order = next(filter(is_that_of_names, permutations(names)), names)
    return order, values(order)


def _suffix(values: Sequence[str]) -> str:
    return f" - {' / '.join(filter(None, values))}"


def _head(product: _SoldProduct) -> dict[str, str]:
    first = product.skus[0]
    described = _mapping(first.metadata.get("product"))
    published, status = _STATUSES.get(_text(first.metadata.get("status")), ("", ""))
    cells = {
        "Title": product.title,
        "Body (HTML)": first.description or "",
        "Vendor": _text(described.get("vendor")),
        "Product Category": _text(described.get("category")),
        "Type": _text(described.get("type")),
        "Tags": ", ".join(first.tags),
        "Published": published,
        "Gift Card": "false",
        "Status": status,
    }
    for number, name in enumerate(product.option_names, start=1):
        cells[f"Option{number} Name"] = name
    return cells


def _variant(sku: ExportedSku, options: Sequence[str], currency: str | None) -> dict[str, str]:
    metadata, unit = sku.metadata, sku.unit_of_weight or "gr"
    cells = {
        "Variant SKU": protected(sku.code),
        "Variant Grams": "0" if sku.weight is None else grams_of(sku.weight, unit),
        "Variant Inventory Tracker": "" if sku.do_not_track else "shopify",
        "Variant Inventory Qty": "" if sku.quantity is None else str(sku.quantity),
        "Variant Inventory Policy": "deny",
        "Variant Fulfillment Service": _text(metadata.get("fulfillment_service")) or MANUAL,
        "Variant Price": _amount(sku.amount_cents, currency),
        "Variant Compare At Price": _amount(sku.compare_at_amount_cents, currency),
        "Variant Requires Shipping": "false" if sku.do_not_ship else "true",
        "Variant Taxable": _lower(_text(metadata.get("taxable"))),
        "Variant Barcode": protected(_text(metadata.get("barcode"))),
        "Variant Weight Unit": "g" if unit == "gr" else unit,
        "Variant Tax Code": _text(metadata.get("tax_code")),
        "Cost per item": _text(metadata.get("cost_per_item")),
    }
    for number, value in enumerate(options, start=1):
        cells[f"Option{number} Value"] = value
    return cells


def _amount(cents: int | None, currency: str | None) -> str:
    if cents is None or currency is None:
        return ""
    exponent = EXPONENTS[currency]
    return f"{Decimal(cents).scaleb(-exponent):.{exponent}f}"


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """A text; "" for what would come back as another value than it is."""
    return value if isinstance(value, str) and value == value.strip() else ""


def _lower(text: str) -> str:
    return text if text == text.lower() else ""


EXPORT = GoodsExport(columns=_COLUMNS, rows=_rows)
