"""First amounts of imports."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "imports",
        sa.Column("first_amounts", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
    )
