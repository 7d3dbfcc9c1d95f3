"""Import groups: several imports that belong together."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_groups",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("environment", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("dialect", sa.Text(), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=True),
        sa.Column("source_size", sa.BigInteger(), nullable=True),
        sa.Column("attachment_name", sa.Text(), nullable=True),
        sa.Column("attachment_expired_at", sa.BigInteger(), nullable=True),
        sa.Column("layout", sa.Text(), nullable=True),
        sa.Column("recognised", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("notices", sa.Text(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("source_digest", sa.Text(), nullable=True),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("reference_origin", sa.Text(), nullable=True),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("retry_of", sa.BigInteger(), nullable=True),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(id >> 40) = environment", name=op.f("ck_import_groups_environment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_groups")),
    )
    op.create_index(
        "ix_import_groups_environment", "import_groups", ["environment", "id"], unique=False
    )
    op.add_column("imports", sa.Column("group_id", sa.BigInteger(), nullable=True))
    op.add_column("imports", sa.Column("group_position", sa.Integer(), nullable=True))
    op.add_column("imports", sa.Column("source_columns", sa.Text(), nullable=True))
    op.create_index(
        "ix_imports_group_id",
        "imports",
        ["group_id"],
        unique=False,
        sqlite_where=sa.text("group_id IS NOT NULL"),
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    op.add_column("import_errors", sa.Column("source_row", sa.BigInteger(), nullable=True))
    op.add_column("import_errors", sa.Column("cause_import_id", sa.BigInteger(), nullable=True))
    op.add_column("import_errors", sa.Column("cause_row", sa.BigInteger(), nullable=True))
    op.add_column("import_undos", sa.Column("group_id", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_import_undos_group_id",
        "import_undos",
        ["group_id"],
        unique=False,
        sqlite_where=sa.text("group_id IS NOT NULL"),
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
