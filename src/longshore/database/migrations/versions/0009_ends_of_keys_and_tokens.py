"""When signing keys retire, and how often the tokens of an application were revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "applications",
        sa.Column("token_generation", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("signing_keys", sa.Column("retires_at", sa.BigInteger(), nullable=True))
