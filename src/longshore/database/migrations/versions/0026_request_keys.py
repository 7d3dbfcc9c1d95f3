"""Request keys: what became of requests that may be sent again."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_keys",
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("resource_type", sa.Text(), nullable=True),
        sa.Column("resource_id", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (digest IS NULL)", name=op.f("ck_request_keys_digest")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (status IS NULL)", name=op.f("ck_request_keys_answered")
        ),
        sa.CheckConstraint(
            "(resource_id IS NULL) = (resource_type IS NULL)", name=op.f("ck_request_keys_resource")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_request_keys_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", "name", name=op.f("pk_request_keys")),
    )
    op.create_index("ix_request_keys_claimed_at", "request_keys", ["claimed_at"], unique=False)
