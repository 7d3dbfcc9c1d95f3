"""What can be wrong with a row: a code for each kind of error, and a form of words for each code.

A code is never given another meaning and never taken away: one that nothing makes any longer is
*retired*, and stays in the table so that stored errors keep their meaning. A message is written by
its code alone, so the code of a message that an older release has stored can be read off its words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

__all__ = [
    "CODES",
    "LEAVES_OPEN",
    "CodeEntry",
    "ErrorCode",
    "Message",
    "code_of",
    "expected_of",
    "message",
]


class ErrorCode(StrEnum):
    """What is wrong; programs may rely on it."""

    BLANK = "blank"
    MUST_EXIST = "must_exist"
    NO_SUCH_CODE = "no_such_code"
    TAKEN = "taken"
    SEVERAL_RECORDS = "several_records"
    INVALID = "invalid"
    NOT_IN_LIST = "not_in_list"
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_INTEGER = "not_an_integer"
    TOO_SMALL = "too_small"
    NOT_ABOVE = "not_above"
    TOO_LARGE = "too_large"
    ZERO = "zero"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_TAGS = "too_many_tags"
    AMBIGUOUS_AMOUNT = "ambiguous_amount"
    NOT_A_DATE = "not_a_date"
    TOO_MANY_DECIMALS = "too_many_decimals"
    OTHER_CURRENCY = "other_currency"
    NO_CURRENCY = "no_currency"
    GIVEN_TWICE = "given_twice"
    TOO_DEEP = "too_deep"
    NOT_SUPPORTED = "not_supported"
    NOT_AN_OBJECT = "not_an_object"
    TOO_MANY_CELLS = "too_many_cells"
    OTHER_COUNT = "other_count"
    BROKEN_QUOTING = "broken_quoting"
    TOO_MANY_ELEMENTS = "too_many_elements"
    NOT_STORED = "not_stored"
    OTHER_TYPE = "other_type"
    CELL_ERROR = "cell_error"
    NOT_CALCULATED = "not_calculated"
    NOT_IN_TABLE = "not_in_table"
    NO_MATCH = "no_match"
    AMBIGUOUS = "ambiguous"
    DIFFERENT_RECORDS = "different_records"
    LOOKS_LIKE_TOTAL = "looks_like_total"
    CUT_CODE = "cut_code"


# Whose messages do not say what would have been right.
LEAVES_OPEN = frozenset({ErrorCode.INVALID, ErrorCode.NOT_IN_LIST})


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEntry:
    """One line of the table."""

    form: str  # of the message; {} stands for a number, a name or a text
    cause: str
    remedy: str
    expected: str | None = None  # with the parts of the form; None: the field says it, or nothing
    is_retired: bool = False


class Message(str):
    """The words of an error, with the code that has made them; to everybody else it is a text."""

    __slots__ = ("code",)

    code: ErrorCode

    def __new__(cls, text: str, code: ErrorCode) -> "Message":
        made = super().__new__(cls, text)
        made.code = code
        return made

    def __getnewargs__(self) -> tuple[str, ErrorCode]:  # type: ignore[override]
        return (str(self), self.code)


def message(code: ErrorCode, *parts: object) -> Message:
    """The message of a code; `parts` stand in the places of its form, in their order."""
    return Message(CODES[code].form.format(*parts), code)


def code_of(text: str) -> ErrorCode | None:
    """The code of a stored message; None: no release of ours has written it."""
    found = _read(text)
    return None if found is None else found[0]


def arguments_of(text: str) -> tuple[str, ...]:
    """The parts in a stored message, with which `message` makes it again of its code."""
    found = _read(text)
    return () if found is None else found[1]


def expected_of(text: str) -> str | None:
    """What a message itself says that was expected; None where it says nothing of the kind."""
    found = _read(text)
    expected = None if found is None else CODES[found[0]].expected
    return None if found is None or expected is None else expected.format(*found[1])


@lru_cache(maxsize=1000)
def _read(text: str) -> tuple[ErrorCode, tuple[str, ...]] | None:
    """The code of a message, and the parts in it."""
    for code, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            return code, found.groups()
    return None


# In the order in which messages are compared with the forms: the first that fits has written it.
CODES: Mapping[ErrorCode, CodeEntry] = {
    ErrorCode.BLANK: CodeEntry(
        form="can't be blank",
        cause="A required value is missing, blank or null.",
        remedy="Give a value; the page of the resource type says when it is required.",
    ),
    ErrorCode.MUST_EXIST: CodeEntry(
        form="must exist",
        cause="The relationship is required and the row names no target, or there is no record "
        "with the id, the code or the name that it gives: of that type, in this environment.",
        remedy="Import the other record first, or correct the row; `longshore records TYPE` shows "
        "what is there.",
    ),
    ErrorCode.NO_SUCH_CODE: CodeEntry(
        form="doesn't exist",
        cause="No coupon or gift card has this code.",
        remedy="Import it first, or correct the code.",
    ),
    ErrorCode.TAKEN: CodeEntry(
        form="has already been taken",
        cause="Another record has this value, which only one may have.",
        remedy="Correct the value, or name that record by its `id` or natural key to update it.",
        expected="a value that no other record has",
    ),
    ErrorCode.SEVERAL_RECORDS: CodeEntry(
        form="matches {} records",
        cause="The row names its record by a name that several have.",
        remedy="Give the `id` of the one that is meant.",
        expected="the id of the record that is meant",
    ),
    ErrorCode.INVALID: CodeEntry(
        form="is invalid",
        cause="The value has the wrong form: no e-mail address, no ISO 8601 date, no JSON where an "
        "object is expected, an object where a text is expected, a character that a tag's name "
        "cannot have, or one that cannot be stored (NUL, half of a surrogate pair).",
        remedy="Correct the value.",
    ),
    ErrorCode.NOT_IN_LIST: CodeEntry(
        form="is not included in the list",
        cause="The value is none of those that the attribute takes: a status, a unit, a country, a "
        "currency, a boolean.",
        remedy="Use one of the values on the page of the resource type.",
    ),
    ErrorCode.NOT_A_NUMBER: CodeEntry(
        form="is not a number",
        cause="The value is no number.",
        remedy="Write digits only, with a point before decimals.",
    ),
    ErrorCode.NOT_AN_INTEGER: CodeEntry(
        form="must be an integer",
        cause="The number has decimals, or an exponent.",
        remedy="Write a whole number; amounts are in cents.",
    ),
    ErrorCode.TOO_SMALL: CodeEntry(
        form="must be greater than or equal to {}",
        cause="The number is too small.",
        remedy="Correct the number.",
        expected="{} or more",
    ),
    ErrorCode.NOT_ABOVE: CodeEntry(
        form="must be greater than {}",
        cause="The number is too small.",
        remedy="Correct the number.",
        expected="more than {}",
    ),
    ErrorCode.TOO_LARGE: CodeEntry(
        form="must be less than or equal to {}",
        cause="The number is too large, or an integer beyond 64 bits.",
        remedy="Correct the number.",
        expected="{} or less",
    ),
    ErrorCode.ZERO: CodeEntry(
        form="must be other than 0",
        cause="The number is 0.",
        remedy="Give another number, or leave the row out.",
        expected="any number but 0",
    ),
    ErrorCode.TOO_SHORT: CodeEntry(
        form="is too short (minimum is {} characters)",
        cause="The text is too short.",
        remedy="Lengthen it.",
        expected="at least {} characters",
    ),
    ErrorCode.NOT_A_DATE: CodeEntry(
        form="is not a date",
        cause="The beginning or end of a sale in a file of another system cannot be read, so it "
        "is not known which of two prices counts.",
        remedy="Write the date as `2026-07-31`, or leave the cell blank.",
        expected="a date, such as 2026-07-31",
    ),
    ErrorCode.AMBIGUOUS_AMOUNT: CodeEntry(
        form="is ambiguous, it may be {} or {}: say --decimal comma or --decimal point, or map "
        "the column with :decimal-comma or :decimal-point",
        cause="The amount could mean thousands or decimals, as `1,234` does.",
        remedy="Say which character separates decimals: `--decimal point` for all columns, or "
        "`--map 'Price=amount_cents:decimal-point'` for one.",
        expected="{} or {}",
    ),
    ErrorCode.TOO_MANY_DECIMALS: CodeEntry(
        form="has {} decimals, and {} has {}",
        cause="The amount is finer than the smallest coin of its currency.",
        remedy="Round it in the file; longshore rounds nothing.",
        expected="an amount of {1} with {2} decimals at the most",
    ),
    ErrorCode.OTHER_CURRENCY: CodeEntry(
        form="is in {}, and the currency is {}",
        cause="A sign or code beside the amount is not that of the record's currency.",
        remedy="Correct the amount, or the price list, market or `currency_code` that it belongs "
        "to.",
        expected="an amount in {1}",
    ),
    ErrorCode.NO_CURRENCY: CodeEntry(
        form="cannot be converted to cents: its currency is not known",
        cause="The column is mapped with `:decimal`, and nothing says which currency the record "
        "has.",
        remedy="Give the `currency_code`, or the price list or market that has it.",
    ),
    ErrorCode.GIVEN_TWICE: CodeEntry(
        form="is given twice, as `{}` and as `{}`: leave one of them out",
        cause="The row says the same thing in two ways, such as `metadata` and `metadata.colour`, "
        "or `tags` and `tags.name`.",
        remedy="Leave one of the two out of the row.",
    ),
    ErrorCode.TOO_LONG: CodeEntry(
        form="is too long (maximum is {} characters)",
        cause="The text is too long.",
        remedy="Shorten it.",
        expected="at most {} characters",
    ),
    ErrorCode.TOO_MANY_BYTES: CodeEntry(
        form="is too long (maximum is {} bytes)",
        cause="In UTF-8 the value is longer than a natural key (512 bytes) or a cell "
        "(`LONGSHORE_CELL_BYTES_MAX`) may be.",
        remedy="Shorten it.",
        expected="at most {} bytes of UTF-8",
    ),
    ErrorCode.TOO_MANY_TAGS: CodeEntry(
        form="is too long (maximum is {} tags)",
        cause="The record would have more tags than it may.",
        remedy="Remove some.",
        expected="at most {} tags",
    ),
    ErrorCode.TOO_DEEP: CodeEntry(
        form="is nested too deep",
        cause="An object or array is nested more than 64 levels deep.",
        remedy="Flatten it.",
        expected="at most 64 levels of objects and arrays",
    ),
    ErrorCode.NOT_SUPPORTED: CodeEntry(
        form="is not supported",
        cause="The trigger exists on the wire, but longshore does nothing for it.",
        remedy="Leave it out.",
    ),
    ErrorCode.NOT_AN_OBJECT: CodeEntry(
        form="is not an object",
        cause="An element of the JSON source, or of a nested collection, is not an object.",
        remedy="Write `{...}` with the fields of the record.",
        expected="an object with the fields of the record",
    ),
    ErrorCode.TOO_MANY_CELLS: CodeEntry(
        form="has {} cells, the header has {}",
        cause="The row has cells beyond the header, mostly because a value that holds the "
        "separator is not quoted.",
        remedy="Quote the value, or remove the cells.",
        expected="{1} cells",
    ),
    ErrorCode.OTHER_COUNT: CodeEntry(
        form="has {} values, {} has {}",
        cause="Two cells of the row, or of its product, hold lists that belong together, and are "
        "not of the same length.",
        remedy="Give as many values as there are names for them.",
        expected="{2} values",
    ),
    ErrorCode.BROKEN_QUOTING: CodeEntry(
        form="broken quoting: {}",
        cause="The row cannot be cut into cells: a quote is never closed, or text follows the one "
        "that closes. The message says where. Nothing else of the row was looked at.",
        remedy="Close the quote, or write quotes inside of a quoted cell twice.",
    ),
    ErrorCode.TOO_MANY_ELEMENTS: CodeEntry(
        form="has at least {} nested elements, a row may have {}: divide them among several rows",
        cause="The row holds more elements of nested collections, on all levels and with its tags, "
        "than `LONGSHORE_NESTED_ELEMENTS_MAX` allows. Nothing else of it was looked at.",
        remedy="Import the elements as rows of their own type, or in several rows that name the "
        "same record.",
        expected="at most {1} nested elements",
    ),
    ErrorCode.NOT_STORED: CodeEntry(
        form="could not be stored: {}",
        cause="The database refused the row for a reason that was not foreseen.",
        remedy="This is a fault of longshore; report it with the message.",
    ),
    ErrorCode.OTHER_TYPE: CodeEntry(
        form="must be {}",
        cause="A resource object of a JSON:API document is of another type than that which is "
        "imported (attribute `type`).",
        remedy="Import each type alone.",
        expected="{}",
    ),
    ErrorCode.CELL_ERROR: CodeEntry(
        form="is an error of the sheet",
        cause="The cell of the workbook shows an error in place of a value, such as `#N/A`.",
        remedy="Mend the formula in the workbook, or write the value into the cell.",
        expected="a value",
    ),
    ErrorCode.NOT_CALCULATED: CodeEntry(
        form="is a formula without a value",
        cause="Whoever wrote the workbook has stored the formula of the cell, and not its value.",
        remedy="Open the workbook in a spreadsheet program and save it, which stores the values.",
        expected="a value",
    ),
    ErrorCode.NOT_IN_TABLE: CodeEntry(
        form="is none of those that the mapping replaces: {}",
        cause="The mapping replaces the values of the column by a table that does not have this "
        "one, and says that others are errors.",
        remedy="Correct the value, or add it to the table of the mapping.",
        expected="one of {}",
    ),
    ErrorCode.NO_MATCH: CodeEntry(
        form="does not match {}",
        cause="The mapping takes a part of the value by a pattern, and the value does not have "
        "that form.",
        remedy="Correct the value, or the pattern of the mapping.",
        expected="a text that matches {}",
    ),
    ErrorCode.AMBIGUOUS: CodeEntry(
        form="is ambiguous ({} records: {})",
        cause="Several records have the name, or the other fields, by which the row names one: "
        "their ids stand in the message.",
        remedy="Give the `id` of the one that is meant, or its code.",
        expected="what one record alone has, such as its id",
    ),
    ErrorCode.DIFFERENT_RECORDS: CodeEntry(
        form="is another record by `{}` than by `{}`",
        cause="The row names its target in two ways, such as `price_list_id` and "
        "`price_list.name`, and these lead to different records.",
        remedy="Correct one of the two, or leave it out.",
        expected="one record, in whatever ways it is named",
    ),
    ErrorCode.LOOKS_LIKE_TOTAL: CodeEntry(
        form="looks like a total of the rows above, which is no record",
        cause="The row has failed, and its first cell is a word such as Total, Summe or Somme: "
        "people write such rows below their tables.",
        remedy="Nothing, where it is a total; delete the row to have an import without errors.",
    ),
    ErrorCode.CUT_CODE: CodeEntry(
        form="is a number that a spreadsheet program has made of a code: its last digits are lost",
        cause="The code stands there as `4.00638E+12`. A spreadsheet program has opened the file, "
        "taken the digits of the code for a number, and saved it so.",
        remedy="Export the file again, and import it as it is; or write the code as a text.",
        expected="the code itself",
    ),
}


def _pattern(form: str) -> re.Pattern[str]:
    return re.compile("(.+)".join(map(re.escape, form.split("{}"))), re.DOTALL)


_PATTERNS = [(code, _pattern(entry.form)) for code, entry in CODES.items()]
