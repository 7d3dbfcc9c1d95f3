"""What became of an import group, for people: a line for each type, what failed, what is next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.digest import CAUSES_SHOWN_MAX, LISTED_MAX, message_of, write_digest
from longshore.cli.endings import Exit
from longshore.cli.findings import ignored_columns_shown
from longshore.cli.messages import counted, printable, say, say_hint, warn
from longshore.cli.report import SHOWN_MAX, THRESHOLD, Effort, interruption_reason
from longshore.cli.tables import TableColumn, second, write_facts, write_table

if TYPE_CHECKING:
    from longshore.assembly import Longshore
    from longshore.engine import DryRun
    from longshore.imports import Digest, Import, ImportGroup, LoggedError
    from longshore.notices import Notice
    from longshore.operations import GroupOrigin

__all__ = [
    "MemberErrors",
    "describe_group",
    "exit_of_group",
    "is_at_work",
    "report_group",
    "say_next_step_of_group",
    "tell_source",
    "write_counts",
    "write_error_table",
    "write_errors_of_group",
    "write_group",
    "write_group_errors",
]

_ERRORS = (
    TableColumn(title="type"),
    TableColumn(title="row", right=True),
    TableColumn(title="line", right=True),
    TableColumn(title="column", folds=True),
    TableColumn(title="cell", shortens=True),
    TableColumn(title="record"),
    TableColumn(title="message", folds=True),
)
_NONE_GIVEN = "(none was given)"
_MUST_EXIST = "must exist"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCounts:
    """What became of the rows of one type, or would become of them."""

    resource_type: str
    rows: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int
    status: str | None = None  # None: it was only tried
    id: str | None = None  # public

    @property
    def not_reached(self) -> int:
        return self.rows - self.created - self.updated - self.unchanged - self.failed

    @classmethod
    def of_import(cls, member: Import, public_id: str) -> MemberCounts:
        return cls(
            resource_type=member.resource_type,
            rows=member.inputs_size,
            created=member.created_count,
            updated=member.updated_count,
            unchanged=member.unchanged_count,
            skipped=member.skipped_count,
            failed=member.errors_count,
            status=str(member.status),
            id=public_id,
        )

    @classmethod
    def of_dry_run(cls, resource_type: str, tried: DryRun) -> MemberCounts:
        return cls(
            resource_type=resource_type,
            rows=tried.inputs_size,
            created=tried.created,
            updated=tried.updated,
            unchanged=tried.unchanged + tried.skipped,
            skipped=tried.skipped,
            failed=tried.failed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberErrors:
    """What is wrong with the rows of one type."""

    resource_type: str
    failed: int  # rows
    errors: Iterator[LoggedError]
    digest: Digest | None = None  # where they are too many to be listed


def exit_of_group(group: ImportGroup) -> Exit:
    """The exit code that says how the members of a group ended."""
    from longshore.imports import Status

    is_clean = group.status is Status.COMPLETED and not group.total("errors_count")
    return Exit.DONE if is_clean else Exit.HAD_ERRORS


def write_counts(members: Sequence[MemberCounts], *, noun: str = "import") -> None:
    """Write a line for each type, and one for all, to standard output; `noun` is what each is."""
    stopped = {each.status for each in members} - {None, "completed"}
    numbers: list[tuple[str, str]] = [
        ("rows", "rows"),
        ("created", "created"),
        ("updated", "updated"),
        ("unchanged", "unchanged"),
        *([("skipped", "skipped")] if any(each.skipped for each in members) else []),
        ("failed", "failed"),
        *([("not reached", "not_reached")] if any(each.not_reached for each in members) else []),
    ]
    has_ids = any(each.id for each in members)
    columns = [
        TableColumn(title="type"),
        *(TableColumn(title=title, right=True) for title, _ in numbers),
        *([TableColumn(title="status")] if stopped else []),
        *([TableColumn(title=noun)] if has_ids else []),
    ]
    lines: list[tuple[object, ...]] = [
        (
            each.resource_type,
            *(getattr(each, name) for _, name in numbers),
            *((each.status,) if stopped else ()),
            *((each.id,) if has_ids else ()),
        )
        for each in members
    ]
    if len(members) > 1:
        totals = (sum(getattr(each, name) for each in members) for _, name in numbers)
        lines.append(("all", *totals, *[""] * (len(columns) - 1 - len(numbers))))
    write_table(columns, lines)


def write_group_errors(members: Sequence[MemberErrors], *, all_in: str) -> None:
    """Write the first errors of all members: each where its row stands in the file, or where too
    many rows failed, each cause once."""
    failing = [each for each in members if each.failed]
    failed = sum(each.failed for each in failing)
    if not failed:
        return
    if failed > LISTED_MAX:
        for each in failing:
            if each.digest is not None:
                click.echo()
                click.echo(f"{each.resource_type}, {counted(each.failed, 'failed row')}")
                write_digest(each.digest, limit=CAUSES_SHOWN_MAX, all_in=all_in)
        return
    shown = list(islice(_of_all(failing), SHOWN_MAX + 1))
    if not shown:
        return
    click.echo()
    write_table(_ERRORS, (_cells(name, error) for name, error in shown[:SHOWN_MAX]))
    if len(shown) > SHOWN_MAX:
        say(f"... and more: {all_in}")


def write_error_table(members: Iterable[MemberErrors], *, limit: int | None) -> None:
    """Write all errors of all members, or so many."""
    write_table(_ERRORS, (_cells(*each) for each in islice(_of_all(members), limit)))


def _of_all(members: Iterable[MemberErrors]) -> Iterator[tuple[str, LoggedError]]:
    for each in members:
        for error in each.errors:
            yield each.resource_type, error


def _cells(resource_type: str, error: LoggedError) -> tuple[str | None, ...]:
    is_missing = error.value is None and error.message == _MUST_EXIST
    return (
        resource_type,
        f"{error.row if error.source_row is None else error.source_row}",
        error.cell or f"{error.line}",
        error.column or error.attribute,
        _NONE_GIVEN if is_missing else error.value,
        error.identifier,
        message_of(error),
    )


def tell_source(origin: GroupOrigin) -> None:
    """Say what a file was recognised as, what is made on the way, and what is left out."""
    for line in origin.why:
        say(printable(line))
    for notice in origin.notices:
        if is_made(notice):
            say(printable(notice.message), hint=notice.hint and printable(notice.hint))
        else:
            warn(printable(notice.message), hint=notice.hint and printable(notice.hint))


def is_made(notice: Notice) -> bool:
    """Whether a notice tells of a record that is made on the way, which is no warning."""
    from longshore.notices import NoticeCode

    return notice.code == NoticeCode.DIALECT_MADE


def report_group(longshore: Longshore, group: ImportGroup, effort: Effort | None = None) -> None:
    """Write what a group is, what became of the rows of each type, and what failed, to standard
    output."""
    write_group(longshore, group, effort)
    write_errors_of_group(longshore, group)


def write_group(longshore: Longshore, group: ImportGroup, effort: Effort | None) -> None:
    """Write what a group is, and a line for each type."""
    _write_facts(longshore, group, effort)
    encode = longshore.public_ids.encode
    click.echo()
    write_counts(
        [MemberCounts.of_import(each, encode(each.id)) for each in group.members],
        noun="plan" if group.is_plan else "import",
    )


def write_errors_of_group(longshore: Longshore, group: ImportGroup) -> None:
    """Write what failed, or the first of that."""
    public_id = longshore.public_ids.encode(group.id)
    write_group_errors(list(_errors_of(longshore, group)), all_in=f"longshore errors {public_id}")


def _errors_of(longshore: Longshore, group: ImportGroup) -> Iterator[MemberErrors]:
    is_long = group.total("errors_count") > LISTED_MAX
    for each in group.members:
        if each.errors_count:
            yield MemberErrors(
                resource_type=each.resource_type,
                failed=each.errors_count,
                errors=longshore.imports.errors(each, limit=SHOWN_MAX + 1),
                digest=longshore.imports.digest(each) if is_long else None,
            )


def describe_group(longshore: Longshore, group: ImportGroup) -> None:
    """The same of a group that was made before, with what is to be done about it."""
    report_group(longshore, group)
    say_next_step_of_group(longshore, group)


def _write_facts(longshore: Longshore, group: ImportGroup, effort: Effort | None) -> None:
    from longshore.operations import GroupOrigin

    origin = GroupOrigin.of_group(group)
    encode = longshore.public_ids.encode
    facts: list[tuple[str, object]] = [
        ("plan of a group" if group.is_plan else "group", encode(group.id)),
        ("source", _source(origin)),
        ("recognised as", "; ".join(origin.why) or None),
        ("made on the way", _made(origin.notices)),
        ("retry of", group.retry_of and encode(group.retry_of)),
        ("applies plan", group.plan_id and encode(group.plan_id)),
        ("status", str(group.status)),
        ("interrupted because", _interruption(group)),
    ]
    if effort is not None:
        facts.append(("time", effort))
    else:
        facts += [
            ("options", _options(origin.options)),
            ("ignored columns", ignored_columns_shown(group.ignored_columns().items())),
            ("reference", group.reference),
            ("created at", second(group.created_at)),
            ("expires at", second(group.expires_at)),
        ]
    write_facts(facts)


def _source(origin: GroupOrigin) -> str | None:
    if origin.source_name is None or origin.source_size is None:
        return origin.source_name
    return f"{origin.source_name} ({counted(origin.source_size, 'row')})"


def _made(notices: Sequence[Notice]) -> str | None:
    """The records that are made on the way: `price list usd, shipping category default`."""
    made = [each for notice in notices if is_made(notice) for each in notice.first]
    return ", ".join(f"{each['noun']} {each['code']}" for each in made) or None


def _options(options: Mapping[str, Any]) -> str | None:
    """`currency USD, price_list USD=retail`."""
    return ", ".join(f"{name} {_value(value)}" for name, value in options.items()) or None


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{name}={each}" if name else f"{each}" for name, each in value.items())
    return str(value)


def _interruption(group: ImportGroup) -> str | None:
    """Why the first member that was interrupted was."""
    from longshore.imports import Status

    stopped = next((each for each in group.members if each.status is Status.INTERRUPTED), None)
    if stopped is None:
        return None
    reason = interruption_reason(stopped)
    is_share = stopped.stopped_by is None and stopped.interruption_reason is None
    if is_share and not stopped.skip_errors:
        failed, rows = group.total("errors_count"), group.total("inputs_size")
        if failed * 10 > rows:
            reason = THRESHOLD
    return f"{stopped.resource_type}: {reason}"


def say_next_step_of_group(
    longshore: Longshore, group: ImportGroup, *, was_run_here: bool = False
) -> None:
    """Say what there is to be done about a group; `was_run_here` until a signal stopped this
    process."""
    from longshore.imports import Status

    public_id = longshore.public_ids.encode(group.id)
    if not group.is_finished:
        if not was_run_here and is_at_work(longshore, group):
            say("a process is at it")
        else:
            waits = "has not begun" if group.status is Status.PENDING else "was left open"
            say(
                f"the {group.noun} {waits} and no process is at it",
                hint="longshore resume finishes it",
            )
        return
    if group.total("errors_count"):
        say_hint(f"longshore errors {public_id} lists what failed")
    if group.status is Status.INTERRUPTED and group.total("errors_count"):
        say_hint(
            "mend the rows and import the file again, what is in is then unchanged; --skip-errors "
            "goes on however many fail"
        )
    elif group.status is Status.INTERRUPTED:
        say_hint("import the file again to go on: what is in is then unchanged")
    has_changed = group.total("created_count") or group.total("updated_count")
    # What a deleted member has done is forgotten, and a group is taken back whole.
    is_whole = not any(each.deleted_at for each in group.members)
    if has_changed and is_whole and not any(map(longshore.undos.last_of, group.members)):
        say_hint(f"longshore undo {public_id} takes all of it back")


def is_at_work(longshore: Longshore, group: ImportGroup) -> bool:
    """Whether a process is at the group: at the first member that has not ended.

    The process that has made a group keeps its members for itself until it closes, and is not to
    ask this of a group that it has stopped.
    """
    first = next((each for each in group.members if not each.is_finished), None)
    return first is not None and longshore.import_runs.is_running(first)
