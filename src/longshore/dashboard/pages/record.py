"""One record: its values with who has given each, what belongs to it, and its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from longshore.catalogue import Kind, ResourceType
from longshore.dashboard.answers import page, way_on
from longshore.dashboard.endpoint import Page
from longshore.dashboard.records_shown import (
    RECORDS_PATH,
    declared_of,
    form_of,
    is_shown,
    list_address,
)
from longshore.dashboard.refusals import not_found
from longshore.dashboard.request import PageRequest
from longshore.dashboard.whole_numbers import ID_MAX
from longshore.errors import RequestRefused
from longshore.operations import Changing, record_fields, record_name
from longshore.records import RecordView

_CHANGES_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownValue:
    """A field of a record, and who has given it its value."""

    name: str
    form: str  # "cell", "time" or "link"
    value: object
    amount: str | None  # as money
    blame: Mapping[str, Any] | None

    @property
    def has_value(self) -> bool:
        """Whether it has one, or had one."""
        return self.blame is not None or self.value not in (None, [], {})


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedRecords:
    """Records of another type that belong to a record."""

    name: str  # of the relationship
    address: str


def _record(request: PageRequest) -> Response:
    """GET /records/{type}/{id}"""
    name, id_ = request.parameters["type"], request.parameters["id"]
    environment = request.signed_in.environment
    if name == "any":  # of a link that does not know the type
        found_type = request.operations.records.type_of(environment, id_)
        if found_type is None:
            raise not_found("record")
        return way_on(f"{RECORDS_PATH}/{found_type}/{quote(id_, safe='')}")
    declared = declared_of(request)
    catalogue = request.services.catalogue
    view = request.operations.records.one(environment, name, id_)
    history, is_more = _history(request, declared, id_)
    types = catalogue.concrete_types(name)
    if view is None and (not history or history[0]["record"]["type"] not in types):
        raise not_found(declared.singular.replace("_", " "))
    concrete = catalogue.types[history[0]["record"]["type"] if view is None else view.type]
    fields = [] if view is None else _fields(request, concrete, view)
    blames = [each.blame for each in fields if each.blame is not None]
    deleted = request.operations.imports.deleted_among(
        request.asker, _imports_of([*blames, *history])
    )
    return page(
        request,
        "records_one.html",
        title=f"{concrete.singular} {id_}" if view is None else _title(concrete, view),
        type_=name,
        id=id_,
        view=view,
        fields=[each for each in fields if each.has_value],
        empty_fields=[each.name for each in fields if not each.has_value],
        relateds=[] if view is None else _relateds(request, concrete, view),
        history=history,
        deleted=deleted,
        is_more=is_more,
        last_number=history[-1]["number"] if history else None,
        after=request.asked("after"),
    )


def _imports_of(told: Sequence[Mapping[str, Any]]) -> set[str]:
    """The imports that have made changes, and those whose rows they have taken again."""
    workers = (each["who"].get("worker") for each in told)
    named = {each["id"] for each in workers if each is not None and each["type"] == "imports"}
    return named | {each["retry_of"] for each in told if each.get("retry_of")}


def _title(concrete: ResourceType, view: RecordView) -> str:
    """What people call the record."""
    return f"{concrete.singular.replace('_', ' ')} {record_name(view) or view.id}"


def _fields(request: PageRequest, concrete: ResourceType, view: RecordView) -> list[ShownValue]:
    key = view.record_id
    blame = request.operations.blames.of(request.asker, concrete.name, key)
    told = {} if blame is None else {each["field"]: each for each in blame.fields}
    amounts = {} if blame is None else blame.amounts
    shown = []
    for title, field in record_fields(request.services.catalogue, concrete).items():
        if title in ("id", "type"):
            continue
        name = field.name or title
        money = amounts.get(name) or (None, None)
        shown.append(
            ShownValue(
                name=title,
                form=form_of(field),
                value=field.value(view),
                amount=money[1],
                blame=_given(told.get(name) or told.get(title)),
            )
        )
    return shown


def _given(told: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The author of a value; None: nobody has ever given the field one."""
    if told is None or (told["event"] == "create" and told["value"] in (None, [], {})):
        return None
    return told


def _relateds(
    request: PageRequest, concrete: ResourceType, view: RecordView
) -> list[RelatedRecords]:
    """Where records are that point at this one, as filters of their lists."""
    catalogue = request.services.catalogue
    found = []
    for each in concrete.relationships:
        if each.kind is not Kind.TO_MANY or each.inverse is None or each.empty or each.path:
            continue
        target = catalogue.get(each.targets[0])
        if target is None or not is_shown(target) or not request.may_read(target.name):
            continue
        inverse = next((it for it in target.relationships if it.name == each.inverse), None)
        if inverse is None or not inverse.has_column or inverse.polymorphic:
            continue
        address = list_address(target, {f"{each.inverse}_id_eq": view.id})
        found.append(RelatedRecords(name=each.name, address=address))
    return found


def _history(
    request: PageRequest, declared: ResourceType, id_: str
) -> tuple[list[Mapping[str, Any]], bool]:
    """Changes of a record, also of one that is gone, oldest first; whether there are more."""
    after = request.asked_number("after", ID_MAX)
    try:
        with request.operations.changes.found(
            request.signed_in.environment, id_, after=after
        ) as found:
            if found.what is not Changing.RECORD:
                return [], False
            changes = list(islice(found.changes, _CHANGES_SHOWN + 1))
    except RequestRefused:
        return [], False
    documents = [document for each in changes for document in each.documents]
    return documents[:_CHANGES_SHOWN], len(documents) > _CHANGES_SHOWN


PAGES = [("/records/{type}/{id}", Page(handlers={"GET": _record}))]
