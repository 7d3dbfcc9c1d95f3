"""How many rows are tried together after the database has refused a statement.

Some row is behind the refusal, and only rows that are tried alone show that it is they. So the
rows are halved, the first half is gone through to its end, then the second, each halved again as
long as it is refused: one row among n costs about 2 log n transactions, k rows at most 2 k log n,
and no row is tried again with one that is found out.
"""


class Halves:
    """The halves of rows that are still to be gone through."""

    def __init__(self) -> None:
        self._ends: list[int] = []  # numbers of the rows behind them, those of the nearest last

    def offer(self, first: int, count: int) -> int:
        """How many of the rows at hand, from number `first` on, may be tried together."""
        ends = self._ends
        while ends and ends[-1] <= first:
            ends.pop()
        return min(count, ends[-1] - first) if ends else count

    def refused(self, first: int, count: int) -> None:
        """Say that a statement was refused for these rows, which are two at least."""
        self._ends.append(first + count // 2)
