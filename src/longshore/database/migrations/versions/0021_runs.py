"""Runs: the life of whatever is done in chunks, which only imports had.

An older release that runs beside this one knows of imports alone. Triggers bring what it writes
there into the runs, and what becomes of a run into its import, heartbeats included: each takes over
what the other has left.

What this release writes of an import itself, its status and counts, is no matter of the triggers.
An older one changes a column of the run with each status, but for the end of an import that it has
claimed: that leaves the heartbeat as it is, which this release takes away.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ENDING = "CASE WHEN {of}.status IN ('completed', 'interrupted') THEN {of}.status END"

_RUN_OF = (
    "INSERT INTO runs (id, kind, environment, place, created_at, started_at, ended_at, ending,"
    " fence, attempts, heartbeat_at, runner, rests_until)"
    " {select} {of}.id, 'import', {of}.environment, {place}, {of}.created_at, {of}.started_at,"
    " coalesce({of}.completed_at, {of}.interrupted_at), " + _ENDING + ", {of}.fence, {of}.attempts,"
    " {of}.heartbeat_at, {of}.runner, {of}.rests_until"
)

# Another kind of run may have the place that an older release believes to be free.
_NEXT_PLACE = (
    "CASE WHEN NEW.place IS NULL OR NOT EXISTS (SELECT 1 FROM runs AS taken WHERE"
    " taken.environment = NEW.environment AND taken.place >= NEW.place) THEN NEW.place"
    " ELSE (SELECT max(place) + 1 FROM runs AS taken WHERE taken.environment = NEW.environment) END"
)

_FROM_IMPORT = (
    "UPDATE runs SET place = NEW.place, started_at = coalesce(started_at, NEW.started_at),"
    " ending = coalesce(ending, " + _ENDING.format(of="NEW") + "),"
    " ended_at = coalesce(ended_at, NEW.completed_at, NEW.interrupted_at),"
    " fence = NEW.fence, attempts = NEW.attempts, runner = NEW.runner,"
    " rests_until = NEW.rests_until, heartbeat_at = NEW.heartbeat_at WHERE id = NEW.id"
)

_FROM_RUN = (
    "UPDATE imports SET place = NEW.place, fence = NEW.fence, attempts = NEW.attempts,"
    " runner = NEW.runner, rests_until = NEW.rests_until, heartbeat_at = NEW.heartbeat_at"
    " WHERE id = NEW.id"
)

# Whether an older release has written.
_IS_OLDER = (
    "(NEW.place IS {not_} OLD.place OR NEW.fence <> OLD.fence OR NEW.attempts <> OLD.attempts"
    " OR NEW.runner IS {not_} OLD.runner OR NEW.rests_until IS {not_} OLD.rests_until"
    " OR (NEW.heartbeat_at IS NOT NULL AND (NEW.heartbeat_at IS {not_} OLD.heartbeat_at"
    " OR (NEW.status = 'completed' AND OLD.status <> 'completed'))))"
)

_TABLE_OF_IMPORT = "INSERT INTO run_tables (run_id, table_name) {values} ON CONFLICT DO NOTHING"

_OF_IMPORT = "place, status, fence, attempts, heartbeat_at, runner, rests_until"
_OF_RUN = "place, fence, heartbeat_at, runner, rests_until, ending"


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("environment", sa.Integer(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=True),
        sa.Column("is_ordered", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("fence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("heartbeat_at", sa.BigInteger(), nullable=True),
        sa.Column("runner", sa.Text(), nullable=True),
        sa.Column("rests_until", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(id >> 40) = environment", name=op.f("ck_runs_environment")),
        sa.CheckConstraint("ending IN ('completed', 'interrupted')", name=op.f("ck_runs_ending")),
        sa.CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", name=op.f("ck_runs_ended")),
        sa.CheckConstraint(
            "ending <> 'completed' OR started_at IS NOT NULL", name=op.f("ck_runs_started")
        ),
        sa.CheckConstraint("is_ordered OR place IS NULL", name=op.f("ck_runs_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_place", "runs", ["environment", "place"], unique=True)
    op.create_index(
        "ix_runs_open",
        "runs",
        ["environment", "id"],
        sqlite_where=sa.text("ending IS NULL"),
        postgresql_where=sa.text("ending IS NULL"),
    )
    op.create_table(
        "run_tables",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_tables_run_id")),
        sa.PrimaryKeyConstraint("run_id", "table_name", name=op.f("pk_run_tables")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "ALTER TABLE imports ADD COLUMN run_id BIGINT"
        " CONSTRAINT fk_imports_run_id REFERENCES runs (id)"
    )
    op.create_index("ix_imports_run_id", "imports", ["run_id"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        _watch_on_postgresql()
    else:
        _watch_on_sqlite()
    # The triggers hold a lock until the end, so nothing comes in between.
    op.execute(
        _RUN_OF.format(select="SELECT", of="imports", place="imports.place") + " FROM imports"
    )
    op.execute("UPDATE imports SET run_id = id")
    op.execute(
        _TABLE_OF_IMPORT.format(values="SELECT import_id, table_name FROM import_tables WHERE true")
    )


def _watch_on_sqlite() -> None:
    values = _RUN_OF.format(select="SELECT", of="NEW", place=_NEXT_PLACE)
    op.execute(
        "CREATE TRIGGER import_created AFTER INSERT ON imports WHEN NEW.run_id IS NULL BEGIN"
        f" {values}; UPDATE imports SET run_id = id,"
        " place = (SELECT place FROM runs WHERE runs.id = NEW.id) WHERE id = NEW.id; END"
    )
    op.execute(
        f"CREATE TRIGGER import_changed AFTER UPDATE OF {_OF_IMPORT} ON imports"
        f" WHEN {_IS_OLDER.format(not_='NOT')} BEGIN {_FROM_IMPORT}; END"
    )
    op.execute(
        f"CREATE TRIGGER run_changed AFTER UPDATE OF {_OF_RUN} ON runs BEGIN {_FROM_RUN}; END"
    )
    values = _TABLE_OF_IMPORT.format(values="VALUES (NEW.import_id, NEW.table_name)")
    op.execute(
        f"CREATE TRIGGER import_table_noted AFTER INSERT ON import_tables BEGIN {values}; END"
    )


def _watch_on_postgresql() -> None:
    values = _RUN_OF.format(select="SELECT", of="NEW", place="NEW.place")
    _function(
        "import_created",
        f"NEW.place := {_NEXT_PLACE}; {values}; NEW.run_id := NEW.id; RETURN NEW;",
    )
    op.execute(
        "CREATE TRIGGER import_created BEFORE INSERT ON imports FOR EACH ROW"
        " WHEN (NEW.run_id IS NULL) EXECUTE FUNCTION import_created()"
    )
    _function("import_changed", f"{_FROM_IMPORT}; RETURN NULL;")
    op.execute(
        f"CREATE TRIGGER import_changed AFTER UPDATE OF {_OF_IMPORT} ON imports FOR EACH ROW"
        f" WHEN (pg_trigger_depth() = 0 AND {_IS_OLDER.format(not_='DISTINCT FROM')})"
        " EXECUTE FUNCTION import_changed()"
    )
    _function("run_changed", f"{_FROM_RUN}; RETURN NULL;")
    op.execute(
        f"CREATE TRIGGER run_changed AFTER UPDATE OF {_OF_RUN} ON runs FOR EACH ROW"
        " WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION run_changed()"
    )
    values = _TABLE_OF_IMPORT.format(values="VALUES (NEW.import_id, NEW.table_name)")
    _function("import_table_noted", f"{values}; RETURN NULL;")
    op.execute(
        "CREATE TRIGGER import_table_noted AFTER INSERT ON import_tables FOR EACH ROW"
        " EXECUTE FUNCTION import_table_noted()"
    )


def _function(name: str, body: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    )
