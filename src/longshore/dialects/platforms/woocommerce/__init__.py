"""WooCommerce's product export.

Facts: one row for each thing; `Type` is a list that says which, with `virtual` and `downloadable`
beside it. A variation names its product in `Parent` by SKU or as `id:12`, and that may stand later
in the file. The header has the unit of weights, `Weight (lbs)`. Lists have commas between, and a
backslash before a comma that is part of one. Numbers may have an apostrophe before them. Published
is 1, 0 (private) or -1 (draft).
"""

from longshore.dialects.choices import SKU_LIST_FIELDS, SKU_LIST_ITEM_FIELDS
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import GOODS_FIELDS, GOODS_OPTIONS
from longshore.dialects.platforms.woocommerce.columns import WEIGHT_UNITS
from longshore.dialects.platforms.woocommerce.products import ORIGIN, convert

DIALECT = Dialect(
    name=ORIGIN,
    platform=ORIGIN,
    title="WooCommerce products",
    made_from="the CSV exporter and importer of WooCommerce 9.8",
    signatures=(HeaderSignature.of("Type", "SKU", "Regular price", "Visibility in catalog"),),
    fields={
        **GOODS_FIELDS,
        "sku_lists": SKU_LIST_FIELDS,
        "sku_list_items": SKU_LIST_ITEM_FIELDS,
    },
    sources={
        "skus": {
            "code": ("SKU",),
            "name": ("Name",),
            "description": ("Description", "Short description"),
            "image_url": ("Images",),
            "weight": (*(f"Weight ({unit})" for unit in WEIGHT_UNITS), "Weight"),
            "do_not_ship": ("Type",),
            "do_not_track": ("Stock",),
            "reference": ("Parent",),
            "tags": ("Tags",),
        },
        "prices": {
            "sku_code": ("SKU",),
            "amount_cents": ("Regular price",),
            "compare_at_amount_cents": ("Regular price",),
        },
        "stock_items": {"sku_code": ("SKU",), "quantity": ("Stock",)},
        "sku_lists": {
            "name": ("Name",),
            "description": ("Description", "Short description"),
            "image_url": ("Images",),
            "reference": ("SKU",),
        },
        "sku_list_items": {"sku_list.name": ("Name",), "sku_code": ("Grouped products",)},
    },
    known=(
        *("ID", "Published", "Short description", "In stock?", "Backorders allowed?"),
        *("Date sale price starts", "Date sale price ends", "Sale price", "Categories", "Brands"),
        *("GTIN, UPC, EAN, or ISBN", "Attribute *", "Meta: *", "Grouped products"),
    ),
    options=GOODS_OPTIONS | {"weight_unit", "image_base"},
    convert=convert,
)
