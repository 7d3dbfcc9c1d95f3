"""What pages say of imports, in the words of the terminal where it says the same."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from longshore.access import Application
from longshore.imports import STOPPED, Import, ImportGroup, ListedImport, Status, StoppedBy
from longshore.undos import Extent, Undo, UndoStatus

_REASON_CHARACTERS = 90
_NAME = re.compile(r"\b[a-z0-9_]+\b")
PERSON = "a person"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusShown:
    """A status as it is shown: a word, and how good it is."""

    kind: str  # class of the style sheet: good, warn, bad, busy, idle
    text: str


def status_of_line(line: ListedImport, *, undone: Extent) -> StatusShown:
    """The status of a line of the list."""
    reason = _short_reason(
        line.stopped_by,
        line.interruption_reason,
        is_over_threshold=not line.skip_errors and line.errors_count * 10 > line.inputs_size,
    )
    return _with_undone(_status(line.status, line.errors_count, reason, line.rests_until), undone)


def status_of_import(import_: Import, *, undone: Extent) -> StatusShown:
    """The status of an import."""
    reason = _short_reason(
        import_.stopped_by,
        import_.interruption_reason,
        is_over_threshold=not import_.skip_errors
        and import_.errors_count * 10 > import_.inputs_size,
    )
    return _with_undone(
        _status(import_.status, import_.errors_count, reason, import_.run.rests_until), undone
    )


def status_of_group(group: ImportGroup, *, undone: Extent) -> StatusShown:
    """The status of all members of a group together."""
    first = next((each for each in group.members if each.status is Status.INTERRUPTED), None)
    if first is not None:
        return _with_undone(status_of_import(first, undone=Extent.NONE), undone)
    return _with_undone(_status(group.status, group.total("errors_count"), "", None), undone)


def status_of_undo(undo: Undo) -> StatusShown:
    """The status of an undo."""
    if undo.status is UndoStatus.COMPLETED and undo.kept_count:
        parts = "record" if undo.kept_count == 1 else "records"
        return StatusShown(kind="warn", text=f"Completed, {undo.kept_count:,} {parts} kept")
    return {
        UndoStatus.PENDING: StatusShown(kind="idle", text="Waiting"),
        UndoStatus.IN_PROGRESS: StatusShown(kind="busy", text="Running"),
        UndoStatus.COMPLETED: StatusShown(kind="good", text="Completed"),
        UndoStatus.INTERRUPTED: StatusShown(kind="bad", text="Stopped"),
    }[undo.status]


def sentence_of(import_: Import) -> str:
    """What became of an import in one sentence or two: `2,995 SKUs created. 5 rows failed.`"""
    said = []
    failed = "would fail" if import_.is_plan else "failed"
    would = "would be " if import_.is_plan else ""
    counts = (
        (import_.created_count, f"{would}created"),
        (import_.updated_count, f"{would}updated"),
    )
    done = [
        f"{count:,} {things(import_.resource_type, count)} {verb}"
        for count, verb in counts
        if count
    ]
    if done:
        said.append(f"{', '.join(done)}.")
    elif import_.status is Status.COMPLETED and not import_.errors_count:
        rows = import_.inputs_size
        if import_.skipped_count == rows:
            said.append("No row was to have an effect. Nothing was written.")
        else:
            whole = "The only row is" if rows == 1 else f"All {rows:,} rows are"
            said.append(f"{whole} already as in the file. Nothing was written.")
    elif import_.is_finished:
        said.append(f"Nothing {'would be' if import_.is_plan else 'was'} written.")
    if import_.errors_count:
        said.append(f"{import_.errors_count:,} {_rows(import_.errors_count)} {failed}.")
    if import_.status is Status.INTERRUPTED:
        left = import_.inputs_size - import_.consumed_count
        if left:
            said.append(f"{left:,} {_rows(left)} {'was' if left == 1 else 'were'} not reached.")
    if import_.status is Status.PENDING:
        return f"{import_.inputs_size:,} {_rows(import_.inputs_size)} wait to be imported."
    if import_.status is Status.IN_PROGRESS:
        return (
            f"{import_.consumed_count:,} of {import_.inputs_size:,} "
            f"{_rows(import_.inputs_size)} are done."
        )
    return " ".join(said)


def things(resource_type: str, count: int = 2) -> str:
    """Records of a type as people call them: `SKUs`, `stock items`, `price`."""
    words = resource_type.split("_")
    text = " ".join(_WORDS.get(word, word) for word in words)
    if count != 1:
        return text
    if text.endswith("ies"):
        return f"{text[:-3]}y"
    return text[:-2] if text.endswith("sses") else text.removesuffix("s")


def with_things(text: str, resource_types: Iterable[str]) -> str:
    """A message that pages share with the API, with its types as people call them: `importing
    SKUs`."""
    known = set(resource_types)
    return _NAME.sub(lambda found: things(found[0]) if found[0] in known else found[0], text)


def who(application_id: int | None, applications: Mapping[int, Application | None]) -> str:
    """Who asked for an import."""
    if application_id is None:
        return PERSON
    application = applications.get(application_id)
    return "a deleted application" if application is None else application.name


def progress_of(consumed: int, size: int) -> int:
    """Percent, never more than is done."""
    return consumed * 100 // size if size else 0


def _status(status: Status, errors_count: int, reason: str, rests_until: int | None) -> StatusShown:
    match status:
        case Status.PENDING:
            return StatusShown(kind="idle", text="Waiting")
        case Status.IN_PROGRESS if rests_until is not None and rests_until > _now():
            moment = datetime.fromtimestamp(rests_until / 1000, UTC)
            return StatusShown(kind="warn", text=f"Resting until {moment:%H:%M} UTC")
        case Status.IN_PROGRESS:
            return StatusShown(kind="busy", text="Running")
        case Status.COMPLETED if errors_count:
            rows = _rows(errors_count)
            return StatusShown(kind="warn", text=f"Completed with {errors_count:,} failed {rows}")
        case Status.COMPLETED:
            return StatusShown(kind="good", text="Completed")
    return StatusShown(kind="bad", text=f"Stopped: {reason}" if reason else "Stopped")


def _with_undone(status: StatusShown, undone: Extent) -> StatusShown:
    """A status with how far what it is about is taken back."""
    match undone:
        case Extent.ALL:
            return StatusShown(kind="idle", text="Undone")
        case Extent.PART:
            return StatusShown(kind="warn", text=f"{status.text}, undone in part")
    return status


def _short_reason(
    stopped_by: StoppedBy | None, interruption_reason: str | None, *, is_over_threshold: bool
) -> str:
    if stopped_by is not None:
        return stopped_by.reason
    if interruption_reason and interruption_reason != STOPPED:
        cut = interruption_reason[:_REASON_CHARACTERS]
        return cut if cut == interruption_reason else f"{cut}…"
    return "too many failed rows" if is_over_threshold else "by request"


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"


def _now() -> int:
    return round(datetime.now(UTC).timestamp() * 1000)


_WORDS = {"skus": "SKUs", "sku": "SKU", "skuoptions": "SKU options", "url": "URL"}
