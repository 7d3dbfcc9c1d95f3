"""Google Merchant Center's product feed, which Meta's catalogue takes as well.

Facts: a TSV or CSV; amounts with the code of their currency, `15.00 USD`; weights with their unit,
`0.2 kg`; a sale counts inside its window of two ISO dates with a slash between; lists with commas;
no quantities. Meta's files may have lines that begin with `#`, and say of products whether they
are archived.
"""

from longshore.dialects.amounts import parted_amount
from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import (
    GOODS_FIELDS,
    GOODS_OPTIONS,
    Cell,
    Sku,
    barcode_of,
    compact,
    emit_price,
    emit_sku,
)
from longshore.dialects.header import Column, Header, SourceRow
from longshore.dialects.sales import emit_price_or_sale
from longshore.error_codes import ErrorCode
from longshore.spellings import ColumnKind, ValueRefused, weight_of

_PRODUCT = {"brand": "vendor", "product_type": "type", "google_product_category": "category"}
_OPTIONS = ("color", "size", "material", "pattern")
_OTHERS = ("mpn", "condition", "age_group", "gender")
_OVER = frozenset(("archived", "hidden", "staging"))  # what Meta calls what is not for sale
_NOTE = "#"


class _Feed:
    """The columns of a feed."""

    def __init__(self, header: Header) -> None:
        column = header.column
        self.first = Column(header.names[0], 0)
        self.id = column("id")
        self.title = column("title")
        self.description = column("description")
        self.image = column("image_link")
        self.images = column("additional_image_link")
        self.group = column("item_group_id")
        self.price = column("price")
        self.sale = column("sale_price")
        self.window = column("sale_price_effective_date")
        self.weight = column("shipping_weight")
        self.gtin = column("gtin")
        self.availability = column("availability")
        self.link = column("link")
        self.states = (column("status"), column("visibility"))
        self.product = {name: column(source) for source, name in _PRODUCT.items()}
        self.options = {name: column(name) for name in _OPTIONS}
        self.others = {name: column(name) for name in _OTHERS}


def _convert(conversion: Conversion) -> None:
    feed = _Feed(conversion.header)
    for row in conversion.rows():
        if row.is_blank or _is_note(feed, row):
            continue
        state = " ".join(filter(None, (each(row).casefold() for each in feed.states)))
        if conversion.options.only_active and not _OVER.isdisjoint(state.split()):
            conversion.leave_out("not active", row)
            continue
        sku = _sku(conversion, feed, row, state)
        if emit_sku(conversion, sku, row) and sku.code:
            _emit_price(conversion, feed, sku.code, row)


def _sku(conversion: Conversion, feed: _Feed, row: SourceRow, state: str) -> Sku:
    return Sku(
        code=feed.id(row),
        code_column=feed.id.name,
        name=feed.title(row),
        description=feed.description(row),
        image_url=feed.image(row),
        images=_list(feed.images(row)),
        weight=_weight(conversion, feed.weight, row),
        weight_unit=conversion.targets.weight_unit("g"),
        do_not_ship=None,
        do_not_track=None,
        reference=feed.group(row),
        reference_origin=DIALECT.name,
        metadata=compact(
            {
                "options": compact({name: cell(row) for name, cell in feed.options.items()}),
                "product": compact({name: cell(row) for name, cell in feed.product.items()}),
                "barcode": barcode_of(conversion, feed.gtin(row), row),
                "availability": feed.availability(row).casefold().replace(" ", "_"),
                "status": state,
                "link": feed.link(row),
                **{name: cell(row) for name, cell in feed.others.items()},
            }
        ),
    )


def _emit_price(conversion: Conversion, feed: _Feed, code: str, row: SourceRow) -> None:
    own = conversion.options.currency
    if own is not None:
        own = conversion.targets.known_currency(own)
    currency, regular = _amount(feed.price, row, own)
    sale_currency, sale = _amount(feed.sale, row, own)
    if sale and regular and None is not currency != sale_currency:
        failure = CellFailure("amount_cents", sale.column, sale.text, ErrorCode.NO_CURRENCY)
        if sale_currency is not None:
            codes = (sale_currency, currency)
            failure = failure._replace(code=ErrorCode.OTHER_CURRENCY, arguments=codes)
        emit_price(conversion, code, regular, row, currency=currency, failures=(failure,))
        return
    starts, _, ends = feed.window(row).partition("/")
    window = (Cell(feed.window.name, starts), Cell(feed.window.name, ends))
    emit_price_or_sale(
        conversion, code, regular, sale, row, currency=currency or sale_currency, window=window
    )


def _amount(column: Column, row: SourceRow, own: str | None) -> tuple[str | None, Cell]:
    """The currency of an amount, and its cell."""
    text = column(row)
    if not text:
        return None, Cell(column.name, "")
    currency, number = parted_amount(text, own)
    return currency, Cell(column.name, text, part=number)


def _weight(conversion: Conversion, column: Column, row: SourceRow) -> Cell | None:
    """A weight with its unit, or in the one that was asked for; none where nobody knows it."""
    text = column(row)
    if text and conversion.options.weight_unit is None:
        try:
            mark = conversion.decimal_mark(column.name, text, row, ColumnKind.WEIGHT)
            weight = weight_of(text, mark, None)
        except ValueRefused:
            weight = None
        if weight is not None and weight[1] is None:
            conversion.tell(
                "weights_without_unit",
                "{count} rows have a weight without a unit, which is left out",
                row,
                hint="--weight-unit says which it is, such as --weight-unit g",
                cell=text,
            )
            return None
    return Cell(column.name, text)


def _is_note(feed: _Feed, row: SourceRow) -> bool:
    """Whether a row is one of those that explain columns to people."""
    if not feed.first(row).startswith(_NOTE):
        return False
    return all(cell.strip().startswith(_NOTE) for cell in row.cells if cell.strip())


def _list(cell: str) -> list[str]:
    return [each for part in cell.split(",") if (each := part.strip())]


DIALECT = Dialect(
    name="google",
    platform="google",
    title="Google product feed",
    made_from="Google's product data specification and Meta's catalogue feeds, as of 2025",
    signatures=(HeaderSignature.of("id", "title", "link", "image_link", "availability", "price"),),
    fields={name: fields for name, fields in GOODS_FIELDS.items() if name != "stock_items"},
    sources={
        "skus": {
            "code": ("id",),
            "name": ("title",),
            "description": ("description",),
            "image_url": ("image_link",),
            "weight": ("shipping_weight",),
            "reference": ("item_group_id",),
        },
        "prices": {
            "sku_code": ("id",),
            "amount_cents": ("price",),
            "compare_at_amount_cents": ("price",),
        },
    },
    known=(
        *("link", "additional_image_link", "availability", "status", "visibility", "gtin"),
        *("sale_price", "sale_price_effective_date", *_PRODUCT, *_OPTIONS, *_OTHERS),
    ),
    options=(GOODS_OPTIONS | {"weight_unit"}) - {"stock_location"},
    convert=_convert,
)
