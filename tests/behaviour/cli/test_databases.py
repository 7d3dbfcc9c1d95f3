"""Commands that name a database, prepare one, and copy an installation to one."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from longshore.database.migrating import revisions
from tests.behaviour.cli.conftest import Run, invoke
from tests.postgresql import PostgresDatabases

SKUS = "code,name,do_not_ship\nA,Shirt,true\nB,Mug,true\nC,,true\n"
HEAD = revisions()[-1]


@pytest.fixture
def url(postgresql: PostgresDatabases) -> Iterator[str]:
    """An empty PostgreSQL database."""
    name = postgresql.create()
    yield postgresql.url(name)
    postgresql.drop(name)


@pytest.fixture
def run_at(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the empty database, which the environment names."""
    monkeypatch.setenv("LONGSHORE_DATA", str(tmp_path / "with-postgresql"))
    monkeypatch.setenv("LONGSHORE_DATABASE_URL", url)
    return invoke


# migrate


def test_migrate_prepares_a_database_and_has_nothing_to_do_the_second_time(run_at: Run) -> None:
    first = run_at("migrate")
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("prepared longshore_test_")
    assert first.out.endswith(f": schema {HEAD}\n")
    second = run_at("migrate")
    assert (second.code, second.err) == (0, "")
    assert second.out.startswith("nothing to do: ")
    assert run_at("imports").code == 0


def test_migrate_tells_before_and_after_as_json(run: Run, run_at: Run, tmp_path: Path) -> None:
    for place in ([], ["--database", "", "--data", tmp_path / "folder"]):
        first = run_at("migrate", "--json", *place).data
        assert (first["before"], first["after"], first["changed"]) == (None, HEAD, True)
        second = run_at("migrate", "--json", *place).data
        assert second == {**first, "before": HEAD, "changed": False}


def test_two_migrations_at_once_make_one_schema(
    start: Callable[..., "subprocess.Popen[str]"], url: str
) -> None:
    both = [start("migrate", "--json", settings={"LONGSHORE_DATABASE_URL": url}) for _ in range(2)]
    ended = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], ended
    assert sum('"changed": true' in out for out, _ in ended) == 1
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM installation").fetchone() == (1,)


def test_a_newer_schema_is_refused_by_every_command(run_at: Run, url: str) -> None:
    run_at("migrate")
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in ("migrate", "applications create"):
        refused = run_at(*command.split())
        assert refused.code == 2
        assert "was made by a newer version of longshore" in refused.err
        assert "Traceback" not in refused.err


def test_a_database_that_is_not_utf8_is_refused(
    postgresql: PostgresDatabases, run_at: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    name = postgresql.create(options=options)
    monkeypatch.setenv("LONGSHORE_DATABASE_URL", postgresql.url(name))
    for command in ("migrate", "applications create"):
        refused = run_at(*command.split())
        assert refused.code == 2
        assert "is encoded as LATIN1, expected UTF8" in refused.err
    postgresql.drop(name)


def test_an_older_schema_is_upgraded_by_migrate_alone(run_at: Run, url: str) -> None:
    from sqlalchemy import create_engine

    from longshore.database.migrating import migrate

    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))
    with engine.begin() as connection:
        migrate(connection, to=revisions()[0])
    engine.dispose()
    refused = run_at("imports")
    assert refused.code == 2
    assert "longshore migrate" in refused.err
    assert run_at("migrate").out.endswith(f": schema {revisions()[0]} to {HEAD}\n")
    assert run_at("imports").code == 0


# Naming a database


def test_the_option_names_a_database_before_and_after_the_command(
    run: Run, url: str, make_file: Callable[..., Path]
) -> None:
    done = run("--database", url, "import", "skus", make_file("skus.csv", SKUS), "--skip-errors")
    assert done.code == 1  # one row failed
    shown = run("imports", "--json", "--database", url).data
    assert [each["attributes"]["processed_count"] for each in shown] == [2]
    assert run("imports", "--json").data == []


def test_no_message_repeats_a_password(
    run: Run, monkeypatch: pytest.MonkeyPatch, postgresql: PostgresDatabases
) -> None:
    port = postgresql.url("x").rpartition(":")[2].partition("/")[0]
    addresses = (
        "postgresql://me:hunter2@127.0.0.1:1/there",
        f"postgresql://nobody:hunter2@127.0.0.1:{port}/not-there",
        "postgresql://me:hunter2@127.0.0.1:port/there",
        "postgresql://me:hunter2@[::1/there",
        "postgres:hunter2",
    )
    for address in addresses:
        for arguments in (["migrate"], ["imports"], ["copy", "--from", "."]):
            named = run(*arguments, "--database", address)
            assert named.code in (1, 2), named
            monkeypatch.setenv("LONGSHORE_DATABASE_URL", address)
            meant = run(*arguments)
            monkeypatch.delenv("LONGSHORE_DATABASE_URL")
            assert meant.code in (1, 2), meant
            for ended in (named, meant):
                assert "hunter2" not in ended.out + ended.err
                assert "error:" in ended.err
                assert "Traceback" not in ended.err


def test_help_does_not_repeat_a_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LONGSHORE_DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/there")
    for arguments in (["--help"], ["imports", "--help"], ["copy", "--help"]):
        shown = run(*arguments)
        assert "LONGSHORE_DATABASE_URL" in shown.out
        assert "hunter2" not in shown.out


def test_a_database_that_is_away_is_told_as_a_failure_that_may_pass(run: Run) -> None:
    away = run("imports", "--database", "postgresql://127.0.0.1:1/there")
    assert away.code == 1
    assert "is away" in away.err
    assert "hint:" in away.err


# copy


@pytest.fixture
def filled(run: Run, make_file: Callable[..., Path]) -> None:
    """The data folder, with something in it."""
    run("import", "skus", make_file("skus.csv", SKUS), "--skip-errors")


def _shown(run: Run, *place: object) -> dict[str, Any]:
    commands = (["imports"], ["records", "skus"], ["export", "skus", "--format", "json"])
    return {each[0]: run(*each, *place).out for each in commands}


@pytest.mark.parametrize("named", ["to", "database", "environment"])
def test_copy_brings_everything_over_and_shows_both_sides(
    run: Run,
    filled: None,
    url: str,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    named: str,
) -> None:
    place: list[object] = ["--data", tmp_path / "there"]
    to = {"to": ["--to", url], "database": ["--database", url]}.get(named, [])
    before = _shown(run)
    if named == "environment":
        monkeypatch.setenv("LONGSHORE_DATABASE_URL", url)
    done = run("copy", "--from", data, *to, *place)
    assert done.code == 0, done.err
    assert done.out.splitlines()[0].split() == ["table", "rows", "SHA-256", "of", "both"]
    (skus,) = [line.split() for line in done.out.splitlines() if line.startswith("skus ")]
    assert skus[1] == "2"
    assert len(skus[2]) == 64
    assert "copied and compared" in done.err
    assert "1 attachment" in done.err
    assert _shown(run, "--database", url, *place) == before


def test_copy_tells_both_sides_as_json(
    run: Run, filled: None, url: str, data: Path, tmp_path: Path
) -> None:
    done = run("copy", "--from", data, "--to", url, "--data", tmp_path / "there", "--json")
    assert done.code == 0
    (skus,) = [each for each in done.data["tables"] if each["table"] == "skus"]
    assert skus["rows"] == 2
    assert done.data["attachments"]["count"] == 1
    assert done.data["attachments"]["missing"] == []
    assert done.data["unfinished_imports"] == 0


def test_copy_without_a_target_or_with_two_is_misuse(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = run("copy", "--from", data)
    assert none.code == 2
    assert "LONGSHORE_DATABASE_URL" in none.err
    url = "postgresql://127.0.0.1:1/there"
    two = run("copy", "--from", data, "--to", url, "--database", url)
    assert two.code == 2
    nowhere = run("copy", "--to", url)
    assert nowhere.code == 2
    assert "--from" in nowhere.err
