"""A heart goes on beating, whatever a beat meets, and what it meets is told."""

import threading
from collections.abc import Iterator

from longshore.database import DatabaseAway
from longshore.jobs import Heart
from longshore.observations import AttemptCrashed, BeatFailed, Observation


class Beats:
    """Beats that raise what they are given, one after the other, and then nothing."""

    def __init__(self, *failures: Exception | None) -> None:
        self._failures: Iterator[Exception | None] = iter(failures)
        self.seen: list[Observation] = []
        self.done = threading.Event()  # all failures are behind, and one beat that had none

    def beat(self) -> None:
        for failure in self._failures:
            if failure is not None:
                raise failure
            return
        self.done.set()

    def observe(self, observation: Observation) -> None:
        self.seen.append(observation)


def go_through(beats: Beats) -> None:
    """Let a heart beat until all failures are behind."""
    heart = Heart(beats.beat, name="heartbeat", seconds=0.001, observer=beats)
    heart.start()
    assert beats.done.wait(30)
    heart.stop()


def test_a_bug_in_a_beat_is_told_and_the_next_one_comes() -> None:
    beats = Beats(ZeroDivisionError("no"))
    go_through(beats)
    crashed, failed = beats.seen
    assert isinstance(crashed, AttemptCrashed)
    assert crashed.error == "ZeroDivisionError('no')"
    assert "ZeroDivisionError: no" in crashed.traceback
    assert failed == BeatFailed(beat="heartbeat", reason="ZeroDivisionError('no')", seconds=0.001)


def test_a_reason_is_told_once_for_as_long_as_it_lasts() -> None:
    away, again = DatabaseAway("it is away"), DatabaseAway("it is away")
    beats = Beats(away, again, DatabaseAway("it starts"), None, again)
    go_through(beats)
    assert [each.reason for each in beats.seen if isinstance(each, BeatFailed)] == [
        "it is away",
        "it starts",
        "it is away",
    ]
    assert len(beats.seen) == 3
