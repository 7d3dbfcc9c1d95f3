"""Organizations and applications; kept where access is decided."""

from longshore.catalogue.declarations import Attribute, ResourceType
from longshore.catalogue.fields import (
    boolean,
    common,
    integer,
    mapping,
    number,
    string,
)
from longshore.catalogue.links import (
    event_stores,
)


def _switch(name: str, default: bool) -> Attribute:
    """A flag of the organization that is on or off."""
    return boolean(name, default=default, read_only=True, queryable=False)


def _limit(name: str, default: int) -> Attribute:
    """A flag of the organization that bounds a number, a length or a size."""
    return integer(name, default=default, read_only=True, queryable=False)


def _lapse(name: str, default: float) -> Attribute:
    """A flag of the organization that is a time."""
    return number(name, default=default, read_only=True, queryable=False)


ORGANIZATIONS = ResourceType(
    name="organizations",
    singular="organization",
    attributes=(
        string("name", queryable=False),
        string("slug", read_only=True, queryable=False),
        string("domain", read_only=True, queryable=False),
        string("support_phone", queryable=False),
        string("support_email", queryable=False),
        string("logo_url", queryable=False),
        string("favicon_url", queryable=False),
        string("primary_color", queryable=False),
        string("gtm_id", queryable=False),
        string("gtm_id_test", queryable=False),
        mapping("config", read_only=True, queryable=False),
        _switch("api_auth_redirect", True),
        _switch("api_rules_engine", False),
        _limit("api_rules_engine_max_conditions_size", 150),
        _limit("api_rules_engine_max_rules_size", 15),
        _switch("api_new_auth", True),
        _switch("api_purge_single_resource", False),
        _limit("api_max_regex_length", 5000),
        _switch("addresses_avs_check", True),
        _switch("addresses_phone_required", True),
        _switch("orders_sales_channel_guest_only", True),
        _lapse("orders_min_rebuild_shipments_lapse", 0),
        _lapse("orders_min_refresh_lapse", 0),
        _limit("orders_autorefresh_cutoff_test", 50),
        _limit("orders_autorefresh_cutoff_live", 500),
        _switch("orders_number_editable_test", False),
        _switch("orders_number_editable_live", False),
        _switch("orders_number_as_reference", True),
        _switch("orders_invalid_coupon_errors", True),
        _switch("orders_invalid_gift_card_errors", True),
        _switch("orders_validate_shipping_stock", False),
        _limit("bundles_max_items_count", 10),
        _limit("coupons_min_code_length", 8),
        _limit("coupons_max_code_length", 40),
        _switch("gift_cards_exact_code_matching", False),
        _limit("gift_cards_min_code_length", 8),
        _limit("gift_cards_max_code_length", 40),
        _limit("cleanups_max_concurrent_count", 10),
        _limit("exports_max_concurrent_count", 10),
        _limit("imports_max_concurrent_count", 10),
        _switch("imports_purge_cache", True),
        _switch("imports_skip_errors", False),
        _limit("inventory_models_max_stock_locations_cutoff", 10),
        _limit("promotions_max_concurrent_count", 10),
        _limit("promotions_max_conditions_size", 150),
        _limit("promotions_max_rules_size", 15),
        _limit("price_lists_max_conditions_size", 150),
        _limit("price_lists_max_rules_size", 15),
        _switch("imports_trigger_webhooks", False),
        _switch("discount_engines_enabled", False),
        _switch("discount_engines_errors", False),
        _limit("tags_max_name_length", 25),
        _limit("tags_max_allowed_number", 10),
        _switch("tax_calculators_errors", False),
        _switch("external_promotions_errors", False),
        _switch("external_prices_errors", True),
        boolean("api_fragment_caching_enabled", read_only=True, queryable=False),
        boolean("skus_discovery", read_only=True, queryable=False),
        boolean("payment_gateways_transaction_on_event", read_only=True, queryable=False),
        *common(),
    ),
    relationships=(event_stores(),),
    kept_by="access",
    actions=("retrieve",),
    singleton=True,
)

APPLICATIONS = ResourceType(
    name="applications",
    singular="application",
    attributes=(
        string("name", sortable=False),
        string(
            "kind",
            enum=(
                "dashboard",
                "user",
                "contentful",
                "bundles",
                "customers",
                "datocms",
                "exports",
                "external",
                "generic",
                "gift_cards",
                "imports",
                "integration",
                "inventory",
                "metrics",
                "orders",
                "price_lists",
                "promotions",
                "resources",
                "returns",
                "sales_channel",
                "sanity",
                "shipments",
                "skus",
                "sku_lists",
                "stock_transfers",
                "subscriptions",
                "tags",
                "webapp",
                "webhooks",
                "zapier",
            ),
            sortable=False,
        ),
        boolean("public_access", read_only=True, sortable=False),
        string("redirect_uri", queryable=False),
        string("uid", read_only=True, write_only=True),
        string("secret", read_only=True, write_only=True),
        string("scopes", read_only=True, sortable=False),
        *common(),
    ),
    kept_by="access",
    actions=("retrieve",),
    singleton=True,
)
