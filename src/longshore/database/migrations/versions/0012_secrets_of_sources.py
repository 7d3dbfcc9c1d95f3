"""Whether the source of an import holds secrets."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("has_secrets", sa.Boolean(), nullable=True))
