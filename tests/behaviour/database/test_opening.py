"""What a data folder must be, and what is said when it is not."""

import sqlite3
import stat
import tempfile
from pathlib import Path

import pytest

from longshore.database import Database, StorageDamaged
from longshore.errors import LongshoreError, RequestRefused
from longshore.settings import Settings
from tests.behaviour.database.processes import OPENS_SLOWLY, other_process

OPEN = """
from longshore.errors import LongshoreError
try:
    with Database.open(folder, Settings()) as database:
        with database.read() as tx:
            say(str(tx.public_ids.encode(1)))
except LongshoreError as error:
    say(error.message)
"""


# Whoever is the superuser loads what it needs by opening another folder, then steps down.
BECOME_NOBODY = """
import os, tempfile
if os.getuid() == 0:
    with tempfile.TemporaryDirectory() as other:
        Database.open(Path(other), Settings()).close()
    os.chdir("/")
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
"""


def open_folder(folder):
    """The number of the first id that is given there."""
    with Database.open(folder, Settings()) as database, database.read() as tx:
        return tx.new_ids(0).next


def test_a_folder_is_made_where_there_is_none_and_only_its_owner_may_look_inside(tmp_path):
    folder = tmp_path / "deep" / "down"
    assert open_folder(folder) == 1
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "longshore.db").stat().st_mode) == 0o600


def test_a_folder_may_have_any_name(tmp_path):
    assert open_folder(tmp_path / "mode=ro? file:x %41 #& 'ä") == 1


def refused_folders():
    def is_a_file(path):
        path.write_text("")
        return path, "is a file, expected a folder"

    def lies_in_a_file(path):
        path.write_text("")
        return path / "data", "inside a file, expected a folder"

    def database_is_a_folder(path):
        (path / "longshore.db").mkdir(parents=True)
        return path, "cannot be opened for writing: Is a directory"

    def database_is_no_database(path):
        path.mkdir()
        (path / "longshore.db").write_bytes(b"something else entirely" * 100)
        return path, "damaged or no database"

    def database_is_somebody_elses(path):
        path.mkdir()
        with sqlite3.connect(path / "longshore.db") as other:
            other.execute("CREATE TABLE songs (title)")
        other.close()
        return path, "tables that are not longshore's"

    def database_is_from_the_future(path):
        Database.open(path, Settings()).close()
        with sqlite3.connect(path / "longshore.db") as other:
            other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.close()
        return path, "made by a newer version of longshore (schema 9999, this version knows up to"

    return [
        is_a_file,
        lies_in_a_file,
        database_is_a_folder,
        database_is_no_database,
        database_is_somebody_elses,
        database_is_from_the_future,
    ]


@pytest.mark.parametrize("spoil", refused_folders(), ids=lambda spoil: spoil.__name__)
def test_a_folder_that_cannot_be_used_is_refused_with_the_reason(tmp_path, spoil):
    folder, message = spoil(tmp_path / "data")
    before = (folder / "longshore.db").read_bytes() if (folder / "longshore.db").is_file() else b""
    with pytest.raises(LongshoreError) as refused:
        open_folder(folder)
    assert message in refused.value.message
    assert str(tmp_path) in refused.value.message
    assert isinstance(refused.value, RequestRefused | StorageDamaged)
    if before:
        assert (folder / "longshore.db").read_bytes() == before


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "message"),
    [
        (0o555, 0o444, "the data folder {folder} cannot be written to"),
        (0o777, 0o444, "the database {folder}/longshore.db cannot be opened for writing: Perm"),
        (0o000, 0o666, "the data folder {folder} cannot be written to"),
    ],
)
def test_what_cannot_be_written_to_is_refused_with_the_reason(folder_mode, file_mode, message):
    """As a user of the machine who may not write; the superuser always may."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "data"
        Database.open(folder, Settings()).close()
        for file in folder.iterdir():
            file.chmod(file_mode)
        folder.chmod(folder_mode)
        Path(place).chmod(0o755)
        with other_process(BECOME_NOBODY + OPEN, folder) as other:
            answer = other.hear()
        folder.chmod(0o700)
    assert answer.startswith(message.format(folder=folder))


def test_a_damaged_database_is_said_to_be_damaged(tmp_path):
    open_folder(tmp_path)
    file = tmp_path / "longshore.db"
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    with pytest.raises(StorageDamaged, match="damaged"):
        open_folder(tmp_path)


def test_processes_that_open_a_new_folder_at_once_all_succeed(tmp_path):
    folder = tmp_path / "data"
    script = "hear()\n" + OPEN
    with (
        other_process(script, folder) as one,
        other_process(script, folder) as two,
        other_process(script, folder) as three,
    ):
        for other in (one, two, three):
            other.say("go")
        answers = {other.hear() for other in (one, two, three)}
    assert len(answers) == 1
    with Database.open(folder, Settings()) as database:
        assert answers == {database.public_ids.encode(1)}


def test_a_process_killed_while_it_makes_a_folder_leaves_one_that_opens(tmp_path):
    folder = tmp_path / "data"
    with other_process(OPENS_SLOWLY, folder) as other:
        assert other.hear() == "migrated"
    assert open_folder(folder) == 1
