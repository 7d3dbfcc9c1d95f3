"""What was changed in one resource, by whom: its history, and each change of it by itself.

Histories begin with the oldest change. They are paged by a cursor and not by number, because they
grow while they are read.

A change is called after its time and, in digits, after its resource and its number among all
changes, which are both written as public ids are: they tell nothing
(`1755185525941-053182271348001234740251863395217640`).
"""

import re
import string
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from longshore.access import Action
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError
from longshore.api.queries import Query, parse_document_query, parse_page_query
from longshore.api.resource_documents import check_query
from longshore.api.resources import addressed_key, routed_type
from longshore.clock import format_datetime
from longshore.history import Change
from longshore.operations import HistoryPart, Resource, ToldChange

_TYPE = "event_stores"
_ID = re.compile(r"[0-9]{1,16}-(?P<owner>[0-9]{18})(?P<number>[0-9]{18})")
# Those of the first release had the number alone and as it is, and clients may keep them.
_FIRST_CURSOR = re.compile(r"[0-9]{1,16}-(?P<number>[0-9]{1,17})")
_ALPHABET = string.digits + string.ascii_letters


def list_event_stores(request: ApiRequest) -> dict[str, Any]:
    """GET /api/{type}/{id}/event_stores"""
    return _list(request, with_attributes=True)


def list_event_stores_linkage(request: ApiRequest) -> dict[str, Any]:
    """GET /api/{type}/{id}/relationships/event_stores: types and ids only."""
    return _list(request, with_attributes=False)


def retrieve_event_store(request: ApiRequest) -> dict[str, Any]:
    """GET /api/event_stores/{id}"""
    context = request.context
    context.require(Action.READ, _TYPE)
    query = parse_document_query(request.services.catalogue, _TYPE, request.query)
    check_query(context, _TYPE, query)
    part = _named(request)
    if part is None or not part.changes:
        raise ApiError("RECORD_NOT_FOUND")
    (told,) = part.changes
    if _id(request, part.owner, told.change) != request.parameters["id"]:
        raise ApiError("RECORD_NOT_FOUND")
    data = _object(request, part.owner, told)
    shown = query.fields.get(_TYPE)
    if shown is not None:
        data["attributes"] = {
            name: value for name, value in data["attributes"].items() if name in shown
        }
    return {"data": data}


def _named(request: ApiRequest) -> HistoryPart | None:
    """The change that the path names, of a resource of whatever type."""
    found = _ID.fullmatch(request.parameters["id"])
    if found is None:
        return None
    public_ids = request.services.public_ids
    key = public_ids.decode(_text(found["owner"]))
    if key is None:
        return None
    number = public_ids.decode_change(found["number"])
    if number is None:
        return None
    return request.operations.histories.change(
        request.asker,
        key,
        number,
        check=lambda resource_type: request.context.require(Action.READ, resource_type),
    )


def _list(request: ApiRequest, *, with_attributes: bool) -> dict[str, Any]:
    declared = routed_type(request)
    request.context.require(Action.READ, declared.name)
    request.context.require(Action.READ, _TYPE)
    query = parse_page_query(_paging(request))
    after = _number(request, query.after)
    part = request.operations.histories.part(
        request.asker,
        declared.name,
        addressed_key(request),
        after=after,
        limit=query.page.size,
    )
    if part is None:
        raise ApiError("RECORD_NOT_FOUND")
    owner = part.owner
    if not any(
        each.name == _TYPE for each in request.services.catalogue.types[owner.type].relationships
    ):
        raise ApiError("NOT_FOUND", path=request.path)
    data = [
        _object(request, owner, told)
        if with_attributes
        else _identifier(request, owner, told.change)
        for told in part.changes
    ]
    document: dict[str, Any] = {"data": data, "meta": {}, "links": {}}
    if not part.is_last:
        cursor = _id(request, owner, part.changes[-1].change)
        document["meta"] = {"cursor": cursor}
        document["links"] = {"next": _next_url(request, query, cursor)}
    return document


def _object(request: ApiRequest, owner: Resource, told: ToldChange) -> dict[str, Any]:
    change = told.change
    at = format_datetime(change.at)
    origin = request.context.origin
    return {
        **_identifier(request, owner, change),
        "links": {"self": None},  # it has no address of its own
        "attributes": {
            "resource_type": owner.type,
            "resource_id": owner.id,
            "event": change.event,
            "payload": {
                field: {"from": before, "to": after}
                for field, (before, after) in change.payload.items()
            },
            "who": told.author.document(request.services.public_ids),
            "created_at": at,
            "updated_at": at,
            "reference": None,
            "reference_origin": None,
            "metadata": {},
        },
        "meta": {"mode": origin.mode, "organization_id": origin.organization_id},
    }


def _identifier(request: ApiRequest, owner: Resource, change: Change) -> dict[str, Any]:
    return {"id": _id(request, owner, change), "type": _TYPE}


def _id(request: ApiRequest, owner: Resource, change: Change) -> str:
    number = request.services.public_ids.encode_change(change.number)
    return f"{change.at}-{_digits(owner.id)}{number}"


def _digits(public_id: str) -> str:
    """A public id in 18 digits, which are enough for 62^10."""
    value = 0
    for character in public_id:
        value = value * len(_ALPHABET) + _ALPHABET.index(character)
    return f"{value:018d}"


def _text(digits: str) -> str:
    """The public id that is written in these digits, or a text that is none."""
    value, text = int(digits), ""
    while value:
        value, place = divmod(value, len(_ALPHABET))
        text = _ALPHABET[place] + text
    return text.rjust(10, _ALPHABET[0])


def _number(request: ApiRequest, cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if found := _ID.fullmatch(cursor):
        number = request.services.public_ids.decode_change(found["number"])
    else:
        found = _FIRST_CURSOR.fullmatch(cursor)
        number = None if found is None else int(found["number"])
    if number is None:
        raise ApiError("INVALID_PAGE_VALUE", value=cursor, member="after", parameter="page[after]")
    return number


def _paging(request: ApiRequest) -> Sequence[tuple[str, str]]:
    """The query without what is the same for all: clients send `fields` and `include` with it."""
    return [(key, value) for key, value in request.query if not key.startswith("fields[")]


def _next_url(request: ApiRequest, query: Query, cursor: str) -> str:
    kept = [(key, value) for key, value in request.query if not key.startswith("page[")]
    paged = [("page[after]", cursor), ("page[size]", str(query.page.size))]
    return f"{request.url}?{urlencode([*kept, *paged])}"
