"""Processes and heartbeats."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "processes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("attachments", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("heartbeat_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_processes")),
    )
    op.create_index("ix_processes_heartbeat_at", "processes", ["heartbeat_at"], unique=False)
    op.add_column("environments", sa.Column("served_at", sa.BigInteger(), nullable=True))
    op.add_column("imports", sa.Column("runner", sa.Text(), nullable=True))
    op.add_column("imports", sa.Column("rests_until", sa.BigInteger(), nullable=True))
    op.add_column("imports", sa.Column("attachment_expired_at", sa.BigInteger(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        # Ids have 40 bits for it (`identifiers`).
        op.execute("CREATE SEQUENCE ids MAXVALUE 1099511627775")
    op.add_column("installation", sa.Column("job_schema", sa.Text(), nullable=True))
    op.add_column("installation", sa.Column("copying", sa.Text(), nullable=True))
