"""A process of a data folder is known to live by its lock."""

import subprocess
import sys
from pathlib import Path

from longshore.jobs import ProcessLock, is_process_there

HOLDER = """
import sys
from pathlib import Path
from longshore.jobs import ProcessLock
lock = ProcessLock(Path(sys.argv[1]), "longshore server other")
print("there", flush=True)
sys.stdin.read()
"""


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "running").iterdir())


def test_a_process_is_there_from_its_lock_to_its_end(tmp_path: Path) -> None:
    assert not is_process_there(tmp_path, "longshore server a")
    lock = ProcessLock(tmp_path, "longshore server a")
    assert is_process_there(tmp_path, "longshore server a")
    assert not is_process_there(tmp_path, "longshore server b")
    lock.release()
    lock.release()
    assert not is_process_there(tmp_path, "longshore server a")
    assert files(tmp_path) == []


def test_a_process_that_is_killed_is_gone_at_once_and_the_next_one_tidies_up(
    tmp_path: Path,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "there\n"
        assert is_process_there(tmp_path, "longshore server other")
        holder.kill()
        holder.wait()
    assert not is_process_there(tmp_path, "longshore server other")
    assert files(tmp_path) == ["longshore-server-other.process.lock"]
    lock = ProcessLock(tmp_path, "longshore server a")
    assert files(tmp_path) == ["longshore-server-a.process.lock"]
    lock.release()
