"""Tables of runs."""

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
    true,
)

from longshore.database import Identity, metadata

runs = Table(
    "runs",
    metadata,
    # The id of what is run: whatever an environment has takes its ids from one sequence.
    Column("id", Identity, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),  # what is run: "import"
    Column("environment", Integer, nullable=False),
    # Among the runs of the environment (`order`); null: an older release has created it, or it
    # takes none.
    Column("place", BigInteger),
    # Whether it waits for older runs, and younger ones for it.
    Column("is_ordered", Boolean(create_constraint=False), nullable=False, server_default=true()),
    Column("created_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("ending", Text),  # null: it has not ended
    # Who runs it. Raising the fence shuts out whoever ran it before.
    Column("fence", BigInteger, nullable=False, server_default=text("0")),
    Column("attempts", BigInteger, nullable=False, server_default=text("0")),
    Column("heartbeat_at", BigInteger),
    Column("runner", Text),  # process that claimed it last; null: it was given back
    Column("rests_until", BigInteger),  # nobody takes it before, because it failed
    CheckConstraint("(id >> 40) = environment", name="environment"),
    CheckConstraint("ending IN ('completed', 'interrupted')", name="ending"),
    CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", name="ended"),
    # An interrupted run may never have started.
    CheckConstraint("ending <> 'completed' OR started_at IS NOT NULL", name="started"),
    CheckConstraint("is_ordered OR place IS NULL", name="place"),
    # Few runs are open at any time, and runners ask for them again and again.
    Index(
        "ix_runs_open",
        "environment",
        "id",
        sqlite_where=text("ending IS NULL"),
        postgresql_where=text("ending IS NULL"),
    ),
)

Index("ix_runs_place", runs.c.environment, runs.c.place, unique=True)

# The tables of the records that a run may write; none: an older release has created it, and it may
# write any.
run_tables = Table(
    "run_tables",
    metadata,
    Column("run_id", BigInteger, ForeignKey("runs.id"), primary_key=True),
    Column("table_name", Text, primary_key=True),
    sqlite_with_rowid=False,
)
