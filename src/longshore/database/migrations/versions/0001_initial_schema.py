"""Initial schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adjustments",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "currency_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("distribute_discount", sa.Boolean(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    op.create_index(
        "ix_adjustments_name_key",
        "adjustments",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_table(
        "attachments",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "description",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "url", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("attachable_id", sa.BigInteger(), nullable=True),
        sa.Column("attachable_type", sa.Text(), nullable=True),
        sa.Column(
            "attachable_name_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (attachable_id >> 40)", name=op.f("ck_attachments_attachable_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(
        "ix_attachments_attachable_id",
        "attachments",
        ["attachable_id"],
        unique=False,
        sqlite_where=sa.text("attachable_id IS NOT NULL"),
        postgresql_where=sa.text("attachable_id IS NOT NULL"),
    )
    op.create_index(
        "ix_attachments_attachable_name_key",
        "attachments",
        ["attachable_name_key"],
        unique=False,
        sqlite_where=sa.text("attachable_name_key IS NOT NULL"),
        postgresql_where=sa.text("attachable_name_key IS NOT NULL"),
    )
    op.create_table(
        "creations",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("first_id <= last_id", name=op.f("ck_creations_range")),
        sa.PrimaryKeyConstraint("import_id", "table_name", "first_id", name=op.f("pk_creations")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "customer_groups",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "code_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_groups")),
    )
    op.create_index(
        "ix_customer_groups_code_key",
        "customer_groups",
        ["code_key"],
        unique=True,
        sqlite_where=sa.text("code_key IS NOT NULL"),
        postgresql_where=sa.text("code_key IS NOT NULL"),
    )
    op.create_index(
        "ix_customer_groups_name_key",
        "customer_groups",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("environment", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("row_number", sa.BigInteger(), nullable=True),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("record_type", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("event IN ('update', 'destroy')", name=op.f("ck_entries_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
    )
    op.create_index(
        "ix_entries_import_id",
        "entries",
        ["import_id", "id"],
        unique=False,
        sqlite_where=sa.text("import_id IS NOT NULL"),
        postgresql_where=sa.text("import_id IS NOT NULL"),
    )
    op.create_index("ix_entries_record_id", "entries", ["record_id", "id"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("environment", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_environment", "events", ["environment", "id"], unique=False)
    op.create_index("ix_events_resource_id", "events", ["resource_id", "id"], unique=False)
    op.create_table(
        "geocoders",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "api_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "type_name_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_geocoders")),
    )
    op.create_index(
        "ix_geocoders_type_name_key",
        "geocoders",
        ["type_name_key"],
        unique=False,
        sqlite_where=sa.text("type_name_key IS NOT NULL"),
        postgresql_where=sa.text("type_name_key IS NOT NULL"),
    )
    op.create_table(
        "imports",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("environment", sa.Integer(), nullable=False),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("parent_resource_id", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("skip_errors", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("reference_origin", sa.Text(), nullable=True),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=True),
        sa.Column("attachment_name", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("column_map", sa.Text(), nullable=False),
        sa.Column("ignored_columns", sa.Text(), nullable=False),
        sa.Column("inputs_size", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.Column("interrupted_at", sa.BigInteger(), nullable=True),
        sa.Column("interruption_reason", sa.Text(), nullable=True),
        sa.Column("processed_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("errors_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("warnings_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("updated_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("unchanged_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("checkpoint_row", sa.BigInteger(), nullable=True),
        sa.Column("checkpoint_line", sa.BigInteger(), nullable=True),
        sa.Column("checkpoint_offset", sa.BigInteger(), nullable=True),
        sa.Column("fence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("heartbeat_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL)", name=op.f("ck_imports_completed")
        ),
        sa.CheckConstraint(
            "(status = 'interrupted') = (interrupted_at IS NOT NULL)",
            name=op.f("ck_imports_interrupted"),
        ),
        sa.CheckConstraint(
            "status <> 'completed' OR processed_count + errors_count = inputs_size",
            name=op.f("ck_imports_whole"),
        ),
        sa.CheckConstraint(
            "status <> 'pending' OR started_at IS NULL", name=op.f("ck_imports_waiting")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'in_progress', 'completed', 'interrupted')",
            name=op.f("ck_imports_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('in_progress', 'completed') OR started_at IS NOT NULL",
            name=op.f("ck_imports_started"),
        ),
        sa.CheckConstraint("(id >> 40) = environment", name=op.f("ck_imports_environment")),
        sa.CheckConstraint(
            "created_count >= 0 AND updated_count >= 0 AND unchanged_count >= 0",
            name=op.f("ck_imports_outcomes"),
        ),
        sa.CheckConstraint(
            "errors_count >= 0 AND warnings_count >= 0", name=op.f("ck_imports_findings")
        ),
        sa.CheckConstraint(
            "processed_count + errors_count <= inputs_size", name=op.f("ck_imports_consumed")
        ),
        sa.CheckConstraint(
            "processed_count + errors_count = coalesce(checkpoint_row, 0)",
            name=op.f("ck_imports_checkpoint"),
        ),
        sa.CheckConstraint(
            "processed_count = created_count + updated_count + unchanged_count",
            name=op.f("ck_imports_processed"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(
        "ix_imports_unfinished",
        "imports",
        ["environment", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('pending', 'in_progress')"),
        postgresql_where=sa.text("status IN ('pending', 'in_progress')"),
    )
    op.create_table(
        "installation",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("public_id_secret", sa.BigInteger(), nullable=False),
        sa.Column("url_secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "inventory_models",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "strategy", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("stock_locations_cutoff", sa.BigInteger(), nullable=True),
        sa.Column("stock_reservation_cutoff", sa.BigInteger(), nullable=True),
        sa.Column("put_stock_transfers_on_hold", sa.Boolean(), nullable=True),
        sa.Column("manual_stock_decrement", sa.Boolean(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_models")),
    )
    op.create_index(
        "ix_inventory_models_name_key",
        "inventory_models",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_table(
        "links",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "client_id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "scope", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "domain", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "item_type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("params", sa.Text(), nullable=True),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "item_name_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint("(id >> 40) = (item_id >> 40)", name=op.f("ck_links_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
    )
    op.create_index(
        "ix_links_item_id",
        "links",
        ["item_id"],
        unique=False,
        sqlite_where=sa.text("item_id IS NOT NULL"),
        postgresql_where=sa.text("item_id IS NOT NULL"),
    )
    op.create_index(
        "ix_links_item_name_key",
        "links",
        ["item_name_key"],
        unique=False,
        sqlite_where=sa.text("item_name_key IS NOT NULL"),
        postgresql_where=sa.text("item_name_key IS NOT NULL"),
    )
    op.create_table(
        "organizations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "slug", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("slug", name=op.f("uq_organizations_slug")),
    )
    op.create_table(
        "payment_gateways",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("force_payments", sa.Boolean(), nullable=True),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "authorize_url",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "capture_url",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "void_url", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "refund_url",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "token_url", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("external_includes", sa.Text(), nullable=True),
        sa.Column(
            "type_name_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_gateways")),
    )
    op.create_index(
        "ix_payment_gateways_type_name_key",
        "payment_gateways",
        ["type_name_key"],
        unique=False,
        sqlite_where=sa.text("type_name_key IS NOT NULL"),
        postgresql_where=sa.text("type_name_key IS NOT NULL"),
    )
    op.create_table(
        "price_lists",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "currency_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("tax_included", sa.Boolean(), nullable=True),
        sa.Column("rules", sa.Text(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "code_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_lists")),
    )
    op.create_index(
        "ix_price_lists_code_key",
        "price_lists",
        ["code_key"],
        unique=True,
        sqlite_where=sa.text("code_key IS NOT NULL"),
        postgresql_where=sa.text("code_key IS NOT NULL"),
    )
    op.create_index(
        "ix_price_lists_name_key",
        "price_lists",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_table(
        "revoked_tokens",
        sa.Column(
            "digest", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_revoked_tokens")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_revoked_tokens_expires_at", "revoked_tokens", ["expires_at"], unique=False)
    op.create_table(
        "sequences",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sequences")),
    )
    op.create_table(
        "shipping_categories",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "code_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_categories")),
    )
    op.create_index(
        "ix_shipping_categories_code_key",
        "shipping_categories",
        ["code_key"],
        unique=True,
        sqlite_where=sa.text("code_key IS NOT NULL"),
        postgresql_where=sa.text("code_key IS NOT NULL"),
    )
    op.create_index(
        "ix_shipping_categories_name_key",
        "shipping_categories",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_table(
        "shipping_zones",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "country_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "not_country_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "state_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "not_state_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "zip_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "not_zip_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_zones")),
    )
    op.create_index(
        "ix_shipping_zones_name_key",
        "shipping_zones",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_table(
        "signing_keys",
        sa.Column(
            "kid", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("private_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subscription_models",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "strategy", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("frequencies", sa.Text(), nullable=True),
        sa.Column("auto_activate", sa.Boolean(), nullable=True),
        sa.Column("auto_cancel", sa.Boolean(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_models")),
    )
    op.create_index(
        "ix_subscription_models_name_key",
        "subscription_models",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_table(
        "tags",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
    )
    op.create_index(
        "ix_tags_name_key",
        "tags",
        ["name_key"],
        unique=True,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_table(
        "tax_calculators",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "tax_calculator_url",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("external_includes", sa.Text(), nullable=True),
        sa.Column(
            "username", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "password", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "company_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("commit_invoice", sa.Boolean(), nullable=True),
        sa.Column("ddp", sa.Boolean(), nullable=True),
        sa.Column(
            "api_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "baseurl", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "client_id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "client_secret",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "type_name_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_calculators")),
    )
    op.create_index(
        "ix_tax_calculators_type_name_key",
        "tax_calculators",
        ["type_name_key"],
        unique=False,
        sqlite_where=sa.text("type_name_key IS NOT NULL"),
        postgresql_where=sa.text("type_name_key IS NOT NULL"),
    )
    op.create_table(
        "addresses",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("business", sa.Boolean(), nullable=True),
        sa.Column(
            "first_name",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "last_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "company", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "line_1", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "line_2", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "city", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "zip_code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "state_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "country_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "phone", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "email", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "notes", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column(
            "billing_info",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("geocoder_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(id >> 40) = (geocoder_id >> 40)", name=op.f("ck_addresses_geocoder_id")
        ),
        sa.ForeignKeyConstraint(
            ["geocoder_id"],
            ["geocoders.id"],
            name=op.f("fk_addresses_geocoder_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
    )
    op.create_index(
        "ix_addresses_geocoder_id",
        "addresses",
        ["geocoder_id"],
        unique=False,
        sqlite_where=sa.text("geocoder_id IS NOT NULL"),
        postgresql_where=sa.text("geocoder_id IS NOT NULL"),
    )
    op.create_table(
        "customers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "email", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("has_password", sa.Boolean(), nullable=True),
        sa.Column(
            "shopper_reference",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "profile_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "tax_exemption_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("customer_group_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "email_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(id >> 40) = (customer_group_id >> 40)", name=op.f("ck_customers_customer_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_group_id"],
            ["customer_groups.id"],
            name=op.f("fk_customers_customer_group_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index(
        "ix_customers_customer_group_id",
        "customers",
        ["customer_group_id"],
        unique=False,
        sqlite_where=sa.text("customer_group_id IS NOT NULL"),
        postgresql_where=sa.text("customer_group_id IS NOT NULL"),
    )
    op.create_index(
        "ix_customers_email_key",
        "customers",
        ["email_key"],
        unique=True,
        sqlite_where=sa.text("email_key IS NOT NULL"),
        postgresql_where=sa.text("email_key IS NOT NULL"),
    )
    op.create_table(
        "environments",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("mode IN ('test', 'live')", name=op.f("ck_environments_mode")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_environments_organization_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_environments")),
        sa.UniqueConstraint(
            "organization_id", "mode", name=op.f("uq_environments_organization_id_mode")
        ),
    )
    op.create_table(
        "import_errors",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=True),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_errors_import_id")
        ),
        sa.PrimaryKeyConstraint(
            "import_id", "row_number", "position", name=op.f("pk_import_errors")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_warnings",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_warnings_import_id")
        ),
        sa.PrimaryKeyConstraint(
            "import_id", "row_number", "position", name=op.f("pk_import_warnings")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "skus",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "description",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "image_url", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("pieces_per_pack", sa.BigInteger(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column(
            "unit_of_weight",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "hs_tariff_number",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("do_not_ship", sa.Boolean(), nullable=True),
        sa.Column("do_not_track", sa.Boolean(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("shipping_category_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "code_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(id >> 40) = (shipping_category_id >> 40)", name=op.f("ck_skus_shipping_category_id")
        ),
        sa.ForeignKeyConstraint(
            ["shipping_category_id"],
            ["shipping_categories.id"],
            name=op.f("fk_skus_shipping_category_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skus")),
    )
    op.create_index(
        "ix_skus_code_key",
        "skus",
        ["code_key"],
        unique=True,
        sqlite_where=sa.text("code_key IS NOT NULL"),
        postgresql_where=sa.text("code_key IS NOT NULL"),
    )
    op.create_index(
        "ix_skus_shipping_category_id",
        "skus",
        ["shipping_category_id"],
        unique=False,
        sqlite_where=sa.text("shipping_category_id IS NOT NULL"),
        postgresql_where=sa.text("shipping_category_id IS NOT NULL"),
    )
    op.create_table(
        "taggings",
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("tag_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(record_id >> 40) = (tag_id >> 40)", name=op.f("ck_taggings_tag_id")),
        sa.ForeignKeyConstraint(
            ["tag_id"],
            ["tags.id"],
            name=op.f("fk_taggings_tag_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("record_id", "tag_id", name=op.f("pk_taggings")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_taggings_tag_id", "taggings", ["tag_id", "record_id"], unique=False)
    op.create_table(
        "tax_rules",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("tax_rate", sa.Double(), nullable=True),
        sa.Column("freight_taxable", sa.Boolean(), nullable=True),
        sa.Column("payment_method_taxable", sa.Boolean(), nullable=True),
        sa.Column("gift_card_taxable", sa.Boolean(), nullable=True),
        sa.Column("adjustment_taxable", sa.Boolean(), nullable=True),
        sa.Column(
            "country_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "not_country_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "state_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "not_state_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "zip_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "not_zip_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("manual_tax_calculator_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "manual_tax_calculator_name_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (manual_tax_calculator_id >> 40)",
            name=op.f("ck_tax_rules_manual_tax_calculator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["manual_tax_calculator_id"],
            ["tax_calculators.id"],
            name=op.f("fk_tax_rules_manual_tax_calculator_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_rules")),
    )
    op.create_index(
        "ix_tax_rules_manual_tax_calculator_id",
        "tax_rules",
        ["manual_tax_calculator_id"],
        unique=False,
        sqlite_where=sa.text("manual_tax_calculator_id IS NOT NULL"),
        postgresql_where=sa.text("manual_tax_calculator_id IS NOT NULL"),
    )
    op.create_index(
        "ix_tax_rules_manual_tax_calculator_name_key",
        "tax_rules",
        ["manual_tax_calculator_name_key"],
        unique=False,
        sqlite_where=sa.text("manual_tax_calculator_name_key IS NOT NULL"),
        postgresql_where=sa.text("manual_tax_calculator_name_key IS NOT NULL"),
    )
    op.create_table(
        "applications",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("environment", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "client_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("secret_digest", sa.Text(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(id >> 40) = environment", name=op.f("ck_applications_environment")),
        sa.ForeignKeyConstraint(
            ["environment"], ["environments.number"], name=op.f("fk_applications_environment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("client_id", name=op.f("uq_applications_client_id")),
    )
    op.create_index(
        "ix_applications_environment", "applications", ["environment", "id"], unique=False
    )
    op.create_table(
        "coupon_recipients",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "email", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "first_name",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "last_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "email_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(id >> 40) = (customer_id >> 40)", name=op.f("ck_coupon_recipients_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_coupon_recipients_customer_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_recipients")),
    )
    op.create_index(
        "ix_coupon_recipients_customer_id",
        "coupon_recipients",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("customer_id IS NOT NULL"),
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_index(
        "ix_coupon_recipients_email_key",
        "coupon_recipients",
        ["email_key"],
        unique=True,
        sqlite_where=sa.text("email_key IS NOT NULL"),
        postgresql_where=sa.text("email_key IS NOT NULL"),
    )
    op.create_table(
        "customer_addresses",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("address_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "customer_address_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (address_id >> 40)", name=op.f("ck_customer_addresses_address_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (customer_id >> 40)", name=op.f("ck_customer_addresses_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["addresses.id"],
            name=op.f("fk_customer_addresses_address_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_addresses_customer_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_addresses")),
    )
    op.create_index(
        "ix_customer_addresses_address_id",
        "customer_addresses",
        ["address_id"],
        unique=False,
        sqlite_where=sa.text("address_id IS NOT NULL"),
        postgresql_where=sa.text("address_id IS NOT NULL"),
    )
    op.create_index(
        "ix_customer_addresses_customer_address_key",
        "customer_addresses",
        ["customer_address_key"],
        unique=True,
        sqlite_where=sa.text("customer_address_key IS NOT NULL"),
        postgresql_where=sa.text("customer_address_key IS NOT NULL"),
    )
    op.create_index(
        "ix_customer_addresses_customer_id",
        "customer_addresses",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("customer_id IS NOT NULL"),
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_table(
        "customer_subscriptions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "customer_reference_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (customer_id >> 40)", name=op.f("ck_customer_subscriptions_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_subscriptions_customer_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_subscriptions")),
    )
    op.create_index(
        "ix_customer_subscriptions_customer_id",
        "customer_subscriptions",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("customer_id IS NOT NULL"),
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_index(
        "ix_customer_subscriptions_customer_reference_key",
        "customer_subscriptions",
        ["customer_reference_key"],
        unique=True,
        sqlite_where=sa.text("customer_reference_key IS NOT NULL"),
        postgresql_where=sa.text("customer_reference_key IS NOT NULL"),
    )
    op.create_table(
        "gift_card_recipients",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "email", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "first_name",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "last_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "email_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(id >> 40) = (customer_id >> 40)", name=op.f("ck_gift_card_recipients_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_gift_card_recipients_customer_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_card_recipients")),
    )
    op.create_index(
        "ix_gift_card_recipients_customer_id",
        "gift_card_recipients",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("customer_id IS NOT NULL"),
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_index(
        "ix_gift_card_recipients_email_key",
        "gift_card_recipients",
        ["email_key"],
        unique=True,
        sqlite_where=sa.text("email_key IS NOT NULL"),
        postgresql_where=sa.text("email_key IS NOT NULL"),
    )
    op.create_table(
        "merchants",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("address_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint("(id >> 40) = (address_id >> 40)", name=op.f("ck_merchants_address_id")),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["addresses.id"],
            name=op.f("fk_merchants_address_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchants")),
    )
    op.create_index(
        "ix_merchants_address_id",
        "merchants",
        ["address_id"],
        unique=False,
        sqlite_where=sa.text("address_id IS NOT NULL"),
        postgresql_where=sa.text("address_id IS NOT NULL"),
    )
    op.create_index(
        "ix_merchants_name_key",
        "merchants",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_table(
        "prices",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("compare_at_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("processed_at", sa.BigInteger(), nullable=True),
        sa.Column("rules", sa.Text(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("price_list_id", sa.BigInteger(), nullable=True),
        sa.Column("sku_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "price_list_sku_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (price_list_id >> 40)", name=op.f("ck_prices_price_list_id")
        ),
        sa.CheckConstraint("(id >> 40) = (sku_id >> 40)", name=op.f("ck_prices_sku_id")),
        sa.ForeignKeyConstraint(
            ["price_list_id"],
            ["price_lists.id"],
            name=op.f("fk_prices_price_list_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["sku_id"],
            ["skus.id"],
            name=op.f("fk_prices_sku_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prices")),
    )
    op.create_index(
        "ix_prices_price_list_id",
        "prices",
        ["price_list_id"],
        unique=False,
        sqlite_where=sa.text("price_list_id IS NOT NULL"),
        postgresql_where=sa.text("price_list_id IS NOT NULL"),
    )
    op.create_index(
        "ix_prices_price_list_sku_key",
        "prices",
        ["price_list_sku_key"],
        unique=True,
        sqlite_where=sa.text("price_list_sku_key IS NOT NULL"),
        postgresql_where=sa.text("price_list_sku_key IS NOT NULL"),
    )
    op.create_index(
        "ix_prices_sku_id",
        "prices",
        ["sku_id"],
        unique=False,
        sqlite_where=sa.text("sku_id IS NOT NULL"),
        postgresql_where=sa.text("sku_id IS NOT NULL"),
    )
    op.create_table(
        "sku_lists",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "slug", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "description",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "image_url", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("manual", sa.Boolean(), nullable=True),
        sa.Column(
            "sku_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(id >> 40) = (customer_id >> 40)", name=op.f("ck_sku_lists_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_sku_lists_customer_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_lists")),
    )
    op.create_index(
        "ix_sku_lists_customer_id",
        "sku_lists",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("customer_id IS NOT NULL"),
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_index(
        "ix_sku_lists_name_key",
        "sku_lists",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_table(
        "stock_locations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "label_format",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("suppress_etd", sa.Boolean(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("address_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "code_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(id >> 40) = (address_id >> 40)", name=op.f("ck_stock_locations_address_id")
        ),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["addresses.id"],
            name=op.f("fk_stock_locations_address_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_locations")),
    )
    op.create_index(
        "ix_stock_locations_address_id",
        "stock_locations",
        ["address_id"],
        unique=False,
        sqlite_where=sa.text("address_id IS NOT NULL"),
        postgresql_where=sa.text("address_id IS NOT NULL"),
    )
    op.create_index(
        "ix_stock_locations_code_key",
        "stock_locations",
        ["code_key"],
        unique=True,
        sqlite_where=sa.text("code_key IS NOT NULL"),
        postgresql_where=sa.text("code_key IS NOT NULL"),
    )
    op.create_index(
        "ix_stock_locations_name_key",
        "stock_locations",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_table(
        "tax_categories",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("sku_id", sa.BigInteger(), nullable=True),
        sa.Column("tax_calculator_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "tax_calculator_sku_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint("(id >> 40) = (sku_id >> 40)", name=op.f("ck_tax_categories_sku_id")),
        sa.CheckConstraint(
            "(id >> 40) = (tax_calculator_id >> 40)",
            name=op.f("ck_tax_categories_tax_calculator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["sku_id"],
            ["skus.id"],
            name=op.f("fk_tax_categories_sku_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tax_calculator_id"],
            ["tax_calculators.id"],
            name=op.f("fk_tax_categories_tax_calculator_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_categories")),
    )
    op.create_index(
        "ix_tax_categories_sku_id",
        "tax_categories",
        ["sku_id"],
        unique=False,
        sqlite_where=sa.text("sku_id IS NOT NULL"),
        postgresql_where=sa.text("sku_id IS NOT NULL"),
    )
    op.create_index(
        "ix_tax_categories_tax_calculator_id",
        "tax_categories",
        ["tax_calculator_id"],
        unique=False,
        sqlite_where=sa.text("tax_calculator_id IS NOT NULL"),
        postgresql_where=sa.text("tax_calculator_id IS NOT NULL"),
    )
    op.create_index(
        "ix_tax_categories_tax_calculator_sku_key",
        "tax_categories",
        ["tax_calculator_sku_key"],
        unique=True,
        sqlite_where=sa.text("tax_calculator_sku_key IS NOT NULL"),
        postgresql_where=sa.text("tax_calculator_sku_key IS NOT NULL"),
    )
    op.create_table(
        "inventory_return_locations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("stock_location_id", sa.BigInteger(), nullable=True),
        sa.Column("inventory_model_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "inventory_model_stock_location_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (inventory_model_id >> 40)",
            name=op.f("ck_inventory_return_locations_inventory_model_id"),
        ),
        sa.CheckConstraint(
            "(id >> 40) = (stock_location_id >> 40)",
            name=op.f("ck_inventory_return_locations_stock_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["inventory_model_id"],
            ["inventory_models.id"],
            name=op.f("fk_inventory_return_locations_inventory_model_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["stock_location_id"],
            ["stock_locations.id"],
            name=op.f("fk_inventory_return_locations_stock_location_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_return_locations")),
    )
    op.create_index(
        "ix_inventory_return_locations_inventory_model_id",
        "inventory_return_locations",
        ["inventory_model_id"],
        unique=False,
        sqlite_where=sa.text("inventory_model_id IS NOT NULL"),
        postgresql_where=sa.text("inventory_model_id IS NOT NULL"),
    )
    op.create_index(
        "ix_inventory_return_locations_inventory_model_stock_lo_865cb550",
        "inventory_return_locations",
        ["inventory_model_stock_location_key"],
        unique=True,
        sqlite_where=sa.text("inventory_model_stock_location_key IS NOT NULL"),
        postgresql_where=sa.text("inventory_model_stock_location_key IS NOT NULL"),
    )
    op.create_index(
        "ix_inventory_return_locations_stock_location_id",
        "inventory_return_locations",
        ["stock_location_id"],
        unique=False,
        sqlite_where=sa.text("stock_location_id IS NOT NULL"),
        postgresql_where=sa.text("stock_location_id IS NOT NULL"),
    )
    op.create_table(
        "inventory_stock_locations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=True),
        sa.Column("on_hold", sa.Boolean(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("stock_location_id", sa.BigInteger(), nullable=True),
        sa.Column("inventory_model_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "inventory_model_stock_location_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (inventory_model_id >> 40)",
            name=op.f("ck_inventory_stock_locations_inventory_model_id"),
        ),
        sa.CheckConstraint(
            "(id >> 40) = (stock_location_id >> 40)",
            name=op.f("ck_inventory_stock_locations_stock_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["inventory_model_id"],
            ["inventory_models.id"],
            name=op.f("fk_inventory_stock_locations_inventory_model_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["stock_location_id"],
            ["stock_locations.id"],
            name=op.f("fk_inventory_stock_locations_stock_location_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_stock_locations")),
    )
    op.create_index(
        "ix_inventory_stock_locations_inventory_model_id",
        "inventory_stock_locations",
        ["inventory_model_id"],
        unique=False,
        sqlite_where=sa.text("inventory_model_id IS NOT NULL"),
        postgresql_where=sa.text("inventory_model_id IS NOT NULL"),
    )
    op.create_index(
        "ix_inventory_stock_locations_inventory_model_stock_location_key",
        "inventory_stock_locations",
        ["inventory_model_stock_location_key"],
        unique=True,
        sqlite_where=sa.text("inventory_model_stock_location_key IS NOT NULL"),
        postgresql_where=sa.text("inventory_model_stock_location_key IS NOT NULL"),
    )
    op.create_index(
        "ix_inventory_stock_locations_stock_location_id",
        "inventory_stock_locations",
        ["stock_location_id"],
        unique=False,
        sqlite_where=sa.text("stock_location_id IS NOT NULL"),
        postgresql_where=sa.text("stock_location_id IS NOT NULL"),
    )
    op.create_table(
        "markets",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "facebook_pixel_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "checkout_url",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "external_prices_url",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "external_order_validation_url",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("shipping_cost_cutoff", sa.BigInteger(), nullable=True),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("external_includes", sa.Text(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("price_list_id", sa.BigInteger(), nullable=True),
        sa.Column("inventory_model_id", sa.BigInteger(), nullable=True),
        sa.Column("subscription_model_id", sa.BigInteger(), nullable=True),
        sa.Column("tax_calculator_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_group_id", sa.BigInteger(), nullable=True),
        sa.Column("geocoder_id", sa.BigInteger(), nullable=True),
        sa.Column("default_shipping_method_id", sa.BigInteger(), nullable=True),
        sa.Column("default_payment_method_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "code_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(id >> 40) = (customer_group_id >> 40)", name=op.f("ck_markets_customer_group_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (default_payment_method_id >> 40)",
            name=op.f("ck_markets_default_payment_method_id"),
        ),
        sa.CheckConstraint(
            "(id >> 40) = (default_shipping_method_id >> 40)",
            name=op.f("ck_markets_default_shipping_method_id"),
        ),
        sa.CheckConstraint("(id >> 40) = (geocoder_id >> 40)", name=op.f("ck_markets_geocoder_id")),
        sa.CheckConstraint(
            "(id >> 40) = (inventory_model_id >> 40)", name=op.f("ck_markets_inventory_model_id")
        ),
        sa.CheckConstraint("(id >> 40) = (merchant_id >> 40)", name=op.f("ck_markets_merchant_id")),
        sa.CheckConstraint(
            "(id >> 40) = (price_list_id >> 40)", name=op.f("ck_markets_price_list_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (subscription_model_id >> 40)",
            name=op.f("ck_markets_subscription_model_id"),
        ),
        sa.CheckConstraint(
            "(id >> 40) = (tax_calculator_id >> 40)", name=op.f("ck_markets_tax_calculator_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_group_id"],
            ["customer_groups.id"],
            name=op.f("fk_markets_customer_group_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["default_payment_method_id"],
            ["payment_methods.id"],
            name=op.f("fk_markets_default_payment_method_id"),
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["default_shipping_method_id"],
            ["shipping_methods.id"],
            name=op.f("fk_markets_default_shipping_method_id"),
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["geocoder_id"],
            ["geocoders.id"],
            name=op.f("fk_markets_geocoder_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["inventory_model_id"],
            ["inventory_models.id"],
            name=op.f("fk_markets_inventory_model_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id"],
            ["merchants.id"],
            name=op.f("fk_markets_merchant_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["price_list_id"],
            ["price_lists.id"],
            name=op.f("fk_markets_price_list_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["subscription_model_id"],
            ["subscription_models.id"],
            name=op.f("fk_markets_subscription_model_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tax_calculator_id"],
            ["tax_calculators.id"],
            name=op.f("fk_markets_tax_calculator_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_markets")),
    )
    op.create_index(
        "ix_markets_code_key",
        "markets",
        ["code_key"],
        unique=True,
        sqlite_where=sa.text("code_key IS NOT NULL"),
        postgresql_where=sa.text("code_key IS NOT NULL"),
    )
    op.create_index(
        "ix_markets_customer_group_id",
        "markets",
        ["customer_group_id"],
        unique=False,
        sqlite_where=sa.text("customer_group_id IS NOT NULL"),
        postgresql_where=sa.text("customer_group_id IS NOT NULL"),
    )
    op.create_index(
        "ix_markets_default_payment_method_id",
        "markets",
        ["default_payment_method_id"],
        unique=False,
        sqlite_where=sa.text("default_payment_method_id IS NOT NULL"),
        postgresql_where=sa.text("default_payment_method_id IS NOT NULL"),
    )
    op.create_index(
        "ix_markets_default_shipping_method_id",
        "markets",
        ["default_shipping_method_id"],
        unique=False,
        sqlite_where=sa.text("default_shipping_method_id IS NOT NULL"),
        postgresql_where=sa.text("default_shipping_method_id IS NOT NULL"),
    )
    op.create_index(
        "ix_markets_geocoder_id",
        "markets",
        ["geocoder_id"],
        unique=False,
        sqlite_where=sa.text("geocoder_id IS NOT NULL"),
        postgresql_where=sa.text("geocoder_id IS NOT NULL"),
    )
    op.create_index(
        "ix_markets_inventory_model_id",
        "markets",
        ["inventory_model_id"],
        unique=False,
        sqlite_where=sa.text("inventory_model_id IS NOT NULL"),
        postgresql_where=sa.text("inventory_model_id IS NOT NULL"),
    )
    op.create_index(
        "ix_markets_merchant_id",
        "markets",
        ["merchant_id"],
        unique=False,
        sqlite_where=sa.text("merchant_id IS NOT NULL"),
        postgresql_where=sa.text("merchant_id IS NOT NULL"),
    )
    op.create_index(
        "ix_markets_name_key",
        "markets",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_index(
        "ix_markets_price_list_id",
        "markets",
        ["price_list_id"],
        unique=False,
        sqlite_where=sa.text("price_list_id IS NOT NULL"),
        postgresql_where=sa.text("price_list_id IS NOT NULL"),
    )
    op.create_index(
        "ix_markets_subscription_model_id",
        "markets",
        ["subscription_model_id"],
        unique=False,
        sqlite_where=sa.text("subscription_model_id IS NOT NULL"),
        postgresql_where=sa.text("subscription_model_id IS NOT NULL"),
    )
    op.create_index(
        "ix_markets_tax_calculator_id",
        "markets",
        ["tax_calculator_id"],
        unique=False,
        sqlite_where=sa.text("tax_calculator_id IS NOT NULL"),
        postgresql_where=sa.text("tax_calculator_id IS NOT NULL"),
    )
    op.create_table(
        "price_tiers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("up_to", sa.BigInteger(), nullable=True),
        sa.Column("price_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("price_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "price_type_up_to_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint("(id >> 40) = (price_id >> 40)", name=op.f("ck_price_tiers_price_id")),
        sa.ForeignKeyConstraint(
            ["price_id"],
            ["prices.id"],
            name=op.f("fk_price_tiers_price_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_tiers")),
    )
    op.create_index(
        "ix_price_tiers_price_id",
        "price_tiers",
        ["price_id"],
        unique=False,
        sqlite_where=sa.text("price_id IS NOT NULL"),
        postgresql_where=sa.text("price_id IS NOT NULL"),
    )
    op.create_index(
        "ix_price_tiers_price_type_up_to_key",
        "price_tiers",
        ["price_type_up_to_key"],
        unique=True,
        sqlite_where=sa.text("price_type_up_to_key IS NOT NULL"),
        postgresql_where=sa.text("price_type_up_to_key IS NOT NULL"),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column(
            "digest", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_refresh_tokens_application_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_refresh_tokens")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_refresh_tokens_application_id", "refresh_tokens", ["application_id"], unique=False
    )
    op.create_index("ix_refresh_tokens_expires_at", "refresh_tokens", ["expires_at"], unique=False)
    op.create_table(
        "sku_list_items",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("sku_list_id", sa.BigInteger(), nullable=True),
        sa.Column("sku_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "sku_list_sku_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint("(id >> 40) = (sku_id >> 40)", name=op.f("ck_sku_list_items_sku_id")),
        sa.CheckConstraint(
            "(id >> 40) = (sku_list_id >> 40)", name=op.f("ck_sku_list_items_sku_list_id")
        ),
        sa.ForeignKeyConstraint(
            ["sku_id"],
            ["skus.id"],
            name=op.f("fk_sku_list_items_sku_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["sku_list_id"],
            ["sku_lists.id"],
            name=op.f("fk_sku_list_items_sku_list_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_list_items")),
    )
    op.create_index(
        "ix_sku_list_items_sku_id",
        "sku_list_items",
        ["sku_id"],
        unique=False,
        sqlite_where=sa.text("sku_id IS NOT NULL"),
        postgresql_where=sa.text("sku_id IS NOT NULL"),
    )
    op.create_index(
        "ix_sku_list_items_sku_list_id",
        "sku_list_items",
        ["sku_list_id"],
        unique=False,
        sqlite_where=sa.text("sku_list_id IS NOT NULL"),
        postgresql_where=sa.text("sku_list_id IS NOT NULL"),
    )
    op.create_index(
        "ix_sku_list_items_sku_list_sku_key",
        "sku_list_items",
        ["sku_list_sku_key"],
        unique=True,
        sqlite_where=sa.text("sku_list_sku_key IS NOT NULL"),
        postgresql_where=sa.text("sku_list_sku_key IS NOT NULL"),
    )
    op.create_table(
        "stock_items",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("stock_location_id", sa.BigInteger(), nullable=True),
        sa.Column("sku_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "stock_location_sku_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint("(id >> 40) = (sku_id >> 40)", name=op.f("ck_stock_items_sku_id")),
        sa.CheckConstraint(
            "(id >> 40) = (stock_location_id >> 40)", name=op.f("ck_stock_items_stock_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["sku_id"],
            ["skus.id"],
            name=op.f("fk_stock_items_sku_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["stock_location_id"],
            ["stock_locations.id"],
            name=op.f("fk_stock_items_stock_location_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_items")),
    )
    op.create_index(
        "ix_stock_items_sku_id",
        "stock_items",
        ["sku_id"],
        unique=False,
        sqlite_where=sa.text("sku_id IS NOT NULL"),
        postgresql_where=sa.text("sku_id IS NOT NULL"),
    )
    op.create_index(
        "ix_stock_items_stock_location_id",
        "stock_items",
        ["stock_location_id"],
        unique=False,
        sqlite_where=sa.text("stock_location_id IS NOT NULL"),
        postgresql_where=sa.text("stock_location_id IS NOT NULL"),
    )
    op.create_index(
        "ix_stock_items_stock_location_sku_key",
        "stock_items",
        ["stock_location_sku_key"],
        unique=True,
        sqlite_where=sa.text("stock_location_sku_key IS NOT NULL"),
        postgresql_where=sa.text("stock_location_sku_key IS NOT NULL"),
    )
    op.create_table(
        "bundles",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "currency_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "description",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "image_url", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("price_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("compare_at_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("market_id", sa.BigInteger(), nullable=True),
        sa.Column("sku_list_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "market_code_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "code_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint("(id >> 40) = (market_id >> 40)", name=op.f("ck_bundles_market_id")),
        sa.CheckConstraint("(id >> 40) = (sku_list_id >> 40)", name=op.f("ck_bundles_sku_list_id")),
        sa.ForeignKeyConstraint(
            ["market_id"],
            ["markets.id"],
            name=op.f("fk_bundles_market_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["sku_list_id"],
            ["sku_lists.id"],
            name=op.f("fk_bundles_sku_list_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundles")),
    )
    op.create_index(
        "ix_bundles_code_key",
        "bundles",
        ["code_key"],
        unique=False,
        sqlite_where=sa.text("code_key IS NOT NULL"),
        postgresql_where=sa.text("code_key IS NOT NULL"),
    )
    op.create_index(
        "ix_bundles_market_code_key",
        "bundles",
        ["market_code_key"],
        unique=True,
        sqlite_where=sa.text("market_code_key IS NOT NULL"),
        postgresql_where=sa.text("market_code_key IS NOT NULL"),
    )
    op.create_index(
        "ix_bundles_market_id",
        "bundles",
        ["market_id"],
        unique=False,
        sqlite_where=sa.text("market_id IS NOT NULL"),
        postgresql_where=sa.text("market_id IS NOT NULL"),
    )
    op.create_index(
        "ix_bundles_sku_list_id",
        "bundles",
        ["sku_list_id"],
        unique=False,
        sqlite_where=sa.text("sku_list_id IS NOT NULL"),
        postgresql_where=sa.text("sku_list_id IS NOT NULL"),
    )
    op.create_table(
        "gift_cards",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "status", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "currency_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("initial_balance_cents", sa.BigInteger(), nullable=True),
        sa.Column("balance_cents", sa.BigInteger(), nullable=True),
        sa.Column("balance_max_cents", sa.BigInteger(), nullable=True),
        sa.Column("single_use", sa.Boolean(), nullable=True),
        sa.Column("rechargeable", sa.Boolean(), nullable=True),
        sa.Column("distribute_discount", sa.Boolean(), nullable=True),
        sa.Column(
            "image_url", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("market_id", sa.BigInteger(), nullable=True),
        sa.Column("gift_card_recipient_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "code_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(id >> 40) = (gift_card_recipient_id >> 40)",
            name=op.f("ck_gift_cards_gift_card_recipient_id"),
        ),
        sa.CheckConstraint("(id >> 40) = (market_id >> 40)", name=op.f("ck_gift_cards_market_id")),
        sa.ForeignKeyConstraint(
            ["gift_card_recipient_id"],
            ["gift_card_recipients.id"],
            name=op.f("fk_gift_cards_gift_card_recipient_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["market_id"],
            ["markets.id"],
            name=op.f("fk_gift_cards_market_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_cards")),
    )
    op.create_index(
        "ix_gift_cards_code_key",
        "gift_cards",
        ["code_key"],
        unique=True,
        sqlite_where=sa.text("code_key IS NOT NULL"),
        postgresql_where=sa.text("code_key IS NOT NULL"),
    )
    op.create_index(
        "ix_gift_cards_gift_card_recipient_id",
        "gift_cards",
        ["gift_card_recipient_id"],
        unique=False,
        sqlite_where=sa.text("gift_card_recipient_id IS NOT NULL"),
        postgresql_where=sa.text("gift_card_recipient_id IS NOT NULL"),
    )
    op.create_index(
        "ix_gift_cards_market_id",
        "gift_cards",
        ["market_id"],
        unique=False,
        sqlite_where=sa.text("market_id IS NOT NULL"),
        postgresql_where=sa.text("market_id IS NOT NULL"),
    )
    op.create_table(
        "price_list_schedulers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("market_id", sa.BigInteger(), nullable=True),
        sa.Column("price_list_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(id >> 40) = (market_id >> 40)", name=op.f("ck_price_list_schedulers_market_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (price_list_id >> 40)",
            name=op.f("ck_price_list_schedulers_price_list_id"),
        ),
        sa.ForeignKeyConstraint(
            ["market_id"],
            ["markets.id"],
            name=op.f("fk_price_list_schedulers_market_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["price_list_id"],
            ["price_lists.id"],
            name=op.f("fk_price_list_schedulers_price_list_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_list_schedulers")),
    )
    op.create_index(
        "ix_price_list_schedulers_market_id",
        "price_list_schedulers",
        ["market_id"],
        unique=False,
        sqlite_where=sa.text("market_id IS NOT NULL"),
        postgresql_where=sa.text("market_id IS NOT NULL"),
    )
    op.create_index(
        "ix_price_list_schedulers_name_key",
        "price_list_schedulers",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_index(
        "ix_price_list_schedulers_price_list_id",
        "price_list_schedulers",
        ["price_list_id"],
        unique=False,
        sqlite_where=sa.text("price_list_id IS NOT NULL"),
        postgresql_where=sa.text("price_list_id IS NOT NULL"),
    )
    op.create_table(
        "promotions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "currency_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("exclusive", sa.Boolean(), nullable=True),
        sa.Column("priority", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("total_usage_limit", sa.BigInteger(), nullable=True),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("percentage", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("x", sa.BigInteger(), nullable=True),
        sa.Column("y", sa.BigInteger(), nullable=True),
        sa.Column("cheapest_free", sa.Boolean(), nullable=True),
        sa.Column("max_quantity", sa.BigInteger(), nullable=True),
        sa.Column("fixed_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "promotion_url",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("external_includes", sa.Text(), nullable=True),
        sa.Column("rules", sa.Text(), nullable=True),
        sa.Column("sku_list_id", sa.BigInteger(), nullable=True),
        sa.Column("market_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "type_name_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint("(id >> 40) = (market_id >> 40)", name=op.f("ck_promotions_market_id")),
        sa.CheckConstraint(
            "(id >> 40) = (sku_list_id >> 40)", name=op.f("ck_promotions_sku_list_id")
        ),
        sa.ForeignKeyConstraint(
            ["market_id"],
            ["markets.id"],
            name=op.f("fk_promotions_market_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["sku_list_id"],
            ["sku_lists.id"],
            name=op.f("fk_promotions_sku_list_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
    )
    op.create_index(
        "ix_promotions_market_id",
        "promotions",
        ["market_id"],
        unique=False,
        sqlite_where=sa.text("market_id IS NOT NULL"),
        postgresql_where=sa.text("market_id IS NOT NULL"),
    )
    op.create_index(
        "ix_promotions_sku_list_id",
        "promotions",
        ["sku_list_id"],
        unique=False,
        sqlite_where=sa.text("sku_list_id IS NOT NULL"),
        postgresql_where=sa.text("sku_list_id IS NOT NULL"),
    )
    op.create_index(
        "ix_promotions_type_name_key",
        "promotions",
        ["type_name_key"],
        unique=False,
        sqlite_where=sa.text("type_name_key IS NOT NULL"),
        postgresql_where=sa.text("type_name_key IS NOT NULL"),
    )
    op.create_table(
        "reserved_stocks",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("stock_item_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(id >> 40) = (stock_item_id >> 40)", name=op.f("ck_reserved_stocks_stock_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["stock_item_id"],
            ["stock_items.id"],
            name=op.f("fk_reserved_stocks_stock_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserved_stocks")),
    )
    op.create_index(
        "ix_reserved_stocks_stock_item_id",
        "reserved_stocks",
        ["stock_item_id"],
        unique=False,
        sqlite_where=sa.text("stock_item_id IS NOT NULL"),
        postgresql_where=sa.text("stock_item_id IS NOT NULL"),
    )
    op.create_table(
        "shipping_methods",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "scheme", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "currency_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "external_prices_url",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("price_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("free_over_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("use_subtotal", sa.Boolean(), nullable=True),
        sa.Column("min_weight", sa.Double(), nullable=True),
        sa.Column("max_weight", sa.Double(), nullable=True),
        sa.Column(
            "unit_of_weight",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "tax_code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("external_includes", sa.Text(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("market_id", sa.BigInteger(), nullable=True),
        sa.Column("shipping_zone_id", sa.BigInteger(), nullable=True),
        sa.Column("shipping_category_id", sa.BigInteger(), nullable=True),
        sa.Column("stock_location_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "market_name_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (market_id >> 40)", name=op.f("ck_shipping_methods_market_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (shipping_category_id >> 40)",
            name=op.f("ck_shipping_methods_shipping_category_id"),
        ),
        sa.CheckConstraint(
            "(id >> 40) = (shipping_zone_id >> 40)",
            name=op.f("ck_shipping_methods_shipping_zone_id"),
        ),
        sa.CheckConstraint(
            "(id >> 40) = (stock_location_id >> 40)",
            name=op.f("ck_shipping_methods_stock_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["market_id"],
            ["markets.id"],
            name=op.f("fk_shipping_methods_market_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["shipping_category_id"],
            ["shipping_categories.id"],
            name=op.f("fk_shipping_methods_shipping_category_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["shipping_zone_id"],
            ["shipping_zones.id"],
            name=op.f("fk_shipping_methods_shipping_zone_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["stock_location_id"],
            ["stock_locations.id"],
            name=op.f("fk_shipping_methods_stock_location_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_methods")),
    )
    op.create_index(
        "ix_shipping_methods_market_id",
        "shipping_methods",
        ["market_id"],
        unique=False,
        sqlite_where=sa.text("market_id IS NOT NULL"),
        postgresql_where=sa.text("market_id IS NOT NULL"),
    )
    op.create_index(
        "ix_shipping_methods_market_name_key",
        "shipping_methods",
        ["market_name_key"],
        unique=False,
        sqlite_where=sa.text("market_name_key IS NOT NULL"),
        postgresql_where=sa.text("market_name_key IS NOT NULL"),
    )
    op.create_index(
        "ix_shipping_methods_shipping_category_id",
        "shipping_methods",
        ["shipping_category_id"],
        unique=False,
        sqlite_where=sa.text("shipping_category_id IS NOT NULL"),
        postgresql_where=sa.text("shipping_category_id IS NOT NULL"),
    )
    op.create_index(
        "ix_shipping_methods_shipping_zone_id",
        "shipping_methods",
        ["shipping_zone_id"],
        unique=False,
        sqlite_where=sa.text("shipping_zone_id IS NOT NULL"),
        postgresql_where=sa.text("shipping_zone_id IS NOT NULL"),
    )
    op.create_index(
        "ix_shipping_methods_stock_location_id",
        "shipping_methods",
        ["stock_location_id"],
        unique=False,
        sqlite_where=sa.text("stock_location_id IS NOT NULL"),
        postgresql_where=sa.text("stock_location_id IS NOT NULL"),
    )
    op.create_table(
        "sku_options",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "currency_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "description",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("price_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("delay_hours", sa.BigInteger(), nullable=True),
        sa.Column(
            "sku_code_regex",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("market_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "market_name_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint("(id >> 40) = (market_id >> 40)", name=op.f("ck_sku_options_market_id")),
        sa.ForeignKeyConstraint(
            ["market_id"],
            ["markets.id"],
            name=op.f("fk_sku_options_market_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_options")),
    )
    op.create_index(
        "ix_sku_options_market_id",
        "sku_options",
        ["market_id"],
        unique=False,
        sqlite_where=sa.text("market_id IS NOT NULL"),
        postgresql_where=sa.text("market_id IS NOT NULL"),
    )
    op.create_index(
        "ix_sku_options_market_name_key",
        "sku_options",
        ["market_name_key"],
        unique=False,
        sqlite_where=sa.text("market_name_key IS NOT NULL"),
        postgresql_where=sa.text("market_name_key IS NOT NULL"),
    )
    op.create_table(
        "stock_reservations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "status", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("stock_item_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "stock_item_reference_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (stock_item_id >> 40)", name=op.f("ck_stock_reservations_stock_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["stock_item_id"],
            ["stock_items.id"],
            name=op.f("fk_stock_reservations_stock_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_reservations")),
    )
    op.create_index(
        "ix_stock_reservations_stock_item_id",
        "stock_reservations",
        ["stock_item_id"],
        unique=False,
        sqlite_where=sa.text("stock_item_id IS NOT NULL"),
        postgresql_where=sa.text("stock_item_id IS NOT NULL"),
    )
    op.create_index(
        "ix_stock_reservations_stock_item_reference_key",
        "stock_reservations",
        ["stock_item_reference_key"],
        unique=False,
        sqlite_where=sa.text("stock_item_reference_key IS NOT NULL"),
        postgresql_where=sa.text("stock_item_reference_key IS NOT NULL"),
    )
    op.create_table(
        "stores",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("market_id", sa.BigInteger(), nullable=True),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("stock_location_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "code_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint("(id >> 40) = (market_id >> 40)", name=op.f("ck_stores_market_id")),
        sa.CheckConstraint("(id >> 40) = (merchant_id >> 40)", name=op.f("ck_stores_merchant_id")),
        sa.CheckConstraint(
            "(id >> 40) = (stock_location_id >> 40)", name=op.f("ck_stores_stock_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["market_id"],
            ["markets.id"],
            name=op.f("fk_stores_market_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id"],
            ["merchants.id"],
            name=op.f("fk_stores_merchant_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["stock_location_id"],
            ["stock_locations.id"],
            name=op.f("fk_stores_stock_location_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stores")),
    )
    op.create_index(
        "ix_stores_code_key",
        "stores",
        ["code_key"],
        unique=True,
        sqlite_where=sa.text("code_key IS NOT NULL"),
        postgresql_where=sa.text("code_key IS NOT NULL"),
    )
    op.create_index(
        "ix_stores_market_id",
        "stores",
        ["market_id"],
        unique=False,
        sqlite_where=sa.text("market_id IS NOT NULL"),
        postgresql_where=sa.text("market_id IS NOT NULL"),
    )
    op.create_index(
        "ix_stores_merchant_id",
        "stores",
        ["merchant_id"],
        unique=False,
        sqlite_where=sa.text("merchant_id IS NOT NULL"),
        postgresql_where=sa.text("merchant_id IS NOT NULL"),
    )
    op.create_index(
        "ix_stores_name_key",
        "stores",
        ["name_key"],
        unique=False,
        sqlite_where=sa.text("name_key IS NOT NULL"),
        postgresql_where=sa.text("name_key IS NOT NULL"),
    )
    op.create_index(
        "ix_stores_stock_location_id",
        "stores",
        ["stock_location_id"],
        unique=False,
        sqlite_where=sa.text("stock_location_id IS NOT NULL"),
        postgresql_where=sa.text("stock_location_id IS NOT NULL"),
    )
    op.create_table(
        "delivery_lead_times",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("min_hours", sa.BigInteger(), nullable=True),
        sa.Column("max_hours", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("stock_location_id", sa.BigInteger(), nullable=True),
        sa.Column("shipping_method_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "stock_location_shipping_method_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (shipping_method_id >> 40)",
            name=op.f("ck_delivery_lead_times_shipping_method_id"),
        ),
        sa.CheckConstraint(
            "(id >> 40) = (stock_location_id >> 40)",
            name=op.f("ck_delivery_lead_times_stock_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["shipping_method_id"],
            ["shipping_methods.id"],
            name=op.f("fk_delivery_lead_times_shipping_method_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["stock_location_id"],
            ["stock_locations.id"],
            name=op.f("fk_delivery_lead_times_stock_location_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_lead_times")),
    )
    op.create_index(
        "ix_delivery_lead_times_shipping_method_id",
        "delivery_lead_times",
        ["shipping_method_id"],
        unique=False,
        sqlite_where=sa.text("shipping_method_id IS NOT NULL"),
        postgresql_where=sa.text("shipping_method_id IS NOT NULL"),
    )
    op.create_index(
        "ix_delivery_lead_times_stock_location_id",
        "delivery_lead_times",
        ["stock_location_id"],
        unique=False,
        sqlite_where=sa.text("stock_location_id IS NOT NULL"),
        postgresql_where=sa.text("stock_location_id IS NOT NULL"),
    )
    op.create_index(
        "ix_delivery_lead_times_stock_location_shipping_method_key",
        "delivery_lead_times",
        ["stock_location_shipping_method_key"],
        unique=False,
        sqlite_where=sa.text("stock_location_shipping_method_key IS NOT NULL"),
        postgresql_where=sa.text("stock_location_shipping_method_key IS NOT NULL"),
    )
    op.create_table(
        "payment_methods",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "payment_source_type",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "currency_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("moto", sa.Boolean(), nullable=True),
        sa.Column("require_capture", sa.Boolean(), nullable=True),
        sa.Column("auto_place", sa.Boolean(), nullable=True),
        sa.Column("auto_capture", sa.Boolean(), nullable=True),
        sa.Column("price_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("auto_capture_max_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("market_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_gateway_id", sa.BigInteger(), nullable=True),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "market_name_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (market_id >> 40)", name=op.f("ck_payment_methods_market_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (payment_gateway_id >> 40)",
            name=op.f("ck_payment_methods_payment_gateway_id"),
        ),
        sa.CheckConstraint(
            "(id >> 40) = (store_id >> 40)", name=op.f("ck_payment_methods_store_id")
        ),
        sa.ForeignKeyConstraint(
            ["market_id"],
            ["markets.id"],
            name=op.f("fk_payment_methods_market_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["payment_gateway_id"],
            ["payment_gateways.id"],
            name=op.f("fk_payment_methods_payment_gateway_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["stores.id"],
            name=op.f("fk_payment_methods_store_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_methods")),
    )
    op.create_index(
        "ix_payment_methods_market_id",
        "payment_methods",
        ["market_id"],
        unique=False,
        sqlite_where=sa.text("market_id IS NOT NULL"),
        postgresql_where=sa.text("market_id IS NOT NULL"),
    )
    op.create_index(
        "ix_payment_methods_market_name_key",
        "payment_methods",
        ["market_name_key"],
        unique=False,
        sqlite_where=sa.text("market_name_key IS NOT NULL"),
        postgresql_where=sa.text("market_name_key IS NOT NULL"),
    )
    op.create_index(
        "ix_payment_methods_payment_gateway_id",
        "payment_methods",
        ["payment_gateway_id"],
        unique=False,
        sqlite_where=sa.text("payment_gateway_id IS NOT NULL"),
        postgresql_where=sa.text("payment_gateway_id IS NOT NULL"),
    )
    op.create_index(
        "ix_payment_methods_store_id",
        "payment_methods",
        ["store_id"],
        unique=False,
        sqlite_where=sa.text("store_id IS NOT NULL"),
        postgresql_where=sa.text("store_id IS NOT NULL"),
    )
    op.create_table(
        "promotion_rules",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("order_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("use_subtotal", sa.Boolean(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("all_skus", sa.Boolean(), nullable=True),
        sa.Column("min_quantity", sa.BigInteger(), nullable=True),
        sa.Column("filters", sa.Text(), nullable=True),
        sa.Column("promotion_id", sa.BigInteger(), nullable=True),
        sa.Column("sku_list_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "promotion_type_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (promotion_id >> 40)", name=op.f("ck_promotion_rules_promotion_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (sku_list_id >> 40)", name=op.f("ck_promotion_rules_sku_list_id")
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name=op.f("fk_promotion_rules_promotion_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["sku_list_id"],
            ["sku_lists.id"],
            name=op.f("fk_promotion_rules_sku_list_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion_rules")),
    )
    op.create_index(
        "ix_promotion_rules_promotion_id",
        "promotion_rules",
        ["promotion_id"],
        unique=False,
        sqlite_where=sa.text("promotion_id IS NOT NULL"),
        postgresql_where=sa.text("promotion_id IS NOT NULL"),
    )
    op.create_index(
        "ix_promotion_rules_promotion_type_key",
        "promotion_rules",
        ["promotion_type_key"],
        unique=True,
        sqlite_where=sa.text("promotion_type_key IS NOT NULL"),
        postgresql_where=sa.text("promotion_type_key IS NOT NULL"),
    )
    op.create_index(
        "ix_promotion_rules_sku_list_id",
        "promotion_rules",
        ["sku_list_id"],
        unique=False,
        sqlite_where=sa.text("sku_list_id IS NOT NULL"),
        postgresql_where=sa.text("sku_list_id IS NOT NULL"),
    )
    op.create_table(
        "shipping_method_tiers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("up_to", sa.Double(), nullable=True),
        sa.Column("price_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("shipping_method_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "shipping_method_type_up_to_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (shipping_method_id >> 40)",
            name=op.f("ck_shipping_method_tiers_shipping_method_id"),
        ),
        sa.ForeignKeyConstraint(
            ["shipping_method_id"],
            ["shipping_methods.id"],
            name=op.f("fk_shipping_method_tiers_shipping_method_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_method_tiers")),
    )
    op.create_index(
        "ix_shipping_method_tiers_shipping_method_id",
        "shipping_method_tiers",
        ["shipping_method_id"],
        unique=False,
        sqlite_where=sa.text("shipping_method_id IS NOT NULL"),
        postgresql_where=sa.text("shipping_method_id IS NOT NULL"),
    )
    op.create_index(
        "ix_shipping_method_tiers_shipping_method_type_up_to_key",
        "shipping_method_tiers",
        ["shipping_method_type_up_to_key"],
        unique=True,
        sqlite_where=sa.text("shipping_method_type_up_to_key IS NOT NULL"),
        postgresql_where=sa.text("shipping_method_type_up_to_key IS NOT NULL"),
    )
    op.create_table(
        "coupons",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("customer_single_use", sa.Boolean(), nullable=True),
        sa.Column("usage_limit", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("promotion_rule_id", sa.BigInteger(), nullable=True),
        sa.Column("coupon_recipient_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "promotion_rule_code_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "code_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(id >> 40) = (coupon_recipient_id >> 40)", name=op.f("ck_coupons_coupon_recipient_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (promotion_rule_id >> 40)", name=op.f("ck_coupons_promotion_rule_id")
        ),
        sa.ForeignKeyConstraint(
            ["coupon_recipient_id"],
            ["coupon_recipients.id"],
            name=op.f("fk_coupons_coupon_recipient_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["promotion_rule_id"],
            ["promotion_rules.id"],
            name=op.f("fk_coupons_promotion_rule_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupons")),
    )
    op.create_index(
        "ix_coupons_code_key",
        "coupons",
        ["code_key"],
        unique=False,
        sqlite_where=sa.text("code_key IS NOT NULL"),
        postgresql_where=sa.text("code_key IS NOT NULL"),
    )
    op.create_index(
        "ix_coupons_coupon_recipient_id",
        "coupons",
        ["coupon_recipient_id"],
        unique=False,
        sqlite_where=sa.text("coupon_recipient_id IS NOT NULL"),
        postgresql_where=sa.text("coupon_recipient_id IS NOT NULL"),
    )
    op.create_index(
        "ix_coupons_promotion_rule_code_key",
        "coupons",
        ["promotion_rule_code_key"],
        unique=True,
        sqlite_where=sa.text("promotion_rule_code_key IS NOT NULL"),
        postgresql_where=sa.text("promotion_rule_code_key IS NOT NULL"),
    )
    op.create_index(
        "ix_coupons_promotion_rule_id",
        "coupons",
        ["promotion_rule_id"],
        unique=False,
        sqlite_where=sa.text("promotion_rule_id IS NOT NULL"),
        postgresql_where=sa.text("promotion_rule_id IS NOT NULL"),
    )
    op.create_table(
        "customer_payment_sources",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "customer_token",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "payment_source_token",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_method_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_source_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_source_type", sa.Text(), nullable=True),
        sa.Column(
            "customer_payment_method_payment_source_token_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (customer_id >> 40)", name=op.f("ck_customer_payment_sources_customer_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (payment_method_id >> 40)",
            name=op.f("ck_customer_payment_sources_payment_method_id"),
        ),
        sa.CheckConstraint(
            "(id >> 40) = (payment_source_id >> 40)",
            name=op.f("ck_customer_payment_sources_payment_source_id"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_payment_sources_customer_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["payment_method_id"],
            ["payment_methods.id"],
            name=op.f("fk_customer_payment_sources_payment_method_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_payment_sources")),
    )
    op.create_index(
        "ix_customer_payment_sources_customer_id",
        "customer_payment_sources",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("customer_id IS NOT NULL"),
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_index(
        "ix_customer_payment_sources_customer_payment_method_pa_0946f50f",
        "customer_payment_sources",
        ["customer_payment_method_payment_source_token_key"],
        unique=True,
        sqlite_where=sa.text("customer_payment_method_payment_source_token_key IS NOT NULL"),
        postgresql_where=sa.text("customer_payment_method_payment_source_token_key IS NOT NULL"),
    )
    op.create_index(
        "ix_customer_payment_sources_payment_method_id",
        "customer_payment_sources",
        ["payment_method_id"],
        unique=False,
        sqlite_where=sa.text("payment_method_id IS NOT NULL"),
        postgresql_where=sa.text("payment_method_id IS NOT NULL"),
    )
    op.create_table(
        "orders",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "number", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "affiliate_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("autorefresh", sa.Boolean(), nullable=True),
        sa.Column("place_async", sa.Boolean(), nullable=True),
        sa.Column(
            "status", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("guest", sa.Boolean(), nullable=True),
        sa.Column(
            "language_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("freight_taxable", sa.Boolean(), nullable=True),
        sa.Column("payment_method_taxable", sa.Boolean(), nullable=True),
        sa.Column("adjustment_taxable", sa.Boolean(), nullable=True),
        sa.Column("gift_card_taxable", sa.Boolean(), nullable=True),
        sa.Column(
            "shipping_country_code_lock",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "coupon_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "gift_card_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("subtotal_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("skus_count", sa.BigInteger(), nullable=True),
        sa.Column(
            "cart_url", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "return_url",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "terms_url", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "privacy_url",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("placed_at", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("expiration_info", sa.Text(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("market_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("shipping_address_id", sa.BigInteger(), nullable=True),
        sa.Column("billing_address_id", sa.BigInteger(), nullable=True),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_method_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_source_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_source_type", sa.Text(), nullable=True),
        sa.Column(
            "number_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (billing_address_id >> 40)", name=op.f("ck_orders_billing_address_id")
        ),
        sa.CheckConstraint("(id >> 40) = (customer_id >> 40)", name=op.f("ck_orders_customer_id")),
        sa.CheckConstraint("(id >> 40) = (market_id >> 40)", name=op.f("ck_orders_market_id")),
        sa.CheckConstraint(
            "(id >> 40) = (payment_method_id >> 40)", name=op.f("ck_orders_payment_method_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (payment_source_id >> 40)", name=op.f("ck_orders_payment_source_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (shipping_address_id >> 40)", name=op.f("ck_orders_shipping_address_id")
        ),
        sa.CheckConstraint("(id >> 40) = (store_id >> 40)", name=op.f("ck_orders_store_id")),
        sa.ForeignKeyConstraint(
            ["billing_address_id"],
            ["addresses.id"],
            name=op.f("fk_orders_billing_address_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_orders_customer_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["market_id"],
            ["markets.id"],
            name=op.f("fk_orders_market_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["payment_method_id"],
            ["payment_methods.id"],
            name=op.f("fk_orders_payment_method_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["shipping_address_id"],
            ["addresses.id"],
            name=op.f("fk_orders_shipping_address_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["stores.id"],
            name=op.f("fk_orders_store_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index(
        "ix_orders_billing_address_id",
        "orders",
        ["billing_address_id"],
        unique=False,
        sqlite_where=sa.text("billing_address_id IS NOT NULL"),
        postgresql_where=sa.text("billing_address_id IS NOT NULL"),
    )
    op.create_index(
        "ix_orders_customer_id",
        "orders",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("customer_id IS NOT NULL"),
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_index(
        "ix_orders_market_id",
        "orders",
        ["market_id"],
        unique=False,
        sqlite_where=sa.text("market_id IS NOT NULL"),
        postgresql_where=sa.text("market_id IS NOT NULL"),
    )
    op.create_index(
        "ix_orders_number_key",
        "orders",
        ["number_key"],
        unique=True,
        sqlite_where=sa.text("number_key IS NOT NULL"),
        postgresql_where=sa.text("number_key IS NOT NULL"),
    )
    op.create_index(
        "ix_orders_payment_method_id",
        "orders",
        ["payment_method_id"],
        unique=False,
        sqlite_where=sa.text("payment_method_id IS NOT NULL"),
        postgresql_where=sa.text("payment_method_id IS NOT NULL"),
    )
    op.create_index(
        "ix_orders_shipping_address_id",
        "orders",
        ["shipping_address_id"],
        unique=False,
        sqlite_where=sa.text("shipping_address_id IS NOT NULL"),
        postgresql_where=sa.text("shipping_address_id IS NOT NULL"),
    )
    op.create_index(
        "ix_orders_store_id",
        "orders",
        ["store_id"],
        unique=False,
        sqlite_where=sa.text("store_id IS NOT NULL"),
        postgresql_where=sa.text("store_id IS NOT NULL"),
    )
    op.create_table(
        "external_payments",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "payment_source_token",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("options", sa.Text(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "order_payment_source_token_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (order_id >> 40)", name=op.f("ck_external_payments_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_external_payments_order_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_payments")),
    )
    op.create_index(
        "ix_external_payments_order_id",
        "external_payments",
        ["order_id"],
        unique=False,
        sqlite_where=sa.text("order_id IS NOT NULL"),
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_index(
        "ix_external_payments_order_payment_source_token_key",
        "external_payments",
        ["order_payment_source_token_key"],
        unique=False,
        sqlite_where=sa.text("order_payment_source_token_key IS NOT NULL"),
        postgresql_where=sa.text("order_payment_source_token_key IS NOT NULL"),
    )
    op.create_table(
        "line_items",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "sku_code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "bundle_code",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("unit_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("compare_at_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("options_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "image_url", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "item_type", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "frequency", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "order_reference_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint("(id >> 40) = (item_id >> 40)", name=op.f("ck_line_items_item_id")),
        sa.CheckConstraint("(id >> 40) = (order_id >> 40)", name=op.f("ck_line_items_order_id")),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_line_items_order_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_items")),
    )
    op.create_index(
        "ix_line_items_order_id",
        "line_items",
        ["order_id"],
        unique=False,
        sqlite_where=sa.text("order_id IS NOT NULL"),
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_index(
        "ix_line_items_order_reference_key",
        "line_items",
        ["order_reference_key"],
        unique=False,
        sqlite_where=sa.text("order_reference_key IS NOT NULL"),
        postgresql_where=sa.text("order_reference_key IS NOT NULL"),
    )
    op.create_table(
        "wire_transfers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "order_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(id >> 40) = (order_id >> 40)", name=op.f("ck_wire_transfers_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_wire_transfers_order_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wire_transfers")),
    )
    op.create_index(
        "ix_wire_transfers_order_id",
        "wire_transfers",
        ["order_id"],
        unique=False,
        sqlite_where=sa.text("order_id IS NOT NULL"),
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_index(
        "ix_wire_transfers_order_key",
        "wire_transfers",
        ["order_key"],
        unique=False,
        sqlite_where=sa.text("order_key IS NOT NULL"),
        postgresql_where=sa.text("order_key IS NOT NULL"),
    )
    op.create_table(
        "line_item_options",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("unit_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("options", sa.Text(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("line_item_id", sa.BigInteger(), nullable=True),
        sa.Column("sku_option_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "line_item_reference_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (line_item_id >> 40)", name=op.f("ck_line_item_options_line_item_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (sku_option_id >> 40)", name=op.f("ck_line_item_options_sku_option_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_item_id"],
            ["line_items.id"],
            name=op.f("fk_line_item_options_line_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["sku_option_id"],
            ["sku_options.id"],
            name=op.f("fk_line_item_options_sku_option_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_item_options")),
    )
    op.create_index(
        "ix_line_item_options_line_item_id",
        "line_item_options",
        ["line_item_id"],
        unique=False,
        sqlite_where=sa.text("line_item_id IS NOT NULL"),
        postgresql_where=sa.text("line_item_id IS NOT NULL"),
    )
    op.create_index(
        "ix_line_item_options_line_item_reference_key",
        "line_item_options",
        ["line_item_reference_key"],
        unique=False,
        sqlite_where=sa.text("line_item_reference_key IS NOT NULL"),
        postgresql_where=sa.text("line_item_reference_key IS NOT NULL"),
    )
    op.create_index(
        "ix_line_item_options_sku_option_id",
        "line_item_options",
        ["sku_option_id"],
        unique=False,
        sqlite_where=sa.text("sku_option_id IS NOT NULL"),
        postgresql_where=sa.text("sku_option_id IS NOT NULL"),
    )
    op.create_table(
        "stock_transfers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "number", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "status", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("on_hold_at", sa.BigInteger(), nullable=True),
        sa.Column("picking_at", sa.BigInteger(), nullable=True),
        sa.Column("in_transit_at", sa.BigInteger(), nullable=True),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reference_origin",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("metadata", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("sku_id", sa.BigInteger(), nullable=True),
        sa.Column("origin_stock_location_id", sa.BigInteger(), nullable=True),
        sa.Column("destination_stock_location_id", sa.BigInteger(), nullable=True),
        sa.Column("line_item_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "number_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(id >> 40) = (destination_stock_location_id >> 40)",
            name=op.f("ck_stock_transfers_destination_stock_location_id"),
        ),
        sa.CheckConstraint(
            "(id >> 40) = (line_item_id >> 40)", name=op.f("ck_stock_transfers_line_item_id")
        ),
        sa.CheckConstraint(
            "(id >> 40) = (origin_stock_location_id >> 40)",
            name=op.f("ck_stock_transfers_origin_stock_location_id"),
        ),
        sa.CheckConstraint("(id >> 40) = (sku_id >> 40)", name=op.f("ck_stock_transfers_sku_id")),
        sa.ForeignKeyConstraint(
            ["destination_stock_location_id"],
            ["stock_locations.id"],
            name=op.f("fk_stock_transfers_destination_stock_location_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["line_item_id"],
            ["line_items.id"],
            name=op.f("fk_stock_transfers_line_item_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["origin_stock_location_id"],
            ["stock_locations.id"],
            name=op.f("fk_stock_transfers_origin_stock_location_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["sku_id"],
            ["skus.id"],
            name=op.f("fk_stock_transfers_sku_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_transfers")),
    )
    op.create_index(
        "ix_stock_transfers_destination_stock_location_id",
        "stock_transfers",
        ["destination_stock_location_id"],
        unique=False,
        sqlite_where=sa.text("destination_stock_location_id IS NOT NULL"),
        postgresql_where=sa.text("destination_stock_location_id IS NOT NULL"),
    )
    op.create_index(
        "ix_stock_transfers_line_item_id",
        "stock_transfers",
        ["line_item_id"],
        unique=False,
        sqlite_where=sa.text("line_item_id IS NOT NULL"),
        postgresql_where=sa.text("line_item_id IS NOT NULL"),
    )
    op.create_index(
        "ix_stock_transfers_number_key",
        "stock_transfers",
        ["number_key"],
        unique=True,
        sqlite_where=sa.text("number_key IS NOT NULL"),
        postgresql_where=sa.text("number_key IS NOT NULL"),
    )
    op.create_index(
        "ix_stock_transfers_origin_stock_location_id",
        "stock_transfers",
        ["origin_stock_location_id"],
        unique=False,
        sqlite_where=sa.text("origin_stock_location_id IS NOT NULL"),
        postgresql_where=sa.text("origin_stock_location_id IS NOT NULL"),
    )
    op.create_index(
        "ix_stock_transfers_sku_id",
        "stock_transfers",
        ["sku_id"],
        unique=False,
        sqlite_where=sa.text("sku_id IS NOT NULL"),
        postgresql_where=sa.text("sku_id IS NOT NULL"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # SQLite has these in the table, where a target may be made later than what refers to it.
        for column, table in (
            ("default_payment_method_id", "payment_methods"),
            ("default_shipping_method_id", "shipping_methods"),
        ):
            op.create_foreign_key(
                f"fk_markets_{column}",
                "markets",
                table,
                [column],
                ["id"],
                initially="DEFERRED",
                deferrable=True,
            )
