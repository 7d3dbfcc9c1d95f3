"""What a request says of an import group: its rows, and how they are to be imported."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from longshore.api.bodies import read_resource_object, require_key
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError, ApiErrors, explained_error, validation_error
from longshore.api.labels import is_fired
from longshore.api.submission_body import InputsKind, MalformedBody, SubmissionBody
from longshore.api.submission_rules import ONLY, SubmissionRules
from longshore.engine import ValueRefused, converter
from longshore.imports import StopRule
from longshore.operations import IMPORT_GROUPS, GroupRequest

INPUTS = "inputs"
INTERRUPT = "_interrupt"
UNDO = "_undo"

# Attributes of an import that mean the same of a group.
COMMON_ATTRIBUTES = ("skip_errors", "once", "reference", "reference_origin", "metadata")
_ATTRIBUTES = (INPUTS, *COMMON_ATTRIBUTES, *(str(rule) for rule in StopRule), ONLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBody:
    """A group whose rows are all that is left to be looked at."""

    file: BinaryIO  # one object with a list of rows under the name of each type
    request: GroupRequest


def receive_group(request: ApiRequest, file: BinaryIO) -> GroupBody:
    """What a body asks for, its rows written to the file; raises ApiErrors with all that is wrong
    with the rest."""
    body = SubmissionBody(file, are_lists=True)
    try:
        for piece in request.stream:
            body.feed(piece)
        envelope = body.finish()
    except MalformedBody as error:
        raise ApiError(
            "BAD_REQUEST", reason=f"The body cannot be read: {error}.", is_of_body=True
        ) from error
    data = read_resource_object(envelope.text, IMPORT_GROUPS)
    if "id" in data:
        raise ApiError("PARAM_NOT_ALLOWED", param="id", pointer="/data/id")
    given = _attributes_of(data, allowed=_ATTRIBUTES)
    asked = _GroupReading(request, given).checked(has_inputs=envelope.inputs is InputsKind.OBJECT)
    file.seek(0)
    return GroupBody(file=file, request=asked)


def read_group_trigger(request: ApiRequest) -> str:
    """INTERRUPT or UNDO, whichever the body of a change asks for; nothing else can be."""
    data = read_resource_object(request.body, IMPORT_GROUPS)
    require_key(data, request.parameters["id"])
    triggers = (INTERRUPT, UNDO)
    given = _attributes_of(data, allowed=triggers)
    fired = [name for name in triggers if is_fired(name, given.get(name))]
    if len(fired) > 1:
        raise validation_error(
            UNDO,
            f"cannot be asked for together with {INTERRUPT}: only what has ended is taken back",
            pointer=f"/data/attributes/{UNDO}",
            value=True,
        )
    if not fired:
        named = next((name for name in triggers if name in given), INTERRUPT)
        raise explained_error(
            named,
            "is invalid",
            pointer=f"/data/attributes/{named}",
            reason=f"true for {INTERRUPT} stops the group, true for {UNDO} takes back what it has "
            "done, and nothing else can be asked for",
        )
    return fired[0]


def _attributes_of(data: Mapping[str, Any], *, allowed: tuple[str, ...]) -> Mapping[str, Any]:
    given = data.get("attributes") or {}
    if not isinstance(given, dict):
        detail = "Attributes must be a hash."
        raise ApiError("INVALID_DATA_FORMAT", detail=detail, pointer="/data/attributes")
    if data.get("relationships"):
        raise ApiError("PARAM_NOT_ALLOWED", param="relationships", pointer="/data/relationships")
    unknown = [
        ApiError("PARAM_NOT_ALLOWED", param=name, pointer=f"/data/attributes/{name}")
        for name in given
        if name not in allowed
    ]
    if unknown:
        raise ApiErrors(unknown)
    return given


class _GroupReading:
    """The attributes of a body, checked as those of an import are."""

    def __init__(self, request: ApiRequest, given: Mapping[str, Any]) -> None:
        self._request = request
        self._given = given
        declared = request.services.catalogue.types["imports"]
        self._attributes = {each.name: each for each in declared.attributes}
        self._errors: list[ApiError] = []

    def checked(self, *, has_inputs: bool) -> GroupRequest:
        """What is asked for beside the rows; raises ApiErrors."""
        rules = SubmissionRules(
            self._given,
            lambda named: self._request.operations.saved_mappings.named(self._request.asker, named),
        )
        stop_rules, only = rules.stop_rules(), rules.only()
        values = {name: self._value(name) for name in COMMON_ATTRIBUTES}
        self._errors += rules.errors
        if not has_inputs:
            self._refuse_inputs()
        if self._errors:
            raise ApiErrors(self._errors)
        return GroupRequest(
            application_id=self._request.context.proven.application.id,
            skip_errors=bool(values["skip_errors"]),
            stop_rules=stop_rules,
            once=bool(values["once"]),
            only=only,
            reference=values["reference"],
            reference_origin=values["reference_origin"],
            metadata=json.loads(values["metadata"] or "{}"),
        )

    def _refuse_inputs(self) -> None:
        given = self._given.get(INPUTS)
        error = explained_error(
            INPUTS,
            "can't be blank" if given in (None, "", []) else "is invalid",
            pointer=f"/data/attributes/{INPUTS}",
            reason="inputs are an object with a list of rows under the name of each resource type",
        )
        error.is_of_body = True
        self._errors.append(error)

    def _value(self, name: str) -> Any:
        given = self._given.get(name)
        if given is None:
            return None
        settings, flags = self._request.services.settings, self._request.context.environment.flags
        try:
            return converter(self._attributes[name], flags, settings.cell_bytes_max)(given)
        except ValueRefused as refused:
            pointer = f"/data/attributes/{name}"
            error = validation_error(name, refused.message, pointer=pointer, value=given)
            error.is_of_body = True
            self._errors.append(error)
            return None
