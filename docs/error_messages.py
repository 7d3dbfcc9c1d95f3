"""The page of error messages: what the log can hold, why, and what to do about it.

The causes and remedies are written here; which messages exist is read from the code. A message
that has no line here, or a line that no code can say, is a fault.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import longshore
from longshore.catalogue import load_catalogue


class Message(NamedTuple):
    """One line of the page; numbers and names in the text are written N."""

    text: str
    cause: str
    remedy: str


ERRORS = (
    Message(
        "can't be blank",
        "A required value is missing, blank or null.",
        "Give a value; the page of the resource type says when it is required.",
    ),
    Message(
        "must exist",
        "The relationship is required and the row names no target, or there is no record with the "
        "id, the code or the name that it gives: of that type, in this environment.",
        "Import the other record first, or correct the row; `longshore records TYPE` shows what "
        "is there.",
    ),
    Message(
        "doesn't exist",
        "No coupon or gift card has this code.",
        "Import it first, or correct the code.",
    ),
    Message(
        "has already been taken",
        "Another record has this value, which only one may have.",
        "Correct the value, or name that record by its `id` or natural key to update it.",
    ),
    Message(
        "matches N records",
        "The row names its record by a name that several have.",
        "Give the `id` of the one that is meant.",
    ),
    Message(
        "is invalid",
        "The value has the wrong form: no e-mail address, no ISO 8601 date, no JSON where an "
        "object is expected, an object where a text is expected, a character that a tag's name "
        "cannot have, or one that cannot be stored (NUL, half of a surrogate pair).",
        "Correct the value.",
    ),
    Message(
        "is not included in the list",
        "The value is none of those that the attribute takes: a status, a unit, a country, a "
        "currency, a boolean.",
        "Use one of the values on the page of the resource type.",
    ),
    Message(
        "is not a number",
        "The value is no number.",
        "Write digits only, with a point before decimals.",
    ),
    Message(
        "must be an integer",
        "The number has decimals, or an exponent.",
        "Write a whole number; amounts are in cents.",
    ),
    Message(
        "must be greater than or equal to N", "The number is too small.", "Correct the number."
    ),
    Message("must be greater than N", "The number is too small.", "Correct the number."),
    Message(
        "must be less than or equal to N",
        "The number is too large, or an integer beyond 64 bits.",
        "Correct the number.",
    ),
    Message(
        "must be other than N", "The number is 0.", "Give another number, or leave the row out."
    ),
    Message("is too short (minimum is N characters)", "The text is too short.", "Lengthen it."),
    Message(
        "is ambiguous, it may be NN or N.N: map the column with :decimal-point or :decimal-comma",
        "The column is mapped with `:decimal`, and the amount could mean thousands or decimals, as "
        "`1,234` does.",
        "Say which character separates decimals: `--map 'Price=amount_cents:decimal-point'`.",
    ),
    Message(
        "has N decimals, and N has N",
        "The amount is finer than the smallest coin of its currency.",
        "Round it in the file; longshore rounds nothing.",
    ),
    Message(
        "is in N, and the currency is N",
        "A sign or code beside the amount is not that of the record's currency.",
        "Correct the amount, or the price list, market or `currency_code` that it belongs to.",
    ),
    Message(
        "is given twice, as `N` and as `N`: leave one of them out",
        "The row says the same thing in two ways, such as `metadata` and `metadata.colour`, or "
        "`tags` and `tags.name`.",
        "Leave one of the two out of the row.",
    ),
    Message("is too long (maximum is N characters)", "The text is too long.", "Shorten it."),
    Message(
        "is too long (maximum is N bytes)",
        "In UTF-8 the value is longer than a natural key (512 bytes) or a cell "
        "(`LONGSHORE_CELL_BYTES_MAX`) may be.",
        "Shorten it.",
    ),
    Message(
        "is too long (maximum is N tags)",
        "The record would have more tags than it may.",
        "Remove some.",
    ),
    Message(
        "is nested too deep",
        "An object or array is nested more than 64 levels deep.",
        "Flatten it.",
    ),
    Message(
        "is not supported",
        "The trigger exists on the wire, but longshore does nothing for it.",
        "Leave it out.",
    ),
    Message(
        "is not an object",
        "An element of the JSON source, or of a nested collection, is not an object.",
        "Write `{...}` with the fields of the record.",
    ),
    Message(
        "must be N",
        "A resource object of a JSON:API document is of another type than N, which is imported "
        "(attribute `type`).",
        "Import each type alone.",
    ),
    Message(
        "has N cells, the header has N",
        "The row has cells beyond the header, mostly because a value that holds the separator is "
        "not quoted.",
        "Quote the value, or remove the cells.",
    ),
    Message(
        "has at least N nested elements, a row may have N: divide them among several rows",
        "The row holds more elements of nested collections, on all levels and with its tags, than "
        "`LONGSHORE_NESTED_ELEMENTS_MAX` allows. Nothing else of it was looked at.",
        "Import the elements as rows of their own type, or in several rows that name the same "
        "record.",
    ),
    Message(
        "could not be stored: N",
        "The database refused the row for a reason that was not foreseen.",
        "This is a fault of longshore; report it with the message.",
    ),
)

WARNINGS = (
    Message(
        "N: there is no tag N, it was discarded",
        "`_add_tags` or `_remove_tags` names a tag that does not exist.",
        "Create it with `tags` (in CSV `tags.name`), or correct the name.",
    ),
)

REASONS = (
    Message(
        "N runners in a row stopped without an answer",
        "Process after process died on the import without committing a chunk "
        "(`LONGSHORE_IMPORT_ATTEMPTS_MAX`).",
        "Look for what kills them, such as too little memory; then import the source again.",
    ),
    Message(
        "the attachment is gone: N",
        "The stored source was removed from the data folder.",
        "Import the source again; rows that were applied are then unchanged.",
    ),
    Message(
        "the attachment N is damaged: N",
        "The stored source is not what was written.",
        "Check the disk; then import the source again.",
    ),
)

# How an error begins; texts of the engine that begin otherwise are not for the log.
_BEGINS = re.compile(r"(can't|could|must|doesn't|has|is|matches)\b")
_PACKAGE = Path(longshore.__file__).parent


def error_messages_page() -> str:
    lines = [
        "# Error messages",
        "",
        "## Errors of a row",
        "",
        "An error names an attribute and says a message. Attributes of nested records are written",
        "with the collection, `line_items.quantity`; what belongs to no attribute stands under",
        "`base`. N stands for a number or a name.",
        "",
        *_table(ERRORS),
        "",
        "## Warnings of a row",
        "",
        "A warning stops nothing.",
        "",
        *_table(WARNINGS),
        "",
        "## Reasons of an interruption",
        "",
        "They stand in the error log under `unknown` and `base`, and are not counted as errors. An",
        "import that a user or the error threshold interrupted has none.",
        "",
        *_table(REASONS),
    ]
    return "\n".join(lines) + "\n"


def errors_in_code() -> set[str]:
    """Every error that the engine's modules and the catalogue can put into the log."""
    named = {
        attribute.names.message
        for resource_type in load_catalogue().types.values()
        for attribute in resource_type.attributes
        if attribute.names is not None
    }
    return named | {text for text in texts_in_code("engine") if _BEGINS.match(text)}


def texts_in_code(package: str) -> set[str]:
    """Every text in a package's modules, with N for the numbers and values in it."""
    modules = sorted((_PACKAGE / package).rglob("*.py"))
    texts = chain.from_iterable(_texts(ast.parse(each.read_text("utf-8"))) for each in modules)
    return {re.sub(r"\d+", "N", text) for text in texts}


def _table(messages: Iterable[Message]) -> list[str]:
    return [
        "| message | cause | remedy |",
        "|---|---|---|",
        *(f"| {each.text} | {each.cause} | {each.remedy} |" for each in messages),
    ]


def _texts(node: ast.AST) -> Iterator[str]:
    """The texts of a syntax tree, values inside them written N; no docstrings, no assertions."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "N" for part in node.values
        )
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    elif isinstance(node, ast.Assert):
        yield from _texts(node.test)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _texts(child)
