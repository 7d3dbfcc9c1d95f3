"""Magento's file of products: which records its rows make."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from longshore.dialects import DialectRefused, NamedRecord, StoreNames
from tests.unit.dialects.made import Made, made_of_sample, made_of_text

_MARKET = StoreNames(
    stock_locations=(NamedRecord(code="warehouse", name="Warehouse"),),
    markets=(NamedRecord(code="eu", name="Europe"),),
)
_JUNE = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def made() -> Made:
    return made_of_sample(
        "magento.csv", now=_JUNE, currency="USD", image_base="https://img.example/media/"
    )


def test_simple_products_are_skus_and_configurable_ones_are_not(made: Made) -> None:
    assert made.recognised.dialect.name == "magento"
    assert [sku.get("code") for sku in made.records["skus"]] == [
        *("CAP-S-Red", "CAP-M-Red", "cap-l-red", "EBOOK", "00123", "LAMP", "DESK"),
        None,  # without a code, which is an error of the row
    ]


def test_children_know_their_parent_that_stands_later(made: Made) -> None:
    sku = made.by_code()["CAP-S-Red"]
    assert sku["name"] == "Cap-S-Red"
    assert sku["reference"] == "CAP"
    assert sku["description"] == "<p>Warm</p>\n<p>Soft</p>"
    assert sku["image_url"] == "https://img.example/media/c/a/cap-red.jpg"
    assert sku["_source"] == "1:2"
    assert sku["metadata"] == {
        "options": {"size": "S", "color": "Red"},
        "product": {
            "handle": "CAP",
            "title": "Cap",
            "type": "simple",
            "attribute_set": "Default",
            "categories": ["Shop/Hats", "Shop"],
            "url_key": "cap-s-red",
        },
        "attributes": {"size": "10,2cm", "color": "Red", "climate": ["Cool", "Indoor"]},
        "visibility": "Not Visible Individually",
        "tax_class": "Taxable Goods",
        "status": "enabled",
        "translations": {
            "de": {"name": "Mütze S rot", "description": "Warm und weich"},
            "fr": {"name": "Bonnet"},
        },
        "images": ["https://img.example/media/c/a/cap-back.jpg"],
    }
    # Magento compares codes without case.
    assert made.by_code()["cap-l-red"]["reference"] == "CAP"


def test_enclosed_attributes_keep_commas_and_quotes(made: Made) -> None:
    assert made.by_code()["cap-l-red"]["metadata"]["attributes"] == {
        "size": "L, large",
        "note": '5" wide',
    }


def test_a_reduced_price_counts_inside_its_dates(made: Made) -> None:
    prices = {
        code: (price.get("amount_cents"), price.get("compare_at_amount_cents"))
        for code, price in made.by_code("prices").items()
    }
    assert prices == {
        "CAP-S-Red": ("5200", None),
        "CAP-M-Red": ("4550", "5200"),
        "cap-l-red": ("5200", "6000"),  # its sale is over: the list price is the crossed-out one
        "EBOOK": ("999", None),
        "00123": ("0", None),
        "LAMP": (None, None),
        "DESK": (None, None),
    }


def test_weights_are_in_the_unit_that_is_said(made: Made) -> None:
    weights = [(sku.get("weight"), sku.get("unit_of_weight")) for sku in made.records["skus"]]
    assert weights[:3] == [("1", "lb"), ("1.5", "lb"), (None, None)]
    metric = made_of_sample("magento.csv", now=_JUNE, currency="USD", weight_unit="kgs")
    assert metric.by_code()["CAP-M-Red"]["weight"] == "1500"
    with pytest.raises(DialectRefused, match="'stone' is no unit of weight"):
        made_of_sample("magento.csv", currency="USD", weight_unit="stone")


def test_flags_of_stock_count_where_the_configuration_does_not(made: Made) -> None:
    untracked = [sku["code"] for sku in made.by_code().values() if sku["do_not_track"] == "true"]
    assert untracked == ["00123", "LAMP"]
    stock = {code: item.get("quantity") for code, item in made.by_code("stock_items").items()}
    assert stock == {
        "CAP-S-Red": "100",
        "CAP-M-Red": "7",
        "cap-l-red": "3",
        "LAMP": None,
        "DESK": "0",
    }


def test_what_has_no_parcel_is_not_shipped(made: Made) -> None:
    unshipped = [sku["code"] for sku in made.by_code().values() if sku["do_not_ship"] == "true"]
    assert unshipped == ["EBOOK", "00123"]


def test_a_value_is_cleared_by_the_word_for_that(made: Made) -> None:
    cleared = made.by_code()["00123"]
    assert cleared["description"] == cleared["weight"] == "␀longshore"
    assert "image_url" not in cleared


def test_cells_of_which_no_value_can_be_made_fail_their_record_alone(made: Made) -> None:
    assert made.failures() == [
        ("prices", "amount_cents", "price", "12.345", "too_many_decimals"),
        ("prices", "amount_cents", "special_price_from_date", "soon", "not_a_date"),
        ("stock_items", "quantity", "qty", "2.5", "not_an_integer"),
    ]


def test_groups_and_bundles_are_lists_of_skus(made: Made) -> None:
    assert [each["name"] for each in made.records["sku_lists"]] == [
        *("Set of two", "Kit", "Kit of parts"),
    ]
    items = [
        (item["sku_list.name"], item["sku_code"], item["quantity"])
        for item in made.records["sku_list_items"]
    ]
    assert items == [
        ("Set of two", "CAP-S-Red", "1"),  # a quantity of 0 leaves it to the customer
        ("Set of two", "LAMP", "3"),
        ("Kit", "CAP-M-Red", "2"),  # the choice that is made at first
        ("Kit", "LAMP", "1"),
        ("Kit of parts", "DESK", "1"),
    ]


def test_what_belongs_to_a_market_needs_one(made: Made) -> None:
    assert made.records.keys().isdisjoint({"bundles", "sku_options"})
    told = [each for each in made.notices if "belong to a market" in each.message]
    assert [(each.count, each.hint) for each in told] == [
        (4, "say which one with --market CODE"),
        (2, "say which one with --market CODE"),
    ]
    sold = made_of_sample("magento.csv", now=_JUNE, currency="USD", market="eu", store=_MARKET)
    bundles = {each["code"]: each for each in sold.records["bundles"]}
    assert bundles["KIT"]["price_amount_cents"] == "8000"
    assert bundles["KIT"]["sku_list.name"] == "Kit"
    assert bundles["KIT"]["market.code"] == "eu"
    assert bundles["KIT2"]["_compute_price_amount"] == "true"
    options = [
        (each["name"], each["price_amount_cents"], each["sku_code_regex"])
        for each in sold.records["sku_options"]
    ]
    assert options == [
        ("Engraving (CAP)", "500", "^(CAP-S-Red|CAP-M-Red|CAP-L-Red)$"),
        ("Gift wrap - Red", "200", "^EBOOK$"),
        ("Gift wrap - Blue", "250", "^EBOOK$"),
        ("Engraving (LAMP)", "400", "^LAMP$"),
    ]


def test_what_is_left_out_is_told_and_counted(made: Made) -> None:
    told = {each.message: each.count for each in made.notices}
    assert told["1 row is left out: products of the type giftcard"] == 1
    assert told["1 row is left out: translations of products that the file does not have"] == 1
    assert any("meta_title" in each for each in told)
    active = made_of_sample("magento.csv", currency="USD", only_active=True)
    assert "LAMP" not in active.by_code()
    assert "1 row is left out: products that are disabled" in active.told()


def test_a_path_of_an_image_without_its_base_is_kept_beside(made: Made) -> None:
    bare = made_of_sample("magento.csv", currency="USD").by_code()["CAP-S-Red"]
    assert "image_url" not in bare
    assert bare["metadata"]["images"] == ["/c/a/cap-red.jpg", "/c/a/cap-back.jpg"]


def test_the_currency_has_to_be_said() -> None:
    with pytest.raises(DialectRefused, match="does not say in which currency"):
        made_of_sample("magento.csv")


def test_rows_in_another_order_make_the_same_records(made: Made, tmp_path: Path) -> None:
    text = (Path(__file__).parent / "samples" / "magento.csv").read_text(encoding="utf-8")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    turned = io.StringIO(newline="")
    csv.writer(turned).writerows([header, *reversed(rows)])
    other = made_of_text(
        tmp_path,
        turned.getvalue(),
        now=_JUNE,
        currency="USD",
        image_base="https://img.example/media/",
    )
    assert _without_places(other) == _without_places(made)


def _without_places(made: Made) -> dict[str, list[str]]:
    return {
        name: sorted(
            repr(sorted((key, _told(cell)) for key, cell in each.items() if key != "_source"))
            for each in records
        )
        for name, records in made.records.items()
    }


def _told(cell: object) -> object:
    if isinstance(cell, dict):
        return sorted((key, _told(value)) for key, value in cell.items())
    return cell
