"""Who makes changes and makes things happen, apart from imports."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("entries", "events"):
        op.add_column(table, sa.Column("actor_kind", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("actor_id", sa.BigInteger(), nullable=True))
