"""Uploads and their parts."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("environment", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("received_bytes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("parts_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("read_bytes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("attachment_name", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state <> 'checking' OR run_id IS NOT NULL", name=op.f("ck_uploads_checking")
        ),
        sa.CheckConstraint(
            "state <> 'ready' OR attachment_name IS NOT NULL AND found IS NOT NULL",
            name=op.f("ck_uploads_ready"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR refusal IS NOT NULL", name=op.f("ck_uploads_refused")
        ),
        sa.CheckConstraint(
            "state IN ('receiving', 'checking', 'ready', 'refused', 'expired')",
            name=op.f("ck_uploads_state"),
        ),
        sa.CheckConstraint("(id >> 40) = environment", name=op.f("ck_uploads_environment")),
        sa.CheckConstraint(
            "received_bytes >= 0 AND parts_count >= 0 AND read_bytes >= 0",
            name=op.f("ck_uploads_counts"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_uploads_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index("ix_uploads_environment", "uploads", ["environment", "id"], unique=False)
    op.create_index("ix_uploads_run_id", "uploads", ["run_id"], unique=True)
    op.create_table(
        "upload_parts",
        sa.Column("upload_id", sa.BigInteger(), nullable=False),
        sa.Column("first_byte", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("first_byte >= 0 AND length > 0", name=op.f("ck_upload_parts_bytes")),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_upload_parts_upload_id")
        ),
        sa.PrimaryKeyConstraint("upload_id", "first_byte", name=op.f("pk_upload_parts")),
        sqlite_with_rowid=False,
    )
