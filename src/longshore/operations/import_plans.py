"""Import plans: what an import would do, found out by a run that writes no record, and kept until
they are applied or expire."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from longshore.access import Environment, read_environment
from longshore.clock import format_datetime
from longshore.database import Database, Transaction
from longshore.errors import RequestRefused
from longshore.imports import (
    LOG_BYTES_MAX,
    LOG_BYTES_MAX_LISTED,
    Import,
    ImportRequest,
    ImportUnreadable,
    RowOutcome,
    count_plans,
    delete_plan,
    errors_log,
    get_plan,
    interrupt_import,
    list_plans,
    same_content_of,
    unfinished_plans,
    warnings_log,
)
from longshore.operations.asker import Asker
from longshore.operations.import_attributes import import_attributes, import_meta
from longshore.operations.imports import Imports, RowsPage
from longshore.operations.plan_standing import applied_by, is_expired
from longshore.operations.preparation import Preparation
from longshore.operations.stores import Resource
from longshore.operations.submissions import Submissions
from longshore.operations.suggestions import MayRead
from longshore.request_keys import keep_answer
from longshore.sources import AttachmentStore, Source

IMPORT_PLANS = "import_plans"

# Nothing of these is told of a plan: it waits for nobody, is no retry, applies no other one, echoes
# no rows, and has nothing to take back.
_NOT_OF_PLANS = frozenset(
    (
        "inputs",
        "attachment_url",
        "waits_for",
        "retry_of",
        "plan_id",
        "moved",
        "stage",
        "kept_log",
    )
)


class NoSuchPlan(RequestRefused):
    """The environment has no plan of that id, or it was deleted."""

    def __init__(self, public_id: str) -> None:
        super().__init__(
            f"there is no plan {public_id!r}",
            hint="`longshore plan list` lists plans, `longshore plan TYPE FILE` makes one",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansPage:
    """Some of the plans of an environment, newest first."""

    plans: list[Resource]
    count: int  # of all


class ImportPlans:
    """The plans of one installation; each operation is one snapshot, or one transaction."""

    def __init__(
        self,
        database: Database,
        attachments: AttachmentStore,
        preparation: Preparation,
        submissions: Submissions,
        imports: Imports,
        *,
        on_stopped: Callable[[int], None],
        identifiers_max: int,  # in a log of errors or warnings
        read_seconds: float,
    ) -> None:
        self._database = database
        self._attachments = attachments
        self._preparation = preparation
        self._submissions = submissions
        self._imports = imports
        # Told the environment of a plan that was stopped.
        self._on_stopped = on_stopped
        self._identifiers_max = identifiers_max
        self._read_seconds = read_seconds

    # Creation

    def submit(
        self,
        environment: Environment,
        source: Source,
        request: ImportRequest,
        *,
        on_read: Callable[[int, int | None], None] | None = None,
    ) -> Import:
        """Store the source and create a pending plan of it, which this process is going to run.

        Raises RequestRefused as the submission of an import does.
        """
        return self._submissions.submit(
            environment, source, request, is_plan=True, to_run=True, on_read=on_read
        )

    def create(
        self,
        asker: Asker,
        source: Source | int,
        request: ImportRequest,
        *,
        answer: Callable[[Resource], bytes],
        rows_max: int,
        on_stored: Callable[[], None],
    ) -> Resource:
        """Create a pending plan of a source, or of the upload with this id; `answer` makes what is
        kept for a request that is sent again. `on_stored` is called as soon as it may run.

        Raises as the submission of an import does.
        """
        created: list[Resource] = []

        def show(tx: Transaction, plan: Import) -> None:
            shown = self.shown(tx, plan, is_listed=False)
            if asker.claim is not None:
                status = asker.claim.created_status
                keep_answer(tx, asker.claim, status=status, answer=answer(shown))
            created.append(shown)

        environment, submissions = asker.environment, self._submissions
        if isinstance(source, int):
            submissions.submit_upload(environment, source, request, is_plan=True, on_created=show)
        else:
            submissions.submit(
                environment, source, request, is_plan=True, rows_max=rows_max, on_created=show
            )
        on_stored()
        return created[-1]

    # One plan

    def find(self, environment: Environment, public_id: str) -> Import:
        """The plan of an environment; raises NoSuchPlan."""
        id = self._database.public_ids.decode(public_id.strip())
        with self._database.read() as tx:
            found = get_plan(tx, environment.number, id) if id is not None else None
        if found is None:
            raise NoSuchPlan(public_id)
        return found

    def open(self) -> list[Import]:
        """Plans that wait, or were left unfinished, in all environments, oldest first."""
        with self._database.read() as tx:
            return [each for each in unfinished_plans(tx) if isinstance(each, Import)]

    def resource(self, plan: Import) -> Resource:
        """A plan as it is shown."""
        with self._database.read() as tx:
            return self.shown(tx, plan, is_listed=False)

    def read(self, asker: Asker, key: int) -> Resource:
        """The plan with this id as it is shown; raises NoSuchPlan."""
        with self._database.read(seconds=self._read_seconds) as tx:
            return self.shown(tx, _addressed(tx, asker, key), is_listed=False)

    def is_expired(self, plan: Import) -> bool:
        """Whether a plan is not kept any more, but for its counts."""
        with self._database.read() as tx:
            return is_expired(tx, plan)

    def applied_by(self, plan: Import) -> str | None:
        """The public id of the last import that applies a plan, or has done so."""
        with self._database.read() as tx:
            applied = applied_by(tx, plan)
        return None if applied is None else self._database.public_ids.encode(applied.id)

    def list(self, asker: Asker, *, offset: int, limit: int) -> PlansPage:
        """A page of the plans of an environment, newest first."""
        number = asker.environment.number
        with self._database.read(seconds=self._read_seconds) as tx:
            return PlansPage(
                plans=[
                    self._unreadable(each)
                    if isinstance(each, ImportUnreadable)
                    else self.shown(tx, each, is_listed=True)
                    for each in list_plans(tx, number, offset=offset, limit=limit)
                ],
                count=count_plans(tx, number),
            )

    @contextmanager
    def rows(
        self, plan: Import, *, outcomes: Collection[RowOutcome]
    ) -> Iterator[Iterator[Mapping[str, Any]]]:
        """What would become of the rows of a plan, each with its `key`, by which people know it in
        the source; to be read within the block."""
        with self._imports.rows(plan, outcomes=outcomes, first_row=1) as found:
            keys = self._keys(plan)
            yield ({**row, "key": keys(row["row"])} for row in found.shown(found.rows))

    def _keys(self, plan: Import) -> Callable[[int], str | None]:
        """By what a row is known; they are asked for in their order."""
        if plan.attachment_expired_at is not None:
            return lambda _number: None
        with self._database.read() as tx:
            flags = read_environment(tx, plan.environment).flags
        identify = self._preparation.of_import(plan, flags).identify
        batches = iter(self._attachments.open(plan.attachment_name, plan.layout))
        rows = next(batches, None)

        def key(number: int) -> str | None:
            nonlocal rows
            while rows is not None and rows.first + len(rows) <= number:
                rows = next(batches, None)
            return None if rows is None else identify(rows.values[number - rows.first])

        return key

    def rows_page(
        self,
        asker: Asker,
        key: int,
        outcomes: Collection[RowOutcome],
        *,
        offset: int,
        limit: int,
        may_read: MayRead,
    ) -> RowsPage:
        """A page of the rows of a plan that have one of the outcomes; raises NoSuchPlan."""
        found = self._imports.rows_page(
            asker,
            key,
            outcomes,
            offset=offset,
            limit=limit,
            may_read=may_read,
            is_plan=True,
        )
        if found is None:
            raise NoSuchPlan(self._database.public_ids.encode(key))
        return found

    # Changes

    def interrupt(self, asker: Asker, key: int) -> Resource:
        """Stop a pending or running plan at the last range that it has gone through.

        Raises ImportFinished and NoSuchPlan.
        """
        with self._database.write() as tx:
            plan = _addressed(tx, asker, key)
            interrupted = interrupt_import(tx, plan.id, application_id=asker.application_id)
            shown = self.shown(tx, interrupted, is_listed=False)
        self._on_stopped(asker.environment.number)
        return shown

    def delete(self, asker: Asker, key: int) -> None:
        """Hide a plan, with all that it has found; one that waits or runs is stopped. What was
        applied of it stays.

        Raises NoSuchPlan.
        """
        with self._database.write() as tx:
            delete_plan(tx, _addressed(tx, asker, key).id)
        self._on_stopped(asker.environment.number)

    def shown(self, tx: Transaction, plan: Import, *, is_listed: bool = False) -> Resource:
        """A plan as it is shown, in the caller's transaction."""
        bytes_max = LOG_BYTES_MAX_LISTED if is_listed else LOG_BYTES_MAX
        limits = {"identifiers_max": self._identifiers_max, "bytes_max": bytes_max}
        applied = applied_by(tx, plan)
        has_errors = plan.errors_count or plan.interruption_reason is not None
        attributes: dict[str, Any] = {
            **import_attributes(
                plan,
                errors_log=errors_log(tx, plan.id, **limits) if has_errors else {},
                warnings_log=warnings_log(tx, plan.id, **limits) if plan.warnings_count else {},
                inputs=None,
                attachment_url=None,
            ),
            **import_meta(
                plan,
                None,
                same_content_of(tx, plan),
                retry_of=None,
                undos={},
                group_id=None if plan.group_id is None else tx.public_ids.encode(plan.group_id),
            ),
            "source_name": plan.source_name,
            "expires_at": None if plan.expires_at is None else format_datetime(plan.expires_at),
            "is_expired": is_expired(tx, plan),
            "import_id": None if applied is None else tx.public_ids.encode(applied.id),
        }
        return Resource(
            key=plan.id,
            type=IMPORT_PLANS,
            id=tx.public_ids.encode(plan.id),
            attributes={k: v for k, v in attributes.items() if k not in _NOT_OF_PLANS},
        )

    def _unreadable(self, error: ImportUnreadable) -> Resource:
        return Resource(
            key=error.id,
            type=IMPORT_PLANS,
            id=error.public_id,
            attributes={},
            meta={"unreadable": error.message},
        )


def _addressed(tx: Transaction, asker: Asker, key: int) -> Import:
    found = get_plan(tx, asker.environment.number, key)
    if found is None:
        raise NoSuchPlan(tx.public_ids.encode(key))
    return found
