"""From a draft to what is imported of it: its file as a source, what that was found to be, and the
request that its choices make.

A file is recognised as `longshore import FILE` does it, and read as the choices say. The look at
it is kept in memory, because each page of a draft asks for it; it is made again after a restart.
"""

import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from longshore.access import Environment
from longshore.catalogue import Catalogue
from longshore.database import Database
from longshore.dialects import DialectOptions, DialectRefused, StoreNames, dialects
from longshore.drafts import Draft, DraftChoices
from longshore.engine import SourceSecrets
from longshore.errors import RequestRefused
from longshore.imports import (
    GroupForm,
    ImportRequest,
    Only,
    SameContent,
    SourceRepeated,
    StopRules,
    check_group_once,
    find_same_content,
)
from longshore.mapping import MappingDocument, TypeSuggestion, read_mapping
from longshore.operations.asker import Asker
from longshore.operations.draft_found import (
    DraftFound,
    FoundGroup,
    FoundMember,
    lines_around,
    options_named_by,
)
from longshore.operations.drafts import Drafts
from longshore.operations.edited_source import EditStep
from longshore.operations.first_records import first_records
from longshore.operations.group_source import GroupMember, GroupRequest, GroupSource
from longshore.operations.group_sources import (
    GroupOptions,
    GroupSources,
    SingleType,
    SourceNotRecognised,
)
from longshore.operations.inspections import Inspection, Inspections, first_rows
from longshore.operations.preparation import Preparation
from longshore.operations.saved_mappings import NoSuchMapping, SavedMappings
from longshore.operations.store_names import read_store_names
from longshore.operations.suggested_mappings import suggested_mapping
from longshore.readers import CsvOptions, Format, UnreadableSource, text_codec
from longshore.saved_mappings import MappingReference, SavedMapping
from longshore.settings import Settings
from longshore.sources import AttachmentStore, Source
from longshore.spellings import DecimalMark

_KEPT_MAX = 16  # looks at files
_BLOCK_BYTES = 1 << 18

OnRead = Callable[[int, int | None], None]


class DraftUndecided(RequestRefused):
    """Nobody has said yet what the rows of the file are, and nothing shows it."""


class DraftSources:
    """Makes sources, groups and requests of the drafts of one installation."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        settings: Settings,
        attachments: AttachmentStore,
        drafts: Drafts,
        group_sources: GroupSources,
        preparation: Preparation,
        saved_mappings: SavedMappings,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._attachments = attachments
        self._drafts = drafts
        self._groups = group_sources
        self._preparation = preparation
        self._saved_mappings = saved_mappings
        self._inspections = Inspections(catalogue, settings)
        self._secrets = SourceSecrets(catalogue)
        self._lock = Lock()
        self._looks: OrderedDict[tuple[object, ...], DraftFound] = OrderedDict()

    @contextmanager
    def source(self, draft: Draft) -> Iterator[Source]:
        """The file, to be read once within the block, as the choices say: format, encoding,
        delimiter, header and sheet. Raises RequestRefused for choices that cannot be."""
        with self._drafts.opened(draft) as file:
            stream = Source.from_stream(
                file, name=draft.source_name, stream_bytes=draft.received_bytes
            )
            yield _as_chosen(stream, draft.choices)

    @contextmanager
    def sent(self, draft: Draft) -> Iterator[Iterator[bytes]]:
        """The bytes of the file as they were sent, to be read once within the block."""
        with self._drafts.opened(draft) as file:
            yield iter(partial(file.read, _BLOCK_BYTES), b"")

    def recognised(
        self, asker: Asker, draft: Draft, *, on_read: OnRead | None = None
    ) -> DraftFound:
        """What the file is, as far as it shows or somebody has said it.

        What is refused is told as well. It is read to its end where that has not been done since
        the choices that say how to read it were changed; `on_read` hears of that.
        """
        known = self.known(draft)
        if known is not None:
            return known
        found = self._look(asker.environment, draft, on_read)
        if not isinstance(found.refusal, DialectRefused):  # that depends on the store
            with self._lock:
                self._looks[reading_of_draft(draft)] = found
                while len(self._looks) > _KEPT_MAX:
                    self._looks.popitem(last=False)
        return found

    def known(self, draft: Draft) -> DraftFound | None:
        """The same where the file was looked at already, and need not be read."""
        with self._lock:
            found = self._looks.get(reading_of_draft(draft))
            if found is not None:
                self._looks.move_to_end(reading_of_draft(draft))
        return found

    def is_group(self, asker: Asker, draft: Draft) -> bool:
        """Whether the file has rows of several types, or is of a dialect."""
        return self.recognised(asker, draft).group is not None

    def request(self, asker: Asker, draft: Draft) -> ImportRequest:
        """What is asked for of a draft with rows of one type. Columns of which nobody has decided
        anything are the fields that they most surely are.

        Raises DraftUndecided, and RequestRefused for choices that cannot be.
        """
        choices = draft.choices
        mapping = mapping_of(choices)
        resource_type = choices.resource_type
        if resource_type is None or mapping is None:
            found = self.recognised(asker, draft)
            if found.refusal is not None:
                raise found.refusal.with_traceback(None)
            resource_type = found.resource_type
            if resource_type is None:
                raise DraftUndecided(
                    f"nothing shows what the rows of {draft.source_name} are",
                    hint="choose their type in the step File",
                )
            if mapping is None and found.inspection is not None:
                mapping = self.suggested(found.inspection)
        return ImportRequest(
            resource_type=resource_type,
            application_id=asker.application_id,
            parent=choices.parent,
            mapping=mapping,
            saved_mapping=self.saved_mapping(asker, choices, mapping),
            skip_errors=choices.skip_errors,
            stop_rules=_stop_rules(choices),
            only=None if choices.only is None else Only(choices.only),
            all_or_nothing=choices.all_or_nothing,
        )

    def suggested(self, found: Inspection) -> MappingDocument | None:
        """The mapping of which nobody has decided anything; None: the columns are fields as they
        stand, and need none."""
        document = suggested_mapping(self._catalogue, found)
        is_needed = found.column_map or any(each.transforms for each in document.fields.values())
        return document if is_needed else None

    def group_request(self, asker: Asker, draft: Draft) -> GroupRequest:
        """The same of a draft with rows of several types."""
        choices = draft.choices
        return GroupRequest(
            application_id=asker.application_id,
            skip_errors=choices.skip_errors,
            stop_rules=_stop_rules(choices),
            only=None if choices.only is None else Only(choices.only),
        )

    @contextmanager
    def group(
        self,
        asker: Asker,
        draft: Draft,
        *,
        edits: Sequence[EditStep] = (),
        on_read: OnRead | None = None,
    ) -> Iterator[GroupSource]:
        """The members of a draft with rows of several types, to be read within the block. Of a
        dialect's file the file itself is kept with the group, with `edits` of its cells, unless the
        block fails.

        Raises as `GroupSources.opened` does, and DraftUndecided for rows of one type.
        """
        with (
            self._at_a_path(draft) as source,
            self._groups.opened(
                asker.environment,
                source,
                replace(_group_options(draft.choices), edits=edits),
                attachments=self._attachments,
                on_read=on_read,
            ) as found,
        ):
            if isinstance(found, SingleType):
                raise DraftUndecided(f"the rows of {draft.source_name} are of one type")
            yield found

    def store_names(self, asker: Asker) -> StoreNames:
        """The records of the environment that dialects may name."""
        with self._database.read() as tx:
            return read_store_names(tx, self._catalogue, asker.environment)

    def saved_mapping(
        self, asker: Asker, choices: DraftChoices, mapping: MappingDocument | None
    ) -> SavedMapping | None:
        """The saved mapping that the draft's is, if it still says the same."""
        if choices.mapping_reference is None or mapping is None:
            return None
        try:
            saved = self._saved_mappings.named(
                asker, MappingReference.parse(choices.mapping_reference)
            )
        except NoSuchMapping:
            return None
        return saved if saved.document == mapping else None

    def same_content(self, asker: Asker, draft: Draft, found: DraftFound) -> SameContent | None:
        """The import of the same content in the same way whose rows are in, if there is one."""
        number = asker.environment.number
        if found.refusal is not None:
            return None
        if found.group is not None:
            if found.group.digest is None:
                return None
            try:
                with self._database.read() as tx:
                    check_group_once(tx, number, found.group.digest)
            except SourceRepeated as repeated:
                return repeated.earlier
            return None
        if found.resource_type is None or found.inspection is None:
            return None
        try:
            request = self.request(asker, draft)
            type_ = self._preparation.importable_type(request.resource_type)
            parent = self._preparation.parent(asker.environment, type_, request.parent)
        except RequestRefused:
            return None
        digest = self._preparation.source_digest(request, found.inspection.stored, parent)
        with self._database.read() as tx:
            same = find_same_content(tx, number, digest)
        return same if same is not None and same.is_in else None

    @contextmanager
    def _at_a_path(self, draft: Draft) -> Iterator[Source]:
        """The file of a draft as one that can be read again."""
        with (
            tempfile.NamedTemporaryFile(prefix="longshore-draft-") as copy,
            self._drafts.opened(draft) as file,
        ):
            shutil.copyfileobj(file, copy)
            copy.flush()
            source = Source(name=draft.source_name, path=Path(copy.name))
            yield _as_chosen(source, draft.choices)

    def _look(self, environment: Environment, draft: Draft, on_read: OnRead | None) -> DraftFound:
        try:
            with (
                tempfile.TemporaryDirectory(prefix="longshore-draft-") as folder,
                self._at_a_path(draft) as source,
            ):
                attachments = AttachmentStore(Path(folder))
                try:
                    return self._found(environment, draft.choices, source, attachments, on_read)
                except DialectRefused as refused:
                    return self._refused_by_dialect(draft.choices, source, refused)
                except UnreadableSource as refused:
                    line = refused.line
                    lines = [] if line is None else lines_around(source, line)
                    return DraftFound(refusal=refused.with_traceback(None), lines=lines)
        except RequestRefused as refused:
            return DraftFound(refusal=refused.with_traceback(None))

    def _found(
        self,
        environment: Environment,
        choices: DraftChoices,
        source: Source,
        attachments: AttachmentStore,
        on_read: OnRead | None,
    ) -> DraftFound:
        if choices.resource_type is not None:
            inspection = self._inspections.inspect(source, choices.resource_type)
            return DraftFound(resource_type=choices.resource_type, inspection=inspection)
        try:
            with self._groups.opened(
                environment,
                source,
                _group_options(choices),
                attachments=attachments,
                on_read=on_read,
            ) as found:
                if isinstance(found, GroupSource):
                    return DraftFound(group=self._group(found, attachments), why=found.why)
                return DraftFound(
                    resource_type=found.resource_type,
                    inspection=found.inspection,
                    why=found.why,
                )
        except SourceNotRecognised as refused:
            inspection = refused.inspection or self._inspections.inspect(source)
            likely = None if inspection.dialects else _likely(inspection)
            return DraftFound(
                resource_type=None if likely is None else likely.name,
                inspection=inspection,
                why=[] if likely is None else [f"rows of {likely.name}: {likely.reason}"],
                choices=refused.choices,
                dialects=[each.dialect for each in inspection.dialects],
            )

    def _refused_by_dialect(
        self, choices: DraftChoices, source: Source, refused: DialectRefused
    ) -> DraftFound:
        """What a dialect lacks, with the dialect: its options are offered then."""
        inspection = self._inspections.inspect(source)
        found = [each.dialect for each in inspection.dialects]
        if choices.dialect is not None and not found:
            found = [each for each in dialects().values() if each.name == choices.dialect]
        return DraftFound(
            inspection=inspection,
            refusal=refused.with_traceback(None),
            dialects=found,
            needed_options=options_named_by(refused),
        )

    def _group(self, source: GroupSource, attachments: AttachmentStore) -> FoundGroup:
        original = source.original
        return FoundGroup(
            form=source.form,
            dialect=source.dialect,
            why=source.why,
            notices=source.notices,
            members=[self._member(source, each, attachments) for each in source.members],
            rows_count=source.source_size,
            original=original,
            first_rows=[] if original is None else first_rows(attachments, original),
            digest=source.digest,
            options=source.options,
        )

    def _member(
        self, group: GroupSource, member: GroupMember, attachments: AttachmentStore
    ) -> FoundMember:
        name = member.source.sheet
        if name is None and member.source.name != group.name and group.form != GroupForm.DIALECT:
            name = member.source.name.rpartition("/")[2]
        examples: Sequence[Mapping[str, Any]] = group.examples.get(member.resource_type, ())
        request = ImportRequest(resource_type=member.resource_type, mapping=member.mapping)
        try:
            stored = self._preparation.store(attachments, member.source, request)
            inspection = None
            if group.form != GroupForm.DIALECT:
                inspection = self._inspections.inspect_stored(
                    attachments, stored, member.source.name, member.resource_type
                )
                if not self._secrets.may_be_in(member.resource_type, stored.layout.columns, {}):
                    examples = first_records(attachments, stored.name, stored.layout)
        except RequestRefused as refused:
            return FoundMember(
                resource_type=member.resource_type,
                name=name,
                rows_count=None,
                refusal=refused.with_traceback(None),
            )
        attachments.delete(stored.name)
        return FoundMember(
            resource_type=member.resource_type,
            name=name,
            rows_count=stored.rows_count,
            inspection=inspection,
            examples=examples,
        )


def mapping_of(choices: DraftChoices) -> MappingDocument | None:
    """The mapping that was chosen; raises MappingRefused."""
    return None if choices.mapping is None else read_mapping(choices.mapping)


def _likely(inspection: Inspection) -> TypeSuggestion | None:
    """The type that rows most likely are, of which the page says so before anything is made of
    them: by the name of the file, or as the only one that most columns are fields of."""
    if not inspection.types:
        return None
    best, others = inspection.types[0], inspection.types[1:]
    if best.is_named and best.fields_count:
        return best
    is_alone = all(each.fields_count < best.fields_count for each in others)
    return best if is_alone and 2 * best.fields_count > best.columns_count else None


def reading_of_draft(draft: Draft) -> tuple[object, ...]:
    """What decides what a file is found to be; two alike are read alike."""
    choices = draft.choices
    mapping = choices.mapping or {}
    options = tuple(sorted((name, repr(value)) for name, value in choices.dialect_options.items()))
    return (
        draft.id,
        draft.received_bytes,
        choices.format,
        choices.encoding,
        choices.delimiter,
        choices.quote,
        choices.escape,
        choices.header_row or mapping.get("header_row"),
        choices.header_rows,
        choices.sheet or mapping.get("sheet"),
        choices.is_guarded,
        choices.resource_type,
        choices.dialect,
        options,
    )


def _as_chosen(source: Source, choices: DraftChoices) -> Source:
    """The source read as was chosen; raises RequestRefused for what cannot be."""
    mapping = mapping_of(choices)
    header_row, sheet = choices.header_row, choices.sheet
    if mapping is not None:
        header_row, sheet = header_row or mapping.header_row, sheet or mapping.sheet
    lines = None
    if header_row is not None:
        last = header_row + (choices.header_rows or 1) - 1
        lines = str(header_row) if last == header_row else f"{header_row}-{last}"
    return replace(
        source,
        format=None if choices.format is None else Format(choices.format),
        encoding=None if choices.encoding is None else text_codec(choices.encoding),
        csv=CsvOptions.parse(
            delimiter=choices.delimiter,
            quote=choices.quote,
            escape=choices.escape,
            header_row=lines,
        ),
        sheet=sheet,
        is_guarded=choices.is_guarded,
    )


def _stop_rules(choices: DraftChoices) -> StopRules:
    return StopRules.from_dict(choices.stop_rules)


def _group_options(choices: DraftChoices) -> GroupOptions:
    return GroupOptions(
        dialect=choices.dialect, options=dialect_options_of(choices.dialect_options)
    )


def dialect_options_of(values: Mapping[str, Any]) -> DialectOptions:
    """The options that `DialectOptions.to_dict` wrote."""
    names = {"price_list": "price_lists", "round": "rounds"}
    given = {names.get(name, name): value for name, value in values.items()}
    if given.get("decimal") is not None:
        given["decimal"] = DecimalMark(given["decimal"])
    return DialectOptions(**given)
