"""What the logs of an import's document are made from."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_log_heads",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("log", sa.Text(), nullable=False),
        sa.Column("scanned_count", sa.Integer(), nullable=False),
        sa.Column("rows_count", sa.BigInteger(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.CheckConstraint("log IN ('errors', 'warnings')", name=op.f("ck_import_log_heads_log")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_log_heads_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "log", name=op.f("pk_import_log_heads")),
    )
