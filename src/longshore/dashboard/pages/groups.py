"""One import group: a file of several types, and what became of each of its imports."""

from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import page, way_on
from longshore.dashboard.endpoint import Page
from longshore.dashboard.import_words import (
    progress_of,
    status_of_group,
    status_of_import,
    things,
)
from longshore.dashboard.pages.imports import GROUPED_AT_ONCE
from longshore.dashboard.refusals import PageRefused, not_found
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.watching import watch_of
from longshore.imports import ImportFinished, ImportGroup
from longshore.operations import NoSuchGroup, message_of
from longshore.undos import Extent

_CAUSES_OF_MEMBER = 10
_COUNTS = ("created", "updated", "unchanged", "failed", "skipped")


def _group(request: PageRequest) -> Response:
    """GET /groups/{id}"""
    group = found_group(request)
    causes = []
    for member in group.members:
        if not 0 < member.errors_count <= GROUPED_AT_ONCE:
            continue
        digest = request.operations.imports.digest_of(
            request.asker, member.id, may_read=request.may_read
        )
        if digest is not None:
            causes.append((member, digest.groups[:_CAUSES_OF_MEMBER], digest.groups_count))
    in_file = None
    if group.total("errors_count"):
        in_file = request.operations.import_groups.failed_in_file(group)
    return shown_group(request, group, "group.html", causes=causes, in_file=in_file)


def _interrupt(request: PageRequest) -> Response:
    """POST /groups/{id}/interrupt"""
    request.require(Action.UPDATE, "imports")
    group = found_group(request)
    try:
        request.operations.import_groups.interrupt(request.asker, group.id)
    except ImportFinished as finished:
        raise PageRefused(409, finished.message) from finished
    return way_on(address_of_group(request, group))


def _ask_delete(request: PageRequest) -> Response:
    """GET /groups/{id}/delete"""
    request.require(Action.DESTROY, "imports")
    return shown_group(request, found_group(request), "group_delete.html")


def _delete(request: PageRequest) -> Response:
    """POST /groups/{id}/delete"""
    request.require(Action.DESTROY, "imports")
    request.operations.import_groups.delete(request.asker, found_group(request).id)
    return way_on(DASHBOARD_PATH)


def found_group(request: PageRequest) -> ImportGroup:
    """The import group of the address; raises PageRefused where the environment has none."""
    request.require(Action.READ, "imports")
    try:
        found = request.operations.import_groups.find(
            request.asker.environment, request.parameters["id"]
        )
    except NoSuchGroup as refused:
        raise not_found("import of several types") from refused
    if found.is_plan:
        raise not_found("import of several types")
    return found


def address_of_group(request: PageRequest, group: ImportGroup) -> str:
    """Where a group is shown."""
    return f"{DASHBOARD_PATH}/groups/{request.services.public_ids.encode(group.id)}"


def shown_group(
    request: PageRequest, group: ImportGroup, template: str, *, status: int = 200, **values: Any
) -> Response:
    """A page of a group, with what all of them show at their head."""
    encode = request.services.public_ids.encode
    undoing = request.operations.import_lists.undoing_of_group(group)
    consumed, size = sum(each.consumed_count for each in group.members), group.total("inputs_size")
    return page(
        request,
        template,
        status=status,
        title=group.source_name or "Import of several types",
        group=group,
        id=encode(group.id),
        address=address_of_group(request, group),
        standing=status_of_group(group, undone=undoing.extent),
        members=[
            (
                encode(each.id),
                each,
                status_of_import(each, undone=undoing.extents.get(each.id, Extent.NONE)),
            )
            for each in group.members
        ],
        totals=_totals(group),
        percent=progress_of(consumed, size),
        watch=None
        if group.is_finished or template != "group.html"
        else watch_of(request, "import_groups", encode(group.id)),
        undoing=undoing,
        beside=request.operations.undos.made_on_the_way(
            {each.import_id for each in undoing.undos if each.import_id and each.removed_count}
        ),
        types={each.id: each.resource_type for each in group.members},
        things=things,
        message_of=message_of,
        encode=encode,
        may_change=request.may(Action.UPDATE, "imports"),
        may_delete=request.may(Action.DESTROY, "imports"),
        may_create=request.may(Action.CREATE, "imports"),
        **values,
    )


def _totals(group: ImportGroup) -> list[tuple[str, int]]:
    counts = {
        word: group.total("errors_count" if word == "failed" else f"{word}_count")
        for word in _COUNTS
    }
    if not counts["skipped"]:
        del counts["skipped"]
    if left := group.total("inputs_size") - sum(each.consumed_count for each in group.members):
        counts["not reached" if group.is_finished else "not yet"] = left
    return list(counts.items())


PAGES = [
    ("/groups/{id}", Page(handlers={"GET": _group})),
    ("/groups/{id}/interrupt", Page(handlers={"POST": _interrupt})),
    ("/groups/{id}/delete", Page(handlers={"GET": _ask_delete, "POST": _delete})),
]
