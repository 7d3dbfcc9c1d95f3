"""From a draft to its plan.

A plan of a draft goes through all rows, whatever fails, because people want to see everything that
is wrong at once. What would stop an import is judged on its findings, before anything is written:
so it either does what was shown, or it does not begin (decision 84).
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from longshore.database import Database, Transaction
from longshore.drafts import (
    Draft,
    DraftChangedMeanwhile,
    get_draft,
    lock_draft,
    note_draft_import,
    note_draft_plan,
)
from longshore.imports import (
    GroupForm,
    ImportRequest,
    StopRules,
    get_group,
    get_plan,
)
from longshore.mapping import Blank, MappingDocument
from longshore.operations.asker import Asker
from longshore.operations.draft_edits import (
    DraftEdit,
    check_conversions,
    read_edits,
    steps_of,
    with_constants,
    without_superseded,
)
from longshore.operations.draft_plan import DraftPlan, PlannedMeanwhile
from longshore.operations.draft_sources import DraftSources
from longshore.operations.draft_work import DraftWork
from longshore.operations.drafts import NoSuchDraft
from longshore.operations.edited_source import EditedSource, EditStep
from longshore.operations.group_source import GroupMember, GroupSource
from longshore.operations.group_submissions import GroupSubmissions
from longshore.operations.plan_standing import is_expired, is_void_import
from longshore.operations.preparation import Preparation
from longshore.operations.submissions import Submissions
from longshore.sources import ORIGINAL_BYTES_MAX, AttachmentStore, Source, StoredAttachment


class DraftPlans:
    """Plans of the drafts of one installation."""

    def __init__(
        self,
        database: Database,
        attachments: AttachmentStore,
        preparation: Preparation,
        submissions: Submissions,
        group_submissions: GroupSubmissions,
        sources: DraftSources,
    ) -> None:
        self._database = database
        self._attachments = attachments
        self._preparation = preparation
        self._submissions = submissions
        self._group_submissions = group_submissions
        self._sources = sources
        self._reading = DraftWork[Draft]()

    def found(self, asker: Asker, draft: Draft) -> DraftPlan | None:
        """The last plan of a draft; None: there is none, or it was deleted."""
        if draft.plan_id is None:
            return None
        number = asker.environment.number
        with self._database.read() as tx:
            plan = get_plan(tx, number, draft.plan_id)
            group = None
            if plan is not None and plan.group_id is None:
                members = [plan]
            else:
                group = get_group(tx, number, draft.plan_id, are_plans=True)
                if group is None:
                    return None
                members = list(group.members)
            expired = any(is_expired(tx, each) for each in members)
        made_with = draft.choices.planned_edits or ()
        ids = [each["id"] for each in draft.choices.edits]
        return DraftPlan(
            group=group,
            members=members,
            is_current=list(made_with) == ids,
            is_expired=expired,
            made_with=made_with,
        )

    def plan(self, asker: Asker, draft: Draft, *, wake: Callable[[], None]) -> Draft:
        """Make the plan of a draft with all of its changes; the draft as it is then. Where another
        window has made it meanwhile, that is it.

        `wake` is called as soon as it may run. Raises DraftChangedMeanwhile, and RequestRefused
        for what cannot be imported.
        """
        edits = without_superseded(read_edits(draft.choices.edits))

        def check(tx: Transaction) -> None:
            now = lock_draft(tx, asker.environment.number, draft.id)
            if now is None:
                raise NoSuchDraft
            if now.version != draft.version:
                raise DraftChangedMeanwhile
            if now.plan_id != draft.plan_id:
                raise PlannedMeanwhile

        def note(tx: Transaction, plan_id: int) -> None:
            choices = replace(
                draft.choices,
                edits=[each.to_dict() for each in edits],
                planned_edits=[each.id for each in edits],
            )
            note_draft_plan(tx, draft.id, plan_id, choices)

        try:
            if self._sources.is_group(asker, draft):
                self._plan_group(asker, draft, edits, check, note)
            else:
                self._plan_rows(asker, draft, edits, check, note)
            wake()
        except PlannedMeanwhile:
            pass
        return self.read(asker, draft.id)

    def prepared(
        self, asker: Asker, draft: Draft, *, wake: Callable[[], None], seconds: float
    ) -> Draft | None:
        """The same for whoever does not wait longer than so many seconds; None: the file is still
        read, by a thread that goes on with it."""
        return self._reading.result(
            (draft.id, draft.version), lambda: self.plan(asker, draft, wake=wake), seconds=seconds
        )

    def forget(self, asker: Asker, draft: Draft, *, version: int) -> Draft:
        """Forget the plan, so that another one is made, and an import that has written nothing;
        nothing is forgotten of one that has. Raises DraftChangedMeanwhile."""
        number = asker.environment.number
        with self._database.write() as tx:
            now = lock_draft(tx, number, draft.id)
            if now is None:
                raise NoSuchDraft
            if now.version != version:
                raise DraftChangedMeanwhile
            if now.import_id is None or is_void_import(tx, number, now.import_id):
                note_draft_plan(tx, draft.id, None)
                note_draft_import(tx, draft.id, None)
        return self.read(asker, draft.id)

    def read(self, asker: Asker, draft_id: int) -> Draft:
        """A draft as it is now; raises NoSuchDraft."""
        with self._database.read() as tx:
            draft = get_draft(tx, asker.environment.number, draft_id)
        if draft is None:
            raise NoSuchDraft
        return draft

    def _plan_rows(
        self,
        asker: Asker,
        draft: Draft,
        edits: Sequence[DraftEdit],
        check: Callable[[Transaction], None],
        note: Callable[[Transaction, int], None],
    ) -> None:
        environment = asker.environment
        asked = self._sources.request(asker, draft)
        mapping = with_constants(asked.mapping, edits, None)
        blank = draft.choices.blank
        if blank is not None and blank != ((mapping and mapping.blank) or Blank.KEEP):
            mapping = replace(mapping or MappingDocument(), blank=Blank(blank))
        request = replace(
            asked,
            mapping=mapping,
            saved_mapping=asked.saved_mapping if mapping == asked.mapping else None,
            skip_errors=True,
            stop_rules=StopRules(),
            all_or_nothing=False,
        )
        type_ = self._preparation.importable_type(request.resource_type)
        parent = self._preparation.parent(environment, type_, request.parent)
        stored = self._stored(draft, request, edits)
        self._submissions.create(
            environment,
            stored,
            lambda: replace(
                self._preparation.import_of(
                    environment,
                    draft.source_name,
                    request,
                    stored,
                    self._attachments,
                    parent=parent,
                ),
                is_plan=True,
            ),
            to_run=False,
            check=check,
            on_created=lambda tx, plan: note(tx, plan.id),
        )

    def _stored(
        self, draft: Draft, request: ImportRequest, edits: Sequence[DraftEdit]
    ) -> StoredAttachment:
        """The file as an attachment, with the changes of its cells; beside it the file as it was
        sent, unless that has the same bytes."""
        changes = steps_of(edits, None)
        with self._sources.source(draft) as source:
            if changes:
                stored = self._changed(source, request, edits, changes)
            else:
                stored = self._preparation.store(self._attachments, source, request)
        if not changes and self._is_kept(draft, stored):
            return stored
        try:
            with self._sources.sent(draft) as blocks:
                self._attachments.keep_original(stored.name, blocks)
        except BaseException:
            self._attachments.delete(stored.name)
            raise
        return stored

    def _changed(
        self,
        source: Source,
        request: ImportRequest,
        edits: Sequence[DraftEdit],
        changes: Sequence[EditStep],
    ) -> StoredAttachment:
        with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
            plain = AttachmentStore(Path(folder))
            before = self._preparation.store(plain, source, request)
            check_conversions(self._preparation.catalogue, request, before.layout, edits, None)
            edited = EditedSource(plain, before, changes)
            stored = self._preparation.store(self._attachments, edited.source(source), request)
            try:
                return edited.stored_as(stored)
            except BaseException:
                self._attachments.delete(stored.name)
                raise

    def _is_kept(self, draft: Draft, stored: StoredAttachment) -> bool:
        """Whether a file of which no cell was changed is kept as far as it is to be."""
        is_same = stored.raw_bytes == draft.received_bytes  # lines of JSON become an array
        is_large = draft.received_bytes > ORIGINAL_BYTES_MAX
        return is_same or is_large or self._attachments.has_original(stored.name)

    def _plan_group(
        self,
        asker: Asker,
        draft: Draft,
        edits: Sequence[DraftEdit],
        check: Callable[[Transaction], None],
        note: Callable[[Transaction, int], None],
    ) -> None:
        asked = self._sources.group_request(asker, draft)
        request = replace(asked, skip_errors=True, stop_rules=StopRules())
        of_file = steps_of(edits, None)
        with self._sources.group(asker, draft, edits=of_file) as source, ExitStack() as stack:
            # The rows of a member of a document are no file that somebody has sent.
            are_files = source.form is not GroupForm.DOCUMENT
            members = [
                stack.enter_context(self._member(each, edits, is_file=are_files))
                for each in source.members
            ]
            self._group_submissions.submit(
                asker.environment,
                _with_members(source, members),
                request,
                is_plan=True,
                check=check,
                on_created=lambda tx, group: note(tx, group.id),
            )

    @contextmanager
    def _member(
        self, member: GroupMember, edits: Sequence[DraftEdit], *, is_file: bool
    ) -> Iterator[GroupMember]:
        """A member with the changes of its rows; where its source is a file, that is kept with
        them."""
        of = member.resource_type
        member = replace(member, mapping=with_constants(member.mapping, edits, of))
        changed = steps_of(edits, of)
        if not changed:
            yield member
            return
        request = ImportRequest(
            resource_type=of,
            column_map=member.column_map,
            mapping=member.mapping,
            source_columns=member.source_columns,
        )
        with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
            plain = AttachmentStore(Path(folder))
            before = self._preparation.store(plain, member.source, request)
            check_conversions(self._preparation.catalogue, request, before.layout, edits, of)
            edited = EditedSource(plain, before, changed)

            def stored_as(stored: StoredAttachment) -> StoredAttachment:
                # Of a workbook that is too large to lie beside each sheet none is kept.
                is_kept = plain.has_original(before.name) or not before.layout.has_lines_of_rows
                if is_file and is_kept:
                    self._attachments.keep_original(stored.name, plain.sent(before.name))
                return edited.stored_as(stored)

            yield replace(member, source=edited.source(member.source), stored_as=stored_as)


def _with_members(source: GroupSource, members: Sequence[GroupMember]) -> GroupSource:
    """The group of other members; what was told of the first records is theirs."""
    return source if list(source.members) == list(members) else replace(source, members=members)
