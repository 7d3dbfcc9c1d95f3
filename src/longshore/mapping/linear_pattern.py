"""Patterns that take time in proportion to the text, whatever they say.

Whoever sends a mapping may send any pattern, and the engine of Python goes back and tries again: a
few characters can keep it busy for years. RE2 follows all ways through a pattern at once. Its
language has no references to what was found before, and no looking ahead or behind
(https://github.com/google/re2/wiki/Syntax).
"""

from typing import Final

import re2

CHARACTERS_MAX: Final = 500  # of a pattern
TEXT_CHARACTERS_MAX: Final = 2_000
_MEMORY_MAX = 1 << 20  # bytes that a pattern may need, compiled

_OPTIONS = re2.Options()
_OPTIONS.max_mem = _MEMORY_MAX
_OPTIONS.log_errors = False  # they are told to whoever sent the pattern


class PatternRefused(ValueError):
    """A pattern that is not understood, or too long."""


class LinearPattern:
    """A pattern, ready to search texts."""

    def __init__(self, text: str) -> None:
        """Raises PatternRefused where the pattern cannot be used."""
        if len(text) > CHARACTERS_MAX:
            raise PatternRefused(f"has more than {CHARACTERS_MAX} characters")
        try:
            self._pattern = re2.compile(text, _OPTIONS)
        except (re2.error, UnicodeEncodeError) as error:
            raise PatternRefused(f"cannot be read: {_reason(error)}") from error

    @property
    def groups_count(self) -> int:
        """How many groups it has, besides the whole."""
        count: int = self._pattern.groups
        return count

    def find(self, text: str, group: int) -> str | None:
        """What a group has in the first of the leftmost matches; 0 is the whole. A group that took
        no part is "", and None means that nothing in the text matches, nor in one with half
        characters."""
        try:
            found = self._pattern.search(text)
        except UnicodeEncodeError:
            return None
        return None if found is None else found.group(group) or ""


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "it has a character that no text can have"
    (reason, *_) = error.args
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
