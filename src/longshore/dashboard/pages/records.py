"""Records looked at: how many there are of each type, and lists of them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from longshore.access import Action
from longshore.catalogue import Catalogue, ResourceType, Topic, ValueType
from longshore.dashboard.answers import page, way_on
from longshore.dashboard.endpoint import Page
from longshore.dashboard.records_shown import (
    RECORDS_PATH,
    declared_of,
    filters_of,
    form_of,
    is_shown,
    list_address,
)
from longshore.dashboard.request import PageRequest
from longshore.dashboard.words import title_of
from longshore.operations import RecordField, RecordsQuery, main_fields
from longshore.records import FilterRefused, RecordView

_PAGE_ROWS = 50
_PAGE_NUMBER_MAX = 10**9

# What lists offer to ask; all others can be written into the address.
_MATCHERS = (
    ("eq", "is"),
    ("start", "begins with"),
    ("cont", "contains"),
    ("gt", "is greater than"),
    ("lt", "is less than"),
    ("in", "is one of (commas between)"),
    ("null", "is empty: true or false"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCount:
    """A type in the overview."""

    name: str
    count: int


def _types(request: PageRequest) -> Response:
    """GET /records"""
    catalogue = request.services.catalogue
    sought = (request.asked("q") or "").strip().lower().replace(" ", "_")
    names = [
        name
        for name, declared in catalogue.types.items()
        if is_shown(declared) and declared.base is None and request.may_read(name)
    ]
    if not names:
        request.require(Action.READ, "skus")
    names = [name for name in names if sought in name]
    counts = request.operations.records.counts(request.signed_in.environment, names)
    topics: dict[str, list[TypeCount]] = {topic: [] for topic in Topic}
    for name in catalogue.ranked(names):
        topics[catalogue.types[name].topic].append(TypeCount(name=name, count=counts[name]))
    return page(
        request,
        "records_types.html",
        title="Records",
        groups=[(topic, types) for topic, types in topics.items() if types],
        sought=sought,
        total=sum(counts.values()),
    )


def _list(request: PageRequest) -> Response:
    """GET /records/{type}"""
    declared = declared_of(request)
    filters = filters_of(request)
    if added := _added_filters(request, declared):
        return way_on(list_address(declared, dict([*filters, *added])))
    name = request.parameters["type"]
    environment = request.signed_in.environment
    if (sought := (request.asked("q") or "").strip()) != "":
        return way_on(_found(request, declared, sought))
    fields = main_fields(request.services.catalogue, declared)
    query = RecordsQuery(
        filters=filters,
        number=request.asked_number("page", _PAGE_NUMBER_MAX) or 1,
        after=request.asked("after"),
        size=_PAGE_ROWS,
        fields=[each.name for each in fields if each.name is not None],
    )
    refused: FilterRefused | None = None
    found = None
    try:
        found = request.operations.records.page(environment, name, query)
    except FilterRefused as error:
        refused = error
    count = None if found is None else found.count
    return page(
        request,
        "records_list.html",
        status=200 if refused is None else 422,
        title=title_of(name),
        type_=name,
        declared=declared,
        can_import=name in request.services.catalogue.creatable,
        columns=fields,
        rows=[] if found is None else [_row(fields, view) for view in found.views],
        count=count,
        has_more=found is not None and found.has_more,
        number=query.number,
        last_id=found.views[-1].id if found is not None and found.views else None,
        filters=[
            (key, value, list_address(declared, dict(each for each in filters if each[0] != key)))
            for key, value in filters
        ],
        # Of a filter that is refused, or a type that no import takes back, there is no export.
        can_export=found is not None and name in request.services.catalogue.creatable,
        api_query=urlencode([(f"filter[q][{key}]", value) for key, value in filters], safe="[]"),
        refused=refused,
        search_field=_search_filter(declared).rpartition("_")[0],
        filter_fields=_filter_fields(request.services.catalogue, declared),
        matchers=_MATCHERS,
        needs=_needs(request, declared) if not filters and count == 0 else [],
    )


def _added_filters(request: PageRequest, declared: ResourceType) -> list[tuple[str, str]]:
    """What the form below the list adds to the address."""
    field, matcher, value = (request.asked(name) for name in ("field", "matcher", "value"))
    if not field or not value:
        return []
    known = _filter_fields(request.services.catalogue, declared)
    if field not in known or matcher not in dict(_MATCHERS):
        return []
    return [(f"{field}_{matcher}", value)]


def _found(request: PageRequest, declared: ResourceType, sought: str) -> str:
    """Where a search leads: to the only record with this id or key, which an index tells, else to
    the list of those that begin so."""
    records, environment = request.operations.records, request.signed_in.environment
    if (view := records.one(environment, declared.name, sought)) is None:
        name, _, matcher = _search_filter(declared).rpartition("_")
        query = RecordsQuery(filters=[(f"{name}_eq", sought)], size=1)
        with suppress(FilterRefused):
            found = records.page(environment, declared.name, query)
            if matcher == "start" and len(found.views) == 1 and not found.has_more:
                view = found.views[0]
    if view is not None:
        return f"{RECORDS_PATH}/{declared.name}/{view.id}"
    return list_address(declared, {_search_filter(declared): sought})


def _search_filter(declared: ResourceType) -> str:
    """What a search asks: the text by which people know records of the type."""
    texts = {
        each.name: each
        for each in declared.attributes
        if each.type is ValueType.STRING
        and each.fetchable
        and each.name != "type"
        # Of one that names another record, the same name leads a filter to the key of that record.
        and (each.filterable or (each.names is not None and each.names.relationship is not None))
    }
    spelled = {
        each.names.relationship: each.name
        for each in texts.values()
        if each.names is not None and each.names.relationship
    }
    parts = [part for key in declared.matching_keys for part in key.parts]
    for part in (*(spelled.get(each, each) for each in parts), "name", "code", "number"):
        if part in texts:
            return f"{part}_start"
    return "id_eq"


def _filter_fields(catalogue: Catalogue, declared: ResourceType) -> list[str]:
    names = [
        each.name
        for each in declared.attributes
        if each.filterable
        and each.fetchable
        and not each.only_on
        and each.type not in (ValueType.OBJECT, ValueType.ARRAY)
    ]
    return ["id", *names]


def _row(fields: Sequence[RecordField], view: RecordView) -> list[tuple[str, object]]:
    """The cells of a row: how each is shown, and what it holds."""
    return [(form_of(field), field.value(view)) for field in fields]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A type of which a record has to be there before one of another can be."""

    name: str
    count: int
    can_import: bool


def _needs(request: PageRequest, declared: ResourceType) -> list[Need]:
    """What must exist first, for a list in which nothing is."""
    catalogue = request.services.catalogue
    names = [
        target
        for each in declared.relationships
        if each.has_column and each.required is not None
        for target in each.targets[:1]
        if (found := catalogue.get(target)) is not None and is_shown(found)
    ]
    names = [name for name in dict.fromkeys(names) if request.may_read(name)]
    counts = request.operations.records.counts(request.signed_in.environment, names)
    return [
        Need(name=name, count=counts[name], can_import=name in catalogue.creatable)
        for name in names
    ]


PAGES = [
    ("/records", Page(handlers={"GET": _types})),
    ("/records/{type}", Page(handlers={"GET": _list})),
]
