"""Choices of a closed list, in whatever case they are written."""

from typing import Any

import pytest

from tests.behaviour.engine.organization import Organization

Row = dict[str, Any]


def sku(code: str, **fields: Any) -> Row:
    return {"code": code, "name": "x", "do_not_ship": True, **fields}


@pytest.mark.parametrize("others", [0, 80], ids=["few rows", "many rows"])
@pytest.mark.parametrize("flaw", [None, "stone"], ids=["whole columns", "value by value"])
def test_a_choice_is_taken_in_any_case_and_stored_as_declared(
    shop: Organization, others: int, flaw: str | None
) -> None:
    written = ["GR", " Oz ", "lb", "LB"]
    rows = [sku(f"S{number}", unit_of_weight=unit) for number, unit in enumerate(written)]
    rows += [sku(f"T{number}", unit_of_weight="gr") for number in range(others)]
    if flaw is not None:
        rows.append(sku("F", unit_of_weight=flaw))
    outcome = shop.load("skus", rows)
    assert outcome.counts[0] == len(written) + others
    wrong = {} if flaw is None else {"unit_of_weight": ["is not included in the list"]}
    assert outcome.errors == ({len(rows): wrong} if wrong else {})
    assert shop.values("skus", "unit_of_weight")[:4] == ["gr", "oz", "lb", "lb"]
    # As it is stored, it is unchanged.
    assert shop.load("skus", rows).counts[1] == 0


def test_cells_of_csv_mean_the_same(shop: Organization) -> None:
    text = 'code,name,do_not_ship,unit_of_weight\nA,x,yes,GR\nB,x,yes," oz "\nC,x,yes,kg\n'
    outcome = shop.load_csv("skus", text)
    assert outcome.errors == {3: {"unit_of_weight": ["is not included in the list"]}}
    assert shop.values("skus", "unit_of_weight") == ["gr", "oz"]


def test_a_single_write_means_the_same(shop: Organization) -> None:
    id = shop.have("skus", unit_of_weight="GR")
    assert shop.one("skus", id)["unit_of_weight"] == "gr"


def test_choices_that_are_declared_in_capitals_are_stored_so(shop: Organization) -> None:
    id = shop.have("stock_locations", label_format="pdf")
    assert shop.one("stock_locations", id)["label_format"] == "PDF"
