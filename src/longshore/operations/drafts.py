"""Drafts begun, their files taken in parts, changed and discarded."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from longshore.access import check_environment
from longshore.database import Database, DatabaseAway, Locks
from longshore.drafts import (
    Draft,
    DraftChoices,
    DraftLimits,
    DraftOffsetConflict,
    DraftTooLarge,
    NewDraft,
    add_draft_part,
    change_draft,
    create_draft,
    delete_draft,
    draft_of_import,
    draft_part_at,
    draft_parts_of,
    get_draft,
    list_drafts,
    lock_draft,
    note_draft_plan,
    note_draft_received,
)
from longshore.errors import LongshoreError, RequestRefused
from longshore.operations.asker import Asker
from longshore.operations.incoming_parts import EmptyPart, is_same, limited
from longshore.settings import Settings
from longshore.sources import AttachmentStore

_KEPT_DAYS = 7  # as long as a plan
_DAY_MILLISECONDS = 24 * 3600 * 1000
_LISTED_MAX = 50


class NoSuchDraft(RequestRefused):
    """The environment has no such draft, or not any more."""

    def __init__(self) -> None:
        super().__init__(
            "there is no such import in preparation, or not any more",
            hint="what is being prepared is kept for 7 days after the last change",
        )


class Drafts:
    """The drafts of one installation."""

    def __init__(
        self,
        database: Database,
        attachments: AttachmentStore,
        settings: Settings,
        *,
        enter: Callable[[], None],  # says that this process is there, before it keeps bytes
    ) -> None:
        self._database = database
        self._attachments = attachments
        self._enter = enter
        self._limits = draft_limits(settings)

    def create(
        self,
        asker: Asker,
        source_name: str,
        *,
        source_size: int | None = None,
        choices: DraftChoices | None = None,
    ) -> Draft:
        """Begin a draft, whose file is sent. Raises TooManyDrafts and DraftTooLarge."""
        new = NewDraft(
            environment=asker.environment.number,
            application_id=asker.application_id,
            source_name=source_name,
            source_size=source_size,
            choices=choices or DraftChoices(),
        )
        with self._database.write(draft_locks(asker)) as tx:
            check_environment(tx, asker.environment.number)
            return create_draft(tx, new, self._limits)

    def find(self, asker: Asker, public_id: str) -> Draft:
        """A draft by its public id; raises NoSuchDraft."""
        id_ = self._database.public_ids.decode(public_id)
        with self._database.read() as tx:
            return _found(get_draft(tx, asker.environment.number, id_ or 0))

    def of_import(self, asker: Asker, import_id: int) -> Draft | None:
        """The draft that an import, or import group, was made of; None: of none that is kept."""
        with self._database.read() as tx:
            return draft_of_import(tx, asker.environment.number, import_id)

    def list(self, asker: Asker) -> list[Draft]:
        """Drafts of which no import was made yet, that was changed last first."""
        with self._database.read() as tx:
            return list_drafts(tx, asker.environment.number, limit=_LISTED_MAX)

    def add_part(self, asker: Asker, draft_id: int, offset: int, blocks: Iterable[bytes]) -> Draft:
        """Take the next bytes of the file: when this returns, they are safe, and counted.

        A part that is there already, byte for byte, is taken without being stored again. Raises
        NoSuchDraft, DraftComplete, DraftOffsetConflict, EmptyPart, DraftTooLarge, TooManyDrafts.
        """
        number = asker.environment.number
        with self._database.read() as tx:
            draft = _found(get_draft(tx, number, draft_id))
            known = draft_part_at(tx, draft.id, offset)
        if offset != draft.received_bytes:
            if known is None or not is_same(limited(blocks, DraftTooLarge), known):
                raise DraftOffsetConflict(received=draft.received_bytes, offset=offset)
            return draft
        self._enter()
        parts = self._attachments.parts
        stored = parts.write(limited(blocks, DraftTooLarge))
        is_taken = False
        try:
            if not stored.length:
                raise EmptyPart("the part has no bytes")
            with self._database.write(draft_locks(asker)) as tx:
                check_environment(tx, number)
                draft = _found(lock_draft(tx, number, draft_id))
                is_taken = add_draft_part(tx, draft, offset, stored, self._limits)
                draft = _found(get_draft(tx, number, draft_id))
        except DatabaseAway:
            is_taken = True  # whether it is, is not known; what is left of none is swept later
            raise
        finally:
            if not is_taken:
                with suppress(LongshoreError):
                    parts.delete([stored.name])
        return draft

    def finish(self, asker: Asker, draft_id: int) -> Draft:
        """All bytes of the file are there. Raises NoSuchDraft and DraftIncomplete."""
        with self._database.write(draft_locks(asker)) as tx:
            draft = _found(lock_draft(tx, asker.environment.number, draft_id))
            if not draft.is_received:
                note_draft_received(tx, draft)
            return _found(get_draft(tx, asker.environment.number, draft_id))

    @contextmanager
    def opened(self, draft: Draft) -> Iterator[BinaryIO]:
        """The bytes of the file of a draft, to be read within the block. Raises NoSuchDraft."""
        with self._database.read() as tx:
            parts = draft_parts_of(tx, draft.id)
        if draft.is_received and not parts:
            raise NoSuchDraft  # somebody has discarded it meanwhile; the file was not empty
        with self._attachments.parts.open(parts) as file:
            yield file

    def change(
        self,
        asker: Asker,
        draft_id: int,
        choices: DraftChoices,
        *,
        version: int,
        keeps_plan: bool = False,
    ) -> Draft:
        """Change what was chosen, which makes the last plan worth nothing, unless it `keeps_plan`;
        `version` is the one that whoever changes it has seen. Raises NoSuchDraft and
        DraftChangedMeanwhile."""
        number = asker.environment.number
        with self._database.write(draft_locks(asker)) as tx:
            check_environment(tx, number)
            draft = _found(lock_draft(tx, number, draft_id))
            change_draft(tx, draft, choices, version=version, limits=self._limits)
            if not keeps_plan:
                note_draft_plan(tx, draft.id, None)
            return _found(get_draft(tx, number, draft_id))

    def discard(self, asker: Asker, draft_id: int) -> None:
        """Remove a draft with its file; what was made of it stays. Raises NoSuchDraft."""
        with self._database.write(draft_locks(asker)) as tx:
            names = delete_draft(tx, _found(lock_draft(tx, asker.environment.number, draft_id)).id)
        with suppress(LongshoreError):  # what cannot be removed at the moment is swept later
            self._attachments.parts.delete(names)


def draft_limits(settings: Settings) -> DraftLimits:
    """What the drafts of an environment may take up."""
    return DraftLimits(
        bytes_max=settings.upload_bytes_max,
        open_max=settings.uploads_open_max,
        open_bytes_max=settings.uploads_open_bytes_max,
        kept_milliseconds=_KEPT_DAYS * _DAY_MILLISECONDS,
    )


def _found(draft: Draft | None) -> Draft:
    if draft is None:
        raise NoSuchDraft
    return draft


def draft_locks(asker: Asker) -> Locks:
    """Drafts of an environment are counted, so they are changed one after the other."""
    return Locks(scope=asker.environment.number, exclusive=frozenset({"import_drafts"}))
