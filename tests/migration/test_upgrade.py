"""Upgrading a database, by whoever comes first."""

import pytest
from sqlalchemy import create_engine, inspect, text

from longshore.database import Database
from longshore.database.migrating import migrate, revision_of, revisions
from longshore.observations import DatabaseMigrated
from longshore.settings import Settings


class Noting:
    def __init__(self):
        self.observations = []

    def observe(self, observation):
        self.observations.append(observation)


def test_an_empty_folder_is_brought_to_the_newest_revision_once(tmp_path):
    noting = Noting()
    Database.open(tmp_path / "data", Settings(), noting).close()
    assert noting.observations == [DatabaseMigrated(before=None, after=revisions()[-1])]
    Database.open(tmp_path / "data", Settings(), noting).close()
    assert len(noting.observations) == 1


@pytest.mark.parametrize("stopped_at", revisions())
def test_each_revision_leads_to_the_newest_and_keeps_the_installation(tmp_path, stopped_at):
    folder = tmp_path / "data"
    folder.mkdir()
    upgrade_to(folder / "longshore.db", stopped_at)
    with Database.open(folder, Settings()) as database, database.read() as tx:
        assert revision_of(tx.connection) == revisions()[-1]
        assert tx.fetch("SELECT count(*) FROM installation") == [(1,)]
        public_id = tx.public_ids.encode(1)
    with Database.open(folder, Settings()) as database:
        assert database.public_ids.encode(1) == public_id


def upgrade_to(file, revision):
    """What a version of longshore made whose newest revision this was."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        migrate(connection, to=revision)
        assert revision_of(connection) == revision
    engine.dispose()


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path):
    """Statements that define the schema are part of the transaction like any other."""
    engine = create_engine(f"sqlite:///{tmp_path / 'longshore.db'}", isolation_level=None)
    with engine.connect() as connection:
        connection.execute(text("BEGIN IMMEDIATE"))
        migrate(connection)
        assert "skus" in inspect(connection).get_table_names()
        connection.execute(text("ROLLBACK"))
        assert inspect(connection).get_table_names() == []
    engine.dispose()
    Database.open(tmp_path, Settings()).close()
