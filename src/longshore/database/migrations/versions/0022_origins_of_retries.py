"""Origins of retries."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_origins",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=False),
        sa.Column("rows_count", sa.Integer(), nullable=False),
        sa.Column("first_origin", sa.BigInteger(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("rows_count > 0", name=op.f("ck_import_origins_rows")),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.id"],
            name=op.f("fk_import_origins_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "first_row", name=op.f("pk_import_origins")),
        sqlite_with_rowid=False,
    )
    op.add_column("imports", sa.Column("retry_of", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_imports_retry_of",
        "imports",
        ["retry_of"],
        unique=False,
        sqlite_where=sa.text("retry_of IS NOT NULL"),
        postgresql_where=sa.text("retry_of IS NOT NULL"),
    )
