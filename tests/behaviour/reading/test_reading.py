import re
import tracemalloc

import pytest

from longshore.access import ensure_environment
from longshore.errors import RequestRefused
from longshore.records import FilterRefused, SortRefused
from tests.behaviour.reading.factory import NOW, Records


def test_a_record_is_shown_in_the_wires_values(records: Records) -> None:
    category = records.add("shipping_categories", name="Merchandise")
    id_ = records.add(
        "skus",
        code="A",
        name="Tee",
        weight=1.5,
        do_not_ship=True,
        shipping_category_id=category,
        metadata='{"a":[1,null]}',
    )
    (view,) = records.find("skus")
    assert (view.type, view.id, view.record_id) == ("skus", records.public(id_), id_)
    assert view.attributes["weight"] == 1.5
    assert view.attributes["do_not_ship"] is True
    assert view.attributes["metadata"] == {"a": [1, None]}
    assert view.attributes["created_at"] == "2024-01-31T10:20:30.123Z"
    assert view.to_one == {"shipping_category": records.public(category)}


def test_attributes_shown_on_retrieval_only_are_not_in_a_list(records: Records) -> None:
    id_ = records.add("price_lists", name="EU", currency_code="EUR", rules='{"rules":[]}')
    (listed,) = records.find("price_lists")
    assert "rules" not in listed.attributes
    assert records.get("price_lists", id_).attributes["rules"] == {"rules": []}


def test_what_is_write_only_is_never_shown(records: Records) -> None:
    records.add("geocoders", type="google_geocoders", name="Maps", api_key="secret")
    (view,) = records.find("geocoders")
    assert view.type == "google_geocoders"
    assert "api_key" not in view.attributes


def test_computed_attributes_follow_from_other_records(records: Records) -> None:
    price_list = records.add("price_lists", name="JP", currency_code="JPY", tax_included=True)
    market = records.add("markets", name="JP", price_list_id=price_list)
    sku = records.add("skus", code="A", name="Tee")
    price = records.add("prices", price_list_id=price_list, sku_id=sku, amount_cents=1234)
    order = records.add("orders", number="1", market_id=market, subtotal_amount_cents=300)
    line_item = records.add(
        "line_items",
        order_id=order,
        item_id=sku,
        item_type="skus",
        quantity=3,
        unit_amount_cents=100,
    )
    option = records.add("sku_options", name="Print", price_amount_cents=50)
    records.add("line_item_options", line_item_id=line_item, sku_option_id=option, quantity=2)
    price_shown = records.get("prices", price).attributes
    assert price_shown["currency_code"] == "JPY"
    assert price_shown["sku_code"] == "A"
    assert (price_shown["amount_float"], price_shown["formatted_amount"]) == (1234.0, "¥1,234")
    order_shown = records.get("orders", order).attributes
    assert order_shown["currency_code"] == "JPY"
    assert order_shown["tax_included"] is True
    assert order_shown["total_amount_cents"] == 300
    assert order_shown["line_item_options_count"] == 1
    assert order_shown["customer_email"] is None
    line_item_shown = records.get("line_items", line_item)
    assert line_item_shown.attributes["total_amount_cents"] == 300
    assert line_item_shown.attributes["currency_code"] == "JPY"
    assert line_item_shown.to_one["sku"] == records.public(sku)
    assert line_item_shown.to_one["bundle"] is None
    (option_shown,) = records.find("line_item_options")
    assert option_shown.attributes["name"] == "Print"
    assert option_shown.attributes["total_amount_cents"] == 100


def test_a_null_that_another_record_stands_in_for_can_be_seen_as_stored(records: Records) -> None:
    price_list = records.add("price_lists", name="EU", currency_code="EUR")
    market = records.add("markets", name="EU", price_list_id=price_list)
    records.add("gift_cards", code="A", market_id=market)
    (shown,) = records.find("gift_cards")
    (stored,) = records.find("gift_cards", as_stored=True)
    assert shown.attributes["currency_code"] == "EUR"
    assert stored.attributes["currency_code"] is None


def test_derived_attributes_are_made_of_others(records: Records) -> None:
    records.add(
        "addresses",
        first_name="Jane",
        last_name="Doe",
        line_1="Via Roma 1",
        zip_code="50123",
        city="Firenze",
        country_code="IT",
    )
    (view,) = records.find("addresses")
    assert view.attributes["full_name"] == "Jane Doe"
    assert "Via Roma 1" in str(view.attributes["full_address"])


def test_a_family_is_read_as_a_whole_or_by_type(records: Records) -> None:
    price = records.add("prices", amount_cents=1)
    tiers = [
        records.add("price_tiers", type=name, name=name, price_id=price, price_amount_cents=1)
        for name in ("price_volume_tiers", "price_frequency_tiers")
    ]
    assert [view.type for view in records.find("price_tiers")] == [
        "price_volume_tiers",
        "price_frequency_tiers",
    ]
    assert records.ids("price_frequency_tiers") == tiers[1:]
    assert records.ids("price_tiers", ("type_eq", "price_volume_tiers")) == tiers[:1]
    with records.database.read() as tx:
        reader, id_ = records.reader, records.public(tiers[0])
        assert reader.get(tx, "price_volume_tiers", id_) is not None
        assert reader.get(tx, "price_frequency_tiers", id_) is None


def test_nothing_of_another_environment_is_read(records: Records) -> None:
    other = Records(records.database, ensure_environment(records.database, "default", "live"))
    category = other.add("shipping_categories", name="Theirs")
    theirs = other.add("skus", code="A", shipping_category_id=category)
    ours = records.add("skus", code="A")
    assert records.ids("skus") == [ours]
    assert other.ids("skus") == [theirs]
    with records.database.read() as tx:
        assert records.reader.get(tx, "skus", records.public(theirs)) is None
        assert records.reader.count(tx, "skus") == 1
    assert records.ids("skus", ("id_in", records.public(theirs))) == []
    assert records.ids("skus", ("shipping_category_name_eq", "Theirs")) == []


def test_records_are_found_over_relationships_of_every_kind(records: Records) -> None:
    category = records.add("shipping_categories", name="Merchandise")
    with_all = records.add("skus", code="A", name="Tee", shipping_category_id=category)
    alone = records.add("skus", code="B", name="Cap")
    price_list = records.add("price_lists", name="EU", currency_code="EUR")
    price = records.add("prices", price_list_id=price_list, sku_id=with_all, amount_cents=1)
    tag = records.add("tags", name="red")
    records.tag(with_all, tag)
    order = records.add("orders", number="1")
    line_item = records.add("line_items", order_id=order, item_id=with_all, item_type="skus")
    sku_list = records.add("sku_lists", name="List")
    records.add("sku_list_items", sku_list_id=sku_list, sku_id=with_all, quantity=1)
    for key, value in (
        ("shipping_category_name_start", "merch"),
        ("shipping_category_id_eq", records.public(category)),
        ("prices_amount_cents_eq", "1"),
        ("prices_price_list_currency_code_eq", "EUR"),
        ("prices_price_list_id_eq", records.public(price_list)),
        ("tags_name_in", "red,green"),
        ("sku_lists_name_eq", "List"),
    ):
        assert records.ids("skus", (key, value)) == [with_all], key
    for key in (
        "shipping_category_name_null",
        "shipping_category_id_null",
        "prices_amount_cents_null",
        "prices_price_list_currency_code_blank",
        "tags_name_null",
        "sku_lists_name_null",
    ):
        assert records.ids("skus", (key, "true")) == [alone], key
        assert records.ids("skus", (key, "false")) == [with_all], key
    assert records.ids("prices", ("sku_code_eq", "A")) == [price]
    assert records.ids("prices", ("sku_shipping_category_name_eq", "Merchandise")) == [price]
    assert records.ids("prices", ("sku_tags_name_eq", "red")) == [price]
    assert records.ids("line_items", ("sku_name_eq", "Tee")) == [line_item]
    assert records.ids("line_items", ("bundle_name_null", "true")) == [line_item]
    assert records.ids("orders", ("line_items_sku_name_eq", "Tee")) == [order]
    assert records.ids("orders", ("line_items_sku_name_or_number_eq", "1")) == [order]
    assert records.ids("orders", ("line_items_sku_name_and_number_eq", "1")) == []


def test_the_name_of_a_to_one_relationship_can_be_asked_whether_it_is_null(
    records: Records,
) -> None:
    category = records.add("shipping_categories", name="Merchandise")
    alone = records.add("skus", code="B")
    linked = records.add("skus", code="A", shipping_category_id=category)
    price = records.add("prices", amount_cents=1, sku_id=linked)
    item = records.add("stock_items", quantity=1, sku_id=linked)
    records.add("reserved_stocks", quantity=1, stock_item_id=item)
    order = records.add("orders", number="1")
    line_item = records.add("line_items", order_id=order, item_id=linked, item_type="skus")
    transfer = records.add("stock_transfers", number="1")
    for resource_type, name, null, not_null in (
        ("skus", "shipping_category", [alone], [linked]),
        ("prices", "sku_shipping_category", [], [price]),
        ("stock_items", "reserved_stock", [], [item]),
        ("reserved_stocks", "sku", [], records.ids("reserved_stocks")),
        ("line_items", "sku", [], [line_item]),
        ("line_items", "bundle", [line_item], []),
        ("stock_transfers", "shipment", [transfer], []),
    ):
        for matcher, value, expected in (
            ("null", "true", null),
            ("blank", "true", null),
            ("not_null", "false", null),
            ("null", "false", not_null),
            ("present", "true", not_null),
            ("not_null", "true", not_null),
        ):
            found = records.ids(resource_type, (f"{name}_{matcher}", value))
            assert found == expected, (resource_type, name, matcher, value)


def test_days_are_filtered_and_sorted_by(records: Records) -> None:
    option_ids = [
        records.add("sku_options", name=str(hours), delay_hours=hours)
        for hours in (25, 24, 0, 48, 1, None)
    ]
    days = [view.attributes["delay_days"] for view in records.find("sku_options")]
    assert days == [2, 1, 0, 2, 1, None]
    two, one, zero, also_two, also_one, unknown = option_ids
    assert records.ids("sku_options", ("delay_days_eq", "2")) == [two, also_two]
    assert records.ids("sku_options", ("delay_days_lt", "2")) == [one, zero, also_one]
    assert records.ids("sku_options", ("delay_days_null", "true")) == [unknown]
    by_days = records.ids("sku_options", sort=("-delay_days",))
    assert by_days == [unknown, two, also_two, one, also_one, zero]
    option = records.add("line_item_options", name="A", sku_option_id=two)
    assert records.ids("line_item_options", ("delay_days_gteq", "2")) == [option]
    assert records.ids("line_item_options", sort=("delay_days",)) == [option]
    slow = records.add("delivery_lead_times", min_hours=49, max_hours=-25)
    fast = records.add("delivery_lead_times", min_hours=48, max_hours=96)
    assert records.ids("delivery_lead_times", ("min_days_gt", "2")) == [slow]
    assert records.ids("delivery_lead_times", ("max_days_eq", "-1")) == [slow]
    assert records.ids("delivery_lead_times", sort=("min_days",)) == [fast, slow]
    assert records.ids("delivery_lead_times", sort=("-max_days",)) == [fast, slow]


def test_no_stock_transfer_is_archived(records: Records) -> None:
    transfer = records.add("stock_transfers", number="1")
    assert records.ids("stock_transfers", ("archived_at_null", "true")) == [transfer]
    assert records.ids("stock_transfers", ("archived_at_null", "false")) == []
    assert "archived_at" not in records.get("stock_transfers", transfer).attributes


def test_a_relationship_to_what_is_out_of_scope_leads_to_nothing(records: Records) -> None:
    order = records.add("orders", number="1")
    assert records.ids("orders", ("shipments_id_eq", "XBgGphKLQE")) == []
    assert records.ids("orders", ("shipments_id_null", "true")) == [order]


def test_filters_reach_computed_attributes(records: Records) -> None:
    customer = records.add("customers", email="jane@example.com")
    order = records.add("orders", number="1", subtotal_amount_cents=300, customer_id=customer)
    records.add("orders", number="2", subtotal_amount_cents=100)
    assert records.ids("orders", ("total_amount_cents_gt", "200")) == [order]
    assert records.ids("orders", ("customer_email_eq", "jane@example.com")) == [order]
    assert records.ids("customers", ("total_orders_count_eq", "1")) == [customer]
    assert records.ids("orders", ("payment_status_eq", "paid")) == []


def test_the_deepest_questions_are_still_ones_that_the_database_takes(records: Records) -> None:
    deep = '{"a":[{"a":[{"a":1}]}]}'
    sku = records.add("skus", metadata=deep)
    records.add("prices", sku_id=sku)
    chain = "prices_sku_prices_sku"
    assert records.ids("skus", (f"{chain}_metadata_jcont", deep)) == [sku]
    order = records.add("orders", number="1")
    chain = "line_items_order_line_items_order_line_items"
    assert records.ids("orders", (f"{chain}_currency_code_null", "true")) == [order]
    assert records.ids("skus", ("code_cont_any", ",".join("x" * 500))) == []
    assert records.ids("skus", ("code_in", ",".join("x" * 10_000))) == []


def test_records_come_as_they_were_created_and_are_taken_up_after_an_id(records: Records) -> None:
    ids = records.add_many("skus", [{"code": code} for code in "CAB"])
    assert records.ids("skus") == ids
    assert records.ids("skus", limit=2) == ids[:2]
    assert records.ids("skus", after_id=ids[0], limit=1) == ids[1:2]
    assert records.ids("skus", limit=0) == []


def test_records_are_sorted_by_several_criteria_and_null_is_the_greatest(records: Records) -> None:
    rows = [("b", "x"), (None, "y"), ("a", "z"), ("a", None), ("Z", "x")]
    ids = records.add_many("skus", [{"name": name, "reference": other} for name, other in rows])
    first, null, a_z, a_null, upper = ids
    assert records.ids("skus", sort=["name"]) == [upper, a_z, a_null, first, null]
    assert records.ids("skus", sort=["-name", "-reference"]) == [null, first, a_null, a_z, upper]
    assert records.ids("skus", sort=["-id"]) == ids[::-1]


@pytest.mark.parametrize("criterion", ["cod", "-description", "shipping_category", "", "-"])
def test_what_is_not_sortable_is_refused(records: Records, criterion: str) -> None:
    with pytest.raises(SortRefused) as refused:
        records.find("skus", sort=[criterion])
    assert refused.value.criterion == criterion.removeprefix("-")


def test_only_the_fields_asked_for_are_read(records: Records) -> None:
    category = records.add("shipping_categories", name="Merchandise")
    records.add("skus", code="A", shipping_category_id=category)
    (view,) = records.find("skus", fields=["code"])
    assert view.attributes == {"code": "A"}
    assert view.to_one == {}


def test_a_type_that_has_no_records_is_refused_with_the_nearest_that_has(records: Records) -> None:
    with pytest.raises(RequestRefused) as refused:
        records.find("sku")
    assert refused.value.hint == "did you mean skus?"
    with pytest.raises(RequestRefused):
        records.find("imports")


def test_a_wrong_filter_is_refused_before_anything_is_read(records: Records) -> None:
    with records.database.read() as tx, pytest.raises(FilterRefused):
        records.reader.find(tx, "skus", filters=[("id_gt", "nobody")])


def test_memory_does_not_grow_with_the_number_of_records(records: Records) -> None:
    records.add_many("skus", [{"code": f"{at:010}", "name": "x" * 500} for at in range(12_000)])
    with records.database.read() as tx:
        for _ in records.reader.find(tx, "skus", limit=2_000):
            pass
        tracemalloc.start()
        try:
            assert sum(1 for _ in records.reader.find(tx, "skus")) == 12_000
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 5_000_000


def test_what_the_wire_calls_never_null_has_a_value(records: Records) -> None:
    secrets = []
    for table, values in (
        ("markets", {"name": "A"}),
        ("markets", {"name": "B"}),
        ("shipping_methods", {"name": "A"}),
        ("payment_gateways", {"type": "external_gateways", "name": "A"}),
        ("tax_calculators", {"type": "external_tax_calculators", "name": "A"}),
        ("promotions", {"type": "external_promotions", "name": "A"}),
    ):
        id_ = records.add(table, **values)
        resource_type = str(values.get("type", table))
        secret = records.get(resource_type, id_).attributes["shared_secret"]
        assert isinstance(secret, str)
        assert len(bytes.fromhex(secret)) == 16
        assert records.get(resource_type, id_).attributes["shared_secret"] == secret
        secrets.append(secret)
    assert len(set(secrets)) == len(secrets)
    card = records.get("gift_cards", records.add("gift_cards", balance_cents=1)).attributes
    assert card["balance_log"] == []
    assert card["usage_log"] == {}
    reservation = records.add("stock_reservations", quantity=1)
    view = records.get("stock_reservations", reservation)
    assert view.attributes["created_at"] == "2024-01-31T10:20:30.123Z"
    assert view.attributes["expires_at"] == "2024-01-31T11:20:30.123Z"
    filters = ("expires_at_gt", "2024-01-31T11:00:00Z"), ("expires_at_lt", "2024-01-31T12:00:00Z")
    assert records.ids("stock_reservations", *filters, sort=("-expires_at",)) == [reservation]


def test_links_have_the_documented_defaults(records: Records) -> None:
    def shown(id_: int) -> list[object]:
        view = records.get("links", id_)
        return [view.attributes[name] for name in ("starts_at", "expires_at", "domain", "status")]

    plain, other = records.add("links", name="A"), records.add("links", name="B")
    created, ends = "2024-01-31T10:20:30.123Z", "2024-03-01T10:20:30.123Z"
    assert shown(plain) == [created, ends, "commercelayer.link", "expired"]
    url = records.get("links", plain).attributes["url"]
    assert isinstance(url, str)
    assert re.fullmatch(r"https://commercelayer\.link/[\w-]{40}", url)
    assert records.get("links", other).attributes["url"] != url
    day = 24 * 60 * 60 * 1000
    given = records.add("links", name="C", starts_at=NOW + day, domain="example.com")
    assert shown(given)[:3] == [
        "2024-02-01T10:20:30.123Z",
        "2024-03-02T10:20:30.123Z",
        "example.com",
    ]
    assert str(records.get("links", given).attributes["url"]).startswith("https://example.com/")
    assert records.ids("links", ("starts_at_gt", "2024-02-01")) == [given]
    assert records.ids("links", sort=("-expires_at",)) == [given, plain, other]
