"""Observations as log lines."""

import dataclasses
import io
import json
import logging
import sys
import threading

import pytest

from longshore.log_lines import LogLevel, LogObserver, log_everything
from longshore.observations import (
    REQUEST_ID,
    ChunkCommitted,
    ChunkRetried,
    DatabaseMigrated,
    ImportInterrupted,
    NullObserver,
    ProcessStarted,
    RequestAnswered,
    RequestCrashed,
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
        "debug ChunkCommitted import_id=a1B2c3D4e5 last_row=500 rows=500 failed=2 seconds=0.012\n"
    )


def test_text_with_spaces_or_without_characters_is_quoted():
    assert 'reason="said \\"no\\"" seconds=0.050' in logged(RETRIED, "text")
    interrupted = ImportInterrupted(import_id="a1B2c3D4e5", processed=1, failed=0, reason="")
    assert 'reason=""' in logged(interrupted, "text")


def test_a_log_that_takes_nothing_ends_nobody():
    """A full disk, or whoever has read it being gone."""
    full = open("/dev/full", "w", encoding="utf-8")  # noqa: SIM115  what closes it raises
    LogObserver("text", full).observe(COMMITTED)
    with pytest.raises(OSError, match="No space"):
        full.close()
    closed = io.StringIO()
    closed.close()
    LogObserver("text", closed).observe(COMMITTED)


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


def lines_at(level, *observations):
    stream = io.StringIO()
    observer = LogObserver("text", stream, level=level)
    for observation in observations:
        observer.observe(observation)
    return [line.split(" ")[2] for line in stream.getvalue().splitlines()]


ANSWERED = RequestAnswered(
    method="GET", path="/api/skus", status=200, application="a1B2c3D4e5", milliseconds=1.5
)
CRASHED = RequestCrashed(method="GET", path="/", error="ValueError()", traceback="...")
STARTED = ProcessStarted(kind="server", process="longshore-server-1", version="1")


def test_a_log_has_the_lines_of_its_level_and_of_those_above_it():
    each = (CRASHED, RETRIED, STARTED, ANSWERED, COMMITTED)
    names = [type(one).__name__ for one in each]
    for number, level in enumerate(LogLevel, 1):
        assert lines_at(level, *each) == names[:number]


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize(
    "odd",
    [
        "/api/skus\n2024-01-31T10:20:30.123Z info TokenIssued application=admin",
        "a\rb",
        "a\x1b[2Jb",
        "a\x9bb",
        "a\u2028b",
        "a\x00b",
        "a\ud83db",
        'a" status=200 b="',
        "a=b",
    ],
)
def test_nothing_that_a_client_says_makes_a_line_or_a_field_of_its_own(odd, log_format):
    line = logged(dataclasses.replace(ANSWERED, path=odd), log_format)
    assert line.endswith("\n")
    body = line.removesuffix("\n")
    assert len(body.splitlines()) == 1
    assert body.isprintable()
    if log_format == "json":
        assert json.loads(body)["path"] == odd
    else:
        assert f"path={json.dumps(odd)} status=200 " in body


def test_every_line_of_a_request_has_its_id():
    token = REQUEST_ID.set("0123")
    try:
        assert json.loads(logged(RETRIED, "json"))["request_id"] == "0123"
        assert " request_id=0123 " in logged(RETRIED, "text")
    finally:
        REQUEST_ID.reset(token)
    assert "request_id" not in logged(RETRIED, "text")


def test_what_others_say_becomes_a_line_too(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    log_everything(LogObserver("json", stream))
    try:
        logging.getLogger("library").warning("two\nlines")
        try:
            raise ValueError("a bug")
        except ValueError:
            logging.getLogger("library").exception("it failed")
            sys.excepthook(*sys.exc_info())
        ended = threading.Thread(target=lambda: [][0])
        ended.start()
        ended.join()
    finally:
        logging.captureWarnings(capture=False)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["level"], line["observation"]) for line in lines] == [
        ("warning", "Said"),
        ("error", "Said"),
        ("error", "AttemptCrashed"),
        ("error", "AttemptCrashed"),
    ]
    assert lines[0]["message"] == "two\nlines"
    assert "ValueError: a bug" in lines[1]["message"]
    assert "IndexError" in lines[3]["traceback"]
