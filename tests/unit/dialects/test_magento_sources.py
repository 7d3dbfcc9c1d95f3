"""Magento's file of stock at its sources: which records its rows make."""

from pathlib import Path

import pytest

from longshore.dialects import DialectRefused, NamedRecord, StoreNames
from tests.unit.dialects.made import made_of_sample, made_of_text

_STORE = StoreNames(
    stock_locations=(
        NamedRecord(code="north", name="North"),
        NamedRecord(code=None, name="south"),
    )
)


def test_each_row_is_the_stock_of_a_sku_at_its_source() -> None:
    made = made_of_sample("magento_sources.csv", store=_STORE)
    assert made.recognised.dialect.name == "magento-sources"
    stock = [
        (
            each.get("stock_location.code") or each.get("stock_location.name"),
            each.get("sku_code"),
            each.get("quantity"),
        )
        for each in made.records["stock_items"]
    ]
    assert stock == [
        ("north", "MUG", "10"),
        ("south", "MUG", "5"),
        ("north", "00123", "0"),
        ("north", "PEN", None),
        (None, None, None),
    ]
    assert made.failures() == [
        ("stock_items", "quantity", "quantity", "1.5", "not_an_integer"),
        ("stock_items", "base", "sku", "", "blank"),
    ]
    assert "1 row is out of stock by status 0, and has a quantity: that counts" in made.told()


def test_a_source_that_is_no_location_is_refused_with_what_makes_one() -> None:
    with pytest.raises(DialectRefused, match="no stock location 'north'") as refused:
        made_of_sample("magento_sources.csv")
    assert "longshore setup --warehouse" in (refused.value.hint or "")


def test_the_only_source_may_be_the_location_that_was_asked_for(tmp_path: Path) -> None:
    text = "source_code,sku,status,quantity\ndefault,MUG,1,4\n"
    made = made_of_text(tmp_path, text, stock_location="warehouse")
    assert made.records["stock_items"][0]["stock_location.code"] == "warehouse"


def test_location_that_was_asked_for_is_not_that_of_several_sources(tmp_path: Path) -> None:
    text = "source_code,sku,status,quantity\nnorth,A,1,1\n{},A,1,2\n"
    made = made_of_text(tmp_path, text.format("south"), store=_STORE, stock_location="north")
    assert made.told() == [
        "--stock-location has no effect, as the file names several locations itself"
    ]
    with pytest.raises(DialectRefused, match="there is no stock location 'default'") as refused:
        made_of_text(tmp_path, text.format("default"), store=_STORE, stock_location="default=north")
    assert refused.value.hint is not None
    assert "--stock-location only says where a file of one location is" in refused.value.hint
