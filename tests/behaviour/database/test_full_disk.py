"""A full disk is said to be one, and takes nothing with it that was committed."""

import subprocess
from pathlib import Path

import pytest

from longshore.database import Database, StorageFull
from longshore.settings import Settings

ADD = "INSERT INTO tags (id, created_at, updated_at, name) VALUES (?, 1, 1, zeroblob(?))"


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a file system of 8 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small file system needs the rights of the superuser")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def add(database, id_, size):
    with database.write() as tx:
        tx.execute(ADD, (id_, size))


def count(database):
    with database.read() as tx:
        return tx.fetch("SELECT count(*), sum(length(name)) FROM tags")


def test_what_was_committed_before_the_disk_was_full_is_intact(small_disk):
    with Database.open(small_disk / "data", Settings()) as database:
        add(database, 1, 1000)
        with pytest.raises(StorageFull, match="no space left"):
            add(database, 2, 20_000_000)
        assert count(database) == [(1, 1000)]
        add(database, 3, 1000)
    with Database.open(small_disk / "data", Settings()) as database:
        assert count(database) == [(2, 2000)]


def test_a_disk_filled_by_others_is_full_for_each_write_until_there_is_space(small_disk):
    with Database.open(small_disk / "data", Settings()) as database:
        add(database, 1, 1000)
        fill(small_disk / "filler")
        with pytest.raises(StorageFull):
            add(database, 2, 2_000_000)
        (small_disk / "filler").unlink()
        add(database, 2, 2_000_000)
        assert count(database) == [(2, 2_001_000)]


def test_a_write_that_fits_succeeds_though_nothing_fits_any_more(small_disk):
    """SQLite moves what was committed from its log into its file later, which may then not fit."""
    with Database.open(small_disk / "data", Settings()) as database:
        for id_ in range(1, 21):
            add(database, id_, 190_000)
        assert count(database) == [(20, 3_800_000)]
    with Database.open(small_disk / "data", Settings()) as database:
        assert count(database) == [(20, 3_800_000)]


def test_a_folder_on_a_full_disk_is_refused(small_disk):
    fill(small_disk / "filler")
    with pytest.raises(StorageFull, match="no space left"):
        Database.open(small_disk / "data", Settings())
    (small_disk / "filler").unlink()
    Database.open(small_disk / "data", Settings()).close()


def fill(path: Path) -> None:
    """Take what space is left."""
    with path.open("wb") as file:
        try:
            while True:
                file.write(b"x" * 65536)
                file.flush()
        except OSError:
            pass
        try:
            file.close()
        except OSError:
            pass
