"""On PostgreSQL, too, the shipped revisions make what the code declares, and the job engine finds
the tables that it would have made itself."""

from importlib import resources

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, create_engine

from longshore.catalogue import load_catalogue
from longshore.database import Database
from longshore.database.job_schema import job_migrations
from longshore.database.migrating import migrate, revisions
from longshore.database.postgresql import PostgresqlDialect
from longshore.identifiers import SEQUENCE_BITS
from longshore.records import declare_departures
from longshore.settings import Settings
from tests.migration.complete_schema import complete_metadata
from tests.migration.test_schema import HOW, TRIGGERS

OURS = "c.relname !~ '^(procrastinate_|alembic_version)'"
NO_TRIGGERS = f"ARRAY{sorted(TRIGGERS)}"
JOBS = "c.relname ~ '^procrastinate_'"

COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), l.collname, a.attnotnull,
           pg_get_expr(d.adbin, d.adrelid), a.attidentity
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
         AND NOT a.attisdropped
         LEFT JOIN pg_collation l ON l.oid = a.attcollation
         LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND {which}
    ORDER BY c.relname, a.attnum
"""
OTHERS = """
    SELECT c.relname, o.conname, pg_get_constraintdef(o.oid)
    FROM pg_class c JOIN pg_constraint o ON o.conrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND {which}
    UNION ALL
    SELECT c.relname, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND {which}
    UNION ALL
    SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid)
    FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
    WHERE c.relnamespace = 'public'::regnamespace AND {which} AND t.tgname <> ALL({triggers})
    ORDER BY 1, 2, 3
"""
# Types are the job engine's alone.
FUNCTIONS = """
    SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND {which} AND p.proname <> ALL({triggers})
    ORDER BY 1, 2
"""
OUR_FUNCTION = "p.proname = 'leave_record_zones'"
ENUMERATIONS = """
    SELECT t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
    ORDER BY t.typname, e.enumsortorder
"""


def ask(url, *queries):
    with psycopg.connect(url) as connection:
        return [connection.execute(query).fetchall() for query in queries]


def schema(url, which):
    return ask(url, COLUMNS.format(which=which), OTHERS.format(which=which, triggers=NO_TRIGGERS))


def job_schema(url):
    functions = FUNCTIONS.format(which=f"NOT {OUR_FUNCTION}", triggers=NO_TRIGGERS)
    return [*schema(url, JOBS), *ask(url, functions, ENUMERATIONS)]


@pytest.fixture(scope="module")
def migrated(postgresql, tmp_path_factory):
    """The address of a database that the revisions have made."""
    url = postgresql.url(postgresql.create())
    Database.open(tmp_path_factory.mktemp("migrated"), Settings(database_url=url)).close()
    return url


@pytest.fixture(scope="module")
def declared(postgresql):
    """The address of a database that is made from the declarations."""
    url = postgresql.url(postgresql.create())
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))
    metadata = MetaData(naming_convention=complete_metadata().naming_convention)
    for table in complete_metadata().tables.values():
        table.to_metadata(metadata)  # making tables leaves traces in their declarations
    declare_departures(load_catalogue(), metadata)
    metadata.create_all(engine)
    engine.dispose()
    return url


def test_tables_columns_indexes_and_checks_are_those_of_the_code(migrated, declared):
    found = schema(migrated, OURS)
    for part, expected in zip(found, schema(declared, OURS), strict=True):
        assert set(part) ^ set(expected) == set(), HOW
        assert part == expected, HOW
    assert len(found[0]) > len(complete_metadata().tables)


def test_the_function_of_triggers_is_that_of_the_code(migrated, declared):
    query = FUNCTIONS.format(which=OUR_FUNCTION, triggers=NO_TRIGGERS)
    ((found,),) = (ask(migrated, query),)
    assert [found] == ask(declared, query)
    assert len(found) == 1


def test_alembic_finds_no_difference_either(migrated):
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(migrated))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_server_default": True,
                "include_name": lambda name, kind, _parents: (
                    kind != "table" or not name.startswith("procrastinate_")
                ),
            },
        )
        assert compare_metadata(context, complete_metadata()) == [], HOW
    engine.dispose()


def test_texts_of_records_are_compared_as_bytes(migrated):
    query = COLUMNS.format(which="c.relname IN ('skus', 'customers')")
    collations = {
        (table, name): collation for table, name, _, collation, *_ in ask(migrated, query)[0]
    }
    assert collations["skus", "code"] == collations["skus", "code_key"] == "C"
    assert collations["customers", "email"] == "C"


def test_ids_are_numbers_that_fit_beside_the_environment(migrated):
    query = "SELECT min_value, max_value, increment_by, cycle FROM pg_sequences"
    ((sequence,),) = (ask(migrated, f"{query} WHERE sequencename = 'ids'"),)
    assert sequence == [(1, 2**SEQUENCE_BITS - 1, 1, False)]


@pytest.fixture(scope="module")
def of_the_job_engine(postgresql):
    """What the job engine makes itself in an empty database."""
    url = postgresql.url(postgresql.create())
    run_package_sql(url, "schema.sql")
    return job_schema(url)


def run_package_sql(url, *names):
    with psycopg.connect(url, autocommit=True) as connection:
        for name in names:
            file = resources.files("procrastinate.sql").joinpath(*name.split("/"))
            connection.execute(file.read_bytes())


def test_the_tables_of_the_job_engine_are_those_that_it_makes_itself(migrated, of_the_job_engine):
    assert job_schema(migrated) == of_the_job_engine
    assert all(of_the_job_engine)


@pytest.fixture(scope="module")
def upgraded_from_the_first(postgresql):
    """What the migrations of the job engine make, which differs in details that do not matter."""
    url = postgresql.url(postgresql.create())
    run_package_sql(url, *(f"migrations/{name}" for name in job_migrations()))
    return job_schema(url)


@pytest.mark.parametrize("count", [1, -3, -1])
def test_an_older_job_engine_is_upgraded_by_what_it_lacks(
    postgresql, tmp_path, upgraded_from_the_first, count
):
    url = postgresql.url(postgresql.create())
    settings = Settings(data=tmp_path, database_url=url)
    old = PostgresqlDialect(url, settings)
    with old.migrating(alone=False) as connection:
        migrate(connection, to=revisions()[-1])  # ours alone
    old.close()
    applied = job_migrations()[:count]
    run_package_sql(url, *(f"migrations/{name}" for name in applied))
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE installation SET job_schema = %s", (applied[-1],))
    with pytest.raises(Exception, match="older schema"):
        Database.open(tmp_path, settings)
    Database.migrate(tmp_path, settings)
    assert job_schema(url) == upgraded_from_the_first
    Database.open(tmp_path, settings).close()
