"""Tables of who owns the data."""

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

organizations = Table(
    "organizations",
    metadata,
    # Of the one sequence of ids, with environment number 0: an organization is in none.
    Column("id", Identity, primary_key=True, autoincrement=False),
    Column("slug", BytewiseText, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("flags", Text, nullable=False),  # JSON: only those that differ from the catalogue's
    Column("created_at", BigInteger, nullable=False),
)

environments = Table(
    "environments",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1
    Column("organization_id", BigInteger, ForeignKey("organizations.id"), nullable=False),
    Column("mode", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    CheckConstraint("mode IN ('test', 'live')", name="mode"),
    UniqueConstraint("organization_id", "mode"),
)
