"""Questions that each database is asked in its own words mean the same on all of them."""

import json
import random

import pytest
from sqlalchemy import literal, select

from longshore.records.containment import holds_json
from longshore.records.matchers import Question
from longshore.records.patterns import PATTERN_CHARACTERS_MAX, fits_pattern
from tests.unit.records.test_containment import holds

CHARACTERS = "aAbBéÉßK.*?[]^$-%_\\ (){}|+#:\n"


def ask(database, conditions):
    with database.read() as tx:
        return [bool(each) for each in tx.connection.execute(select(*conditions)).one()]


def like(pattern, text):
    """SQL's LIKE, without regard to case."""
    if not pattern:
        return not text
    first, rest = pattern[0], pattern[1:]
    if first == "%":
        return any(like(rest, text[at:]) for at in range(len(text) + 1))
    if first == "\\" and rest:
        first, rest = rest[0], rest[1:]
    elif first == "_":
        return bool(text) and like(rest, text[1:])
    return bool(text) and alike(first, text[0]) and like(rest, text[1:])


def alike(one, other):
    """Whether two characters are cases of each other, or the same."""
    return other in (one, one.lower(), one.upper())


def begins(part, text):
    return len(part) <= len(text) and all(map(alike, part, text))


MEANINGS = {
    Question.STARTS: begins,
    Question.ENDS: lambda part, text: begins(part[::-1], text[::-1]),
    Question.HOLDS_TEXT: lambda part, text: any(
        begins(part, text[at:]) for at in range(len(text) + 1)
    ),
    Question.MATCHES: like,
}


@pytest.mark.parametrize("question", MEANINGS)
def test_a_pattern_finds_what_it_means(database, question):
    chance = random.Random(question)
    cases = []
    for _ in range(400):
        text = "".join(chance.choices(CHARACTERS, k=chance.randint(0, 5)))
        start = chance.randint(0, len(text))
        part = text[start : start + chance.randint(0, 3)].swapcase()
        cases.append((chance.choice([part, "".join(chance.choices(CHARACTERS, k=2))]), text))
    found = ask(database, [fits_pattern(literal(text), question, part) for part, text in cases])
    meant = [MEANINGS[question](part, text) for part, text in cases]
    assert [
        case for case, one, other in zip(cases, found, meant, strict=True) if one != other
    ] == []
    assert any(meant)


def test_the_longest_allowed_pattern_is_one_that_the_database_takes(database):
    pattern, text = "é" * PATTERN_CHARACTERS_MAX, "É" * PATTERN_CHARACTERS_MAX
    for question in MEANINGS:
        assert ask(database, [fits_pattern(literal(text), question, pattern)]) == [True]


def document(chance, depth=2):
    kind = chance.randrange(4 if depth else 2)
    if kind == 2:
        return [document(chance, depth - 1) for _ in range(chance.randint(0, 3))]
    if kind == 3:
        keys = ["a", "b", 'quo"te', "$.a", "", "é"]
        return {key: document(chance, depth - 1) for key in chance.sample(keys, 2)}
    return chance.choice([None, True, False, 0, 1, 1.0, 1.5, -7, 2**62, "", "1", "true", "a", "é"])


def test_a_document_holds_what_a_naive_walk_finds(database):
    chance = random.Random(7)
    cases: list[tuple[object, object]] = []
    while len(cases) < 200:
        whole = document(chance)
        if isinstance(whole, dict | list):
            inner = list(whole.values() if isinstance(whole, dict) else whole)
            cases += [(whole, each) for each in (document(chance), whole, *inner)]
    for whole, value in cases:
        condition = holds_json(literal(json.dumps(whole, ensure_ascii=False)), value)
        assert ask(database, [condition]) == [holds(whole, value)], (whole, value)
