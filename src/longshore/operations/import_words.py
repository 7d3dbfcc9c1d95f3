"""What is said of an import in words, by the terminal and by the dashboard alike."""

from collections.abc import Mapping
from typing import Any

from longshore.error_codes import LEAVES_OPEN
from longshore.imports import (
    STOPPED,
    ErrorCause,
    ErrorGroup,
    Import,
    LoggedError,
    Stage,
    Status,
    StopRules,
)
from longshore.mapping import MappingDocument

# What an import that is all or nothing does in each of its stages.
STAGES_SHOWN: Mapping[Stage | None, str] = {
    None: "it has not begun",
    Stage.JUDGING: "its rows are judged, and nothing is written",
    Stage.WRITING: "no row failed, and all are written",
    Stage.GOING_BACK: "what was written is taken back",
}
OVER_THRESHOLD = "more than 10 % of the rows failed"

_BLANK_CELLS = {"keep": "keep what is stored", "clear": "clear it", "error": "are errors"}


def interruption_reason(import_: Import, *, over_threshold: str = OVER_THRESHOLD) -> str | None:
    """Why an import or a plan was interrupted; None: it was not."""
    if import_.status is not Status.INTERRUPTED:
        return None
    if import_.interruption_reason:
        return import_.interruption_reason
    if import_.stopped_by is not None:
        return import_.stopped_by.reason
    if not import_.skip_errors and import_.errors_count * 10 > import_.inputs_size:
        return over_threshold
    return f"{STOPPED}; nothing was written" if is_nothing_written(import_) else STOPPED


def stage_shown(import_: Import) -> str | None:
    """What an import that is all or nothing does, or what became of it; None: it is not."""
    if not import_.all_or_nothing:
        return None
    if import_.status is Status.COMPLETED:
        return "all is written"
    if import_.is_finished:
        return "nothing was written" if is_nothing_written(import_) else "it has gone back"
    return STAGES_SHOWN[import_.stage]


def is_nothing_written(import_: Import) -> bool:
    """Whether an import that is all or nothing has not written anything."""
    is_judged = import_.stage in (None, Stage.JUDGING)
    return import_.all_or_nothing and (is_judged or not import_.consumed_count)


def rules_shown(rules: StopRules) -> str | None:
    """`stop_after 5, stop_at 2.5, stop_on blank and must_exist`."""
    shown = (
        (name, " and ".join(value) if isinstance(value, list) else value)
        for name, value in rules.to_dict().items()
    )
    return ", ".join(f"{name} {value}" for name, value in shown) or None


def mapping_shown(mapping: MappingDocument | None) -> str | None:
    """The fields of a mapping, and what cells mean: `code, name; blank cells clear`."""
    if mapping is None:
        return None
    said = [", ".join(mapping.fields)] if mapping.fields else []
    if mapping.blank is not None:
        said.append(f"blank cells {_BLANK_CELLS[mapping.blank.value]}")
    if mapping.null is not None:
        said.append(f"{mapping.null!r} means null")
    return "; ".join(said) or "no fields"


# Why something stays as it is when an import is taken back (`undos.KeptReason`).
KEPT_REASONS = {
    "changed_since": "changed by somebody else since",
    "referred_to": "another record refers to it",
    "key_taken": "another record has the key by now",
    "target_gone": "a record that it would refer to is gone",
    "would_be_invalid": "a row could not make the record so any more",
    "destroyed_since": "the record is gone",
    "history_purged": "what it was before is not known any more",
}


def message_of(finding: LoggedError | ErrorGroup) -> str:
    """The message of an error, with what was expected and what may have been meant."""
    message = finding.message
    if finding.expected is not None and finding.code in LEAVES_OPEN:
        message += f", expected {finding.expected}"
    cause = getattr(finding, "cause", None)
    if cause is not None:
        return f"{message}: {_cause(cause)}"
    if finding.suggestion is not None:
        message += f"; did you mean {finding.suggestion}"
    return message


def _cause(cause: ErrorCause) -> str:
    """`row 5 of skus failed`, with the row of the file that it was made of."""
    of_file = "" if cause.source_row is None else f" (row {cause.source_row:,} of the file)"
    return f"row {cause.row:,} of {cause.resource_type} failed{of_file}"


def detail_shown(value: Any) -> str:
    """What stands behind a reason, in one line: `orders XkrAhWqkaD`, `message: must be filled`."""
    if isinstance(value, Mapping):
        if value.keys() == {"type", "id"}:
            return f"{value['type']} {value['id']}"
        return ", ".join(f"{name}: {detail_shown(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(detail_shown, value))
    return str(value)
