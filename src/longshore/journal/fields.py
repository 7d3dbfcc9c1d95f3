"""Events as a list sees them: a column for each field that it filters or sorts by."""

from collections.abc import Collection

from sqlalchemy import FromClause, func, select

from longshore.identifiers import EVENTS_FROM, first_id
from longshore.journal.tables import events


def event_id(environment: int, number: int) -> int:
    """The id by which an event is known outside the journal; it names the environment."""
    return first_id(environment) + EVENTS_FROM + number


def event_number(environment: int, id_: int) -> int:
    """The number in the journal of the event that has this id."""
    return id_ - event_id(environment, 0)


def event_fields(
    environment: int, *, ids: Collection[int] | None = None, resource_id: int | None = None
) -> FromClause:
    """The events of an environment; `id`, and columns named as the attributes of the wire.

    Only those with one of these ids, and only those of one record or import, where given. A list
    of an environment must not be found by going through all events there are.
    """
    columns = events.c
    selection = select(
        (columns.id + event_id(environment, 0)).label("id"),
        columns.name,
        columns.at.label("created_at"),
        func.coalesce(columns.updated_at, columns.at).label("updated_at"),
        columns.reference,
        columns.reference_origin,
        func.coalesce(columns.metadata, "{}").label("metadata"),
    ).where(columns.environment == environment)
    if ids is not None:
        numbers = [id_ - event_id(environment, 0) for id_ in ids]
        selection = selection.where(columns.id.in_(numbers))
    if resource_id is not None:
        selection = selection.where(columns.resource_id == resource_id)
    return selection.subquery("events")
