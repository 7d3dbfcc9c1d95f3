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
) -> None:
    """Write the tiers of the price of a SKU. `base` is that price, for quantities below the first
    step. Where one of them fails, all do: without it another price would count for its quantities.
    """
    steps = _from_one(sorted(steps, key=lambda step: step.start), base)
    failure = next((step.failure for step in steps if step.failure), None)
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


def _from_one(steps: list[PriceStep], base: int | None) -> list[PriceStep]:
    """The same steps, with the price itself before them where they begin later."""
    first = steps[0]
    if first.start <= 1:
        return steps
    failure = None
    if base is None:
        failure = CellFailure("price", first.column, first.cell, ErrorCode.MUST_EXIST)
    below = PriceStep(
        start=1,
        cents=base,
        row=first.row,
        column=first.column,
        cell=first.cell,
        failure=failure,
    )
    return [below, *steps]


def _name(start: int, end: int | None) -> str:
    if end is None:
        return f"{start}+"
    return str(start) if start == end else f"{start}-{end}"
