"""What is told of the spellings of columns: decided, open, contradicted."""

from collections.abc import Mapping
from typing import Any

from longshore.notices import Notice, NoticeCode
from longshore.operations.open_columns import ColumnOpen, ColumnReading
from longshore.spellings import (
    WEIGHT_UNITS,
    ColumnKind,
    ColumnVerdict,
    DateOrder,
    DecimalMark,
    Example,
    Spelling,
    ValueRefused,
    amount_of,
    number_meanings,
    read_boolean,
    read_date,
    read_weight,
)

_LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "it": "Italian",
    "es": "Spanish",
    "pt": "Portuguese",
    "nl": "Dutch",
    "pl": "Polish",
}
_ORDERS = {
    DateOrder.DAY_FIRST: "day, month, year",
    DateOrder.MONTH_FIRST: "month, day, year",
    DateOrder.YEAR_FIRST: "year, month, day",
}
_DECIMAL_HINT = "--decimal comma or --decimal point reads all columns so"


def spelled_notice(column: str, verdict: ColumnVerdict) -> Notice | None:
    """That a column is read as people write it, with values that show it; None where they are read
    as they stand there."""
    spelling = verdict.spelling
    assert spelling is not None
    if all(_meaning(spelling, each.text) in (None, each.text) for each in verdict.examples):
        return None
    told = ", ".join(filter(None, (_told(spelling, each) for each in verdict.examples)))
    return Notice(
        code=NoticeCode.VALUES_SPELLED,
        message=f"column {column!r} is read {_how(spelling)}: {told}",
        hint=_DECIMAL_HINT if spelling.decimal is not None else None,
        first=_first(column, verdict.examples),
    )


def blank_notice(column: str, verdict: ColumnVerdict) -> Notice:
    """That values of a column are read as blank."""
    example = verdict.first_blank
    assert example is not None
    count = verdict.blanks_count
    values = f"{count:,} values such as" if count > 1 else "the value"
    return Notice(
        code=NoticeCode.VALUES_BLANK,
        message=f"column {column!r}: {values} {example.text!r} (row {example.row:,}) "
        f"{'are' if count > 1 else 'is'} read as blank",
        count=count,
        first=_first(column, (example,)),
    )


def barcode_notice(column: str, count: int, first: Example | None) -> Notice:
    """That codes which are not imported are damaged."""
    assert first is not None
    values = f"{count:,} codes such as" if count > 1 else "the code"
    return Notice(
        code=NoticeCode.BARCODES_SCIENTIFIC,
        message=f"column {column!r}, which is not imported: {values} {first.text!r} (row "
        f"{first.row:,}) {'are numbers whose' if count > 1 else 'is a number whose'} last digits "
        "are lost",
        hint="a spreadsheet has made numbers of codes: give the column the format Text there "
        "before the codes are filled in",
        count=count,
        first=_first(column, (first,)),
    )


def contradiction_notice(column: str, kind: ColumnKind, verdict: ColumnVerdict) -> Notice:
    """That values of a column show two spellings, and what becomes of them."""
    told = " and ".join(f"{each.text!r} (row {each.row:,})" for each in verdict.examples)
    if kind is ColumnKind.AMOUNT:
        what = "each value is read by itself, and those that may mean two amounts fail"
    else:
        what = "only values as the wire spells them are read"
    return Notice(
        code=NoticeCode.SPELLING_CONTRADICTED,
        message=f"column {column!r} holds {told}, which are not spelled alike: {what}",
        hint=_DECIMAL_HINT if _is_number(kind) else "write them alike",
        first=_first(column, verdict.examples),
    )


def open_notice(column: str, field: str, kind: ColumnKind, verdict: ColumnVerdict) -> Notice:
    """That values of a column that nobody said anything of may mean two things."""
    (example, *_) = verdict.examples
    if kind is ColumnKind.DATE:
        hint = f"--map '{column}={field}:dmy' says that the day comes first, :mdy the month"
    else:
        hint = _DECIMAL_HINT
    return Notice(
        code=NoticeCode.SPELLING_OPEN,
        message=f"column {column!r}: {_ambiguous(kind, example)}, so only values as the wire "
        "spells them are read",
        hint=hint,
        first=_first(column, verdict.examples),
    )


def open_refusal(
    column: str, field: str, kind: ColumnKind, verdict: ColumnVerdict, *, has_numbers: bool
) -> ColumnOpen:
    """For a column whose meaning somebody has to say. Where the source `has_numbers`, a comma is
    asked for column by column: numbers beside texts have a point."""
    (example, *_) = verdict.examples
    if kind is ColumnKind.DATE:
        orders = (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)
        return ColumnOpen(
            f"column {column!r}: {_ambiguous(kind, example)}",
            hint='order = "dmy" of the transform says that the day comes first, "mdy" the month',
            column=column,
            field=field,
            readings=_readings(example, {each: read_date(example.text, each) for each in orders}),
        )
    meanings = dict(zip(DecimalMark, number_meanings(example.text), strict=False))
    asked = {mark: f"--decimal {mark}" for mark in DecimalMark}
    if has_numbers:
        asked[DecimalMark.COMMA] = f"where all are texts, --map '{column}={field}:decimal-comma'"
    return ColumnOpen(
        f"column {column!r}: {_ambiguous(kind, example)}",
        hint="; ".join(f"{asked[mark]} reads it as {meanings[mark]}" for mark in meanings),
        column=column,
        field=field,
        readings=_readings(example, meanings),
    )


def _readings(example: Example, meanings: Mapping[Any, str | None]) -> list[ColumnReading]:
    return [
        ColumnReading(spelling=str(spelling), example=example.text, meaning=meaning)
        for spelling, meaning in meanings.items()
        if meaning is not None
    ]


def _ambiguous(kind: ColumnKind, example: Example) -> str:
    if kind is ColumnKind.DATE:
        first, second = (
            read_date(example.text, order) for order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)
        )
    else:
        first, second = number_meanings(example.text)
    return (
        f"{example.text!r} (row {example.row:,}) may be {first} or {second}, and no value of the "
        "column shows which"
    )


def _is_number(kind: ColumnKind) -> bool:
    return kind not in (ColumnKind.DATE, ColumnKind.BOOLEAN)


def _how(spelling: Spelling) -> str:
    if spelling.order is not None:
        return f"in the order {_ORDERS[spelling.order]}"
    if spelling.language is not None:
        language = _LANGUAGES.get(spelling.language)
        return "as crosses" if language is None else f"as words of {language}"
    how = f"as decimal {spelling.decimal}"
    return how if spelling.unit is None else f"{how}, in {spelling.unit}"


def _told(spelling: Spelling, example: Example) -> str | None:
    """One value and what it is read as; None where it is read as nothing."""
    meaning = _meaning(spelling, example.text)
    return None if meaning is None else f"{example.text} is {meaning} (row {example.row:,})"


def _meaning(spelling: Spelling, text: str) -> str | None:
    if spelling.order is not None:
        return read_date(text, spelling.order)
    if spelling.language is not None:
        return str(read_boolean(text, spelling.language)).lower()
    if spelling.unit is not None:
        weight = read_weight(text, spelling.decimal, spelling.unit)
        return weight if weight in (None, text) else f"{weight} {WEIGHT_UNITS[spelling.unit][0]}"
    try:
        amount = amount_of(text, spelling.decimal)
    except ValueRefused:
        return None
    return None if amount is None else f"{amount.value:f}"


def _first(column: str, examples: tuple[Example, ...]) -> tuple[dict[str, object], ...]:
    return tuple({"row": each.row, "column": column, "value": each.text[:60]} for each in examples)
