"""The table of request keys."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from longshore.database import BytewiseText, metadata

# A row is a claim as long as it has no answer.
request_keys = Table(
    "request_keys",
    metadata,
    # Of one environment, as every application is.
    Column("application_id", BigInteger, ForeignKey("applications.id"), primary_key=True),
    # SHA-256 of method, path and key: as long as it is, whatever a client sends.
    Column("name", BytewiseText, primary_key=True),
    Column("claim", Text, nullable=False),  # which claim of the key is the last one
    Column("process", Text, nullable=False),  # that has it, or had
    Column("claimed_at", BigInteger, nullable=False),
    Column("answered_at", BigInteger),
    Column("digest", Text),  # SHA-256 of the request that was answered
    Column("status", Integer),  # of the answer
    # What was created; null: the request was refused, and the answer says why.
    Column("resource_type", Text),
    Column("resource_id", BigInteger),
    Column("answer", LargeBinary),  # compressed; null: it is too long to be kept
    CheckConstraint("(answered_at IS NULL) = (status IS NULL)", name="answered"),
    CheckConstraint("(answered_at IS NULL) = (digest IS NULL)", name="digest"),
    CheckConstraint("(resource_id IS NULL) = (resource_type IS NULL)", name="resource"),
    Index("ix_request_keys_claimed_at", "claimed_at"),
)
