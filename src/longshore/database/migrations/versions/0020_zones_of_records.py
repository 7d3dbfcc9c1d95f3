"""How many records lie in which range of ids, and when they were created."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TABLES = (
    "addresses",
    "adjustments",
    "attachments",
    "bundles",
    "coupon_recipients",
    "coupons",
    "customer_addresses",
    "customer_groups",
    "customer_payment_sources",
    "customer_subscriptions",
    "customers",
    "delivery_lead_times",
    "external_payments",
    "gift_card_recipients",
    "gift_cards",
    "inventory_models",
    "inventory_return_locations",
    "inventory_stock_locations",
    "line_item_options",
    "line_items",
    "links",
    "markets",
    "merchants",
    "orders",
    "payment_methods",
    "price_list_schedulers",
    "price_lists",
    "prices",
    "reserved_stocks",
    "shipping_categories",
    "shipping_methods",
    "shipping_zones",
    "sku_list_items",
    "sku_lists",
    "sku_options",
    "skus",
    "stock_items",
    "stock_locations",
    "stock_reservations",
    "stock_transfers",
    "stores",
    "subscription_models",
    "tags",
    "tax_categories",
    "tax_rules",
    "wire_transfers",
)
# Tables that hold records of several types.
_FAMILIES = {
    "geocoders": ("bing_geocoders", "google_geocoders"),
    "payment_gateways": ("external_gateways", "manual_gateways"),
    "price_tiers": ("price_frequency_tiers", "price_volume_tiers"),
    "promotion_rules": (
        "coupon_codes_promotion_rules",
        "custom_promotion_rules",
        "order_amount_promotion_rules",
        "sku_list_promotion_rules",
    ),
    "promotions": (
        "buy_x_pay_y_promotions",
        "external_promotions",
        "fixed_amount_promotions",
        "fixed_price_promotions",
        "flex_promotions",
        "free_gift_promotions",
        "free_shipping_promotions",
        "percentage_discount_promotions",
    ),
    "shipping_method_tiers": ("shipping_weight_tiers",),
    "tax_calculators": (
        "avalara_accounts",
        "external_tax_calculators",
        "manual_tax_calculators",
        "stripe_tax_accounts",
        "taxjar_accounts",
        "vertex_accounts",
    ),
}

_DEPARTURES = """CREATE FUNCTION leave_record_zones() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'family' THEN
        UPDATE record_zones SET records_count = records_count - gone.records
        FROM (
            SELECT type AS resource_type, id | 4095 AS last_id, count(*) AS records
            FROM gone_records GROUP BY 1, 2
        ) AS gone
        WHERE record_zones.resource_type = gone.resource_type
            AND record_zones.last_id = gone.last_id;
    ELSE
        UPDATE record_zones SET records_count = records_count - gone.records
        FROM (
            SELECT id | 4095 AS last_id, count(*) AS records
            FROM gone_records GROUP BY 1
        ) AS gone
        WHERE record_zones.resource_type = TG_TABLE_NAME
            AND record_zones.last_id = gone.last_id;
    END IF;
    RETURN NULL;
END
$$"""


def upgrade() -> None:
    is_embedded = op.get_context().dialect.name == "sqlite"
    op.create_table(
        "record_zones",
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("records_count", sa.Integer(), nullable=False),
        sa.Column("oldest_at", sa.BigInteger(), nullable=False),
        sa.Column("newest_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("records_count >= 0", name=op.f("ck_record_zones_records")),
        sa.PrimaryKeyConstraint("resource_type", "last_id", name=op.f("pk_record_zones")),
        sqlite_with_rowid=False,
    )
    if not is_embedded:
        # Writers of a release that runs meanwhile, who lock tables in other orders, are waited for.
        op.execute(
            "SELECT pg_advisory_xact_lock(number, 0)"
            " FROM (SELECT number FROM environments ORDER BY number) AS known"
        )
        op.execute(_DEPARTURES)
    for table in (*_TABLES, *_FAMILIES):
        _count_departures(table, is_embedded=is_embedded)
        _close_zones(table)


def _count_departures(table: str, *, is_embedded: bool) -> None:
    is_family = table in _FAMILIES
    if is_embedded:
        type_ = "old.type" if is_family else f"'{table}'"
        op.execute(
            f'CREATE TRIGGER leave_zones_of_{table} AFTER DELETE ON "{table}" BEGIN'
            " UPDATE record_zones SET records_count = records_count - 1"
            f" WHERE resource_type = {type_} AND last_id = old.id | 4095;"
            " END"
        )
    else:
        op.execute(
            f'CREATE TRIGGER leave_record_zones AFTER DELETE ON "{table}"'
            " REFERENCING OLD TABLE AS gone_records FOR EACH STATEMENT"
            f" EXECUTE FUNCTION leave_record_zones('{'family' if is_family else 'table'}')"
        )


def _close_zones(table: str) -> None:
    """Those of all environments but the last one of each, which records may come into."""
    type_ = "type" if table in _FAMILIES else f"'{table}'"
    op.execute(
        "INSERT INTO record_zones (resource_type, last_id, records_count, oldest_at, newest_at)"
        f" SELECT {type_}, id | 4095, count(*), min(created_at), max(created_at)"
        f' FROM "{table}" GROUP BY 1, 2'
    )
    types = ", ".join(f"'{each}'" for each in _FAMILIES.get(table, (table,)))
    op.execute(
        f"DELETE FROM record_zones WHERE resource_type IN ({types}) AND last_id IN ("
        f"SELECT max(last_id) FROM record_zones WHERE resource_type IN ({types})"
        " GROUP BY last_id >> 40)"
    )
