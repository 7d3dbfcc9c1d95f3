"""Shopify's file of products, with the columns of old and those of the template of 2025: read, and
written.

Facts: UTF-8, comma, CRLF. The rows of one handle are a product; the first has its title, text, tags
and the names of its options, which the others leave blank. Each row with a price or the value of an
option is a variant. Rows may have an image of the product besides, which is not that of their
variant; a row with an image alone is no variant. A product without options has one called `Title`
with the value `Default Title`. Weights are grams, whatever unit is shown. No column says which
currency prices are in.
"""

from collections.abc import Iterator

from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import GOODS_FIELDS, GOODS_OPTIONS
from longshore.dialects.platforms.shopify.exported import EXPORT
from longshore.dialects.platforms.shopify.product_columns import OWN_COLUMN
from longshore.dialects.platforms.shopify.product_rows import convert


def _numbered(*forms: str) -> Iterator[str]:
    return (form.format(number) for form in forms for number in (1, 2, 3))


DIALECT = Dialect(
    name="shopify",
    platform="shopify",
    title="Shopify products",
    made_from="the product CSV of 2026, its columns of old and those of the template of 2025",
    signatures=(
        HeaderSignature.of("Handle", "Title", "Variant Price"),
        HeaderSignature.of("URL handle", "Title", "Price", "Option1 name"),
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
        *("Variant Fulfillment Service", "Fulfillment service", OWN_COLUMN),
        *("Price /*", "Compare At Price /*", "Included /*"),
    ),
    export=EXPORT,
    options=GOODS_OPTIONS | {"markets"},
    convert=convert,
)
