"""A server leaves nothing behind on a connection, so a pooler may give it to anybody between two
transactions; psycopg.org, psycopg3/docs/advanced/prepare.html, "Using prepared statements with
PgBouncer".
"""

import io
from typing import Any

import pytest

from longshore.assembly import open_longshore
from longshore.imports import ImportRequest, list_imports
from longshore.operations import Asker, Selection
from longshore.readers import Format
from longshore.sources import Source
from tests.behaviour.conftest import PostgresqlDatabases

# What belongs to a session: prepared statements, settings, channels that are listened to, locks.
LEFT = {
    "prepared": "SELECT statement FROM pg_prepared_statements",
    # Those of a transaction are of the one that asks.
    "settings": "SELECT name, setting FROM pg_settings WHERE source = 'session'"
    " AND name NOT LIKE 'transaction%'",
    "channels": "SELECT pg_listening_channels()",
    "locks": "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
    "tables": "SELECT relname FROM pg_class WHERE relpersistence = 't'",
}


@pytest.fixture
def settings(postgresql, tmp_path):
    kind = PostgresqlDatabases(postgresql, tmp_path / "kind")
    yield kind.settings(tmp_path / "data")
    kind.discard()


def test_a_server_leaves_nothing_behind_on_its_connections(settings):
    with open_longshore(settings, kind="server") as longshore:
        longshore.presence.enter()
        environment = longshore.organizations.environment("default", "test")
        writes = longshore.services().operations.record_writes
        asker = Asker(environment=environment, application_id=1)
        for number in range(10):  # the driver prepares what is repeated
            rows = f"code,name,do_not_ship\nA{number},Shirt,true\n".encode()
            source = Source.from_stream(io.BytesIO(rows), format=Format.CSV)
            longshore.submissions.submit(environment, source, ImportRequest(resource_type="skus"))
            row = {"code": f"B{number}", "name": "Mug", "do_not_ship": True}
            writes.create(asker, "skus", row, Selection())
            with longshore.database.read() as tx:
                assert len(list_imports(tx, environment.number)) == number + 1
        dialect: Any = longshore.database._dialect
        engine = dialect.engine
        connections = [engine.raw_connection() for _ in range(engine.pool.checkedin())]
        assert connections
        for connection in connections:
            cursor = connection.cursor()
            left = {}
            for what, sql in LEFT.items():
                cursor.execute(sql)
                left[what] = cursor.fetchall()
            assert left == {what: [] for what in LEFT}
            connection.close()
