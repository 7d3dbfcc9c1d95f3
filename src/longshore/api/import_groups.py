"""/api/import_groups: rows of several types, imported as one, in the order of their types."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.api.context import ApiRequest
from longshore.api.documents import group_document, resource_document
from longshore.api.errors import ApiError, explained_error, validation_error
from longshore.api.group_bodies import INPUTS, UNDO, read_group_trigger, receive_group
from longshore.api.plan_documents import plan_document
from longshore.api.queries import parse_page_query
from longshore.api.resource_documents import page_links, page_meta
from longshore.api.resources import addressed_key
from longshore.api.responses import created_response
from longshore.api.undo_refusals import undo_refusal
from longshore.errors import RequestRefused
from longshore.imports import ImportFinished, TooManyUnfinished
from longshore.json_text import encode_json
from longshore.operations import GroupFound, NoSuchGroup, Resource, UndoRefused
from longshore.readers import EmptySource
from longshore.sources import TooManyRows

GROUPS_PAGE_SIZE_MAX = 25
_POINTER = f"/data/attributes/{INPUTS}"


def create_import_group(request: ApiRequest) -> Response:
    """POST /api/import_groups: `inputs` are an object with a list of rows for each type."""
    request.context.require(Action.CREATE, "imports")
    services, operations = request.services, request.operations

    with services.attachments.spool() as file:
        body = receive_group(request, file)
        with _told():
            source = operations.group_forms.of_lists(body.file, name=INPUTS)
            found = operations.group_resources.create(
                request.asker,
                source,
                body.request,
                answer=lambda found: encode_json(_document(request, found)),
                rows_max=services.settings.import_inputs_max,
                on_stored=services.wake,
            )
    return created_response(_document(request, found))


def list_import_groups(request: ApiRequest) -> dict[str, Any]:
    """GET /api/import_groups: newest first, without the documents of their members."""
    request.context.require(Action.READ, "imports")
    page = parse_page_query(request.query, size_max=GROUPS_PAGE_SIZE_MAX).page
    found = request.operations.group_resources.page(
        request.asker, offset=page.offset, limit=page.size
    )
    return {
        "data": [group_document(each, request.context.origin) for each in found.groups],
        "meta": page_meta(found.count, page),
        "links": page_links(request, found.count, page),
    }


def retrieve_import_group(request: ApiRequest) -> dict[str, Any]:
    """GET /api/import_groups/{id}"""
    request.context.require(Action.READ, "imports")
    with _told():
        found = request.operations.group_resources.read(request.asker, addressed_key(request))
    return _document(request, found)


def change_import_group(request: ApiRequest) -> dict[str, Any]:
    """PATCH /api/import_groups/{id}: `_interrupt` stops what is not finished, `_undo` begins to
    take back what it has done: the answer names the undos in `meta`."""
    request.context.require(Action.UPDATE, "imports")
    key, groups = addressed_key(request), request.operations.group_resources
    change = groups.undo if read_group_trigger(request) == UNDO else groups.interrupt
    with _told():
        found = change(
            request.asker, key, answer=lambda found: encode_json(_document(request, found))
        )
    request.services.wake()
    return _document(request, found)


def remove_import_group(request: ApiRequest) -> None:
    """DELETE /api/import_groups/{id}: what waits or runs of it is stopped, then it is hidden with
    its members; what they have imported stays."""
    request.context.require(Action.DESTROY, "imports")
    with _told():
        request.operations.group_resources.delete(request.asker, addressed_key(request))
    request.services.wake()


@contextmanager
def _told() -> Iterator[None]:
    """What an operation refuses becomes an error of the table."""
    try:
        yield
    except NoSuchGroup as error:
        raise ApiError("RECORD_NOT_FOUND") from error
    except ImportFinished as error:
        raise validation_error(
            "status",
            f"is {error.status}, only pending and in_progress groups can be interrupted",
            pointer="/data/attributes/status",
            value=str(error.status),
        ) from error
    except UndoRefused as error:
        raise undo_refusal(error) from error
    except TooManyRows as error:
        message = f"is too long (maximum is {error.rows_max} items)"
        raise validation_error(INPUTS, message, pointer=_POINTER) from error
    except TooManyUnfinished as error:
        raise validation_error("base", error.message, pointer="/data") from error
    except EmptySource as error:
        raise _refusal(error, "can't be blank") from error
    except RequestRefused as error:
        raise _refusal(error, "is invalid") from error


def _refusal(error: RequestRefused, message: str) -> ApiError:
    reason = error.message if error.hint is None else f"{error.message}; {error.hint}"
    return explained_error(INPUTS, message, pointer=_POINTER, reason=reason)


def _document(request: ApiRequest, found: GroupFound) -> dict[str, Any]:
    context = request.context
    return {
        "data": group_document(found.shown, context.origin),
        "included": [_member(request, each) for each in found.members],
    }


def _member(request: ApiRequest, member: Resource) -> dict[str, Any]:
    catalogue, context = request.services.catalogue, request.context
    if member.type not in catalogue.types:
        return plan_document(member, context)
    return resource_document(
        catalogue.types[member.type], member.id, member.attributes, context.origin, meta=member.meta
    )
