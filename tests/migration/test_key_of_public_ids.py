"""Revision 0010: ids that were given before it stay what they were, and nobody lives through it."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, text

from longshore.database import Database
from longshore.database.migrating import migrate, revisions
from longshore.database.postgresql import PostgresqlDialect
from longshore.errors import RequestRefused
from longshore.identifiers import EVENTS_FROM, first_id
from longshore.settings import Settings
from tests.behaviour.database.processes import OPENS_SLOWLY, other_process

LAST_RECORD = 12_000
LAST_EVENT = 34
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
EVENT = text(
    "INSERT INTO events (id, environment, name, resource_type, resource_id, payload, at)"
    " VALUES (:id, 1, 'imports.create', 'imports', 1, '{}', 1)"
)


@dataclass(frozen=True)
class Older:
    """An installation as the release before the key left it."""

    settings: Settings
    secret: int

    def wrote(self, id_: int) -> str:
        """The public id that it gave an id."""
        value, written = id_ * self.secret % 62**10, ""
        for _ in range(10):
            value, place = divmod(value, 62)
            written = ALPHABET[place] + written
        return written

    def open(self) -> Database:
        """The database, upgraded by the command that does it."""
        Database.migrate(self.settings.data, self.settings)
        return Database.open(self.settings.data, self.settings)


def fill(connection: Connection, set_last: str) -> int:
    """Bring an empty database to the revision before, with ids that were given; its secret."""
    migrate(connection, to="0009")
    connection.execute(text(set_last), {"last": LAST_RECORD})
    connection.execute(EVENT, {"id": LAST_EVENT})
    secret = connection.execute(text("SELECT public_id_secret FROM installation")).scalar_one()
    assert isinstance(secret, int)
    return secret


@pytest.fixture(scope="module")
def older_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("older")
    engine = create_engine(f"sqlite:///{folder / 'longshore.db'}")
    with engine.begin() as connection:
        secret = fill(connection, "UPDATE sequences SET value = :last WHERE name = 'ids'")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    engine.dispose()
    return folder, secret


@pytest.fixture
def embedded(older_folder, tmp_path):
    folder, secret = older_folder
    settings = Settings(data=tmp_path / "data", lock_wait_seconds=10)
    shutil.copytree(folder, settings.data)
    return Older(settings, secret)


@pytest.fixture(scope="module")
def older_database(postgresql, tmp_path_factory):
    name = postgresql.create()
    url = postgresql.url(name)
    settings = Settings(data=tmp_path_factory.mktemp("older"), database_url=url)
    dialect = PostgresqlDialect(url, settings)
    with dialect.migrating(alone=False) as connection:
        secret = fill(connection, "SELECT setval('ids', :last)")
    dialect.close()
    return name, secret


@pytest.fixture
def shared(postgresql, older_database, tmp_path):
    template, secret = older_database
    url = postgresql.url(postgresql.create(template=template))
    return Older(Settings(data=tmp_path / "data", database_url=url), secret)


@pytest.fixture(params=["embedded", "shared"])
def older(request):
    return request.getfixturevalue(request.param)


def test_ids_that_were_given_stay_and_those_since_are_others(older):
    with older.open() as database, database.read() as tx:
        for number in (1, 2, LAST_RECORD, EVENTS_FROM + 1, EVENTS_FROM + LAST_EVENT):
            id_ = first_id(1) + number
            assert tx.public_ids.encode(id_) == older.wrote(id_)
            assert tx.public_ids.decode(older.wrote(id_)) == id_
        for number in (LAST_RECORD + 1, EVENTS_FROM + LAST_EVENT + 1):
            id_ = first_id(1) + number
            assert tx.public_ids.encode(id_) != older.wrote(id_)
            assert tx.public_ids.decode(tx.public_ids.encode(id_)) == id_
    with older.open() as database, database.write() as tx:
        assert [*tx.reserve_ids(1, 1)] == [first_id(1) + LAST_RECORD + 1]
        assert database.public_ids.encode(first_id(1) + 1) == older.wrote(first_id(1) + 1)


def test_every_process_writes_ids_alike(older):
    ids = [first_id(1) + number for number in (1, LAST_RECORD + 1, EVENTS_FROM + LAST_EVENT + 1)]
    script = f"""
with Database.open(folder, settings) as database:
    say(" ".join(map(database.public_ids.encode, {ids})))
"""
    with older.open() as database:
        expected = " ".join(map(database.public_ids.encode, ids))
    for _ in range(2):
        with other_process(script, older.settings) as other:
            assert other.hear() == expected


def test_a_new_installation_gave_none_before(tmp_path):
    with Database.open(tmp_path / "data", Settings()) as database, database.read() as tx:
        before = tx.fetch("SELECT records_before_key, events_before_key FROM installation")
    assert before == [(0, 0)]


def test_a_folder_that_a_process_has_open_is_refused(embedded):
    """An older `longshore serve`, say, which knows nothing of the key."""
    with closing(sqlite3.connect(embedded.settings.data / "longshore.db")) as serving:
        serving.execute("SELECT count(*) FROM skus").fetchall()
        with pytest.raises(RequestRefused, match="other processes have the database") as refused:
            Database.open(embedded.settings.data, embedded.settings)
        assert "stop `longshore serve`" in (refused.value.hint or "")
        found = serving.execute("SELECT version_num FROM alembic_version").fetchall()
        assert found == [("0009",)]
        with serving:  # what it does goes on as before
            serving.execute("UPDATE sequences SET value = value + 1")
    embedded.open().close()


def test_nobody_opens_a_folder_while_it_is_upgraded(embedded):
    with other_process(OPENS_SLOWLY, embedded.settings) as other:
        assert other.hear() == "migrated"
        with closing(sqlite3.connect(embedded.settings.data / "longshore.db", timeout=0)) as late:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                late.execute("SELECT version_num FROM alembic_version")
            other.say("go")
            assert other.hear() == "done"
            found = late.execute("SELECT version_num FROM alembic_version").fetchall()
    assert found == [(revisions()[-1],)]


def test_commands_that_come_at_once_upgrade_it_once(embedded):
    script = """
hear()
with Database.open(folder, settings) as database:
    say(database.public_ids.encode((1 << 40) + 20_000))
"""
    with (
        other_process(script, embedded.settings) as one,
        other_process(script, embedded.settings) as two,
        other_process(script, embedded.settings) as three,
    ):
        for other in (one, two, three):
            other.say("go")
        assert len({other.hear() for other in (one, two, three)}) == 1


def test_a_database_with_which_processes_work_is_refused(shared):
    url = shared.settings.database_url
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO processes (name, kind, host, machine, pid, attachments, started_at,"
            " heartbeat_at) VALUES ('longshore worker 1', 'worker', 'berth', 'm', 4711, '', 1,"
            " extract(epoch FROM clock_timestamp()) * 1000)"
        )
    with pytest.raises(RequestRefused, match="worker 4711 on berth") as refused:
        Database.migrate(shared.settings.data, shared.settings)
    assert "stop all servers and workers" in (refused.value.hint or "")
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        assert found == [("0009",)]
        connection.execute("UPDATE processes SET heartbeat_at = heartbeat_at - 61000")
    shared.open().close()
