"""Tables of drafts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
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

import_drafts = Table(
    "import_drafts",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=False),
    Column("environment", Integer, nullable=False),
    Column("application_id", BigInteger),  # that began it; null: somebody at a terminal
    Column("source_name", Text, nullable=False),  # of the file
    Column("source_size", BigInteger),  # in bytes, as it was announced; null: it was not
    Column("received_bytes", BigInteger, nullable=False, server_default=text("0")),
    Column("is_received", Boolean, nullable=False),  # all bytes are there
    Column("choices", Text, nullable=False),  # JSON: DraftChoices
    Column("version", Integer, nullable=False),  # how often the choices were changed
    Column("plan_id", BigInteger),  # the last plan, or group of plans; null: none was made
    Column("import_id", BigInteger),  # the import, or group, that was made of it; null: none was
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    # Of a file that the server fetches: the address, without what it may keep secret.
    Column("fetched_from", Text),
    Column("fetch_until", BigInteger),  # nobody fetches it any more unless this is moved on
    Column("fetch_refusal", Text),  # JSON: message and hint, why it was not fetched
    CheckConstraint("(id >> 40) = environment", name="environment"),
)

Index("ix_import_drafts_environment", import_drafts.c.environment, import_drafts.c.id)
Index("ix_import_drafts_expires_at", import_drafts.c.expires_at)

# The bytes of the file, each part kept under a name of its own.
import_draft_parts = Table(
    "import_draft_parts",
    metadata,
    Column("draft_id", BigInteger, ForeignKey("import_drafts.id"), primary_key=True),
    Column("first_byte", BigInteger, primary_key=True),  # its offset
    Column("length", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),  # SHA-256, hexadecimal
    Column("name", Text, nullable=False),
    CheckConstraint("first_byte >= 0 AND length > 0", name="bytes"),
    sqlite_with_rowid=False,
)
