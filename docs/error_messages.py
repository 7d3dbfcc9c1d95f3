"""The page of error messages: what the log can hold, why, and what to do about it.

Errors of rows are those of the table of codes. Causes and remedies of warnings and of reasons are
written here; one that no code can say is a fault.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import longshore
from longshore.error_codes import CODES


class Message(NamedTuple):
    """One line of the page; numbers and names in the text are written N."""

    text: str
    cause: str
    remedy: str


PLACES = {
    "row": "The number of the row, from 1, without the header.",
    "line": "The line on which the row begins.",
    "column": "The column or key of the source that feeds the attribute, as the source calls it. "
    "Of several that can, such as `sku_id` and `sku_code`, it is the one that the row gives. Null "
    "where none does, where the error is about the row as a whole, and in an import of an older "
    "release.",
    "source_row": "Of a row that a dialect has made of the rows of another system's file: the "
    "number of the row of that file. `line` and `column` are those of the file as well then, and "
    "`value` is what stands in the cell there. Null of other rows.",
    "cause": "Of a member of an import group, where the record that a row names is missing because "
    "the row that would have made it failed in an earlier member: `import_id`, `resource_type`, "
    "`row` and `source_row` of that row. Null else.",
    "pointer": "A JSON Pointer (RFC 6901) into the row, such as `/line_items/2/quantity`: into the "
    "element of a JSON source as it stands, or into the object that has a member for each column "
    "of a table. It leads to a value, or to a member that is missing. It is empty where the error "
    "is about the row as a whole. Of elements that are wrong in the same way, it names the first.",
    "value": "What was found, shortened to 200 characters. Null where nothing was, or where it is "
    "a secret.",
    "expected": "What the attribute takes. Null where nothing can be said of it.",
    "suggestion": "A value that would do. Null where none is near.",
}

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
        "Programs go by the code, which never changes its meaning: `code` in the answers of",
        "`longshore errors ID --json` and `GET /api/imports/{id}/errors`. An error that an older",
        "release has stored has the code that follows from its message.",
        "",
        *_errors(),
        "",
        "## Where an error stands",
        "",
        "Beside the attribute, an error says where its value stands in the source:",
        "",
        "| member | meaning |",
        "|---|---|",
        *(f"| `{name}` | {meaning} |" for name, meaning in PLACES.items()),
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


def texts_in_code(package: str) -> set[str]:
    """Every text in a package's modules, with N for the numbers and values in it."""
    modules = sorted((_PACKAGE / package).rglob("*.py"))
    texts = chain.from_iterable(_texts(ast.parse(each.read_text("utf-8"))) for each in modules)
    return {re.sub(r"\d+", "N", text) for text in texts}


def _errors() -> list[str]:
    lines = ["| code | message | cause | remedy |", "|---|---|---|---|"]
    for code, entry in CODES.items():
        form = re.sub(r"\{[0-9]*\}", "N", entry.form)
        cause = f"Retired. {entry.cause}" if entry.is_retired else entry.cause
        lines.append(f"| `{code}` | {form} | {cause} | {entry.remedy} |")
    return lines


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
