"""What a plan makes of a type and of the names in a source."""

import pytest

from longshore.engine import FieldNames, input_names, record_tables_of
from longshore.engine.plan.nodes import Plan
from longshore.engine.values.candidate import ABSENT
from tests.unit.engine.plans import CATALOGUE, id_in, plan_of


def columns_of(plan: Plan, table: str) -> set[str]:
    """The columns of a table that the plan reads or writes, without those of keys."""
    return {name for name in plan.tables[table].columns if not name.endswith("_key")}


# Names


@pytest.mark.parametrize(
    ("resource_type", "columns", "unknown", "read_only"),
    [
        ("skus", ["code", "name"], (), ()),
        ("skus", ["id", "shipping_category_id", "tags", "_add_tags"], (), ()),
        ("skus", ["colour", "code", "Code"], ("colour", "Code"), ()),
        ("skus", [""], (), ()),
        # what longshore computes, keeps itself or reaches only from the other side
        (
            "skus",
            ["created_at", "updated_at", "inventory"],
            (),
            ("created_at", "updated_at", "inventory"),
        ),
        (
            "skus",
            ["type", "prices", "shipping_category"],
            ("prices", "shipping_category"),
            ("type",),
        ),
        ("prices", ["amount_float", "formatted_amount"], (), ("amount_float", "formatted_amount")),
        ("orders", ["status", "total_amount_cents"], (), ("total_amount_cents",)),
        ("line_items", ["sku_id", "item_id", "item_type"], ("sku_id",), ()),
        # names inside: dotted, and named in full where they are unknown
        ("prices", ["price_tiers.name", "price_tiers.colour"], ("price_tiers.colour",), ()),
        ("prices", ["colours.name", "colours.code"], ("colours.name", "colours.code"), ()),
        ("prices", ["price_tiers.created_at"], (), ("price_tiers.created_at",)),
        ("orders", ["line_items.line_item_options.x"], ("line_items.line_item_options.x",), ()),
        ("customer_addresses", ["address.line_1", "address.line1"], ("address.line1",), ()),
        ("skus", ["tags.name", "tags.id", "tags.colour"], ("tags.colour",), ()),
        ("skus", ["shipping_category.name", "shipping_category.id"], (), ()),
        ("skus", ["shipping_category.color"], ("shipping_category.color",), ()),
        ("price_tiers", ["price.price_list", "price.sku.code"], ("price.price_list",), ()),
        ("prices", ["price_tiers.price.sku.code"], ("price_tiers.price.sku.code",), ()),
        ("skus", ["prices.amount_cents", "code.x"], ("prices.amount_cents", "code.x"), ()),
        ("prices", ["price_tiers", "price_tiers.name"], ("price_tiers",), ()),
        # an object that is never null is filled by its keys, which may hold dots
        ("skus", ["metadata", "metadata.colour", "metadata.a.b"], (), ()),
        ("prices", ["price_tiers.metadata.colour", "rules.x"], ("rules.x",), ()),
        ("skus", ["metadata."], ("metadata.",), ()),
    ],
)
def test_names_are_bound_unknown_or_read_only(
    resource_type: str,
    columns: list[str],
    unknown: tuple[str, ...],
    read_only: tuple[str, ...],
) -> None:
    plan = plan_of(resource_type, columns, is_tabular=True)
    assert (plan.unknown_columns, plan.read_only_columns) == (unknown, read_only)


def test_ignored_columns_are_neither_bound_nor_unknown() -> None:
    plan = plan_of("skus", ["code", "_row", "_errors"], ignored=("_row", "_errors"))
    assert plan.unknown_columns == ()
    assert list(plan.root.slots) == ["code"]


def test_every_input_name_of_every_type_is_bound() -> None:
    for name in CATALOGUE.creatable:
        declared = CATALOGUE.types[name]
        names_of_table = FieldNames(CATALOGUE, declared).names
        for names in (names_of_table, input_names(CATALOGUE, declared)):
            plan = plan_of(name, names, is_tabular=names is names_of_table)
            assert plan.unknown_columns == (), name
            assert plan.read_only_columns == (), name


def test_collections_of_json_bind_all_that_there_may_be_where_nobody_looked_inside() -> None:
    plan = plan_of("prices", ["price_tiers"])
    (collection,) = plan.root.collections
    names = set(input_names(CATALOGUE, CATALOGUE.types["price_tiers"], owner="price"))
    assert set(collection.node.slots) == names
    assert collection.node.path == "price_tiers."


def test_collections_of_json_bind_only_the_names_that_were_found_inside() -> None:
    plan = plan_of("prices", ["price_tiers", "price_tiers.name", "price_tiers.colour"])
    assert list(plan.root.collections[0].node.slots) == ["name"]
    assert plan.unknown_columns == ("price_tiers.colour",)


def test_what_rows_hold_inside_is_one_node_by_whatever_way_it_is_reached() -> None:
    columns = ["customer.email", "address.line_1"]
    root = plan_of("customer_addresses", columns, is_tabular=True).root
    for step in (*root.targets, *root.deferred):
        assert step.nested_slot is not None
        assert step.nested is root.nested[step.nested_slot]
    prices = plan_of("prices", ["price_tiers"]).root
    assert prices.collections[0].node is prices.nested[prices.collections[0].slot]


# Columns


def test_plan_names_only_its_columns_its_keys_and_the_inputs_of_its_rules() -> None:
    plan = plan_of("skus", ["code", "description"])
    required = {"name", "do_not_ship", "shipping_category_id"}
    assert columns_of(plan, "skus") == {"code", "description", *required}
    assert set(plan.tables) == {"skus"}
    assert "pieces_per_pack" not in plan.tables["skus"].index


def test_defaults_that_no_row_names_are_constants_of_created_records() -> None:
    plan = plan_of("skus", ["code", "do_not_track"])
    assert plan.tables["skus"].constants == {"metadata": "{}"}
    assert plan_of("skus", ["code"]).tables["skus"].constants == {
        "metadata": "{}",
        "do_not_track": False,
    }


def test_sums_begin_at_nothing_and_are_no_column_of_a_plan() -> None:
    plan = plan_of("orders", ["number", "line_items"])
    assert plan.tables["orders"].constants["subtotal_amount_cents"] == 0
    assert plan.tables["orders"].constants["skus_count"] == 0
    assert "subtotal_amount_cents" not in plan.tables["orders"].index


def test_targets_are_looked_up_by_nothing_but_their_id() -> None:
    plan = plan_of("skus", ["code", "shipping_category_id"])
    assert plan.tables["shipping_categories"].columns == ()
    assert not plan.tables["shipping_categories"].is_written


def test_shortcut_needs_the_key_of_its_target() -> None:
    plan = plan_of("prices", ["sku_code", "amount_cents"])
    assert plan.tables["skus"].columns == ("code", "code_key")
    assert not plan.tables["skus"].is_written


def test_shortcut_that_creates_its_target_writes_it() -> None:
    plan = plan_of("orders", ["number", "customer_email"])
    assert plan.tables["customers"].is_written
    assert columns_of(plan, "customers") == {"email"}


def test_tables_of_targets_come_before_those_that_refer_to_them() -> None:
    columns = ["number", "customer_email", "market_id", "line_items", "tags"]
    tables = list(plan_of("orders", columns).tables)
    for earlier, later in [
        ("markets", "orders"),
        ("customers", "orders"),
        ("orders", "line_items"),
    ]:
        assert tables.index(earlier) < tables.index(later)


def test_confidential_and_key_columns_are_not_journaled() -> None:
    table = plan_of("avalara_accounts", ["name", "username", "password"]).tables["tax_calculators"]
    journaled = {name for _, name in table.journaled}
    assert {"name", "username"} <= journaled
    assert "password" in table.index
    assert "password" not in journaled
    assert not any(name.endswith("_key") for name in journaled)


def test_discarded_value_has_a_slot_and_no_column() -> None:
    plan = plan_of("customers", ["email", "password"])
    assert plan.root.slots["password"] in plan.root.masked
    assert "password" not in plan.tables["customers"].index
    assert "has_password" in plan.tables["customers"].index


# Keys and matching


@pytest.mark.parametrize(
    ("resource_type", "keys"),
    [
        ("orders", [("number",)]),
        ("coupons", [("promotion_rule", "code")]),
        ("skus", [("code",)]),
        ("prices", [("price_list", "sku")]),
        ("stock_items", [("stock_location", "sku")]),
        ("gift_cards", [("code",)]),
        ("customers", [("email",)]),
        ("customer_subscriptions", [("customer", "reference")]),
        ("tax_categories", [("tax_calculator", "sku")]),
        ("bundles", [("market", "code")]),
        ("sku_lists", [("name",)]),
        ("sku_list_items", [("sku_list", "sku")]),
        ("sku_options", [("market", "name")]),
        ("shipping_categories", [("code",), ("name",)]),
        ("price_lists", [("code",), ("name",)]),
        ("stock_locations", [("code",), ("name",)]),
        ("tags", [("name",)]),
        ("stock_transfers", [("number",)]),
        ("price_tiers", [("price", "type", "up_to")]),
        ("customer_addresses", [("customer", "address")]),
        (
            "customer_payment_sources",
            [("customer", "payment_method", "payment_source_token")],
        ),
        ("addresses", []),
        ("line_items", [("order", "reference")]),
        ("line_item_options", [("line_item", "reference")]),
    ],
)
def test_rows_are_matched_by_the_keys_of_their_type(
    resource_type: str, keys: list[tuple[str, ...]]
) -> None:
    root = plan_of(resource_type, ["id"]).root
    found = [
        tuple(part.field for part in root.table.keys[index].parts) for index in root.match_keys
    ]
    assert found == keys


def test_who_asks_for_new_records_has_the_keys_computed_and_matches_by_none() -> None:
    root = plan_of("prices", ["sku_code", "price_tiers"], matches_by_key=False).root
    assert root.match_keys == ()
    assert [key.matches for key in root.table.keys] == [True]
    assert root.collections[0].node.match_keys != ()  # elements are matched as ever


def test_parent_fills_the_relationship_that_its_type_declares() -> None:
    parent = id_in(1, 5)
    filled = {
        step.name: step.fill for step in plan_of("prices", ["sku_code"], parent=parent).root.targets
    }
    assert filled == {"price_list": parent, "sku": None}
    assert [step.name for step in plan_of("prices", ["sku_code"]).root.targets] == ["sku"]


def test_nested_record_without_a_key_waits_for_the_record_that_holds_it() -> None:
    root = plan_of("customer_addresses", ["customer.email", "address.line_1"], is_tabular=True).root
    assert [step.name for step in root.targets] == ["customer"]
    assert [step.name for step in root.deferred] == ["address"]


def test_family_matches_only_the_types_that_the_rows_mean() -> None:
    assert plan_of("price_volume_tiers", ["name"]).root.types == frozenset({"price_volume_tiers"})
    assert plan_of("price_tiers", ["name"]).root.types == frozenset(
        {"price_volume_tiers", "price_frequency_tiers"}
    )
    assert plan_of("skus", ["name"]).root.types is None


# Fields of rows


def test_template_of_a_row_names_nothing() -> None:
    root = plan_of("orders", ["number", "line_items", "tags"]).root
    assert set(root.template) == {ABSENT}
    assert repr(ABSENT) == "ABSENT"


def test_keyed_text_is_bounded_by_what_an_index_holds() -> None:
    root = plan_of("skus", ["code", "name", "reference"]).root
    convert = root.converters[root.slots["code"]]
    assert convert is not None
    assert convert("x" * 512) == "x" * 512
    with pytest.raises(ValueError, match=r"is too long \(maximum is 512 bytes\)"):
        convert("é" * 257)
    free = root.converters[root.slots["name"]]
    assert free is not None
    assert free("x" * 1024) == "x" * 1024


# What an import writes, for the order of imports


@pytest.mark.parametrize(
    ("resource_type", "columns", "tables"),
    [
        ("prices", ["sku_code", "amount_cents", "price_list_id"], {"prices"}),
        ("prices", ["sku_code", "price_tiers.up_to"], {"prices", "price_tiers"}),
        ("orders", ["number", "customer_email", "market_id"], {"orders"}),
        ("orders", ["number", "line_items.sku_code"], {"orders", "line_items"}),
        ("skus", ["code", "tags", "_add_tags"], {"skus"}),
        ("tags", ["name"], {"tags"}),
        ("customers", ["email", "customer_group_id"], {"customers"}),
        ("line_items", ["order_id", "quantity"], {"line_items"}),
        ("customer_addresses", ["address.line_1"], {"customer_addresses", "addresses"}),
        ("fixed_price_promotions", ["name"], {"promotions"}),
    ],
)
def test_the_tables_that_rows_may_write_are_their_own_and_those_of_nested_records(
    resource_type: str, columns: list[str], tables: set[str]
) -> None:
    assert record_tables_of(plan_of(resource_type, columns, is_tabular=True)) == tables
