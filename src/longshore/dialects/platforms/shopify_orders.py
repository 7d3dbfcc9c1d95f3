"""Shopify's file of orders.

Facts: a row is a line item; the rows of one `Name` are one order, and only the first of them has
what is said of the order. Amounts are decimal, in the currency of the column `Currency`.

Orders come as drafts of a market that exists: what was paid, sent and refunded elsewhere cannot
happen again, so it is kept in their metadata, as are their addresses.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from longshore.dialects.amounts import cents_of, has_currency, whole_number_of
from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import compact, tags_of
from longshore.dialects.grouped_rows import grouped_rows
from longshore.dialects.header import Column, Header, SourceRow
from longshore.dialects.texts import slug, unprotected
from longshore.error_codes import ErrorCode
from longshore.spellings import ValueRefused

_ORIGIN = "shopify"
_OF_ORDER = (
    *("Financial Status", "Fulfillment Status", "Paid at", "Fulfilled at", "Created at"),
    *("Cancelled at", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code"),
    *("Discount Amount", "Shipping Method", "Payment Method", "Payment Reference"),
    *("Refunded Amount", "Outstanding Balance", "Notes", "Note Attributes", "Source", "Phone"),
)
_OF_LINE_ITEM = (
    *("Lineitem fulfillment status", "Lineitem discount", "Lineitem requires shipping"),
    *("Lineitem taxable", "Vendor"),
)
_OF_ADDRESS = (
    *("Name", "Street", "Address1", "Address2", "Company", "City", "Zip", "Province"),
    *("Province Name", "Country", "Phone"),
)
_ADDRESSES = ("Billing", "Shipping")


class _OrderColumns:
    """The columns of a file."""

    def __init__(self, header: Header) -> None:
        column = header.column
        self.number, self.id = column("Name"), column("Id")
        self.email, self.tags = column("Email"), column("Tags")
        self.currency = column("Currency")
        self.sku, self.name = column("Lineitem sku"), column("Lineitem name")
        self.quantity, self.price = column("Lineitem quantity"), column("Lineitem price")
        self.compare_at = column("Lineitem compare at price")
        self.of_order = _named(header, _OF_ORDER)
        self.of_line_item = _named(header, _OF_LINE_ITEM)
        self.addresses = {
            _key(f"{kind} Address"): {_key(part): column(f"{kind} {part}") for part in _OF_ADDRESS}
            for kind in _ADDRESSES
        }


def _named(header: Header, names: Sequence[str]) -> dict[str, Column]:
    return {_key(name.removeprefix("Lineitem ")): header.column(name) for name in names}


def _key(name: str) -> str:
    return name.lower().replace(" ", "_")


def _convert(conversion: Conversion) -> None:
    columns = _OrderColumns(conversion.header)
    for rows in grouped_rows(conversion, columns.number, "order"):
        if not columns.number(rows[0]):
            conversion.fail_row(rows[0], columns.number.name, "", ErrorCode.BLANK)
            continue
        currency = _emit_order(conversion, columns, rows)
        if currency is None:
            continue
        times: Counter[str] = Counter()
        for row in rows:
            if columns.quantity(row) or columns.name(row) or columns.sku(row):
                _emit_line_item(conversion, columns, row, currency, times)


def _emit_order(
    conversion: Conversion, columns: _OrderColumns, rows: Sequence[SourceRow]
) -> str | None:
    """Write the record of an order; its currency, or None where it has failed."""

    def first(column: Column) -> str:
        return next((cell for row in rows if (cell := column(row))), "")

    given = first(columns.currency)
    currency = given.upper() or conversion.targets.currency
    metadata: dict[str, Any] = {
        name: unprotected(first(column)) for name, column in columns.of_order.items()
    }
    for kind, parts in columns.addresses.items():
        metadata[kind] = compact(
            {name: unprotected(first(column)) for name, column in parts.items()}
        )
    for row in rows:
        metadata = {**conversion.rest(row), **metadata}
    head = next((row for row in rows if columns.currency(row) or columns.email(row)), rows[0])
    failures = []
    column, expected = columns.currency.name, conversion.targets.market_currency()
    if not has_currency(currency):
        failures.append(CellFailure("base", column, given, ErrorCode.NOT_IN_LIST))
    elif expected is not None and expected != currency:
        arguments = (currency, expected)
        failures.append(CellFailure("base", column, given, ErrorCode.OTHER_CURRENCY, arguments))
    conversion.emit(
        "orders",
        {
            "number": columns.number(head),
            **conversion.targets.market(),
            "customer_email": first(columns.email).lower(),
            "reference": unprotected(first(columns.id)),
            "reference_origin": _ORIGIN,
            "tags": tags_of(conversion, first(columns.tags).split(","), head),
            "metadata": compact(metadata),
        },
        head,
        failures=failures,
    )
    return None if failures else currency


def _emit_line_item(
    conversion: Conversion,
    columns: _OrderColumns,
    row: SourceRow,
    currency: str,
    times: Counter[str],
) -> None:
    """Write the record of a line item. It is known by its order and by what was ordered, as the
    file gives it no name of its own; `times` counts how often each was."""
    number, code, name = columns.number(row), unprotected(columns.sku(row)), columns.name(row)
    what = code or slug(name)
    times[what] += 1
    again = f"/{times[what]}" if times[what] > 1 else ""
    failures: list[CellFailure] = []
    quantity = _whole_number(conversion, columns.quantity, row, failures)
    amount = _cents(conversion, "unit_amount_cents", columns.price, row, currency, failures)
    compared = _cents(
        conversion, "compare_at_amount_cents", columns.compare_at, row, currency, failures
    )
    conversion.emit(
        "line_items",
        {
            "order.number": number,
            "sku_code": code,
            "quantity": quantity,
            "name": name,
            "unit_amount_cents": amount,
            "compare_at_amount_cents": compared if compared not in ("0", amount) else "",
            "reference": f"{number}/{what}{again}",
            "reference_origin": _ORIGIN,
            "metadata": compact(
                {name: column(row) for name, column in columns.of_line_item.items()}
            ),
        },
        row,
        cells={
            "unit_amount_cents": (columns.price.name, columns.price(row)),
            "compare_at_amount_cents": (columns.compare_at.name, columns.compare_at(row)),
        },
        failures=failures,
    )


def _whole_number(
    conversion: Conversion, column: Column, row: SourceRow, failures: list[CellFailure]
) -> str:
    cell = column(row)
    if not cell:
        return ""
    try:
        return str(whole_number_of(cell, conversion.decimal_mark(column.name, cell, row)))
    except ValueRefused as refused:
        failures.append(CellFailure.of("quantity", column.name, cell, refused.message))
        return ""


def _cents(
    conversion: Conversion,
    field: str,
    column: Column,
    row: SourceRow,
    currency: str,
    failures: list[CellFailure],
) -> str:
    cell = column(row)
    if not cell:
        return ""
    try:
        mark = conversion.decimal_mark(column.name, cell, row)
        return str(cents_of(cell, currency, mark, rounds=conversion.options.rounds))
    except ValueRefused as refused:
        failures.append(CellFailure.of(field, column.name, cell, refused.message))
        return ""


DIALECT = Dialect(
    name="shopify-orders",
    platform="shopify",
    title="Shopify orders",
    made_from="the order CSV of 2026",
    signatures=(HeaderSignature.of("Name", "Lineitem sku", "Lineitem quantity", "Lineitem price"),),
    fields={
        "orders": (
            *("number", "market.code", "market.name", "customer_email"),
            *("reference", "reference_origin", "tags", "metadata"),
        ),
        "line_items": (
            *("order.number", "sku_code", "quantity", "name", "unit_amount_cents"),
            *("compare_at_amount_cents", "reference", "reference_origin", "metadata"),
        ),
    },
    sources={
        "orders": {
            "number": ("Name",),
            "market.code": ("Name",),
            "customer_email": ("Email",),
            "tags": ("Tags",),
            "reference": ("Id",),
        },
        "line_items": {
            "order.number": ("Name",),
            "sku_code": ("Lineitem sku",),
            "quantity": ("Lineitem quantity",),
            "name": ("Lineitem name",),
            "unit_amount_cents": ("Lineitem price",),
            "compare_at_amount_cents": ("Lineitem compare at price",),
        },
    },
    known=(
        *("Currency", *_OF_ORDER, *_OF_LINE_ITEM),
        *(f"{kind} {part}" for kind in _ADDRESSES for part in _OF_ADDRESS),
    ),
    options=frozenset(("currency", "market", "decimal", "rounds", "keep_rest")),
    convert=_convert,
)
