"""Single records written by somebody who asks for just that: the same rules as for rows."""

from collections.abc import Mapping
from typing import Any

import pytest

from longshore.engine import WriteOutcome
from tests.behaviour.engine.examples import EXAMPLES
from tests.behaviour.engine.organization import SOMEBODY, Organization

SKU = {"code": "A", "name": "a", "do_not_ship": True}


def create(shop: Organization, resource_type: str, row: Mapping[str, Any]) -> WriteOutcome:
    return shop.writer.create(shop.environment, resource_type, row, creator=SOMEBODY)


def update(shop: Organization, resource_type: str, id: str, row: Mapping[str, Any]) -> WriteOutcome:
    inside = shop.inside(id)
    return shop.writer.update(shop.environment, resource_type, inside, row, creator=SOMEBODY)


def delete(shop: Organization, resource_type: str, id: str) -> Any:
    inside = shop.inside(id)
    return shop.writer.delete(shop.environment, resource_type, inside, creator=SOMEBODY)


def said(outcome: WriteOutcome) -> dict[str, list[str]]:
    """Messages by field."""
    assert outcome.record_id is None or not outcome.findings
    messages: dict[str, list[str]] = {}
    for field, message, _ in outcome.findings:
        messages.setdefault(field, []).append(message)
    return messages


# Create


def test_created_record_is_as_an_import_would_make_it(
    shop: Organization, elsewhere: Organization
) -> None:
    row = {**SKU, "weight": "1.5", "metadata": {"a": 1}, "tags": [{"name": "Red"}]}
    made = create(shop, "skus", row)
    elsewhere.load("skus", [row])
    assert made.record_id == shop.inside(shop.one("skus")["id"])
    of_itself = {"id": None, "created_at": None, "updated_at": None}
    assert shop.one("skus") | of_itself == elsewhere.one("skus") | of_itself


@pytest.mark.parametrize("resource_type", EXAMPLES)
def test_every_example_is_created_alike_alone_and_by_an_import(
    shop: Organization, elsewhere: Organization, resource_type: str
) -> None:
    shop.have(resource_type)
    row = {
        name: elsewhere.some(value[1:]) if isinstance(value, str) and value[0] == "@" else value
        for name, value in EXAMPLES[resource_type].items()
    }
    elsewhere.load(resource_type, [row])
    assert _without_ids(shop.one(resource_type)) == _without_ids(elsewhere.one(resource_type))


def _without_ids(record: dict[str, Any]) -> dict[str, Any]:
    """What two environments can have in common; of the rest, whether it is there."""
    differing = ("created_at", "updated_at", "number", "code", "shared_secret")
    return {
        name: value is not None if name.endswith("id") or name in differing else value
        for name, value in record.items()
    }


def test_key_of_a_record_that_is_there_is_taken_and_nothing_is_updated(shop: Organization) -> None:
    create(shop, "skus", SKU)
    outcome = create(shop, "skus", {**SKU, "name": "b"})
    assert said(outcome) == {"code": ["has already been taken"]}
    assert shop.values("skus", "name") == ["a"]


def test_name_that_need_not_be_unique_makes_another_record(shop: Organization) -> None:
    for _ in range(2):
        assert create(shop, "sku_lists", {"name": "same"}).record_id is not None
    assert len(shop.all("sku_lists")) == 2


def test_targets_are_still_found_and_made(shop: Organization) -> None:
    shop.have("customers", email="a@x.com")
    market = shop.some("markets")
    for email in ("A@x.com", "b@x.com"):
        made = create(shop, "orders", {"market_id": market, "customer_email": email})
        assert made.record_id is not None
    assert shop.values("customers", "email") == ["a@x.com", "b@x.com"]


def test_nested_rows_still_match_within_the_record(shop: Organization) -> None:
    tier = {"name": "t", "up_to": 5, "price_amount_cents": 1}
    row = {
        "sku_id": shop.some("skus"),
        "price_list_id": shop.some("price_lists"),
        "amount_cents": 1,
        "price_tiers": [tier, {**tier, "name": "u"}],
    }
    assert create(shop, "prices", row).record_id is not None
    assert shop.values("price_tiers", "name") == ["u"]


def test_rows_inside_rows_keep_their_relationships(shop: Organization) -> None:
    option = {"sku_option_id": shop.some("sku_options"), "quantity": 1, "options": {}}
    line = {"name": "x", "quantity": 1, "unit_amount_cents": 1, "line_item_options": [option]}
    row = {"market_id": shop.some("markets"), "line_items": [line]}
    assert said(create(shop, "orders", row)) == {}
    assert shop.values("line_item_options", "sku_option_id") == [shop.some("sku_options")]


def test_all_that_is_wrong_is_told_and_nothing_is_written(shop: Organization) -> None:
    row = {"customer_email": "new@x.com", "line_items": [{"quantity": 0}], "expires_at": "x"}
    outcome = create(shop, "orders", row)
    assert said(outcome) == {
        "expires_at": ["is invalid"],
        "market": ["must exist"],
        "line_items.quantity": ["must be other than 0"],
        "line_items.unit_amount_cents": ["can't be blank"],
    }
    assert shop.all("customers") == shop.all("orders") == []


@pytest.mark.parametrize(
    ("element", "errors"),
    [
        ({"quantity": 1}, {"line_items.unit_amount_cents": ["can't be blank"]}),
        (
            {"quantity": 0},
            {
                "line_items.quantity": ["must be other than 0"],
                "line_items.unit_amount_cents": ["can't be blank"],
            },
        ),
        (
            {"quantity": {}, "unit_amount_cents": 1, "name": "x"},
            {"line_items.quantity": ["is not a number"]},
        ),
        ("x", {"line_items.base": ["is not an object"]}),
    ],
)
def test_what_is_wrong_with_several_elements_is_told_once(
    shop: Organization, element: object, errors: dict[str, list[str]]
) -> None:
    row = {"market_id": shop.some("markets"), "line_items": [element, element]}
    assert said(create(shop, "orders", row)) == errors


def test_each_wrong_value_of_several_elements_is_told(shop: Organization) -> None:
    lines = [
        {"quantity": value, "unit_amount_cents": 1, "name": "x"} for value in (1.5, "x", True, "x")
    ]
    row = {"market_id": shop.some("markets"), "line_items": lines}
    assert create(shop, "orders", row).findings == [
        ("line_items.quantity", "must be an integer", 1.5),
        ("line_items.quantity", "is not a number", "x"),
        ("line_items.quantity", "is not a number", True),
    ]


def test_wrong_value_is_handed_back_unless_nobody_may_read_it(shop: Organization) -> None:
    outcome = create(shop, "customers", {"email": "nobody", "password": "a\0b"})
    assert set(outcome.findings) == {
        ("email", "is invalid", "nobody"),
        ("password", "is invalid", None),
    }


def test_warnings_are_told(shop: Organization) -> None:
    outcome = create(shop, "skus", {**SKU, "_add_tags": "unknown"})
    assert outcome.record_id is not None
    assert outcome.warnings == ["_add_tags: there is no tag 'unknown', it was discarded"]


def test_creator_is_kept(shop: Organization) -> None:
    id = create(shop, "skus", SKU).record_id
    with shop.longshore.database.read() as tx:
        assert tx.fetch("SELECT creator_id FROM skus WHERE id = ?", (id,)) == [(SOMEBODY,)]


# Update


def test_update_changes_what_it_names_and_writes_history(shop: Organization) -> None:
    sku = shop.have("skus", code="A", name="a", description="x")
    assert update(shop, "skus", sku, {"name": "b"}).record_id == shop.inside(sku)
    record = shop.one("skus")
    assert (record["name"], record["description"]) == ("b", "x")
    (entry,) = shop.history(sku)
    assert entry.changes == {"name": ("a", "b")}


def test_update_that_changes_nothing_leaves_no_history(shop: Organization) -> None:
    sku = shop.have("skus", name="a")
    before = shop.one("skus")
    assert update(shop, "skus", sku, {"name": "a"}).record_id == shop.inside(sku)
    assert update(shop, "skus", sku, {}).record_id == shop.inside(sku)
    assert (shop.one("skus"), shop.history(sku)) == (before, [])


def test_update_means_the_record_that_was_named_whatever_the_row_says(shop: Organization) -> None:
    first, second = shop.have("skus", code="A"), shop.have("skus", code="B")
    row = {"id": second, "name": "x"}
    assert update(shop, "skus", first, row).record_id == shop.inside(first)
    assert shop.values("skus", "name") == ["x", "Some SKU"]


def test_update_to_a_taken_key_is_refused(shop: Organization) -> None:
    first, _ = shop.have("skus", code="A"), shop.have("skus", code="B")
    assert said(update(shop, "skus", first, {"code": "B"})) == {"code": ["has already been taken"]}


def test_update_of_what_is_not_there_must_exist(shop: Organization) -> None:
    sku = shop.have("skus")
    assert delete(shop, "skus", sku).is_done
    assert said(update(shop, "skus", sku, {"name": "x"})) == {"id": ["must exist"]}
    assert said(update(shop, "skus", shop.some("price_lists"), {"name": "x"})) == {
        "id": ["must exist"]
    }


def test_triggers_fire(shop: Organization) -> None:
    order = shop.have("orders")
    assert update(shop, "orders", order, {"_place": True}).record_id is not None
    assert shop.one("orders")["status"] == "placed"
    assert said(update(shop, "orders", order, {"_refund": True})) == {
        "_refund": ["is not supported"]
    }


# Delete


def test_destroyed_record_is_gone_and_its_image_stays(shop: Organization) -> None:
    sku = shop.have("skus", code="A", metadata={"a": 1}, tags=[{"name": "red"}])
    done = delete(shop, "skus", sku)
    assert (done.is_found, done.is_done, list(done.referrers)) == (True, True, [])
    assert shop.all("skus") == []
    (entry,) = shop.history(sku)
    assert (entry.event, entry.import_id) == ("destroy", SOMEBODY)
    assert entry.image is not None
    assert (entry.image["code"], entry.image["metadata"]) == ("A", '{"a":1}')
    with shop.longshore.database.read() as tx:
        links = tx.fetch("SELECT * FROM taggings WHERE record_id = ?", (shop.inside(sku),))
    assert links == []
    assert shop.values("tags", "name") == ["red"]


def test_code_of_a_destroyed_record_is_free(shop: Organization) -> None:
    delete(shop, "skus", shop.have("skus", code="A"))
    assert shop.load("skus", [SKU]).counts == (1, 0, 0, 0)


def test_record_that_others_refer_to_is_kept(shop: Organization) -> None:
    sku = shop.some("skus")
    shop.have("prices", sku_id=sku)
    shop.load("sku_lists", [{"name": "L", "sku_list_items": [{"sku_code": "SOME"}]}])
    done = delete(shop, "skus", sku)
    assert (done.is_done, list(done.referrers)) == (False, ["prices", "sku_list_items"])
    assert len(shop.all("skus")) == 1
    assert shop.history(sku) == []


def test_collections_go_with_the_record_that_holds_them(shop: Organization) -> None:
    order = shop.have("orders", number="N")
    option = {"sku_option_id": shop.some("sku_options"), "quantity": 1, "options": {}}
    line = {"name": "x", "quantity": 1, "unit_amount_cents": 1, "line_item_options": [option]}
    shop.load("orders", [{"number": "N", "line_items": [line, line]}])
    gone = [order, *shop.values("line_items", "id"), *shop.values("line_item_options", "id")]
    assert delete(shop, "orders", order).is_done
    for resource_type in ("orders", "line_items", "line_item_options"):
        assert shop.all(resource_type) == []
    assert [[entry.event for entry in shop.history(id)] for id in gone] == [["destroy"]] * 5
    assert len(shop.all("sku_options")) == 1


def test_collection_of_a_record_that_is_kept_is_kept(shop: Organization) -> None:
    """A transfer refers to a line of the order; so neither the line nor the order goes."""
    line = shop.have("line_items")
    row = {
        "sku_id": shop.some("skus"),
        "quantity": 1,
        "origin_stock_location_id": shop.some("stock_locations"),
        "destination_stock_location_id": shop.some("stock_locations"),
        "line_item_id": line,
    }
    shop.load("stock_transfers", [row])
    done = delete(shop, "orders", shop.one("orders")["id"])
    assert list(done.referrers) == ["stock_transfers"]
    assert len(shop.all("line_items")) == 1


def test_destroyed_tag_leaves_the_records_that_had_it(shop: Organization) -> None:
    shop.have("skus", tags=[{"name": "red"}, {"name": "blue"}])
    (red,) = (tag["id"] for tag in shop.all("tags") if tag["name"] == "red")
    assert delete(shop, "tags", red).is_done
    assert shop.one("skus")["tags"] == ["blue"]


@pytest.mark.parametrize("resource_type", ["skus", "price_lists"])
def test_record_of_another_type_is_not_found(shop: Organization, resource_type: str) -> None:
    other = shop.have("customers")
    done = delete(shop, resource_type, other)
    assert (done.is_found, done.is_done) == (False, False)
    assert len(shop.all("customers")) == 1


def test_record_of_a_sister_type_is_not_found(shop: Organization) -> None:
    promotion = shop.have("percentage_discount_promotions")
    assert not delete(shop, "free_shipping_promotions", promotion).is_found
    assert delete(shop, "promotions", promotion).is_done
