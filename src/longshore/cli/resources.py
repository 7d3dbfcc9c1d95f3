"""Imports, undos and records as JSON:API resources, read where the terminal is and no server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from longshore.access import Environment
    from longshore.api import Origin
    from longshore.assembly import Longshore
    from longshore.catalogue import Catalogue, ResourceType
    from longshore.engine import DryRun
    from longshore.imports import Import, ImportGroup, ImportUnreadable
    from longshore.operations import GroupSource, RecordField, UndoShown
    from longshore.records import RecordView

__all__ = [
    "group_documents",
    "group_resource",
    "import_resource",
    "plan_resource",
    "record_resources",
    "tried_group_resource",
    "undo_resource",
    "unreadable_import",
]


def record_resources(
    longshore: Longshore,
    environment: Environment,
    views: Iterator[RecordView],
    fields: Sequence[RecordField] | None = None,
) -> Iterator[dict[str, Any]]:
    """The resource object of each record; with `fields` it has those alone, and says of each
    relationship among them which record it leads to."""
    from longshore.api import record_document

    origin = _origin_of(environment)
    types = longshore.catalogue.types
    if fields is None:
        for view in views:
            yield record_document(view, types[view.type], origin)
        return
    names = {each.name for each in fields if each.name is not None}
    for view in views:
        declared = types[view.type]
        linkage = _linkage(longshore.catalogue, declared, view)
        yield record_document(view, declared, origin, fields=names, linkage=linkage)


def _linkage(catalogue: Catalogue, declared: ResourceType, view: RecordView) -> dict[str, Any]:
    """Where the relationships of a view lead; of one that may lead to several types nobody knows
    to which."""
    linkage: dict[str, Any] = {}
    for relationship in declared.relationships:
        targets = catalogue.targets_of(relationship)
        if relationship.name in view.to_one and len(targets) == 1:
            id_ = view.to_one[relationship.name]
            linkage[relationship.name] = id_ and {"type": targets[0], "id": id_}
    return linkage


def import_resource(
    longshore: Longshore, environment: Environment, import_: Import, *, listed: bool = False
) -> dict[str, Any]:
    """The resource object of an import; in a list fewer rows are echoed.

    The URL of the attachment is signed by the store of its bucket, or is the one of its file: no
    server of ours is there to sign one.
    """
    from longshore.api import resource_document
    from longshore.operations import Asker

    shown = longshore.imports.resource(Asker(environment=environment), import_, is_listed=listed)
    return resource_document(
        longshore.catalogue.types["imports"],
        shown.id,
        shown.attributes,
        _origin_of(environment),
        meta=shown.meta,
    )


def group_resource(
    longshore: Longshore, environment: Environment, group: ImportGroup
) -> dict[str, Any]:
    """The resource object of a group."""
    from longshore.api import group_document
    from longshore.operations import shown_group

    undos = longshore.undos.meta_of_group(group)
    shown = shown_group(group, longshore.public_ids, undos=undos)
    return group_document(shown, _origin_of(environment))


def group_documents(
    longshore: Longshore, environment: Environment, group: ImportGroup
) -> dict[str, Any]:
    """The document of a group, with its members beside it."""
    return {
        "data": group_resource(longshore, environment, group),
        "included": [
            plan_resource(longshore, each)
            if group.is_plan
            else import_resource(longshore, environment, each)
            for each in group.members
        ],
    }


def tried_group_resource(
    environment: Environment, source: GroupSource, results: Sequence[DryRun]
) -> dict[str, Any]:
    """The resource object of a group that was only tried."""
    from longshore.api import group_document
    from longshore.operations import GroupOrigin, tried_group

    shown = tried_group(GroupOrigin.of_source(source), results)
    return group_document(shown, _origin_of(environment))


def plan_resource(longshore: Longshore, plan: Import) -> dict[str, Any]:
    """The resource object of a plan."""
    from longshore.api import plan_document

    return plan_document(longshore.import_plans.resource(plan))


def unreadable_import(error: ImportUnreadable) -> dict[str, Any]:
    """The resource object of an import of which nothing but its id can be told."""
    meta = {"unreadable": error.message}
    return {"type": "imports", "id": error.public_id, "attributes": {}, "meta": meta}


def undo_resource(environment: Environment, shown: UndoShown) -> dict[str, Any]:
    """The resource object of an undo."""
    from longshore.api import undo_document

    return undo_document(shown, _origin_of(environment))


def _origin_of(environment: Environment) -> Origin:
    """What documents of an environment's records say about where they are from."""
    from longshore.api import Origin

    return Origin(mode=environment.mode, organization_id=environment.organization_id)
