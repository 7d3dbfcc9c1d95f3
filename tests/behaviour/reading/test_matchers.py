"""Every matcher against what it means, spelled out in Python over a few telling values."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from longshore.records import MATCHERS
from tests.behaviour.reading.factory import Records

TEXTS = (None, "", "a", "A", "ab", "AB", "abc", "b", "é", "É", "a%", "a_b", "a*b", "[a]", "ｚ", "𝄞")
NUMBERS = (None, -5, 0, 1, 2, 2**62)
TRUTHS = (None, True, False)


def like(pattern: str, text: str) -> bool:
    """SQL's LIKE, without regard to case."""
    if not pattern:
        return not text
    first, rest = pattern[0], pattern[1:]
    if first == "%":
        return any(like(rest, text[at:]) for at in range(len(text) + 1))
    return (
        bool(text) and (first == "_" or first.lower() == text[0].lower()) and like(rest, text[1:])
    )


ONE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda field, value: bool(field == value),
    "lt": lambda field, value: bool(field < value),
    "lteq": lambda field, value: bool(field <= value),
    "gt": lambda field, value: bool(field > value),
    "gteq": lambda field, value: bool(field >= value),
    "matches": lambda field, value: like(value, field),
    "start": lambda field, value: bool(field.lower().startswith(value.lower())),
    "end": lambda field, value: bool(field.lower().endswith(value.lower())),
    "cont": lambda field, value: value.lower() in field.lower(),
}


def answers(matcher: str, field: Any, values: Sequence[Any]) -> bool:
    """Whether a field passes a matcher that compares."""
    name = matcher.removesuffix("_or_null")
    if field is None:
        return name != matcher
    negated = name.startswith(("not_", "does_not_"))
    name = name.replace("does_not_match", "matches").removeprefix("not_")
    name, over = {"in": ("eq_any", any), "eq_all": ("eq_all", all)}.get(name, (name, any))
    if name.endswith("_any"):
        over = any
    if name.endswith("_all") or (negated and matcher.startswith("not_in")):
        over = all
    compare = ONE[name.removesuffix("_any").removesuffix("_all")]
    return over(compare(field, value) != negated for value in values)


def written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


COMPARING = [
    name for name, matcher in MATCHERS.items() if not matcher.takes_switch and name != "jcont"
]


@pytest.fixture
def texts(records: Records) -> dict[int, str | None]:
    rows = [{"description": text} for text in TEXTS]
    return dict(zip(records.add_many("skus", rows), TEXTS, strict=True))


def test_every_matcher_finds_the_texts_that_it_means(
    records: Records, texts: dict[int, str | None]
) -> None:
    single = [["a"], ["ab"], ["É"], ["%B"], ["_"], ["z"], ["[a]"], ["ｚ"]]
    lists: list[list[str]] = [["a"], ["A", "b"], ["ab", "é"], ["a%", "%b"], ["b", "ab", "z"], []]
    for matcher in COMPARING:
        for values in lists if MATCHERS[matcher].over else single:
            found = records.ids("skus", (f"description_{matcher}", ",".join(values)))
            meant = [id_ for id_, text in texts.items() if answers(matcher, text, values)]
            assert found == meant, (matcher, values)


def test_every_matcher_finds_the_numbers_that_it_means(records: Records) -> None:
    rows = [{"compare_at_amount_cents": number} for number in NUMBERS]
    numbers = dict(zip(records.add_many("prices", rows), NUMBERS, strict=True))
    lists: list[list[int]] = [[0], [1, -5], [2, 3, 0], []]
    for matcher in (name for name in COMPARING if not MATCHERS[name].is_pattern):
        for values in lists if MATCHERS[matcher].over else [[1], [2**62]]:
            text = ",".join(map(str, values))
            found = records.ids("prices", (f"compare_at_amount_cents_{matcher}", text))
            meant = [id_ for id_, number in numbers.items() if answers(matcher, number, values)]
            assert found == meant, (matcher, values)


# A matcher, its value, and the truths that it finds.
SWITCHED: list[tuple[str, str, list[bool | None]]] = [
    ("null", "true", [None]),
    ("null", "false", [True, False]),
    ("not_null", "true", [True, False]),
    ("not_null", "false", [None]),
    ("blank", "1", [None]),
    ("present", "1", [True, False]),
    ("present", "0", [None]),
    ("true", "true", [True]),
    ("true", "false", [False]),
    ("false", "true", [False]),
    ("false", "false", [True]),
    ("eq", "t", [True]),
    ("not_eq", "true", [False]),
    ("not_eq_or_null", "true", [None, False]),
    ("in", "true,false", [True, False]),
]


def test_a_switch_finds_the_truths_that_it_means(records: Records) -> None:
    ids = records.add_many("skus", [{"do_not_ship": truth} for truth in TRUTHS])
    for matcher, value, found in SWITCHED:
        meant = [id_ for id_, truth in zip(ids, TRUTHS, strict=True) if truth in found]
        assert records.ids("skus", (f"do_not_ship_{matcher}", value)) == meant, (matcher, value)


def test_a_text_is_blank_when_it_is_empty_or_null(
    records: Records, texts: dict[int, str | None]
) -> None:
    blank = [id_ for id_, text in texts.items() if not text]
    filled = [id_ for id_, text in texts.items() if text]
    assert records.ids("skus", ("description_blank", "true")) == blank
    assert records.ids("skus", ("description_blank", "false")) == filled
    assert records.ids("skus", ("description_present", "true")) == filled
    assert records.ids("skus", ("description_present", "false")) == blank


def test_an_object_is_blank_when_it_is_empty_and_found_by_what_it_holds(records: Records) -> None:
    documents: list[dict[str, Any]] = [{}, {"a": 1}, {"a": {"b": ["x", "y"]}, "c": None}]
    ids = records.add_many("skus", [{"metadata": json.dumps(each)} for each in documents])
    assert records.ids("skus", ("metadata_blank", "true")) == ids[:1]
    assert records.ids("skus", ("metadata_present", "true")) == ids[1:]
    assert records.ids("skus", ("metadata_jcont", "{}")) == ids
    assert records.ids("skus", ("metadata_jcont", '{"a": 1.0}')) == ids[1:2]
    assert records.ids("skus", ("metadata_jcont", '{"a": {"b": ["y"]}}')) == ids[2:]
    assert records.ids("skus", ("metadata_jcont", '{"c": null}')) == ids[2:]
    assert records.ids("skus", ("metadata_jcont", '{"d": null}')) == []


def test_times_are_compared_as_instants(records: Records) -> None:
    first = records.add("skus", created_at=0)
    second = records.add("skus", created_at=86_400_000)
    assert records.ids("skus", ("created_at_lt", "1970-01-02")) == [first]
    assert records.ids("skus", ("created_at_gteq", "1970-01-02T02:00:00+02:00")) == [second]
    assert records.ids("skus", ("created_at_in", "1970-01-01,1970-01-02")) == [first, second]


def test_ids_are_compared_by_age_and_unknown_ones_are_nobodys(records: Records) -> None:
    ids = records.add_many("skus", [{}, {}, {}])
    first, second, third = map(records.public, ids)
    assert records.ids("skus", ("id_eq", second)) == [ids[1]]
    assert records.ids("skus", ("id_in", f"{third},{first},nobody")) == [ids[0], ids[2]]
    assert records.ids("skus", ("id_gt", first)) == ids[1:]
    assert records.ids("skus", ("id_lteq", second)) == ids[:2]
    assert records.ids("skus", ("id_not_eq", second)) == [ids[0], ids[2]]
    assert records.ids("skus", ("id_eq", "nobody")) == []
    assert records.ids("skus", ("id_not_in", "nobody")) == ids
    assert records.ids("skus", ("id_null", "true")) == []
