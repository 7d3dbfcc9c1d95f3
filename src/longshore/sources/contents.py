"""What a source holds that is no text by itself: a sheet of a workbook, a file in an archive.

Its text is made while it is read, and only then kept; so whatever follows knows texts alone.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import BinaryIO, TypeAlias

from longshore.errors import RequestRefused
from longshore.notices import Notice, NoticeCode
from longshore.parquet import MAGIC as _PARQUET
from longshore.parquet import open_parquet
from longshore.readers import (
    HEAD_BYTES,
    CsvOptions,
    EmptySource,
    Format,
    UnreadableSource,
    peek,
)
from longshore.sources.archive_files import ARCHIVE_MAGIC, archive_files, names_in
from longshore.sources.source import Source
from longshore.workbooks import (
    CsvWriter,
    SheetName,
    Workbook,
    is_workbook,
    open_workbook,
)

_COMPOUND = b"\xd0\xcf\x11\xe0"  # an old workbook, or an encrypted one
_HEADER_ROWS = 20  # in which a header is looked for
_SHEETS_LOOKED_AT = 20
_ROW_GROUPS_NAMED = 1000  # more of them are not told apart
_AS_WRITTEN = CsvOptions(delimiter=",", quote='"', escape="", header_row=1, is_one_table=True)
_NAMES_SHOWN = 10
# What files are that are no text, by the ends of their names.
_KINDS = {
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".ods": "workbook",
    ".parquet": "Parquet file",
}
_DEPTH_MAX = 2  # a workbook in an archive, and no archive in one

Spool: TypeAlias = Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HowToRead:
    """What is said of a text, by whoever gives it or by what it was made from."""

    name: str  # its extension is a hint at the format
    format: Format | None
    encoding: str | None
    csv: CsvOptions
    sheet: str | None = None  # the name of a sheet

    @classmethod
    def of(cls, source: Source) -> "HowToRead":
        """What is said of a source."""
        return cls(
            name=source.name,
            format=source.format,
            encoding=source.encoding,
            csv=source.csv,
            sheet=source.sheet,
        )


@dataclass(slots=True, kw_only=True)
class Contents:
    """The text of a source."""

    blocks: Iterator[bytes]
    how: HowToRead
    sheet: str | None = None  # of which the text was made
    sheets: tuple[str, ...] = ()  # all of the workbook
    row_groups: tuple[int, ...] = ()  # of Parquet: the number of the last row of each
    original: BinaryIO | None = None  # the bytes that the text was made of
    _writer: CsvWriter | None = None
    _notices: list[Notice] = field(default_factory=list)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is worth telling, once all of it was read."""
        hidden = 0 if self._writer is None else self._writer.hidden_count
        if not hidden:
            return tuple(self._notices)
        rows = "1 hidden row was" if hidden == 1 else f"{hidden:,} hidden rows were"
        told = Notice(
            code=NoticeCode.HIDDEN_ROWS,
            message=f"{rows} read like all others of the sheet {self.sheet!r}",
            hint="delete rows that are not to be imported",
            count=hidden,
        )
        return (*self._notices, told)


@contextmanager
def open_contents(
    blocks: Iterator[bytes],
    how: HowToRead,
    spool: Spool,
    *,
    is_field: Callable[[str], bool],
) -> Iterator[Contents]:
    """The text of a source whose bytes are these.

    A workbook, an archive or a Parquet file is first kept in a file of `spool`, because it is read
    from its end. `is_field` says of a text whether it names a field of the rows: by that one of
    several sheets is chosen. Raises RequestRefused: WorkbookRefused, ParquetRefused, and
    UnreadableSource for archives, and in place of an EmptySource of the block for what is called a
    workbook or a Parquet file and is none.
    """
    original: BinaryIO | None = None
    with ExitStack() as stack:
        for _ in range(_DEPTH_MAX):
            head, blocks = peek(blocks, HEAD_BYTES)
            if not head.startswith((*ARCHIVE_MAGIC, _COMPOUND, _PARQUET)):
                break
            file = stack.enter_context(spool())
            for block in blocks:
                file.write(block)
            file.seek(0)
            original = original or file
            if head.startswith(_PARQUET):
                yield replace(_of_parquet(stack, file, how), original=original)
                return
            if head.startswith(_COMPOUND) or is_workbook(names_in(file)):
                workbook = stack.enter_context(open_workbook(file))
                yield replace(_of_workbook(workbook, how, is_field), original=original)
                return
            how, blocks = _of_archive(file, how)
        if how.sheet is not None:
            raise RequestRefused(
                f"the sheet {how.sheet!r} was named, and the source is no workbook",
                hint="leave --sheet out, and `sheet` of a mapping",
            )
        try:
            yield Contents(blocks=blocks, how=how, original=original)
        except EmptySource as empty:
            # A damaged file, of which a text would be a header.
            ending = next((each for each in _KINDS if how.name.lower().endswith(each)), None)
            if how.format is not None or ending is None or not empty.header:
                raise
            raise UnreadableSource(
                f"this is no {_KINDS[ending]}, though its name ends in {ending}",
                hint="it may be damaged: save or copy it again",
            ) from empty


def _of_parquet(stack: ExitStack, file: BinaryIO, how: HowToRead) -> Contents:
    if (
        how.format is not None
        or how.encoding is not None
        or how.csv.named()
        or how.sheet is not None
    ):
        raise UnreadableSource(
            "the source is a Parquet file: no format, encoding, delimiter, quotes, escapes, header "
            "row or sheet can be named",
            hint="leave these options out",
        )
    table = stack.enter_context(open_parquet(file))
    groups = tuple(table.row_groups)
    return Contents(
        blocks=table.blocks(),
        how=replace(how, format=Format.CSV, encoding="utf-8", csv=_AS_WRITTEN),
        row_groups=groups if len(groups) <= _ROW_GROUPS_NAMED else (),
    )


def _of_workbook(workbook: Workbook, how: HowToRead, is_field: Callable[[str], bool]) -> Contents:
    if how.format is not None or how.encoding is not None or set(how.csv.named()) - {"header_row"}:
        raise UnreadableSource(
            "the source is a workbook: neither a format nor an encoding, a delimiter, quotes or "
            "escapes can be named",
            hint="leave these options out",
        )
    notices = []
    if how.sheet is None:
        sheet = _chosen_sheet(workbook, is_field)
        others = [repr(each.name) for each in workbook.sheets if each.name != sheet]
        if others:
            notices.append(_sheet_notice(sheet, others))
    else:
        sheet = _named_sheet(workbook, how.sheet)
    writer = CsvWriter(flat_until=how.csv.header_row or 0)
    csv = replace(how.csv, delimiter=",", quote='"', escape="")
    return Contents(
        blocks=writer.blocks(workbook.rows(sheet)),
        how=replace(how, format=Format.CSV, encoding="utf-8", csv=csv, sheet=sheet),
        sheet=sheet,
        sheets=tuple(each.name for each in workbook.sheets),
        _writer=writer,
        _notices=notices,
    )


def _sheet_notice(sheet: str, others: list[str]) -> Notice:
    listed = ", ".join(others[:_NAMES_SHOWN]) + (", ..." if len(others) > _NAMES_SHOWN else "")
    were = "another sheet was" if len(others) == 1 else f"{len(others)} other sheets were"
    return Notice(
        code=NoticeCode.SHEET_CHOSEN,
        message=f"the sheet {sheet!r} was read; {were} left out: {listed}",
        hint="--sheet NAME reads another one",
        count=len(others),
    )


def _chosen_sheet(workbook: Workbook, is_field: Callable[[str], bool]) -> str:
    """The sheet of which a row names most fields; of several the first, visible ones before."""
    visible = [each for each in workbook.sheets if not each.is_hidden] or list(workbook.sheets)
    if len(visible) == 1:
        return visible[0].name
    found = [
        (_names_in_header(workbook, each, is_field), -number, each.name)
        for number, each in enumerate(visible[:_SHEETS_LOOKED_AT])
    ]
    return max(found)[2]


def _names_in_header(
    workbook: Workbook, sheet: SheetName, is_field: Callable[[str], bool]
) -> tuple[int, int]:
    """How many cells of one of its first rows are names of fields, and whether there is any row."""
    first = list(islice(workbook.rows(sheet.name), _HEADER_ROWS))
    most = max((sum(map(is_field, map(str.strip, row.cells))) for row in first), default=0)
    return most, min(len(first), 2)


def _named_sheet(workbook: Workbook, name: str) -> str:
    names = [each.name for each in workbook.sheets]
    if name in names:
        return name
    folded = [each for each in names if each.strip().casefold() == name.strip().casefold()]
    if len(folded) == 1:
        return folded[0]
    raise RequestRefused(
        f"the workbook has no sheet {name!r}",
        hint=f"its sheets are {', '.join(map(repr, names[:_NAMES_SHOWN]))}",
    )


def _of_archive(file: BinaryIO, how: HowToRead) -> tuple[HowToRead, Iterator[bytes]]:
    """The only file of an archive."""
    files = archive_files(file)
    if len(files) != 1:
        names = ", ".join(repr(each.name) for each in files[:_NAMES_SHOWN])
        found = f"{len(files)} files: {names}" if files else "no file"
        raise UnreadableSource(
            f"the archive has to hold one file, and has {found}",
            hint="unpack it, and import each file; files named after resource types, such as "
            "skus.csv and prices.csv, are imported together",
        )
    return replace(how, name=files[0].name), files[0].blocks()
