"""What all values of a column show of their spelling, and what is decided by that.

Evidence is taken batch by batch, in bounded memory. One value that can be read in one way only
decides for all that could be read in two; values that show both decide nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from longshore.catalogue import NUMBER, TRUTHS
from longshore.clock import parse_datetime
from longshore.spellings.amounts import shown_by_amount
from longshore.spellings.boolean_words import BOOLEAN_WORDS, boolean_word, languages_of
from longshore.spellings.date_texts import DateOrder, ShownOrder, shown_by_date
from longshore.spellings.number_texts import (
    DecimalMark,
    ShownMark,
    parted,
    shown_by_number,
)
from longshore.spellings.spelling import Spelling
from longshore.spellings.weights import WEIGHT_UNITS, shown_by_weight

# What spreadsheets and people put where there is no value, in small letters.
_ERROR_TOKENS = frozenset(
    ("#n/a", "#n/v", "#nv", "#ref!", "#bezug!", "#value!", "#wert!", "#name?", "#div/0!")
) | {"#null!", "#num!", "#zahl!"}
_BLANK_TOKENS = _ERROR_TOKENS | {"-", "--", "–", "—", "n/a"}

_MEMO_SIZE = 4096
_UNREAD_SHARE = 10  # one in so many values at most
_INTEGERS = re.compile(r"[0-9]{0,18}(?:\0[0-9]{0,18})*")
_POINTS = re.compile(
    r"(?:[0-9]{1,15}(?:\.(?:[0-9]{1,2}|[0-9]{4,15}))?)?"
    r"(?:\0(?:[0-9]{1,15}(?:\.(?:[0-9]{1,2}|[0-9]{4,15}))?)?)*"
)
_ISO = r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z)?)?"
_ISO_DATES = re.compile(rf"{_ISO}(?:\0{_ISO})*")


def is_blank_token(text: str) -> bool:
    """Whether a text stands for no value, as `-` and the errors of spreadsheets do."""
    return text.strip().lower() in _BLANK_TOKENS


def is_error_token(text: str) -> bool:
    """Whether a text is what spreadsheets write where a formula has no value."""
    return text.strip().lower() in _ERROR_TOKENS


class ColumnKind(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    INTEGER = "integer"
    AMOUNT = "amount"
    WEIGHT = "weight"
    DATE = "date"
    BOOLEAN = "boolean"


class VerdictKind(StrEnum):
    """What is decided of a column."""

    WIRE = "wire"  # its values are as the wire spells them, or nothing else reads more of them
    DECIDED = "decided"
    OPEN = "open"  # its values may mean two things, and none of them shows which
    CONTRADICTORY = "contradictory"  # its values show two things


class Example(NamedTuple):
    """A value of a column, and the number of its row."""

    row: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnVerdict:
    """What is decided of a column, and the first values that show it."""

    kind: VerdictKind
    spelling: Spelling | None = None  # of a decided column
    examples: tuple[Example, ...] = ()
    blanks_count: int = 0  # values that stand for no value
    first_blank: Example | None = None


class _Class(NamedTuple):
    """What one value shows."""

    shown: str
    detail: str  # the unit of a weight, the word of a truth value, the mark under which it is whole
    is_wire: bool
    has_point: bool = False  # of a number that may be two: a point that may part thousands


_BLANK = _Class("blank", "", is_wire=True)
_TOKEN = _Class("token", "", is_wire=False)
_WIRE_INTEGER = _Class(ShownMark.BOTH, "", is_wire=True)
_WIRE_POINT = _Class(ShownMark.POINT, "", is_wire=True)
_WIRE_DATE = _Class(ShownOrder.CLEAR, "", is_wire=True)


class ColumnEvidence:
    """Gathers what the values of one column show."""

    def __init__(self, kind: ColumnKind, *, has_unit_beside: bool = False) -> None:
        """`has_unit_beside`: another column says in which unit weights are that name none."""
        self.kind = kind
        self._has_unit_beside = has_unit_beside
        self._memo = _ClassOfCell(_CLASSIFIERS[kind])
        self._counts: Counter[_Class] = Counter()
        self._first: dict[_Class, Example] = {}

    def take(self, cells: Sequence[str], first: int) -> None:
        """Take cells of consecutive rows, the first of which has this number."""
        joined = "\0".join(cells)
        filled = len(cells) - cells.count("")
        if not filled:
            return
        if self.kind is ColumnKind.DATE:
            if _ISO_DATES.fullmatch(joined):
                self._note({_WIRE_DATE: filled}, cells, first, lambda cell: _WIRE_DATE)
                return
        elif self.kind is not ColumnKind.BOOLEAN:
            if _INTEGERS.fullmatch(joined):
                self._note({_WIRE_INTEGER: filled}, cells, first, lambda cell: _WIRE_INTEGER)
                return
            if _POINTS.fullmatch(joined):
                points = joined.count(".")
                counts = {_WIRE_POINT: points, _WIRE_INTEGER: filled - points}
                self._note(counts, cells, first, _quick)
                return
        if len(self._memo) > _MEMO_SIZE:
            self._memo.clear()
        of_cell = self._memo.__getitem__
        self._note(Counter(map(of_cell, cells)), cells, first, of_cell)

    def is_wire(self) -> bool:
        """Whether everything that was seen is spelled as on the wire."""
        return all(each.is_wire for each in self._counts)

    def shown_marks(self) -> dict[DecimalMark, Example]:
        """The decimal marks that numbers show by themselves, each with the first that does."""
        found = {mark: self._examples(_shows(mark)) for mark in DecimalMark}
        return {mark: examples[0] for mark, examples in found.items() if examples}

    def verdict(
        self,
        *,
        asked: Spelling | None = None,
        decimal: DecimalMark | None = None,
        has_numbers: bool = False,
    ) -> ColumnVerdict:
        """What is decided after all values were taken. `asked` is what somebody says of the column:
        then it is not in the wire's spelling. `decimal` is a mark that is known, whatever the
        values show. In a source that `has_numbers` of its own, such as a workbook, these have a
        point before their decimals, whatever is written beside them or said of the whole source."""
        counts = {each: count for each, count in self._counts.items() if each != _BLANK}
        tokens = counts.pop(_TOKEN, 0)
        gained = tokens + sum(
            count
            for each, count in counts.items()
            if not each.is_wire and each.shown != ShownMark.NONE
        )
        is_free = asked is None and decimal is None and self.kind is not ColumnKind.AMOUNT
        if is_free and not gained:
            return ColumnVerdict(kind=VerdictKind.WIRE)
        decided = self._decided(counts, asked, decimal)
        points = [each for each in counts if each.has_point]
        if has_numbers and points and _is_comma(decided.spelling):
            examples = self._examples(lambda each: each.has_point)
            return ColumnVerdict(kind=VerdictKind.OPEN, examples=examples)
        if decided.kind is not VerdictKind.DECIDED:
            return decided
        unread = sum(count for each, count in counts.items() if each.shown == ShownMark.NONE)
        if is_free and unread * _UNREAD_SHARE > sum(counts.values()):
            return ColumnVerdict(kind=VerdictKind.WIRE)
        return ColumnVerdict(
            kind=VerdictKind.DECIDED,
            spelling=decided.spelling,
            examples=decided.examples,
            blanks_count=tokens,
            first_blank=self._first.get(_TOKEN),
        )

    def _decided(
        self,
        counts: Mapping[_Class, int],
        asked: Spelling | None,
        decimal: DecimalMark | None,
    ) -> ColumnVerdict:
        if self.kind is ColumnKind.BOOLEAN:
            return self._language(counts)
        if self.kind is ColumnKind.DATE:
            return self._order(counts)
        verdict = self._decimal(counts) if decimal is None else _of_mark(decimal)
        if self.kind is not ColumnKind.WEIGHT or verdict.spelling is None:
            return verdict
        unit = asked.unit if asked is not None else None
        if unit is None:
            units = {each.detail for each in counts if each.shown != ShownMark.NONE}
            named = units - {""}
            systems = {WEIGHT_UNITS[each][0] for each in named}
            # Of numbers without a unit nobody knows that it is that of the others.
            are_unclear = len(named) > 1 or (bool(named) and self._has_unit_beside)
            if len(systems) > 1 or (are_unclear and "" in units):
                return ColumnVerdict(
                    kind=VerdictKind.CONTRADICTORY,
                    examples=self._examples(*map(_has_detail, sorted(units))),
                )
            if named:
                unit = next(iter(named)) if len(named) == 1 else "gr"
        spelling = Spelling(is_number=True, decimal=verdict.spelling.decimal, unit=unit)
        examples = verdict.examples or self._examples(lambda each: bool(each.detail))
        return ColumnVerdict(kind=VerdictKind.DECIDED, spelling=spelling, examples=examples)

    def _decimal(self, counts: Mapping[_Class, int]) -> ColumnVerdict:
        shown = {each.shown for each in counts}
        if {ShownMark.COMMA, ShownMark.POINT} <= shown:
            examples = self._examples(_shows(ShownMark.COMMA), _shows(ShownMark.POINT))
            return ColumnVerdict(kind=VerdictKind.CONTRADICTORY, examples=examples)
        open_ = _shows(ShownMark.OPEN)
        if self.kind is ColumnKind.INTEGER and not shown & set(DecimalMark):
            found = self._thousands(counts, shown)
            if found is not None:
                return found
        for mark in DecimalMark:
            if mark in shown:
                spelling = Spelling(is_number=True, decimal=mark)
                examples = self._examples(_shows(mark), open_)
                return ColumnVerdict(kind=VerdictKind.DECIDED, spelling=spelling, examples=examples)
        if ShownMark.OPEN in shown:
            return ColumnVerdict(kind=VerdictKind.OPEN, examples=self._examples(open_))
        return _of_mark(DecimalMark.POINT)

    def _thousands(self, counts: Mapping[_Class, int], shown: set[str]) -> ColumnVerdict | None:
        """What `1.500` shows in a column of whole numbers: separators of thousands, if others have
        none, such as 250. Where all have three digits behind a mark, they may be decimals."""
        marks = {each.detail for each in counts if each.detail}
        if ShownMark.BOTH not in shown or len(marks) != 1:
            return None
        mark = marks.pop()
        return ColumnVerdict(
            kind=VerdictKind.DECIDED,
            spelling=Spelling(is_number=True, decimal=DecimalMark(mark)),
            examples=self._examples(_has_detail(mark)),
        )

    def _order(self, counts: Mapping[_Class, int]) -> ColumnVerdict:
        shown = {each.shown for each in counts}
        orders = (ShownOrder.DAY_FIRST, ShownOrder.MONTH_FIRST)
        if shown.issuperset(orders):
            examples = self._examples(*map(_shows, orders))
            return ColumnVerdict(kind=VerdictKind.CONTRADICTORY, examples=examples)
        open_ = _shows(ShownOrder.OPEN)
        for order in orders:
            if order in shown:
                spelling = Spelling(order=DateOrder(order))
                examples = self._examples(_shows(order), open_)
                return ColumnVerdict(kind=VerdictKind.DECIDED, spelling=spelling, examples=examples)
        if ShownOrder.OPEN in shown:
            return ColumnVerdict(kind=VerdictKind.OPEN, examples=self._examples(open_))
        return ColumnVerdict(
            kind=VerdictKind.DECIDED,
            spelling=Spelling(order=DateOrder.DAY_FIRST),
            examples=self._examples(lambda each: not each.is_wire and each.shown != ShownMark.NONE),
        )

    def _language(self, counts: Mapping[_Class, int]) -> ColumnVerdict:
        words = [each.detail for each in counts if each.shown != ShownMark.NONE]
        common = [
            language
            for language, known in BOOLEAN_WORDS.items()
            if words and all(word in known for word in words)
        ]
        if not common:
            # Of any two words that no language has both, the first and the one that parts from it.
            examples = self._examples(
                *(lambda each, word=word: each.detail == word for word in words)
            )
            return ColumnVerdict(kind=VerdictKind.CONTRADICTORY, examples=examples[:2])
        return ColumnVerdict(
            kind=VerdictKind.DECIDED,
            spelling=Spelling(language=common[0]),
            examples=self._examples(lambda each: not each.is_wire and bool(each.detail)),
        )

    def _examples(self, *of: Callable[[_Class], bool]) -> tuple[Example, ...]:
        """The first value of each of these classes, where there is one."""
        found = []
        for is_meant in of:
            these = [
                example
                for each, example in self._first.items()
                if each not in (_BLANK, _TOKEN) and is_meant(each)
            ]
            if these:
                found.append(min(these))
        return tuple(dict.fromkeys(found))

    def _note(
        self,
        counts: Mapping[_Class, int],
        cells: Sequence[str],
        first: int,
        of_cell: Callable[[str], _Class],
    ) -> None:
        for each, count in counts.items():
            if not count:
                continue
            self._counts[each] += count
            if each is not _BLANK and each not in self._first:
                row, text = next(
                    (row, cell)
                    for row, cell in enumerate(cells, first)
                    if cell and of_cell(cell) == each
                )
                self._first[each] = Example(row, text.strip())


class _ClassOfCell(dict[str, _Class]):
    def __init__(self, classify: Callable[[str], _Class]) -> None:
        super().__init__()
        self._classify = classify

    def __missing__(self, cell: str) -> _Class:
        text = cell.strip()
        if not text:
            found = _BLANK
        elif is_blank_token(text):
            found = _TOKEN
        else:
            found = self._classify(text)
        self[cell] = found
        return found


def _of_mark(mark: DecimalMark) -> ColumnVerdict:
    return ColumnVerdict(kind=VerdictKind.DECIDED, spelling=Spelling(is_number=True, decimal=mark))


def _is_comma(spelling: Spelling | None) -> bool:
    return spelling is not None and spelling.decimal is DecimalMark.COMMA


def _quick(cell: str) -> _Class:
    return _WIRE_POINT if "." in cell else _WIRE_INTEGER


def _shows(shown: str) -> Callable[[_Class], bool]:
    return lambda each: each.shown == shown


def _has_detail(detail: str) -> Callable[[_Class], bool]:
    return lambda each: each.shown != ShownMark.NONE and each.detail == detail


def _number(text: str) -> _Class:
    shown = shown_by_number(text)
    return _Class(shown, "", NUMBER.fullmatch(text) is not None, _has_point(text, shown))


def _has_point(text: str, shown: ShownMark) -> bool:
    return shown is ShownMark.OPEN and "." in text


def _integer(text: str) -> _Class:
    shown = shown_by_number(text)
    if shown is not ShownMark.OPEN:
        return _Class(shown, "", NUMBER.fullmatch(text) is not None)
    number = parted(text)
    assert number is not None
    marks = [
        mark for mark in DecimalMark if not (number.value(mark) or "").partition(".")[2].strip("0")
    ]
    return _Class(shown, marks[0] if len(marks) == 1 else "", False, "." in text)


def _amount(text: str) -> _Class:
    shown = shown_by_amount(text)
    return _Class(shown, "", is_wire=False, has_point=_has_point(text, shown))


def _weight(text: str) -> _Class:
    shown, unit = shown_by_weight(text)
    return _Class(shown, unit, NUMBER.fullmatch(text) is not None, _has_point(text, shown))


def _date(text: str) -> _Class:
    return _Class(shown_by_date(text), "", parse_datetime(text) is not None)


def _boolean(text: str) -> _Class:
    word = boolean_word(text)
    if not languages_of(word):
        return _Class(ShownMark.NONE, "", is_wire=False)
    return _Class("word", word, word in TRUTHS)


_CLASSIFIERS: Mapping[ColumnKind, Callable[[str], _Class]] = {
    ColumnKind.NUMBER: _number,
    ColumnKind.INTEGER: _integer,
    ColumnKind.AMOUNT: _amount,
    ColumnKind.WEIGHT: _weight,
    ColumnKind.DATE: _date,
    ColumnKind.BOOLEAN: _boolean,
}
