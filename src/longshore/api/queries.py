"""The query of a request read into data: filters, sort, page, fields, include.

Names and values are those of the wire contract (docs.commercelayer.io, "Fetching resources");
what is not known is refused, save types that `fields` names and nobody has, because clients name
several spellings of one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from longshore.api.errors import ApiError
from longshore.catalogue import Catalogue
from longshore.operations import IncludeTree, Selection
from longshore.records import Filter, FilterRefused, parse_filter, parse_plain_filter

PAGE_SIZE = 10
PAGE_SIZE_MAX = 25
_PAGE_NUMBER_MAX = 10**12

_QUERY_PARAMETERS_MAX = 200

# Each is a condition, a level of ordering or a search in the statement.
FILTERS_MAX = 50
SORT_CRITERIA_MAX = 20
# Relationships after another: a.b.c has three.
INCLUDE_DEPTH_MAX = 8
INCLUDE_PATHS_MAX = 50

_KEY = re.compile(r"(?P<name>\w+)(?P<members>(?:\[[^\[\]]*\])*)")
_MEMBER = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """Which part of a list is asked for."""

    number: int = 1
    size: int = PAGE_SIZE

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Selection):
    """What a request asks for beside its path."""

    filters: Sequence[Filter] = ()
    sort: Sequence[str] = ()
    page: ListPage = ListPage()
    after: str | None = None  # cursor of lists that have no numbered pages


def read_query(query_string: bytes) -> list[tuple[str, str]]:
    """The names and values of a query, in their order."""
    try:
        return parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_QUERY_PARAMETERS_MAX,
        )
    except UnicodeDecodeError as error:
        raise ApiError("BAD_REQUEST", reason="The query is not encoded in UTF-8.") from error
    except ValueError as error:
        raise ApiError(
            "BAD_REQUEST", reason=f"The query has more than {_QUERY_PARAMETERS_MAX} parameters."
        ) from error


def parse_list_query(
    catalogue: Catalogue, resource_type: str, pairs: Iterable[tuple[str, str]]
) -> Query:
    """The query of a list of resources of a type; raises ApiError."""
    return _parse(catalogue, resource_type, pairs, is_list=True)


def parse_document_query(
    catalogue: Catalogue, resource_type: str, pairs: Iterable[tuple[str, str]]
) -> Query:
    """The query of a request that answers one resource; raises ApiError."""
    return _parse(catalogue, resource_type, pairs, is_list=False)


def parse_page_query(pairs: Iterable[tuple[str, str]], *, size_max: int = PAGE_SIZE_MAX) -> Query:
    """The query of a list that knows nothing but pages; raises ApiError."""
    page: dict[str, str] = {}
    for key, value in pairs:
        name, members = _split(key)
        if name != "page":
            raise ApiError("PARAM_NOT_ALLOWED", param=key, parameter=key)
        _read_page(key, members, value, page)
    return Query(page=_page(page, size_max), after=page.get("after"))


def page_url(path: str, pairs: Iterable[tuple[str, str]], page: ListPage) -> str:
    """The address of a page of the same list."""
    kept = [(key, value) for key, value in pairs if not key.startswith("page[")]
    paged = [("page[number]", str(page.number)), ("page[size]", str(page.size))]
    return f"{path}?{urlencode([*kept, *paged])}"


def _parse(
    catalogue: Catalogue,
    resource_type: str,
    pairs: Iterable[tuple[str, str]],
    *,
    is_list: bool,
) -> Query:
    fields: dict[str, frozenset[str]] = {}
    include: dict[str, IncludeTree] = {}
    filters: list[Filter] = []
    sort: list[str] = []
    page: dict[str, str] = {}
    for key, value in pairs:
        name, members = _split(key)
        if not is_list and name in ("filter", "sort", "page"):
            raise ApiError("PARAM_NOT_ALLOWED", param=key, parameter=key)
        match name:
            case "fields":
                _read_fields(catalogue, resource_type, key, members, value, fields)
            case "include" if not members:
                _read_include(value, include)
            case "filter":
                filters.append(_read_filter(catalogue, resource_type, key, members, value))
            case "sort" if not members:
                sort = [each.strip() for each in value.split(",") if each.strip()]
            case "page":
                _read_page(key, members, value, page)
            case _:
                raise ApiError("PARAM_NOT_ALLOWED", param=key, parameter=key)
    if len(filters) > FILTERS_MAX:
        raise ApiError(
            "INVALID_FILTERS_SYNTAX",
            detail=f"A list takes at most {FILTERS_MAX} filters, not {len(filters)}.",
            parameter="filter",
        )
    if len(sort) > SORT_CRITERIA_MAX:
        raise ApiError(
            "INVALID_SORT_CRITERIA",
            detail=f"A list takes at most {SORT_CRITERIA_MAX} sort criteria, not {len(sort)}.",
            parameter="sort",
        )
    return Query(
        fields=fields,
        include=include,
        filters=filters,
        sort=sort,
        page=_page(page),
        after=page.get("after"),
    )


def _split(key: str) -> tuple[str, list[str]]:
    """`filter[q][code_eq]` as its name and what stands in brackets."""
    found = _KEY.fullmatch(key)
    if found is None:
        name = key.partition("[")[0]
        if name == "filter":
            raise ApiError("INVALID_FILTERS_SYNTAX", filter=key, parameter=key)
        raise ApiError("PARAM_NOT_ALLOWED", param=key, parameter=key)
    return found["name"], _MEMBER.findall(found["members"])


def _read_fields(
    catalogue: Catalogue,
    resource_type: str,
    key: str,
    members: Sequence[str],
    value: str,
    fields: dict[str, frozenset[str]],
) -> None:
    if len(members) != 1 or not members[0]:
        raise ApiError("INVALID_FIELD_FORMAT", parameter=key)
    (type_name,) = members
    if type_name not in catalogue.types:
        return
    known = field_names(catalogue, type_name)
    names = frozenset(each.strip() for each in value.split(",") if each.strip())
    for name in sorted(names - known):
        raise ApiError("INVALID_FIELD", field=name, type=type_name, parameter=key)
    fields[type_name] = fields.get(type_name, frozenset()) | names


def field_names(catalogue: Catalogue, resource_type: str) -> frozenset[str]:
    """What `fields` may name of a type; of an abstract one also what its concrete types have."""
    names = {"id", "type"}
    for each in (resource_type, *catalogue.types[resource_type].concrete):
        declared = catalogue.types[each]
        names.update(attribute.name for attribute in declared.attributes)
        names.update(relationship.name for relationship in declared.relationships)
    return frozenset(names)


def _read_include(value: str, tree: dict[str, IncludeTree]) -> None:
    paths = [path.strip() for path in value.split(",") if path.strip()]
    if len(paths) > INCLUDE_PATHS_MAX:
        raise _include_refused(f"At most {INCLUDE_PATHS_MAX} paths can be included at once.")
    for path in paths:
        names = path.split(".")
        if len(names) > INCLUDE_DEPTH_MAX:
            raise _include_refused(f"A path has at most {INCLUDE_DEPTH_MAX} relationships.")
        here = tree
        for name in names:
            below = here.setdefault(name, {})
            assert isinstance(below, dict)
            here = below


def _include_refused(detail: str) -> ApiError:
    return ApiError("INVALID_INCLUDE", detail=detail, parameter="include")


def _read_filter(
    catalogue: Catalogue, resource_type: str, key: str, members: Sequence[str], value: str
) -> Filter:
    try:
        match members:
            case ["q", name] if name:
                return parse_filter(catalogue, resource_type, name, value)
            case [name] if name and name != "q":
                return parse_plain_filter(catalogue, resource_type, name, value)
            case _:
                raise ApiError("INVALID_FILTERS_SYNTAX", filter=key, parameter=key)
    except FilterRefused as refused:
        raise filter_error(refused, key) from refused


def filter_error(refused: FilterRefused, key: str | None = None) -> ApiError:
    """What the wire says of a filter that cannot be answered."""
    written = refused.key
    hint = f" ({refused.hint})" if refused.hint else ""
    meta = {"reason": f"{refused.message}{hint}"}
    parameter = key or f"filter[q][{written}]"
    return ApiError(
        refused.code, filter=written, value=refused.value, parameter=parameter, meta=meta
    )


def _read_page(key: str, members: Sequence[str], value: str, page: dict[str, str]) -> None:
    if len(members) != 1:
        raise ApiError("INVALID_PAGE_OBJECT", parameter=key)
    if members[0] not in ("number", "size", "after"):
        raise ApiError("PARAM_NOT_ALLOWED", param=key, parameter=key)
    page[members[0]] = value


def _page(members: Mapping[str, str], size_max: int = PAGE_SIZE_MAX) -> ListPage:
    number = _positive(members.get("number", "1"), "number", _PAGE_NUMBER_MAX)
    size = _positive(members.get("size", str(PAGE_SIZE)), "size", _PAGE_NUMBER_MAX)
    if size > size_max:
        raise ApiError(
            "INVALID_PAGE_VALUE",
            detail=f"size exceeds maximum page size of {size_max}.",
            parameter="page[size]",
        )
    return ListPage(number=number, size=size)


def _positive(text: str, member: str, maximum: int) -> int:
    digits = text.strip()
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(maximum))
    if not is_number or not 1 <= int(digits) <= maximum:
        raise ApiError("INVALID_PAGE_VALUE", value=text, member=member, parameter=f"page[{member}]")
    return int(digits)
