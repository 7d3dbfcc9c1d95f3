"""From a draft to its plan, and from the plan to the import.

A plan of a draft goes through all rows, whatever fails, because people want to see everything that
is wrong at once. What would stop an import is judged on its findings, before anything is written:
so it either does what was shown, or it does not begin (decision 84).
"""

import tempfile
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from longshore.access import read_environment
from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.drafts import (
    Draft,
    DraftChangedMeanwhile,
    get_draft,
    lock_draft,
    note_draft_import,
    note_draft_plan,
)
from longshore.engine import DryRunSource, run_dry
from longshore.errors import RequestRefused
from longshore.imports import (
    Digest,
    ErrorGroup,
    Import,
    ImportGroup,
    ImportRequest,
    LoggedError,
    LoggedWarning,
    RowOutcome,
    Status,
    StopRules,
    StoreMoved,
    all_differences,
    errors_of_rows,
    failed_rows_made_of,
    get_group,
    get_import,
    get_plan,
    list_warnings,
    read_digest,
    rows_with_error,
)
from longshore.mapping import Blank, MappingDocument
from longshore.operations.asker import Asker
from longshore.operations.draft_edits import (
    DraftEdit,
    edits_of,
    read_edits,
    with_constants,
)
from longshore.operations.draft_fixes import Fix, fix_of
from longshore.operations.draft_sources import DraftSources
from longshore.operations.draft_work import DraftWork
from longshore.operations.drafts import NoSuchDraft
from longshore.operations.edited_source import EditedSource, layer_of, row_as_cells
from longshore.operations.failed_rows import FailedRow, read_failed_file_rows
from longshore.operations.group_applier import GroupApplier
from longshore.operations.group_source import GroupMember, GroupSource
from longshore.operations.group_submissions import GroupSubmissions
from longshore.operations.plan_applier import PlanApplier, PlanNotApplicable
from longshore.operations.plan_standing import is_expired, is_void, what_moved
from longshore.operations.preparation import Preparation
from longshore.operations.submissions import Submissions
from longshore.operations.suggestions import MayRead, ValueSuggestions, suggestions_of
from longshore.readers import Rows
from longshore.settings import Settings
from longshore.sources import AttachmentStore, Source, StoredAttachment

# In live, what is beyond these is confirmed by typing how many records it is about.
_UPDATES_MAX = 1_000
_LOWERED_MAX = 100
_LOWERED_TO = 0.8  # of the price before

_DIGESTS_MAX = 16
_WIRE_SHARE = 10  # per cent of rows, beyond which an import stops where nobody has said otherwise


class StopRuleReached(PlanNotApplicable):
    """So many rows have errors that the import is not to begin."""


class NotConfirmed(RequestRefused):
    """The number that is asked for was not typed, or another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlan:
    """The last plan of a draft: of one type, or a group of them."""

    group: ImportGroup | None
    members: Sequence[Import]
    is_current: bool  # it was made with all changes, and nothing was taken back since
    is_expired: bool
    made_with: Sequence[str]  # ids of changes

    @property
    def is_finished(self) -> bool:
        return all(each.is_finished for each in self.members)

    @property
    def is_whole(self) -> bool:
        """Whether all rows were gone through."""
        return all(each.status is Status.COMPLETED for each in self.members)

    @property
    def interruption_reason(self) -> str | None:
        """Why it was stopped before its last row."""
        reasons = [each.interruption_reason for each in self.members]
        return next(filter(None, reasons), None)

    def total(self, count: str) -> int:
        """The sum of a count, such as `created_count`."""
        return sum(getattr(each, count) for each in self.members)

    @property
    def to_write(self) -> int:
        """How many rows would create or update a record."""
        return self.total("created_count") + self.total("updated_count")

    def member(self, resource_type: str | None) -> Import:
        """The plan of a type; without one, or of one that it does not have, the first with errors,
        or the first."""
        named = [each for each in self.members if each.resource_type == resource_type]
        failed = [each for each in self.members if each.errors_count]
        return (named or failed or list(self.members))[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """A row as it stands in the file, with what is wrong with it."""

    number: int
    line: int
    cells: Mapping[str, str]  # by column
    errors: Sequence[LoggedError]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What has to be confirmed by typing a number."""

    number: int
    what: str


class DraftPlans:
    """Plans of the drafts of one installation."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        settings: Settings,
        attachments: AttachmentStore,
        preparation: Preparation,
        submissions: Submissions,
        group_submissions: GroupSubmissions,
        plan_applier: PlanApplier,
        group_applier: GroupApplier,
        sources: DraftSources,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._settings = settings
        self._attachments = attachments
        self._preparation = preparation
        self._submissions = submissions
        self._group_submissions = group_submissions
        self._plan_applier = plan_applier
        self._group_applier = group_applier
        self._sources = sources
        self._reading = DraftWork[Draft]()
        self._grouping = DraftWork[Digest]()
        self._digests: OrderedDict[int, Digest] = OrderedDict()
        self._lock = Lock()

    # The plan

    def found(self, asker: Asker, draft: Draft) -> DraftPlan | None:
        """The last plan of a draft; None: there is none, or it was deleted."""
        if draft.plan_id is None:
            return None
        number = asker.environment.number
        with self._database.read() as tx:
            plan = get_plan(tx, number, draft.plan_id)
            group = None
            if plan is None or plan.group_id is not None:
                group = get_group(tx, number, draft.plan_id, are_plans=True)
                if group is None:
                    return None
            members = [plan] if group is None and plan is not None else list(group.members)  # type: ignore[union-attr]
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
        edits = read_edits(draft.choices.edits)

        def check(tx: Transaction) -> None:
            now = lock_draft(tx, asker.environment.number, draft.id)
            if now is None:
                raise NoSuchDraft
            if now.version != draft.version:
                raise DraftChangedMeanwhile
            if now.plan_id != draft.plan_id:
                raise _PlannedMeanwhile

        def note(tx: Transaction, plan_id: int) -> None:
            choices = replace(draft.choices, planned_edits=[each.id for each in edits])
            note_draft_plan(tx, draft.id, plan_id, choices)

        try:
            if self._sources.is_group(asker, draft):
                self._plan_group(asker, draft, edits, check, note)
            else:
                self._plan_rows(asker, draft, edits, check, note)
            wake()
        except _PlannedMeanwhile:
            pass
        return self._read(asker, draft.id)

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
            if now.import_id is None or self._is_void(tx, number, now.import_id):
                note_draft_plan(tx, draft.id, None)
                note_draft_import(tx, draft.id, None)
        return self._read(asker, draft.id)

    # What it has found

    def digest(self, plan: Import, *, seconds: float, may_read: MayRead) -> Digest | None:
        """The errors of a finished plan by cause, with suggestions; None: there are so many that
        they are not grouped after so many seconds. They change no more, and are remembered."""
        with self._lock:
            digest = self._digests.get(plan.id)
        if digest is None:
            digest = self._grouping.result(plan.id, lambda: self._grouped(plan), seconds=seconds)
        if digest is None:
            return None
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            return self._suggestions(tx, plan, may_read).of_digest(tx, digest)

    def _grouped(self, plan: Import) -> Digest:
        with self._database.read() as tx:
            digest = read_digest(tx, plan.id)
        with self._lock:
            self._digests[plan.id] = digest
            while len(self._digests) > _DIGESTS_MAX:
                self._digests.popitem(last=False)
        return digest

    def rows_of_cause(
        self, plan: Import, group: ErrorGroup, *, after: int, limit: int
    ) -> Sequence[int]:
        """The own numbers of rows behind one that have an error of a group of a digest; of one of
        many values, those of its cause."""
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            return rows_with_error(
                tx,
                plan.id,
                attribute=group.attribute,
                message=group.message,
                value=group.value,
                any_value=bool(group.other_values),
                after_row=after,
                limit=limit,
            )

    def fixes(
        self, plan: Import, digest: Digest, *, limit: int, may_read: MayRead
    ) -> Sequence[Fix | None]:
        """What would mend each of the first groups of a digest."""
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            return [
                fix_of(tx, self._catalogue, plan, group, may_read=may_read)
                for group in digest.groups[:limit]
            ]

    def file_rows(
        self, draft: Draft, group: ImportGroup, plan: Import, places: Sequence[int]
    ) -> Sequence[PlannedRow]:
        """The rows of a dialect's file of which these rows of a type were made, with what is wrong
        with them; cells that were changed since are as they are then, and judged by a plan alone.
        """
        if group.attachment_name is None or group.layout is None:
            return []
        planned = set(draft.choices.planned_edits or ())
        edits = [each for each in read_edits(draft.choices.edits) if each.id not in planned]
        layer = layer_of(group.layout, edits_of(edits, None))
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            errors: dict[int, list[LoggedError]] = {}
            suggestions = self._suggestions(tx, plan, lambda _type: False)
            for each in suggestions.of_errors(tx, errors_of_rows(tx, plan.id, places)):
                if each.source_row is not None:
                    errors.setdefault(each.source_row, []).append(each)
        rows = []
        for number, line, values in self._attachments.rows_at(
            group.attachment_name, group.layout, list(errors)
        ):
            before = row_as_cells(group.layout, values)
            cells = row_as_cells(group.layout, layer.apply(number, values))
            left = [
                each
                for each in errors[number]
                if each.column is None or cells.get(each.column) == before.get(each.column)
            ]
            rows.append(PlannedRow(number=number, line=line, cells=cells, errors=left))
        return rows

    def failed_file_rows(self, group: ImportGroup) -> Iterator[FailedRow]:
        """All rows of a dialect's file with errors in one of its types, as they were planned."""
        return read_failed_file_rows(self._database, self._attachments, group)

    def rows(
        self, plan: Import, places: Sequence[int], *, may_read: MayRead
    ) -> Sequence[PlannedRow]:
        """Rows by their numbers, as they were planned, with what is wrong with them."""
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            suggestions = self._suggestions(tx, plan, may_read)
            errors: dict[int, list[LoggedError]] = {}
            for each in suggestions.of_errors(tx, errors_of_rows(tx, plan.id, places)):
                errors.setdefault(each.own_row, []).append(each)
        return [
            PlannedRow(
                number=number,
                line=line,
                cells=row_as_cells(plan.layout, values),
                errors=errors.get(number, []),
            )
            for number, line, values in self._attachments.rows_at(
                plan.attachment_name, plan.layout, places
            )
        ]

    def warnings(self, plan: Import, *, after: int, limit: int) -> Sequence[LoggedWarning]:
        """Warnings about rows behind one, in their order."""
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            return list_warnings(tx, plan.id, after_row=after, limit=limit)

    # Changes that were not planned yet

    def check_rows(
        self,
        draft: Draft,
        found: DraftPlan,
        plan: Import,
        of: str | None,
        places: Collection[int],
    ) -> Sequence[PlannedRow]:
        """Judge rows again with the changes since the plan; writes nothing.

        It is provisional: rows are judged as if there were no others, so two that have one key, or
        one that names what another row creates, are told apart by a whole plan alone.
        """
        if found.group is not None and found.group.dialect is not None:
            own = self._made_of(plan, places)
            return self.file_rows(draft, found.group, plan, own)
        planned = set(draft.choices.planned_edits or ())
        edits = [each for each in read_edits(draft.choices.edits) if each.id not in planned]
        layer = layer_of(plan.layout, edits_of(edits, of))
        rows_found = list(self._attachments.rows_at(plan.attachment_name, plan.layout, places))
        if not rows_found:
            return []
        rows = Rows(
            first=1,
            lines=[line for _, line, _ in rows_found],
            offsets=[0] * len(rows_found),
            values=[layer.apply(number, values) for number, _, values in rows_found],
            end_line=rows_found[-1][1] + 1,
            end_offset=0,
        )
        with self._database.read() as tx:
            flags = read_environment(tx, plan.environment).flags
        judged = replace(plan, mapping=with_constants(plan.mapping, edits, of))
        prepared = self._preparation.of_import(judged, flags)
        source = DryRunSource(prepared=prepared, batches=iter([rows]), inputs_size=len(rows))
        (result,) = run_dry(self._database, self._settings, [source], skip_errors=True)
        errors: dict[int, list[LoggedError]] = {}
        with self._database.read() as tx:
            known = {
                (each.own_row, each.attribute, each.message)
                for each in errors_of_rows(tx, plan.id, list(places))
            }
            suggestions = self._suggestions(tx, judged, lambda _type: False)
            for each in suggestions.of_errors(tx, result.errors):
                number, line, _ = rows_found[each.row - 1]
                # What other members would create is not there when rows are judged by themselves.
                if (
                    plan.group_id is not None
                    and each.code == "must_exist"
                    and (number, each.attribute, each.message) not in known
                ):
                    continue
                errors.setdefault(number, []).append(replace(each, row=number, line=line))
        return [
            PlannedRow(
                number=number,
                line=line,
                cells=row_as_cells(plan.layout, values),
                errors=errors.get(number, []),
            )
            for (number, line, _), values in zip(rows_found, rows.values, strict=True)
        ]

    def _made_of(self, plan: Import, file_rows: Collection[int]) -> Sequence[int]:
        """The failed rows of a type that were made of these rows of a file."""
        with self._database.read() as tx:
            return failed_rows_made_of(tx, plan.id, file_rows)

    # Applying

    def stop_reason(self, draft: Draft, plan: DraftPlan) -> str | None:
        """Why what a plan has found is not to be imported, by the rules of the draft."""
        choices = draft.choices
        failed, size = plan.total("errors_count"), plan.total("inputs_size")
        told = f"{failed:,} of {size:,} rows have errors"
        if not failed or choices.skip_errors:
            return None
        if choices.all_or_nothing:
            return f"{told}, and it is to be all rows or none"
        rules = StopRules.from_dict(choices.stop_rules)
        if rules.after is not None and failed >= rules.after:
            limit = "the first" if rules.after == 1 else f"{rules.after:,}"
            return f"{told}, and it is to stop at {limit}"
        if rules.at is not None:
            at = rules.at_count(size)
            if at is not None and failed >= at:
                return f"{told}, and it is to stop at {rules.at} %"
        elif rules.after is None and failed * 100 > size * _WIRE_SHARE:
            return f"{told}, which is more than {_WIRE_SHARE} %"
        return None

    def confirmation(self, asker: Asker, plan: DraftPlan) -> Confirmation | None:
        """What has to be confirmed before a plan is applied; only in live."""
        if asker.environment.mode != "live":
            return None
        updated = plan.total("updated_count")
        if updated > _UPDATES_MAX:
            return Confirmation(number=updated, what=f"{updated:,} records are updated")
        lowered = 0
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            for member in plan.members:
                for each in all_differences(tx, member.id) if member.updated_count else ():
                    lowered += any(
                        _is_lowered(each.changes, name) for name in _amounts(each.changes)
                    )
        if lowered > _LOWERED_MAX:
            return Confirmation(number=lowered, what=f"{lowered:,} prices fall by over 20 %")
        return None

    def moved(self, asker: Asker, plan: DraftPlan) -> str | None:
        """What was written since the plan was made that its rows depend on; None: nothing."""
        with self._database.read() as tx:
            flags = read_environment(tx, asker.environment.number).flags
            return what_moved(tx, plan.members, flags, self._settings)

    def store_moved(self, asker: Asker, draft: Draft) -> StoreMoved | None:
        """Where the import of a draft has written nothing because the store has moved: what has
        moved; None: there is no import, or nothing of the kind has stopped it."""
        if draft.import_id is None:
            return None
        number = asker.environment.number
        with self._database.read() as tx:
            import_ = get_import(tx, number, draft.import_id)
            if import_ is not None:
                return import_.moved if is_void(import_) else None
            group = get_group(tx, number, draft.import_id)
            if group is None or not self._is_void(tx, number, draft.import_id):
                return None
            return next((each.moved for each in group.members if each.moved is not None), None)

    def is_of_group(self, asker: Asker, draft: Draft) -> bool:
        """Whether what was made of a draft is an import group, and no single import."""
        with self._database.read() as tx:
            found = get_group(tx, asker.environment.number, draft.import_id or 0)
        return found is not None

    def apply(
        self,
        asker: Asker,
        draft: Draft,
        *,
        version: int,
        typed: str | None,
        wake: Callable[[], None],
    ) -> Draft:
        """Create the import that does exactly what the last plan has found; the draft with it. One
        of which an import was made already stays as it is.

        `typed` is what somebody has typed to confirm it. Raises DraftChangedMeanwhile,
        PlanNotApplicable, StopRuleReached, NotConfirmed, and as the submission of an import does.
        """
        if draft.import_id is not None:
            return draft
        if draft.version != version:
            raise DraftChangedMeanwhile
        plan = self.found(asker, draft)
        if plan is None or not plan.is_current:
            raise PlanNotApplicable(
                "the rows were not checked with all changes", hint="check all rows again"
            )
        if (reason := self.stop_reason(draft, plan)) is not None:
            raise StopRuleReached(
                reason, hint="mend the rows, or say in the options that it goes on whatever fails"
            )
        asked = self.confirmation(asker, plan)
        if asked is not None and (typed or "").replace(",", "").strip() != str(asked.number):
            raise NotConfirmed(
                f"{asked.what}, and {asked.number} was not typed",
                hint=f"type {asked.number} to import",
            )

        def note(tx: Transaction, import_id: int) -> None:
            now = lock_draft(tx, asker.environment.number, draft.id)
            if now is None:
                raise NoSuchDraft
            if now.version != version or now.plan_id != draft.plan_id:
                raise DraftChangedMeanwhile
            if now.import_id is not None:
                raise _PlannedMeanwhile
            note_draft_import(tx, draft.id, import_id)
            created.append(import_id)

        created: list[int] = []
        try:
            if plan.group is not None:
                self._group_applier.apply(
                    asker.environment,
                    plan.group,
                    application_id=asker.application_id,
                    on_created=lambda tx, group: note(tx, group.id),
                )
            else:
                self._plan_applier.apply(
                    asker.environment,
                    plan.members[0],
                    application_id=asker.application_id,
                    all_or_nothing=draft.choices.all_or_nothing,
                    on_created=lambda tx, import_: note(tx, import_.id),
                )
            wake()
            # Not read again: another window may have discarded the draft, and the import is there.
            return replace(draft, import_id=created[-1])
        except _PlannedMeanwhile:
            pass
        except PlanNotApplicable:
            # Another window was faster, or it cannot be applied.
            now = self._read(asker, draft.id)
            if now.import_id is None:
                raise
            return now
        return self._read(asker, draft.id)

    # Steps

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
        with self._sources.source(draft) as source:
            stored = self._stored(source, request, edits)
            self._submissions.create(
                environment,
                stored,
                lambda: replace(
                    self._preparation.import_of(
                        environment,
                        source.name,
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
        self, source: Source, request: ImportRequest, edits: Sequence[DraftEdit]
    ) -> StoredAttachment:
        """The source as an attachment, with the changes of its cells."""
        changed = edits_of(edits, None)
        if not changed:
            return self._preparation.store(self._attachments, source, request)
        with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
            plain = AttachmentStore(Path(folder))
            before = self._preparation.store(plain, source, request)
            edited = EditedSource(plain, before, changed)
            stored = self._preparation.store(self._attachments, edited.source(source), request)
            try:
                return edited.stored_as(stored)
            except BaseException:
                self._attachments.delete(stored.name)
                raise

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
        of_file = edits_of(edits, None)
        with self._sources.group(asker, draft, edits=of_file) as source, ExitStack() as stack:
            members = [stack.enter_context(self._member(each, edits)) for each in source.members]
            self._group_submissions.submit(
                asker.environment,
                _with_members(source, members),
                request,
                is_plan=True,
                check=check,
                on_created=lambda tx, group: note(tx, group.id),
            )

    @contextmanager
    def _member(self, member: GroupMember, edits: Sequence[DraftEdit]) -> Iterator[GroupMember]:
        """A member with the changes of its rows."""
        of = member.resource_type
        member = replace(member, mapping=with_constants(member.mapping, edits, of))
        changed = edits_of(edits, of)
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
            edited = EditedSource(plain, before, changed)
            yield replace(member, source=edited.source(member.source), stored_as=edited.stored_as)

    def _suggestions(self, tx: Transaction, plan: Import, may_read: MayRead) -> ValueSuggestions:
        return suggestions_of(
            tx,
            self._catalogue,
            plan,
            cell_bytes_max=self._settings.cell_bytes_max,
            may_read=may_read,
        )

    def _read(self, asker: Asker, draft_id: int) -> Draft:
        with self._database.read() as tx:
            draft = get_draft(tx, asker.environment.number, draft_id)
        if draft is None:
            raise NoSuchDraft
        return draft

    def _is_void(self, tx: Transaction, environment: int, import_id: int) -> bool:
        """Whether an import, or group, was stopped before it changed anything."""
        import_ = get_import(tx, environment, import_id)
        if import_ is not None:
            return is_void(import_)
        group = get_group(tx, environment, import_id)
        return (
            group is not None
            and group.is_finished
            and not (group.total("created_count") or group.total("updated_count"))
            and group.status is Status.INTERRUPTED
        )


class _PlannedMeanwhile(Exception):
    """Another window has done the same."""


def _with_members(source: GroupSource, members: Sequence[GroupMember]) -> GroupSource:
    """The group of other members; what was told of the first records is theirs."""
    return source if list(source.members) == list(members) else replace(source, members=members)


def _amounts(changes: Mapping[str, Any]) -> list[str]:
    return [name for name in changes if name.endswith("amount_cents")]


def _is_lowered(changes: Mapping[str, Any], name: str) -> bool:
    before, after = changes[name]
    if not isinstance(before, int) or not isinstance(after, int):
        return False
    return after < before * _LOWERED_TO


def planned_outcomes(name: str) -> Collection[RowOutcome]:
    """The outcomes of a list of rows."""
    return {
        "created": {RowOutcome.CREATED},
        "updated": {RowOutcome.UPDATED},
        "unchanged": {RowOutcome.UNCHANGED, RowOutcome.SKIPPED},
        "errors": {RowOutcome.FAILED},
    }[name]
