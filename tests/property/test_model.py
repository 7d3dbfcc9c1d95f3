"""The naive model itself: the rules of the import specification, one case a line.

The engine is compared with the model elsewhere; here the model is compared with the text, so that
both cannot be wrong in the same way unseen.
"""

from collections.abc import Mapping

import pytest

from longshore.catalogue import load_catalogue
from tests.property.model import CsvRow, Model, Report

Errors = dict[str, list[str]]


@pytest.fixture
def model() -> Model:
    """An environment with a shipping category, a price list, a market, an order and two SKUs."""
    model = Model(load_catalogue())
    category = created(model, "shipping_categories", {"name": "Goods"})
    address = {
        "line_1": "Via Roma 1",
        "city": "Prato",
        "country_code": "IT",
        "zip_code": "59100",
        "phone": "1",
        "business": True,
        "company": "Acme",
    }
    price_list = created(model, "price_lists", {"name": "EU", "currency_code": "EUR"})
    merchant_address = created(model, "addresses", address)
    merchant = created(model, "merchants", {"name": "Acme", "address_id": merchant_address})
    inventory = created(model, "inventory_models", {"name": "All"})
    market = created(
        model,
        "markets",
        {
            "name": "Europe",
            "merchant_id": merchant,
            "price_list_id": price_list,
            "inventory_model_id": inventory,
        },
    )
    for code in ("A", "B"):
        created(model, "skus", {"code": code, "name": code, "shipping_category_id": category})
    created(model, "prices", {"sku_code": "A", "price_list_id": price_list, "amount_cents": 1200})
    created(model, "orders", {"number": "N1", "market_id": market})
    return model


def created(model: Model, resource_type: str, row: dict[str, object]) -> str:
    """Import one row that must succeed; the id of its record."""
    report = model.run(resource_type, [row])
    assert not report.failures
    return next(
        str(one) for one in report.created_ids if model.state.records[one]["type"] == resource_type
    )


def ids(model: Model, resource_type: str) -> list[str]:
    found = model.state.records.items()
    return [str(one) for one, record in found if record["type"] == resource_type]


def errors_of(report: Report) -> Errors:
    errors: Errors = {}
    for failure in report.failures:
        errors.setdefault(failure.attribute, []).append(failure.message)
    return errors


def record(model: Model, resource_type: str, index: int = 0) -> Mapping[str, object]:
    return model.state.records[int(ids(model, resource_type)[index])]


CASES: list[tuple[str, object, Errors]] = [
    # a row with a key that is there is an update: nothing that it does not name is required
    ("skus", {"code": "A", "name": "a"}, {}),
    ("skus", {"code": "A", "name": None}, {"name": ["can't be blank"]}),
    ("skus", {"code": "A", "name": " "}, {"name": ["can't be blank"]}),
    (
        "skus",
        {"code": "A", "do_not_ship": "maybe"},
        {"do_not_ship": ["is not included in the list"]},
    ),
    (
        "skus",
        {"code": "A", "unit_of_weight": "kg"},
        {"unit_of_weight": ["is not included in the list"]},
    ),
    ("skus", {"code": "A", "pieces_per_pack": "12.5"}, {"pieces_per_pack": ["must be an integer"]}),
    ("skus", {"code": "A", "pieces_per_pack": "12.0"}, {}),
    ("skus", {"code": "A", "pieces_per_pack": "dozen"}, {"pieces_per_pack": ["is not a number"]}),
    (
        "skus",
        {"code": "A", "pieces_per_pack": 2**63},
        {"pieces_per_pack": ["must be less than or equal to 9223372036854775807"]},
    ),
    (
        "skus",
        {"code": "A", "name": ["x"], "description": "\0"},
        {"name": ["is invalid"], "description": ["is invalid"]},
    ),
    (
        "skus",
        {"code": "x" * 513, "name": "x", "do_not_ship": True},
        {"code": ["is too long (maximum is 512 bytes)"]},
    ),
    # a row without is a create
    (
        "skus",
        {},
        {
            "code": ["can't be blank"],
            "name": ["can't be blank"],
            "shipping_category": ["must exist"],
        },
    ),
    ("skus", {"code": "C", "name": "c", "do_not_ship": "yes"}, {}),
    (
        "skus",
        {"code": "C", "name": "c", "shipping_category_id": "nowhere"},
        {"shipping_category": ["must exist"]},
    ),
    ("skus", {"id": "nowhere", "code": "A"}, {"id": ["must exist"]}),
    ("skus", "A", {"base": ["is not an object"]}),
    # shortcuts and keys of several parts
    (
        "prices",
        {"sku_code": "Z", "amount_cents": 1},
        {"sku": ["must exist"], "price_list": ["must exist"]},
    ),
    (
        "prices",
        {"amount_cents": -1},
        {
            "amount_cents": ["must be greater than or equal to 0"],
            "sku": ["must exist"],
            "price_list": ["must exist"],
        },
    ),
    ("orders", {"number": "N1", "coupon_code": "Z"}, {"coupon_code": ["doesn't exist"]}),
    ("orders", {"number": "N1", "_capture": 1}, {"_capture": ["is not supported"]}),
    ("orders", {"number": "N1", "_capture": "false"}, {}),
    ("orders", {"number": "N2"}, {"market": ["must exist"]}),
    # nested elements fail the row under their own names
    (
        "orders",
        {"number": "N1", "line_items": [{"sku_code": "A", "quantity": 0}, {"sku_code": "Z"}]},
        {
            "line_items.quantity": ["must be other than 0", "can't be blank"],
            "line_items.sku": ["must exist"],
        },
    ),
    ("orders", {"number": "N1", "line_items": [{"sku_code": "A", "quantity": 1}]}, {}),
    (
        "orders",
        {"number": "N1", "line_items": [{"sku_code": "B", "quantity": 1}]},
        {"line_items.unit_amount_cents": ["can't be blank"]},
    ),
    (
        "orders",
        {
            "number": "N1",
            "line_items": [{"sku_code": "Z", "name": "z", "quantity": -1, "unit_amount_cents": 1}],
        },
        {},
    ),
    ("customers", {"email": "no"}, {"email": ["is invalid"]}),
    (
        "customers",
        {"email": "a@b.it", "tags": [{"name": "no good"}]},
        {"tags.name": ["is invalid"]},
    ),
    (
        "customers",
        {"email": "a@b.it", "tags": [{"name": f"t{n}"} for n in range(11)]},
        {"tags": ["is too long (maximum is 10 tags)"]},
    ),
    ("sku_lists", {"name": "L", "manual": False}, {"sku_code_regex": ["can't be blank"]}),
    (
        "sku_lists",
        {"name": "L", "manual": False, "sku_code_regex": "("},
        {"sku_code_regex": ["is invalid"]},
    ),
    # CSV
    ("skus", CsvRow(("code", "name"), ("A", " ")), {}),
    (
        "skus",
        CsvRow(("code", "name"), ("A", "a", "", "b")),
        {"base": ["has 4 cells, the header has 2"]},
    ),
    ("skus", CsvRow(("code", "name"), ("A", "a", " ")), {}),
    ("skus", CsvRow(("code", "metadata"), ("A", "{")), {"metadata": ["is invalid"]}),
]


@pytest.mark.parametrize(("resource_type", "row", "expected"), CASES)
def test_a_row_is_accepted_or_told_what_is_wrong(
    model: Model, resource_type: str, row: object, expected: Errors
) -> None:
    before = {key: dict(value) for key, value in model.state.records.items()}
    report = model.run(resource_type, [row])
    assert errors_of(report) == expected
    if expected:
        assert model.state.records == before, "a failed row leaves nothing behind"


def test_the_same_key_twice_creates_and_then_updates(model: Model) -> None:
    rows = [
        {"code": "C", "name": "c", "do_not_ship": True},
        {"code": " C\u200b", "name": "d"},
        {"code": "C"},
    ]
    report = model.run("skus", rows)
    assert (report.created, report.updated, report.unchanged) == (1, 1, 1)
    assert record(model, "skus", 2)["name"] == "d"


def test_a_unique_value_must_be_free_at_the_moment_of_its_row(model: Model) -> None:
    first, second = ids(model, "skus")
    rows = [
        {"id": first, "code": "B"},
        {"id": first, "code": "T"},
        {"id": second, "code": "A"},
        {"id": first, "code": "B"},
    ]
    report = model.run("skus", rows, skip_errors=True)
    assert [(one.row, one.message) for one in report.failures] == [(1, "has already been taken")]
    assert [record(model, "skus", index)["code"] for index in (0, 1)] == ["B", "A"]


def test_a_customer_found_by_a_failing_row_is_not_kept(model: Model) -> None:
    rows = [
        {"number": "N1", "customer_email": "new@x.it", "coupon_code": "Z"},
        {"number": "N1", "customer_email": "NEW@x.it"},
        {"number": "N1", "customer_email": "new@X.IT"},
    ]
    report = model.run("orders", rows, skip_errors=True)
    assert (report.errors_count, report.updated, report.unchanged) == (1, 1, 1)
    assert record(model, "customers")["email"] == "NEW@x.it"


def test_the_row_above_a_tenth_is_the_last_one(model: Model) -> None:
    bad: dict[str, object] = {"code": "A", "name": None}
    good: dict[str, object] = {"code": "A", "name": "a"}
    report = model.run("skus", [*[good] * 8, bad, good])
    assert (report.status, report.errors_count) == ("completed", 1)
    report = model.run("skus", [*[good] * 7, bad, bad, good])
    assert (report.status, report.processed_count, report.errors_count) == ("interrupted", 7, 2)


def test_equal_lines_of_a_row_match_equal_children_in_order(model: Model) -> None:
    lines = [{"sku_code": "A", "quantity": n} for n in (1, 2)]
    model.run("orders", [{"number": "N1", "line_items": lines}])
    lines = [{"sku_code": "A", "quantity": n} for n in (3, 4, 5)]
    report = model.run("orders", [{"number": "N1", "line_items": lines}])
    assert [record(model, "line_items", index)["quantity"] for index in range(3)] == [3, 4, 5]
    assert [list(one.changes) for one in report.entries] == [["quantity"], ["quantity"]]
    assert report.updated == 1


def test_tags_are_replaced_added_and_removed(model: Model) -> None:
    row = {"code": "A", "tags": [{"name": "Red"}, {"name": "red"}, {"name": "blue"}]}
    model.run("skus", [row])
    report = model.run("skus", [{"code": "A", "_add_tags": "red, none", "_remove_tags": "BLUE"}])
    assert record(model, "skus")["tags"] == {int(ids(model, "tags")[0])}
    assert len(report.warnings) == 1
    report = model.run("skus", [{"code": "A", "_remove_tags": "blue"}])
    assert report.unchanged == 1


def test_a_name_that_two_records_have_names_neither(model: Model) -> None:
    first = created(model, "sku_lists", {"name": "L"})
    second = created(model, "sku_lists", {"name": "M"})
    assert first != second
    model.run("sku_lists", [{"id": second, "name": "L"}])
    report = model.run("sku_lists", [{"name": "L"}])
    assert errors_of(report) == {"base": ["matches 2 records"]}


def test_the_parent_fills_what_a_row_does_not_name(model: Model) -> None:
    (parent,) = ids(model, "price_lists")
    other = created(model, "price_lists", {"name": "US", "currency_code": "USD"})
    rows = [
        {"sku_code": "A", "amount_cents": 1},
        {"sku_code": "A", "amount_cents": 1, "price_list_id": other},
        {"sku_code": "A", "amount_cents": 1, "price_list_id": None},
    ]
    report = model.run("prices", rows, parent_id=parent)
    assert (report.created, report.updated, report.unchanged) == (1, 1, 1)


def test_a_trigger_whose_effect_is_there_changes_nothing(model: Model) -> None:
    row = {"number": "N1", "_archive": "1", "status": "approved"}
    report = model.run("orders", [row, row, {"number": "N1", "status": "draft"}])
    assert (report.updated, report.unchanged) == (1, 2)
    assert record(model, "orders")["status"] == "approved"


def test_an_inline_address_updates_that_of_the_matched_record(model: Model) -> None:
    row = {"customer_email": "a@b.it", "address": {"line_1": "Via Po", "city": "Rome"}}
    report = model.run("customer_addresses", [row])
    assert set(errors_of(report)) >= {"address.country_code", "address.phone"}
    address: dict[str, object] = {
        "line_1": "Via Po",
        "city": "Rome",
        "country_code": "IT",
        "zip_code": "00100",
        "phone": "1",
        "first_name": "Ada",
        "last_name": "Rossi",
    }
    row = {"customer": {"email": "a@b.it"}, "address": address}
    assert model.run("customer_addresses", [row]).created == 1
    (stored,) = ids(model, "customer_addresses")
    report = model.run("customer_addresses", [{"id": stored, "address": {"city": "Milan"}}])
    assert report.updated == 1
    assert record(model, "addresses", 1)["city"] == "Milan"
