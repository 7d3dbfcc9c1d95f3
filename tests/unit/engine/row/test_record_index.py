"""Indexes of records: they find what going through all records would find, whatever happens."""

import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.engine.row.record_index import Aspect, RecordIndex, Shape, TargetIndex

PARENT, TEXT, TARGET, OBJECT = range(4)  # columns
SHAPES: Sequence[Shape] = (
    (),
    (Aspect(TEXT),),
    (Aspect(TEXT, is_key_text=True),),
    (Aspect(TEXT), Aspect(TARGET)),
    (Aspect(OBJECT, keys=("a",)),),
)
TARGET_SHAPE: Shape = (Aspect(0), Aspect(1))


@dataclass(slots=True)
class Row:
    """A record."""

    values: list[Any]


@dataclass(slots=True)
class Records:
    """A table."""

    by_id: dict[int, Row | None] = field(default_factory=lambda: {0: None})
    changed: list[int] = field(default_factory=list)

    def put(self, id: int, values: list[Any] | None) -> None:
        """A record comes or changes; None: it goes."""
        if values is None:
            self.by_id.pop(id, None)
        else:
            self.by_id[id] = Row(values)
        self.changed.append(id)

    def found(self, column: int, value: object, shape: Shape, wanted: Hashable) -> list[int]:
        """The ids of the records with these values."""
        return sorted(
            id
            for id, row in self.by_id.items()
            if row is not None and row.values[column] == value and key(shape, row) == wanted
        )


def key(shape: Shape, row: Row) -> tuple[Hashable, ...]:
    return tuple(aspect.of(row.values) for aspect in shape)


VALUES = st.tuples(
    st.sampled_from([1, 2, None]),
    st.sampled_from(["a", "a ", None]),
    st.sampled_from([1, 2, 3, None]),
    st.sampled_from(['{"a":1}', "{}", None]),
).map(list)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("record"), st.integers(1, 6), st.none() | VALUES),
        st.tuples(
            st.just("target"),
            st.integers(1, 3),
            st.none() | st.tuples(st.sampled_from("xy"), st.sampled_from("xy")).map(list),
        ),
    ),
    max_size=12,
)


@given(CHANGES, st.sets(st.integers(0, 12)))
def test_index_finds_what_a_scan_finds(changes: list[Any], asked: set[int]) -> None:
    """Some questions are asked while records come, change and go, all of them at the end."""
    records, targets = Records(), Records()
    indexes = {shape: RecordIndex(records, PARENT, shape) for shape in SHAPES}
    of_targets = TargetIndex(
        records, PARENT, (), target_column=TARGET, targets=targets, target_shape=TARGET_SHAPE
    )
    for number, (table, id, values) in enumerate(changes):
        (records if table == "record" else targets).put(id, values)
        if number in asked:
            compare(records, targets, indexes, of_targets)
    compare(records, targets, indexes, of_targets)


def compare(
    records: Records,
    targets: Records,
    indexes: dict[Shape, RecordIndex],
    of_targets: TargetIndex,
) -> None:
    rows = [row for row in records.by_id.values() if row is not None]
    for parent in (1, 2):
        for shape, index in indexes.items():
            for wanted in {key(shape, row) for row in rows}:
                expected = records.found(PARENT, parent, shape, wanted)
                assert list(index.ids(parent, *wanted)) == expected
        for first, second in product("xy", "xy"):
            meant = [
                id for id, row in targets.by_id.items() if row and row.values == [first, second]
            ]
            expected = sorted(
                id
                for target in meant
                for id in records.found(PARENT, parent, (Aspect(TARGET),), (target,))
            )
            assert list(of_targets.ids(parent, first, second)) == expected
    named = {row.values[TARGET] for row in rows if row.values[PARENT] is not None}
    missing = {id for id in named - {None} if targets.by_id.get(id) is None}
    assert set(of_targets.missing(once=False)) == missing


@pytest.mark.parametrize(
    ("aspect", "values", "expected"),
    [
        (Aspect(0), [None], None),
        (Aspect(0), [" A"], " A"),
        (Aspect(0, is_key_text=True), [" A"], "A"),
        (Aspect(0, is_key_text=True), [None], None),
        (Aspect(0, keys=("a", "b")), ['{"b":1}'], ("null", "1")),
        (Aspect(0, keys=("a",)), [None], ("null",)),
        (Aspect(0, keys=("a",)), [json.dumps({"a": {"y": 1, "x": "ä"}})], ('{"x":"ä","y":1}',)),
    ],
)
def test_aspect_of_a_record(aspect: Aspect, values: list[Any], expected: Hashable) -> None:
    assert aspect.of(values) == expected


def test_missing_targets_are_told_once_to_those_who_collect() -> None:
    records, targets = Records(), Records()
    index = TargetIndex(
        records, PARENT, (), target_column=TARGET, targets=targets, target_shape=TARGET_SHAPE
    )
    records.put(1, [1, None, 5, None])
    assert list(index.missing(once=True)) == [5]
    assert list(index.missing(once=True)) == []
    records.put(2, [1, None, 6, None])
    assert sorted(index.missing(once=True)) == [5, 6]
    assert sorted(index.missing(once=False)) == [5, 6]
    targets.put(5, ["x", "x"])
    assert list(index.missing(once=True)) == [6]


def test_no_record_is_looked_at_again_unless_it_changes() -> None:
    """Each question costs what has changed since the one before it."""

    class Notes(list[int]):
        def __iter__(self) -> Any:
            raise AssertionError("all changes were gone through")

    class Counted(Row):
        looked_at = 0

        def __getattribute__(self, name: str) -> Any:
            if name == "values":
                Counted.looked_at += 1
            return super().__getattribute__(name)

    records = Records(changed=Notes())
    index = RecordIndex(records, PARENT, (Aspect(TEXT),))
    for number in range(1, 1001):
        records.by_id[number] = Counted([1, f"{number}", None, None])
        records.changed.append(number)
        assert list(index.ids(1, f"{number}")) == [number]
    assert Counted.looked_at == 1000
