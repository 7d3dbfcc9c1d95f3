"""Drafts whose file the server fetches from an address."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_drafts", sa.Column("fetched_from", sa.Text(), nullable=True))
    op.add_column("import_drafts", sa.Column("fetch_until", sa.BigInteger(), nullable=True))
    op.add_column("import_drafts", sa.Column("fetch_refusal", sa.Text(), nullable=True))
