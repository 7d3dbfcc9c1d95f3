"""Saved mappings: /api/mappings, longshore's own.

Their id is their name, and whoever may see, make, change or delete imports may do so with them.
"""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.api.bodies import read_resource_object, require_key
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError, validation_error
from longshore.api.responses import created_response
from longshore.clock import format_datetime
from longshore.errors import RequestRefused
from longshore.json_text import encode_json
from longshore.mapping import (
    MappingDocument,
    MappingRefused,
    SourceShape,
    read_mapping,
    read_shape,
)
from longshore.operations import MappingNameTaken, NoSuchMapping
from longshore.saved_mappings import MappingSummary, SavedMapping

MAPPINGS = "mappings"
VERSION_PARAMETER = "version"

_ATTRIBUTES = "/data/attributes"
_NAMES = ("name", "document", "source")


def list_mappings(request: ApiRequest) -> dict[str, Any]:
    """GET /api/mappings: the newest version of each, by name, without documents; not in pages."""
    request.context.require(Action.READ, "imports")
    _refuse_parameters(request)
    found = request.operations.saved_mappings.list(request.asker)
    return {
        "data": [_summary(request, each) for each in found],
        "meta": {"record_count": len(found)},
    }


def create_mapping(request: ApiRequest) -> Response:
    """POST /api/mappings: the first version of a name."""
    request.context.require(Action.CREATE, "imports")
    _refuse_parameters(request)
    attributes = _attributes(read_resource_object(request.body, MAPPINGS))
    name = attributes.get("name")
    if not isinstance(name, str) or not name:
        raise _refusal("name", "can't be blank")
    document, shape = _document(attributes), _shape(attributes)
    try:
        saved = request.operations.saved_mappings.create(
            request.asker,
            name,
            document,
            shape,
            lambda saved: encode_json(_answer(request, saved)),
        )
    except MappingNameTaken as error:
        raise _refusal("name", "has already been taken", value=name) from error
    except RequestRefused as error:
        raise _refusal("base", _told(error)) from error
    return created_response(_answer(request, saved))


def retrieve_mapping(request: ApiRequest) -> dict[str, Any]:
    """GET /api/mappings/{name}: its newest version, or the one that `version` names."""
    request.context.require(Action.READ, "imports")
    version = _version(request)
    try:
        saved = request.operations.saved_mappings.find(request.asker, _name(request), version)
    except NoSuchMapping as error:
        raise ApiError("RECORD_NOT_FOUND") from error
    return _answer(request, saved)


def list_mapping_versions(request: ApiRequest) -> dict[str, Any]:
    """GET /api/mappings/{name}/versions: those that are kept, the newest first."""
    request.context.require(Action.READ, "imports")
    _refuse_parameters(request)
    try:
        found = request.operations.saved_mappings.versions(request.asker, _name(request))
    except NoSuchMapping as error:
        raise ApiError("RECORD_NOT_FOUND") from error
    return {
        "data": [_summary(request, each) for each in found],
        "meta": {"record_count": len(found)},
    }


def change_mapping(request: ApiRequest) -> dict[str, Any]:
    """PATCH /api/mappings/{name}: its next version."""
    request.context.require(Action.UPDATE, "imports")
    _refuse_parameters(request)
    name = _name(request)
    _must_exist(request, name)
    data = read_resource_object(request.body, MAPPINGS)
    require_key(data, name)
    attributes = _attributes(data)
    if attributes.get("name", name) != name:
        raise _refusal("name", "cannot be changed", value=attributes["name"])
    document, shape = _document(attributes), _shape(attributes)
    try:
        saved = request.operations.saved_mappings.change(request.asker, name, document, shape)
    except NoSuchMapping as error:
        raise ApiError("RECORD_NOT_FOUND") from error
    except RequestRefused as error:
        raise _refusal("base", _told(error)) from error
    return _answer(request, saved)


def remove_mapping(request: ApiRequest) -> None:
    """DELETE /api/mappings/{name}: all of its versions; imports keep what they have of it."""
    request.context.require(Action.DESTROY, "imports")
    _refuse_parameters(request)
    try:
        request.operations.saved_mappings.delete(request.asker, _name(request))
    except NoSuchMapping as error:
        raise ApiError("RECORD_NOT_FOUND") from error


def _must_exist(request: ApiRequest, name: str) -> None:
    """What is not there is told before anything is said of the body."""
    try:
        request.operations.saved_mappings.find(request.asker, name)
    except NoSuchMapping as error:
        raise ApiError("RECORD_NOT_FOUND") from error


def _name(request: ApiRequest) -> str:
    return request.parameters["id"]


def _version(request: ApiRequest) -> int | None:
    version = None
    for key, value in request.query:
        if key != VERSION_PARAMETER:
            raise ApiError("PARAM_NOT_ALLOWED", param=key, parameter=key)
        if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value)):
            raise ApiError(
                "BAD_REQUEST", reason=f"{VERSION_PARAMETER} is the number of a version, from 1."
            )
        version = int(value)
    return version


def _refuse_parameters(request: ApiRequest) -> None:
    for key, _ in request.query:
        raise ApiError("PARAM_NOT_ALLOWED", param=key, parameter=key)


def _attributes(data: Mapping[str, Any]) -> Mapping[str, Any]:
    attributes = data.get("attributes")
    if attributes is None:
        return {}
    if not isinstance(attributes, dict):
        detail = "Attributes must be a hash."
        raise ApiError("INVALID_DATA_FORMAT", detail=detail, pointer=_ATTRIBUTES)
    for name in attributes:
        if name not in _NAMES:
            raise ApiError("PARAM_NOT_ALLOWED", param=name, pointer=f"{_ATTRIBUTES}/{_part(name)}")
    return attributes


def _document(attributes: Mapping[str, Any]) -> MappingDocument:
    document = attributes.get("document")
    if document is None:
        raise _refusal("document", "can't be blank")
    try:
        return read_mapping(document)
    except MappingRefused as error:
        raise _unfit("document", error) from error


def _shape(attributes: Mapping[str, Any]) -> SourceShape | None:
    source = attributes.get("source")
    if source is None:
        return None
    try:
        return read_shape(source)
    except MappingRefused as error:
        raise _unfit("source", error) from error


def _unfit(name: str, error: MappingRefused) -> ApiError:
    message = f"is invalid: {_told(error)}"
    return _refusal(name, message, path=error.path)


def _refusal(
    field: str, message: str, *, value: object = None, path: tuple[str | int, ...] = ()
) -> ApiError:
    pointer = "/data" if field == "base" else "/".join((_ATTRIBUTES, field, *map(_part, path)))
    return validation_error(field, message, pointer=pointer, value=value)


def _part(part: object) -> str:
    """A part of a JSON pointer: RFC 6901, section 3."""
    return str(part).replace("~", "~0").replace("/", "~1")


def _told(error: RequestRefused) -> str:
    return error.message if error.hint is None else f"{error.message} ({error.hint})"


def _summary(request: ApiRequest, summary: MappingSummary) -> dict[str, Any]:
    return _resource(
        request,
        summary.name,
        {
            "name": summary.name,
            "version": summary.version,
            "resource_type": summary.resource_type,
            "fields_count": summary.fields_count,
            "created_at": format_datetime(summary.created_at),
        },
    )


def _answer(request: ApiRequest, saved: SavedMapping) -> dict[str, Any]:
    application = saved.application_id
    attributes = {
        "name": saved.name,
        "version": saved.version,
        "resource_type": saved.document.resource_type,
        "fields_count": len(saved.document.fields),
        "created_at": format_datetime(saved.created_at),
        "document": saved.document.to_dict(),
        "source": None if saved.shape is None else saved.shape.to_dict(),
        "application_id": application and request.services.public_ids.encode(application),
    }
    return {"data": _resource(request, saved.name, attributes)}


def _resource(request: ApiRequest, name: str, attributes: dict[str, Any]) -> dict[str, Any]:
    origin = request.context.origin
    return {
        "id": name,
        "type": MAPPINGS,
        "links": {"self": f"{origin.api_url}/{MAPPINGS}/{name}"},
        "attributes": attributes,
        "meta": {"mode": origin.mode, "organization_id": origin.organization_id},
    }
