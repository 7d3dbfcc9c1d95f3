"""How many errors the rows of each chunk have."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_error_chunks",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("errors_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "failed_count > 0 AND errors_count >= failed_count",
            name=op.f("ck_import_error_chunks_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_error_chunks_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "first_row", name=op.f("pk_import_error_chunks")),
        sqlite_with_rowid=False,
    )
