"""The table of saved mappings."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from longshore.database import BytewiseText, Identity, metadata

# A row is a version. What it says never changes; all versions of a name get another one together.
saved_mappings = Table(
    "saved_mappings",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=False),
    Column("environment", Integer, ForeignKey("environments.number"), nullable=False),
    Column("name", BytewiseText, nullable=False),
    Column("version", Integer, nullable=False),  # from 1
    Column("document", Text, nullable=False),  # JSON: MappingDocument
    Column("shape", Text),  # JSON: SourceShape; null: nobody said what the file looked like
    # Who saved it; without foreign key, as the application may be gone. Null: at a terminal.
    Column("application_id", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    CheckConstraint("(id >> 40) = environment", name="environment"),
    CheckConstraint("version > 0", name="version"),
    UniqueConstraint("environment", "name", "version"),
)
