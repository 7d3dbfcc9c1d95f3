"""What became of the rows of a chunk, packed into few bytes.

An outcome takes three bits. Ids and lines are stored as the differences from row to row, less the
least of them, in as many bytes as the largest needs, each byte in a column of its own: records that
are created in the order of the rows take nothing at all, those that are found in any order among a
million take three bytes. All of it is deflated where that makes it smaller.

Packing is done for whole columns at once, because the writer of a chunk waits for it.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from operator import sub

from isal import isal_zlib

from longshore.imports.row_outcome import RowOutcome

_PLAIN, _DEFLATED = 1, 2  # the first byte; anything else is of a later release
_LEVEL = 1
_DEFLATED_FROM = 64  # bytes; less than that is not worth the attempt

# Outcomes of rows that have no record, behind those of rows that have one.
_WITHOUT_RECORD = {RowOutcome.FAILED: 5, RowOutcome.SKIPPED: 6}
_OUTCOMES = {code: outcome for outcome, code in _WITHOUT_RECORD.items()}
_TO_DIGITS = bytes(range(48, 56)) + bytes(248)
_FROM_DIGITS = bytes(48) + bytes(range(8)) + bytes(200)

_InflatingFailed: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]  # see its .pyi
_DAMAGE = (IndexError, ValueError, struct.error, _InflatingFailed)


class LedgerDamaged(Exception):
    """The bytes are not what was packed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerColumns:
    """What became of consecutive rows: an entry for each, or an index among them."""

    outcomes: bytes  # RowOutcome
    records: Sequence[int]  # id of what the row created or found; 0: none, the row failed
    lines: Sequence[int]
    # Records that rows created besides their own: index of the row, table, id.
    further: Sequence[tuple[int, str, int]] = ()


def pack(columns: LedgerColumns) -> bytes:
    """Columns as they are stored."""
    records = columns.records
    codes: bytes = columns.outcomes
    if 0 in records:
        told = bytearray(codes)
        for at in [at for at, record in enumerate(records) if not record]:
            told[at] = _WITHOUT_RECORD[RowOutcome(told[at])]
        codes = bytes(told)
        records = list(filter(None, records))
    body = b"".join((_packed_codes(codes), _packed(records), _packed(columns.lines)))
    if columns.further:
        body += _packed_further(columns.further)
    return _stored(body)


def unpack(data: bytes, rows: int) -> LedgerColumns:
    """The columns of so many rows; raises LedgerDamaged."""
    try:
        reader = _reader(data)
        codes = reader.codes(rows)
        has_record = bytes(code not in _OUTCOMES for code in codes)
        found = iter(reader.column(has_record.count(1)))
        lines = reader.column(rows)
        return LedgerColumns(
            outcomes=bytes(_OUTCOMES.get(code, code) for code in codes),
            records=[next(found) if has else 0 for has in has_record],
            lines=lines,
            further=reader.further(),
        )
    except _DAMAGE as error:
        raise LedgerDamaged(str(error)) from error


def pack_numbers(*columns: Sequence[int]) -> bytes:
    """Columns of numbers that lie close to each other, as they are stored."""
    return _stored(b"".join(map(_packed, columns)))


def unpack_numbers(data: bytes, rows: int, columns: int) -> list[list[int]]:
    """So many columns of so many rows; raises LedgerDamaged."""
    try:
        reader = _reader(data)
        return [reader.column(rows) for _ in range(columns)]
    except _DAMAGE as error:
        raise LedgerDamaged(str(error)) from error


def _stored(body: bytes) -> bytes:
    if len(body) > _DEFLATED_FROM:
        deflated = isal_zlib.compress(body, _LEVEL)
        if len(deflated) < len(body):
            return bytes((_DEFLATED,)) + deflated
    return bytes((_PLAIN,)) + body


def _reader(data: bytes) -> "_Reader":
    match data[0]:
        case 1:
            return _Reader(data[1:])
        case 2:
            return _Reader(isal_zlib.decompress(data[1:]))
        case kind:
            raise LedgerDamaged(f"it is of a kind that this release does not know: {kind}")


def _packed_codes(codes: bytes) -> bytes:
    # A number whose base is a power of two is read and written in a time that grows with its
    # digits, and without any limit on them.
    return int(codes.translate(_TO_DIGITS), 8).to_bytes(_bytes_of_codes(len(codes)), "big")


def _bytes_of_codes(rows: int) -> int:
    return (rows * 3 + 7) // 8


def _packed(values: Sequence[int]) -> bytes:
    """A column of numbers that lie close to each other."""
    if not values:
        return b""
    head = _number(values[0])
    if len(values) == 1:
        return head
    step = values[1] - values[0]
    if _is_even(values, step):
        return head + _number(step) + b"\0"
    differences = list(map(sub, values[1:], values))
    least, most = min(differences), max(differences)
    width = ((most - least).bit_length() + 7) // 8
    head += _number(least) + bytes((width,))
    if not width:
        return head
    wide = struct.pack(f"<{len(differences)}Q", *map(sub, differences, repeat(least)))
    return head + b"".join(wide[byte::8] for byte in range(width))


def _is_even(values: Sequence[int], step: int) -> bool:
    """Whether all have the same distance, as ids and lines of new rows do; found out quickly."""
    first, last = values[0], values[-1]
    if not step or last - first != step * (len(values) - 1):
        return False
    return list(values) == list(range(first, last + (1 if step > 0 else -1), step))


def _packed_further(further: Sequence[tuple[int, str, int]]) -> bytes:
    tables = [table for _, table, _ in further]
    names = sorted(set(tables))
    numbers = {name: number for number, name in enumerate(names)}
    text = ",".join(names).encode()
    return b"".join(
        (
            _number(len(further)),
            _number(len(text)),
            text,
            _packed([index for index, _, _ in further]),
            _packed([numbers[table] for table in tables]),
            _packed([id for _, _, id in further]),
        )
    )


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the sign is the lowest bit of all."""
    rest = value << 1 if value >= 0 else (-value << 1) - 1
    data = bytearray()
    while rest > 0x7F:
        data.append(rest & 0x7F | 0x80)
        rest >>= 7
    data.append(rest)
    return bytes(data)


class _Reader:
    """Reads what was packed, one part after another."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def codes(self, rows: int) -> bytes:
        number = int.from_bytes(self._take(_bytes_of_codes(rows)), "big")
        return f"{number:0{rows}o}".encode().translate(_FROM_DIGITS)

    def column(self, count: int) -> list[int]:
        if not count:
            return []
        first = self._number()
        if count == 1:
            return [first]
        least = self._number()
        (width,) = self._take(1)
        wide = bytearray(8 * (count - 1))
        for byte in range(width):
            wide[byte::8] = self._take(count - 1)
        differences: Iterable[int] = struct.unpack(f"<{count - 1}Q", wide)
        return list(accumulate((least + each for each in differences), initial=first))

    def further(self) -> list[tuple[int, str, int]]:
        if self._at == len(self._data):
            return []
        count = self._number()
        names = self._take(self._number()).decode().split(",")
        indexes = self.column(count)
        tables = [names[number] for number in self.column(count)]
        return list(zip(indexes, tables, self.column(count), strict=True))

    def _number(self) -> int:
        rest = shift = 0
        while True:
            (byte,) = self._take(1)
            rest |= (byte & 0x7F) << shift
            shift += 7
            if byte <= 0x7F:
                return -(rest >> 1) - 1 if rest & 1 else rest >> 1

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) != count:
            raise LedgerDamaged("it ends too early")
        self._at += count
        return taken
