"""Records looked at: how many there are of each type, lists, and single ones with their history."""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any
from urllib.parse import quote, urlencode

from starlette.responses import Response, StreamingResponse

from longshore.access import Action
from longshore.catalogue import Catalogue, Kind, ResourceType, ValueType
from longshore.dashboard.answers import page, way_on
from longshore.dashboard.endpoint import Page
from longshore.dashboard.refusals import PageRefused, not_found
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.words import title_of
from longshore.errors import RequestRefused
from longshore.operations import Changing, RecordField, RecordsQuery, main_fields, record_fields
from longshore.records import ExportFormat, FilterRefused, RecordView

_PATH = f"{DASHBOARD_PATH}/records"
_PAGE_ROWS = 50
_CHANGES_SHOWN = 50
_PAGE_NUMBER_MAX = 10**9
_BLOCK_BYTES = 1 << 16

_FILTER = re.compile(r"filter\[q\]\[(\w+)\]", re.ASCII)

# Types by what people come for; what stands in none of them is shown at the end.
_GROUPS: Sequence[tuple[str, Sequence[str]]] = (
    ("What is sold", ("skus", "sku_options", "bundles", "sku_lists", "sku_list_items", "tags")),
    ("Prices", ("prices", "price_lists", "price_tiers", "price_list_schedulers")),
    (
        "Stock",
        (
            "stock_items",
            "stock_locations",
            "stock_transfers",
            "reserved_stocks",
            "stock_reservations",
            "inventory_models",
            "inventory_stock_locations",
            "inventory_return_locations",
        ),
    ),
    (
        "Customers",
        (
            "customers",
            "customer_groups",
            "addresses",
            "customer_addresses",
            "customer_payment_sources",
            "customer_subscriptions",
        ),
    ),
    (
        "Orders",
        ("orders", "line_items", "line_item_options", "adjustments", "coupons", "gift_cards"),
    ),
    (
        "Shipping and taxes",
        (
            "shipping_categories",
            "shipping_methods",
            "shipping_zones",
            "shipping_method_tiers",
            "delivery_lead_times",
            "tax_categories",
            "tax_calculators",
            "tax_rules",
        ),
    ),
    ("Markets", ("markets", "merchants", "stores")),
)

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
        if _is_shown(declared) and declared.base is None and request.may_read(name)
    ]
    if not names:
        request.require(Action.READ, "skus")
    names = [name for name in names if sought in name]
    counts = request.operations.records.counts(request.signed_in.environment, names)
    rest = [name for name in sorted(names) if not any(name in group for _, group in _GROUPS)]
    groups = [
        (title, [TypeCount(name=name, count=counts[name]) for name in group if name in counts])
        for title, group in (*_GROUPS, ("More", rest))
    ]
    return page(
        request,
        "records_types.html",
        title="Records",
        groups=[(title, types) for title, types in groups if types],
        sought=sought,
        total=sum(counts.values()),
    )


def _list(request: PageRequest) -> Response:
    """GET /records/{type}"""
    declared = _declared(request)
    filters = _filters(request)
    if added := _added_filters(request, declared):
        return way_on(_address(declared, dict([*filters, *added])))
    name = request.parameters["type"]
    environment = request.signed_in.environment
    if (sought := (request.asked("q") or "").strip()) != "":
        return way_on(_found(request, declared, sought))
    fields = main_fields(request.services.catalogue, declared)
    query = RecordsQuery(
        filters=filters,
        number=_number(request),
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
            (key, value, _address(declared, dict(each for each in filters if each[0] != key)))
            for key, value in filters
        ],
        api_query=urlencode([(f"filter[q][{key}]", value) for key, value in filters], safe="[]"),
        refused=refused,
        search_field=_search_filter(declared).rpartition("_")[0],
        filter_fields=_filter_fields(request.services.catalogue, declared),
        matchers=_MATCHERS,
        needs=_needs(request, declared) if not filters and count == 0 else [],
    )


def _record(request: PageRequest) -> Response:
    """GET /records/{type}/{id}"""
    name, id_ = request.parameters["type"], request.parameters["id"]
    environment = request.signed_in.environment
    if name == "any":  # of a link that does not know the type
        found_type = request.operations.records.type_of(environment, id_)
        if found_type is None:
            raise not_found("record")
        return way_on(f"{_PATH}/{found_type}/{quote(id_, safe='')}")
    declared = _declared(request)
    catalogue = request.services.catalogue
    view = request.operations.records.one(environment, name, id_)
    history, is_more = _history(request, declared, id_)
    types = catalogue.concrete_types(name)
    if view is None and (not history or history[0]["record"]["type"] not in types):
        raise not_found(declared.singular.replace("_", " "))
    concrete = catalogue.types[history[0]["record"]["type"] if view is None else view.type]
    fields = [] if view is None else _fields(request, concrete, view)
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
        is_more=is_more,
        last_number=history[-1]["number"] if history else None,
        after=request.asked("after"),
    )


def _export(request: PageRequest) -> Response:
    """GET /records/{type}.csv: all of them, as an import takes them back."""
    name = request.parameters["type"]
    _declared(request)
    is_guarded = request.asked("safe") is not None
    # Written before it is sent: no reader keeps the database from tidying up for as long as
    # somebody at a slow line takes.
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed behind its last byte
    try:
        with request.operations.records.export(
            request.signed_in.environment, name, ExportFormat.CSV, is_guarded=is_guarded
        ) as exported:
            for line in exported.lines:
                file.write(line.encode())
        file.seek(0)
    except BaseException:
        file.close()
        raise
    ending = ".spreadsheet-safe.csv" if is_guarded else ".csv"
    return StreamingResponse(
        _blocks(file),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}{ending}"'},
    )


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(_BLOCK_BYTES):
            yield block


def _is_shown(declared: ResourceType) -> bool:
    return declared.kept_by == "records" and declared.routed and not declared.singleton


def _declared(request: PageRequest) -> ResourceType:
    """The type of the address; raises PageRefused."""
    name = request.parameters["type"]
    declared = request.services.catalogue.get(name)
    if declared is None or not _is_shown(declared):
        raise PageRefused(
            404, f"there is no type {name[:100]!r} of records", hint="Records lists the types"
        )
    request.require(Action.READ, name)
    return declared


# Lists


def _filters(request: PageRequest) -> list[tuple[str, str]]:
    """The filters of the address, as the API takes them."""
    found = ((_FILTER.fullmatch(name), value) for name, value in request.query)
    return [(match[1], value) for match, value in found if match is not None]


def _added_filters(request: PageRequest, declared: ResourceType) -> list[tuple[str, str]]:
    """What the form below the list adds to the address."""
    field, matcher, value = (request.asked(name) for name in ("field", "matcher", "value"))
    if not field or not value:
        return []
    known = _filter_fields(request.services.catalogue, declared)
    if field not in known or matcher not in dict(_MATCHERS):
        return []
    return [(f"{field}_{matcher}", value)]


def _address(declared: ResourceType, filters: Mapping[str, str]) -> str:
    query = urlencode([(f"filter[q][{key}]", value) for key, value in filters.items()])
    return f"{_PATH}/{declared.name}" + (f"?{query}" if query else "")


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
        return f"{_PATH}/{declared.name}/{view.id}"
    return _address(declared, {_search_filter(declared): sought})


def _number(request: PageRequest) -> int:
    text = request.asked("page") or "1"
    is_number = text.isascii() and text.isdecimal() and len(text) <= 10
    return min(max(int(text), 1), _PAGE_NUMBER_MAX) if is_number else 1


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
    return [(_form(field), field.value(view)) for field in fields]


def _form(field: RecordField) -> str:
    if field.title == "id":
        return "id"
    if field.is_datetime:
        return "time"
    if field.title.endswith("_id"):
        return "link"
    return "number" if field.is_number else "cell"


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
        if (found := catalogue.get(target)) is not None and _is_shown(found)
    ]
    names = [name for name in dict.fromkeys(names) if request.may_read(name)]
    counts = request.operations.records.counts(request.signed_in.environment, names)
    return [
        Need(name=name, count=counts[name], can_import=name in catalogue.creatable)
        for name in names
    ]


# One record


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


def _title(concrete: ResourceType, view: RecordView) -> str:
    """What people call the record."""
    texts = [
        text
        for name in ("code", "name", "number", "email", "sku_code")
        if isinstance(text := view.attributes.get(name), str) and text
    ]
    return f"{concrete.singular.replace('_', ' ')} {texts[0] if texts else view.id}"


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
                form=_form(field),
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
        if target is None or not _is_shown(target) or not request.may_read(target.name):
            continue
        inverse = next((it for it in target.relationships if it.name == each.inverse), None)
        if inverse is None or not inverse.has_column or inverse.polymorphic:
            continue
        address = _address(target, {f"{each.inverse}_id_eq": view.id})
        found.append(RelatedRecords(name=each.name, address=address))
    return found


def _history(
    request: PageRequest, declared: ResourceType, id_: str
) -> tuple[list[Mapping[str, Any]], bool]:
    """Changes of a record, also of one that is gone, oldest first; whether there are more."""
    text = request.asked("after") or ""
    after = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
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


PAGES = [
    ("/records", Page(handlers={"GET": _types})),
    ("/records/{type}.csv", Page(handlers={"GET": _export})),
    ("/records/{type}", Page(handlers={"GET": _list})),
    ("/records/{type}/{id}", Page(handlers={"GET": _record})),
]
