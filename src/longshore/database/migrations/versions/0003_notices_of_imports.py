"""Notices of imports."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "imports", sa.Column("notices", sa.Text(), server_default=sa.text("'[]'"), nullable=False)
    )
