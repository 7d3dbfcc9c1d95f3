"""Prices that depend on a quantity: from how many on, as other systems say it, and up to how many,
as tiers of prices do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.conversion import Conversion
from longshore.dialects.header import SourceRow
from longshore.error_codes import ErrorCode

PRICE_TIER_FIELDS = (
    *("price.price_list.code", "price.price_list.name", "price.sku.code"),
    *("type", "name", "up_to", "price_amount_cents", "reference", "reference_origin"),
)


@dataclass(slots=True, kw_only=True)
class PriceStep:
    """A price from a quantity on."""

    start: int
    cents: int | None  # None: none can be made of the cell, as `failure` says
    row: SourceRow
    column: str
    cell: str
    end: int | None = None  # the last quantity, where the file says it; None: to the next step
    reference: str = ""
    failure: CellFailure | None = None


def emit_tiers(
    conversion: Conversion,
    code: str,
    price_list: Mapping[str, str],
    steps: Sequence[PriceStep],
    *,
    base: int | None,
    origin: str,
    code_column: str,
) -> None:
    """Write the tiers of the price of a SKU. `base` is that price, for quantities below the first
    step. Where one of them fails, all do: without it another price would count for its quantities.
    """
    steps = sorted(steps, key=lambda step: step.start)
    failure = next((step.failure for step in steps if step.failure), None)
    if steps[0].start > 1 and base is None:
        failure = failure or unknown_price(code_column, code)
    elif steps[0].start > 1:
        steps.insert(0, _below(steps[0], base))
    for step, other in pairwise(steps):
        if step.start == other.start:
            failure = failure or CellFailure("up_to", other.column, other.cell, ErrorCode.TAKEN)
    for index, step in enumerate(steps):
        after = steps[index + 1].start if index + 1 < len(steps) else None
        end = after - 1 if after is not None else step.end
        fields = {
            **{f"price.{name}": text for name, text in price_list.items()},
            "price.sku.code": code,
            "name": _name(step.start, end),
            "up_to": "" if end is None else str(end),
            "price_amount_cents": "" if step.cents is None else str(step.cents),
            "reference": step.reference,
            "reference_origin": origin,
        }
        conversion.emit(
            "price_tiers",
            fields,
            step.row,
            cells={"price_amount_cents": (step.column, step.cell)},
            failures=(step.failure or failure,) if failure else (),
        )


def unknown_price(code_column: str, code: str) -> CellFailure:
    """What is wrong with a tier of a price that the store does not have, said once for its row."""
    return CellFailure("price.sku", code_column, code, ErrorCode.MUST_EXIST)


def _below(first: PriceStep, base: int | None) -> PriceStep:
    """The price itself, before the first step."""
    return PriceStep(start=1, cents=base, row=first.row, column=first.column, cell=first.cell)


def _name(start: int, end: int | None) -> str:
    if end is None:
        return f"{start}+"
    return str(start) if start == end else f"{start}-{end}"
