"""What a chunk says to PostgreSQL, and how often it waits for the answer.

Goal: a network between runner and server costs a known number of round trips per chunk. Method:
libpq writes down all messages of every connection; the answers are counted from chunk to chunk.
"""

import io
import itertools
import re
from dataclasses import replace
from statistics import mode
from typing import Any

import pytest
from sqlalchemy import Engine, event

from longshore.assembly import open_longshore
from longshore.imports import ImportRequest
from longshore.readers import Format
from longshore.runs import DistributedClaims
from longshore.sources import Source
from tests.behaviour.conftest import PostgresqlDatabases
from tests.ground import lay_ground

CHUNK = 100  # rows
CHUNKS = 9

# An answer that somebody waits for: the end of a statement or pipeline, or leave to send rows.
_ANSWER = re.compile(rb"\tB\t\d+\t(ReadyForQuery|CopyInResponse)")


@pytest.fixture(scope="module")
def kind(postgresql, tmp_path_factory):
    return PostgresqlDatabases(postgresql, tmp_path_factory.mktemp("kind"))


@pytest.fixture
def settings(kind, tmp_path):
    settings = kind.settings(tmp_path / "data")
    # Nothing is said between the chunks.
    yield replace(settings, chunk_rows=CHUNK, heartbeat_seconds=3600, takeover_seconds=36000)
    kind.discard()


@pytest.fixture
def traces(tmp_path):
    """Files to which connections write what is said on them."""
    files: list[Any] = []

    def trace(driver, _):
        files.append((tmp_path / f"trace {len(files)}").open("w+b", buffering=0))
        driver.pgconn.trace(files[-1].fileno())

    event.listen(Engine, "connect", trace)
    yield files
    event.remove(Engine, "connect", trace)
    for file in files:
        file.close()


def round_trips(traces):
    count = 0
    for file in traces:
        file.seek(0)
        count += len(_ANSWER.findall(file.read()))
    return count


def skus(chunks, category, *, name):
    lines = [f"A{number},{name},{category}" for number in range(chunks * CHUNK)]
    return "\n".join(("code,name,shipping_category_id", *lines, "")).encode()


@pytest.mark.parametrize(
    ("before", "after", "answers"),
    [
        # Begin with locks, targets, records by key, ids, COPY (2), counters of tables, creations,
        # checkpoint, records of rows, commit.
        pytest.param(None, "red", 11, id="created"),
        # The same without ids and creations, with an update; COPY is for the journal.
        pytest.param("blue", "red", 10, id="changed"),
        pytest.param("red", "red", 6, id="unchanged"),
    ],
)
def test_a_chunk_of_records_waits_for_few_answers(settings, traces, before, after, answers):
    category = lay_ground(settings)["shipping_categories"]
    with open_longshore(settings) as longshore:
        environment = longshore.organizations.environment("default", "test")

        def load(source):
            submitted = longshore.submissions.submit(
                environment,
                Source.from_stream(io.BytesIO(source), format=Format.CSV),
                ImportRequest(resource_type="skus"),
            )
            counts = []
            run = longshore.import_runs.run(
                submitted.id, on_progress=lambda _: counts.append(round_trips(traces))
            )
            assert (run.status, run.errors_count) == ("completed", 0)
            return [late - early for early, late in itertools.pairwise(counts)]

        if before is not None:
            load(skus(CHUNKS, category, name=before))
        said = load(skus(CHUNKS, category, name=after))
    # The last chunk ends the import, and what is repeated is prepared once, which is said apart.
    assert mode(said[:-1]) == answers


@pytest.mark.parametrize("waiting", [1, 9])
def test_choosing_and_claiming_wait_for_few_answers(settings, traces, waiting):
    with open_longshore(settings) as longshore:
        environment = longshore.organizations.environment("default", "test")
        for _ in range(waiting):
            longshore.submissions.submit(
                environment,
                Source.from_stream(io.BytesIO(b"name\nOne\n"), format=Format.CSV),
                ImportRequest(resource_type="tags"),
            )
        before = round_trips(traces)
        claims = longshore.parts.claims
        assert isinstance(claims, DistributedClaims)
        with claims.claimed_next() as run:
            assert run is not None
            # Begin with the lock, the server's start, what waits, whose turn it is, the turn noted,
            # the import and its run locked, older ones, the clock, the claim, the import begun, its
            # event (2), the stage of what is all or nothing, commit.
            assert round_trips(traces) - before == 15
