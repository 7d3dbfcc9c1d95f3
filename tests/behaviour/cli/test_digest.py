"""With more than 20 failed rows causes are shown, each once, and what mends them."""

import fcntl
import os
import pty
import shlex
import struct
import termios

import pytest

HEAD = "code,name,Unit\n"
MAPPED = ("--parent", "MAIN", "--map", "Unit=unit_of_weight", "--skip-errors")


@pytest.fixture
def long_file(make_file):
    """Two rows in three have a unit that is not known."""
    units = ["g", "gr", "it's"]
    rows = "".join(f"A{number},One,{units[number % 3]}\n" for number in range(60))
    return make_file("s.csv", HEAD + rows)


@pytest.fixture
def imported(run, category, long_file):
    """How the import of the file ended."""
    return run("import", "skus", long_file, *MAPPED)


@pytest.mark.usefixtures("on_every_database")
def test_the_report_shows_each_cause_once_and_how_to_mend_it(imported) -> None:
    assert imported.code == 1
    public_id = imported.facts["import"]
    causes = [line.split() for line in imported.out.splitlines() if "unit_of_weight" in line]
    assert [(line[0], line[1]) for line in causes] == [("20", "unit_of_weight")] * 2
    assert "did you mean gr" in imported.out
    assert "1, 4, 7, 10, 13, ..." in imported.out
    assert f"40 errors in all: longshore errors {public_id} --all" in imported.err
    assert f"hint: longshore retry {public_id} --replace Unit:g=gr\n" in imported.err


def test_twenty_failed_rows_are_listed(run, category, make_file) -> None:
    rows = "".join(f"A{number},One,g\n" for number in range(20))
    ended = run("import", "skus", make_file("s.csv", HEAD + rows), *MAPPED)
    assert sum("did you mean gr" in line for line in ended.out.splitlines()) == 20
    public_id = ended.facts["import"]
    assert f"hint: longshore retry {public_id} --replace Unit:g=gr\n" in ended.err
    assert f"longshore retry {public_id} --file FILE" in ended.err
    assert " in all" not in ended.err


@pytest.mark.usefixtures("on_every_database")
def test_the_digest_of_an_import_can_be_asked_for(run, imported) -> None:
    public_id = imported.facts["import"]
    document = run("errors", public_id, "--digest", "--json").json
    assert document["meta"] == {"groups_count": 2, "errors_count": 40, "rest_count": 0}
    assert [
        (each["column"], each["value"], each["count"], each["first_rows"], each["suggestion"])
        for each in document["data"]
    ] == [
        ("Unit", "g", 20, [1, 4, 7, 10, 13], "gr"),
        ("Unit", "it's", 20, [3, 6, 9, 12, 15], None),
    ]
    first = run("errors", public_id, "--digest", "--limit", 1)
    assert first.code == 0
    assert "it's" not in first.out
    assert "... and 1 more cause of 20 errors" in first.err


def test_pipes_and_json_get_each_error(run, imported) -> None:
    public_id = imported.facts["import"]
    assert len(run("errors", public_id).out.splitlines()) == 41
    listed = run("errors", public_id, "--json").data
    assert len(listed) == 40
    assert listed[0]["suggestion"] == "gr"


def test_a_digest_of_all_errors_is_refused(run, imported) -> None:
    ended = run("errors", imported.facts["import"], "--digest", "--all")
    assert ended.code == 2
    assert "choose one" in ended.err


def test_a_dry_run_shows_causes(run, category, long_file) -> None:
    ended = run("import", "skus", long_file, *MAPPED, "--dry-run")
    assert ended.code == 1
    assert sum("unit_of_weight" in line for line in ended.out.splitlines()) == 2
    assert "did you mean gr" in ended.out
    assert "40 errors in all: --errors FILE, or --json" in ended.err
    assert "retry" not in ended.err
    shown = run("import", "skus", long_file, *MAPPED, "--dry-run", "--json").json
    assert {each["suggestion"] for each in shown["errors"]} == {"gr", None}


def test_an_import_at_a_server_shows_causes(at_server, category_at_server, long_file) -> None:
    ended = at_server("skus", long_file, *MAPPED)
    assert ended.code == 1
    assert sum("unit_of_weight" in line for line in ended.out.splitlines()) == 2
    assert "did you mean gr" in ended.out
    assert "40 errors in all: --errors FILE writes them all" in ended.err


@pytest.mark.parametrize("columns", [80, 120])
def test_a_terminal_shows_causes_unless_all_errors_are_asked_for(
    imported, start, columns: int
) -> None:
    public_id = imported.facts["import"]

    def lines(*arguments: str) -> list[str]:
        screen, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        process = start("errors", public_id, *arguments, stdout=terminal)
        os.close(terminal)
        received = b""
        try:
            while block := os.read(screen, 65536):
                received += block
        except OSError:
            pass  # Linux reports the end of a terminal as an error
        os.close(screen)
        process.communicate()
        return received.decode().splitlines()

    assert sum("unit_of_weight" in line for line in lines()) == 2
    assert sum("unit_of_weight" in line for line in lines("--all")) == 40
    assert sum("unit_of_weight" in line for line in lines("--limit", "3")) == 3


@pytest.mark.usefixtures("on_every_database")
def test_the_command_that_is_told_mends_its_cause_and_a_retry_tells_the_first_rows(
    run, imported
) -> None:
    (hint,) = (line for line in imported.err.splitlines() if "--replace" in line)
    retried = run(*shlex.split(hint.partition("longshore ")[2]))
    assert (retried.facts["created"], retried.facts["failed"]) == ("20", "20")
    document = run("errors", retried.facts["import"], "--digest", "--json").json
    (left,) = document["data"]
    assert (left["value"], left["count"]) == ("it's", 20)
    assert left["first_rows"] == [3, 6, 9, 12, 15]
