"""Shopware's file of prices that depend on a quantity ("advanced prices").

Facts: a product is named by Shopware's own id, a group of customers by the id of a rule; steps go
from `quantity_start` to `quantity_end`, of which the last is blank.
"""

from collections.abc import Mapping, Sequence

from longshore.dialects.amounts import cents_of, whole_number_of
from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.grouped_rows import grouped_rows
from longshore.dialects.header import SourceRow
from longshore.dialects.targets import DialectRefused
from longshore.dialects.tiers import PRICE_TIER_FIELDS, PriceStep, emit_tiers
from longshore.error_codes import ErrorCode
from longshore.spellings import ValueRefused


class _ScaledPrices:
    """One file, and the columns that its rows are read from."""

    def __init__(self, conversion: Conversion) -> None:
        self.conversion = conversion
        kind = "net" if conversion.options.net else "gross"
        column = conversion.header.column
        self.id, self.product, self.rule = column("id"), column("product_id"), column("rule_id")
        self.price = column(f"price_{kind}")
        self.start, self.end = column("quantity_start"), column("quantity_end")

    def key(self, row: SourceRow) -> str:
        """What the tiers of one price have in common."""
        return f"{self.product(row)}\0{self.rule(row)}"

    def remember_codes(self) -> None:
        """Which SKU of the store is which product of Shopware."""
        work = self.conversion.work
        for sku in self.conversion.records.skus("shopware"):
            own = sku.metadata.get("id")
            work.put(f"sku:{own if isinstance(own, str) and own else sku.reference}", sku.code)

    def code(self, row: SourceRow) -> str | None:
        found = self.conversion.work.get(f"sku:{self.product(row)}")
        return None if found is None else str(found)


def _convert(conversion: Conversion) -> None:
    prices = _ScaledPrices(conversion)
    prices.remember_codes()
    for rows in grouped_rows(conversion, prices.key, "price"):
        rows = [row for row in rows if not row.is_blank]
        if not rows:
            continue
        rule, code = prices.rule(rows[0]), prices.code(rows[0])
        price_list = conversion.targets.price_list_called(rule)
        if price_list is None:
            for row in rows:
                conversion.tell(
                    f"rule:{rule}",
                    f"{{count}} rows have prices of the rule {rule}, which has no price list "
                    "here: they are left out",
                    row,
                    hint=f"--price-list {rule}=CODE says which one it has",
                )
        elif code is None:
            for row in rows:
                product = prices.product
                conversion.fail_row(row, product.name, product(row), ErrorCode.MUST_EXIST)
        else:
            _emit(prices, code, rows, price_list)


def _emit(
    prices: _ScaledPrices, code: str, rows: Sequence[SourceRow], price_list: Mapping[str, str]
) -> None:
    conversion = prices.conversion
    currency = conversion.targets.currency_of(prices.rule(rows[0]))
    if currency is None:
        raise DialectRefused("the currency of a price list is not known")
    steps = [_step(prices, row, currency) for row in rows]
    base = None
    if min(step.start for step in steps) > 1:
        amounts = conversion.records.amounts(price_list)
        base = next((cents for known, cents in amounts if known == code), None)
    emit_tiers(
        conversion,
        code,
        price_list,
        steps,
        base=base,
        origin="shopware",
        code_column=prices.product.name,
    )


def _step(prices: _ScaledPrices, row: SourceRow, currency: str) -> PriceStep:
    conversion = prices.conversion
    step = PriceStep(
        start=1,
        cents=None,
        row=row,
        column=prices.price.name,
        cell=prices.price(row),
        reference=prices.id(row),
    )
    field, column, cell = "up_to", prices.start.name, prices.start(row)
    try:
        step.start = whole_number_of(cell or "1", conversion.decimal_mark(column, cell, row))
        if step.start < 1:
            step.failure = CellFailure(field, column, cell, ErrorCode.TOO_SMALL, (1,))
        column, cell = prices.end.name, prices.end(row)
        mark = conversion.decimal_mark(column, cell, row)
        step.end = whole_number_of(cell, mark) if cell else None
        field, column, cell = "price_amount_cents", step.column, step.cell
        mark = conversion.decimal_mark(column, cell, row)
        step.cents = cents_of(cell, currency, mark, rounds=conversion.options.rounds)
    except ValueRefused as refused:
        step.failure = CellFailure.of(field, column, cell, refused.message)
    return step


DIALECT = Dialect(
    name="shopware-tiers",
    platform="shopware",
    title="Shopware tier prices",
    made_from="Shopware 6",
    signatures=(HeaderSignature.of("rule_id", "quantity_start", "price_gross"),),
    fields={"price_tiers": PRICE_TIER_FIELDS},
    sources={
        "price_tiers": {
            "price.sku.code": ("product_id",),
            "price.price_list.code": ("rule_id",),
            "up_to": ("quantity_end", "quantity_start"),
            "price_amount_cents": ("price_gross",),
            "reference": ("id",),
        }
    },
    known=("quantity_start", "quantity_end", "price_net"),
    options=frozenset(("price_lists", "rounds", "decimal", "net")),
    convert=_convert,
)
