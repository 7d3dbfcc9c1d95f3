"""The columns of what became of rows."""

from longshore.engine.values.outcomes import ChunkResult
from longshore.imports import RowOutcome


def test_counts_are_those_of_the_outcomes() -> None:
    outcomes = [RowOutcome.FAILED, RowOutcome.CREATED, RowOutcome.SKIPPED, RowOutcome.FAILED]
    result = ChunkResult(outcomes=bytearray(outcomes))
    assert result.consumed == 4
    assert {outcome: result.counts[outcome] for outcome in RowOutcome} == {
        RowOutcome.CREATED: 1,
        RowOutcome.UPDATED: 0,
        RowOutcome.UNCHANGED: 0,
        RowOutcome.FAILED: 2,
        RowOutcome.SKIPPED: 1,
    }


def test_nothing_was_gone_through_at_the_beginning() -> None:
    assert (ChunkResult().consumed, sum(ChunkResult().counts)) == (0, 0)
