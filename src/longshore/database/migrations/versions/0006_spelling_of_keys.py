"""Spelling of keys."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The keys themselves are rewritten outside of this transaction, in chunks.
    op.add_column("installation", sa.Column("keys_spelled_at", sa.BigInteger(), nullable=True))
