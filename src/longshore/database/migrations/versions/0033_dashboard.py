"""The dashboard: who has signed in, and imports that are being prepared there."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _identity() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _digest() -> sa.types.TypeEngine[str]:
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sign_in_codes",
        sa.Column("digest", _digest(), nullable=False),
        sa.Column("environment", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment"],
            ["environments.number"],
            name=op.f("fk_sign_in_codes_environment"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in_codes")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sign_in_codes_environment", "sign_in_codes", ["environment"])
    op.create_index("ix_sign_in_codes_expires_at", "sign_in_codes", ["expires_at"])
    op.create_table(
        "sessions",
        sa.Column("digest", _digest(), nullable=False),
        sa.Column("environment", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("token_generation", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment"],
            ["environments.number"],
            name=op.f("fk_sessions_environment"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sessions_environment", "sessions", ["environment"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "import_drafts",
        sa.Column("id", _identity(), autoincrement=False, nullable=False),
        sa.Column("environment", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_size", sa.BigInteger(), nullable=True),
        sa.Column("received_bytes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_received", sa.Boolean(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(id >> 40) = environment", name=op.f("ck_import_drafts_environment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_drafts")),
    )
    op.create_index("ix_import_drafts_environment", "import_drafts", ["environment", "id"])
    op.create_index("ix_import_drafts_expires_at", "import_drafts", ["expires_at"])
    op.create_table(
        "import_draft_parts",
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("first_byte", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "first_byte >= 0 AND length > 0", name=op.f("ck_import_draft_parts_bytes")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["import_drafts.id"],
            name=op.f("fk_import_draft_parts_draft_id"),
        ),
        sa.PrimaryKeyConstraint("draft_id", "first_byte", name=op.f("pk_import_draft_parts")),
        sqlite_with_rowid=False,
    )
