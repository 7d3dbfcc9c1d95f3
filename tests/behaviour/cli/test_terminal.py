"""What a terminal and a pipe get to see."""

import fcntl
import json
import os
import pty
import struct
import termios
from pathlib import Path

import pytest

from longshore.cli.messages import printable
from longshore.cli.wait_observer import WaitObserver
from longshore.observations import ChunkRetried

BELL = "\a"


@pytest.fixture
def seen(start):
    """Runs a command on a terminal of a size; what the terminal received."""

    def seen(*arguments: object, columns: int = 100, **settings: str) -> str:
        screen, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        settings = {"TERM": "xterm-256color"} | settings
        process = start(*arguments, stdout=terminal, settings=settings)
        os.close(terminal)
        received = b""
        try:
            while block := os.read(screen, 65536):
                received += block
        except OSError:
            pass  # Linux reports the end of a terminal as an error
        os.close(screen)
        _, err = process.communicate()
        assert (process.returncode, err) == (0, "")
        return received.decode()

    return seen


@pytest.fixture
def skus(run, category, make_file) -> Path:
    content = "code,name\n" + "".join(f"CODE-{n},倉庫の品 number {n}\n" for n in range(3))
    path = make_file("skus.csv", content)
    assert run("import", "skus", path, "--parent", "MAIN").code == 0
    assert isinstance(path, Path)
    return path


def test_no_color_is_respected(skus, seen) -> None:
    coloured = "\x1b[3"
    assert coloured not in seen("records", "skus", NO_COLOR="1")


CODE = "STANDARD-HAT-NAVY-BLUE-WOOL-0001"
LONG_NAME = "A hat of wool that has a name of many words, and is warm"


@pytest.fixture
def long_named(run, category, make_file) -> str:
    """The id of a SKU whose code and name leave a terminal of 80 columns no room for both."""
    path = make_file("long.csv", f'code,name\n{CODE},"{LONG_NAME}"\n')
    assert run("import", "skus", path, "--parent", "MAIN").code == 0
    (only,) = run("records", "skus", "--json").data
    assert isinstance(only["id"], str)
    return only["id"]


@pytest.mark.parametrize("columns", [30, 40, 60, 80, 100])
def test_codes_and_ids_are_never_broken_over_lines(long_named, seen, columns: int) -> None:
    lines = seen("records", "skus", columns=columns).splitlines()
    assert any(CODE in line for line in lines)
    assert any(long_named in line for line in lines)
    imports = seen("imports", columns=columns).splitlines()
    assert sum("completed" in line for line in imports) == 2


def test_a_name_is_shortened_with_a_mark_where_the_code_needs_the_room(long_named, seen) -> None:
    shown = seen("records", "skus", columns=88, NO_COLOR="1")
    (line,) = (line for line in shown.splitlines() if long_named in line)
    assert CODE in line
    assert "A hat of w…" in line
    assert LONG_NAME in seen("records", "skus", columns=160)


def test_a_pipe_gets_every_cell_whole(long_named, run) -> None:
    assert f"{CODE}  {LONG_NAME}  " in run("records", "skus").out


def test_errors_on_a_narrow_terminal_keep_codes_whole_and_fold_messages(
    run, category, make_file, seen
) -> None:
    file = make_file("bad.csv", f"code,name\n{CODE},\n")
    failed = run("import", "skus", file, "--parent", "MAIN", "--json").data["id"]
    for columns in (40, 80):
        lines = seen("errors", failed, columns=columns).splitlines()
        assert any(CODE in line for line in lines)
        assert "can't be blank" in "\n".join(lines)


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_names_in_a_column_that_folds_are_never_broken(seen, columns: int) -> None:
    shown = seen("types", "--all", columns=columns)
    assert "payment_source_token" in shown


def test_what_comes_late_and_is_longer_is_whole_too(run, category, make_file, seen) -> None:
    rows = "".join(f"A{n},Thing\n" for n in range(600))
    file = make_file("many.csv", f"code,name\n{rows}{CODE * 3},Last\n")
    assert run("import", "skus", file, "--parent", "MAIN").code == 0
    lines = seen("records", "skus", "--limit", "601", columns=80).splitlines()
    assert any(CODE * 3 in line for line in lines)


def test_a_wide_terminal_shows_a_table_and_a_narrow_one_a_line_per_value(skus, seen) -> None:
    assert "倉庫の品 number 2" in seen("records", "skus", columns=120)
    narrow = seen("records", "skus", columns=30)
    assert "code: CODE-2\r\n" in narrow
    assert "name: 倉庫の品 number 2\r\n" in narrow


def test_progress_is_shown_as_plain_lines_where_no_terminal_is(run, category, make_file) -> None:
    ended = run("import", "skus", make_file("s.csv", "code,name\nA,One\n"), "--parent", "MAIN")
    assert "importing skus: 1 of 1 rows" in ended.err
    assert "\x1b" not in ended.err + ended.out


def test_verbose_logs_chunks_instead_of_progress(run, category, make_file, monkeypatch) -> None:
    monkeypatch.setenv("LONGSHORE_LOG_FORMAT", "json")
    file = make_file("s.csv", "code,name\nA,One\n")
    ended = run("import", "skus", file, "--parent", "MAIN", "--verbose", "--json")
    logged = [json.loads(line)["observation"] for line in ended.err.splitlines()]
    assert logged == ["ImportStarted", "ChunkCommitted", "ImportCompleted"]
    assert ended.data["attributes"]["status"] == "completed"


def test_an_import_says_why_it_waits(capsys) -> None:
    chunk = ChunkRetried(import_id="a", first_row=501, reason="the database is busy", seconds=1)
    WaitObserver().observe(chunk)
    assert capsys.readouterr().err == "warning: waiting at row 501: the database is busy\n"


def test_what_a_file_holds_cannot_act_on_the_terminal(run, category, make_file) -> None:
    file = make_file("s.csv", f"code,name,we{BELL}ird\nA\x1b[31m1,,x\n")
    ended = run("import", "skus", file, "--parent", "MAIN")
    assert ended.code == 1
    assert "A\\x1b[31m1" in ended.out
    assert "we\\x07ird" in ended.err
    assert "\x1b" not in ended.err + ended.out


def test_a_reader_that_has_enough_is_no_failure(run, category, start, make_file) -> None:
    rows = "".join(f"A{n},{'long name ' * 20}\n" for n in range(1000))
    file = make_file("s.csv", "code,name\n" + rows)
    assert run("import", "skus", file, "--parent", "MAIN").code == 0
    for command in ("records skus --json", "export skus", "records skus --limit 1000"):
        with start(*command.split()) as process:
            assert process.stdout.read(10)
            process.stdout.close()
            err = process.stderr.read()
        assert (process.returncode, err) == (0, "")


def test_an_output_that_is_full_is_a_failure_with_one_line(skus, start) -> None:
    with open("/dev/full", "w") as full, start("records", "skus", stdout=full) as process:
        err = process.stderr.read()
    assert process.returncode == 1
    assert err == "error: standard output: No space left on device\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\nlines\tand\r", "two\\nlines\\tand\\r"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\ud800", "\\ud800"),
        ("naïve 倉庫 👩‍🔧", "naïve 倉庫 👩‍🔧"),
    ],
)
def test_control_characters_are_spelled_out(text: str, shown: str) -> None:
    assert printable(text) == shown
