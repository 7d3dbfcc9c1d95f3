"""What holds for the goods of every dialect."""

from pathlib import Path

import pytest

from tests.unit.dialects.made import made_of_text

HEADER = (
    "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Compare At Price,"
    "Variant Inventory Qty,Variant Grams\n"
)


@pytest.mark.parametrize("token", ["-", "#N/A", "#REF!", "n/a"])
def test_what_stands_for_no_value_is_blank_and_told(tmp_path: Path, token: str) -> None:
    row = f"cup,Cup,Title,Default Title,C-1,{token},{token},{token},{token}\n"
    made = made_of_text(tmp_path, HEADER + row, currency="EUR")
    assert set(made.records) == {"shipping_categories", "skus"}
    assert "weight" not in made.by_code()["C-1"]
    assert made.failures() == []
    told = [each for each in made.told() if "read as blank" in each]
    # Of price, stock and weight; the crossed-out price of no price is not looked at.
    assert len(told) == (4 if token.startswith("#") else 3)


def test_crossed_out_price_that_stands_for_none(tmp_path: Path) -> None:
    row = "cup,Cup,Title,Default Title,C-1,12.50,-,,\n"
    made = made_of_text(tmp_path, HEADER + row, currency="EUR")
    assert made.by_code("prices")["C-1"]["amount_cents"] == "1250"
    assert "compare_at_amount_cents" not in made.by_code("prices")["C-1"]


def test_weight_below_nothing_fails(tmp_path: Path) -> None:
    row = "cup,Cup,Title,Default Title,C-1,12.50,,,-5\n"
    made = made_of_text(tmp_path, HEADER + row, currency="EUR")
    assert made.failures() == [("skus", "weight", "Variant Grams", "-5", "too_small")]


def test_two_columns_for_one_price(tmp_path: Path) -> None:
    """The second one fails, each time: else one import would change what the other has made."""
    text = (
        "Product Handle,Product Title,Variant Title,Variant Sku,Variant Price EUR,"
        "Variant Price Europe [EUR]\ncup,Cup,S,C-1,10,11\n"
    )
    made = made_of_text(tmp_path, text, price_lists={"Europe": "eur"})
    assert made.failures() == [
        ("prices", "amount_cents", "Variant Price Europe [EUR]", "11", "taken")
    ]
    assert len(made.records["price_lists"]) == 1


def test_options_that_say_nothing_of_a_file_are_told(tmp_path: Path) -> None:
    row = "cup,Cup,Title,Default Title,C-1,12.50,,,\n"
    made = made_of_text(tmp_path, HEADER + row, currency="EUR", weight_unit="kg", net=True)
    told = [each for each in made.told() if "no effect" in each]
    assert told == [
        "--net has no effect on a file of Shopify products",
        "--weight-unit has no effect on a file of Shopify products",
    ]


@pytest.mark.parametrize("token", ["#N/V", " #REF! ", "-", "n/a"])
def test_what_stands_for_no_name_is_blank_and_told(tmp_path: Path, token: str) -> None:
    text = HEADER + f"cup,Cup,Title,Default Title,{token},1,,,\nbowl,{token},,,B,1,,,\n"
    made = made_of_text(tmp_path, text, currency="EUR")
    assert [each.get("code") for each in made.of("skus")] == ["cup", "B"]
    assert [each.get("name") for each in made.of("skus")] == ["Cup", None]
    told = [each for each in made.told() if "read as blank" in each]
    named = f"{token.strip()!r} or the like as"
    assert told == [
        f"1 row has {named} {column!r}, which is read as blank"
        for column in ("Variant SKU", "Title")
    ]


def test_errors_of_spreadsheets_are_blank_wherever_they_stand(tmp_path: Path) -> None:
    text = "Handle,Title,Option1 Name,Option1 Value,Variant Price,Tags,Body (HTML)\n"
    made = made_of_text(
        tmp_path, text + "cup,Cup,Size,-,1,#NAME?,#VALUE!\ncup,,,M #2,1,,\n", currency="EUR"
    )
    assert [each.get("name") for each in made.of("skus")] == ["Cup - -", "Cup - M #2"]
    assert all("tags" not in each and "description" not in each for each in made.of("skus"))
