"""Whether a record may become what a row makes of it: presence and uniqueness."""

from collections.abc import Sequence
from typing import Any

from longshore.engine.plan.nodes import RequiredField
from longshore.engine.row.draft import RowDraft
from longshore.engine.row.match import holders_of, older_key
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import TAKEN


def check_presence(draft: RowDraft) -> None:
    """Report fields that are blank and must not be.

    A created record is judged in all fields, a changed one in those that the row touches or that
    depend on what it touches. A field that has an error already is not reported again.
    """
    fields, values = draft.fields, draft.values
    is_new = draft.record is None
    failed: set[str] | None = None
    for required in draft.node.required:
        if not is_new and all(fields[slot] is ABSENT for slot in required.inputs):
            continue
        if not _is_blank(required, fields, values):
            continue
        if failed is None:
            failed = draft.failed
        if required.holds is not None and not required.holds(values, fields, failed):
            continue
        if required.name not in failed:
            draft.report(required.name, required.message)


def check_keys(draft: RowDraft) -> None:
    """Compute keys anew where a part has changed, and report those that somebody else has."""
    state, table = draft.row.state, draft.table
    values, record = draft.values, draft.record
    failed = draft.failed if len(draft.row.findings) > draft.start else ()
    for index, plan in enumerate(table.plan.keys):
        if record is not None and all(
            values[part.column] == record.values[part.column] for part in plan.parts
        ):
            continue
        if failed and any(part.field in failed for part in plan.parts):
            values[plan.column] = None  # nobody can say what the key would be
            continue
        key = plan.of(values)
        values[plan.column] = key
        if key is None or not plan.is_unique:
            continue
        holder = holders_of(state, table, index, key, values)
        if holder is None and (older := older_key(draft, plan)) is not None:
            holder = holders_of(state, table, index, older, values)
        if holder is not None and holder is not record:
            part = plan.error_part
            draft.report(part.field, TAKEN, None if part.is_target else values[part.column])
            values[plan.column] = None  # the row fails; the holder keeps its key


def generate(draft: RowDraft) -> None:
    """Make the values that a record to be created gets where its row names none."""
    values, index = draft.values, draft.node.table.index
    for column, generator in draft.node.generated:
        given = values[column]
        if given is not None and not (given.__class__ is str and not given.strip()):
            continue
        made = values[column] = generator.make(values, index, draft.row.state.ids.next)
        number = 1
        while _is_taken(draft, column, is_of_id=generator.is_of_id):
            # Somebody brought it along, from another installation perhaps.
            number += 1
            joint = "" if str(made).isdecimal() else "-"
            values[column] = f"{made}{joint}{number}"


def _is_taken(draft: RowDraft, column: int, *, is_of_id: bool) -> bool:
    """Whether another record has a unique key of this column alone."""
    state = draft.row.state
    for index, plan in enumerate(draft.table.plan.keys):
        if plan.is_unique and [part.column for part in plan.parts] == [column]:
            key = plan.of(draft.values)
            if key is not None:
                if is_of_id:
                    state.generated_keys.add(key)
                found = holders_of(state, draft.table, index, key, draft.values)
                return found is not None
    return False


def _is_blank(required: RequiredField, fields: Sequence[Any], values: Sequence[Any]) -> bool:
    if required.column is None:
        return all(fields[slot] is ABSENT or fields[slot] is None for slot in required.slots)
    value = values[required.column]
    if value.__class__ is str:
        return not value or value.isspace()
    return value is None
