"""Case-insensitive text patterns, in the words of each database.

SQLite's LIKE folds ASCII letters only (SQLite, "Built-in Scalar SQL Functions", like()), so
`name_cont=é` would miss `É`; PostgreSQL's ILIKE folds by the language of the cluster. Both know
exact patterns with sets of characters, GLOB here and regular expressions there: a letter becomes
the set of its two cases, and any language is folded alike, without a function of ours inside the
database.
"""

from collections.abc import Iterator
from typing import Any, Literal

from sqlalchemy import Boolean, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from longshore.records.matchers import Question

# SQLite refuses patterns over 50,000 bytes; a letter takes up to ten of them here.
PATTERN_CHARACTERS_MAX = 5_000

# Of any text, in a LIKE. Each of them multiplies the ways in which a text can be compared.
WILDCARDS_MAX = 8

# What a pattern is made of: any text, any one character, or one of these characters, which are
# the cases of one.
_Part = Literal["any text", "any character"] | frozenset[str]


def fits_pattern(field: ColumnElement[Any], question: Question, text: str) -> ColumnElement[bool]:
    """Whether a field fits a question: the value as a prefix, suffix, part, or the user's own LIKE.

    In a LIKE, `%` stands for any text, `_` for one character, and a backslash takes the meaning
    from the character behind it. Elsewhere every character stands for itself.
    """
    return _Fits(
        field, literal(glob_pattern(question, text)), literal(regular_expression(question, text))
    )


class _Fits(FunctionElement[bool]):
    """A field, and the pattern in every spelling; a database is sent its own alone."""

    type = Boolean()
    inherit_cache = True


@compiles(_Fits, "sqlite")
def _compile_glob(fits: _Fits, compiler: SQLCompiler, **options: Any) -> str:
    field, glob, _ = fits.clauses
    return f"({compiler.process(field, **options)} GLOB {compiler.process(glob, **options)})"


@compiles(_Fits, "postgresql")
def _compile_regular_expression(fits: _Fits, compiler: SQLCompiler, **options: Any) -> str:
    field, _, expression = fits.clauses
    return f"({compiler.process(field, **options)} ~ {compiler.process(expression, **options)})"


def glob_pattern(question: Question, text: str) -> str:
    """The pattern as SQLite's GLOB has it, which always means the whole text."""
    return "".join(map(_glob, _parts(question, text)))


def regular_expression(question: Question, text: str) -> str:
    """The pattern as PostgreSQL's advanced regular expressions have it.

    A dot is any character, a line feed too, and the anchors mean the whole text (PostgreSQL
    manual, "Regular Expression Matching Rules").
    """
    return f"^{''.join(map(_regular, _parts(question, text)))}$"


def _parts(question: Question, text: str) -> Iterator[_Part]:
    match question:
        case Question.STARTS:
            yield from map(_cases, text)
            yield "any text"
        case Question.ENDS:
            yield "any text"
            yield from map(_cases, text)
        case Question.HOLDS_TEXT:
            yield "any text"
            yield from map(_cases, text)
            yield "any text"
        case _:
            yield from _parts_of_like(text)


def _parts_of_like(text: str) -> Iterator[_Part]:
    """Neighbouring wildcards are put together: each one of any text is a way to begin anew, and
    those that stand together all mean one and as many characters as there are of the others.
    """
    is_any_text = False
    for part in _plain_parts_of_like(text):
        if part == "any text":
            is_any_text = True
            continue
        if is_any_text and part != "any character":
            yield "any text"
            is_any_text = False
        yield part
    if is_any_text:
        yield "any text"


def _plain_parts_of_like(text: str) -> Iterator[_Part]:
    characters = iter(text)
    for character in characters:
        match character:
            case "%":
                yield "any text"
            case "_":
                yield "any character"
            case "\\":
                yield _cases(next(characters, "\\"))
            case _:
                yield _cases(character)


def wildcards_count(text: str) -> int:
    """How often a LIKE can begin anew within a text, once neighbouring wildcards are one."""
    return sum(part == "any text" for part in _parts_of_like(text))


def _cases(character: str) -> frozenset[str]:
    cases = {character, character.lower(), character.upper()}
    # A case of several characters (ß, SS) is not a single character's match.
    return frozenset(case for case in cases if len(case) == 1)


def _glob(part: _Part) -> str:
    match part:
        case "any text":
            return "*"
        case "any character":
            return "?"
    cases = "".join(sorted(part))
    return f"[{cases}]" if len(cases) > 1 or cases in "*?[" else cases


def _regular(part: _Part) -> str:
    match part:
        case "any text":
            return ".*"
        case "any character":
            return "."
    cases = "".join(sorted(part))
    if len(cases) > 1:
        return f"[{cases}]"
    # Before a letter or a digit a backslash would give it a meaning, not take one.
    return cases if cases.isalnum() or not cases.isascii() else f"\\{cases}"
