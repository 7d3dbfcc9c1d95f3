"""What a file is that somebody imports without saying so: a file of another system, several types
in one file, or rows of one type; and the members that are made of it.

A file is recognised by what stands in it. What may be two things is refused with both, for whoever
asks to choose.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from longshore.access import Environment
from longshore.catalogue import Catalogue
from longshore.database import Database
from longshore.dialects import (
    MEMBER_CSV,
    NULL_TOKEN,
    Dialect,
    DialectOptions,
    MemberFile,
    Recognised,
    asked_dialect,
    converted,
    is_header_name,
    reading_of,
    recognise,
)
from longshore.errors import RequestRefused
from longshore.imports import GroupForm
from longshore.mapping import MappingDocument
from longshore.operations.edited_source import EditedSource, EditStep
from longshore.operations.group_forms import GroupForms
from longshore.operations.group_source import GroupMember, GroupSource
from longshore.operations.inspections import Inspection, Inspections
from longshore.operations.store_names import read_store_names
from longshore.operations.store_reader import StoreReader
from longshore.readers import HEAD_BYTES, CsvOptions, Format
from longshore.settings import Settings
from longshore.sources import AttachmentStore, Source, StoredAttachment

_NOTHING_SAID = CsvOptions()
_BLOCK_BYTES = 1 << 18


class SourceNotRecognised(RequestRefused):
    """Nobody has said what a file is, and it does not show it, or may be several things."""

    def __init__(
        self,
        message: str,
        *,
        hint: str,
        choices: Sequence[str] = (),
        inspection: Inspection | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.inspection = inspection  # what was found of the rows, where these were looked at
        self.choices = tuple(choices)  # dialects or types that it may be, the likeliest first


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOptions:
    """What somebody says of a file, beside how it is read."""

    dialect: str | None = None  # by its name, or that of its platform; None: it is recognised
    options: DialectOptions = field(default_factory=DialectOptions)
    edits: Sequence[EditStep] = ()  # of the cells of a dialect's file


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleType:
    """A file with rows of one type, which is imported as one that was named."""

    resource_type: str
    source: Source  # to be read within the block
    column_map: Mapping[str, str]  # that its header asks for; empty: it names the fields themselves
    why: tuple[str, ...]
    inspection: Inspection  # by which it was found


class GroupSources:
    """Recognises files, and makes the members of a group of them."""

    def __init__(self, database: Database, catalogue: Catalogue, settings: Settings) -> None:
        self._database = database
        self._catalogue = catalogue
        self._inspections = Inspections(catalogue, settings)

    @contextmanager
    def opened(
        self,
        environment: Environment,
        source: Source,
        asked: GroupOptions,
        *,
        attachments: AttachmentStore,
        on_read: Callable[[int, int | None], None] | None = None,
    ) -> Iterator[GroupSource | SingleType]:
        """What a file is; its members are to be read within the block.

        Of a dialect's file the file itself is kept in `attachments`, until the block fails. Raises
        SourceNotRecognised, DialectRefused for what the file or the store lacks, and RequestRefused
        for what cannot be read.
        """
        with ExitStack() as stack:
            source = stack.enter_context(_at_a_path(source))
            form = self._form_of(stack, source, asked, attachments)
            if form is not None and not _may_be_of_a_dialect(form):
                yield form
                return
            reading, first_line = _reading_of(source, asked)
            stored = attachments.write(
                reading,
                descend=self._inspections.nested,
                is_field=self._is_header_name,
                progress=on_read,
                allows_twins=True,
            )
            try:
                found = self._dialect_of(stored, asked)
                if found is None:
                    single = form or self._single_type(source, attachments, stored)
                    attachments.delete(stored.name)
                    yield single
                    return
                better = _as_it_is_written(reading, found.dialect)
                if better is not None:
                    attachments.delete(stored.name)
                    stored = attachments.write(better, is_field=self._is_header_name)
                if asked.edits:
                    stored = self._edited(stored, better or reading, asked.edits, attachments)
                yield stack.enter_context(
                    self._converted(
                        environment,
                        source,
                        stored,
                        found,
                        asked.options,
                        attachments,
                        first_line=first_line,
                    )
                )
            except BaseException:
                attachments.delete(stored.name)
                raise

    def _form_of(
        self, stack: ExitStack, source: Source, asked: GroupOptions, attachments: AttachmentStore
    ) -> GroupSource | None:
        """The group that a file is by its form, where nobody has named a dialect."""
        if asked.dialect is not None:
            return None
        found = stack.enter_context(GroupForms(self._catalogue, attachments).open(source))
        return found if isinstance(found, GroupSource) else None

    def _dialect_of(self, stored: StoredAttachment, asked: GroupOptions) -> Recognised | None:
        """The dialect of a file; None: it is of none."""
        layout = stored.layout
        if asked.dialect is not None:
            return asked_dialect(asked.dialect, layout.columns)
        if layout.format is not Format.CSV:
            return None
        found = recognise(layout.columns)
        if len(found) > 1:
            names = [each.dialect.name for each in found]
            raise SourceNotRecognised(
                "the file may be " + " or ".join(each.why for each in found),
                hint=f"say which one with --as, such as --as {names[0]}",
                choices=names,
            )
        return found[0] if found else None

    def _edited(
        self,
        stored: StoredAttachment,
        source: Source,
        edits: Sequence[EditStep],
        attachments: AttachmentStore,
    ) -> StoredAttachment:
        """A stored file with edits, in its place, and the file itself beside it. Raises
        RequestRefused."""
        edited = EditedSource(attachments, stored, edits)
        made = attachments.write(
            edited.source(source), is_field=self._is_header_name, allows_twins=True
        )
        try:
            made = edited.stored_as(made)
            assert source.path is not None, "it was read before"
            with open(source.path, "rb") as file:
                attachments.keep_original(made.name, iter(partial(file.read, _BLOCK_BYTES), b""))
        except BaseException:
            attachments.delete(made.name)
            raise
        attachments.delete(stored.name)
        return made

    def _is_header_name(self, text: str) -> bool:
        """Whether a text is the name of a column, in files of a dialect or in others."""
        return is_header_name(text) or self._inspections.is_field_name(text)

    def _single_type(
        self, source: Source, attachments: AttachmentStore, stored: StoredAttachment
    ) -> SingleType:
        inspection = self._inspections.inspect_stored(attachments, stored, source.name)
        types = inspection.types
        if not types:
            columns = ", ".join(inspection.stored.layout.columns[:10])
            raise SourceNotRecognised(
                f"nothing shows what the rows of {source.name} are; the columns are {columns}",
                hint="name their type, such as `longshore import skus FILE`; `longshore types` "
                "lists the types, and --as names a file of another system",
                inspection=inspection,
            )
        best = types[0]
        names = [each.name for each in types]
        if not _is_certain(inspection):
            told = ", ".join(f"{each.name} ({each.reason})" for each in types[:3])
            raise SourceNotRecognised(
                f"the rows of {source.name} may be {told}",
                hint=f"name their type, such as `longshore import {best.name} FILE`; `longshore "
                "inspect FILE` tells more",
                choices=names,
                inspection=inspection,
            )
        return SingleType(
            resource_type=best.name,
            source=source,
            column_map=inspection.column_map,
            why=(f"rows of {best.name}: {best.reason}",),
            inspection=inspection,
        )

    @contextmanager
    def _converted(
        self,
        environment: Environment,
        source: Source,
        stored: StoredAttachment,
        found: Recognised,
        options: DialectOptions,
        attachments: AttachmentStore,
        *,
        first_line: int,
    ) -> Iterator[GroupSource]:
        layout = stored.layout
        with self._database.read() as tx:
            store, now = read_store_names(tx, self._catalogue, environment), tx.now()
        with converted(
            found.dialect,
            layout.columns,
            lambda: attachments.open(stored.name, layout),
            options=options,
            store=store,
            order=self._catalogue.dependency_order,
            now=now,
            first_line=first_line,
            records=StoreReader(self._database, self._catalogue, environment),
            spool=attachments.spool,
        ) as made:
            yield GroupSource(
                form=GroupForm.DIALECT,
                name=source.name,
                members=[
                    _member(each, made.source_columns.get(each.resource_type, {}))
                    for each in made.members
                ],
                dialect=found.dialect.name,
                why=(found.why,),
                notices=(*stored.notices, *made.notices),
                examples=made.examples,
                source_size=made.source_size,
                original=stored,
                digest=_digest(stored, found.dialect, options),
                options=options.to_dict(),
            )


def _may_be_of_a_dialect(form: GroupSource) -> bool:
    """Whether its header still has to show what it is: other systems name a sheet so too."""
    return form.form is GroupForm.WORKBOOK and len(form.members) == 1


def _member(file: MemberFile, source_columns: Mapping[str, str]) -> GroupMember:
    return GroupMember(
        resource_type=file.resource_type,
        source=Source.from_stream(
            file.file,
            name=f"{file.resource_type}.csv",
            format=Format.CSV,
            encoding="utf-8",
            csv=MEMBER_CSV,
            stream_bytes=file.bytes_count,
        ),
        mapping=MappingDocument(null=NULL_TOKEN) if file.has_nulls else None,
        source_columns=source_columns,
    )


def _digest(stored: StoredAttachment, dialect: Dialect, options: DialectOptions) -> str:
    told = [stored.content_digest, dialect.name, options.to_dict()]
    if stored.layout.is_guarded:
        told.append("guarded")
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@contextmanager
def _at_a_path(source: Source) -> Iterator[Source]:
    """The source as a file that can be read again; what comes as a stream is copied."""
    if source.path is not None:
        yield source
        return
    assert source.stream is not None
    with tempfile.NamedTemporaryFile(prefix="longshore-source-") as copy:
        shutil.copyfileobj(source.stream, copy)
        copy.flush()
        yield replace(source, path=Path(copy.name), stream=None, stream_bytes=None)


def _reading_of(source: Source, asked: GroupOptions) -> tuple[Source, int]:
    """The source read as its first bytes ask for, and the line on which its data begins then."""
    if source.csv != _NOTHING_SAID:
        return source, 0
    with source.open() as blocks:
        head = next(iter(blocks), b"")[:HEAD_BYTES]
    how = reading_of(head, asked.dialect)
    if how is None:
        return source, 0
    read = replace(source, csv=how.csv, encoding=source.encoding or how.encoding)
    return read, how.first_line


def _as_it_is_written(source: Source, dialect: Dialect) -> Source | None:
    """The source read as the dialect's files are written; None: it was read so."""
    if source.csv != _NOTHING_SAID or dialect.reading == _NOTHING_SAID:
        return None
    return replace(source, csv=dialect.reading, encoding=source.encoding or dialect.encoding)


def _is_certain(inspection: Inspection) -> bool:
    """Whether nothing else than the best type can be meant."""
    best, others = inspection.types[0], inspection.types[1:]
    if best.missing or inspection.refusal is not None:
        return False
    fits = best.fields_count == best.columns_count
    if best.is_named:
        return fits or all(each.score < best.score for each in others)
    # Columns such as `code` and `name` alone are those of several types.
    return fits and all(each.fields_count < best.fields_count for each in others)
