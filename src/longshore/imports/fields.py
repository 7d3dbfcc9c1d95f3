"""Imports as a list sees them: a column for each field that it filters or sorts by."""

from sqlalchemy import FromClause, case, literal, or_, select

from longshore.imports.store import is_plan
from longshore.imports.tables import imports

# Of what a log that is not empty says, a filter can only ask whether there is something.
_SOMETHING = '{"unknown":{}}'


def import_fields() -> FromClause:
    """All visible imports, without plans; `id`, and columns named as the attributes of the wire."""
    columns = imports.c
    has_errors = or_(columns.errors_count > 0, columns.interruption_reason.is_not(None))
    return (
        select(
            columns.id,
            columns.resource_type,
            columns.format,
            columns.parent_resource_id,
            columns.status,
            columns.started_at,
            columns.completed_at,
            columns.interrupted_at,
            columns.inputs_size,
            columns.errors_count,
            columns.warnings_count,
            literal(0).label("destroyed_count"),
            columns.processed_count,
            case((has_errors, _SOMETHING), else_="{}").label("errors_log"),
            case((columns.warnings_count > 0, _SOMETHING), else_="{}").label("warnings_log"),
            columns.attachment_name.label("attachment_url"),
            columns.created_at,
            columns.updated_at,
            columns.reference,
            columns.reference_origin,
            columns.metadata,
            columns.interruption_reason,  # stands in the log of errors
        )
        .where(columns.deleted_at.is_(None), is_plan(expected=False))
        .subquery("imports")
    )
