"""What each kind of application may do."""

import pytest

from longshore.access import Action, ApplicationKind, Permissions
from longshore.catalogue import load_catalogue

CATALOGUE = load_catalogue()
PERMISSIONS = Permissions(CATALOGUE)
EVERYTHING = set(Action)


@pytest.mark.parametrize("kind", ["integration", "webapp", "cli"])
def test_integrations_and_their_like_may_do_everything(kind):
    assert PERMISSIONS.is_unlimited(kind)
    for name in CATALOGUE.types:
        assert {each for each in Action if PERMISSIONS.allows(kind, each, name)} == EVERYTHING


def test_a_sales_channel_may_read_what_is_sold_and_whom_it_belongs_to():
    readable = {"skus", "sku_options", "prices", "bundles", "organizations", "applications"}
    for name in CATALOGUE.types:
        allowed = {each for each in Action if PERMISSIONS.allows("sales_channel", each, name)}
        assert allowed == ({Action.READ} if name in readable else set())


@pytest.mark.parametrize(
    ("resource_type", "actions"),
    [
        ("imports", EVERYTHING),
        ("events", {Action.READ}),
        ("event_stores", {Action.READ}),
        ("markets", {Action.READ}),
        ("price_lists", {Action.READ}),
        ("stock_locations", {Action.READ}),
        ("sku_lists", {Action.READ}),
        ("tax_calculators", {Action.READ}),
        ("manual_tax_calculators", {Action.READ}),
        ("promotions", {Action.READ}),
        ("percentage_discount_promotions", {Action.READ}),
        ("coupon_codes_promotion_rules", {Action.CREATE, Action.READ}),
        ("organizations", {Action.READ}),
        ("applications", {Action.READ}),
        ("skus", set()),
        ("orders", set()),
        ("customers", set()),
        ("no_such_type", set()),
    ],
)
def test_the_imports_app_may_do_what_its_screens_need(resource_type, actions):
    allowed = {each for each in Action if PERMISSIONS.allows("imports", each, resource_type)}
    assert allowed == actions


@pytest.mark.parametrize("kind", list(ApplicationKind))
def test_what_is_told_about_a_kind_is_what_endpoints_exist_for(kind):
    told = PERMISSIONS.of(kind)
    for name, actions in told.items():
        assert actions
        assert CATALOGUE.types[name].routed
        for action in actions:
            assert PERMISSIONS.allows(kind, action, name)
    if "events" in told:
        assert set(told["events"]) <= {Action.READ, Action.UPDATE}
