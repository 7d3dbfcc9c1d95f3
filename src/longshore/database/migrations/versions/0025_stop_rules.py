"""Stop rules of imports, rows that they are limited to, and rows that were skipped.

To an older release an import with either has no layout that it can read, so it does not run one.
Skipped rows are among the unchanged ones, as which an older release shows them.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("stop_rules TEXT", "only_rows TEXT", "stopped_by TEXT"):
        op.execute(f"ALTER TABLE imports ADD COLUMN {column}")
    op.execute(
        "ALTER TABLE imports ADD COLUMN skipped_count BIGINT DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_imports_skipped"
        " CHECK (skipped_count >= 0 AND skipped_count <= unchanged_count)"
    )
