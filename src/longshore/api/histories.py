"""What was changed in one resource, by whom: its history, and each change of it by itself.

Histories begin with the oldest change. They are paged by a cursor and not by number, because they
grow while they are read.

A change is called after its time and, in digits, after its resource and its number among all
changes, which are both written as public ids are: they tell nothing
(`1755185525941-053182271348001234740251863395217640`).
"""

import re
import string
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from longshore.access import Action, get_application
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError
from longshore.api.import_history import history_of_import, shown_labels
from longshore.api.queries import Query, parse_document_query, parse_page_query
from longshore.api.resource_documents import check_query, read_one
from longshore.api.resources import addressed, routed_type
from longshore.api.stores import Reading, Resource
from longshore.clock import format_datetime
from longshore.database import Transaction
from longshore.history import Change, history_of
from longshore.identifiers import environment_of
from longshore.imports import get_import
from longshore.journal import history_of_record
from longshore.records import table_of

_TYPE = "event_stores"
_IMPORTS = "imports"
_EVENTS = "events"
# Who respelled the keys of older releases: an upgrade, which nobody asked for by the API.
_MIGRATION = {"worker": {"type": "migrations", "id": "0006"}}
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
    with request.services.read() as tx:
        found = _ID.fullmatch(request.parameters["id"])
        owner = _owner(request, context.reading(tx), _text(found["owner"])) if found else None
        if found is None or owner is None:
            raise ApiError("RECORD_NOT_FOUND")
        number = request.services.public_ids.decode_change(found["number"])
        history = _history(request, tx, owner, number - 1 if number else None)
        change = next(history, None)
        if change is None or _id(request, owner, change) != request.parameters["id"]:
            raise ApiError("RECORD_NOT_FOUND")
        data = _object(request, owner, change, _Authors(tx))
    shown = query.fields.get(_TYPE)
    if shown is not None:
        data["attributes"] = {
            name: value for name, value in data["attributes"].items() if name in shown
        }
    return {"data": data}


def _owner(request: ApiRequest, reading: Reading, public_id: str) -> Resource | None:
    """The resource of that id, of whatever type."""
    context, catalogue = request.context, request.services.catalogue
    key = request.services.public_ids.decode(public_id)
    if key is None or environment_of(key) != context.environment.number:
        return None
    is_import = get_import(reading.tx, context.environment.number, key) is not None
    name = _IMPORTS if is_import else table_of(reading.tx, catalogue.tables, key) or _EVENTS
    context.require(Action.READ, name)
    return read_one(context, reading, name, key, Query(fields={name: frozenset[str]()}))


def _list(request: ApiRequest, *, with_attributes: bool) -> dict[str, Any]:
    declared = routed_type(request)
    request.context.require(Action.READ, declared.name)
    request.context.require(Action.READ, _TYPE)
    query = parse_page_query(_paging(request))
    after = _number(request, query.after)
    with request.services.read() as tx:
        reading = request.context.reading(tx)
        nothing = Query(fields={declared.name: frozenset[str]()})
        owner = addressed(request, reading, declared, nothing)
        if not any(
            each.name == _TYPE
            for each in request.services.catalogue.types[owner.type].relationships
        ):
            raise ApiError("NOT_FOUND", path=request.path)
        # One more than is shown tells whether there is a next page.
        changes = list(islice(_history(request, tx, owner, after), query.page.size + 1))
        shown = changes[: query.page.size]
        authors = _Authors(tx)
        data = [
            _object(request, owner, change, authors)
            if with_attributes
            else _identifier(request, owner, change)
            for change in shown
        ]
    document: dict[str, Any] = {"data": data, "meta": {}, "links": {}}
    if len(changes) > len(shown):
        cursor = _id(request, owner, shown[-1])
        document["meta"] = {"cursor": cursor}
        document["links"] = {"next": _next_url(request, query, cursor)}
    return document


def _history(
    request: ApiRequest, tx: Transaction, owner: Resource, after: int | None
) -> Iterator[Change]:
    """The changes of a resource, wherever it is kept."""
    declared = request.services.catalogue.types[owner.type]
    match declared.kept_by:
        case "records":
            return history_of(
                tx, request.services.catalogue, declared.table, owner.key, after=after
            )
        case "imports":
            import_ = get_import(tx, request.context.environment.number, owner.key)
            assert import_ is not None, "it was found in the same snapshot"
            return history_of_import(tx, import_, after=after)
        case _:
            return _of_event(tx, owner.key, after=after)


def _of_event(tx: Transaction, key: int, *, after: int | None) -> Iterator[Change]:
    """What was changed of an event; that it happened is no change."""
    for entry in history_of_record(tx, key, after_id=after or 0):
        yield Change(
            number=entry.id,
            at=entry.at,
            event=entry.event,
            payload=shown_labels(entry.changes),
            actor=entry.import_id,
        )


class _Authors:
    """Who made changes, each looked up once."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._known: dict[int, dict[str, Any]] = {}

    def of(self, actor: int | None) -> dict[str, Any]:
        """The application that asked, and where an import did it, that import as the worker."""
        if actor is None:
            return {}
        if actor not in self._known:
            self._known[actor] = self._look_up(actor)
        return self._known[actor]

    def _look_up(self, actor: int) -> dict[str, Any]:
        import_ = get_import(self._tx, environment_of(actor), actor, with_deleted=True)
        if import_ is None:
            return {"application": self._application(actor)}
        worker = {"type": "imports", "id": self._tx.public_ids.encode(actor)}
        if import_.application_id is None:
            return {"worker": worker}
        return {"worker": worker, "application": self._application(import_.application_id)}

    def _application(self, id_: int) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": self._tx.public_ids.encode(id_)}
        application = get_application(self._tx, id_)
        if application is not None:  # it was not deleted since
            shown |= {"kind": str(application.kind), "public": application.is_public}
        return shown


def _object(
    request: ApiRequest, owner: Resource, change: Change, authors: _Authors
) -> dict[str, Any]:
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
            "who": _MIGRATION if change.by_migration else authors.of(change.actor),
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
