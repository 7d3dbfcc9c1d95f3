"""Numbers of more digits than any value has: they end in no traceback."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from longshore.dialects.store_records import NoRecords
from tests.unit.dialects.made import made_of_text

HEADER = "Handle,Title,Variant SKU,Variant Grams,Variant Price,Variant Inventory Qty,Image Src"
DIGITS = (25, 29, 30, 31, 5000)


def test_position_of_an_image_that_is_none_is_behind_the_others(tmp_path: Path) -> None:
    rows = (
        f"a,A,A,1,1,1,https://shop.example/last.png,{'9' * 5000}",
        "a,,,,,,https://shop.example/first.png,2",
    )
    made = made_of_text(
        tmp_path, "\n".join([f"{HEADER},Image Position", *rows, ""]), currency="USD"
    )
    assert made.by_code()["A"]["image_url"] == "https://shop.example/first.png"


@pytest.mark.parametrize("digits", DIGITS)
def test_long_numbers_are_values_or_failures(tmp_path: Path, digits: int) -> None:
    number = "9" * digits
    text = f"{HEADER}\na,A,A,{number},{number},{number},\n"
    made = made_of_text(tmp_path, text, currency="USD")
    assert made.by_code()["A"]["name"] == "A"
    refused = [failure[4] for failure in made.failures()]
    assert refused == (["not_a_number"] * 3 if digits > 30 else [])


class _Records(NoRecords):
    """A store with one price."""

    def amounts(self, price_list: Mapping[str, str]) -> Iterator[tuple[str, int]]:
        return iter([("A", 1000)])


@pytest.mark.parametrize("digits", DIGITS)
def test_long_discount_is_a_value_or_a_failure(tmp_path: Path, digits: int) -> None:
    header = "sku,tier_price_website,tier_price_customer_group,tier_price_qty,tier_price"
    row = f"A,All Websites [USD],ALL GROUPS,1,{'9' * digits},Discount"
    made = made_of_text(tmp_path, f"{header},tier_price_value_type\n{row}\n", records=_Records())
    assert len(made.of("price_tiers")) == 1
