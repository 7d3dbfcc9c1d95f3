"""Codes of errors, and where in their source they stand."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("code", "source_column", "pointer"):
        op.add_column("import_errors", sa.Column(name, sa.Text(), nullable=True))
