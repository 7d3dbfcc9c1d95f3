"""The failed rows of an import taken again, with edits, as an import of their own.

Of an import and all its retries each row that still fails is taken as it stands in the source that
was made of it last, so a second retry takes nothing that the first has mended, and keeps its edits.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from longshore.access import Environment
from longshore.database import Database, Transaction
from longshore.edits import EditLayer, EditRefused, Edits
from longshore.engine import field_test, names_by_keys, nested_paths, record_tables_of
from longshore.errors import LongshoreError, RequestRefused
from longshore.imports import (
    Family,
    GroupForm,
    Import,
    ImportGroup,
    NewGroup,
    NewImport,
    StillFailing,
    get_import,
    has_grown,
    read_family,
    read_group,
    still_failing,
    write_origins,
)
from longshore.operations.asker import Asker
from longshore.operations.column_spellings import has_spellings
from longshore.operations.edited_columns import EditedColumns
from longshore.operations.failed_rows import UNCUT_HINT
from longshore.operations.found import Found
from longshore.operations.group_submissions import GroupSubmissions
from longshore.operations.imports import NoSuchImport
from longshore.operations.mended_rows import read_mended_rows
from longshore.operations.preparation import Preparation
from longshore.operations.resource_reader import ResourceReader, settled
from longshore.operations.retried_rows import FailingRows, RetriedRows, encoding_for
from longshore.operations.selection import Selection
from longshore.operations.submissions import Submissions
from longshore.readers import EmptySource, Format, Layout
from longshore.sources import (
    AttachmentDamaged,
    AttachmentMissing,
    AttachmentStore,
    Source,
    StoredAttachment,
)


class RetryRefused(RequestRefused):
    """The import has no rows that can be taken again, or not at this moment."""


class NothingFails(RetryRefused):
    """No row of the import fails, or fails any more."""


class RetryConflict(RetryRefused):
    """The import, or another retry of it, must end before its rows can be taken again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """A retry that was created, and what is to be told of the rows that it takes."""

    import_: Import
    edited_count: int  # rows that differ from their source
    added_columns: tuple[str, ...]
    unreadable_count: int  # rows that cannot be cut into cells, and are left out
    left_out_count: int  # others that are not in the mended file
    not_reached_count: int  # rows that the first import has not come to, which did not fail


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFailing:
    """What a retry of a group would take."""

    first: ImportGroup  # whose rows these are; the group itself unless that is a retry
    members: Sequence[tuple[Import, int]]  # those of whose rows any still fails, and how many


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A retry whose rows are stored, and which is not created yet."""

    family: Family
    stored: StoredAttachment
    new: NewImport
    retried: RetriedRows
    layer: EditLayer

    def check(self, tx: Transaction) -> None:
        """Refuse it where somebody else has taken the rows meanwhile."""
        if has_grown(tx, self.family):
            raise RetryConflict("another retry was created meanwhile", hint="try again")

    def created(self, tx: Transaction, import_: Import) -> None:
        """Store where its rows come from."""
        write_origins(tx, import_.id, self.retried.numbers, self.retried.lines)

    def told(self, import_: Import) -> Retry:
        """What is to be told of it."""
        first = self.family.first
        return Retry(
            import_=import_,
            edited_count=self.layer.edited_count,
            added_columns=self.layer.added,
            unreadable_count=self.retried.unreadable_count,
            left_out_count=self.retried.left_out_count,
            not_reached_count=first.inputs_size - first.consumed_count,
        )


class Retries:
    """Takes failed rows again."""

    def __init__(
        self,
        database: Database,
        attachments: AttachmentStore,
        preparation: Preparation,
        submissions: Submissions,
        group_submissions: GroupSubmissions,
        reader: ResourceReader,
    ) -> None:
        self._database = database
        self._attachments = attachments
        self._preparation = preparation
        self._submissions = submissions
        self._group_submissions = group_submissions
        self._reader = reader

    def retry(
        self,
        environment: Environment,
        import_: Import,
        edits: Edits,
        *,
        file: Source | None = None,
        application_id: int | None = None,
        to_run: bool = False,
        on_read: Callable[[int, int | None], None] | None = None,
        on_created: Callable[[Transaction, Import], None] = lambda _tx, _import: None,
    ) -> Retry:
        """Create a pending import of the rows of an import that still fail, edited.

        With `file`, a file of failed rows that somebody has mended, of those that are in it, as
        they are there; then there are no `edits`. The other parameters are those of
        `Submissions.submit`. Raises RetryRefused (RetryConflict where it may succeed later),
        EditRefused, MendedRefused, and RequestRefused
        for what cannot be imported any more; then nothing is kept.
        """
        made = self._make(
            environment,
            import_,
            edits,
            file=file,
            application_id=application_id,
            to_run=to_run,
            on_read=on_read,
        )

        def check(tx: Transaction) -> None:
            made.check(tx)

        def created(tx: Transaction, import_: Import) -> None:
            made.created(tx, import_)
            on_created(tx, import_)

        import_ = self._submissions.create(
            environment,
            made.stored,
            lambda: made.new,
            to_run=to_run,
            check=check,
            on_created=created,
        )
        return made.told(import_)

    def retry_group(
        self,
        environment: Environment,
        group: ImportGroup,
        *,
        application_id: int | None = None,
        to_run: bool = False,
        on_read: Callable[[int, int | None], None] | None = None,
        on_created: Callable[[Transaction, ImportGroup], None] = lambda _tx, _group: None,
    ) -> tuple[ImportGroup, list[Retry]]:
        """Create a group of pending imports of the rows that still fail in the members of a group,
        each with what is to be told of it.

        The rows of a group that is a retry itself are those of the first group. The parameters are
        those of `GroupSubmissions.create`; raises as `retry` does.
        """
        first = self._first_of(group)
        made: list[_Made] = []
        try:
            for member in first.members:
                try:
                    made.append(
                        self._make(
                            environment,
                            member,
                            Edits(),
                            application_id=application_id,
                            to_run=to_run,
                            on_read=on_read,
                        )
                    )
                except NothingFails:
                    continue
        except BaseException:
            self._forget(made)
            raise
        if not made:
            raise self._nothing_fails_in(first)

        def check(tx: Transaction) -> None:
            for each in made:
                each.check(tx)

        def created(tx: Transaction, retry: ImportGroup) -> None:
            for each, member in zip(made, retry.members, strict=True):
                each.created(tx, member)
            on_created(tx, retry)

        retry = self._group_submissions.create(
            environment,
            NewGroup(
                environment=environment.number,
                form=GroupForm.RETRY,
                dialect=first.dialect,
                source_name=first.source_name,
                layout=first.layout,
                options=first.options,
                application_id=application_id,
                retry_of=first.id,
            ),
            [each.new for each in made],
            kept=[each.stored.name for each in made],
            to_run=to_run,
            check=check,
            on_created=created,
        )
        told = [each.told(member) for each, member in zip(made, retry.members, strict=True)]
        return retry, told

    def check(self, import_: Import) -> None:
        """Raise RetryRefused as `retry` does where it would take no rows."""
        self._look(import_)

    def failing_in_group(self, group: ImportGroup) -> GroupFailing:
        """The rows that `retry_group` would take; raises as it does for what cannot be retried."""
        first = self._first_of(group)
        found = []
        for member in first.members:
            try:
                _, failing, _ = self._look(member)
            except NothingFails:
                continue
            found.append((member, failing.count))
        if not found:
            raise self._nothing_fails_in(first)
        return GroupFailing(first=first, members=found)

    def _first_of(self, group: ImportGroup) -> ImportGroup:
        """The group whose rows a retry takes; raises RetryRefused for one that imports nothing."""
        with self._database.read() as tx:
            first = group if group.retry_of is None else read_group(tx, group.retry_of)
        if first.is_plan:
            raise RetryRefused(
                f"{self._database.public_ids.encode(first.id)} is a plan of a group, which has "
                "imported nothing",
                hint="mend the file and plan again",
            )
        return first

    def _nothing_fails_in(self, group: ImportGroup) -> NothingFails:
        public_id = self._database.public_ids.encode(group.id)
        return NothingFails(f"no row of the import group {public_id} fails, or fails any more")

    def _forget(self, made: Sequence["_Made"]) -> None:
        """Remove the attachments of imports that are not created."""
        for each in made:
            with suppress(LongshoreError):
                self._attachments.delete(each.stored.name)

    def _make(
        self,
        environment: Environment,
        import_: Import,
        edits: Edits,
        *,
        file: Source | None = None,
        application_id: int | None,
        to_run: bool,
        on_read: Callable[[int, int | None], None] | None,
    ) -> "_Made":
        """Store the rows of an import that still fail, edited; raises as `retry` does."""
        family, failing, rows = self._look(import_)
        latest = family.latest
        type_ = self._preparation.importable_type(latest.resource_type)
        parent = self._parent(environment, latest)
        catalogue = self._preparation.catalogue
        edited = EditedColumns(catalogue, latest)
        edits = edits.resolved(edited.column, edited.replaced_column)
        self._check_rows(edits, failing)
        mended = None
        if file is not None:
            assert not edits, "the file says what the cells are"
            as_stored = ((each.number, each.values) for each in rows)
            mended = read_mended_rows(file, latest.layout, edited, failing, as_stored)
        is_tabular = latest.layout.format is Format.CSV
        columns = latest.layout.keys if is_tabular else latest.layout.columns
        added = () if mended is None else mended.added
        layer = EditLayer(edits, columns, is_tabular=is_tabular, added=added)
        if to_run:
            self._submissions.enter()
        try:
            form = self._attachments.text_form(latest.attachment_name, latest.layout)
            texts = iter([*edits.texts(), *layer.added])
            is_encodable = mended is None or mended.is_encodable
            encoding = encoding_for(latest.layout, texts, is_encodable=is_encodable)
            retried = RetriedRows(rows, layer, latest.layout, form, encoding, mended)
            stored = self._attachments.write(
                retried.source(latest.source_name or "inputs"),
                descend=nested_paths(catalogue, type_),
                is_field=field_test(catalogue, type_, latest.column_map, latest.mapping),
                progress=on_read,
            )
        except EmptySource as error:
            raise RetryRefused(
                f"none of the {failing.count} rows that fail can be cut into cells",
                hint=UNCUT_HINT,
            ) from error
        except (AttachmentMissing, AttachmentDamaged) as error:
            raise RetryRefused(f"the rows cannot be read: {error.message}") from error

        try:
            self._check_source(retried, layer, edits, stored)
            layout = _layout(latest.layout, stored.layout)
            prepared = self._preparation.of_retry(environment, latest, layout, parent=parent)
        except BaseException:
            self._attachments.delete(stored.name)
            raise
        new = NewImport(
            environment=environment.number,
            resource_type=latest.resource_type,
            format=layout.format.value,
            tables=record_tables_of(prepared.plan),
            inputs_size=stored.rows_count,
            attachment_name=stored.name,
            layout=layout,
            application_id=application_id,
            parent_resource_id=latest.parent_resource_id,
            parent_id=latest.parent_id,
            skip_errors=True,  # all of these rows have failed already
            source_name=latest.source_name,
            column_map=latest.column_map,
            mapping=latest.mapping,
            is_spelled=has_spellings(latest.column_map),
            mapping_reference=latest.mapping_reference,
            ignored_columns=prepared.ignored_columns,
            notices=prepared.notices,
            retry_of=family.first.id,
            only=latest.only,
            names_by_keys=names_by_keys(prepared.plan),
            source_columns=latest.source_columns,
        )
        return _Made(family=family, stored=stored, new=new, retried=retried, layer=layer)

    def retry_and_read(
        self,
        asker: Asker,
        key: int,
        edits: Edits,
        selection: Selection,
        *,
        on_stored: Callable[[], None],
    ) -> Found:
        """The same for an application; the import as it was created.

        `on_stored` is called as soon as it may run. Raises NoSuchImport besides.
        """
        created: list[Found] = []

        def read(tx: Transaction, import_: Import) -> None:
            found = self._reader.written(
                tx, asker, "imports", import_.id, selection, action="create"
            )
            created.append(found)

        with self._database.read() as tx:
            import_ = get_import(tx, asker.environment.number, key)
        if import_ is None:
            raise NoSuchImport
        self.retry(
            asker.environment,
            import_,
            edits,
            application_id=asker.application_id,
            on_created=read,
        )
        on_stored()
        found = created[-1]
        return replace(found, resource=settled(found.resource, is_lenient=True))

    def _look(self, import_: Import) -> tuple[Family, StillFailing, FailingRows]:
        """The import's family and what of it still fails; raises RetryRefused, and
        RetryConflict where one of them has not ended."""
        encode = self._database.public_ids.encode
        with self._database.read() as tx:
            family = read_family(tx, import_)
            if (left := family.unfinished) is not None:
                retry = "" if left.retry_of is None else "retry "
                public_id = encode(left.id)
                raise RetryConflict(
                    f"the {retry or 'import '}{public_id} has not ended",
                    hint="`longshore resume` finishes it, "
                    f"`longshore interrupt {public_id}` ends it",
                )
            failing = still_failing(tx, family)
            rows = FailingRows(tx, self._attachments, family, failing)
        first = encode(family.first.id)
        if family.first.all_or_nothing:
            raise RetryRefused(
                f"the import {first} is all or nothing: without its other rows those that failed "
                "are not what was to be imported",
                hint=f"mend the rows in the file and import all of it; `longshore errors {first}` "
                "lists what is wrong",
            )
        if not family.first.errors_count:
            raise NothingFails(f"no row of the import {first} failed")
        if not failing.count:
            raise NothingFails(
                f"no row of the import {first} fails any more: its retries have mended all",
                hint=f"the last of them is {encode(family.latest.id)}",
            )
        for member in (*rows.members, family.latest):
            if member.attachment_expired_at is not None:
                raise RetryRefused(
                    f"the source of the import {encode(member.id)} is not kept any more",
                    hint="mend the rows in a file of your own, and import that",
                )
        return family, failing, rows

    def _parent(self, environment: Environment, import_: Import) -> int | None:
        """The parent, which must be there still."""
        if import_.parent_id is None:
            return None
        type_ = self._preparation.catalogue.types[import_.resource_type]
        encode = self._database.public_ids.encode
        return self._preparation.parent(environment, type_, encode(import_.parent_id))

    def _check_rows(self, edits: Edits, failing: StillFailing) -> None:
        for index, each in enumerate(edits.cells):
            if each.row not in failing:
                raise EditRefused(
                    f"row {each.row} is not one that fails", path=("edits", index, "row")
                )

    def _check_source(
        self, retried: RetriedRows, layer: EditLayer, edits: Edits, stored: StoredAttachment
    ) -> None:
        """Refuse edits without an effect, and what makes a row that is none."""
        for index, each in enumerate(edits.replacements):
            if (each.column, each.old) in layer.unmatched:
                raise EditRefused(
                    f"no row that fails has exactly {each.old!r} in {each.column}",
                    path=("replace", index, "old"),
                    hint="rows are taken as the last retry has left them; the failed rows of the "
                    "first import are as they were in its source",
                )
        for index, cell in enumerate(edits.cells):
            if cell.row in layer.rows_left:
                raise EditRefused(
                    f"row {cell.row} has no columns that could be edited",
                    path=("edits", index, "row"),
                )
        taken, read = len(retried.numbers), stored.rows_count
        if taken != read:
            raise RetryRefused(
                f"{taken} rows fail, and {read} are read of them with the edits",
                hint="an edit leaves a row without any value, or makes it the same as the header",
            )


def _layout(before: Layout, stored: Layout) -> Layout:
    """How the source of a retry is read: as that of its rows, whatever the rows left show."""
    if stored.format is Format.CSV:
        return replace(stored, sheet=before.sheet)
    columns = tuple(dict.fromkeys((*before.columns, *stored.columns)))
    return replace(stored, columns=columns, has_resources=before.has_resources)
