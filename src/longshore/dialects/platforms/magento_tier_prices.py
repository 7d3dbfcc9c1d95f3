"""Magento's file of prices that depend on a quantity ("advanced pricing").

Facts: `tier_price_qty` is from how many on. A value of the type `Discount` is the percent that is
taken off the product's price. A group other than `ALL GROUPS` has prices of its own, as has a
website; `All Websites [USD]` says the currency. Codes of SKUs are compared without case.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN

from longshore.dialects.amounts import cents_of, has_currency, number_of, whole_number_of
from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import PRICE_LIST_FIELDS
from longshore.dialects.grouped_rows import grouped_rows
from longshore.dialects.header import SourceRow
from longshore.dialects.tiers import PRICE_TIER_FIELDS, PriceStep, emit_tiers, unknown_price
from longshore.error_codes import ErrorCode
from longshore.spellings import ValueRefused

_ALL_GROUPS = "all groups"
_ALL_WEBSITES = re.compile(r"all websites(?:\s*\[(\w{3})\])?", re.IGNORECASE)
_NAMES = ("website", "customer_group", "qty", "value_type")


class _TierPrices:
    """One file, and the columns that its rows are read from."""

    def __init__(self, conversion: Conversion) -> None:
        self.conversion = conversion
        column = conversion.header.column
        self.sku, self.price = column("sku"), column("tier_price")
        self.website, self.group, self.quantity, self.kind = (
            column(f"tier_price_{name}") for name in _NAMES
        )
        self._read: set[str] = set()  # names of lists whose prices are remembered

    def key(self, row: SourceRow) -> str:
        """What the tiers of one price have in common."""
        return "\0".join((self.sku(row), self.website(row), self.group(row)))

    def price_list(self, row: SourceRow) -> tuple[Mapping[str, str], str] | None:
        """The list of a row and its currency, which may be none that is known; None: there is none
        for its group or website."""
        targets = self.conversion.targets
        group, website = self.group(row), self.website(row)
        everywhere = _ALL_WEBSITES.fullmatch(website)
        currency = (everywhere[1] or "").upper() if everywhere else ""
        for name in (group, website):
            if name.casefold() != _ALL_GROUPS and (found := targets.price_list_called(name)):
                return found, targets.currency_of(name) or currency or targets.currency
        if group.casefold() != _ALL_GROUPS:
            return None
        currency = currency or targets.currency
        return targets.price_list(currency) if has_currency(currency) else {}, currency

    def base(self, price_list: Mapping[str, str], code: str) -> int | None:
        """The price itself, as the store has it."""
        work, name = self.conversion.work, "=".join(next(iter(price_list.items())))
        if name not in self._read:
            self._read.add(name)
            for known, cents in self.conversion.records.amounts(price_list):
                work.put(f"base:{name}:{known.casefold()}", [known, cents])
        found = work.get(f"base:{name}:{code.casefold()}")
        return None if found is None else int(found[1])


def _convert(conversion: Conversion) -> None:
    prices = _TierPrices(conversion)
    for rows in grouped_rows(conversion, prices.key, "price"):
        rows = [row for row in rows if not row.is_blank]
        if not rows:
            continue
        code = prices.sku(rows[0])
        if not code:
            for row in rows:
                conversion.fail_row(row, prices.sku.name, "", ErrorCode.BLANK)
            continue
        found = prices.price_list(rows[0])
        if found is None:
            group = prices.group(rows[0])
            for row in rows:
                conversion.tell(
                    f"group:{group}",
                    "{count} rows are left out: prices of the customer group "
                    f"{group.replace('{', '(').replace('}', ')')}, which has no price list here",
                    row,
                    hint=f"--price-list '{group}=CODE' says which one it has",
                )
            continue
        if not has_currency(found[1]):
            for row in rows:
                website = prices.website
                conversion.fail_row(row, website.name, website(row), ErrorCode.NOT_IN_LIST)
            continue
        _emit(prices, code, rows, found)


def _emit(
    prices: _TierPrices, code: str, rows: Sequence[SourceRow], found: tuple[Mapping[str, str], str]
) -> None:
    price_list, currency = found
    steps = []
    for row in rows:
        step = PriceStep(
            start=1, cents=None, row=row, column=prices.price.name, cell=prices.price(row)
        )
        try:
            cell = prices.quantity(row)
            mark = prices.conversion.decimal_mark(prices.quantity.name, cell, row)
            step.start = whole_number_of(cell, mark)
            if step.start < 1:
                step.failure = _failure(prices, row, ErrorCode.TOO_SMALL, 1)
        except ValueRefused as refused:
            step.failure = CellFailure.of(
                "up_to", prices.quantity.name, prices.quantity(row), refused.message
            )
        _price(prices, step, code, price_list, currency)
        steps.append(step)
    is_below = min(step.start for step in steps) > 1
    base = prices.base(price_list, code) if is_below else None
    emit_tiers(
        prices.conversion,
        code,
        price_list,
        steps,
        base=base,
        origin="magento",
        code_column=prices.sku.name,
    )


def _price(
    prices: _TierPrices, step: PriceStep, code: str, price_list: Mapping[str, str], currency: str
) -> None:
    """The cents of a step, or why there are none."""
    conversion = prices.conversion
    try:
        mark = conversion.decimal_mark(step.column, step.cell, step.row)
        if prices.kind(step.row).casefold() != "discount":
            step.cents = cents_of(step.cell, currency, mark, rounds=conversion.options.rounds)
            return
        base = prices.base(price_list, code)
        if base is None:
            step.failure = unknown_price(prices.sku.name, code)
            return
        share = 100 - number_of(step.cell, mark)
        # The share of a price is hardly ever a whole number of cents.
        step.cents = int((base * share / 100).to_integral_value(ROUND_HALF_EVEN))
    except ValueRefused as refused:
        step.failure = CellFailure.of("price_amount_cents", step.column, step.cell, refused.message)


def _failure(
    prices: _TierPrices, row: SourceRow, code: ErrorCode, *arguments: object
) -> CellFailure:
    return CellFailure("up_to", prices.quantity.name, prices.quantity(row), code, arguments)


DIALECT = Dialect(
    name="magento-tier-prices",
    platform="magento",
    title="Magento tier prices",
    made_from="Magento 2.4",
    signatures=(HeaderSignature.of("sku", "tier_price_qty", "tier_price"),),
    fields={"price_tiers": PRICE_TIER_FIELDS, "price_lists": PRICE_LIST_FIELDS},
    sources={
        "price_tiers": {
            "price.sku.code": ("sku",),
            "price.price_list.code": ("tier_price_customer_group",),
            "up_to": ("tier_price_qty",),
            "price_amount_cents": ("tier_price",),
        }
    },
    known=tuple(f"tier_price_{name}" for name in _NAMES),
    options=frozenset(("currency", "price_lists", "rounds", "decimal")),
    convert=_convert,
)
