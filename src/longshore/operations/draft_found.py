"""What the file of a draft was found to be: nothing here is refused, all is told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from longshore.dialects import Dialect
from longshore.errors import RequestRefused
from longshore.imports import GroupForm
from longshore.notices import Notice
from longshore.operations.inspections import FirstRow, Inspection
from longshore.sources import Source, StoredAttachment

_OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)")
_LINES_AROUND = 2
_LINE_CHARACTERS = 300
_LINES_MAX = 5_000_000  # before the place that is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMember:
    """Rows of one type, in a file with rows of several."""

    resource_type: str
    name: str | None  # of its sheet or file; None: it has no name of its own
    rows_count: int | None  # None: they could not be read
    inspection: Inspection | None = None  # of a member that stands in the file as it is
    # The first records: {"row", "line", "source": {column: cell}, "fields": {field: value}}
    examples: Sequence[Mapping[str, Any]] = ()
    refusal: RequestRefused | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundGroup:
    """A file with rows of several types."""

    form: GroupForm
    dialect: str | None  # None: the file is a group by its form
    why: Sequence[str]
    notices: Sequence[Notice]
    members: Sequence[FoundMember]
    rows_count: int | None  # of the file, where those of the members are made of these
    original: StoredAttachment | None  # how a dialect's file is read; what was stored is gone
    first_rows: Sequence[FirstRow] = ()
    digest: str | None = None  # by which the same source is known
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A line of a file that cannot be read."""

    number: int
    text: str
    is_meant: bool  # the one that is wrong


@dataclass(frozen=True, kw_only=True)
class DraftFound:
    """What a file is: rows of one type, rows of several, or nothing that is clear yet."""

    resource_type: str | None = None  # that its rows are imported as; None: nothing shows it
    inspection: Inspection | None = None  # of rows of one type, or of a type that is not known
    group: FoundGroup | None = None
    why: Sequence[str] = ()  # it is what it is
    refusal: RequestRefused | None = None  # why nothing can be imported of it
    lines: Sequence[FileLine] = ()  # around the place where it cannot be read
    choices: Sequence[str] = ()  # types or dialects that it may be, the likeliest first
    dialects: Sequence[Dialect] = ()  # of which it may be
    needed_options: Sequence[str] = ()  # of a dialect, without which nothing can be made of it

    @property
    def is_decided(self) -> bool:
        """Whether it is clear of which type, or of which types, the rows are."""
        return self.refusal is None and (self.group is not None or self.resource_type is not None)

    @property
    def stored(self) -> StoredAttachment | None:
        """How the file is read; what was stored is gone. None: of a file that holds others."""
        if self.inspection is not None:
            return self.inspection.stored
        return None if self.group is None else self.group.original

    @property
    def first_rows(self) -> Sequence[FirstRow]:
        """The first rows as they stand in the file."""
        if self.inspection is not None:
            return self.inspection.first_rows
        return () if self.group is None else self.group.first_rows

    @cached_property
    def needs_columns(self) -> bool:
        """Whether somebody has to look at the columns before they are imported: of a group nobody,
        nor where all are surely these fields, and no amount is meant otherwise than it stands."""
        found = self.inspection
        if self.group is not None or found is None:
            return False
        return bool(
            found.missing
            or found.refusal
            or any(found.columns[each.column - 1].filled_count for each in found.left_out)
            or any(each.confidence != "high" or each.is_decimal for each in found.fields)
        )


def options_named_by(refusal: RequestRefused) -> list[str]:
    """The options that would help, as the sentence names them for a terminal."""
    text = f"{refusal.message} {refusal.hint or ''}"
    found = (name.replace("-", "_") for name in _OPTION.findall(text))
    # A command that makes a stock location calls it otherwise.
    return list(dict.fromkeys("stock_location" if each == "warehouse" else each for each in found))


def lines_around(source: Source, line: int) -> list[FileLine]:
    """A line of a source with its neighbours, as text; none where it is no text."""
    found = []
    try:
        with source.open() as blocks:
            for number, text in _lines(blocks, line + _LINES_AROUND):
                if number >= line - _LINES_AROUND:
                    found.append(FileLine(number=number, text=text, is_meant=number == line))
    except RequestRefused:
        return []
    return found


def _lines(blocks: Any, last: int) -> Any:
    """The lines up to one, numbered; only so much of each is decoded as is shown."""
    number, rest = 1, b""
    if last > _LINES_MAX:
        return
    for block in blocks:
        lines = (rest + block).split(b"\n")
        rest = lines.pop()
        for each in lines:
            yield number, _text(each)
            number += 1
            if number > last:
                return
    if rest:
        yield number, _text(rest)


def _text(line: bytes) -> str:
    line = line[: _LINE_CHARACTERS * 4].rstrip(b"\r")
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("cp1252", "replace")
    return text[:_LINE_CHARACTERS]
