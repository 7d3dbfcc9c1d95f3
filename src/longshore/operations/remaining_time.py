"""How fast rows are gone through, and how long the rest will take: pure functions over what was
seen of an import, so that they can be tested on recorded ones.

Theory: the speed of an import changes slowly (tables grow, caches fill, another import begins
beside it) and stops at once (its runner dies, a store is away, another writer has the lock). So the
rest is told by the speed of late, in which the whole is weighed in because the last seconds alone
jump; and time in which nothing moved at all is left out of both: it tells nothing of the speed,
and an import that was taken over goes on as fast as before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# What is told as the rate is that of so many seconds.
RATE_SECONDS = 10.0
# A chunk takes a second at the most, so where nothing moves for longer, nothing works.
_PAUSE_SECONDS = 3.0
# While nothing has moved for so long, nobody can say how long the rest takes.
_STANDSTILL_SECONDS = 10.0
# The speed of late is that of this part of the time in which rows were seen to move.
_LATE_PART = 0.3
_LATE_WEIGHT = 0.7
_SECONDS_MIN = 0.2  # a speed over less is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """How far something was at a moment."""

    seconds: float  # since any moment, the same for all samples of a trace
    rows: int


def rows_per_second(trace: Sequence[Sample]) -> float | None:
    """The rate of the last ten seconds of a trace; None: it is too short to tell."""
    if len(trace) < 2:
        return None
    last = trace[-1]
    first = next(each for each in trace if last.seconds - each.seconds <= RATE_SECONDS)
    # One look in longer than that: what was before is all that is known.
    if first is last:
        first = trace[-2]
    seconds = last.seconds - first.seconds
    return (last.rows - first.rows) / seconds if seconds >= _SECONDS_MIN else None


def seconds_left(trace: Sequence[Sample], rows_count: int) -> float | None:
    """How long the rows behind the last sample will take, of `rows_count` in all; None: nobody can
    say, because nothing moves, or has moved."""
    if not trace:
        return None
    last = trace[-1]
    rows_left = rows_count - last.rows
    if rows_left <= 0:
        return 0.0
    moves = _moves(trace)
    moving_seconds = sum(seconds for seconds, _ in moves)
    if moving_seconds < _SECONDS_MIN or _still_seconds(trace) > _STANDSTILL_SECONDS:
        return None
    whole = sum(rows for _, rows in moves) / moving_seconds
    late = _late_speed(moves, max(moving_seconds * _LATE_PART, min(RATE_SECONDS, moving_seconds)))
    return rows_left / (_LATE_WEIGHT * late + (1 - _LATE_WEIGHT) * whole)


def _moves(trace: Sequence[Sample]) -> list[tuple[float, int]]:
    """Seconds and rows between samples at which rows had moved, without pauses."""
    moves: list[tuple[float, int]] = []
    before = trace[0]
    for sample in trace[1:]:
        if sample.rows == before.rows:
            continue
        seconds, rows = sample.seconds - before.seconds, sample.rows - before.rows
        if rows > 0 and seconds > 0:
            moves.append((seconds, rows))
        before = sample
    return _without_pauses(moves)


def _without_pauses(moves: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """A pause is as long as many moves are not: where the looks themselves are far apart, long is
    what is long beside the others."""
    if not moves:
        return moves
    usual = sorted(seconds for seconds, _ in moves)[len(moves) // 2]
    kept = [each for each in moves if each[0] <= max(_PAUSE_SECONDS, 3 * usual)]
    return kept or moves


def _still_seconds(trace: Sequence[Sample]) -> float:
    """For how long the last samples have shown no row more."""
    last = trace[-1]
    since = last.seconds
    for sample in reversed(trace):
        if sample.rows != last.rows:
            break
        since = sample.seconds
    return last.seconds - since


def _late_speed(moves: Sequence[tuple[float, int]], wanted_seconds: float) -> float:
    seconds, rows = 0.0, 0
    for move_seconds, move_rows in reversed(moves):
        seconds += move_seconds
        rows += move_rows
        if seconds >= wanted_seconds:
            break
    return rows / seconds
