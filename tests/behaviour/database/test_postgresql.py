"""What is special to PostgreSQL: locks by scope and table, a server that goes away, migrations
that several programs run at once, databases that are refused."""

import random
import threading
from contextlib import ExitStack
from dataclasses import replace

import psycopg
import pytest

from longshore.database import Database, DatabaseAway, DatabaseBusy, Locks, StatementRefused
from longshore.database import postgresql as dialect
from longshore.database.migrating import migrate, revisions
from longshore.errors import RequestRefused
from longshore.settings import Settings
from tests.behaviour.conftest import PostgresqlDatabases
from tests.behaviour.database.processes import OPENS_SLOWLY, other_process
from tests.postgresql import PostgresDatabases, PostgresServer

ADD = "INSERT INTO tags (id, created_at, updated_at, name) VALUES (?, 1, 1, ?)"
COUNT = "SELECT count(*) FROM tags"


@pytest.fixture(scope="module")
def kind(postgresql, tmp_path_factory):
    return PostgresqlDatabases(postgresql, tmp_path_factory.mktemp("kind"))


@pytest.fixture
def settings(kind, tmp_path):
    yield kind.settings(tmp_path / "data")
    kind.discard()


@pytest.fixture
def database(settings):
    with Database.open(settings.data, settings) as database:
        yield database


@pytest.fixture
def impatient(settings):
    """The same database for somebody who waits for nothing."""
    settings = replace(settings, lock_wait_seconds=0.05)
    with Database.open(settings.data, settings) as database:
        yield database


@pytest.fixture(scope="module")
def server():
    """A server of this module's own, to be stopped and started."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture
def empty(postgresql, tmp_path):
    """Settings of a database that holds nothing."""
    name = postgresql.create()
    yield Settings(data=tmp_path / "data", database_url=postgresql.url(name))
    postgresql.drop(name)


def run(settings, sql):
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        return connection.execute(sql)


# Locks


def locks(scope=1, shared=(), exclusive=(), is_whole=False):
    return Locks(
        scope=scope, shared=frozenset(shared), exclusive=frozenset(exclusive), is_whole=is_whole
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (locks(exclusive=["skus"]), locks(exclusive=["prices"])),
        (locks(shared=["skus"]), locks(shared=["skus"], exclusive=["prices"])),
        (locks(exclusive=["skus"]), locks(scope=2, exclusive=["skus"])),
        (locks(is_whole=True), locks(scope=2, exclusive=["skus"])),
        (locks(exclusive=["skus"]), None),
        (locks(is_whole=True), None),
    ],
)
def test_who_touches_nothing_of_each_other_writes_at_once(database, impatient, one, other):
    with database.write(one) as tx, impatient.write(other) as meanwhile:
        tx.execute(ADD, (1, "sale"))
        meanwhile.execute(ADD, (2, "new"))
    with impatient.write(other) as tx, database.write(one) as meanwhile:
        assert tx.fetch(COUNT) == meanwhile.fetch(COUNT) == [(2,)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (locks(exclusive=["skus"]), locks(exclusive=["tags", "skus"])),
        (locks(exclusive=["skus"]), locks(shared=["skus"], exclusive=["prices"])),
        (locks(shared=["skus"]), locks(exclusive=["skus"])),
        (locks(is_whole=True), locks(shared=["skus"])),
        (locks(is_whole=True), locks(is_whole=True)),
        (None, None),
    ],
)
def test_who_touches_what_the_other_one_does_waits(database, impatient, one, other):
    for first, second in ((one, other), (other, one)):
        with (
            database.write(first),
            pytest.raises(DatabaseBusy, match=r"busy.* 0\.05 seconds"),
            impatient.write(second),
        ):
            pass
        with impatient.write(second):
            pass


def test_whoever_writes_sees_all_that_was_written_under_the_same_locks(database):
    """Threads add one to counters that they hold, taken in any order; none is lost, and nobody
    waits for somebody who waits for him."""
    tables = ["skus", "prices", "tags", "orders", "customers"]
    with database.write() as tx:
        tx.insert("sequences", ("name", "value"), [(name, 0) for name in tables])
    expected = dict.fromkeys(tables, 0)
    errors = []

    def count(seed):
        chance = random.Random(seed)
        try:
            for _ in range(25):
                written = chance.sample(tables, chance.randint(1, 3))
                read = [name for name in tables if name not in written and chance.random() < 0.5]
                with database.write(locks(shared=read, exclusive=written)) as tx:
                    before = dict(tx.fetch("SELECT name, value FROM sequences"))
                    for name in written:
                        tx.execute(
                            "UPDATE sequences SET value = ? WHERE name = ?",
                            (before[name] + 1, name),
                        )
                        expected[name] += 1  # under the lock
        except Exception as error:
            errors.append(error)

    in_threads(*(lambda seed=seed: count(seed) for seed in range(4)))
    assert errors == []
    with database.read() as tx:
        found = dict(tx.fetch("SELECT name, value FROM sequences WHERE name <> 'ids'"))
    assert found == expected
    assert sum(found.values()) > 100


def test_ids_that_are_reserved_at_once_are_ascending_and_given_to_one_only(database):
    given = []

    def reserve(scope):
        for _ in range(20):
            with database.write(locks(scope=scope)) as tx:
                ids = tx.new_ids(0)
                given.append([*ids.take_many(3), ids.take(), ids.take()])
                ids.keep()

    in_threads(*(lambda scope=scope: reserve(scope) for scope in range(1, 5)))
    assert len(given) == 80
    assert all(ids == sorted(ids) for ids in given)
    every = [id_ for ids in given for id_ in ids]
    assert len(set(every)) == len(every) == 400


def in_threads(*calls):
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# Limits


def test_who_needs_one_more_connection_than_there_may_be_is_told_that_the_database_is_busy(
    settings,
):
    settings = replace(settings, database_connections=2, lock_wait_seconds=0.05)
    with Database.open(settings.data, settings) as database:
        with ExitStack() as reading:
            for _ in range(2):
                reading.enter_context(database.read())
            with pytest.raises(DatabaseBusy, match="all connections are in use"), database.read():
                pass
        with database.read() as tx:
            assert tx.fetch(COUNT) == [(0,)]


def test_a_statement_that_takes_too_long_is_ended(settings):
    settings = replace(settings, statement_timeout_seconds=0.05)
    with Database.open(settings.data, settings) as database:
        with pytest.raises(DatabaseBusy, match="statement timeout"), database.read() as tx:
            tx.fetch("SELECT pg_sleep(60)")
        with database.read() as tx:
            assert tx.fetch(COUNT) == [(0,)]


def test_nothing_is_set_on_a_connection_for_longer_than_a_transaction(database):
    """The next one who gets it from a pooler would inherit it."""
    asked = (
        "SELECT current_setting('lock_timeout'), current_setting('statement_timeout'),"
        " current_setting('enable_seqscan'), current_setting('default_transaction_read_only'),"
        " current_setting('default_transaction_isolation')"
    )
    with database.write(locks(exclusive=["skus"])) as tx:
        assert tx.fetch(asked)[0][:3] == ("10s", "1min", "off")
    driver = database._dialect.engine.raw_connection()
    found = driver.driver_connection.execute(asked).fetchone()
    assert found == ("0", "0", "on", "off", "read committed")
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    assert driver.driver_connection.execute(held).fetchone() == (0,)
    driver.close()


def test_a_reader_cannot_write(database):
    with (
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
        database._dialect.transaction(database.public_ids, for_writing=False) as tx,
    ):
        tx.execute(ADD, (1, "sale"))


def test_a_refusal_tells_no_value_of_the_row(database):
    with database.write() as tx:
        tx.execute(ADD, (1, "secret"))
    with pytest.raises(StatementRefused) as refused, database.write() as tx:
        tx.execute(ADD, (1, "secret"))
    assert "pk_tags" in refused.value.message
    assert "secret" not in refused.value.message


# A server that goes away


@pytest.fixture(scope="module")
def databases(server):
    return PostgresDatabases(server.url())


@pytest.fixture
def restarted(databases, tmp_path):
    """A database of the server that may be stopped."""
    settings = Settings(data=tmp_path / "data", database_url=databases.url(databases.create()))
    with Database.open(settings.data, settings) as database:
        yield database


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_database_that_was_away_is_used_again_when_it_is_back(server, restarted, mode):
    with restarted.write() as tx:
        tx.execute(ADD, (1, "sale"))
    server.stop(mode)
    for use in (restarted.read, restarted.write):
        with pytest.raises(DatabaseAway, match=r"longshore_test_.* is away"), use():
            pass
    server.start()
    with restarted.write() as tx:
        assert tx.fetch(COUNT) == [(1,)]


def test_connections_that_have_ended_are_replaced_however_many_they_are(database):
    everybody_else = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    for use in (database.read, database.write):
        with ExitStack() as transactions:
            for _ in range(4):
                transactions.enter_context(database.read())
        with database.apart() as other, other.read() as tx:
            assert len(tx.fetch(everybody_else)) == 4
        with ExitStack() as transactions:
            for _ in range(4):
                assert transactions.enter_context(use()).fetch(COUNT) == [(0,)]
                use = database.read  # of writers without locks there is one at a time


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_what_was_under_way_when_the_database_went_away_is_not_there(server, restarted, mode):
    def write(*, beyond):
        with restarted.write() as tx:
            tx.execute(ADD, (1, "sale"))
            server.stop(mode)
            if beyond:
                tx.execute(ADD, (2, "sale"))

    for beyond in (True, False):
        with pytest.raises(DatabaseAway):
            write(beyond=beyond)
        with pytest.raises(DatabaseAway), restarted.read():
            pass
        server.start()
        with restarted.read() as tx:
            assert tx.fetch(COUNT) == [(0,)]


# What is refused


def refused(settings):
    with pytest.raises(RequestRefused) as refused:
        Database.open(settings.data, settings)
    assert "hidden" not in refused.value.message
    return refused.value


def with_user(settings, user):
    """The settings as another user, who has a password."""
    return replace(
        settings,
        database_url=settings.database_url.replace("//longshore@", f"//{user}:hidden@"),
    )


def test_a_wrong_password_is_refused_and_not_repeated(server, tmp_path):
    server.demand_password("guarded", "right")
    settings = Settings(data=tmp_path, database_url=server.url())
    assert "password authentication failed" in refused(with_user(settings, "guarded")).message


def test_a_database_that_is_not_there_is_refused(empty):
    url = empty.database_url.replace("/longshore_test_", "/no_such_")
    error = refused(with_user(replace(empty, database_url=url), "longshore"))
    assert "does not exist" in error.message


def test_a_user_who_may_not_make_tables_is_refused(postgresql, empty):
    postgresql.run("DROP USER IF EXISTS reader")
    postgresql.run("CREATE USER reader")
    run(empty, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    assert "permission denied" in refused(with_user(empty, "reader")).message
    postgresql.run("DROP USER reader")


@pytest.mark.parametrize("url", ["postgresql://x:hidden@[::1/d", "postgresql://h/d?nothing=hidden"])
def test_what_is_no_address_is_refused(tmp_path, url):
    error = refused(Settings(data=tmp_path, database_url=url))
    assert error.message.startswith("LONGSHORE_DATABASE_URL is not an address of PostgreSQL")


def test_a_server_that_nobody_answers_for_is_away(tmp_path):
    settings = Settings(data=tmp_path, database_url="postgresql://u:hidden@127.0.0.1:1/d")
    with pytest.raises(DatabaseAway, match=r"d at 127\.0\.0\.1:1 is away") as away:
        Database.open(tmp_path, settings)
    assert "hidden" not in str(away.value)


def test_a_database_of_another_encoding_is_refused(postgresql, tmp_path):
    name = postgresql.create(template="template0", options="ENCODING 'SQL_ASCII'")
    error = refused(Settings(data=tmp_path, database_url=postgresql.url(name)))
    assert "encoded as SQL_ASCII, expected UTF8" in error.message
    postgresql.drop(name)


def test_a_server_that_is_too_old_is_refused(empty, monkeypatch):
    monkeypatch.setattr(dialect, "_VERSION_MIN", 990000)
    assert "expected 14 or newer" in refused(empty).message


def test_a_database_with_tables_of_somebody_else_is_refused_and_left_alone(empty):
    run(empty, "CREATE TABLE songs (title text)")
    assert "holds tables that are not longshore's" in refused(empty).message
    tables = run(empty, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("songs",)]


def test_a_database_of_a_newer_version_is_refused(settings):
    run(settings, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer version of longshore (schema 9999" in refused(settings).message


def test_a_database_of_an_older_version_is_refused_until_it_is_migrated(empty):
    at_first = revisions()[0]
    old = dialect.PostgresqlDialect(empty.database_url, empty)
    with old.migrating(alone=False) as connection:
        migrate(connection, to=at_first)
    old.close()
    error = refused(empty)
    assert f"older schema ({at_first})" in error.message
    assert "longshore migrate" in (error.hint or "")
    done = Database.migrate(empty.data, empty)
    assert (done.before, done.after) == (at_first, revisions()[-1])
    Database.open(empty.data, empty).close()


# Preparing


def test_an_empty_database_is_prepared_by_whoever_comes_first(empty):
    script = """
hear()
with Database.open(folder, settings) as database, database.read() as tx:
    say(str(tx.public_ids.encode(1)))
"""
    with (
        other_process(script, empty) as one,
        other_process(script, empty) as two,
        other_process(script, empty) as three,
    ):
        for other in (one, two, three):
            other.say("go")
        answers = {other.hear() for other in (one, two, three)}
    assert len(answers) == 1
    with Database.open(empty.data, empty) as database:
        assert answers == {database.public_ids.encode(1)}
        assert Database.migrate(empty.data, empty).before == revisions()[-1]


def test_a_process_killed_while_it_prepares_a_database_leaves_an_empty_one(empty):
    with other_process(OPENS_SLOWLY, empty) as other:
        assert other.hear() == "migrated"
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert run(empty, tables).fetchone() == (0,)
    with Database.open(empty.data, empty) as database, database.read() as tx:
        assert tx.fetch(COUNT) == [(0,)]
