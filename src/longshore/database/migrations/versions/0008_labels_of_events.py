"""What clients set of events."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("events", sa.Column("reference", text, nullable=True))
    op.add_column("events", sa.Column("reference_origin", text, nullable=True))
    op.add_column("events", sa.Column("metadata", sa.Text(), nullable=True))
    op.add_column("events", sa.Column("updated_at", sa.BigInteger(), nullable=True))
