"""Magento's file of tier prices: which records its rows make."""

from pathlib import Path

from tests.unit.dialects.made import made_of_text

HEADER = "sku,tier_price_website,tier_price_customer_group,tier_price_qty,tier_price"


def test_rows_in_an_unknown_currency_fail_alone(tmp_path: Path) -> None:
    rows = (
        "A,All Websites [USD],ALL GROUPS,1,10",
        "B,All Websites [XYZ],ALL GROUPS,1,10",
        "B,All Websites [XYZ],ALL GROUPS,5,9",
    )
    made = made_of_text(tmp_path, "\n".join([HEADER, *rows, ""]))
    website = ("base", "tier_price_website", "All Websites [XYZ]", "not_in_list")
    assert made.failures_of("price_tiers") == [("2", *website), ("3", *website)]
    assert [each.get("price.sku.code") for each in made.of("price_tiers")] == ["A", None, None]
