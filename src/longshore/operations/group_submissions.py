"""Import groups submitted: the sources of all members are stored, and they wait to be run."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from longshore.access import Environment, check_environment
from longshore.database import Database, DatabaseAway, Transaction
from longshore.engine import SourceSecrets
from longshore.errors import LongshoreError
from longshore.imports import (
    Import,
    ImportGroup,
    NewGroup,
    NewImport,
    check_group_once,
    check_unfinished,
    create_group,
    create_import,
    group_table,
    read_group,
    supersede_older,
)
from longshore.operations.first_records import first_records
from longshore.operations.group_source import GroupMember, GroupRequest, GroupSource, group_digest
from longshore.operations.preparation import Preparation
from longshore.operations.submissions import Submissions
from longshore.runs import Claims
from longshore.sources import AttachmentStore, TooManyRows


class GroupSubmissions:
    """Takes groups of what is to be imported."""

    def __init__(
        self,
        database: Database,
        attachments: AttachmentStore,
        preparation: Preparation,
        claims: Claims,
        submissions: Submissions,
        *,
        unfinished_max: int,
    ) -> None:
        self._database = database
        self._attachments = attachments
        self._preparation = preparation
        self._claims = claims
        self._submissions = submissions
        self._unfinished_max = unfinished_max
        self._secrets = SourceSecrets(preparation.catalogue)

    def submit(
        self,
        environment: Environment,
        source: GroupSource,
        request: GroupRequest,
        *,
        is_plan: bool = False,
        to_run: bool = False,
        rows_max: int | None = None,
        on_read: Callable[[int, int | None], None] | None = None,
        check: Callable[[Transaction], None] = lambda _tx: None,
        on_superseded: Callable[[Import], None] | None = None,
        on_created: Callable[[Transaction, ImportGroup], None] = lambda _tx, _group: None,
    ) -> ImportGroup:
        """Store the sources of all members, and create them as one group: imports, or with
        `is_plan` plans.

        The parameters are those of `Submissions.submit`; `rows_max` is of all members together, and
        `on_read` hears of each source in turn. Raises RequestRefused for a source that cannot be
        read, and a request that cannot be met; then nothing is kept of any member.
        """
        source.check()
        if to_run:
            self._submissions.enter()
        kept = [] if source.original is None else [source.original.name]
        try:
            news: list[NewImport] = []
            for member in source.members:
                left = None if rows_max is None else rows_max - sum(new.inputs_size for new in news)
                try:
                    with source.refusals_naming(member):
                        new = self._new_member(environment, member, request, kept, left, on_read)
                except TooManyRows as error:
                    raise TooManyRows(
                        f"{source.name} has more than {rows_max} rows in all",
                        rows_max=rows_max or 0,
                    ) from error
                news.append(replace(new, is_plan=is_plan))
        except BaseException:
            self._forget(kept)
            raise
        if is_plan and not source.examples:
            source = replace(source, examples=self._examples(news))
        group = _new_group(environment, source, request, news, is_plan=is_plan)
        return self.create(
            environment,
            group,
            news,
            kept=kept,
            once=request.once,
            to_run=to_run,
            check=check,
            on_superseded=on_superseded,
            on_created=on_created,
        )

    def create(
        self,
        environment: Environment,
        group: NewGroup,
        news: Sequence[NewImport],
        *,
        kept: Sequence[str],
        to_run: bool,
        once: bool = False,
        check: Callable[[Transaction], None] = lambda _tx: None,
        on_superseded: Callable[[Import], None] | None = None,
        on_created: Callable[[Transaction, ImportGroup], None] = lambda _tx, _group: None,
    ) -> ImportGroup:
        """Create a group of pending imports, or plans, in their order; without it, the attachments
        that were `kept` for it are removed.

        `check` refuses, at the beginning of the transaction; the rest is `submit`'s.
        """
        superseded: list[Import] = []
        try:
            with self._database.write() as tx:
                check_environment(tx, environment.number)
                check(tx)
                if once and group.source_digest is not None:
                    check_group_once(tx, environment.number, group.source_digest)
                id = create_group(tx, group)
                own = frozenset({group_table(id)})
                for position, new in enumerate(news):
                    made = replace(
                        new,
                        group_id=id,
                        group_position=position,
                        # Whatever else they write, members wait for those before them. A plan
                        # writes nothing, and waits for nobody else.
                        tables=own if group.is_plan else new.tables | own,
                    )
                    import_ = create_import(tx, made, unfinished_max=None)
                    if on_superseded is not None:
                        superseded += supersede_older(tx, import_.id)
                    if to_run:
                        self._claims.reserve(tx, import_.run)
                    else:
                        self._claims.announce(tx, import_.run)
                check_unfinished(
                    tx,
                    environment.number,
                    unfinished_max=self._unfinished_max,
                    are_plans=group.is_plan,
                )
                created = read_group(tx, id)
                on_created(tx, created)
        except DatabaseAway:
            # Whether the group is there is not known; what is left of none is swept later.
            raise
        except BaseException:
            self._forget(kept)
            raise
        if on_superseded is not None:
            for each in superseded:
                on_superseded(each)
            self._claims.announce_freed(environment.number)
        return created

    def _new_member(
        self,
        environment: Environment,
        member: GroupMember,
        request: GroupRequest,
        kept: list[str],
        rows_max: int | None,
        on_read: Callable[[int, int | None], None] | None,
    ) -> NewImport:
        """Store the source of a member, and say so in `kept`; what is stored of the member."""
        asked = request.of(member)
        stored = self._preparation.store(
            self._attachments, member.source, asked, rows_max=rows_max, on_read=on_read
        )
        kept.append(stored.name)
        if member.stored_as is not None:
            stored = member.stored_as(stored)
        return self._preparation.import_of(
            environment, member.source.name, asked, stored, self._attachments, parent=None
        )

    def _examples(self, news: Sequence[NewImport]) -> dict[str, list[dict[str, Any]]]:
        """The first records of the members, to be kept with their plans; none of rows in which
        passwords or keys may stand."""
        return {
            new.resource_type: first_records(self._attachments, new.attachment_name, new.layout)
            for new in news
            if not self._secrets.may_be_in(new.resource_type, new.layout.columns, new.column_map)
        }

    def _forget(self, kept: Sequence[str]) -> None:
        """Remove attachments of which there is no group; what stays is swept later."""
        for name in kept:
            with suppress(LongshoreError):
                self._attachments.delete(name)


def _new_group(
    environment: Environment,
    source: GroupSource,
    request: GroupRequest,
    news: Sequence[NewImport],
    *,
    is_plan: bool,
) -> NewGroup:
    original = source.original
    return NewGroup(
        environment=environment.number,
        form=source.form,
        is_plan=is_plan,
        dialect=source.dialect,
        source_name=source.name,
        source_size=source.source_size,
        attachment_name=None if original is None else original.name,
        layout=None if original is None else original.layout,
        recognised=source.why,
        options=source.options,
        notices=source.notices,
        examples=source.examples,
        source_digest=group_digest(source, [new.source_digest for new in news]),
        application_id=request.application_id,
        reference=request.reference,
        reference_origin=request.reference_origin,
        metadata=request.metadata,
    )
