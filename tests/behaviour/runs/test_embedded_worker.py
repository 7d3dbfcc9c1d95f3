"""Whose turn it is, what happens when a run fails, and how a worker is woken and stopped."""

import os
from collections.abc import Callable, Iterator, Sequence

import pytest

from longshore.errors import PermanentError
from longshore.identifiers import RunId
from longshore.jobs import Bell, RunTaken
from longshore.observations import AttemptCrashed, Observation
from longshore.runs import EmbeddedWorker, Run, RunWaits
from tests.claiming import waiting_run


class Noting:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.seen: list[Observation] = []

    def observe(self, observation: Observation) -> None:
        self.seen.append(observation)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            pass  # the test has closed it


@pytest.fixture
def bell(pipe: tuple[int, int]) -> Iterator[Bell]:
    bell = Bell(pipe[0])
    yield bell
    bell.close()


def waiting(*runs: tuple[int, int]) -> list[Run]:
    """Runs by id and environment."""
    return [waiting_run(id, environment, kind="made up") for id, environment in runs]


class Queue:
    """What waits; a run that is taken leaves it, and when it is empty the bell says to stop."""

    def __init__(self, bell: Bell, runs: Sequence[Run]) -> None:
        self.bell = bell
        self.runs = list(runs)
        self.ran: list[int] = []
        self.fails: dict[int, Exception] = {}
        self.rests: set[int] = set()
        self.keeps: set[int] = set()  # what gives no way to others

    def waiting(self) -> Sequence[Run]:
        return list(self.runs)

    def run(self, id: RunId, *, should_stop: Callable[[], bool]) -> None:
        self.ran.append(id)
        if id in self.fails:
            self.rests = {id}
            raise self.fails.pop(id)
        self.runs = [each for each in self.runs if each.id != id]
        if self.rests >= {each.id for each in self.runs}:
            self.rests.clear()
        if not self.runs:
            self.bell.stop()

    def gives_way(self, run: Run) -> bool:
        return run.id not in self.keeps

    def is_resting(self, id: RunId) -> bool:
        return id in self.rests


def work(
    queue: Queue,
    noting: Noting,
    *,
    tidy: Callable[[], None] = lambda: None,
    tidy_seconds: float = 600,
) -> None:
    """Let a worker work until the queue is empty."""
    EmbeddedWorker(
        waiting=queue.waiting, driver=queue, tidy=tidy, observer=noting, tidy_seconds=tidy_seconds
    ).work(queue.bell)


def test_environments_take_turns_and_their_runs_come_in_order(bell: Bell) -> None:
    queue = Queue(bell, waiting((1, 5), (2, 5), (3, 5), (4, 7), (5, 6), (6, 7)))
    work(queue, Noting())
    assert queue.ran == [1, 5, 4, 2, 6, 3]


@pytest.mark.parametrize(
    "error",
    [PermanentError("the disk is full"), RunTaken("faster"), RunWaits("older", kind="import")],
)
def test_a_run_that_fails_rests_while_others_run(bell: Bell, error: Exception) -> None:
    """It was given back and observed by whoever took it on."""
    queue = Queue(bell, waiting((1, 5), (2, 5), (3, 5)))
    queue.fails = {1: error}
    noting = Noting()
    work(queue, noting)
    assert queue.ran == [1, 2, 3, 1]
    assert noting.seen == []


@pytest.mark.parametrize(("seconds", "times"), [(600, 1), (0, 3)])
def test_it_tidies_at_the_beginning_and_when_it_is_time(
    bell: Bell, seconds: float, times: int
) -> None:
    queue = Queue(bell, waiting((1, 5), (2, 5), (3, 5)))
    tidied: list[int] = []
    work(
        queue,
        Noting(),
        tidy=lambda: tidied.append(len(queue.ran)),
        tidy_seconds=seconds,
    )
    assert tidied == [0, 1, 2][:times]


def test_a_bug_met_by_one_run_does_not_stop_the_worker(bell: Bell) -> None:
    queue = Queue(bell, waiting((1, 5), (2, 5)))
    queue.fails = {1: ZeroDivisionError("a bug")}
    noting = Noting()
    work(queue, noting)
    assert queue.ran == [1, 2, 1]
    (crashed,) = noting.seen
    assert isinstance(crashed, AttemptCrashed)
    assert crashed.error == "ZeroDivisionError('a bug')"
    assert crashed.traceback.endswith("ZeroDivisionError: a bug\n")


def test_a_ring_wakes_and_the_end_of_the_pipe_stops(bell: Bell, pipe: tuple[int, int]) -> None:
    os.write(pipe[1], b"...")
    bell.wait(60)
    assert not bell.is_stopping
    os.close(pipe[1])
    bell.wait(60)
    assert bell.is_stopping


def test_a_signal_handler_ends_a_wait(bell: Bell) -> None:
    bell.stop()
    bell.wait(60)
    assert bell.is_stopping
