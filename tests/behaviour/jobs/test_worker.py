"""Whose turn it is, what happens to imports that fail, and how a worker is woken and stopped."""

import os
from collections.abc import Callable, Iterator, Sequence

import pytest

from longshore.errors import PermanentError
from longshore.identifiers import ImportId
from longshore.jobs import Bell, WaitingImport, Worker
from longshore.observations import AttemptCrashed, AttemptFailed, Observation


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


def waiting(*imports: tuple[int, int]) -> list[WaitingImport]:
    """Imports by id and environment."""
    return [WaitingImport(ImportId(id), environment, str(id)) for id, environment in imports]


class Queue:
    """What waits; an import that is run leaves it, and when it is empty the bell says to stop."""

    def __init__(self, bell: Bell, imports: Sequence[WaitingImport]) -> None:
        self.bell = bell
        self.imports = list(imports)
        self.ran: list[int] = []
        self.fails: set[int] = set()

    def waiting(self) -> Sequence[WaitingImport]:
        return list(self.imports)

    def run(self, id: ImportId, should_stop: Callable[[], bool]) -> None:
        self.ran.append(id)
        if id in self.fails:
            self.fails.remove(id)
            raise PermanentError("the disk is full")
        self.imports = [each for each in self.imports if each.id != id]
        if not self.imports:
            self.bell.stop()


def work(
    queue: Queue,
    run: Callable[[ImportId, Callable[[], bool]], None],
    noting: Noting,
    *,
    tidy: Callable[[], None] = lambda: None,
    tidy_seconds: float = 600,
) -> None:
    """Let a worker work until the queue is empty."""
    Worker(
        waiting=queue.waiting,
        run=run,
        tidy=tidy,
        bell=queue.bell,
        observer=noting,
        tidy_seconds=tidy_seconds,
    ).work()


def test_environments_take_turns_and_their_imports_come_in_order(bell: Bell) -> None:
    queue = Queue(bell, waiting((1, 5), (2, 5), (3, 5), (4, 7), (5, 6), (6, 7)))
    work(queue, queue.run, Noting())
    assert queue.ran == [1, 5, 4, 2, 6, 3]


def test_an_import_that_fails_rests_while_others_run(bell: Bell) -> None:
    queue = Queue(bell, waiting((1, 5), (2, 5), (3, 5)))
    queue.fails = {1}
    noting = Noting()
    work(queue, queue.run, noting)
    assert queue.ran == [1, 2, 3, 1]
    assert noting.seen == [AttemptFailed(import_id="1", attempts=1, reason="the disk is full")]


@pytest.mark.parametrize(("seconds", "times"), [(600, 1), (0, 3)])
def test_it_tidies_at_the_beginning_and_when_it_is_time(
    bell: Bell, seconds: float, times: int
) -> None:
    queue = Queue(bell, waiting((1, 5), (2, 5), (3, 5)))
    tidied: list[int] = []
    work(
        queue,
        queue.run,
        Noting(),
        tidy=lambda: tidied.append(len(queue.ran)),
        tidy_seconds=seconds,
    )
    assert tidied == [0, 1, 2][:times]


def test_a_bug_met_by_one_import_does_not_stop_the_worker(bell: Bell) -> None:
    queue = Queue(bell, waiting((1, 5), (2, 5)))

    def run(id: ImportId, should_stop: Callable[[], bool]) -> None:
        if id == 1 and not queue.ran:
            queue.ran.append(1)
            raise ZeroDivisionError("a bug")
        queue.run(id, should_stop)

    noting = Noting()
    work(queue, run, noting)
    assert queue.ran == [1, 2, 1]
    crashed, failed = noting.seen
    assert isinstance(crashed, AttemptCrashed)
    assert crashed.error == "ZeroDivisionError('a bug')"
    assert crashed.traceback.endswith("ZeroDivisionError: a bug\n")
    assert failed == AttemptFailed(import_id="1", attempts=1, reason="ZeroDivisionError: a bug")


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
