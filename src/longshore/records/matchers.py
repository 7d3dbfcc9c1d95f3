"""The 51 matchers of the wire's filters, as data.

A matcher is a question about one field, negated or not, with one value or a list of them. Names
and meaning are Ransack's, which the wire contract takes over
(https://activerecord-hackery.github.io/ransack/getting-started/search-matches/).

A field that is null answers no question, negated ones included: it is found only by `null`,
`blank`, their opposites inverted, and the matchers that end in `_or_null`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from longshore.catalogue import ValueType

ID: Final = "id"
LINK: Final = "link"

# What a filter can ask about: the type of an attribute, an id, which is compared by age, or a link,
# of which only can be asked whether there is one.
FieldKind = ValueType | Literal["id", "link"]


class Question(StrEnum):
    """What is asked of a field."""

    EQUAL = "equal"
    LESS = "less"
    LESS_OR_EQUAL = "less_or_equal"
    GREATER = "greater"
    GREATER_OR_EQUAL = "greater_or_equal"
    MATCHES = "matches"  # the value is a pattern with the user's own % and _
    STARTS = "starts"
    ENDS = "ends"
    HOLDS_TEXT = "holds_text"
    HOLDS_JSON = "holds_json"
    IS_TRUE = "is_true"
    IS_FALSE = "is_false"
    IS_NULL = "is_null"
    IS_BLANK = "is_blank"  # null, an empty text, object or array


class Over(StrEnum):
    """How the answers for the values of a list combine."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """One matcher: the last part of a filter's name."""

    name: str
    question: Question
    negated: bool = False
    over: Over | None = None  # the value is a list, separated by commas; None: one value
    or_null: bool = False  # records whose field is null are found too

    @property
    def takes_switch(self) -> bool:
        """Whether the value only says if the question applies (true) or its opposite (false)."""
        return self.question in _SWITCHED

    @property
    def is_pattern(self) -> bool:
        """Whether texts are compared with a pattern, without regard to case."""
        return self.question in _PATTERNS

    def takes(self, kind: FieldKind) -> bool:
        """Whether fields of this type can be asked the question."""
        return kind in _ASKED[self.question]


_PATTERNS = (Question.MATCHES, Question.STARTS, Question.ENDS, Question.HOLDS_TEXT)
_ORDERS = (Question.LESS, Question.LESS_OR_EQUAL, Question.GREATER, Question.GREATER_OR_EQUAL)
_SWITCHED = frozenset((Question.IS_TRUE, Question.IS_FALSE, Question.IS_NULL, Question.IS_BLANK))
_COMPOSED: frozenset[FieldKind] = frozenset((ValueType.OBJECT, ValueType.ARRAY))
_ALL: frozenset[FieldKind] = frozenset((*ValueType, ID, LINK))
_SCALAR = _ALL - _COMPOSED - {LINK}

_ASKED: Mapping[Question, frozenset[FieldKind]] = {
    Question.EQUAL: _SCALAR,
    **dict.fromkeys(_ORDERS, _SCALAR - {ValueType.BOOLEAN}),
    **dict.fromkeys(_PATTERNS, frozenset((ValueType.STRING,))),
    Question.HOLDS_JSON: _COMPOSED,
    Question.IS_TRUE: frozenset((ValueType.BOOLEAN,)),
    Question.IS_FALSE: frozenset((ValueType.BOOLEAN,)),
    Question.IS_NULL: _ALL,
    Question.IS_BLANK: _ALL,
}


def _equalities() -> Iterable[Matcher]:
    for negated, prefix in ((False, ""), (True, "not_")):
        over = Over.ALL if negated else Over.ANY
        for or_null, suffix in ((False, ""), (True, "_or_null")):
            yield Matcher(
                name=f"{prefix}eq{suffix}",
                question=Question.EQUAL,
                negated=negated,
                or_null=or_null,
            )
            yield Matcher(
                name=f"{prefix}in{suffix}",
                question=Question.EQUAL,
                negated=negated,
                over=over,
                or_null=or_null,
            )
    yield Matcher(name="not_eq_all", question=Question.EQUAL, negated=True, over=Over.ALL)


def _orders() -> Iterable[Matcher]:
    for name, question in zip(("lt", "lteq", "gt", "gteq"), _ORDERS, strict=True):
        yield Matcher(name=name, question=question)
        for over in Over:
            yield Matcher(name=f"{name}_{over}", question=question, over=over)


def _patterns() -> Iterable[Matcher]:
    names = (
        ("matches", "does_not_match"),
        ("start", "not_start"),
        ("end", "not_end"),
        ("cont", "not_cont"),
    )
    for question, (plain, opposite) in zip(_PATTERNS, names, strict=True):
        for name, negated in ((plain, False), (opposite, True)):
            yield Matcher(name=name, question=question, negated=negated)
            for over in Over:
                # The wire contract has no not_cont_any.
                if (name, over) != ("not_cont", Over.ANY):
                    yield Matcher(
                        name=f"{name}_{over}", question=question, negated=negated, over=over
                    )


def _switches() -> Iterable[Matcher]:
    yield Matcher(name="present", question=Question.IS_BLANK, negated=True)
    yield Matcher(name="blank", question=Question.IS_BLANK)
    yield Matcher(name="null", question=Question.IS_NULL)
    yield Matcher(name="not_null", question=Question.IS_NULL, negated=True)
    yield Matcher(name="true", question=Question.IS_TRUE)
    yield Matcher(name="false", question=Question.IS_FALSE)


MATCHERS: Mapping[str, Matcher] = {
    matcher.name: matcher
    for matcher in (
        *_equalities(),
        *_orders(),
        *_patterns(),
        *_switches(),
        Matcher(name="jcont", question=Question.HOLDS_JSON),
    )
}


def split_matcher(key: str) -> Iterable[tuple[str, Matcher]]:
    """The ways to read a filter's name as fields and a matcher, the longest matcher first."""
    at = key.find("_")
    while at != -1:
        if matcher := MATCHERS.get(key[at + 1 :]):
            yield key[:at], matcher
        at = key.find("_", at + 1)
