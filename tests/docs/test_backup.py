"""The commands of the guide that copy a data folder make copies that only their owner can read."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from longshore.access import ensure_environment, list_organizations
from longshore.database import Database
from longshore.settings import Settings
from tests.docs.pages import ROOT, blocks

GUIDE = ROOT / "docs/guides/data-folder.md"


def backup_commands() -> list[str]:
    lines = [line for block in blocks(GUIDE) for line in block.lines]
    return [line.removeprefix("$ ") for line in lines if "umask" in line]


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="needs the shell of SQLite")
def test_a_backup_is_whole_and_its_files_have_mode_600(tmp_path: Path) -> None:
    data = tmp_path / "longshore-data"
    with Database.open(data, Settings()) as database:
        ensure_environment(database, "acme")
        attachments = data / "attachments"
        attachments.mkdir(exist_ok=True)
        (attachments / "one").write_text("rows")
        (attachments / "one").chmod(0o644)
        commands = backup_commands()
        assert len(commands) == 2
        for each in commands:
            subprocess.run(["bash", "-c", f"umask 022; {each}"], cwd=tmp_path, check=True)
    copies = [path for path in tmp_path.rglob("copy*") if path.is_file()]
    copies += (tmp_path / "copy-attachments").iterdir()
    assert {path.name for path in copies} == {"copy.db", "one"}
    for path in copies:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "copy-attachments").stat().st_mode) == 0o700
    restored = tmp_path / "restored"
    restored.mkdir(mode=0o700)
    (tmp_path / "copy.db").rename(restored / "longshore.db")
    with Database.open(restored, Settings()) as database, database.read() as tx:
        assert [each.slug for each in list_organizations(tx)] == ["acme"]
