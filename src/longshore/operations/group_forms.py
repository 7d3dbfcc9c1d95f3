"""Sources that are groups by their form: a workbook with a sheet for each resource type, an archive
with a file for each, a JSON object with a list for each.

What names a resource type, as people write it, becomes a member; what names none is left out, and
told. Whatever the size of a source, it lies on the disk, and a little of it in memory.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from operator import not_
from typing import BinaryIO

import msgspec

from longshore.catalogue import Catalogue, meant_type, spelled_type
from longshore.engine import input_names
from longshore.errors import RequestRefused
from longshore.imports import GroupForm
from longshore.notices import Notice, NoticeCode
from longshore.operations.group_parts import (
    PART_WORDS,
    GroupPart,
    notices_of,
    refuse_empty,
    refuse_twice,
    why_group,
)
from longshore.operations.group_source import GroupMember, GroupSource
from longshore.readers import HEAD_BYTES, Format, RowsDocument, UnreadableSource, find_members, peek
from longshore.sources import (
    ARCHIVE_MAGIC,
    ORIGINAL_BYTES_MAX,
    ArchiveFile,
    AttachmentStore,
    Source,
    archive_files,
    is_empty,
    names_in,
)
from longshore.spreadsheet_cells import SPREADSHEET_SAFE
from longshore.workbooks import SheetName, Workbook, is_workbook, open_workbook

_BLOCK_BYTES = 1 << 18
_NAMES_SHOWN = 10
_ENDINGS = re.compile(
    r"(?:\.(?:csv|tsv|txt|json|jsonl|ndjson|xlsx|xlsm|ods|parquet))?(?:\.(?:gz|zst))?$", re.I
)
# In the name of a file, with the number that a browser gives what it has downloaded before.
_SAFE = re.compile(rf"{re.escape(SPREADSHEET_SAFE)}(?: \(\d+\))?(?=\.)")
_NUMBER = re.compile(r"^\d+[\s._-]+")  # people number sheets and files to have them in order


def type_of_name(catalogue: Catalogue, name: str) -> str | None:
    """The resource type that a sheet or a file is named after: `SKUs`, `02 Price lists`,
    `export/stock-items.csv.gz`."""
    stem = _ENDINGS.sub("", name.replace("\\", "/").rpartition("/")[2].strip())
    return spelled_type(catalogue, _NUMBER.sub("", stem), catalogue.creatable)


class GroupForms:
    """Tells which sources are groups by their form, and what their members are."""

    def __init__(self, catalogue: Catalogue, attachments: AttachmentStore) -> None:
        self._catalogue = catalogue
        self._attachments = attachments

    @contextmanager
    def open(
        self, source: Source, *, on_read: Callable[[int, int | None], None] | None = None
    ) -> Iterator[GroupSource | Source]:
        """The group that a source is; where it is none, the source to be read from its start.

        Both can be used within the block. Raises RequestRefused for a source that is a group and
        cannot be read, that has two parts of one type, or no rows at all.
        """
        if source.sheet is not None:
            yield source
            return
        with source.open(on_read) as opened, self._attachments.spool() as file:
            head, blocks = peek(opened, HEAD_BYTES)
            found: GroupSource | None = None
            if head.startswith(ARCHIVE_MAGIC):
                for block in blocks:
                    file.write(block)
                found = self._of_archive(source, file)
            elif _may_be_document(head, source):
                found = self._of_document(source, _copied(blocks, file), file)
            if found is not None or source.path is not None:
                yield found or source
            else:
                yield source.of_blocks(chain(_from_start(file), blocks))

    def of_inputs(self, inputs: Mapping[str, Sequence[object]], *, name: str) -> GroupSource:
        """The group whose rows somebody gives as lists, each under the name of its type; raises as
        `of_lists` does."""
        return self.of_lists(io.BytesIO(msgspec.json.encode(inputs)), name=name)

    def of_lists(self, file: BinaryIO, *, name: str) -> GroupSource:
        """The group whose rows stand in a file as one JSON object of lists, each under the name of
        its type, and nothing else. The file is read as long as the group is.

        Raises RequestRefused for a name that is no resource type, UnreadableSource for what is no
        JSON, and EmptySource.
        """
        document = find_members(
            _from_start(file),
            is_rows=lambda _name: True,
            is_field=lambda _name: False,
            is_asked=True,
        )
        if document is None or document.others:
            raise UnreadableSource(
                "expected an object with a list of rows under the name of each resource type"
            )
        source = Source(name=name, format=Format.JSON)
        parts = self._lists(source, document, file)
        for part in parts:
            if part.type_ is None:
                close = meant_type(self._catalogue, part.name, self._catalogue.creatable)
                raise RequestRefused(
                    f"no such resource type: {part.name}",
                    hint=f"did you mean {close}?" if close else "`longshore types` lists them all",
                )
        group = self._group(GroupForm.DOCUMENT, name, parts)
        assert group is not None, "each of its lists has a type"
        return group

    def _of_archive(self, source: Source, file: BinaryIO) -> GroupSource | None:
        """The group that a workbook or an archive is."""
        if is_workbook(names_in(file)):
            return self._of_workbook(source, file)
        files = archive_files(file)
        if len(files) < 2:
            return None  # read as the file that it holds
        parts = [
            GroupPart(
                name=each.name,
                type_=type_of_name(self._catalogue, _SAFE.sub("", each.name)),
                source=_of_file(source, each),
                # The bytes of a source are read once.
                is_empty=partial(is_empty, _of_file(source, each), self._attachments.spool),
            )
            for each in files
        ]
        group = self._group(GroupForm.ARCHIVE, source.name, parts)
        if group is None:
            return None
        return replace(group, notices=(*group.notices, *_kept_apostrophes(source, parts)))

    def _of_workbook(self, source: Source, file: BinaryIO) -> GroupSource | None:
        with open_workbook(file) as workbook:
            named = [
                (sheet, type_of_name(self._catalogue, sheet.name)) for sheet in workbook.sheets
            ]
            members_count = sum(type_ is not None for _, type_ in named)
            size = file.seek(0, 2)
            parts = [
                GroupPart(
                    name=sheet.name,
                    type_=type_,
                    source=_of_sheet(
                        source,
                        sheet,
                        file,
                        # Each member has the workbook beside it, unless that takes up too much.
                        keeps_original=size * members_count <= ORIGINAL_BYTES_MAX,
                    ),
                    is_empty=partial(_has_no_records, workbook, sheet, source),
                    is_hidden=sheet.is_hidden,
                )
                for sheet, type_ in named
                if type_ is not None or not sheet.is_hidden
            ]
            return self._group(GroupForm.WORKBOOK, source.name, parts)

    def _of_document(
        self, source: Source, blocks: Iterator[bytes], file: BinaryIO
    ) -> GroupSource | None:
        fields = self._field_names()
        document = find_members(
            blocks,
            is_rows=lambda name: self._type_of_member(name) is not None,
            is_field=lambda name: name in fields and name not in _COMMON_MEMBERS,
        )
        if document is None or not any(
            each.name in self._catalogue.creatable for each in document.members
        ):
            return None
        parts = self._lists(source, document, file)
        parts += [
            GroupPart(name=name, type_=None, source=source)
            for name in document.others
            if name not in _COMMON_MEMBERS
        ]
        return self._group(GroupForm.DOCUMENT, source.name, parts)

    def _lists(self, source: Source, document: RowsDocument, file: BinaryIO) -> list[GroupPart]:
        return [
            GroupPart(
                name=each.name,
                type_=self._type_of_member(each.name),
                source=source.of_blocks(
                    _between(file, each.start.line, each.start.offset, each.end_offset),
                    format=Format.JSON,
                ),
                is_empty=partial(not_, each.rows_count),
            )
            for each in document.members
        ]

    def _type_of_member(self, name: str) -> str | None:
        """The resource type of which a member of a document holds rows."""
        return spelled_type(self._catalogue, name, self._catalogue.creatable)

    def _field_names(self) -> frozenset[str]:
        """What rows of any type may have as a key."""
        types = (self._catalogue.types[name] for name in self._catalogue.creatable)
        return frozenset(name for type_ in types for name in input_names(self._catalogue, type_))

    def _group(self, form: GroupForm, name: str, parts: Sequence[GroupPart]) -> GroupSource | None:
        """The group that is made of parts; None where none of them names a resource type."""
        words = PART_WORDS[form]
        named = [part for part in parts if part.type_ is not None and not part.is_hidden]
        if not named:
            return None
        by_type: dict[str, GroupPart] = {}
        for part in named:
            assert part.type_ is not None
            if part.type_ in by_type:
                raise refuse_twice(words, part.type_, by_type[part.type_].name, part.name)
            by_type[part.type_] = part
        empty = [part.name for part in named if part.is_empty()]
        filled = {type_: part for type_, part in by_type.items() if part.name not in empty}
        if not filled:
            raise refuse_empty(words, empty)
        return GroupSource(
            form=form,
            name=name,
            members=tuple(
                GroupMember(resource_type=type_, source=filled[type_].source)
                for type_ in self._catalogue.dependency_order(filled)
            ),
            why=(why_group(words, by_type),),
            notices=notices_of(self._catalogue, words, parts, empty),
        )


# Members of a document that say something of it, whatever the rows may have as keys.
_COMMON_MEMBERS = frozenset({"meta", "metadata", "jsonapi"})


def _may_be_document(head: bytes, source: Source) -> bool:
    if source.format is Format.CSV or source.encoding is not None or source.csv.named():
        return False
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def _of_sheet(source: Source, sheet: SheetName, file: BinaryIO, *, keeps_original: bool) -> Source:
    made = source.of_blocks(_from_start(file))
    return replace(made, sheet=sheet.name, keeps_original=keeps_original)


def _has_no_records(workbook: Workbook, sheet: SheetName, source: Source) -> bool:
    """Whether nothing stands below the header of a sheet."""
    header_row = source.csv.header_row or 1
    return len(list(islice(workbook.rows(sheet.name), header_row + 1))) <= header_row


def _kept_apostrophes(source: Source, parts: Sequence[GroupPart]) -> tuple[Notice, ...]:
    """That files are not read as their names say, where somebody wants it so, or has said nothing
    at a terminal."""
    names = [each.name for each in parts if each.type_ is not None and _SAFE.search(each.name)]
    if source.is_guarded is not False or not names:
        return ()
    shown = ", ".join(names[:_NAMES_SHOWN]) + (", ..." if len(names) > _NAMES_SHOWN else "")
    return (
        Notice(
            code=NoticeCode.APOSTROPHES_KEPT,
            message="names of files say that cells have an apostrophe before = + - @, which is "
            f"kept: {shown}",
            hint="--spreadsheet-safe takes it off",
            count=len(names),
        ),
    )


def _of_file(source: Source, file: ArchiveFile) -> Source:
    return source.of_blocks(_lazy(file), name=f"{source.name}/{file.name}")


def _lazy(file: ArchiveFile) -> Iterator[bytes]:
    """The bytes of a file, which is opened when somebody reads them."""
    yield from file.blocks()


def _copied(blocks: Iterator[bytes], file: BinaryIO) -> Iterator[bytes]:
    """The same blocks, each of which stands in the file as soon as it is taken."""
    for block in blocks:
        file.write(block)
        yield block


def _from_start(file: BinaryIO) -> Iterator[bytes]:
    """All that stands in a file; others may read it meanwhile."""
    offset = 0
    while True:
        file.seek(offset)
        block = file.read(_BLOCK_BYTES)
        if not block:
            return
        offset += len(block)
        yield block


def _between(file: BinaryIO, line: int, start: int, end: int) -> Iterator[bytes]:
    """The bytes between two offsets, below so many empty lines that each row stands on the line of
    the document."""
    left = line - 1
    while left > 0:
        yield b"\n" * min(left, _BLOCK_BYTES)
        left -= _BLOCK_BYTES
    while start < end:
        file.seek(start)
        block = file.read(min(_BLOCK_BYTES, end - start))
        if not block:
            return
        start += len(block)
        yield block
