"""Destructions that are taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entries", sa.Column("restores", sa.BigInteger(), nullable=True))
