"""Sources that were imported before."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("source_digest", sa.Text(), nullable=True))
    op.add_column("imports", sa.Column("same_content_as", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_imports_source_digest",
        "imports",
        ["environment", "source_digest"],
        sqlite_where=sa.text("source_digest IS NOT NULL"),
        postgresql_where=sa.text("source_digest IS NOT NULL"),
    )
