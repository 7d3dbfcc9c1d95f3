"""A commit of which nobody knows whether it happened: the connection broke before the answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from longshore.assembly import open_longshore
from longshore.settings import Settings
from tests.chaos.installation import Installation, sku_rows
from tests.chaos.proxy import Proxy

ROWS = 2_000
BAD_EVERY = 50
CHUNK_ROWS = 100


@pytest.fixture
def proxy(installation: Installation) -> Iterator[Proxy]:
    parts = conninfo_to_dict(installation.url)
    proxy = Proxy(str(parts["host"]), int(parts.get("port") or 5432))
    yield proxy
    proxy.close()


@pytest.mark.parametrize("chunk", [1, 7, ROWS // CHUNK_ROWS])
def test_a_chunk_whose_commit_was_not_answered_is_counted_once(
    installation: Installation, proxy: Proxy, tmp_path: Path, chunk: int
) -> None:
    """In the first chunk, in the middle and in the last one, which also ends the import."""
    import_ = installation.submit("default", sku_rows(0, ROWS, bad_every=BAD_EVERY))
    parts = conninfo_to_dict(installation.url)
    login = f"{parts['user']}:{parts.get('password') or ''}"
    settings = Settings(
        data=installation.data,
        database_url=f"postgresql://{login}@127.0.0.1:{proxy.port}/{parts['dbname']}",
        chunk_rows=CHUNK_ROWS,
        chunk_rows_first=CHUNK_ROWS,
        chunk_milliseconds=0,
    )
    chunks = 0

    def on_point(point: str) -> None:
        nonlocal chunks
        if point == "checkpointed":
            chunks += 1
            if chunks == chunk:
                proxy.lose_answer_to_commit()

    with open_longshore(settings, on_point=on_point) as longshore:
        ended = longshore.import_runs.run(import_.id)
    assert proxy.lost == 1
    bad = ROWS // BAD_EVERY
    assert (ended.status, ended.created_count, ended.errors_count) == ("completed", ROWS - bad, bad)
    assert installation.scalar("SELECT count(*) FROM skus") == ROWS - bad
    assert installation.scalar("SELECT count(*) FROM import_errors") == bad
