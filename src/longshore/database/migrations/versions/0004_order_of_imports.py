"""Order of imports."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Null where an older release creates an import beside this one: it comes after all that have
    # a place, and gets one when the next import is created.
    op.add_column("imports", sa.Column("place", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE imports SET place = numbered.place FROM ("
        "SELECT id, row_number() OVER (PARTITION BY environment ORDER BY created_at, id) AS place"
        " FROM imports) AS numbered WHERE numbered.id = imports.id"
    )
    op.create_index("ix_imports_place", "imports", ["environment", "place"], unique=True)
    # An import without rows here, as older releases leave it, may write any table.
    op.create_table(
        "import_tables",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_tables_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "table_name", name=op.f("pk_import_tables")),
        sqlite_with_rowid=False,
    )
