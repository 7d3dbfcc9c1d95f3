"""Tables of uploads."""

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


uploads = Table(
    "uploads",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=False),
    Column("environment", Integer, nullable=False),
    Column("application_id", BigInteger),  # that began it
    Column("state", Text, nullable=False),
    Column("name", Text, nullable=False),  # of the file
    Column("resource_type", Text, nullable=False),
    Column("size", BigInteger),  # as it was announced; null: it was not
    Column("reading", Text, nullable=False),  # JSON: ReadingOptions
    Column("source_url", Text),  # where a worker gets the bytes; null: they are sent
    _count("received_bytes"),
    _count("parts_count"),
    _count("read_bytes"),  # by the check, so far
    # What checks it, with the same id; null: not all bytes are there.
    Column("run_id", BigInteger, ForeignKey("runs.id")),
    Column("attachment_name", Text),  # null: it is not ready
    Column("found", Text),  # JSON: what the check has found; null: it is not over
    Column("refusal", Text),  # JSON: CheckRefusal; null: it was not refused
    Column("import_id", BigInteger),  # the import that was made of it; null: none was
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("checked_at", BigInteger),
    Column("expires_at", BigInteger),  # null: never in its state
    CheckConstraint("(id >> 40) = environment", name="environment"),
    CheckConstraint(
        "state IN ('receiving', 'checking', 'ready', 'refused', 'expired')", name="state"
    ),
    CheckConstraint("received_bytes >= 0 AND parts_count >= 0 AND read_bytes >= 0", name="counts"),
    CheckConstraint(
        "state <> 'ready' OR attachment_name IS NOT NULL AND found IS NOT NULL", name="ready"
    ),
    CheckConstraint("state <> 'refused' OR refusal IS NOT NULL", name="refused"),
    CheckConstraint("state <> 'checking' OR run_id IS NOT NULL", name="checking"),
)

Index("ix_uploads_environment", uploads.c.environment, uploads.c.id)
Index("ix_uploads_run_id", uploads.c.run_id, unique=True)

# The parts of an upload, each kept under a name of its own.
upload_parts = Table(
    "upload_parts",
    metadata,
    Column("upload_id", BigInteger, ForeignKey("uploads.id"), primary_key=True),
    Column("first_byte", BigInteger, primary_key=True),  # its offset
    Column("length", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),  # SHA-256, hexadecimal
    Column("name", Text, nullable=False),
    CheckConstraint("first_byte >= 0 AND length > 0", name="bytes"),
    sqlite_with_rowid=False,
)
