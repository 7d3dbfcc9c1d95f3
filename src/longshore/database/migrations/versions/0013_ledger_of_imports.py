"""What became of each row of an import."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_ledger",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=False),
        sa.Column("created_count", sa.Integer(), nullable=False),
        sa.Column("updated_count", sa.Integer(), nullable=False),
        sa.Column("unchanged_count", sa.Integer(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("skipped_count", sa.Integer(), nullable=False),
        sa.Column("last_entry_id", sa.BigInteger(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "created_count >= 0 AND updated_count >= 0 AND unchanged_count >= 0"
            " AND failed_count >= 0 AND skipped_count >= 0",
            name=op.f("ck_import_ledger_outcomes"),
        ),
        sa.CheckConstraint(
            "created_count + updated_count + unchanged_count + failed_count + skipped_count > 0",
            name=op.f("ck_import_ledger_rows"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_ledger_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "first_row", name=op.f("pk_import_ledger")),
        sqlite_with_rowid=False,
    )
