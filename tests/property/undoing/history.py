"""Everything that was ever written, in the order in which it was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Changes = Mapping[str, tuple[Any, Any]]  # field -> before, after


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: an import, an undo of something, or somebody else (without a number)."""

    number: int | None
    of: "Author | None" = None  # what it takes back

    @property
    def root(self) -> "Author":
        """The import at the beginning of undos of undos."""
        return self if self.of is None else self.of.root

    @property
    def depth(self) -> int:
        """0: an import; 1: an undo of it; 2: an undo of that."""
        return 0 if self.of is None else self.of.depth + 1

    def is_kin_of(self, other: "Author") -> bool:
        """Whether one and the same import is taken back, or done once more, by both."""
        return self.number is not None and self.root == other.root

    def stands_for(self, other: "Author") -> bool:
        """Whether this has brought about what the other one has."""
        return self.is_kin_of(other) and self.depth % 2 == other.depth % 2


@dataclass(frozen=True, slots=True)
class Write:
    """One change of one record."""

    author: Author
    step: int  # the chunk of an import, or what an undo did in one go; later ones are greater
    event: str  # create, update, destroy, restore
    record: int
    changes: Changes = field(default_factory=dict)  # of an update
    image: Mapping[str, Any] | None = None  # the record, where it is destroyed or comes back
    is_purged: bool = False  # nobody knows any more what an update changed


class History:
    """The writes, oldest first."""

    def __init__(self, writes: Sequence[Write] = ()) -> None:
        self._writes = list(writes)

    def append(self, writes: Sequence[Write]) -> None:
        self._writes += writes

    def purge(self, author: Author) -> None:
        """Forget what somebody's updates have changed."""
        self._writes = [
            replace(each, changes={}, is_purged=True)
            if each.author == author and each.event == "update"
            else each
            for each in self._writes
        ]

    def of_record(self, record: int, without: Author | None = None) -> list[Write]:
        return [each for each in self._writes if each.record == record and each.author != without]

    def steps_of(self, author: Author) -> Iterator[list[Write]]:
        """What somebody wrote, step by step from the last."""
        steps = sorted({each.step for each in self._writes if each.author == author}, reverse=True)
        for step in steps:
            yield [each for each in self._writes if each.author == author and each.step == step]

    def created_by(self, author: Author, record: int) -> bool:
        return any(
            each.event == "create" and each.author == author for each in self.of_record(record)
        )
