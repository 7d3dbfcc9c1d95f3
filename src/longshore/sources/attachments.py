"""The stored bytes of an import's source: read as often as needed, wherever they came from.

A source is read once: while a survey judges it, what it has judged is compressed into the
attachment. So standard input needs no second copy, and what is refused leaves nothing behind.
An attachment is two things: NAME, one gzip member that anybody's gunzip takes, and NAME.index,
its restart points. Without the index every row can still be read, from the start. What its text was
made of, such as a workbook or a file before its rows were changed, lies beside it as NAME.original.
Where they lie is up to a place: a folder or a bucket.
"""

import json
import os
import re
import secrets
import time
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from longshore.errors import LongshoreError, RequestRefused
from longshore.notices import Notice
from longshore.readers import (
    HEAD_BYTES,
    LINE_END_BYTES_MAX,
    QUOTED_BYTES_MAX,
    Format,
    Layout,
    Position,
    Rows,
    TextForm,
    UnreadableSource,
    choose_format,
    of_guarded_cells,
    peek,
    read_rows,
    survey,
    text_form,
)
from longshore.sources.attachment_folder import AttachmentFolder
from longshore.sources.attachment_place import AttachmentMissing, AttachmentPlace
from longshore.sources.contents import HowToRead, open_contents
from longshore.sources.guarded_cells import GuardLook
from longshore.sources.part_store import PartStore
from longshore.sources.recorder import Recorder
from longshore.sources.restart_points import (
    DamagedMember,
    MemberWriter,
    RestartPoint,
    nearest_point,
    read_member,
)
from longshore.sources.source import Progress, Source

ORIGINAL_BYTES_MAX = 256 << 20
_BLOCK_BYTES = 1 << 18
ATTACHMENT_URL_SECONDS = 300  # a promise of the wire contract

# What is kept before there is an import of it is named so that older releases, which know imports
# alone, do not sweep it away.
_AHEAD = "upload-"
# Only what looks like this is swept away: a bucket or a folder may hold other things.
_OURS = re.compile(
    rf"\.?(?P<name>(?:{_AHEAD})?[0-9a-f]{{32}}\.(?:gz|bytes))(?:\.index|\.original)?(?P<part>\.part)?"
)


class TooManyRows(RequestRefused):
    """The source has more rows than the import may have."""

    def __init__(self, message: str, *, rows_max: int) -> None:
        super().__init__(message)
        self.rows_max = rows_max


class AttachmentDamaged(LongshoreError):
    """The attachment is not what was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAttachment:
    """What is known of an attachment once it is safe."""

    name: str  # opaque; unique in its place
    layout: Layout
    rows_count: int
    raw_bytes: int
    stored_bytes: int
    content_digest: str  # of the raw bytes
    notices: tuple[Notice, ...]  # what reading it found worth telling
    source_format: Format  # before lines of JSON became an array
    reasons: tuple[str, ...]  # why it is read as it is
    sheets: tuple[str, ...]  # of a workbook
    is_document: bool = False  # its rows were an array inside of an object of JSON


class AttachmentStore:
    """The attachments of one place; a path stands for the folder there."""

    def __init__(self, place: AttachmentPlace | Path) -> None:
        self._place = AttachmentFolder(place) if isinstance(place, Path) else place

    @property
    def is_folder(self) -> bool:
        """Whether other machines find the attachments only if they share a folder."""
        return self._place.folder is not None

    @property
    def folder(self) -> Path | None:
        """The folder of the attachments; None for a place that every machine reaches alike."""
        return self._place.folder

    @property
    def parts(self) -> PartStore:
        """The parts of uploads, in the same place."""
        return PartStore(self._place)

    @property
    def location(self) -> str:
        """Where the attachments are; equal texts mean the same place, on the same machine."""
        return self._place.location

    def write(
        self,
        source: Source,
        *,
        descend: frozenset[str] = frozenset(),
        is_field: Callable[[str], bool] = lambda _name: False,
        rows_max: int | None = None,
        progress: Progress | None = None,
        allows_twins: bool = False,
        is_ahead: bool = False,
    ) -> StoredAttachment:
        """Survey and store `source`; when this returns, it survives a crash of the machine.

        `descend`, `is_field` and `allows_twins` are `survey`'s; with `is_ahead` there may be no
        import of it for long. Raises RequestRefused for a source
        that cannot be read, TooManyRows when there are more than `rows_max`, and what the place
        raises; then nothing is left behind.
        """
        name = f"{_AHEAD if is_ahead else ''}{secrets.token_hex(16)}.gz"
        try:
            return self._write(
                name,
                source,
                descend=descend,
                is_field=is_field,
                rows_max=rows_max,
                progress=progress,
                allows_twins=allows_twins,
            )
        except BaseException:
            # It is stored already where the second reading of a survey finds what is wrong.
            with suppress(Exception):
                self.delete(name)
            raise

    def _write(
        self,
        name: str,
        source: Source,
        *,
        descend: frozenset[str],
        is_field: Callable[[str], bool],
        rows_max: int | None,
        progress: Progress | None,
        allows_twins: bool,
    ) -> StoredAttachment:
        # The index comes first: an attachment is there when its gzip member is.
        pair = self._place.new_pair(_index_of(name), name)
        with (
            source.open(progress) as raw,
            open_contents(raw, HowToRead.of(source), self.spool, is_field=is_field) as contents,
            ExitStack() as writing,
        ):
            index, file = writing.enter_context(pair)
            how = contents.how
            head, blocks = peek(contents.blocks, HEAD_BYTES)
            format = choose_format(head, format=how.format, name=how.name)
            writer = MemberWriter(file)
            recorder = Recorder(writer, as_array=format is Format.NDJSON)
            guard = GuardLook(source.is_guarded)

            def finish() -> None:
                if not recorder.is_finished:
                    recorder.finish()
                    index.write(_encode_index(writer.points, writer.raw_bytes))

            def reread() -> Iterator[bytes]:
                finish()
                writing.close()
                return self.blocks(name)

            found = survey(
                recorder.watch(guard.watch(blocks)),
                format=format,
                encoding=how.encoding,
                csv=how.csv,
                descend=descend,
                is_field=is_field,
                on_rows=recorder.note,
                on_position=_limited(recorder.judged, rows_max),
                reread=reread,
                allows_twins=allows_twins,
                sheet=contents.sheet or "",
            )
            _refuse_more(found.rows_count, rows_max)
            finish()
            if contents.original is not None and source.keeps_original:
                self._keep_original(name, contents.original)
        layout = replace(recorder.layout(found.layout), row_groups=contents.row_groups)
        judged = guard.judged(contents.how.name, layout, lambda: self.open(name, layout))
        return StoredAttachment(
            name=name,
            layout=of_guarded_cells(layout) if judged.is_guarded else layout,
            rows_count=found.rows_count,
            raw_bytes=writer.raw_bytes,
            stored_bytes=writer.stored_bytes,
            content_digest=writer.content_digest,
            notices=(*contents.notices, *found.notices, *judged.notices),
            source_format=format,
            reasons=found.reasons,
            sheets=contents.sheets,
            is_document=found.layout.is_enclosed,
        )

    def _keep_original(self, name: str, file: BinaryIO) -> None:
        """Keep the bytes beside the text that was made of them, unless there are too many."""
        if file.seek(0, os.SEEK_END) > ORIGINAL_BYTES_MAX:
            return
        file.seek(0)
        self.keep_original(name, iter(partial(file.read, _BLOCK_BYTES), b""))

    def keep_original(self, name: str, blocks: Iterable[bytes]) -> None:
        """Keep beside an attachment the bytes of which it was made, however many they are."""
        with self._place.new(_original_of(name)) as sink:
            for block in blocks:
                sink.write(block)

    def has_original(self, name: str) -> bool:
        """Whether the bytes of which an attachment was made are kept beside it."""
        return self._place.exists(_original_of(name))

    def original(self, name: str) -> Iterator[bytes]:
        """The bytes of which an attachment was made, such as a workbook.

        Raises AttachmentMissing at once where none are kept.
        """
        return self._place.read(_original_of(name), 0)

    def sent(self, name: str) -> Iterator[bytes]:
        """The original of an attachment, or where none is kept, because the attachment was made of
        no other bytes, its own. Raises as `original` and `open` do."""
        return self.original(name) if self.has_original(name) else self.blocks(name)

    def take(self, name: str, source: "AttachmentStore") -> None:
        """Keep an attachment of another store under the same name, byte for byte.

        Raises AttachmentMissing when it is not there, and what either place raises.
        """
        index_name = _index_of(name)
        with self._place.new_pair(index_name, name) as (index, file):
            for block in source._place.read(name, 0):
                file.write(block)
            with suppress(AttachmentMissing):
                for block in source._place.read(index_name, 0):
                    index.write(block)
        with suppress(AttachmentMissing):
            self.keep_original(name, source.original(name))

    def spool(self) -> AbstractContextManager[BinaryIO]:
        """A file without a name, for bytes of a source that is still to be judged.

        It is gone after the block, or when its process dies. Raises AttachmentStoreFull and
        AttachmentNotWritable, also for what the block writes.
        """
        return self._place.spool()

    def open(self, name: str, layout: Layout, start: Position | None = None) -> Iterator[Rows]:
        """The rows of the attachment, all of them or from `start` on.

        Raises AttachmentMissing at once, AttachmentDamaged while reading, and at any time what a
        bucket raises: AttachmentsAway and AttachmentsRefused.
        """
        blocks = self.blocks(name, start.offset if start is not None else 0)
        return _read(name, blocks, layout, start)

    def rows_at(
        self, name: str, layout: Layout, numbers: Collection[int]
    ) -> Iterator[tuple[int, int, Any]]:
        """Number, line and values of a few rows, in their order; what lies between restart points
        near to them is read, and nothing else. Raises as `open` does."""
        points, _ = self._read_index(name)
        firsts = [point.position.row for point in points]
        wanted = sorted(set(numbers))
        while wanted:
            at = bisect_right(firsts, wanted[0]) - 1
            start = points[at].position if at >= 0 else None
            next_first = firsts[at + 1] if at + 1 < len(firsts) else None
            near = [each for each in wanted if next_first is None or each < next_first]
            wanted = wanted[len(near) :]
            for rows in self.open(name, layout, start):
                while near and near[0] < rows.first + len(rows):
                    index = near.pop(0) - rows.first
                    if index >= 0:
                        yield rows.first + index, rows.lines[index], rows.values[index]
                if not near:
                    break

    def blocks(self, name: str, offset: int = 0) -> Iterator[bytes]:
        """The raw bytes, decompressed, from `offset` on. Raises as `open` does."""
        points, raw_bytes = self._read_index(name)
        start = nearest_point(points, offset)
        stored = self._place.read(name, start.stored_offset if start is not None else 0)
        return _inflated(name, stored, start, offset, raw_bytes)

    def raw_bytes(self, name: str) -> int | None:
        """How long the attachment is, decompressed; None: nobody knows without reading it."""
        return self._read_index(name)[1]

    def text_form(self, name: str, layout: Layout) -> TextForm:
        """How the text of the source was written down. Raises as `open` does."""
        first = layout.first.offset
        head, _ = peek(self.blocks(name), min(first, QUOTED_BYTES_MAX) + QUOTED_BYTES_MAX)
        start = max(first - LINE_END_BYTES_MAX, 0)
        before, _ = peek(self.blocks(name, start), LINE_END_BYTES_MAX)
        return text_form(
            layout,
            head=head[:LINE_END_BYTES_MAX],
            before_rows=before[: first - start],
            from_header=head[: first + QUOTED_BYTES_MAX],
        )

    def path(self, name: str) -> Path:
        """Where the gzip file is kept; only for attachments in a folder."""
        assert self._place.folder is not None, "a bucket has no paths"
        return self._place.folder / name

    def signed_url(self, name: str, seconds: int = ATTACHMENT_URL_SECONDS) -> str | None:
        """Where anybody can fetch the gzip bytes for so long; None for attachments in a folder.

        Nobody is asked whether the attachment is there.
        """
        return self._place.signed_url(name, seconds)

    def check(self) -> None:
        """Raise what `write` would raise at once: the place is away, or nobody may write there."""
        self._place.check()

    def exists(self, name: str) -> bool:
        return self._place.exists(name)

    def delete(self, name: str) -> None:
        """Remove the attachment; one that is gone already is fine."""
        self._place.remove(name, _index_of(name), _original_of(name))

    def delete_all(self, names: Iterable[str]) -> None:
        """Remove attachments and parts of uploads; those that are gone already are fine."""
        for name in names:
            self.delete(name)

    def sweep(
        self,
        known: Collection[str],
        *,
        older_than_seconds: float,
        on_failure: Callable[[LongshoreError], None] = lambda _error: None,
    ) -> int:
        """Remove what a killed process left behind; the number of files or objects removed.

        That is whatever belongs to none of the `known` attachments and was not touched for so
        long that nobody can be writing it still. What cannot be removed is told to `on_failure`,
        and does not keep the others.
        """
        removed = 0
        latest = time.time() - older_than_seconds
        for kept in self._place.kept():
            ours = _OURS.fullmatch(kept.key)
            if ours is None or kept.modified >= latest:
                continue
            if ours["part"] is not None or ours["name"] not in known:
                try:
                    self._place.remove(kept.key)
                    removed += 1
                except LongshoreError as error:
                    on_failure(error)
        return removed

    def _read_index(self, name: str) -> tuple[list[RestartPoint], int | None]:
        """The restart points and the number of raw bytes; none when the index is unusable."""
        try:
            index = json.loads(b"".join(self._place.read(_index_of(name), 0)))
            points = [
                RestartPoint(Position(row, line, offset), stored)
                for row, line, offset, stored in index["points"]
            ]
            return points, int(index["raw_bytes"])
        except (AttachmentMissing, OSError, ValueError, LookupError, TypeError):
            return [], None


def _index_of(name: str) -> str:
    return f"{name}.index"


def _original_of(name: str) -> str:
    return f"{name}.original"


def _inflated(
    name: str,
    stored: Iterator[bytes],
    start: RestartPoint | None,
    offset: int,
    raw_bytes: int | None,
) -> Iterator[bytes]:
    end = offset
    try:
        for block in read_member(stored, start, offset):
            end += len(block)
            yield block
    except (OSError, DamagedMember) as error:
        raise _damaged(name, str(error)) from error
    if raw_bytes is not None and end != raw_bytes:
        raise _damaged(name, f"it has {end} bytes of {raw_bytes}")


def _limited(
    judged: Callable[[Position], None], rows_max: int | None
) -> Callable[[Position], None]:
    """The same, but it ends a survey that has found more rows than may be."""

    def judged_within(position: Position) -> None:
        _refuse_more(position.row - 1, rows_max)
        judged(position)

    return judged if rows_max is None else judged_within


def _refuse_more(rows_count: int, rows_max: int | None) -> None:
    if rows_max is not None and rows_count > rows_max:
        raise TooManyRows(f"the source has more than {rows_max} rows", rows_max=rows_max)


def _read(
    name: str, blocks: Iterator[bytes], layout: Layout, start: Position | None
) -> Iterator[Rows]:
    try:
        yield from read_rows(blocks, layout, start)
    except UnreadableSource as error:
        # The survey read these bytes to their end, so they are other bytes.
        raise _damaged(name, error.message) from error


def _encode_index(points: list[RestartPoint], raw_bytes: int) -> bytes:
    entries = [
        [point.position.row, point.position.line, point.position.offset, point.stored_offset]
        for point in points
    ]
    return json.dumps({"raw_bytes": raw_bytes, "points": entries}).encode()


def _damaged(name: str, found: str) -> AttachmentDamaged:
    return AttachmentDamaged(f"the attachment {name} is damaged: {found}")
