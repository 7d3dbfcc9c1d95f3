"""Codes of errors: one form of words each, by which the code of a stored message is known."""

import ast
import copy
import pickle
from functools import cache
from pathlib import Path

import pytest

import longshore
from longshore.error_codes import CODES, ErrorCode, Message, code_of, expected_of, message

PACKAGE = Path(longshore.__file__).parent


def parts_of(code: ErrorCode) -> list[str]:
    return [f"part {number}" for number in range(CODES[code].form.count("{}"))]


def test_every_code_has_its_line() -> None:
    assert list(CODES.keys() - set(ErrorCode)) == []
    assert list(set(ErrorCode) - CODES.keys()) == []


@pytest.mark.parametrize("code", ErrorCode)
def test_code_is_read_off_the_message(code: ErrorCode) -> None:
    made = message(code, *parts_of(code))
    assert made.code is code
    assert code_of(made) is code
    assert code_of(str(made)) is code


@pytest.mark.parametrize("code", ErrorCode)
def test_what_is_expected_has_all_its_parts(code: ErrorCode) -> None:
    expected = expected_of(message(code, *parts_of(code)))
    assert (expected is None) == (CODES[code].expected is None)
    assert expected is None or "{" not in expected


@pytest.mark.parametrize("code", [code for code in ErrorCode if not CODES[code].is_retired])
def test_every_code_that_is_not_retired_is_made_somewhere(code: ErrorCode) -> None:
    """A code that nothing makes any longer is to be marked as retired."""
    assert code.name in _made_in_code()


# What takes a code, and makes a message of it: at which of its arguments the code stands.
_MAKERS = {"message": 0, "CellFailure": 3}


@cache
def _made_in_code() -> set[str]:
    """The names of the codes of which a module makes a message."""
    names = set()
    for module in PACKAGE.rglob("*.py"):
        if module.name == "error_codes.py":
            continue
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _MAKERS:
                (code,) = node.args[_MAKERS[ast.unparse(node.func)] :][:1] or (ast.Constant(None),)
                names.add(ast.unparse(code).removeprefix("ErrorCode."))
    return names


@pytest.mark.parametrize("text", ["", "is wrong", "is invalid.", "too_small", "must be"])
def test_words_that_nobody_of_ours_writes_have_no_code(text: str) -> None:
    assert code_of(text) is None
    assert expected_of(text) is None


def test_message_is_a_text_to_everybody_else() -> None:
    made = message(ErrorCode.TOO_LARGE, 5)
    assert made == "must be less than or equal to 5"
    assert made in {"must be less than or equal to 5"}
    assert type(str(made)) is str


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_copy_of_a_message_keeps_its_code(copied: object) -> None:
    assert callable(copied)
    made = copied(message(ErrorCode.TOO_LARGE, 5))
    assert isinstance(made, Message)
    assert (made, made.code) == ("must be less than or equal to 5", ErrorCode.TOO_LARGE)
