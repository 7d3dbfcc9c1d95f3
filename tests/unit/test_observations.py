"""Observations as log lines."""

import io
import json

from longshore.observations import (
    ChunkCommitted,
    ChunkRetried,
    DatabaseMigrated,
    ImportInterrupted,
    LogObserver,
    NullObserver,
)

COMMITTED = ChunkCommitted(import_id="a1B2c3D4e5", last_row=500, rows=500, failed=2, seconds=0.0123)
RETRIED = ChunkRetried(import_id="a1B2c3D4e5", first_row=501, reason='said "no"', seconds=0.05)


def logged(observation, log_format):
    stream = io.StringIO()
    LogObserver(log_format, stream).observe(observation)
    return stream.getvalue()


def test_a_line_for_people_names_the_observation_and_its_fields():
    line = logged(COMMITTED, "text")
    time, _, rest = line.partition(" ")
    assert time.endswith("Z")
    assert rest == (
        "info ChunkCommitted import_id=a1B2c3D4e5 last_row=500 rows=500 failed=2 seconds=0.012\n"
    )


def test_text_with_spaces_or_without_characters_is_quoted():
    assert 'reason="said \\"no\\"" seconds=0.050' in logged(RETRIED, "text")
    interrupted = ImportInterrupted(import_id="a1B2c3D4e5", processed=1, failed=0, reason="")
    assert 'reason=""' in logged(interrupted, "text")


def test_a_json_line_is_one_object_with_the_fields_beside_the_name():
    line = json.loads(logged(RETRIED, "json"))
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "warning",
        "observation": "ChunkRetried",
        "import_id": "a1B2c3D4e5",
        "first_row": 501,
        "reason": 'said "no"',
        "seconds": 0.05,
    }


def test_each_observation_is_logged_once_by_each_observer():
    first, second = io.StringIO(), io.StringIO()
    one, other = LogObserver("text", first), LogObserver("text", second)
    one.observe(DatabaseMigrated(before=None, after="0001"))
    other.observe(COMMITTED)
    NullObserver().observe(COMMITTED)
    assert first.getvalue().count("\n") == 1
    assert "before=None after=0001" in first.getvalue()
    assert second.getvalue().count("\n") == 1
