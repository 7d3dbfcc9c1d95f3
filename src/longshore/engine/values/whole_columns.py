"""Whole columns of raw values to typed ones.

A loop of Python over every cell is what an import pays most for. Most columns can be judged whole:
joined to one text, a pattern says at the speed of C that all cells are numbers, or none is blank.
What the pattern does not vouch for goes through the attribute's own converter, cell by cell; so
there is one definition of what a value may be, and the whole-column test only says when it holds.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from longshore.catalogue import Attribute, Form, ValueType
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import INTEGER_MAX, INTEGER_MIN, Converter, ValueRefused
from longshore.engine.values.email_addresses import is_plain_address

# Typed values of many cells of one slot, where all of them are in order; else None.
WholeColumn: TypeAlias = Callable[[Sequence[Any]], Sequence[Any] | None]

# (index of the row, what is wrong) for each cell that cannot be.
Refusals: TypeAlias = list[tuple[int, ValueRefused]]

_INTEGERS = re.compile(r"[+-]?[0-9]{1,18}(?:\0[+-]?[0-9]{1,18})*")
_DECIMALS = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?(?:\0[0-9]{1,15}(?:\.[0-9]{1,15})?)*")
_MEMO_SIZE = 4096


class ColumnConverter:
    """Converts the cells of one column; what it returns has one value per cell."""

    def __init__(self, convert: Converter | None, whole: WholeColumn | None) -> None:
        self._convert = convert  # None: values pass as they are
        self._whole = whole

    def texts(self, cells: Sequence[str]) -> tuple[Sequence[Any], Refusals]:
        """Cells of a table: a blank one (empty, or white space only) is absent."""
        if "" not in cells and not any(map(str.isspace, cells)):
            return self._named(cells)
        named = [index for index, cell in enumerate(cells) if cell and not cell.isspace()]
        values: list[Any] = [ABSENT] * len(cells)
        if not named:
            return values, []
        converted, refusals = self._named([cells[index] for index in named])
        for index, value in zip(named, converted, strict=True):
            values[index] = value
        return values, [(named[index], refused) for index, refused in refusals]

    def texts_or_nulls(self, cells: Sequence[str | None]) -> tuple[Sequence[Any], Refusals]:
        """Cells of a table of which some are null."""
        named = [index for index, cell in enumerate(cells) if cell and not cell.isspace()]
        values: list[Any] = [None if cell is None else ABSENT for cell in cells]
        if not named:
            return values, []
        converted, refusals = self._named([cells[index] for index in named])
        for index, value in zip(named, converted, strict=True):
            values[index] = value
        return values, [(named[index], refused) for index, refused in refusals]

    def values(self, cells: Sequence[Any]) -> tuple[Sequence[Any], Refusals]:
        """Decoded JSON values: null is a value, ABSENT stands where a row has no such key."""
        types = set(map(type, cells))
        if _NOTHING.isdisjoint(types):
            return self._named(cells)
        named = [
            index for index, cell in enumerate(cells) if cell is not ABSENT and cell is not None
        ]
        values = list(cells)
        converted, refusals = self._named([cells[index] for index in named])
        for index, value in zip(named, converted, strict=True):
            values[index] = value
        return values, [(named[index], refused) for index, refused in refusals]

    def _named(self, cells: Sequence[Any]) -> tuple[Sequence[Any], Refusals]:
        convert = self._convert
        if convert is None:
            return cells, []
        if self._whole is None:
            return _one_by_one(convert, cells)
        whole = self._whole(cells)
        if whole is None:
            return self._in_pieces(convert, self._whole, cells)
        if isinstance(whole, _Partly):
            return _completed(convert, cells, whole)
        return whole, []

    def _in_pieces(
        self, convert: Converter, whole: WholeColumn, cells: Sequence[Any]
    ) -> tuple[Sequence[Any], Refusals]:
        """Cells some of which are not vouched for: those around them still are, in pieces."""
        if len(cells) <= _PIECE_MIN:
            return _one_by_one(convert, cells)
        size = max(-(-len(cells) // _PIECES), _PIECE_MIN)
        values: list[Any] = []
        refusals: Refusals = []
        for start in range(0, len(cells), size):
            piece = cells[start : start + size]
            converted = whole(piece)
            refused: Refusals = []
            if converted is None:
                converted, refused = self._in_pieces(convert, whole, piece)
            elif isinstance(converted, _Partly):
                converted, refused = _completed(convert, piece, converted)
            refusals += ((start + index, each) for index, each in refused)
            values += converted
        return values, refusals


# A column that is not vouched for as a whole is cut into so many pieces, each again, down to pieces
# of so many cells.
_PIECES = 8
_PIECE_MIN = 8


def _one_by_one(convert: Converter, cells: Sequence[Any]) -> tuple[Sequence[Any], Refusals]:
    values: list[Any] = []
    refusals: Refusals = []
    for index, cell in enumerate(cells):
        try:
            values.append(convert(cell))
        except ValueRefused as refused:
            values.append(ABSENT)
            # Its traceback would keep all cells of the chunk until the collector comes.
            refusals.append((index, refused.with_traceback(None)))
    return values, refusals


class _Partly(list[Any]):
    """Converted cells, with `_NOT_VOUCHED_FOR` in the place of some."""


_NOT_VOUCHED_FOR = object()


def _completed(
    convert: Converter, cells: Sequence[Any], partly: _Partly
) -> tuple[Sequence[Any], Refusals]:
    """Convert the cells one by one that are not vouched for."""
    missing = [index for index, value in enumerate(partly) if value is _NOT_VOUCHED_FOR]
    converted, refusals = _one_by_one(convert, [cells[index] for index in missing])
    values = list(partly)
    for index, value in zip(missing, converted, strict=True):
        values[index] = value
    return values, [(missing[index], refused) for index, refused in refusals]


_NOTHING = frozenset({type(ABSENT), type(None)})


def whole_column(
    attribute: Attribute,
    convert: Converter,
    flags: Mapping[str, object],
    *,
    characters_max: int,
    is_key: bool = False,
) -> WholeColumn | None:
    """How a column of this attribute is converted whole; None: only cell by cell.

    Texts up to `characters_max` are within the bounds of bytes, whatever their characters. Those
    of `is_key` are spelled as keys are.
    """
    if attribute.enum or attribute.form in (Form.COUNTRY, Form.CURRENCY):
        return memo(convert)
    if attribute.type is ValueType.BOOLEAN:
        return booleans(convert)
    if attribute.form is Form.EMAIL and attribute.length_min is attribute.length_max is None:
        return plain_addresses(is_lower=attribute.lower)
    bounds = (attribute.minimum, attribute.above, attribute.maximum)
    low, above, high = (flags[each] if isinstance(each, str) else each for each in bounds)
    if attribute.type is ValueType.STRING and attribute.form is None:
        least = attribute.length_min
        most = attribute.length_max
        shortest: Any = flags[least] if isinstance(least, str) else least
        longest: Any = flags[most] if isinstance(most, str) else most
        return texts_within(
            characters_min=shortest or 0,
            characters_max=characters_max if longest is None else min(longest, characters_max),
            is_lower=attribute.lower,
            is_key=is_key,
        )
    if attribute.type is ValueType.INTEGER and not attribute.nonzero:
        floors: list[Any] = [] if low is None else [low]
        if isinstance(above, int):
            floors.append(above + 1)
        elif above is not None:
            return None
        ceiling: Any = high
        return integers_within(max(floors, default=None), ceiling)
    if attribute.type is ValueType.FLOAT and not attribute.nonzero:
        return decimals() if low is None and above is None and high is None else None
    return None


def memo(convert: Converter) -> WholeColumn:
    """For columns with few different cells: each is converted once."""
    known = _Memo(convert)

    def whole(cells: Sequence[Any]) -> Sequence[Any] | None:
        if set(map(type, cells)) != {str}:
            return None
        if len(known) > _MEMO_SIZE:
            known.clear()
        known.refused = 0
        values = list(map(known.__getitem__, cells))
        return _Partly(values) if known.refused else values

    return whole


class _Memo(dict[str, Any]):
    def __init__(self, convert: Converter) -> None:
        super().__init__()
        self._convert = convert
        self.refused = 0

    def __missing__(self, text: str) -> Any:
        try:
            value = self[text] = self._convert(text)
        except ValueRefused:
            self.refused += 1
            return _NOT_VOUCHED_FOR
        return value


def booleans(convert: Converter) -> WholeColumn:
    """For truth values, as JSON has them or as texts."""
    texts = memo(convert)

    def whole(cells: Sequence[Any]) -> Sequence[Any] | None:
        return cells if set(map(type, cells)) == {bool} else texts(cells)

    return whole


def texts_within(
    *, characters_min: int, characters_max: int, is_lower: bool = False, is_key: bool = False
) -> WholeColumn:
    """For texts that need only be storable and within these lengths."""

    def whole(cells: Sequence[Any]) -> Sequence[Any] | None:
        if set(map(type, cells)) != {str}:
            return None
        joined = "\0".join(cells)
        if joined.count("\0") != len(cells) - 1:
            return None  # a cell has a NUL of its own
        if not joined.isascii():
            if is_key:
                return None  # letters may have another form
            try:
                joined.encode()
            except UnicodeEncodeError:
                return None
        elif is_key:
            cells = list(map(str.strip, cells))
        lengths = list(map(len, cells))
        if max(lengths) > characters_max or min(lengths) < characters_min:
            return None
        return list(map(str.lower, cells)) if is_lower else cells

    return whole


def plain_addresses(*, is_lower: bool) -> WholeColumn:
    """For e-mail addresses as nearly everybody has them."""

    def whole(cells: Sequence[Any]) -> Sequence[Any] | None:
        if set(map(type, cells)) != {str} or not all(map(is_plain_address, cells)):
            return None
        return list(map(str.lower, cells)) if is_lower else cells

    return whole


def integers_within(least: int | None, most: int | None) -> WholeColumn:
    """For integers between bounds, as numbers or as texts of digits."""
    low = INTEGER_MIN if least is None else least
    high = INTEGER_MAX if most is None else most

    def whole(cells: Sequence[Any]) -> Sequence[Any] | None:
        types = set(map(type, cells))
        if types == {int}:
            numbers = cells
        elif types == {str} and _INTEGERS.fullmatch("\0".join(cells)):
            numbers = list(map(int, cells))
        else:
            return None
        return numbers if min(numbers) >= low and max(numbers) <= high else None

    return whole


def decimals() -> WholeColumn:
    """For finite floats without bounds."""

    def whole(cells: Sequence[Any]) -> Sequence[Any] | None:
        types = set(map(type, cells))
        if types == {str}:
            if not _DECIMALS.fullmatch("\0".join(cells)):
                return None
            return list(map(float, cells))
        if not types <= {float, int}:
            return None
        try:
            numbers = cells if int not in types else list(map(float, cells))
        except OverflowError:
            return None
        if not all(map(math.isfinite, numbers)):
            return None
        # -0.0 and 0.0 are one value.
        return [number + 0.0 for number in numbers] if 0.0 in numbers else numbers

    return whole
