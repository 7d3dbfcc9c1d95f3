"""The amounts of the first rows as money, for people to see at once whether cents were meant."""

from typing import Any

from longshore.catalogue import money_plain
from longshore.engine.plan.nodes import Plan
from longshore.engine.values.outcomes import ChunkResult
from longshore.imports import Origins
from longshore.readers import Rows

AMOUNT_ROWS_MAX = 3  # rows whose amounts are shown
_AMOUNTS_OF_ROW_MAX = 5


def first_amounts_of(
    plan: Plan, rows: Rows, result: ChunkResult, origins: Origins
) -> list[dict[str, Any]]:
    """The amounts that a chunk has noted, as `meta.first_amounts` shows them."""
    return [
        {
            "row": origins.place(rows.first + index, rows.lines[index])[0],
            "column": plan.column_names.get(amount.field, amount.field),
            "field": amount.field,
            "value": amount.value,
            "cents": amount.cents,
            "currency_code": amount.currency,
            "amount": money_plain(amount.cents, amount.currency),
        }
        for index, amounts in result.amounts
        for amount in amounts[:_AMOUNTS_OF_ROW_MAX]
    ]
