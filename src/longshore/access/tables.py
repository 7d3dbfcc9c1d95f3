"""Tables of who owns the data and who may ask for it."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
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
    Column("updated_at", BigInteger, nullable=False),
    Column("deleting_at", BigInteger),  # since when it is removed, bit by bit; nobody comes in
)

environments = Table(
    "environments",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1
    Column("organization_id", BigInteger, ForeignKey("organizations.id"), nullable=False),
    Column("mode", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("served_at", BigInteger),  # when a worker last took up one of its imports
    CheckConstraint("mode IN ('test', 'live')", name="mode"),
    UniqueConstraint("organization_id", "mode"),
)

applications = Table(
    "applications",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=False),
    Column("environment", Integer, ForeignKey("environments.number"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("client_id", BytewiseText, nullable=False, unique=True),
    Column("secret_digest", Text),  # SHA-256, hexadecimal; None: the application is public
    Column("scopes", Text, nullable=False),  # what a token may do without asking for less
    Column("redirect_uri", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),  # the row stays: what it wrote goes on naming it
    # How often all its tokens were revoked: tokens of an earlier generation are worth nothing.
    Column("token_generation", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("(id >> 40) = environment", name="environment"),
    Index("ix_applications_environment", "environment", "id"),
)

# In the database, so that every host of an installation signs and verifies alike.
signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", BytewiseText, primary_key=True),
    Column("private_key", Text, nullable=False),  # PEM, PKCS 8
    Column("created_at", BigInteger, nullable=False),
    Column("retires_at", BigInteger),  # it verifies until then; null: it is the one that signs
    sqlite_with_rowid=False,
)

revoked_tokens = Table(
    "revoked_tokens",
    metadata,
    Column("digest", BytewiseText, primary_key=True),  # SHA-256 of what was signed
    Column("expires_at", BigInteger, nullable=False),  # afterwards the row is of no use
    Index("ix_revoked_tokens_expires_at", "expires_at"),
    sqlite_with_rowid=False,
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", BytewiseText, primary_key=True),  # SHA-256 of the token
    Column("application_id", BigInteger, ForeignKey("applications.id"), nullable=False),
    Column("scope", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("ix_refresh_tokens_application_id", "application_id"),
    Index("ix_refresh_tokens_expires_at", "expires_at"),
    sqlite_with_rowid=False,
)

# One-time codes, by which somebody at a terminal comes into the dashboard.
sign_in_codes = Table(
    "sign_in_codes",
    metadata,
    Column("digest", BytewiseText, primary_key=True),  # SHA-256 of the code
    Column("environment", Integer, ForeignKey("environments.number"), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("ix_sign_in_codes_environment", "environment"),
    Index("ix_sign_in_codes_expires_at", "expires_at"),
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", BytewiseText, primary_key=True),  # SHA-256 of what the cookie holds
    Column("environment", Integer, ForeignKey("environments.number"), nullable=False),
    Column("application_id", BigInteger),  # null: somebody at a terminal has come in by a code
    Column("token_generation", Integer),  # of the application; null as the application is
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("ix_sessions_environment", "environment"),
    Index("ix_sessions_expires_at", "expires_at"),
    sqlite_with_rowid=False,
)
