"""Patterns that take time in proportion to the text, whatever they say.

Whoever sends a mapping may send any pattern, and the engine of Python goes back and tries again: a
few characters can keep it busy for years. So patterns are a subset of its language (no references
to what was found before, no looking ahead or behind), and all ways through a pattern are followed
at once, character by character, as Thompson and Pike have it (Russ Cox, "Regular Expression
Matching: the Virtual Machine Approach"). What is found is what Python finds: the first of the
leftmost. A pattern that repeats one thing at the most cannot go back far, and is left to Python.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

CHARACTERS_MAX: Final = 500  # of a pattern
TEXT_CHARACTERS_MAX: Final = 2_000
_STEPS_MAX = 1_000  # of the program that it becomes
_REPEATS_MAX = 200  # that a quantifier may ask for

_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "d": str.isdecimal,
    "D": lambda character: not character.isdecimal(),
    "w": lambda character: character.isalnum() or character == "_",
    "W": lambda character: not (character.isalnum() or character == "_"),
    "s": str.isspace,
    "S": lambda character: not character.isspace(),
}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_QUANTIFIER = re.compile(r"([*+?]|\{(\d{1,4})(,(\d{0,4}))?\})(\??)")


class PatternRefused(ValueError):
    """A pattern that is not understood, or too long."""


@dataclass(frozen=True, slots=True)
class _Take:
    """One character that passes a test."""

    test: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Split:
    """Two ways on, the first before the second."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class _Jump:
    to: int


@dataclass(frozen=True, slots=True)
class _Save:
    """Remember the place, as the beginning or end of a group."""

    slot: int


@dataclass(frozen=True, slots=True)
class _Edge:
    """Only at the beginning, or at the end, of the text."""

    is_start: bool


_Step: TypeAlias = _Take | _Split | _Jump | _Save | _Edge | None  # None: found
_Saves: TypeAlias = tuple[int, ...]


class LinearPattern:
    """A pattern, ready to be looked for."""

    def __init__(self, text: str) -> None:
        """Raises PatternRefused."""
        if len(text) > CHARACTERS_MAX:
            raise PatternRefused(f"has more than {CHARACTERS_MAX} characters")
        parser = _PatternParser(text)
        self._program = [_Save(0), *_moved(parser.parse(), 1), _Save(1), None]
        self.groups_count = parser.groups_count
        try:
            python = re.compile(text)
        except (re.error, RecursionError, OverflowError) as error:
            raise PatternRefused(str(error)) from error
        self._python = python if parser.repeats_count <= 1 else None

    def find(self, text: str, group: int) -> str | None:
        """What a group has found, "" where it took no part; None: the text does not match."""
        if self._python is not None:
            found = self._python.search(text)
            return None if found is None else found[group] or ""
        saves = self._search(text)
        if saves is None:
            return None
        start, end = saves[2 * group], saves[2 * group + 1]
        return "" if start < 0 or end < 0 else text[start:end]

    def _search(self, text: str) -> _Saves | None:
        program = self._program
        nothing = (-1,) * (2 * self.groups_count + 2)
        found: _Saves | None = None
        threads: list[tuple[int, _Saves]] = []
        seen: set[int] = set()
        for at in range(len(text) + 1):
            if found is None:
                self._follow(threads, seen, 0, nothing, at, text)
            elif not threads:
                break
            coming: list[tuple[int, _Saves]] = []
            seen = set()
            for number, saves in threads:
                step = program[number]
                if step is None:
                    found = saves
                    break  # what comes behind it is second to it
                if at < len(text) and isinstance(step, _Take) and step.test(text[at]):
                    self._follow(coming, seen, number + 1, saves, at + 1, text)
            threads = coming
        return found

    def _follow(
        self,
        threads: list[tuple[int, _Saves]],
        seen: set[int],
        number: int,
        saves: _Saves,
        at: int,
        text: str,
    ) -> None:
        """Add the steps that take a character, or have found, to which a step leads."""
        stack = [(number, saves)]
        while stack:
            number, saves = stack.pop()
            if number in seen:
                continue
            seen.add(number)
            step = self._program[number]
            match step:
                case _Jump():
                    stack.append((step.to, saves))
                case _Split():
                    stack.append((step.second, saves))
                    stack.append((step.first, saves))
                case _Save():
                    slot = step.slot
                    stack.append((number + 1, (*saves[:slot], at, *saves[slot + 1 :])))
                case _Edge():
                    # Python's $ is also before a line end that is the last character.
                    ends = at == len(text) or (at == len(text) - 1 and text[at] == "\n")
                    if (at == 0) if step.is_start else ends:
                        stack.append((number + 1, saves))
                case _:
                    threads.append((number, saves))


class _PatternParser:
    """Parses a pattern into a program whose steps are counted from 0."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.groups_count = 0
        self.repeats_count = 0  # things that are repeated; one inside of another counts as two

    def parse(self) -> list[_Step]:
        program = self._alternatives()
        if self._at < len(self._text):
            raise self._refused(") without its (")
        return program

    def _alternatives(self) -> list[_Step]:
        program = self._sequence()
        while self._take("|"):
            other = self._sequence()
            split = _Split(1, len(program) + 2)
            program = self._checked(
                [
                    split,
                    *_moved(program, 1),
                    _Jump(len(program) + len(other) + 2),
                    *_moved(other, len(program) + 2),
                ]
            )
        return program

    def _sequence(self) -> list[_Step]:
        program: list[_Step] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            atom = self._atom()
            program = self._checked([*program, *_moved(self._quantified(atom), len(program))])
        return program

    def _atom(self) -> list[_Step]:
        character = self._next()
        match character:
            case "(":
                return self._group()
            case "[":
                return [_Take(self._class())]
            case ".":
                return [_Take(lambda each: each != "\n")]
            case "^" | "$":
                return [_Edge(character == "^")]
            case "\\":
                return [_Take(self._escaped())]
            case "*" | "+" | "?":
                raise self._refused(f"nothing stands before {character}")
        return [_Take(character.__eq__)]

    def _group(self) -> list[_Step]:
        if self._take("?:"):
            inside = self._alternatives()
        elif self._take("?"):
            raise self._refused("(? may only be (?:")
        else:
            self.groups_count += 1
            slot = 2 * self.groups_count
            inside = self._alternatives()
            inside = [_Save(slot), *_moved(inside, 1), _Save(slot + 1)]
        if not self._take(")"):
            raise self._refused("( without its )")
        return inside

    def _quantified(self, atom: list[_Step]) -> list[_Step]:
        found = _QUANTIFIER.match(self._text, self._at)
        if found is None:
            return atom
        self._at = found.end()
        if any(isinstance(step, _Edge) for step in atom) or not _takes(atom):
            raise self._refused(f"what stands before {found[0]} may be nothing")
        least, most = _bounds(found)
        if max(least, most or 0) > _REPEATS_MAX or (most is not None and most < least):
            raise self._refused(f"{found[0]} asks for too much")
        if _QUANTIFIER.match(self._text, self._at) or self._text[self._at : self._at + 1] == "+":
            raise self._refused("two quantifiers stand together")
        # What can have several lengths can be taken back; one whose inside can, all the more.
        self.repeats_count += most != least
        self.repeats_count += any(isinstance(step, _Split) for step in atom)
        is_lazy = bool(found[5])
        program = list(atom)
        program = []
        for _ in range(least):
            program = self._checked([*program, *_moved(atom, len(program))])
        if most is None:
            start = len(program)
            end = start + len(atom) + 2
            program += [_split(start + 1, end, is_lazy), *_moved(atom, start + 1), _Jump(start)]
            return self._checked(program)
        optional = most - least
        end = len(program) + optional * (len(atom) + 1)
        for _ in range(optional):
            start = len(program)
            program += [_split(start + 1, end, is_lazy), *_moved(atom, start + 1)]
            self._checked(program)
        return program

    def _class(self) -> Callable[[str], bool]:
        is_negated = self._take("^")
        tests: list[Callable[[str], bool]] = []
        is_first = True
        while is_first or not self._take("]"):
            is_first = False
            low = self._class_part(tests)
            if low is None:
                continue
            if self._text[self._at : self._at + 1] == "-" and self._ahead(1) not in ("]", ""):
                self._at += 1
                high = self._class_part(tests)
                if high is None or high < low:
                    raise self._refused(f"the range from {low} on has no end")
                tests.append(_between(low, high))
            else:
                tests.append(low.__eq__)

        def test(character: str) -> bool:
            return any(each(character) is True for each in tests) is not is_negated

        return test

    def _class_part(self, tests: list[Callable[[str], bool]]) -> str | None:
        """A character of a class; None: a category, which joins the tests."""
        character = self._next()
        if character != "\\":
            return character
        escaped = self._next()
        if escaped in _CATEGORIES:
            tests.append(_CATEGORIES[escaped])
            return None
        return self._plain(escaped)

    def _escaped(self) -> Callable[[str], bool]:
        character = self._next()
        return _CATEGORIES.get(character) or self._plain(character).__eq__

    def _plain(self, character: str) -> str:
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character.isalnum():
            raise self._refused(f"\\{character} is not known")
        return character

    def _next(self) -> str:
        if self._at == len(self._text):
            raise self._refused("it ends too early")
        self._at += 1
        return self._text[self._at - 1]

    def _ahead(self, count: int) -> str:
        return self._text[self._at + count : self._at + count + 1]

    def _take(self, text: str) -> bool:
        if not self._text.startswith(text, self._at):
            return False
        self._at += len(text)
        return True

    def _checked(self, program: list[_Step]) -> list[_Step]:
        if len(program) > _STEPS_MAX:
            raise PatternRefused("says too much")
        return program

    def _refused(self, reason: str) -> PatternRefused:
        return PatternRefused(f"is not understood at character {self._at}: {reason}")


def _moved(program: Sequence[_Step], by: int) -> list[_Step]:
    """The program behind so many other steps."""
    moved: list[_Step] = []
    for step in program:
        match step:
            case _Split():
                moved.append(_Split(step.first + by, step.second + by))
            case _Jump():
                moved.append(_Jump(step.to + by))
            case _:
                moved.append(step)
    return moved


def _takes(program: Sequence[_Step]) -> bool:
    """Whether every way through a program takes a character."""
    left, seen = [0], set()
    while left:
        number = left.pop()
        if number in seen:
            continue
        seen.add(number)
        if number == len(program):
            return False
        step = program[number]
        match step:
            case _Split():
                left += [step.first, step.second]
            case _Jump():
                left.append(step.to)
            case _Take():
                pass
            case _:
                left.append(number + 1)
    return True


def _split(on: int, past: int, is_lazy: bool) -> _Split:
    return _Split(past, on) if is_lazy else _Split(on, past)


def _bounds(found: re.Match[str]) -> tuple[int, int | None]:
    if found[1] in "*+?":
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[found[1]]
    least = int(found[2])
    if found[3] is None:
        return least, least
    return least, int(found[4]) if found[4] else None


def _between(low: str, high: str) -> Callable[[str], bool]:
    return lambda character: low <= character <= high
