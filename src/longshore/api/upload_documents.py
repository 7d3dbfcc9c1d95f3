"""Documents of uploads, and what a client says when it begins one."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from longshore import clock
from longshore.api.bodies import read_resource_object, require_key
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError, ApiErrors, explained_error, validation_error
from longshore.catalogue import meant_type
from longshore.errors import RequestRefused
from longshore.outgoing import OutgoingUrl
from longshore.readers import CsvOptions, Format, text_codec
from longshore.uploads import NewUpload, ReadingOptions, Upload

UPLOADS = "uploads"
# What a body that begins an upload may say. All but the first two may be left out, and with
# `source_url` the name too.
ATTRIBUTES = (
    "name",
    "resource_type",
    "size",
    "source_url",
    "format",
    "encoding",
    "delimiter",
    "quote",
    "escape",
    "header_row",
    "sheet",
    "spreadsheet_safe",
    "column_map",
)
COMPLETE = "complete"
FORMATS = tuple(format_.value for format_ in Format)

_CHARACTERS_MAX = 255
_COLUMNS_MAX = 2_000  # of a column map
_UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")

Value = TypeVar("Value")


def upload_document(request: ApiRequest, upload: Upload) -> dict[str, Any]:
    """The resource object of an upload."""
    encode = request.services.public_ids.encode
    id_ = encode(upload.id)
    return {
        "id": id_,
        "type": UPLOADS,
        "links": {"self": f"{request.context.address.api_url}/{UPLOADS}/{id_}"},
        "attributes": {
            "name": upload.name,
            "resource_type": upload.resource_type,
            "size": upload.size,
            "source_url": None if upload.source_url is None else upload.source_url.shown,
            "reading": upload.reading.to_dict(),
            "state": str(upload.state),
            "received_bytes": upload.received_bytes,
            "read_bytes": upload.read_bytes,
            "found": _found(upload),
            "refusal": _refusal(upload),
            "import_id": None if upload.import_id is None else encode(upload.import_id),
            "created_at": clock.format_datetime(upload.created_at),
            "updated_at": clock.format_datetime(upload.updated_at),
            "checked_at": _time(upload.checked_at),
            "expires_at": _time(upload.expires_at),
        },
    }


def read_new_upload(request: ApiRequest) -> NewUpload:
    """What a body asks for; raises ApiError, or ApiErrors with all that is wrong with it."""
    given = _attributes(request.body)
    reader = _NewUploadReader(request, given)
    new = reader.new_upload()
    if reader.errors:
        raise ApiErrors(reader.errors)
    assert new is not None
    return new


def read_completion(request: ApiRequest) -> None:
    """Refuse a change of an upload that says anything but that all bytes are there."""
    data = read_resource_object(request.body, UPLOADS)
    require_key(data, request.parameters["id"])
    given = _attributes_of(data, allowed=(COMPLETE,))
    if given.get(COMPLETE) is not True:
        raise explained_error(
            COMPLETE,
            "is invalid",
            pointer=_pointer(COMPLETE),
            reason="true says that all bytes are there, and nothing else can be said",
        )


def _attributes(body: bytes) -> Mapping[str, Any]:
    data = read_resource_object(body, UPLOADS)
    if "id" in data:
        raise ApiError("PARAM_NOT_ALLOWED", param="id", pointer="/data/id")
    return _attributes_of(data, allowed=ATTRIBUTES)


def _attributes_of(data: Mapping[str, Any], *, allowed: tuple[str, ...]) -> Mapping[str, Any]:
    given = data.get("attributes") or {}
    if not isinstance(given, dict):
        detail = "Attributes must be a hash."
        raise ApiError("INVALID_DATA_FORMAT", detail=detail, pointer="/data/attributes")
    unknown = [
        ApiError("PARAM_NOT_ALLOWED", param=name, pointer=_pointer(name))
        for name in given
        if name not in allowed
    ]
    if unknown:
        raise ApiErrors(unknown)
    return given


class _NewUploadReader:
    """Goes through the attributes and notes all that is wrong with them."""

    def __init__(self, request: ApiRequest, given: Mapping[str, Any]) -> None:
        self._request = request
        self._given = given
        self.errors: list[ApiError] = []

    def new_upload(self) -> NewUpload | None:
        url = self._source_url()
        name = self._text("name", required=url is None)
        if name is None and url is not None:
            name = url.file_name
        resource_type = self._resource_type()
        size = self._number("size")
        if url is not None and size is not None:
            self._refuse("size", "is invalid", reason="it is for bytes that are sent")
        reading = self._reading()
        if self.errors:
            return None
        assert name is not None
        assert resource_type is not None
        assert reading is not None
        return NewUpload(
            environment=self._request.context.environment.number,
            application_id=self._request.context.proven.application.id,
            name=name,
            resource_type=resource_type,
            size=size,
            reading=reading,
            source_url=url,
        )

    def _source_url(self) -> OutgoingUrl | None:
        """The address to fetch; nothing of it is repeated in what is refused."""
        value = self._given.get("source_url")
        if value is None:
            return None
        if not isinstance(value, str):
            self._refuse("source_url", "is invalid", reason="expected a text")
            return None
        return self._attempt("source_url", lambda: OutgoingUrl.read(value))

    def _resource_type(self) -> str | None:
        name = self._text("resource_type", required=True)
        catalogue = self._request.services.catalogue
        if name is None or name in catalogue.creatable:
            return name
        meant = meant_type(catalogue, name, catalogue.creatable)
        reason = None if meant is None else f"did you mean {meant}?"
        self._refuse("resource_type", "is not included in the list", reason=reason, value=name)
        return None

    def _reading(self) -> ReadingOptions | None:
        format_ = self._attempt("format", lambda: _format(self._text("format")))
        encoding = self._attempt("encoding", lambda: _codec(self._text("encoding")))
        delimiter = self._text("delimiter", may_be_blank=True)
        quote = self._text("quote", may_be_blank=True)
        escape = self._text("escape", may_be_blank=True)
        header_row = self._header_row()
        self._attempt("header_row", lambda: CsvOptions.parse(header_row=header_row))
        if self.errors:
            return None
        csv = self._attempt(
            "delimiter",
            lambda: CsvOptions.parse(
                delimiter=delimiter, quote=quote, escape=escape, header_row=header_row
            ),
        )
        sheet = self._text("sheet")
        is_guarded = self._given.get("spreadsheet_safe")
        if is_guarded not in (None, True, False):
            self._refuse("spreadsheet_safe", "is invalid", reason="expected true or false")
        column_map = read_column_map(self._given.get("column_map"), self._refuse)
        if csv is None:
            return None
        return ReadingOptions(
            format=format_,
            encoding=encoding,
            csv=csv,
            sheet=sheet,
            is_guarded=bool(is_guarded),
            column_map=column_map,
        )

    def _text(self, name: str, *, required: bool = False, may_be_blank: bool = False) -> str | None:
        value = self._given.get(name)
        if value is None or (value == "" and not may_be_blank):
            if required:
                self._refuse(name, "can't be blank")
            return None
        if not isinstance(value, str) or _UNFIT.search(value.replace("\t", "")):
            self._refuse(name, "is invalid", reason="expected a text without control characters")
            return None
        if len(value) > _CHARACTERS_MAX:
            self._refuse(name, f"is too long (maximum is {_CHARACTERS_MAX} characters)")
            return None
        return value

    def _number(self, name: str) -> int | None:
        value = self._given.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
            self._refuse(name, "is invalid", reason="expected a whole number above 0", value=value)
            return None
        return value

    def _header_row(self) -> str | None:
        """A line, or two lines such as 3-4, as the option of `longshore import` is written."""
        value = self._given.get("header_row")
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self._text("header_row")

    def _attempt(self, name: str, read: Callable[[], Value]) -> Value | None:
        try:
            return read()
        except RequestRefused as refused:
            self._refuse(name, "is invalid", reason=refused.message)
            return None

    def _refuse(
        self, name: str, message: str, *, reason: str | None = None, value: object = None
    ) -> None:
        error = explained_error(name, message, pointer=_pointer(name), reason=reason, value=value)
        error.is_of_body = True
        self.errors.append(error)


def read_column_map(given: object, refuse: Callable[..., None]) -> Mapping[str, str]:
    """Columns, or keys of rows, with the fields that they are; a column that is to be left out has
    an empty text. `refuse` is told what is wrong."""
    if given is None:
        return {}
    if (
        not isinstance(given, dict)
        or len(given) > _COLUMNS_MAX
        or not all(isinstance(field, str) for field in given.values())
    ):
        reason = f"expected an object of texts, a field by each column, at most {_COLUMNS_MAX}"
        refuse("column_map", "is invalid", reason=reason)
        return {}
    return given


def _format(text: str | None) -> Format | None:
    if text is None:
        return None
    if text not in FORMATS:
        raise RequestRefused(f"expected one of {', '.join(FORMATS)}, found {text!r}")
    return Format(text)


def _codec(text: str | None) -> str | None:
    return None if text is None else text_codec(text)


def _found(upload: Upload) -> dict[str, Any] | None:
    stored = upload.attachment
    if stored is None:
        return None
    layout = stored.layout
    return {
        "format": stored.source_format.value,
        "encoding": layout.encoding,
        "delimiter": layout.delimiter,
        "sheet": layout.sheet or None,
        "sheets": list(stored.sheets),
        "columns": list(layout.columns),
        "rows_count": stored.rows_count,
        "bytes": stored.raw_bytes,
        "warnings": [notice.to_dict() for notice in stored.notices],
        "reasons": list(stored.reasons),
    }


def _refusal(upload: Upload) -> dict[str, Any] | None:
    refusal = upload.refusal
    if refusal is None:
        return None
    return {
        "message": refusal.message,
        "hint": refusal.hint,
        "line": refusal.line,
        "column": refusal.column,
    }


def _time(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else clock.format_datetime(milliseconds)


def _pointer(name: str) -> str:
    return f"/data/attributes/{name}"


def refused_as_a_whole(message: str) -> ApiError:
    """What to say where an environment has no room for an upload."""
    return validation_error("base", message, pointer="/data")
