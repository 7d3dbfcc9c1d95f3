"""How long the rest of an import takes, told of imports that were recorded.

Goal: after a tenth of the rows the median error is under a fifth. Method: the traces are real
imports (`benchmarks/progress_traces.py`) of 800,000 rows, of several types, on both databases, one
of them stopped for eight seconds, on a machine that did nothing else: what other programs take away
later is nobody's to foresee. At each sample behind the first tenth, what is told is compared with
the time that the rest has taken.
"""

import json
from pathlib import Path
from statistics import median

import pytest

from longshore.operations import Sample, rows_per_second, seconds_left

_TRACES = sorted((Path(__file__).parent / "progress_traces").glob("*.json"))


def trace_of(path: Path) -> tuple[list[Sample], int]:
    document = json.loads(path.read_text(encoding="utf-8"))
    samples = [Sample(seconds=seconds, rows=rows) for seconds, rows in document["samples"]]
    return samples, document["rows"]


def errors_of(samples: list[Sample], rows_count: int) -> list[float]:
    """The errors of what is told at each sample, as shares of the time that the rest took.

    Time in which nothing moved is nobody's to foresee, so it does not count for what came after.
    """
    ends_at = next(each.seconds for each in samples if each.rows == rows_count)
    found = []
    for index, sample in enumerate(samples):
        if not rows_count / 10 <= sample.rows < rows_count:
            continue
        left = ends_at - sample.seconds - pause_seconds(samples[index:])
        told = seconds_left(samples[: index + 1], rows_count)
        if told is not None and left > 0.5:
            found.append(abs(told - left) / left)
    return found


def pause_seconds(samples: list[Sample]) -> float:
    """Seconds of pauses of more than three seconds."""
    pauses, since = 0.0, samples[0]
    for sample in samples[1:]:
        if sample.rows != since.rows:
            seconds = sample.seconds - since.seconds
            pauses += seconds if seconds > 3 else 0.0
            since = sample
    return pauses


@pytest.mark.parametrize("path", _TRACES, ids=lambda path: path.stem)
def test_the_median_error_is_small_after_a_tenth_of_the_rows(path: Path) -> None:
    errors = errors_of(*trace_of(path))
    assert len(errors) >= 10
    assert median(errors) < 0.2


def steady(seconds: int, *, per_second: int = 100, first: int = 0, rows: int = 0) -> list[Sample]:
    return [
        Sample(seconds=first + second, rows=rows + second * per_second)
        for second in range(seconds + 1)
    ]


def test_a_steady_import_is_told_exactly() -> None:
    trace = steady(20)
    assert rows_per_second(trace) == pytest.approx(100)
    assert seconds_left(trace, 10_000) == pytest.approx(80)


def test_an_import_that_was_taken_over_goes_on_as_fast_as_before() -> None:
    trace = steady(20) + steady(20, first=80, rows=2000)
    assert seconds_left(trace, 10_000) == pytest.approx(60)


def test_nothing_is_told_while_nothing_moves_or_before_anything_has() -> None:
    stopped = [Sample(seconds=20 + second, rows=2000) for second in range(1, 15)]
    assert seconds_left(steady(20) + stopped, 10_000) is None
    assert rows_per_second(steady(20) + stopped) == 0
    assert seconds_left([], 10) is None
    assert seconds_left(steady(0), 10) is None
    assert rows_per_second(steady(0)) is None


def test_an_import_that_slows_down_is_told_by_its_speed_of_late() -> None:
    trace = steady(20, per_second=1000) + steady(60, first=21, rows=20_000, per_second=100)
    left = seconds_left(trace, 36_000)
    assert left is not None
    # At 100 a second it takes 100 seconds; the average of all would say 32.
    assert 50 < left < 110


def test_at_the_end_nothing_is_left() -> None:
    assert seconds_left(steady(20), 2000) == 0
