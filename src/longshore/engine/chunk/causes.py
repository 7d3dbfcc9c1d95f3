"""Why a record that a row names is not there: the row that would have made it failed before.

Sources that belong together are imported one after the other. Where a row of one names a record by
its key, and there is none, it is told of the row of an earlier source that has this key and failed.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple, Protocol

from longshore.catalogue import Catalogue, keys_of_target, required_parts
from longshore.database import Transaction
from longshore.imports import ErrorCause

# So many failed rows are known by their keys, of all sources together; they are held in memory.
_KEYS_MAX = 100_000


class Cause(NamedTuple):
    """A row that failed, in an import; in a dry run, in the source of that number."""

    import_id: int
    row: int


class Causes(Protocol):
    """Knows which rows failed in the sources before the one that is gone through."""

    def find(self, tx: Transaction, types: Sequence[str], text: str) -> Cause | None:
        """A failed row that would have made a record of one of these types with this key."""


class FailedKeys:
    """Rows that failed, by the keys of the records that they would have made."""

    def __init__(self) -> None:
        self._causes: dict[tuple[str, str], Cause] = {}

    @property
    def is_full(self) -> bool:
        """Whether no more are taken."""
        return len(self._causes) >= _KEYS_MAX

    def add(self, type_: str, keys: Iterable[str], cause: Cause) -> None:
        """Take a row that failed; of several with one key the first is told."""
        for text in keys:
            if not self.is_full:
                self._causes.setdefault((type_, text), cause)

    def find(self, types: Sequence[str], text: str) -> Cause | None:
        return next((found for each in types if (found := self._causes.get((each, text)))), None)


class TriedCauses:
    """The failed rows of the sources of one dry run, which are numbered from 0."""

    def __init__(self) -> None:
        self._keys = FailedKeys()
        self._types: list[str] = []
        self._source_rows: dict[Cause, int | None] = {}

    def begin(self, type_: str) -> None:
        """The next source is gone through."""
        self._types.append(type_)

    def add(self, row: int, keys: Iterable[str], source_row: int | None) -> None:
        """Take a row of this source that failed."""
        if not self._keys.is_full:
            cause = Cause(len(self._types) - 1, row)
            self._source_rows[cause] = source_row
            self._keys.add(self._types[-1], keys, cause)

    def find(self, tx: Transaction, types: Sequence[str], text: str) -> Cause | None:
        return self._keys.find(types, text)

    def told(self, import_id: int | None, row: int | None) -> ErrorCause | None:
        """What is said of a cause; None: there is none."""
        if import_id is None or row is None:
            return None
        return ErrorCause(
            import_id=None,
            resource_type=self._types[import_id],
            row=row,
            source_row=self._source_rows.get(Cause(import_id, row)),
        )


@cache
def single_keys(catalogue: Catalogue, type_: str) -> tuple[str, ...]:
    """The attributes of a type each of which names a record by itself."""
    declared = catalogue.types[type_]
    named = (required_parts(key) for key in keys_of_target(catalogue, declared))
    attributes = {each.name for each in declared.attributes}
    return tuple(
        dict.fromkeys(parts[0] for parts in named if len(parts) == 1 and parts[0] in attributes)
    )
