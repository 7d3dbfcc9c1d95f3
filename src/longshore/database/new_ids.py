"""The ids that a transaction gives to what it creates."""

from collections.abc import Callable, Sequence

# How many numbers are asked for at a time, at the most: they are few enough not to matter when
# they are left over, and many enough that asking does not.
_BLOCK_MAX = 1024


class NewIds:
    """Ascending ids of one environment, taken one by one, which can be given back in between.

    What the transaction reads under its locks was created with ids that were given before, so an
    id that lies among its own ones names nothing that is stored.
    """

    __slots__ = ("_base", "_block", "_ids", "_keep", "_reserve", "_taken")

    def __init__(
        self,
        base: int,
        reserve: Callable[[int], Sequence[int]],
        keep: Callable[[int], None] = lambda _last: None,
    ) -> None:
        self._base = base  # added to a number of the sequence
        self._reserve = reserve  # so many more numbers, ascending
        self._keep = keep  # is told the last number that was used
        self._ids: list[int] = []
        self._taken = 0
        self._block = 1

    def has(self, id: int) -> bool:
        """Whether an id lies among those that were reserved so far, given back or not."""
        ids = self._ids
        return bool(ids) and ids[0] <= id <= ids[-1]

    @property
    def taken(self) -> int:
        """How many were taken so far."""
        return self._taken

    @property
    def next(self) -> int:
        """The id that is taken next."""
        if self._taken == len(self._ids):
            self._extend(self._block)
            self._block = min(self._block * 4, _BLOCK_MAX)
        return self._ids[self._taken]

    def take(self) -> int:
        """The next id."""
        id = self.next
        self._taken += 1
        return id

    def take_many(self, count: int) -> Sequence[int]:
        """The next ids."""
        missing = self._taken + count - len(self._ids)
        if missing > 0:
            self._extend(missing)
        ids = self._ids[self._taken : self._taken + count]
        self._taken += count
        return ids

    def wind_to(self, taken: int) -> None:
        """Give back, or take again, all ids behind the first `taken` ones."""
        self._taken = taken

    def keep(self) -> None:
        """Make sure that nobody else is ever given the ids that were taken."""
        if self._taken:
            self._keep(self._ids[self._taken - 1] - self._base)

    def _extend(self, count: int) -> None:
        base = self._base
        self._ids += [base + number for number in self._reserve(count)]
