"""Columns converted whole are the same as their cells converted one by one."""

import gc
from collections.abc import Hashable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.catalogue import Attribute
from longshore.engine.plan.field_names import input_names
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import Converter
from longshore.engine.values.whole_columns import ColumnConverter, WholeColumn
from tests.unit.engine.plans import CATALOGUE, plan_of

Column = tuple[Converter, WholeColumn]


def _traits(attribute: Attribute, keyed: set[str]) -> Hashable:
    """What the conversion of an attribute depends on."""
    bounds = (attribute.minimum, attribute.above, attribute.maximum, attribute.nonzero)
    lengths = (attribute.length_min, attribute.length_max, attribute.lower)
    is_key = attribute.name in keyed or attribute.names is not None
    return (attribute.type, bool(attribute.enum), attribute.form, *bounds, *lengths, is_key)


def _columns() -> dict[str, Column]:
    """A column of each kind that the catalogue has and that can be converted whole."""
    found: dict[Hashable, tuple[str, Column]] = {}
    for name in CATALOGUE.creatable:
        declared = CATALOGUE.types[name]
        attributes = {each.name: each for each in declared.attributes}
        keyed = {part for key in declared.keys for part in key.parts}
        root = plan_of(name, input_names(CATALOGUE, declared)).root
        for field, slot in root.slots.items():
            convert, whole = root.converters[slot], root.whole_columns[slot]
            if convert is not None and whole is not None:
                attribute = attributes.get(field)
                kind = None if attribute is None else _traits(attribute, keyed)
                found.setdefault(kind, (f"{name}.{field}", (convert, whole)))
    return dict(found.values())


COLUMNS = _columns()

GOOD_TEXTS: tuple[str, ...] = (
    *("0", "1", "12", "99", "+7", "007", "1.5", "0.25", "true", "false", "no", "EUR", "IT", "it"),
    *("gr", "skus", "a@example.com", "12345678", "CODE-1", "Straße", "日本", "abcdefgh", "é" * 12),
)
ODD_TEXTS: tuple[str, ...] = (
    *("", " ", "\t", "\u00a0", "\0", "a\0b", "\ud800", "-1", "-0", "-0.0", "1e3", "1e999", "١٢"),
    *("9" * 18, "9" * 19, "-" + "9" * 19, str(2**63 - 1), str(2**63), "9" * 50, " 12 ", "12."),
    *("maybe", "TRUE", "x" * 26, "x" * 41, "x" * 129, "x" * 512, "x" * 513, "é" * 257, "é" * 513),
    *("x" * 1025, "İ", "nan", "inf", "1\n2", "0" * 15 + ".5", "1" * 16),
)
GOOD_VALUES: tuple[Any, ...] = (*GOOD_TEXTS, 0, 1, 7, 12, 1.5, 0.25, True, False)
ODD_VALUES: tuple[Any, ...] = (
    *ODD_TEXTS,
    *(
        None,
        ABSENT,
        -1,
        2**63 - 1,
        2**63,
        -(2**63) - 1,
        0.0,
        -0.0,
        1e300,
        10**400,
        2**60,
        [],
        {},
        [1],
    ),
)


def cells(good: tuple[Any, ...], odd: tuple[Any, ...]) -> st.SearchStrategy[list[Any]]:
    """Columns of few different cells, mostly good ones, so that many can be converted whole."""
    of_few = st.lists(st.sampled_from(good), min_size=1, max_size=3).flatmap(
        lambda few: st.lists(st.sampled_from(few), max_size=8)
    )
    return st.one_of(
        of_few,
        st.lists(st.sampled_from((*good, *odd)), max_size=8),
        # Long enough for pieces some of which are vouched for.
        st.lists(st.sampled_from((*good, *good, *odd)), min_size=9, max_size=40),
        st.lists(st.sampled_from(odd), max_size=3),
    )


def outcome(result: tuple[Any, Any]) -> tuple[list[object], list[tuple[int, str]]]:
    """What is comparable: values with their types, and messages by row."""
    values, refusals = result
    assert len({index for index, _ in refusals}) == len(refusals)
    shown: list[object] = [(value, type(value), repr(value)) for value in values]
    return shown, [(index, refused.message) for index, refused in refusals]


@pytest.mark.parametrize("column", COLUMNS)
@given(data=st.data())
def test_texts_convert_alike_whole_and_one_by_one(column: str, data: st.DataObject) -> None:
    convert, whole = COLUMNS[column]
    texts = data.draw(cells(GOOD_TEXTS, ODD_TEXTS))
    expected = outcome(ColumnConverter(convert, None).texts(texts))
    assert outcome(ColumnConverter(convert, whole).texts(texts)) == expected


@pytest.mark.parametrize("column", COLUMNS)
@given(data=st.data())
def test_json_values_convert_alike_whole_and_one_by_one(column: str, data: st.DataObject) -> None:
    convert, whole = COLUMNS[column]
    values = data.draw(cells(GOOD_VALUES, ODD_VALUES))
    expected = outcome(ColumnConverter(convert, None).values(values))
    assert outcome(ColumnConverter(convert, whole).values(values)) == expected


def test_cells_that_are_refused_leave_nothing_for_the_collector() -> None:
    """Tracebacks would keep all cells of a chunk, until somebody looks for circles."""
    convert, whole = plan_of_weight()
    gc.collect()
    gc.disable()
    try:
        values, refusals = ColumnConverter(convert, whole).texts(["1.5", "heavy", "2.5"])
        assert [index for index, _ in refusals] == [1]
        del values, refusals
        assert gc.collect() == 0
    finally:
        gc.enable()


def plan_of_weight() -> Column:
    root = plan_of("skus", ("code", "weight")).root
    convert, whole = root.converters[root.slots["weight"]], root.whole_columns[root.slots["weight"]]
    assert convert is not None
    assert whole is not None
    return convert, whole
