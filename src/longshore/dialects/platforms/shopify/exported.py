"""SKUs as rows of Shopify's file of products, which make the same SKUs again.

What an import has put into the metadata of a SKU goes back into its columns. A SKU from elsewhere
is a product of its own, called as it is.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations, zip_longest
from typing import Any

from longshore.catalogue import EXPONENTS
from longshore.dialects.exported_goods import ExportedSku, GoodsExport
from longshore.dialects.platforms.shopify.grams import grams_of
from longshore.dialects.texts import DEFAULT_VALUE, protected, slug

_OPTIONS_MAX = 3
_COLUMNS = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published"),
    *("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name"),
    *("Option3 Value", "Variant SKU", "Variant Grams", "Variant Inventory Tracker"),
    *("Variant Inventory Qty", "Variant Inventory Policy", "Variant Fulfillment Service"),
    *("Variant Price", "Variant Compare At Price", "Variant Requires Shipping"),
    *("Variant Taxable", "Variant Barcode", "Image Src", "Image Position", "Gift Card"),
    *("Variant Image", "Variant Weight Unit", "Variant Tax Code", "Cost per item", "Status"),
)


def _rows(product: Sequence[ExportedSku], currency: str | None) -> Iterator[Sequence[str]]:
    """The rows of the variants, the first of them with what is said of the product, and a row for
    each image beyond these."""
    first = product[0]
    described = _mapping(first.metadata.get("product"))
    handle = first.reference or _text(described.get("handle")) or slug(first.code)
    names, options = _options(product)
    images = product_images(product)
    for place, (sku, image) in enumerate(zip_longest(product, images)):
        cells = {"Handle": handle}
        if place == 0:
            title = _text(described.get("title")) or _title(first, options[0])
            cells |= _head(first, described, title, names)
        if sku is not None:
            cells |= _variant(sku, options[place], currency)
            if sku.image_url and (not images or sku.image_url != images[0]):
                cells["Variant Image"] = sku.image_url
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


def _title(sku: ExportedSku, values: Sequence[str]) -> str:
    return sku.name.removesuffix(_suffix(values))


def _suffix(values: Sequence[str]) -> str:
    return f" - {' / '.join(filter(None, values))}"


def _head(
    sku: ExportedSku, described: dict[str, Any], title: str, options: Sequence[str]
) -> dict[str, str]:
    status = _text(sku.metadata.get("status"))
    cells = {
        "Title": title,
        "Body (HTML)": sku.description or "",
        "Vendor": _text(described.get("vendor")),
        "Product Category": _text(described.get("category")),
        "Type": _text(described.get("type")),
        "Tags": ", ".join(sku.tags),
        "Published": "false" if status in ("unpublished", "draft") else "true",
        "Gift Card": "false",
        "Status": "active" if status in ("", "unpublished") else status,
    }
    for number, name in enumerate(options, start=1):
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
        "Variant Fulfillment Service": "manual",
        "Variant Price": _amount(sku.amount_cents, currency),
        "Variant Compare At Price": _amount(sku.compare_at_amount_cents, currency),
        "Variant Requires Shipping": "false" if sku.do_not_ship else "true",
        "Variant Taxable": _text(metadata.get("taxable")),
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
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


EXPORT = GoodsExport(columns=_COLUMNS, rows=_rows)
