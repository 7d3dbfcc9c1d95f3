"""A place that has no data: commands that look at something say so, and make nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.behaviour.cli.conftest import Ended, Run, invoke
from tests.postgresql import PostgresDatabases

LOOKING = [
    "imports",
    "show xYZabcDEFg",
    "errors xYZabcDEFg",
    "records skus",
    "export skus",
    "interrupt xYZabcDEFg",
    "delete xYZabcDEFg",
    "resume",
    "status",
    "applications list",
    "applications rotate --kind cli",
    "applications delete --kind cli",
    "organizations list",
    "organizations set default",
]


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without anything in it."""
    folder = tmp_path / "nowhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("LONGSHORE_DATA", raising=False)
    monkeypatch.delenv("LONGSHORE_DATABASE_URL", raising=False)
    return folder


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("command", LOOKING)
def test_without_a_data_folder_it_is_said_and_nothing_is_made(
    nowhere: Path, command: str, as_json: bool
) -> None:
    takes_json = command.split()[0] not in ("export", "delete")
    ended = invoke(*command.split(), *(["--json"] if as_json and takes_json else []))
    assert (ended.code, ended.out) == (2, "")
    assert f"error: there is no data folder {nowhere / 'longshore-data'}\n" in ended.err
    assert "hint: longshore import TYPE FILE is the first command, and makes it" in ended.err
    assert not list(nowhere.iterdir())


def test_a_folder_that_holds_something_else_is_left_as_it_is(nowhere: Path) -> None:
    (nowhere / "photos").mkdir()
    (nowhere / "photos" / "one.jpg").touch()
    ended = invoke("records", "skus", "--data", "photos")
    assert (ended.code, ended.out) == (2, "")
    assert f"the data folder {nowhere / 'photos'} holds no data of longshore" in ended.err
    assert [path.name for path in (nowhere / "photos").iterdir()] == ["one.jpg"]


def test_a_file_in_place_of_the_folder_is_said_to_be_one(nowhere: Path) -> None:
    (nowhere / "notes").write_text("hello")
    ended = invoke("records", "skus", "--data", "notes")
    assert (ended.code, ended.out) == (2, "")
    assert f"the data folder {nowhere / 'notes'} is a file, no folder" in ended.err


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_a_template_is_written_without_making_a_data_folder(nowhere: Path, format_: str) -> None:
    ended = invoke("template", "shipping_categories", "--format", format_)
    assert ended.code == 0
    assert "name" in ended.out
    assert not list(nowhere.iterdir())


def test_a_dry_run_tells_what_the_first_import_would_do_and_makes_nothing(nowhere: Path) -> None:
    (nowhere / "categories.csv").write_text("name,code\nMain,MAIN\n")
    ended = invoke("import", "shipping_categories", "categories.csv", "--dry-run")
    assert ended.code == 0
    assert ended.facts["created"] == "1"
    assert [path.name for path in nowhere.iterdir()] == ["categories.csv"]


def test_a_data_folder_without_such_records_is_no_refusal(nowhere: Path, make_file) -> None:
    invoke("import", "shipping_categories", make_file("c.csv", "name,code\nMain,MAIN\n"))
    ended = invoke("records", "skus", "--json")
    assert (ended.code, ended.data) == (0, [])


@pytest.fixture
def at_empty(postgresql: PostgresDatabases, nowhere: Path) -> Iterator[Run]:
    """Runs a command on a PostgreSQL database that holds nothing."""
    name = postgresql.create()

    def run(*arguments: object) -> Ended:
        return invoke(*arguments, "--database", postgresql.url(name))

    yield run
    postgresql.drop(name)


@pytest.mark.parametrize("command", ["records skus", "export skus", "imports", "status"])
def test_an_empty_database_stays_empty(at_empty: Run, command: str) -> None:
    ended = at_empty(*command.split())
    assert (ended.code, ended.out) == (2, "")
    assert "is empty\nhint: longshore import TYPE FILE is the first command" in ended.err
    prepared = at_empty("migrate")
    assert "prepared" in prepared.out  # and not "nothing to do"
