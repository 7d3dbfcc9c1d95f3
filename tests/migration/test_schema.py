"""The shipped revisions make what the code declares, to the letter."""

import re
import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from longshore.database import Database
from longshore.database.migrating import MIGRATIONS, revisions
from longshore.settings import Settings
from tests.migration.complete_schema import complete_metadata

# Of revision 0021, for older releases alone.
TRIGGERS = {"import_changed", "import_created", "import_table_noted", "run_changed"}
HOW = 'the code and the revisions differ: python -m tests.migration.new_revision "What changes"'


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """The file of a database that the revisions have made."""
    folder = tmp_path_factory.mktemp("migrated")
    Database.open(folder, Settings()).close()
    return folder / "longshore.db"


@pytest.fixture(scope="module")
def declared(tmp_path_factory):
    """The file of a database that is made from the declarations."""
    file = tmp_path_factory.mktemp("declared") / "declared.db"
    engine = create_engine(f"sqlite:///{file}")
    complete_metadata().create_all(engine)
    engine.dispose()
    return file


def statements(file):
    """What a database says it is made of: kind and name -> its parts, in no particular order."""
    with sqlite3.connect(file) as connection:
        rows = connection.execute(
            "SELECT type, name, coalesce(sql, '') FROM sqlite_master"
            " WHERE tbl_name != 'alembic_version'"
        ).fetchall()
    connection.close()
    return {(kind, name): parts(sql) for kind, name, sql in rows if name not in TRIGGERS}


def parts(sql):
    """A statement without indentation and line ends; that of a table by columns and constraints."""
    sql = re.sub(r"\s+", " ", sql)
    if not sql.startswith("CREATE TABLE"):
        return [sql]
    head, _, rest = sql.partition("(")
    body, _, tail = rest.rpartition(")")
    depth, found = 0, [""]
    for character in body:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return [head, tail, *sorted(_columns_and_constraints(found))]


def _columns_and_constraints(found):
    """A column that was added to a table has what it refers to, and what is checked of it, beside
    it, not behind all others."""
    for part in map(str.strip, found):
        column = re.fullmatch(r"(\w+) (\w+) (CONSTRAINT \w+) (REFERENCES \w+ \(\w+\))", part)
        checked = re.fullmatch(r"(\w+ \w+ DEFAULT .+) (CONSTRAINT \w+ CHECK \(.+\))", part)
        if column is not None:
            name, kind, constraint, references = column.groups()
            yield f"{name} {kind}"
            yield f"{constraint} FOREIGN KEY({name}) {references}"
        elif checked is not None:
            yield from checked.groups()
        else:
            yield re.sub(r" ?\((\w+)\)$", r" (\1)", part) if "REFERENCES" in part else part


def test_tables_columns_indexes_and_checks_are_those_of_the_code(migrated, declared):
    assert statements(migrated) == statements(declared), HOW


def test_triggers_are_those_for_older_releases(migrated):
    with sqlite3.connect(migrated) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        assert {name for (name,) in found} >= TRIGGERS
    connection.close()


def test_columns_stand_in_the_same_order(migrated, declared):
    def columns(file):
        with sqlite3.connect(file) as connection:
            names = [
                name
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type='table'"
                )
            ]
            found = {
                name: connection.execute(
                    f"SELECT name, type FROM pragma_table_info('{name}')"
                ).fetchall()
                for name in names
                if name != "alembic_version"
            }
        connection.close()
        return found

    assert columns(migrated) == columns(declared), HOW


def test_alembic_finds_no_difference_either(migrated):
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, complete_metadata()) == [], HOW
    engine.dispose()


def test_revisions_follow_one_another_in_the_order_of_their_files():
    script = ScriptDirectory(str(MIGRATIONS))
    chain = [revision.revision for revision in script.walk_revisions()]
    assert chain == revisions()[::-1]
    assert script.get_heads() == [revisions()[-1]]


def test_names_fit_into_the_databases_that_shorten_them():
    metadata = complete_metadata()
    names = [
        item.name
        for table in metadata.tables.values()
        for item in [table, *table.columns, *table.indexes, *table.constraints]
        if item.name is not None
    ]
    assert len(names) > len(metadata.tables)
    assert max(map(len, names)) <= 63, max(names, key=len)


def test_every_foreign_key_of_a_record_can_be_followed_from_both_sides(migrated):
    """From the target's side by an index, or deleting and listing would read whole tables."""
    with sqlite3.connect(migrated) as connection:
        indexed = _columns(
            connection,
            "SELECT m.name, l.name, i.seqno, i.name FROM sqlite_master m, pragma_index_list(m.name)"
            " l, pragma_index_info(l.name) i WHERE m.type = 'table'",
        )
        keyed = _columns(
            connection,
            'SELECT m.name, f.id, f.seq, f."from" FROM sqlite_master m,'
            " pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
        )
    connection.close()
    followed = {(table, key[:end]) for table, key in indexed for end in range(1, len(key) + 1)}
    assert keyed - followed == set()


def _columns(connection, query):
    """The columns of each index, or each key, of a table, in their order."""
    found: dict[tuple[str, str | int], list[str]] = {}
    for table, of, _, column in sorted(connection.execute(query), key=lambda row: row[2]):
        found.setdefault((table, of), []).append(column)
    return {(table, tuple(columns)) for (table, _), columns in found.items()}
