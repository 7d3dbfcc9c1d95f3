"""POST /api/imports: rows are streamed to a file, checked, stored, and wait for a worker.

Nothing of a refused submission is kept. What is wrong with the document is answered with status
400, what is wrong with the import with 422 and a pointer, all of it together where it can be known
together; the rows are read only when the rest is right.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from starlette.responses import Response

from longshore.access import Action
from longshore.api.bodies import read_create_body
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError, ApiErrors, explained_error, validation_error
from longshore.api.queries import Query, parse_document_query
from longshore.api.resource_documents import check_query, one_document
from longshore.api.responses import created_response
from longshore.api.submission_body import (
    Envelope,
    InputsKind,
    MalformedBody,
    SubmissionBody,
    UnwritableText,
)
from longshore.api.submission_rules import RULE_ATTRIBUTES, SubmissionRules, mapping_error
from longshore.api.upload_documents import read_column_map
from longshore.catalogue import Attribute, ResourceType, meant_type
from longshore.engine import ValueRefused, converter
from longshore.errors import RequestRefused
from longshore.imports import ImportRequest, SourceRepeated, TooManyUnfinished
from longshore.mapping import MappingRefused
from longshore.operations import (
    AnswerTooLarge,
    Found,
    NoSuchUpload,
    TooManyLinks,
    same_content_document,
)
from longshore.readers import EmptySource, Format
from longshore.sources import Source, TooManyRows
from longshore.uploads import UploadUnusable

UPLOAD_ID = "upload_id"
COLUMN_MAP = "column_map"

_BLANK = "can't be blank"
_INVALID = "is invalid"
_REPEATED = "were imported before"
_NOT_LISTED = "is not included in the list"
_MUST_EXIST = "must exist"
_TOO_LONG = "is too long"  # for a limit that is a setting


def create_import(request: ApiRequest) -> Response:
    """POST /api/imports"""
    services = request.services
    declared = services.catalogue.types["imports"]
    request.context.require(Action.CREATE, "imports")
    query = parse_document_query(services.catalogue, "imports", request.query)
    check_query(request.context, "imports", query)
    with received_submission(request, declared) as submission:
        found = _submit(request, submission, query)
    return created_response(one_document(request.context, query, found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A submission whose rows are all that is left to be looked at."""

    format: Format
    request: ImportRequest
    upload_id: int | None  # None: the rows are in the body
    file: BinaryIO  # the rows of the body

    @property
    def source(self) -> Source:
        """The rows of the body as a source."""
        return Source.from_stream(self.file, name="inputs", format=self.format, encoding="utf-8")


@contextmanager
def received_submission(request: ApiRequest, declared: ResourceType) -> Iterator[Submission]:
    """What the body of a request submits, its rows kept within the block; `declared` is what is to
    be created, and has the attributes of imports. Raises ApiErrors with all that is wrong with it.
    """
    with request.services.attachments.spool() as file:
        envelope = _receive(request, file)
        submission = _Reading(request, declared, envelope, file).checked()
        file.seek(0)
        yield submission


def _receive(request: ApiRequest, file: BinaryIO) -> Envelope:
    """The document without its rows, which go to the file."""
    body = SubmissionBody(file)
    try:
        for piece in request.stream:
            body.feed(piece)
        return body.finish()
    except MalformedBody as error:
        raise ApiError(
            "BAD_REQUEST", reason=f"The body cannot be read: {error}.", is_of_body=True
        ) from error
    except UnwritableText as error:
        raise _refusal("inputs", _INVALID, reason=str(error), is_of_body=True) from error


def _submit(request: ApiRequest, submission: Submission, query: Query) -> Found:
    services = request.services
    submissions = request.operations.submissions
    with told_refusals(submission):
        if submission.upload_id is not None:
            return submissions.submit_upload_and_read(
                request.asker,
                submission.upload_id,
                submission.request,
                query,
                on_stored=services.wake,
            )
        return submissions.submit_and_read(
            request.asker,
            submission.source,
            submission.request,
            query,
            rows_max=services.settings.import_inputs_max,
            on_stored=services.wake,
        )


@contextmanager
def told_refusals(submission: Submission) -> Iterator[None]:
    """What refuses a submission within the block becomes an error of the table."""
    field = "inputs" if submission.upload_id is None else UPLOAD_ID
    try:
        yield
    except (AnswerTooLarge, TooManyLinks):
        raise  # it is not the import that is refused
    except TooManyRows as error:
        message = f"is too long (maximum is {error.rows_max} items)"
        raise validation_error("inputs", message, pointer=_pointer("inputs")) from error
    except TooManyUnfinished as error:
        raise _refusal("base", error.message) from error
    except NoSuchUpload as error:
        raise _refusal(UPLOAD_ID, _MUST_EXIST) from error
    except UploadUnusable as error:
        refused = _refusal(UPLOAD_ID, _INVALID, reason=error.message)
        refused.meta = {**(refused.meta or {}), "state": str(error.state)}
        raise refused from error
    except EmptySource as error:
        raise _refusal("inputs", _BLANK, reason=error.message, is_of_body=True) from error
    except SourceRepeated as error:
        refused = _refusal(field, _REPEATED, reason=error.message)
        refused.meta = {
            **(refused.meta or {}),
            "same_content_as": same_content_document(error.earlier),
        }
        raise refused from error
    except MappingRefused as error:
        unfit = mapping_error(error)
        # Another version may fit.
        unfit.is_of_body = submission.request.saved_mapping is None
        raise unfit from error
    except RequestRefused as error:
        raise _refusal(field, _INVALID, reason=error.message) from error


class _Reading:
    """What a document says of an import, checked as one record is."""

    def __init__(
        self, request: ApiRequest, declared: ResourceType, envelope: Envelope, file: BinaryIO
    ) -> None:
        self._request = request
        self._file = file
        self._attributes = {each.name: each for each in declared.attributes}
        self._inputs = envelope.inputs
        text = _without_linkage(envelope.text) if envelope.as_linkage else envelope.text
        catalogue = request.services.catalogue
        further = (*RULE_ATTRIBUTES, UPLOAD_ID, COLUMN_MAP)
        self._given = read_create_body(catalogue, declared, text, further=further).values
        self._rules = SubmissionRules(
            self._given, lambda named: request.operations.saved_mappings.named(request.asker, named)
        )
        self._errors: list[ApiError] = []

    def checked(self) -> Submission:
        """The submission; raises ApiErrors with all that is wrong with it."""
        upload_id = self._upload_id()
        column_map = read_column_map(self._given.get(COLUMN_MAP), self._explain)
        format_ = self._format()
        resource_type = self._resource_type()
        parent = self._value("parent_resource_id") or None
        skip_errors = self._value("skip_errors")
        once = self._value("once")
        part_of = self._value("part_of")
        all_or_nothing = bool(self._value("all_or_nothing"))
        if all_or_nothing and skip_errors:
            self._explain(
                "all_or_nothing",
                _INVALID,
                reason="with skip_errors rows are written though others fail",
            )
        reference = self._value("reference")
        reference_origin = self._value("reference_origin")
        metadata = self._value("metadata")
        stop_rules, only = self._rules.stop_rules(), self._rules.only()
        mapping = self._rules.mapping()
        self._errors += self._rules.errors
        if UPLOAD_ID not in self._given:
            self._check_inputs(format_)
        has_parent = resource_type is not None and resource_type.parent is not None
        if resource_type is not None and has_parent and parent is not None:
            self._check_parent(resource_type, parent)
        if self._errors:
            raise ApiErrors(self._errors)
        assert format_ is not None
        assert resource_type is not None
        return Submission(
            file=self._file,
            format=format_,
            upload_id=upload_id,
            request=ImportRequest(
                resource_type=resource_type.name,
                application_id=self._request.context.proven.application.id,
                parent=parent if has_parent else None,
                parent_resource_id=parent,
                column_map=column_map,
                skip_errors=bool(skip_errors),
                once=bool(once),
                part_of=part_of,
                all_or_nothing=all_or_nothing,
                reference=reference,
                reference_origin=reference_origin,
                metadata=json.loads(metadata or "{}"),
                stop_rules=stop_rules,
                only=only,
                mapping=mapping,
                saved_mapping=self._rules.saved_mapping,
            ),
        )

    def _format(self) -> Format | None:
        value = self._value("format") if self._given.get("format") is not None else "json"
        return None if value is None else Format(value)

    def _upload_id(self) -> int | None:
        """The upload that takes the place of inputs; None: there is none, or it is wrong."""
        if UPLOAD_ID not in self._given:
            return None
        if self._given.get("inputs") is not None or self._inputs is not None:
            self._explain(UPLOAD_ID, _INVALID, reason="an import has inputs, or an upload")
        if self._given.get("format") is not None:
            self._explain("format", _INVALID, reason="the format of an upload is said there")
        given = self._given[UPLOAD_ID]
        if not isinstance(given, str) or not given:
            self._refuse(UPLOAD_ID, _BLANK if given in (None, "") else _INVALID)
            return None
        key = self._request.services.public_ids.decode(given)
        if key is None:
            self._refuse(UPLOAD_ID, _MUST_EXIST, value=given)
        return key

    def _resource_type(self) -> ResourceType | None:
        """The type of the rows: any of the catalogue that can be created."""
        if self._given.get("resource_type") in (None, ""):
            self._refuse("resource_type", _BLANK)
            return None
        value = self._value("resource_type", enum=())
        if value is None:
            return None
        catalogue = self._request.services.catalogue
        if value not in catalogue.creatable:
            meant = meant_type(catalogue, value, catalogue.creatable)
            reason = None if meant is None else f"did you mean {meant}?"
            self._errors.append(_refusal("resource_type", _NOT_LISTED, reason=reason, value=value))
            return None
        return catalogue.types[value]

    def _check_inputs(self, format_: Format | None) -> None:
        """An array for `json`, a string for `csv`."""
        if self._inputs is None:
            given = self._given.get("inputs")
            self._refuse("inputs", _BLANK if given in (None, "", {}) else _INVALID)
            return
        expected = InputsKind.TEXT if format_ is Format.CSV else InputsKind.ARRAY
        if format_ is not None and self._inputs is not expected:
            reason = (
                "with the format csv, inputs are one string that begins with a header line"
                if format_ is Format.CSV
                else "with the format json, inputs are an array; CSV needs the format csv"
            )
            self._errors.append(_refusal("inputs", _INVALID, reason=reason, is_of_body=True))

    def _check_parent(self, resource_type: ResourceType, parent: str) -> None:
        """Over the wire a parent is named by its id."""
        services = self._request.services
        if services.public_ids.decode(parent) is not None:
            try:
                self._request.operations.parents.find(
                    self._request.context.environment, resource_type, parent
                )
                return
            except RequestRefused:
                pass
        self._refuse("parent_resource_id", _MUST_EXIST, value=parent)

    def _value(self, name: str, **changes: Any) -> Any:
        """The value of an attribute; None where it was left out or is wrong."""
        given = self._given.get(name)
        if given is None:
            return None
        attribute: Attribute = replace(self._attributes[name], **changes)
        settings = self._request.services.settings
        flags = self._request.context.environment.flags
        try:
            return converter(attribute, flags, settings.cell_bytes_max)(given)
        except ValueRefused as refused:
            self._refuse(name, refused.message, value=given)
            return None

    def _explain(self, name: str, message: str, *, reason: str) -> None:
        self._errors.append(_refusal(name, message, reason=reason, is_of_body=True))

    def _refuse(self, name: str, message: str, *, value: object = None) -> None:
        error = validation_error(name, message, pointer=_pointer(name), value=value)
        error.is_of_body = message != _MUST_EXIST and not message.startswith(_TOO_LONG)
        self._errors.append(error)


def _refusal(
    name: str,
    message: str,
    *,
    reason: str | None = None,
    value: object = None,
    is_of_body: bool = False,
) -> ApiError:
    """A validation error that says more than its message, in `meta`."""
    error = explained_error(name, message, pointer=_pointer(name), reason=reason, value=value)
    error.is_of_body = error.is_of_body or is_of_body
    return error


def _pointer(name: str) -> str:
    return "/data" if name == "base" else f"/data/attributes/{name}"


def _without_linkage(text: bytes) -> bytes:
    """A document whose rows stood as the linkage of a relationship, without that relationship."""
    try:
        document: Any = json.loads(text)
        del document["data"]["relationships"]["inputs"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return text  # broken, as will be found
    return json.dumps(document).encode()
