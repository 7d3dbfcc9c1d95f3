"""Names of the mappings of imports."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("mapping_reference", sa.Text(), nullable=True))
