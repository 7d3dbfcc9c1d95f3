"""Lines for people, on standard error: failures, warnings and what is worth knowing.

Whatever comes from a file or a terminal is shown with its control characters spelled out, so
that no file can move the cursor or colour the screen of who reads about it.
"""

import os
import sys
import unicodedata
from collections.abc import Callable

import click

from longshore.observations import Said

__all__ = [
    "counted",
    "fail",
    "is_terminal",
    "printable",
    "say",
    "say_hint",
    "speak_through",
    "warn",
]

_log: Callable[[Said], None] | None = None  # where lines go instead of standard error

_SPELLED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Categories of characters that act on a terminal instead of showing something, and Cs: what
# cannot be encoded. Of Cf only those that turn the direction of the text around them.
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def fail(message: str, *, hint: str | None = None) -> None:
    """Say why the command could not be done, and the next step if there is one."""
    _line("error", "red", message)
    if hint:
        say_hint(hint)


def warn(message: str, *, hint: str | None = None) -> None:
    """Say what is likely not as wanted, while the command goes on."""
    _line("warning", "yellow", message)
    if hint:
        say_hint(hint)


def say(message: str, *, hint: str | None = None) -> None:
    """Say what is worth knowing."""
    _line("", "", message)
    if hint:
        say_hint(hint)


def say_hint(hint: str) -> None:
    """Say what can be done next."""
    _line("hint", "cyan", hint)


def printable(text: str) -> str:
    """`text` on one line, with what would act on a terminal spelled out."""
    if text.isprintable():
        return text
    return "".join(map(_spelled, text))


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def is_terminal(*, error: bool) -> bool:
    """Whether standard output, or standard error, is a terminal that can move its cursor."""
    stream = sys.stderr if error else sys.stdout
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def speak_through(log: Callable[[Said], None]) -> None:
    """Write what is said from now on to a log, in the place of lines for people: for processes
    whose standard error is read by programs."""
    global _log
    _log = log


def _line(label: str, colour: str, message: str) -> None:
    message = "\n".join(map(printable, message.split("\n")))
    if _log is not None:
        _log(Said(source="longshore", message=f"{label}: {message}" if label else message))
        return
    if not label:
        click.echo(message, err=True)
        return
    start = f"{label}:"
    if is_terminal(error=True) and not os.environ.get("NO_COLOR"):
        start = click.style(start, fg=colour, bold=True)
    click.echo(f"{start} {message}", err=True)


def _spelled(character: str) -> str:
    if character in _SPELLED:
        return _SPELLED[character]
    if character in _TURNING or unicodedata.category(character) in _UNPRINTABLE:
        code = ord(character)
        return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    return character
