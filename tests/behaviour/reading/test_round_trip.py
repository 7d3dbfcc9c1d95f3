"""What is read back can be imported: templates as they stand, exports without changing anything."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from longshore.assembly import open_longshore
from longshore.errors import RequestRefused
from longshore.records import ExportFormat, export_columns
from longshore.settings import Settings
from longshore.templates import template_columns
from tests.behaviour.reading.factory import Records
from tests.behaviour.reading.shop import Shop

# Texts and values that formats like to change on the way.
ODD_TEXTS = (
    "plain",
    "",
    " ",
    " padded ",
    'quo"te, comma; semicolon\ttab | pipe',
    "line\nfeed",
    "carriage\rreturn\r\n",
    "007",
    "true",
    "null",
    "=1+1",
    "-5",
    "+49 30",
    "@SUM(A1)",
    "'=1",
    "''-2",
    "'tis",
    "\t=1",
    "Éclair 𝄞 \u2028",
    "vertical\x0btab",
    "_x0041_",
    "<r>not rich</r>",
)
ODD_NUMBERS = (0.1, -0.0, 1e22, 5e-324, 1.7976931348623157e308, 3.0)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_longshore(Settings.from_environment({"LONGSHORE_DATA": str(tmp_path)})) as longshore:
        yield Shop(longshore, tmp_path)


def test_templates_of_all_types_import_and_their_exports_change_nothing(shop: Shop) -> None:
    creatable = shop.catalogue.creatable
    complaints = shop.fill(creatable)
    assert {name: found for name, found in complaints.items() if found} == {}
    for resource_type in creatable:
        for format_ in ExportFormat:
            text = shop.export(resource_type, format_)
            again = shop.import_text(resource_type, text, suffix=format_.value)
            assert shop.complaints(again) == [], (resource_type, text)
            assert again.unchanged_count == again.inputs_size >= 1, (resource_type, text)
        workbook = shop.export_workbook(resource_type)
        again = shop.import_bytes(resource_type, workbook, suffix="xlsx")
        assert shop.complaints(again) == [], resource_type
        assert again.unchanged_count == again.inputs_size >= 1, resource_type
        guarded = shop.export(resource_type, ExportFormat.CSV, is_guarded=True)
        again = shop.import_text(resource_type, guarded, suffix="csv", is_guarded=True)
        assert shop.complaints(again) == [], (resource_type, guarded)
        assert again.unchanged_count == again.inputs_size >= 1, (resource_type, guarded)


def test_exports_of_records_in_every_condition_change_nothing(shop: Shop) -> None:
    shop.fill(("prices", "markets", "coupons", "bundles", "sku_options"))
    records = Records(shop.longshore.database, shop.environment)
    market, option = (records.public(records.ids(name)[0]) for name in ("markets", "sku_options"))
    with_code = {"sku_code": "EXAMPLE-1", "quantity": 2}
    without_sku = {
        "sku_code": "GONE",
        "name": "Returned",
        "unit_amount_cents": 300,
        "quantity": -1,
        "line_item_options": [{"sku_option_id": option, "quantity": 1, "options": {"a": 1}}],
    }
    of_bundle = {"bundle_code": "EXAMPLE-1", "quantity": 1, "unit_amount_cents": 5}
    order = {
        "number": "1",
        "market_id": market,
        "customer_email": "jane@example.com",
        "coupon_code": "EXAMPLE-1",
        "expires_at": "2030-01-01",
        "_archive": True,
        "status": "placed",
        "line_items": [with_code, without_sku, of_bundle],
    }
    customer = {"email": "Joe@example.com", "password": "secret", "tags": [{"name": "a"}]}
    gift_card = {
        "code": "EXAMPLE-1",
        "market_id": market,
        "balance_cents": 100,
        "recipient_email": "jane@example.com",
        "_activate": True,
    }
    inputs = {"orders": order, "customers": customer, "gift_cards": gift_card}
    for resource_type, input_ in inputs.items():
        import_ = shop.import_text(resource_type, json.dumps([input_]), suffix="json")
        assert shop.complaints(import_) == []
    for resource_type in (*inputs, "line_items", "line_item_options", "gift_card_recipients"):
        for format_ in ExportFormat:
            text = shop.export(resource_type, format_)
            again = shop.import_text(resource_type, text, suffix=format_.value)
            assert shop.complaints(again) == [], text
            assert again.unchanged_count == again.inputs_size, text
        workbook = shop.export_workbook(resource_type)
        again = shop.import_bytes(resource_type, workbook, suffix="xlsx")
        assert shop.complaints(again) == [], resource_type
        assert again.unchanged_count == again.inputs_size, resource_type


@pytest.mark.parametrize(
    ("format_", "is_guarded"),
    [
        (ExportFormat.CSV, False),
        (ExportFormat.CSV, True),
        (ExportFormat.NDJSON, False),
        (None, False),  # a workbook
    ],
)
def test_odd_values_survive_an_export_and_an_import(
    shop: Shop, format_: ExportFormat | None, is_guarded: bool
) -> None:
    records = Records(shop.longshore.database, shop.environment)
    rows = [
        {
            "code": f"CODE-{at}",
            "code_key": f"{shop.environment.number}:CODE-{at}",
            "name": text if text.strip() else "blank",
            "description": text,
            "weight": ODD_NUMBERS[at % len(ODD_NUMBERS)],
            "do_not_ship": True,
            "metadata": '{"a":[1,null,0.1,"\\n"],"é":{"b":true}}',
        }
        for at, text in enumerate(ODD_TEXTS)
    ]
    ids = records.add_many("skus", rows)
    tag = records.add("tags", name="red", name_key=f"{shop.environment.number}:red")
    records.tag(ids[0], tag)
    before = records.find("skus", linked=["tags"])
    if format_ is None:
        again = shop.import_bytes("skus", shop.export_workbook("skus"), suffix="xlsx")
    else:
        text = shop.export("skus", format_, is_guarded=is_guarded)
        again = shop.import_text("skus", text, suffix=format_.value, is_guarded=is_guarded)
    assert shop.complaints(again) == []
    assert again.unchanged_count == len(rows)
    assert records.find("skus", linked=["tags"]) == before


def test_a_csv_export_says_nothing_twice_and_shows_no_secret(shop: Shop) -> None:
    def columns(resource_type: str) -> list[str]:
        return [column.name for column in export_columns(shop.catalogue, resource_type)]

    prices = columns("prices")
    assert prices[0] == "id"
    assert "sku_id" in prices
    assert "sku_code" not in prices
    assert "amount_float" not in prices
    assert "created_at" not in prices
    assert "tags.name" in columns("skus")
    assert columns("price_tiers")[:2] == ["id", "type"]
    assert "password" not in columns("customers")
    assert "api_key" not in columns("google_geocoders")
    assert "status" not in columns("orders")


def test_an_export_of_nothing_is_a_header_or_empty(shop: Shop) -> None:
    assert shop.export("skus", ExportFormat.CSV).startswith("id,code,name,")
    assert shop.export("skus", ExportFormat.CSV).count("\n") == 1
    assert shop.export("skus", ExportFormat.NDJSON) == ""


def test_a_value_that_another_record_stands_in_for_is_not_exported(shop: Shop) -> None:
    records = Records(shop.longshore.database, shop.environment)
    price_list = records.add("price_lists", name="EU", currency_code="EUR")
    market = records.add("markets", name="EU", price_list_id=price_list)
    records.add("bundles", code="A", market_id=market)
    assert "EUR" not in shop.export("bundles", ExportFormat.CSV)


@pytest.mark.parametrize("name", ["sku", "promotions", "imports"])
def test_a_type_that_takes_no_imports_is_not_exported(shop: Shop, name: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        shop.export(name, ExportFormat.CSV)
    assert refused.value.hint


def test_a_template_waits_for_what_its_row_must_lead_to(shop: Shop) -> None:
    assert shop.template("prices").missing == ("price_lists", "skus")
    shop.fill(["price_lists", "skus"])
    template = shop.template("prices")
    assert template.missing == ()
    assert set(template.row) >= {"amount_cents", "price_list_id", "sku_id", "price_tiers"}
    assert template.cells["price_tiers.name"] == "Example"


def test_a_template_fills_what_the_flags_of_its_organization_require(shop: Shop) -> None:
    assert "phone" in shop.template("addresses").row
    flags = {**shop.environment.flags, "addresses_phone_required": False}
    shop.environment = replace(shop.environment, flags=flags)
    assert "phone" not in shop.template("addresses").row


def test_a_template_names_first_what_is_required(shop: Shop) -> None:
    columns = template_columns(shop.catalogue, "skus")
    assert columns[:3] == ["code", "name", "shipping_category_id"]
    assert columns[-1] == "tags.name"
    assert "id" not in columns
    assert template_columns(shop.catalogue, "price_tiers")[0] == "type"
