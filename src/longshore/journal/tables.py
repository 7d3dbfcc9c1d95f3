"""Tables of what changed and what happened; rows are only ever added."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

from longshore.database import BytewiseText, Identity, metadata

# One row per row of an import that changed a record. A create has none: it is implied by
# `creations`, which keeps the insert rate (a JSON text per create would cost half of it).
entries = Table(
    "entries",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("environment", Integer, nullable=False),
    # The import that did it. Where an application did, its id, for releases without actors: they
    # take null for an upgrade of longshore.
    Column("import_id", BigInteger),
    Column("row_number", BigInteger),
    Column("table_name", Text, nullable=False),
    Column("record_type", Text, nullable=False),
    Column("record_id", BigInteger, nullable=False),
    Column("event", Text, nullable=False),
    Column("changes", Text, nullable=False),  # JSON: {field: [before, after]}
    # JSON: the whole record, where it was destroyed by a release before `images`.
    Column("image", Text),
    Column("at", BigInteger, nullable=False),
    # Added by later revisions, so they stand last, as they do in a database that was upgraded.
    Column("image_id", BigInteger),  # of the row of `images` that holds the whole record
    Column("actor_kind", Text),  # who did it; null: as `import_id` says (`actors`)
    Column("actor_id", BigInteger),
    # The entry of a destruction that this one takes back: then it is no update, whatever `event`
    # says, whose check knows no other word.
    Column("restores", BigInteger),
    # Of an update by an undo: the entry before which its fields are again what they were then.
    Column("undoes", BigInteger),
    CheckConstraint("event IN ('update', 'destroy')", name="event"),
    Index("ix_entries_record_id", "record_id", "id"),
    Index(
        "ix_entries_import_id",
        "import_id",
        "id",
        sqlite_where=text("import_id IS NOT NULL"),
        postgresql_where=text("import_id IS NOT NULL"),
    ),
    Index(
        "ix_entries_undo",
        "actor_id",
        "id",
        sqlite_where=text("actor_kind = 'undo'"),
        postgresql_where=text("actor_kind = 'undo'"),
    ),
)

# Records as they were when they were destroyed, many in a row (`images`). The id names the
# environment, as that of a record does; its number is from the same sequence.
images = Table(
    "images",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False),
)

# The records that one chunk created in one table: their ids are consecutive, except that records
# of other tables may lie between.
creations = Table(
    "creations",
    metadata,
    Column("import_id", BigInteger, primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("first_id", BigInteger, primary_key=True),
    Column("last_id", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    CheckConstraint("first_id <= last_id", name="range"),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("environment", Integer, nullable=False),
    Column("name", Text, nullable=False),  # imports.create
    Column("resource_type", Text, nullable=False),
    Column("resource_id", BigInteger, nullable=False),
    Column("application_id", BigInteger),  # who made it happen; null: nobody who has a token
    Column("payload", Text, nullable=False),  # JSON
    Column("at", BigInteger, nullable=False),
    # Added by a later revision, so they stand last, as they do in a database that was upgraded.
    Column("reference", BytewiseText),
    Column("reference_origin", BytewiseText),
    Column("metadata", Text),  # JSON; null: nobody has set it
    Column("updated_at", BigInteger),  # null: it was never changed
    # Who made it happen; null: as `application_id` says, and without one nobody but the resource.
    Column("actor_kind", Text),
    Column("actor_id", BigInteger),
    Index("ix_events_resource_id", "resource_id", "id"),
    Index("ix_events_environment", "environment", "id"),
)

# Events that were not dispatched yet (`outbox`). Without a foreign key: a running older release
# that removes an organization with its events knows nothing of this table.
outbox = Table(
    "outbox",
    metadata,
    Column("event_id", Identity, primary_key=True, autoincrement=False),
    Column("resource_id", BigInteger, nullable=False),  # what the event happened to
)
