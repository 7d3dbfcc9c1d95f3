"""Records of a chunk by some of their values, so that nobody goes through them to find a few.

An index catches up with the records when it is asked: their table notes the id of each that comes,
changes or goes, undone rows included. So rows that ask for nothing pay for a number in a list.
"""

import json
from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, Protocol, TypeAlias

from longshore.catalogue import key_text
from longshore.engine.values.converters import canonical_json

_NONE: Sequence[int] = ()
_Key: TypeAlias = Callable[[Sequence[Any]], tuple[Hashable, ...]]


class Aspect(NamedTuple):
    """What of a record is compared: a value, or some keys of an object."""

    column: int
    is_key_text: bool = False  # the text is compared as keys are
    keys: tuple[str, ...] = ()  # of the object that is stored in the column

    def of(self, values: Sequence[Any]) -> Hashable:
        held = values[self.column]
        if self.keys:
            stored = {} if held is None else json.loads(held)
            return tuple([canonical_json(stored.get(key)) for key in self.keys])
        if self.is_key_text and held.__class__ is str:
            return key_text(held)
        hashable: Hashable = held
        return hashable


Shape: TypeAlias = tuple[Aspect, ...]


class Valued(Protocol):
    """A record, as far as an index sees it."""

    values: list[Any]


class Indexed(Protocol):
    """A table, as far as an index sees it."""

    @property
    def by_id(self) -> Mapping[int, Valued | None]: ...

    @property
    def changed(self) -> Sequence[int]:
        """The ids of records that came, changed or went, in that order."""


class RecordIndex:
    """The ids of records by the value of a column and by what a shape compares, ascending.

    A record whose column is null is not in it.
    """

    def __init__(self, table: Indexed, column: int, shape: Shape = ()) -> None:
        self._table = table
        self._column = column
        self._key = _key_function((Aspect(column), *shape))
        self._ids: dict[tuple[Hashable, ...], list[int]] = {}
        self._keys: dict[int, tuple[Hashable, ...]] = {}  # under which each record stands
        self._seen: int | None = None  # changes; None: it has not looked at any record

    def ids(self, *key: Hashable) -> Sequence[int]:
        """The records with these values, that of the column first; not to be changed.

        What is given may change with the next question.
        """
        self._catch_up()
        return self._ids.get(key, _NONE)

    def _catch_up(self) -> None:
        changed = self._table.changed
        seen, self._seen = self._seen, len(changed)
        if seen is None:
            self._place(sorted(self._table.by_id))
        elif seen < len(changed):
            self._place(changed[seen:])  # `islice` would go through those before

    def _place(self, ids: Iterable[int]) -> None:
        """Let records stand where they belong, wherever they stood before."""
        records, keys = self._table.by_id, self._keys
        for id in ids:
            record = records.get(id)
            key = None if record is None else self._key_of(id, record.values)
            before = keys.get(id)
            if key == before:
                continue
            if before is not None:
                self._take_away(id, before)
            if key is None:
                del keys[id]
                continue
            keys[id] = key
            held = self._ids.setdefault(key, [])
            if held and held[-1] > id:
                insort(held, id)
            else:
                held.append(id)

    def _key_of(self, id: int, values: Sequence[Any]) -> tuple[Hashable, ...] | None:
        """What a record is found by; None: it is not in the index."""
        return None if values[self._column] is None else self._key(values)

    def _take_away(self, id: int, key: tuple[Hashable, ...]) -> None:
        held = self._ids[key]
        if held[-1] == id:
            held.pop()
        else:
            del held[bisect_left(held, id)]
        if not held:
            del self._ids[key]


class TargetIndex(RecordIndex):
    """The same, where a shape of a target is compared as well.

    Only what is loaded can be compared: whoever asks has `missing` targets loaded first.
    """

    def __init__(
        self,
        table: Indexed,
        column: int,
        shape: Shape,
        *,
        target_column: int,
        targets: Indexed,
        target_shape: Shape,
    ) -> None:
        super().__init__(table, column, shape)
        self._target_column = target_column
        self._targets = targets
        self._target_key = _key_function(target_shape)
        self._seen_targets = len(targets.changed)
        self._referring: dict[int, set[int]] = {}  # target -> records that refer or have referred
        self._unplaced: set[int] = set()  # records whose targets were not there
        self._is_asked = False

    def missing(self, *, once: bool) -> Iterator[int]:
        """The targets that have to be loaded.

        With `once` they are told one time only, until there are more or somebody asks without it.
        """
        self._catch_up()
        if once and self._is_asked:
            return
        self._is_asked = once
        for id in tuple(self._unplaced):
            record = self._table.by_id.get(id)
            if record is not None:
                yield record.values[self._target_column]

    def _catch_up(self) -> None:
        super()._catch_up()
        changed = self._targets.changed
        if self._seen_targets < len(changed):
            targets = changed[self._seen_targets :]
            self._seen_targets = len(changed)
            for target in targets:
                self._place(tuple(self._referring.get(target, ())))

    def _key_of(self, id: int, values: Sequence[Any]) -> tuple[Hashable, ...] | None:
        self._unplaced.discard(id)
        own = super()._key_of(id, values)
        target = values[self._target_column]
        if own is None or target is None:
            return None
        self._referring.setdefault(target, set()).add(id)
        found = self._targets.by_id.get(target)
        if found is None:
            self._unplaced.add(id)
            self._is_asked = False
            return None
        return (*own, *self._target_key(found.values))


def _key_function(shape: Shape) -> _Key:
    """What a shape compares of a record's values."""
    if any(aspect.keys or aspect.is_key_text for aspect in shape):
        return lambda values: tuple([aspect.of(values) for aspect in shape])
    columns = [aspect.column for aspect in shape]
    if len(columns) > 1:
        return itemgetter(*columns)
    return lambda values: tuple([values[column] for column in columns])
