"""How the program is asked, and how it answers what it does not understand."""

import shutil
from pathlib import Path

import pytest

from longshore import __version__
from longshore.cli import program


def test_alone_it_prints_its_help(run) -> None:
    ended = run()
    assert ended.code == 0
    assert "Usage:" in ended.out
    assert ended.out == run("--help").out == run("-h").out


def test_it_tells_its_version(run) -> None:
    assert run("--version").out == f"longshore {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["imprt"], "no such command: imprt", "did you mean import"),
        (["import", "--dryrun", "skus", "f"], "no such option: --dryrun", "--dry-run"),
        (["--organisation", "a", "imports"], "no such option: --organisation", "--organization"),
        (["import", "skus"], "missing argument 'FILE'", "longshore import --help"),
        (["show"], "missing argument 'ID'", "longshore show --help"),
        (["imports", "--limit", "0"], "'--limit'", "longshore imports --help"),
        (["imports", "--mode", "prod"], "'--mode'", "longshore imports --help"),
        (["import", "skus", "f", "--format", "xml"], "'--format'", "longshore import --help"),
        (["imports", "--data", ""], "'--data'", "longshore imports --help"),
        (["imports", "--organization", "No Slug"], "No Slug", "hint"),
    ],
)
def test_what_is_not_understood_is_misuse_with_a_next_step(
    run, arguments: list[str], message: str, hint: str
) -> None:
    ended = run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    error, *rest = ended.err.splitlines()
    assert error.startswith("error: ")
    assert message in error
    assert hint in "\n".join(rest)


def test_the_place_may_stand_before_or_after_the_command_and_after_wins(
    run, category, migrated: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(migrated, tmp_path / "other"))
    assert len(run("imports", "--json").data) == 1
    assert run("--data", other, "imports", "--json").data == []
    assert run("imports", "--json", "--data", other).data == []
    assert len(run("--mode", "live", "imports", "--json", "--mode", "test").data) == 1
    assert (
        len(run("--organization", "x", "imports", "--json", "--organization", "default").data) == 1
    )


def test_settings_that_cannot_be_are_all_named(run, monkeypatch) -> None:
    monkeypatch.setenv("LONGSHORE_CHUNK_ROWS", "many")
    monkeypatch.setenv("LONGSHORE_CHUNKROWS", "5")
    ended = run("imports")
    assert ended.code == 2
    assert "LONGSHORE_CHUNK_ROWS: " in ended.err
    assert "LONGSHORE_CHUNKROWS: " in ended.err


def test_a_data_folder_that_is_a_file_is_refused(run, make_file) -> None:
    ended = run("--data", make_file("file", "text"), "imports")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("error: ")


@pytest.mark.parametrize("command", program.commands)
def test_every_command_explains_itself(run, command: str) -> None:
    ended = run(command, "--help")
    assert ended.code == 0
    assert ended.out.startswith(f"Usage: longshore {command}")
