"""Key of public ids."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("installation", sa.Column("public_id_key", sa.Text(), nullable=True))
    op.add_column("installation", sa.Column("records_before_key", sa.BigInteger(), nullable=True))
    op.add_column("installation", sa.Column("events_before_key", sa.BigInteger(), nullable=True))
