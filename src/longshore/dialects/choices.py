"""What several SKUs make together, and what is sold beside one: lists, bundles and options."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.dialects.amounts import cents_of, whole_number_of
from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.conversion import Conversion
from longshore.dialects.goods import Cell
from longshore.dialects.header import SourceRow
from longshore.error_codes import ErrorCode
from longshore.spellings import ValueRefused

SKU_LIST_FIELDS = ("name", "description", "image_url", "reference", "reference_origin", "metadata")
SKU_LIST_ITEM_FIELDS = ("sku_list.name", "sku_code", "quantity", "position")
BUNDLE_FIELDS = (
    *("market.code", "market.name", "sku_list.name", "code", "name", "description", "image_url"),
    *("currency_code", "price_amount_cents", "_compute_price_amount"),
    *("reference", "reference_origin"),
)
SKU_OPTION_FIELDS = (
    *("market.code", "market.name", "name", "currency_code", "price_amount_cents"),
    *("sku_code_regex", "reference", "reference_origin"),
)
CHOICE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "sku_lists": SKU_LIST_FIELDS,
    "sku_list_items": SKU_LIST_ITEM_FIELDS,
    "bundles": BUNDLE_FIELDS,
    "sku_options": SKU_OPTION_FIELDS,
}
_REGEX_CHARACTERS_MAX = 5000
_OF_REGEX = re.compile(r"([.^$*+?()\[\]{}|\\])")


@dataclass(slots=True, kw_only=True)
class SkuList:
    """A list of SKUs with how many of each: (code, quantity)."""

    name: str
    items: Sequence[tuple[str, str]]
    column: str  # that names them
    description: str = ""
    image_url: str = ""
    reference: str = ""
    reference_origin: str = ""
    metadata: Mapping[str, Any]


def emit_sku_list(conversion: Conversion, made: SkuList, row: SourceRow) -> bool:
    """Write a list and its items. False: another row has its name, so this one has failed."""
    failures = []
    key = f"sku_list:{made.name}"
    named_by = conversion.work.get(key)
    if named_by is not None and named_by != made.reference:
        failures.append(CellFailure("name", "", made.name, ErrorCode.TAKEN))
    conversion.work.put(key, made.reference)
    fields: dict[str, str | Mapping[str, Any]] = {
        "name": made.name,
        "description": made.description,
        "image_url": made.image_url,
        "reference": made.reference,
        "reference_origin": made.reference_origin,
        "metadata": made.metadata,
    }
    conversion.emit("sku_lists", fields, row, failures=failures)
    if failures:
        return False
    for position, (code, quantity) in enumerate(made.items, 1):
        _emit_item(conversion, made, row, code, quantity, position)
    return True


def _emit_item(
    conversion: Conversion, made: SkuList, row: SourceRow, code: str, quantity: str, position: int
) -> None:
    failures = []
    try:
        # A list whose items nobody counts has each of them once.
        mark = conversion.decimal_mark(made.column, quantity, row)
        count = whole_number_of(quantity, mark) or 1 if quantity else 1
    except ValueRefused as refused:
        failures.append(CellFailure.of("quantity", made.column, quantity, refused.message))
        count = 1
    conversion.emit(
        "sku_list_items",
        {
            "sku_list.name": made.name,
            "sku_code": code,
            "quantity": str(count),
            "position": str(position),
        },
        row,
        cells={"sku_code": (made.column, code)},
        failures=failures,
    )


def has_market(conversion: Conversion, what: str, row: SourceRow) -> bool:
    """Whether it was said which market gets what belongs to one; where not, it is left out."""
    if conversion.options.market is not None:
        return True
    conversion.tell(
        f"market:{what}",
        f"{{count}} records are left out, as {what} belong to a market",
        row,
        hint="say which one with --market CODE",
    )
    return False


def emit_bundle(
    conversion: Conversion, made: SkuList, code: str, price: Cell | None, row: SourceRow
) -> None:
    """Write the bundle that sells a list; without a price it costs what its SKUs cost."""
    failures = []
    fields: dict[str, str] = {
        **conversion.targets.market(),
        "sku_list.name": made.name,
        "code": code,
        "name": made.name,
        "description": made.description,
        "image_url": made.image_url,
        "reference": made.reference,
        "reference_origin": made.reference_origin,
    }
    cells = None
    if price is None:
        fields["_compute_price_amount"] = "true"
    else:
        fields["currency_code"] = conversion.targets.currency
        cells = {"price_amount_cents": (price.column, price.text)}
        try:
            fields["price_amount_cents"] = _cents(conversion, price.column, price.text, row)
        except ValueRefused as refused:
            failures.append(
                CellFailure.of("price_amount_cents", price.column, price.text, refused.message)
            )
    conversion.emit("bundles", fields, row, cells=cells, failures=failures)


def emit_sku_option(
    conversion: Conversion,
    name: str,
    price: Cell,
    codes: Sequence[str],
    row: SourceRow,
    *,
    origin: str,
) -> None:
    """Write an option that is paid beside one of these SKUs."""
    failures = []
    regex = regex_of(codes)
    if len(regex) > _REGEX_CHARACTERS_MAX:
        failures.append(
            CellFailure(
                "sku_code_regex", price.column, name, ErrorCode.TOO_LONG, (_REGEX_CHARACTERS_MAX,)
            )
        )
    cents = ""
    try:
        cents = _cents(conversion, price.column, price.text or "0", row)
    except ValueRefused as refused:
        failures.append(
            CellFailure.of("price_amount_cents", price.column, price.text, refused.message)
        )
    fields = {
        **conversion.targets.market(),
        "name": name,
        "currency_code": conversion.targets.currency,
        "price_amount_cents": cents,
        "sku_code_regex": regex,
        "reference_origin": origin,
    }
    cells = {"price_amount_cents": (price.column, price.text)}
    conversion.emit("sku_options", fields, row, cells=cells, failures=failures)


def regex_of(codes: Sequence[str]) -> str:
    """The expression that fits these codes and no other."""
    escaped = [_OF_REGEX.sub(r"\\\1", code) for code in codes]
    return f"^{escaped[0]}$" if len(escaped) == 1 else f"^({'|'.join(escaped)})$"


def _cents(conversion: Conversion, column: str, text: str, row: SourceRow) -> str:
    mark, rounds = conversion.decimal_mark(column, text, row), conversion.options.rounds
    return str(cents_of(text, conversion.targets.currency, mark, rounds=rounds))
