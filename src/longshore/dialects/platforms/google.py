"""Google Merchant Center's product feed, which Meta's catalogue takes as well.

Facts: a TSV or CSV; amounts with the code of their currency, `15.00 USD`; weights with their unit,
`0.2 kg`; a sale counts inside its window of two ISO dates with a slash between; no quantities.
"""

from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, Signature
from longshore.dialects.goods import (
    GOODS_FIELDS,
    GOODS_OPTIONS,
    Cell,
    Sku,
    compact,
    emit_price,
    emit_sku,
)


def _convert(conversion: Conversion) -> None:
    column = conversion.header.column
    id_, title, description = column("id"), column("title"), column("description")
    image, price = column("image_link"), column("price")
    for row in conversion.rows():
        code = id_(row)
        sku = Sku(
            code=code,
            name=title(row),
            description=description(row),
            image_url=image(row),
            reference_origin="google",
            metadata=compact({}),
        )
        if emit_sku(conversion, sku, row) and price(row):
            amount, _, currency = price(row).rpartition(" ")
            known = conversion.targets.known_currency(currency)
            emit_price(conversion, code, Cell(price.name, amount), row, currency=known)


DIALECT = Dialect(
    name="google",
    platform="google",
    title="Google product feed",
    made_from="the product data specification of 2025",
    signatures=(Signature.of("id", "title", "link", "image_link", "availability", "price"),),
    fields=GOODS_FIELDS,
    sources={
        "skus": {
            "code": ("id",),
            "name": ("title",),
            "description": ("description",),
            "image_url": ("image_link",),
        },
        "prices": {"sku_code": ("id",), "amount_cents": ("price",)},
    },
    known=("link",),
    options=GOODS_OPTIONS,
    convert=_convert,
)
