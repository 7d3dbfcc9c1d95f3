"""Plans, undos, and counters of changes of tables."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_changes",
        sa.Column("environment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("environment", "table_name", name=op.f("pk_table_changes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_undos",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("environment", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("undo_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("checkpoint", sa.BigInteger(), nullable=True),
        sa.Column("changes_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("done_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("restored_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("removed_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("kept_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.Column("interrupted_at", sa.BigInteger(), nullable=True),
        sa.Column("interruption_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'in_progress', 'completed', 'interrupted')",
            name=op.f("ck_import_undos_status"),
        ),
        sa.CheckConstraint("(id >> 40) = environment", name=op.f("ck_import_undos_environment")),
        sa.CheckConstraint(
            "(import_id IS NULL) <> (undo_id IS NULL)", name=op.f("ck_import_undos_of")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_import_undos_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_undos")),
    )
    op.create_index(
        "ix_import_undos_environment", "import_undos", ["environment", "id"], unique=False
    )
    op.create_index(
        "ix_import_undos_import_id",
        "import_undos",
        ["import_id"],
        unique=False,
        sqlite_where=sa.text("import_id IS NOT NULL"),
        postgresql_where=sa.text("import_id IS NOT NULL"),
    )
    op.create_index("ix_import_undos_run_id", "import_undos", ["run_id"], unique=True)
    op.create_index(
        "ix_import_undos_undo_id",
        "import_undos",
        ["undo_id"],
        unique=False,
        sqlite_where=sa.text("undo_id IS NOT NULL"),
        postgresql_where=sa.text("undo_id IS NOT NULL"),
    )
    op.create_table(
        "undo_kept",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("record_type", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_undo_kept_run_id")),
        sa.PrimaryKeyConstraint("run_id", "record_id", "fields", name=op.f("pk_undo_kept")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_differences",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.id"],
            name=op.f("fk_import_differences_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "first_row", name=op.f("pk_import_differences")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_pins",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_pins_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "first_row", name=op.f("pk_import_pins")),
        sqlite_with_rowid=False,
    )
    op.add_column("entries", sa.Column("undoes", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_entries_undo",
        "entries",
        ["actor_id", "id"],
        unique=False,
        sqlite_where=sa.text("actor_kind = 'undo'"),
        postgresql_where=sa.text("actor_kind = 'undo'"),
    )
    op.add_column("imports", sa.Column("kind", sa.Text(), nullable=True))
    op.add_column("imports", sa.Column("all_or_nothing", sa.Boolean(), nullable=True))
    op.add_column("imports", sa.Column("stage", sa.Text(), nullable=True))
    op.add_column("imports", sa.Column("plan_id", sa.BigInteger(), nullable=True))
    op.add_column("imports", sa.Column("moved", sa.Text(), nullable=True))
    op.add_column("imports", sa.Column("pinned", sa.Text(), nullable=True))
    op.add_column("imports", sa.Column("table_counters", sa.Text(), nullable=True))
    op.add_column("imports", sa.Column("expires_at", sa.BigInteger(), nullable=True))
    op.add_column("imports", sa.Column("taken_back_row", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_imports_plan_id",
        "imports",
        ["plan_id"],
        unique=False,
        sqlite_where=sa.text("plan_id IS NOT NULL"),
        postgresql_where=sa.text("plan_id IS NOT NULL"),
    )
