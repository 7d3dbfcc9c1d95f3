"""Saved mappings: listed, shown with their versions, copied, renamed, deleted, taken out and in."""

from urllib.parse import quote

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import page, way_on
from longshore.dashboard.endpoint import Page
from longshore.dashboard.refusals import PageRefused
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.whole_numbers import VERSION_MAX
from longshore.errors import RequestRefused
from longshore.mapping import FieldMapping, MappingDocument, mapping_toml, parse_mapping
from longshore.operations import NoSuchMapping
from longshore.saved_mappings import SavedMapping

_PATH = f"{DASHBOARD_PATH}/mappings"


def _list(request: PageRequest) -> Response:
    """GET /mappings"""
    request.require(Action.READ, "imports")
    return _listed(request)


def _upload(request: PageRequest) -> Response:
    """POST /mappings: a file becomes the next version of a mapping, or its first."""
    request.require(Action.CREATE, "imports")
    name = (request.value("name") or "").strip()
    content = (request.value("file.bytes") or "").encode("latin-1", "replace")
    file_name = request.value("file") or "the file"
    try:
        document = parse_mapping(content, name=file_name[:200])
        saved, is_new = request.operations.saved_mappings.save(request.asker, name, document)
    except RequestRefused as refused:
        return _listed(request, error=refused, name=name)
    said = "saved" if is_new else "same"
    return way_on(f"{_PATH}/{quote(saved.name)}?{said}={saved.version}")


def _show(request: PageRequest) -> Response:
    """GET /mappings/{name}"""
    request.require(Action.READ, "imports")
    return _shown(request, _saved(request))


def _download(request: PageRequest) -> Response:
    """GET /mappings/{name}/download"""
    request.require(Action.READ, "imports")
    saved = _saved(request)
    said = f"{saved.name}, version {saved.version}"
    return Response(
        mapping_toml(saved.document, before=[said]).encode(),
        media_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{saved.name}.toml"'},
    )


def _copy(request: PageRequest) -> Response:
    """POST /mappings/{name}/copy: the version that is shown, under another name; with `rename` the
    mapping itself gets that name, with all of its versions."""
    request.require(Action.CREATE, "imports")
    is_rename = request.value("rename") is not None
    if is_rename:
        request.require(Action.DESTROY, "imports")
    saved = _saved(request)
    mappings = request.operations.saved_mappings
    name = (request.value("to") or "").strip()
    try:
        if is_rename:
            mappings.rename(request.asker, saved.name, name)
        else:
            mappings.copy(request.asker, saved, name)
    except RequestRefused as refused:
        return _shown(request, saved, error=refused, to=name)
    said = f"renamed={quote(saved.name)}" if is_rename else "saved=1"
    return way_on(f"{_PATH}/{quote(name)}?{said}")


def _ask_delete(request: PageRequest) -> Response:
    """GET /mappings/{name}/delete"""
    request.require(Action.DESTROY, "imports")
    saved = _saved(request)
    return page(request, "mapping_delete.html", title=f"Delete {saved.name}", saved=saved)


def _delete(request: PageRequest) -> Response:
    """POST /mappings/{name}/delete"""
    request.require(Action.DESTROY, "imports")
    name = request.parameters["name"]
    try:
        request.operations.saved_mappings.delete(request.asker, name)
    except NoSuchMapping as error:
        raise _missing(error) from error
    return way_on(f"{_PATH}?deleted={quote(name)}")


def _listed(
    request: PageRequest, *, error: RequestRefused | None = None, name: str = ""
) -> Response:
    return page(
        request,
        "mappings.html",
        status=200 if error is None else 422,
        title="Mappings",
        mappings=request.operations.saved_mappings.list(request.asker),
        may_save=request.may(Action.CREATE, "imports"),
        deleted=request.asked("deleted"),
        error=error,
        name=name,
    )


def _shown(
    request: PageRequest,
    saved: SavedMapping,
    *,
    error: RequestRefused | None = None,
    to: str = "",
) -> Response:
    versions = request.operations.saved_mappings.versions(request.asker, saved.name)
    return page(
        request,
        "mapping.html",
        status=200 if error is None else 422,
        title=saved.name,
        saved=saved,
        lines=_lines(saved.document),
        versions=versions,
        changes=_changes(request, saved),
        toml=mapping_toml(saved.document),
        may_save=request.may(Action.CREATE, "imports"),
        may_delete=request.may(Action.DESTROY, "imports"),
        error=error,
        to=to,
    )


def _saved(request: PageRequest) -> SavedMapping:
    """The version that the address names; raises PageRefused."""
    find, name = request.operations.saved_mappings.find, request.parameters["name"]
    version = request.asked_number("version", VERSION_MAX)
    try:
        return find(request.asker, name, version)
    except NoSuchMapping as error:
        refused = error
    try:
        newest = find(request.asker, name)
    except NoSuchMapping:
        raise _missing(refused) from refused
    way = (f"{_PATH}/{quote(name)}", "Its newest version")
    hint = f"the newest is {newest.version}"
    raise PageRefused(404, refused.message, hint=hint, way=way) from refused


def _missing(error: NoSuchMapping) -> PageRefused:
    return PageRefused(404, error.message, hint=error.hint, way=(_PATH, "All mappings"))


def _lines(document: MappingDocument) -> list[tuple[str, str]]:
    """Each field, and what it is made of."""
    return [(field, _source(each)) for field, each in document.fields.items()]


def _source(mapping: FieldMapping) -> str:
    parts = [
        f"{name} {value if isinstance(value, str) else _plain(value)}"
        for name, value in mapping.to_dict().items()
    ]
    return "; ".join(parts)


def _plain(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


def _changes(request: PageRequest, saved: SavedMapping) -> list[tuple[str, str | None, str | None]]:
    """Fields that differ from the version before: what each was made of, and is."""
    if saved.version == 1:
        return []
    try:
        older = request.operations.saved_mappings.find(request.asker, saved.name, saved.version - 1)
    except NoSuchMapping:
        return []
    before, after = dict(_lines(older.document)), dict(_lines(saved.document))
    return [
        (field, before.get(field), after.get(field))
        for field in dict.fromkeys([*before, *after])
        if before.get(field) != after.get(field)
    ]


PAGES = [
    ("/mappings", Page(handlers={"GET": _list, "POST": _upload})),
    ("/mappings/{name}", Page(handlers={"GET": _show})),
    ("/mappings/{name}/download", Page(handlers={"GET": _download})),
    ("/mappings/{name}/copy", Page(handlers={"POST": _copy})),
    ("/mappings/{name}/delete", Page(handlers={"GET": _ask_delete, "POST": _delete})),
]
