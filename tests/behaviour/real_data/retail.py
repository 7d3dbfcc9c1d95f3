"""541,909 real order lines, and what longshore must make of them.

What is expected is computed here by plain loops over Python's csv module: nothing of longshore
takes part, so both can only agree by being right.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

ONLINE_RETAIL = Path(__file__).parents[4] / "shared" / "data" / "online_retail.csv.gz"

needs_retail = pytest.mark.skipif(
    not ONLINE_RETAIL.exists(),
    reason="the real data is not here: ../shared/data/online_retail.csv.gz",
)


def retail_lines() -> Iterator[dict[str, str]]:
    with gzip.open(ONLINE_RETAIL, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@dataclass(slots=True)
class ExpectedSkus:
    """The SKUs that come of the lines, StockCode being the code and Description the name."""

    names: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[int, str]] = field(default_factory=list)  # row, code


def expected_skus() -> ExpectedSkus:
    """A blank cell leaves the name as it is, and a new SKU must have one."""
    skus = ExpectedSkus()
    for row, line in enumerate(retail_lines(), 1):
        code, name = line["StockCode"], line["Description"] or skus.names.get(line["StockCode"])
        if not name:
            skus.failed.append((row, code))
        elif skus.names.get(code) == name:
            skus.counts["unchanged"] += 1
        else:
            skus.counts["updated" if code in skus.names else "created"] += 1
            skus.names[code] = name
    return skus


@dataclass(slots=True)
class ExpectedOrders:
    """The orders that come of the lines, InvoiceNo being the number."""

    orders: dict[str, list[dict[str, object]]] = field(default_factory=dict)  # as they are sent
    sums: dict[str, int] = field(default_factory=dict)  # of those that are stored
    errors: dict[str, set[tuple[str, str]]] = field(default_factory=dict)  # of those that are not


def expected_orders() -> ExpectedOrders:
    """An order fails whole when one of its lines does.

    A line need not have a SKU, because it says its name and its amount itself.
    """
    expected = ExpectedOrders()
    for row, line in enumerate(retail_lines(), 1):
        number, code, quantity = line["InvoiceNo"], line["StockCode"], int(line["Quantity"])
        cents = int((Decimal(line["UnitPrice"]) * 100).quantize(Decimal(1), ROUND_HALF_UP))
        expected.orders.setdefault(number, []).append(
            {
                "reference": str(row),
                "sku_code": code,
                "name": line["Description"] or code,
                "quantity": quantity,
                "unit_amount_cents": cents,
            }
        )
        expected.sums[number] = expected.sums.get(number, 0) + quantity * cents
        wrong = expected.errors.setdefault(number, set())
        if quantity == 0:
            wrong.add(("line_items.quantity", "must be other than 0"))
        if cents < 0:
            wrong.add(("line_items.unit_amount_cents", "must be greater than or equal to 0"))
    expected.errors = {number: wrong for number, wrong in expected.errors.items() if wrong}
    for number in expected.errors:
        del expected.sums[number]
    return expected
