"""Amazon's files: the listings report, and flat files that sellers fill in.

Facts: cells lie between tabs, and quotes have no meaning; UTF-8 or Windows-1252, in Japan Shift
JIS, where the names of the report's columns are Japanese. No file says its currency. A blank
quantity is one that Amazon keeps itself. The first line of a flat file begins with `TemplateType=`,
and may say on which lines the names of the attributes and the data are; a flat file that a
spreadsheet program has saved may have commas, and quotes then.
"""

import codecs
import re

from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, FileReading, HeaderSignature
from longshore.dialects.goods import (
    GOODS_FIELDS,
    GOODS_OPTIONS,
    Cell,
    Sku,
    barcode_of,
    compact,
    emit_price,
    emit_sku,
    emit_stock_item,
)
from longshore.dialects.header import Header, SourceRow
from longshore.dialects.sales import emit_price_or_sale
from longshore.error_codes import ErrorCode
from longshore.mapping import name_keys
from longshore.readers import CsvOptions
from longshore.spellings import weight_unit_of

_ORIGIN = "amazon"
# The columns of the report, as it calls them, and as it does in Japan.
_NAME = ("item-name", "商品名")
_CODE = ("seller-sku", "出品者SKU")
_PRICE = ("price", "価格")
_QUANTITY = ("quantity", "数量")
_STATUS = ("status", "ステータス")
_ASIN = ("asin1", "ASIN 1")
_PRODUCT_ID = ("product-id", "商品ID")
_PRODUCT_ID_TYPE = ("product-id-type", "商品IDタイプ")
_OTHERS = {
    "listing_id": ("listing-id", "出品ID"),
    "condition": ("item-condition", "コンディション"),
    "condition_note": ("item-note", "コンディション説明"),
    "fulfillment_channel": ("fulfillment-channel", "フルフィルメント・チャンネル"),
}
_BARCODE_TYPES = frozenset(("2", "3", "4"))  # ISBN, UPC, EAN; 1 is Amazon's own number
_KANA = re.compile("[\u3041-\u30fe]")  # full-width: half-width ones are letters of Windows-1252
_SETTING = re.compile(r"\b(attributeRow|dataRow)=([1-9][0-9]?)\b")


def _convert_listings(conversion: Conversion) -> None:
    column = conversion.header.column
    code, name, price, quantity = (column(*each) for each in (_CODE, _NAME, _PRICE, _QUANTITY))
    description, image, status = column("item-description"), column("image-url"), column(*_STATUS)
    asin, product_id, id_type = (column(*each) for each in (_ASIN, _PRODUCT_ID, _PRODUCT_ID_TYPE))
    others = {field: column(*names) for field, names in _OTHERS.items()}
    for row in conversion.rows():
        if row.is_blank:
            continue
        state = status(row).casefold()
        if conversion.options.only_active and state not in ("", "active"):
            conversion.leave_out("not active", row)
            continue
        number = barcode_of(conversion, product_id(row), row)
        sku = Sku(
            code=code(row),
            code_column=code.name,
            name=name(row),
            description=description(row),
            image_url=image(row),
            do_not_ship=None,
            do_not_track=None,
            reference_origin=_ORIGIN,
            metadata=compact(
                {
                    "asin": asin(row),
                    "product_id": number,
                    "barcode": number if id_type(row) in _BARCODE_TYPES else "",
                    "status": state,
                    **{field: cell(row) for field, cell in others.items()},
                }
            ),
        )
        if not emit_sku(conversion, sku, row) or not sku.code:
            continue
        if price(row):
            amount = Cell(price.name, price(row))
            currency = conversion.targets.currency
            emit_price(conversion, sku.code, amount, row, currency=currency)
        emit_stock_item(conversion, sku.code, Cell(quantity.name, quantity(row)), row)


# Flat files

_IMAGES = tuple(f"other_image_url{number}" for number in range(1, 9))
_OPTIONS = {"color_name": "color", "size_name": "size", "style_name": "style"}
_PRODUCT = {"brand_name": "vendor", "feed_product_type": "type", "manufacturer": "manufacturer"}
_BARCODES = frozenset(("", "upc", "ean", "gtin", "isbn", "jan"))
_SALE = ("sale_from_date", "sale_end_date")


class _FlatFile:
    """The columns of a flat file."""

    def __init__(self, header: Header) -> None:
        column = header.column
        self.deletes = column("update_delete")
        self.relation = column("parent_child", "parentage")
        self.parent = column("parent_sku")
        self.code = column("item_sku")
        self.name = column("item_name")
        self.description = column("product_description")
        self.image = column("main_image_url")
        self.images = [column(name) for name in _IMAGES]
        self.price = column("standard_price")
        self.sale = column("sale_price")
        self.window = [column(name) for name in _SALE]
        self.quantity = column("quantity")
        self.weight = column("website_shipping_weight")
        self.weight_unit = column("website_shipping_weight_unit_of_measure")
        self.product_id = column("external_product_id")
        self.product_id_type = column("external_product_id_type")
        self.theme = column("variation_theme")
        self.options = {field: column(name) for name, field in _OPTIONS.items()}
        self.product = {field: column(name) for name, field in _PRODUCT.items()}


def _convert_flat(conversion: Conversion) -> None:
    file = _FlatFile(conversion.header)
    for row in conversion.rows():
        if row.is_blank or file.relation(row).casefold() == "parent":
            continue
        if file.deletes(row).casefold() == "delete":
            conversion.leave_out("to be deleted", row)
            continue
        sku = _flat_sku(conversion, file, row)
        if not emit_sku(conversion, sku, row) or not sku.code:
            continue
        if file.price(row) or file.sale(row):
            starts, ends = (Cell(each.name, each(row)) for each in file.window)
            emit_price_or_sale(
                conversion,
                sku.code,
                Cell(file.price.name, file.price(row)),
                Cell(file.sale.name, file.sale(row)),
                row,
                currency=conversion.targets.currency,
                window=(starts, ends),
            )
        emit_stock_item(conversion, sku.code, Cell(file.quantity.name, file.quantity(row)), row)


def _flat_sku(conversion: Conversion, file: _FlatFile, row: SourceRow) -> Sku:
    weight, unit, failures = _flat_weight(conversion, file, row)
    product_id = barcode_of(conversion, file.product_id(row), row)
    id_type = file.product_id_type(row).casefold()
    return Sku(
        code=file.code(row),
        code_column=file.code.name,
        name=file.name(row),
        description=file.description(row),
        image_url=file.image(row),
        images=[image for column in file.images if (image := column(row))],
        weight=weight,
        weight_unit=unit,
        do_not_ship=None,
        do_not_track=None,
        reference=file.parent(row),
        reference_origin=_ORIGIN,
        failures=failures,
        metadata=compact(
            {
                "options": compact({name: cell(row) for name, cell in file.options.items()}),
                "product": compact({name: cell(row) for name, cell in file.product.items()}),
                "asin": product_id if id_type == "asin" else "",
                "barcode": product_id if id_type in _BARCODES else "",
                "variation_theme": file.theme(row),
            }
        ),
    )


def _flat_weight(
    conversion: Conversion, file: _FlatFile, row: SourceRow
) -> tuple[Cell | None, str, tuple[CellFailure, ...]]:
    """The weight of a row, and its unit, which stands in a column beside it."""
    text, named = file.weight(row), file.weight_unit(row)
    if not text:
        return None, "gr", ()
    unit = weight_unit_of(named) if named else None
    if named and unit is None:
        column = file.weight_unit.name
        failure = CellFailure("unit_of_weight", column, named, ErrorCode.NOT_IN_LIST)
        return None, "gr", (failure,)
    if unit is None and conversion.options.weight_unit is None:
        conversion.tell(
            "weights_without_unit",
            "{count} rows have a weight without a unit, which is left out",
            row,
            hint="--weight-unit says which it is, such as --weight-unit kg",
            cell=text,
        )
        return None, "gr", ()
    return Cell(file.weight.name, text), unit or conversion.targets.weight_unit("kg"), ()


# How the first bytes tell them


def _listings_begin(head: bytes) -> FileReading | None:
    encoding = _encoding(head)
    names = {key for name in _first_line(head, encoding).split("\t") for key in name_keys(name)}
    if not all(names & {key for name in each for key in name_keys(name)} for each in _SIGNED):
        return None
    return FileReading(csv=_TABBED, encoding=encoding)


def _flat_begins(head: bytes) -> FileReading | None:
    encoding = _encoding(head)
    line = _first_line(head, encoding)
    if not line.startswith("TemplateType="):
        return None
    lines = {"attributeRow": 3, "dataRow": 4}
    lines |= {name: int(number) for name, number in _SETTING.findall(line)}
    is_tabbed = "\t" in line
    return FileReading(
        csv=CsvOptions(
            delimiter="\t" if is_tabbed else ",",
            quote="" if is_tabbed else '"',
            escape="",
            header_row=lines["attributeRow"],
            header_rows=1,
            is_one_table=True,
        ),
        encoding=encoding,
        first_line=lines["dataRow"],
    )


def _encoding(head: bytes) -> str | None:
    """Shift JIS where the text is Japanese in it; else None, for whoever reads all of it."""
    if head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    if _decoded(head, "utf-8") is not None:
        return None
    text = _decoded(head, "cp932")
    return "cp932" if text is not None and _KANA.search(text) else None


def _decoded(head: bytes, encoding: str) -> str | None:
    """The text of first bytes, which may end inside of a character; None: it is in another one."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return None


def _first_line(head: bytes, encoding: str | None) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    text = codecs.getincrementaldecoder(encoding or "utf-8-sig")("replace").decode(head)
    return text.partition("\n")[0].rstrip("\r")


_SIGNED = (_CODE, _NAME, _PRICE, _QUANTITY)
_TABBED = CsvOptions(delimiter="\t", quote="", escape="")

_LISTINGS = Dialect(
    name="amazon",
    platform=_ORIGIN,
    title="Amazon listings report",
    made_from="the reports of Seller Central as of 2025, in Europe, America and Japan",
    signatures=(HeaderSignature.of(*_SIGNED),),
    fields=GOODS_FIELDS,
    sources={
        "skus": {
            "code": _CODE,
            "name": _NAME,
            "description": ("item-description",),
            "image_url": ("image-url",),
        },
        "prices": {"sku_code": _CODE, "amount_cents": _PRICE},
        "stock_items": {"sku_code": _CODE, "quantity": _QUANTITY},
    },
    known=(
        *(*_STATUS, *_ASIN, *_PRODUCT_ID, *_PRODUCT_ID_TYPE),
        *(name for names in _OTHERS.values() for name in names),
    ),
    options=GOODS_OPTIONS,
    reading=_TABBED,
    begins=_listings_begin,
    convert=_convert_listings,
)
_FLAT = Dialect(
    name="amazon-flat",
    platform=_ORIGIN,
    title="Amazon flat file",
    made_from="the category templates of Seller Central as of 2025",
    signatures=(HeaderSignature.of("item_sku", "item_name", ("standard_price", "update_delete")),),
    fields=GOODS_FIELDS,
    sources={
        "skus": {
            "code": ("item_sku",),
            "name": ("item_name",),
            "description": ("product_description",),
            "image_url": ("main_image_url",),
            "weight": ("website_shipping_weight",),
            "unit_of_weight": ("website_shipping_weight_unit_of_measure",),
            "reference": ("parent_sku",),
        },
        "prices": {
            "sku_code": ("item_sku",),
            "amount_cents": ("standard_price",),
            "compare_at_amount_cents": ("standard_price",),
        },
        "stock_items": {"sku_code": ("item_sku",), "quantity": ("quantity",)},
    },
    known=(
        *("update_delete", "parent_child", "parentage", "external_product_id"),
        *("external_product_id_type", "variation_theme", "sale_price", *_SALE),
        *(*_IMAGES, *_OPTIONS, *_PRODUCT),
    ),
    options=(GOODS_OPTIONS | {"weight_unit"}) - {"only_active"},
    begins=_flat_begins,
    convert=_convert_flat,
)
DIALECTS = (_LISTINGS, _FLAT)
