"""Tables of undos."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from longshore.database import Identity, metadata


def _count(name: str) -> "Column[int]":
    return Column(name, BigInteger, nullable=False, server_default=text("0"))


import_undos = Table(
    "import_undos",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=False),
    Column("environment", Integer, nullable=False),
    # What runs it, with the same id.
    Column("run_id", BigInteger, ForeignKey("runs.id"), nullable=False),
    Column("application_id", BigInteger),  # who asked for it; null: somebody at a terminal
    Column("import_id", BigInteger),  # whose changes it takes back; null: those of an undo
    Column("undo_id", BigInteger),  # likewise
    Column("status", Text, nullable=False),
    # How far it is: it goes from the last change to the first. Null before the first step.
    Column("checkpoint", BigInteger),
    _count("changes_count"),  # that were to be looked at when it began
    _count("done_count"),  # of them so far
    # Records: that have fields given back or are there again, that are gone, that keep something.
    _count("restored_count"),
    _count("removed_count"),
    _count("kept_count"),
    Column("started_at", BigInteger),
    Column("completed_at", BigInteger),
    Column("interrupted_at", BigInteger),
    Column("interruption_reason", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("group_id", BigInteger),  # the import group that it takes back with others; null: none
    CheckConstraint("(id >> 40) = environment", name="environment"),
    CheckConstraint("(import_id IS NULL) <> (undo_id IS NULL)", name="of"),
    CheckConstraint(
        "status IN ('pending', 'in_progress', 'completed', 'interrupted')", name="status"
    ),
)

Index("ix_import_undos_environment", import_undos.c.environment, import_undos.c.id)
Index("ix_import_undos_run_id", import_undos.c.run_id, unique=True)
Index(
    "ix_import_undos_import_id",
    import_undos.c.import_id,
    sqlite_where=text("import_id IS NOT NULL"),
    postgresql_where=text("import_id IS NOT NULL"),
)
Index(
    "ix_import_undos_undo_id",
    import_undos.c.undo_id,
    sqlite_where=text("undo_id IS NOT NULL"),
    postgresql_where=text("undo_id IS NOT NULL"),
)

Index(
    "ix_import_undos_group_id",
    import_undos.c.group_id,
    sqlite_where=text("group_id IS NOT NULL"),
    postgresql_where=text("group_id IS NOT NULL"),
)

# What a run that takes changes back leaves as it is: an undo, or an import that is all or nothing.
undo_kept = Table(
    "undo_kept",
    metadata,
    Column("run_id", BigInteger, ForeignKey("runs.id"), primary_key=True),
    Column("record_id", BigInteger, primary_key=True),
    # The fields of one unit, in order and with a comma between; empty: the whole record.
    Column("fields", Text, primary_key=True),
    Column("table_name", Text, nullable=False),
    Column("record_type", Text, nullable=False),
    Column("reason", Text, nullable=False),  # KeptReason
    Column("row_number", BigInteger),  # whose change it was; null: it was no row's
    Column("detail", Text),  # JSON: what stands behind the reason
    sqlite_with_rowid=False,
)
