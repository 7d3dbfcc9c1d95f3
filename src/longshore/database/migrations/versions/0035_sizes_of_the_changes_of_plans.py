"""Sizes of the changes of plans."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_change_sizes",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id", "first_row"],
            ["import_differences.import_id", "import_differences.first_row"],
            name=op.f("fk_import_change_sizes_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "first_row", name=op.f("pk_import_change_sizes")),
        sqlite_with_rowid=False,
    )
