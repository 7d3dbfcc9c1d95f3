"""Data folders that cannot be used, and a disk that is full: a clear message, and nothing lost."""

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.behaviour.bad_input.conftest import Place, mounted, remount

_ROWS = 20_000


def _write_source(path: Path, *, rows: int = _ROWS, noise: bool = False) -> Path:
    """Rows that compress well, or with noise hardly."""
    chance = random.Random(1)
    with path.open("w") as file:
        file.write("code,name,do_not_ship,description\n")
        for number in range(rows):
            text = chance.randbytes(100).hex() if noise else "x" * 200
            file.write(f"A{number},Shirt {number},true,{text}\n")
    return path


def test_a_data_folder_of_a_newer_version_is_refused(place: Place, tmp_path: Path) -> None:
    with closing(sqlite3.connect(place.data / "longshore.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with place.unchanged():
        ended = place.run("import", "skus", _write_source(tmp_path / "skus.csv", rows=1))
    assert ended.code == 2
    assert "newer version of longshore" in ended.err
    assert "hint: upgrade longshore" in ended.err


def test_a_database_that_is_none_is_refused(place: Place, tmp_path: Path) -> None:
    database = place.data / "longshore.db"
    database.write_bytes(b"This is a letter to my aunt, and no database at all. " * 100)
    ended = place.run("import", "skus", _write_source(tmp_path / "skus.csv", rows=1))
    assert ended.code in (1, 2)
    assert "damaged or no database" in ended.err
    assert database.read_bytes().startswith(b"This is a letter")


@contextmanager
def _read_only(folder: Path) -> Iterator[None]:
    """A folder that nobody can write to. Root may always, except where the mount forbids it."""
    if os.geteuid() == 0:
        remount(folder, "ro")
        try:
            yield
        finally:
            remount(folder, "rw")
    else:
        folder.chmod(0o500)
        try:
            yield
        finally:
            folder.chmod(0o700)


def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    source = _write_source(tmp_path / "skus.csv", rows=3)
    folder = tmp_path / "mounted"
    with mounted(folder, megabytes=32):
        place, new = Place(folder / "data"), Place(folder / "new")
        assert place.run("import", "skus", source).code == 0
        before = place.state
        with _read_only(folder), _read_only_data(place.data):
            for refused in (place, new):
                ended = refused.run("import", "skus", source)
                assert ended.code == 2
                assert ended.err.startswith("error: ")
                assert str(refused.data) in ended.err
        assert place.state == before
        assert not new.data.exists()


@contextmanager
def _read_only_data(data: Path) -> Iterator[None]:
    if os.geteuid() == 0:
        yield  # the mount forbids it already
    else:
        with _read_only(data):
            yield


def test_a_source_that_does_not_fit_on_the_disk_leaves_nothing(tmp_path: Path) -> None:
    source = _write_source(tmp_path / "skus.csv", noise=True)
    folder = tmp_path / "mounted"
    with mounted(folder, megabytes=3):
        place = Place(folder / "data")
        assert place.run("token").code == 0
        with place.unchanged():
            ended = place.run("import", "skus", source)
        assert ended.code == 1
        assert "no room for the source" in ended.err
        assert "hint: free some space" in ended.err


def test_an_import_that_a_full_disk_stopped_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """The attachment fits, the records do not: what was committed is counted, the rest follows."""
    source = _write_source(tmp_path / "skus.csv")
    folder = tmp_path / "mounted"
    with mounted(folder, megabytes=6):
        place = Place(folder / "data")
        ended = place.run("import", "skus", source)
        assert ended.code == 1
        assert "no space left" in ended.err
        assert "hint: free some space, then longshore resume finishes the import" in ended.err
        remount(folder, "size=64m")
        counted, stored = _progress(place.data)
        assert counted == stored
        assert 0 < stored < _ROWS
        resumed = place.run("resume")
        assert resumed.code == 0, resumed.err
        assert _progress(place.data) == (_ROWS, _ROWS)


def _progress(data: Path) -> tuple[int, int]:
    """How many rows the import has counted, and how many records there are."""
    with closing(sqlite3.connect(data / "longshore.db")) as connection:
        ((counted,),) = connection.execute("SELECT processed_count FROM imports").fetchall()
        ((stored,),) = connection.execute("SELECT count(*) FROM skus").fetchall()
    return counted, stored
