"""The records that rows of unfinished imports have named."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_row_records",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.id"],
            name=op.f("fk_import_row_records_import_id"),
        ),
        sa.PrimaryKeyConstraint("import_id", "first_row", name=op.f("pk_import_row_records")),
        sqlite_with_rowid=False,
    )
