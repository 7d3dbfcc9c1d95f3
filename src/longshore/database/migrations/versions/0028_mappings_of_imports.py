"""Mappings of imports.

To an older release an import with one has no layout that it can read, so it does not run one.
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE imports ADD COLUMN mapping TEXT")
