"""POST /api/imports/{id}/retry: the failed rows of an import taken again, with edits."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.api.bodies import read_resource_object
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError, ApiErrors, validation_error
from longshore.api.queries import parse_document_query
from longshore.api.resource_documents import check_query, one_document
from longshore.api.resources import addressed_key
from longshore.api.responses import created_response
from longshore.edits import CellEdit, EditRefused, Edits, Replacement, Scalar, SetEdit
from longshore.errors import RequestRefused
from longshore.operations import AnswerTooLarge, NoSuchImport, RetryConflict, TooManyLinks

EDITS_MAX = 10_000  # of all kinds together

_ATTRIBUTES = "/data/attributes"
_MISSING = object()


def retry_import(request: ApiRequest) -> Response:
    """POST /api/imports/{id}/retry"""
    services = request.services
    request.context.require(Action.CREATE, "imports")
    query = parse_document_query(services.catalogue, "imports", request.query)
    check_query(request.context, "imports", query)
    key = addressed_key(request)
    edits = _read_edits(request.body)
    try:
        found = request.operations.retries.retry_and_read(
            request.asker, key, edits, query, on_stored=services.wake
        )
    except NoSuchImport as error:
        raise ApiError("RECORD_NOT_FOUND") from error
    except (AnswerTooLarge, TooManyLinks):
        raise  # it is not the retry that is refused
    except EditRefused as error:
        raise _refusal(_pointer(*error.path), _told(error), field=str(error.path[0])) from error
    except RetryConflict as error:
        raise ApiError("LOCKED", detail=_told(error), pointer="/data") from error
    except RequestRefused as error:
        raise _refusal("/data", _told(error), field="base") from error
    return created_response(one_document(request.context, query, found))


def _read_edits(body: bytes) -> Edits:
    """The edits that a body asks for; raises ApiError or ApiErrors."""
    attributes = read_resource_object(body, "imports").get("attributes")
    if attributes is None:
        return Edits()
    if not isinstance(attributes, dict):
        detail = "Attributes must be a hash."
        raise ApiError("INVALID_DATA_FORMAT", detail=detail, pointer=_ATTRIBUTES)
    reader = _EditReader(attributes)
    edits = reader.edits()
    if reader.errors:
        raise ApiErrors(reader.errors)
    return edits


class _EditReader:
    """Goes through the attributes and notes all that is wrong with them."""

    def __init__(self, attributes: Mapping[str, Any]) -> None:
        self._attributes = attributes
        self.errors: list[ApiError] = []

    def edits(self) -> Edits:
        for name in self._attributes:
            if name not in ("edits", "set", "replace"):
                self.errors.append(
                    ApiError("PARAM_NOT_ALLOWED", param=name, pointer=_pointer(name))
                )
        if self.errors:
            raise ApiErrors(self.errors)  # of another status than what follows
        given = [self._attributes.get(name) or () for name in ("edits", "set", "replace")]
        if sum(len(each) for each in given if isinstance(each, list | dict)) > EDITS_MAX:
            message = f"is too long (maximum is {EDITS_MAX} edits)"
            raise validation_error("edits", message, pointer=_ATTRIBUTES)
        return Edits(
            cells=tuple(self._list("edits", self._cell)),
            sets=tuple(self._sets()),
            replacements=tuple(self._list("replace", self._replacement)),
        )

    def _list(self, name: str, read: Callable[[int, Mapping[str, Any]], Any]) -> Iterator[Any]:
        given = self._attributes.get(name)
        if given is None:
            return
        if not isinstance(given, list):
            self._refuse("is invalid: expected an array", name)
            return
        for index, each in enumerate(given):
            if not isinstance(each, dict):
                self._refuse("is invalid: expected an object", name, index)
            elif (edit := read(index, each)) is not None:
                yield edit

    def _cell(self, index: int, given: Mapping[str, Any]) -> CellEdit | None:
        path = ("edits", index)
        self._check_names(given, {"row", "field", "value"}, *path)
        row = given.get("row")
        if not isinstance(row, int) or isinstance(row, bool) or row < 1:
            self._refuse("is not the number of a row", *path, "row", value=row)
            return None
        column, value = self._field(given, *path), self._scalar(given, "value", *path)
        if column is None or value is _MISSING:
            return None
        return CellEdit(row=row, column=column, value=value)

    def _replacement(self, index: int, given: Mapping[str, Any]) -> Replacement | None:
        path = ("replace", index)
        self._check_names(given, {"field", "old", "new"}, *path)
        column, new = self._field(given, *path), self._scalar(given, "new", *path)
        old = given.get("old")
        if not isinstance(old, str):
            self._refuse("is invalid: expected a text", *path, "old", value=old)
            return None
        if column is None or new is _MISSING:
            return None
        return Replacement(column=column, old=old, new=new)

    def _sets(self) -> Iterator[SetEdit]:
        given = self._attributes.get("set")
        if given is None:
            return
        if not isinstance(given, dict):
            self._refuse("is invalid: expected an object", "set")
            return
        for name in given:
            value = self._scalar(given, name, "set")
            if value is not _MISSING:
                yield SetEdit(column=name, value=value)

    def _field(self, given: Mapping[str, Any], *path: str | int) -> str | None:
        name = given.get("field")
        if isinstance(name, str) and name:
            return name
        self._refuse("can't be blank", *path, "field")
        return None

    def _scalar(self, given: Mapping[str, Any], name: str, *path: str | int) -> Any:
        """A value that a cell can have; _MISSING, and noted, where it is another."""
        value = given.get(name, _MISSING)
        if value is _MISSING:
            self._refuse("can't be blank: null takes a value away", *path, name)
        elif not isinstance(value, Scalar):
            self._refuse("is invalid: expected a text, number, boolean or null", *path, name)
            return _MISSING
        return value

    def _check_names(self, given: Mapping[str, Any], names: set[str], *path: str | int) -> None:
        for name in given.keys() - names:
            self._refuse("is not known here", *path, name)

    def _refuse(self, message: str, *path: str | int, value: object = None) -> None:
        field = ".".join(str(part) for part in path if isinstance(part, str))
        self.errors.append(_refusal(_pointer(*path), message, field=field, value=value))


def _refusal(pointer: str, message: str, *, field: str, value: object = None) -> ApiError:
    return validation_error(field, message, pointer=pointer, value=value)


def _told(error: RequestRefused) -> str:
    return error.message if error.hint is None else f"{error.message} ({error.hint})"


def _pointer(*path: str | int) -> str:
    """A JSON pointer into the attributes: RFC 6901, section 3."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return "/".join((_ATTRIBUTES, *parts))
