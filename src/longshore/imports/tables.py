"""Tables of imports and of what they found wrong."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

from longshore.database import Identity, metadata


def _count(name: str) -> "Column[int]":
    return Column(name, BigInteger, nullable=False, server_default=text("0"))


imports = Table(
    "imports",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=False),
    Column("environment", Integer, nullable=False),
    # What is imported, as it was asked for.
    Column("resource_type", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("parent_resource_id", Text),  # as it was given: the public id that `parent_id` is of
    Column("parent_id", BigInteger),  # null where the type has no parent, whatever was given
    Column("skip_errors", Boolean(create_constraint=False), nullable=False),
    Column("reference", Text),
    Column("reference_origin", Text),
    Column("metadata", Text, nullable=False),  # JSON
    Column("source_name", Text),
    Column("attachment_name", Text, nullable=False),
    Column("layout", Text, nullable=False),  # JSON: readers.Layout
    Column("column_map", Text, nullable=False),  # JSON: {column: field}
    Column("ignored_columns", Text, nullable=False),  # JSON: [column]
    Column("inputs_size", BigInteger, nullable=False),
    Column("application_id", BigInteger),  # who asked for it; null: somebody at a terminal
    # What became of it.
    Column("status", Text, nullable=False),
    Column("started_at", BigInteger),
    Column("completed_at", BigInteger),
    Column("interrupted_at", BigInteger),
    Column("interruption_reason", Text),
    _count("processed_count"),
    _count("errors_count"),
    _count("warnings_count"),
    _count("created_count"),
    _count("updated_count"),
    # Rows that have changed nothing: unchanged and skipped ones. Kept together, so that this column
    # means to an older release what it always has.
    _count("unchanged_count"),
    # Where it stands: the last row of the last committed chunk; null before the first.
    Column("checkpoint_row", BigInteger),
    Column("checkpoint_line", BigInteger),
    Column("checkpoint_offset", BigInteger),
    # As an older release knows its run (`runs`), which triggers write here; so are the next marked.
    _count("fence"),
    _count("attempts"),
    Column("heartbeat_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),
    # Added by later revisions, so they stand last, as they do in a database that was upgraded.
    Column("runner", Text),  # of its run
    Column("rests_until", BigInteger),  # of its run
    Column("attachment_expired_at", BigInteger),  # when its attachment was removed, being old
    Column("notices", Text, nullable=False, server_default=text("'[]'")),  # JSON: [notices.Notice]
    Column("place", BigInteger),  # of its run
    # JSON: amounts of the first rows as money, as `meta.first_amounts` shows them
    Column("first_amounts", Text, nullable=False, server_default=text("'[]'")),
    # Whether its source holds passwords or keys; null: nobody has looked, or none can be there.
    Column("has_secrets", Boolean(create_constraint=False)),
    # What runs it, with the same id; an older release leaves it to a trigger.
    Column("run_id", BigInteger, ForeignKey("runs.id")),
    # The import of which it is a retry, never one that is a retry itself; null: it is none.
    Column("retry_of", BigInteger),
    # Null for what is the same as no other, and for what an older release has created.
    Column("source_digest", Text),  # `same_content`
    Column("same_content_as", BigInteger),  # an earlier import, when this one was created
    Column("stop_rules", Text),  # JSON: StopRules; null: it has none
    Column("only_rows", Text),  # Only; null: all
    Column("stopped_by", Text),  # JSON: StoppedBy
    _count("skipped_count"),
    Column("mapping", Text),  # JSON: MappingDocument; null: it has none
    Column("mapping_reference", Text),  # `name@version`; null: the mapping was no saved one
    Column("kind", Text),  # "plan": it writes no records (`plans`); null: it is an import
    Column("all_or_nothing", Boolean(create_constraint=False)),  # null: no
    Column("stage", Text),  # Stage, of what is all or nothing; null: it has none
    # The plan that it applies; null: none. Of a plan always null.
    Column("plan_id", BigInteger),
    Column("moved", Text),  # JSON: StoreMoved; null: what it is pinned to has not moved
    # Of a plan, or what is all or nothing.
    Column("pinned", Text),  # JSON: what was decided before the first row (`pins`)
    Column("table_counters", Text),  # JSON: {table: counter} before its first row
    Column("expires_at", BigInteger),  # of a plan
    # Of what goes back: the first row of the chunk that was taken back last; null: none was.
    Column("taken_back_row", BigInteger),
    Column("group_id", BigInteger),  # the import group that it is a member of; null: none
    Column("group_position", Integer),  # among its members, from 0
    # Of a member whose rows a dialect has made: JSON: {field: column of the file}; null: of others
    Column("source_columns", Text),
    CheckConstraint(
        "status IN ('pending', 'in_progress', 'completed', 'interrupted')", name="status"
    ),
    CheckConstraint("(id >> 40) = environment", name="environment"),
    # An interrupted import may never have started; one that waits has not.
    CheckConstraint("status <> 'pending' OR started_at IS NULL", name="waiting"),
    CheckConstraint(
        "status NOT IN ('in_progress', 'completed') OR started_at IS NOT NULL", name="started"
    ),
    CheckConstraint("(status = 'completed') = (completed_at IS NOT NULL)", name="completed"),
    CheckConstraint("(status = 'interrupted') = (interrupted_at IS NOT NULL)", name="interrupted"),
    CheckConstraint("errors_count >= 0 AND warnings_count >= 0", name="findings"),
    CheckConstraint(
        "created_count >= 0 AND updated_count >= 0 AND unchanged_count >= 0", name="outcomes"
    ),
    CheckConstraint(
        "processed_count = created_count + updated_count + unchanged_count", name="processed"
    ),
    CheckConstraint("skipped_count >= 0 AND skipped_count <= unchanged_count", name="skipped"),
    # The index rule: rows consumed are processed or failed, and the checkpoint is the last one.
    CheckConstraint("processed_count + errors_count <= inputs_size", name="consumed"),
    CheckConstraint(
        "processed_count + errors_count = coalesce(checkpoint_row, 0)", name="checkpoint"
    ),
    CheckConstraint(
        "status <> 'completed' OR processed_count + errors_count = inputs_size", name="whole"
    ),
    # Few imports are unfinished at any time, and runners ask for them again and again.
    Index(
        "ix_imports_unfinished",
        "environment",
        "id",
        sqlite_where=text("status IN ('pending', 'in_progress')"),
        postgresql_where=text("status IN ('pending', 'in_progress')"),
    ),
)

Index("ix_imports_run_id", imports.c.run_id, unique=True)
Index(
    "ix_imports_retry_of",
    imports.c.retry_of,
    sqlite_where=text("retry_of IS NOT NULL"),
    postgresql_where=text("retry_of IS NOT NULL"),
)
Index("ix_imports_place", imports.c.environment, imports.c.place, unique=True)
Index(
    "ix_imports_source_digest",
    imports.c.environment,
    imports.c.source_digest,
    sqlite_where=text("source_digest IS NOT NULL"),
    postgresql_where=text("source_digest IS NOT NULL"),
)

Index(
    "ix_imports_plan_id",
    imports.c.plan_id,
    sqlite_where=text("plan_id IS NOT NULL"),
    postgresql_where=text("plan_id IS NOT NULL"),
)

Index(
    "ix_imports_group_id",
    imports.c.group_id,
    sqlite_where=text("group_id IS NOT NULL"),
    postgresql_where=text("group_id IS NOT NULL"),
)

# Imports that belong together, created at once (`groups`); what becomes of one is told by them.
import_groups = Table(
    "import_groups",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=False),
    Column("environment", Integer, nullable=False),
    Column("kind", Text),  # "plan": its members are plans; null: they are imports
    Column("form", Text, nullable=False),  # GroupForm: what its source is
    Column("dialect", Text),  # by which rows of the source became rows of the members
    Column("source_name", Text),  # as people know it: the file's name
    Column("source_size", BigInteger),  # rows of the source, where members are made of these
    Column("attachment_name", Text),  # of the source itself; null: those of the members are all
    Column("attachment_expired_at", BigInteger),
    Column("layout", Text),  # JSON: readers.Layout of that attachment
    Column("recognised", Text, nullable=False),  # JSON: [why the source was taken for what it is]
    Column("options", Text, nullable=False),  # JSON: what was asked for, and resolved
    Column("notices", Text, nullable=False),  # JSON: [notices.Notice] of the source as a whole
    # JSON: {type: [first records, before and after conversion]}
    Column("examples", Text, nullable=False),
    Column("source_digest", Text),  # by which the same source is known
    Column("application_id", BigInteger),  # who asked for it; null: somebody at a terminal
    Column("reference", Text),
    Column("reference_origin", Text),
    Column("metadata", Text, nullable=False),  # JSON
    Column("retry_of", BigInteger),  # the group whose failed rows it takes again
    Column("plan_id", BigInteger),  # the group of plans that it applies
    Column("expires_at", BigInteger),  # of plans
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),
    CheckConstraint("(id >> 40) = environment", name="environment"),
)
Index("ix_import_groups_environment", import_groups.c.environment, import_groups.c.id)

# As an older release knows the tables of a run (`runs.run_tables`).
import_tables = Table(
    "import_tables",
    metadata,
    Column("import_id", BigInteger, ForeignKey("imports.id"), primary_key=True),
    Column("table_name", Text, primary_key=True),
    sqlite_with_rowid=False,
)

# What became of the rows of each committed chunk (`ledger`).
import_ledger = Table(
    "import_ledger",
    metadata,
    Column("import_id", BigInteger, ForeignKey("imports.id"), primary_key=True),
    Column("first_row", BigInteger, primary_key=True),
    Column("created_count", Integer, nullable=False),
    Column("updated_count", Integer, nullable=False),
    Column("unchanged_count", Integer, nullable=False),
    Column("failed_count", Integer, nullable=False),
    Column("skipped_count", Integer, nullable=False),
    # The last entry of the journal that is of the import; 0: it has changed nothing so far.
    Column("last_entry_id", BigInteger, nullable=False),
    Column("packed", LargeBinary, nullable=False),  # `ledger_columns`
    CheckConstraint(
        "created_count >= 0 AND updated_count >= 0 AND unchanged_count >= 0"
        " AND failed_count >= 0 AND skipped_count >= 0",
        name="outcomes",
    ),
    CheckConstraint(
        "created_count + updated_count + unchanged_count + failed_count + skipped_count > 0",
        name="rows",
    ),
    sqlite_with_rowid=False,
)

# Where the rows of a retry stand in the source of the first import (`origins`).
import_origins = Table(
    "import_origins",
    metadata,
    # An older release removes imports without knowing of this.
    Column("import_id", BigInteger, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("first_row", BigInteger, primary_key=True),  # of the retry
    Column("rows_count", Integer, nullable=False),
    Column("first_origin", BigInteger, nullable=False),  # number of its first row there
    Column("packed", LargeBinary, nullable=False),  # numbers and lines (`ledger_columns`)
    CheckConstraint("rows_count > 0", name="rows"),
    sqlite_with_rowid=False,
)

# Of releases before the ledger, which may run beside this one; goes with a later release.
import_row_records = Table(
    "import_row_records",
    metadata,
    Column("import_id", BigInteger, ForeignKey("imports.id"), primary_key=True),
    Column("first_row", BigInteger, primary_key=True),
    Column("records", Text, nullable=False),
    sqlite_with_rowid=False,
)

import_errors = Table(
    "import_errors",
    metadata,
    Column("import_id", BigInteger, ForeignKey("imports.id"), primary_key=True),
    Column("row_number", BigInteger, primary_key=True),
    Column("position", Integer, primary_key=True),  # among the errors of the row, from 0
    Column("line", BigInteger, nullable=False),
    Column("identifier", Text),
    Column("attribute", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("value", Text),
    # An older release stores none of these.
    Column("code", Text),  # error_codes.ErrorCode
    Column("source_column", Text),
    Column("pointer", Text),
    # In a member of a group: the row of the file that the row was made of, and a failed row of an
    # earlier member without which this one had not failed.
    Column("source_row", BigInteger),
    Column("cause_import_id", BigInteger),
    Column("cause_row", BigInteger),
    sqlite_with_rowid=False,
)

import_warnings = Table(
    "import_warnings",
    metadata,
    Column("import_id", BigInteger, ForeignKey("imports.id"), primary_key=True),
    Column("row_number", BigInteger, primary_key=True),
    Column("position", Integer, primary_key=True),  # among the warnings of the row, from 0
    Column("identifier", Text),
    Column("message", Text, nullable=False),
    sqlite_with_rowid=False,
)

# What the logs of an import's document are made from (`log_heads`).
import_log_heads = Table(
    "import_log_heads",
    metadata,
    Column("import_id", BigInteger, ForeignKey("imports.id"), primary_key=True),
    Column("log", Text, primary_key=True),  # errors or warnings
    Column("scanned_count", Integer, nullable=False),  # findings that were looked at
    Column("rows_count", BigInteger, nullable=False),  # rows with findings that there were then
    Column("findings", Text, nullable=False),  # JSON: [[identifier, attribute of errors, message]]
    CheckConstraint("log IN ('errors', 'warnings')", name="log"),
)

# How many errors the rows of each committed chunk have, so that a page of them is found by key; a
# chunk that no row failed in has none, nor has one of an older release.
import_error_chunks = Table(
    "import_error_chunks",
    metadata,
    Column("import_id", BigInteger, ForeignKey("imports.id"), primary_key=True),
    Column("first_row", BigInteger, primary_key=True),  # that failed
    Column("failed_count", Integer, nullable=False),
    Column("errors_count", Integer, nullable=False),
    CheckConstraint("failed_count > 0 AND errors_count >= failed_count", name="counts"),
    sqlite_with_rowid=False,
)

# What the judgement of each range of rows has read of the store (`pins`).
import_pins = Table(
    "import_pins",
    metadata,
    # An older release removes imports without knowing of this.
    Column("import_id", BigInteger, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("first_row", BigInteger, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("packed", LargeBinary, nullable=False),  # what was read, item by item
    sqlite_with_rowid=False,
)

# What the rows of a plan would change in stored records, by chunk (`differences`).
import_differences = Table(
    "import_differences",
    metadata,
    Column("import_id", BigInteger, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("first_row", BigInteger, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# How much each row of a plan would change, by the same chunks (`change_sizes`).
import_change_sizes = Table(
    "import_change_sizes",
    metadata,
    Column("import_id", BigInteger, primary_key=True),
    Column("first_row", BigInteger, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
    # An older release forgets differences without knowing of this.
    ForeignKeyConstraint(
        ["import_id", "first_row"],
        ["import_differences.import_id", "import_differences.first_row"],
        ondelete="CASCADE",
    ),
    sqlite_with_rowid=False,
)
