"""An import has one runner at a time, and a dead runner is known at once."""

import pytest

from longshore.identifiers import RunId
from longshore.jobs import RunTaken, is_running, runner_lock
from tests.behaviour.database.processes import other_process

ID = RunId(5)

RUN = """
from longshore.jobs import RunTaken, runner_lock
try:
    with runner_lock(folder, 5):
        say("running")
        hear()
    say("released")
    hear()
except RunTaken:
    say("refused")
"""

TAKE_TURNS = """
from longshore.jobs import RunTaken, runner_lock
hear()
inside = folder / "inside"
for _ in range(300):
    try:
        with runner_lock(folder, 5):
            inside.mkdir()  # fails where somebody else is inside
            inside.rmdir()
    except RunTaken:
        pass
say("done")
"""


def test_an_import_that_runs_is_not_taken_from_its_runner(tmp_path):
    with runner_lock(tmp_path, ID):
        assert is_running(tmp_path, ID)
        with pytest.raises(RunTaken), runner_lock(tmp_path, ID):
            pass
        with runner_lock(tmp_path, RunId(6)):
            pass
    assert not is_running(tmp_path, ID)
    with runner_lock(tmp_path, ID):
        pass


def test_nothing_runs_in_a_new_folder(tmp_path):
    assert not is_running(tmp_path, ID)


def test_a_lock_is_released_once_and_leaves_no_file(tmp_path):
    lock = runner_lock(tmp_path, ID)
    lock.release()
    with runner_lock(tmp_path, ID):
        lock.release()
        assert is_running(tmp_path, ID)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_other_processes_see_the_runner_and_are_refused(tmp_path):
    with other_process(RUN, tmp_path) as one:
        assert one.hear() == "running"
        assert is_running(tmp_path, ID)
        with other_process(RUN, tmp_path) as two:
            assert two.hear() == "refused"
        one.say("release")
        assert one.hear() == "released"
        assert not is_running(tmp_path, ID)


def test_a_killed_runner_is_known_at_once(tmp_path):
    with other_process(RUN, tmp_path) as one:
        assert one.hear() == "running"
        one.process.kill()
        one.process.wait()
    assert not is_running(tmp_path, ID)
    with runner_lock(tmp_path, ID):
        assert is_running(tmp_path, ID)


def test_processes_that_come_and_go_never_run_it_together(tmp_path):
    """The file is removed by each who releases; who waits for a removed one must notice."""
    with other_process(TAKE_TURNS, tmp_path) as one, other_process(TAKE_TURNS, tmp_path) as two:
        for other in (one, two):
            other.say("go")
        for other in (one, two):
            assert other.hear() == "done", other.end()
