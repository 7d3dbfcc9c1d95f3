"""What follows from the declarations, and what is wrong with declarations."""

from dataclasses import replace

import pytest

from longshore.catalogue import (
    ORGANIZATION_FLAGS,
    Catalogue,
    CatalogueFault,
    Derived,
    Key,
    Sum,
    Through,
    Trigger,
    load_catalogue,
    required_when,
)


def test_the_catalogue_is_built_once():
    assert load_catalogue() is load_catalogue()


def test_every_importable_type_can_be_created_and_kept():
    catalogue = load_catalogue()
    assert len(catalogue.importable) == 24
    assert set(catalogue.importable) <= set(catalogue.creatable)
    for name in catalogue.creatable:
        assert catalogue.types[name].table in catalogue.tables


def test_types_that_are_kept_elsewhere_or_not_served_have_no_table():
    catalogue = load_catalogue()
    absent = {"imports", "events", "event_stores", "organizations", "webhooks", "exports"}
    assert not absent & set(catalogue.tables)
    assert not absent & set(catalogue.creatable)


def test_tables_come_after_those_they_refer_to():
    catalogue = load_catalogue()
    seen: set[str] = set()
    for name, table in catalogue.tables.items():
        for link in table.links:
            if link.target not in (None, name) and not link.relationship.deferred:
                assert link.target in seen, f"{name}.{link.column}"
        seen.add(name)


def test_a_family_shares_a_table_with_the_attributes_of_all_its_types():
    table = load_catalogue().tables["promotions"]
    assert "promotions" not in table.types
    assert "percentage_discount_promotions" in table.types
    names = [attribute.name for attribute in table.attributes]
    assert {"type", "percentage", "x", "y", "promotion_url"} <= set(names)
    assert len(names) == len(set(names))


def test_a_link_into_several_tables_has_a_column_for_the_type():
    tables = load_catalogue().tables
    links = {link.relationship.name: link for link in tables["line_items"].links}
    assert (links["order"].target, links["order"].type_column) == ("orders", None)
    assert (links["item"].target, links["item"].type_column) == (None, "item_type")
    assert not links["item"].adds_type_column
    (rule,) = tables["coupons"].links[:1]
    assert (rule.column, rule.target, rule.type_column) == (
        "promotion_rule_id",
        "promotion_rules",
        None,
    )


def test_only_what_is_given_or_counted_has_a_column():
    columns = {attribute.name for attribute in load_catalogue().tables["orders"].attributes}
    assert {"number", "status", "subtotal_amount_cents", "archived_at", "metadata"} <= columns
    assert not {"total_amount_cents", "currency_code", "customer_email", "token"} & columns


def test_an_orders_sums_depend_on_its_line_items():
    sums = load_catalogue().sums
    assert {(s.table, s.attribute, s.children, s.link) for s in sums} == {
        ("orders", "subtotal_amount_cents", "line_items", "order_id"),
        ("orders", "skus_count", "line_items", "order_id"),
    }


def test_flags_of_the_organization_have_the_defaults_of_the_wire_contract():
    assert ORGANIZATION_FLAGS["addresses_phone_required"] is True
    assert ORGANIZATION_FLAGS["tags_max_name_length"] == 25
    assert ORGANIZATION_FLAGS["imports_skip_errors"] is False
    assert "slug" not in ORGANIZATION_FLAGS


def _with_attribute(name, **changes):
    def change(type_):
        attributes = (replace(a, **changes) if a.name == name else a for a in type_.attributes)
        return replace(type_, attributes=tuple(attributes))

    return change


def _with_relationship(name, **changes):
    def change(type_):
        links = (replace(r, **changes) if r.name == name else r for r in type_.relationships)
        return replace(type_, relationships=tuple(links))

    return change


def _with(**changes):
    return lambda type_: replace(type_, **changes)


def _with_trigger(trigger):
    return lambda type_: replace(type_, triggers=(*type_.triggers, trigger))


def _twice(type_):
    return replace(type_, attributes=(*type_.attributes, type_.attributes[0]))


FAULTS = [
    ("skus", _twice, "field of skus code is declared twice"),
    ("skus", _with(name="tags"), "resource type tags is declared twice"),
    ("skus", _with(keys=(Key(parts=("colour",)),)), "no stored field colour"),
    ("skus", _with(keys=(Key(parts=("code",), nullable=("name",)),)), "nullable names a field"),
    ("skus", _with(parent="market"), "parent market is no to-one"),
    ("skus", _with(nested=("market",)), "nests market, which is no relationship"),
    ("skus", _with(nested=("sku_lists",)), "do not point back"),
    ("skus", _with(base="bundles"), "bundles does not know it"),
    ("skus", _with_attribute("unit_of_weight", default="stone"), "'stone' is none of its values"),
    ("skus", _with_attribute("code", length_max="codes_max"), "no flag codes_max"),
    ("skus", _with_attribute("code", marks="name"), "marks name, which is no boolean"),
    ("skus", _with_attribute("weight", unit="name"), "in name, which is no attribute with a list"),
    ("skus", _with_attribute("code", required=required_when("colour == null")), "reads colour"),
    ("skus", _with_attribute("code", required=required_when("red(code)")), "no predicate red"),
    ("skus", _with_relationship("prices", inverse="market"), "does not point back"),
    ("skus", _with_relationship("prices", inverse=None), "needs one of inverse"),
    ("skus", _with_relationship("prices", targets=("costs",)), "no resource type costs"),
    ("skus", _with_relationship("sku_lists", path=("prices",)), "its path leads to prices"),
    (
        "prices",
        _with_attribute("currency_code", computed=Through(path=("market", "name"))),
        "prices has no to-one relationship market",
    ),
    (
        "prices",
        _with_attribute("currency_code", computed=Through(path=("price_list", "colour"))),
        "price_lists has no field colour",
    ),
    (
        "prices",
        _with_attribute("amount_cents", computed=Derived(function="guess", inputs=())),
        "no derivation guess",
    ),
    (
        "orders",
        _with_attribute("skus_count", computed=Sum(relationship="line_items", of="weight")),
        "the children have no attribute weight",
    ),
    ("orders", _with_trigger(Trigger(name="_x", sets={"colour": 1})), "attribute colour"),
    (
        "orders",
        _with_trigger(Trigger(name="_x", sets={"status": "lost"})),
        "'lost' is no value",
    ),
    ("orders", _with_trigger(Trigger(name="_x", stamps="number")), "no datetime attribute"),
    ("skus", _with(keys=()), "skus has no key code"),
]


@pytest.mark.parametrize(("type_name", "change", "sentence"), FAULTS)
def test_a_wrong_declaration_is_a_fault(type_name, change, sentence):
    types = load_catalogue().types
    changed = tuple(change(t) if t.name == type_name else t for t in types.values())
    with pytest.raises(CatalogueFault, match=sentence):
        Catalogue(changed)


def test_relationships_in_a_circle_are_a_fault():
    types = load_catalogue().types
    change = _with_relationship("default_shipping_method", deferred=False)
    changed = tuple(change(t) if t.name == "markets" else t for t in types.values())
    with pytest.raises(CatalogueFault, match=r"in a circle: .*shipping_methods"):
        assert Catalogue(changed).tables


def test_types_that_most_files_are_of_come_first_and_say_what_they_are() -> None:
    catalogue = load_catalogue()
    common = [each for each in catalogue.types.values() if each.common_rank is not None]
    assert all(each.about for each in common)
    ranks = {each.common_rank for each in common}
    assert ranks == {*range(1, len(common) + 1)}
    ranked = catalogue.ranked(["addresses", "prices", "adjustments", "skus"])
    assert ranked == ["skus", "prices", "addresses", "adjustments"]
