"""Operations of saved mappings."""

from typing import Any

from longshore.api.mappings import MAPPINGS, VERSION_PARAMETER
from longshore.api.openapi.answers import (
    WITH_BODY,
    WITH_KEY,
    answers,
    document_answer,
    empty_answer,
)
from longshore.api.openapi.parameters import IDEMPOTENCY_KEY, parameter_ref
from longshore.api.openapi.schemas import ref
from longshore.api.openapi.values import Schema
from longshore.api.responses import MEDIA_TYPE
from longshore.mapping import MAPPING_VERSION, ValueKind

_CREATE, _CHANGE, _MAPPING, _SUMMARY = "MappingCreate", "MappingUpdate", "Mapping", "MappingSummary"

_NAME: Schema = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The name of a mapping.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$"},
}
_DOCUMENT: Schema = {
    "type": "object",
    "description": "The mapping document, as the guide of mappings describes it.",
    "required": ["version"],
    "properties": {"version": {"const": MAPPING_VERSION}},
}
_COLUMN: Schema = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "kind": {"enum": [*map(str, ValueKind)]}},
}
_SOURCE: Schema = {
    "type": ["object", "null"],
    "description": "What the file looks like that the mapping is made for: by it an import tells "
    "what has changed.",
    "required": ["columns"],
    "properties": {"columns": {"type": "array", "items": _COLUMN}},
}


def mapping_schemas() -> dict[str, Schema]:
    """The bodies and resource objects of mappings."""
    facts: dict[str, Any] = {
        "name": {"type": "string"},
        "version": {"type": "integer", "minimum": 1},
        "resource_type": {"type": ["string", "null"]},
        "fields_count": {"type": "integer", "minimum": 0},
        "created_at": {"type": "string", "format": "date-time"},
    }
    whole = {
        **facts,
        "document": _DOCUMENT,
        "source": _SOURCE,
        "application_id": {"type": ["string", "null"]},
    }
    given = {"document": _DOCUMENT, "source": _SOURCE}
    return {
        _SUMMARY: _resource(facts),
        _MAPPING: _resource(whole),
        _CREATE: _body({"name": {"type": "string"}, **given}, ["name", "document"], has_id=False),
        _CHANGE: _body({"name": {"type": "string"}, **given}, ["document"], has_id=True),
    }


def mapping_paths() -> dict[str, Schema]:
    """What can be done with mappings."""
    one: Schema = {
        "type": "object",
        "required": ["data"],
        "properties": {"data": ref(_MAPPING)},
    }
    listed: Schema = {
        "type": "object",
        "required": ["data"],
        "properties": {"data": {"type": "array", "items": ref(_SUMMARY)}},
    }
    return {
        "/api/mappings": {
            "get": {
                "operationId": "mappings.list",
                "tags": [MAPPINGS],
                "summary": "List the mappings that are saved, the newest version of each",
                "responses": answers(document_answer("All of them, by name.", listed)),
            },
            "post": {
                "operationId": "mappings.create",
                "tags": [MAPPINGS],
                "summary": "Save a mapping under a name that is free",
                "parameters": [parameter_ref(IDEMPOTENCY_KEY)],
                "requestBody": _content(_CREATE),
                "responses": answers(
                    document_answer("The mapping.", one, status=201),
                    errors=[*WITH_BODY, *WITH_KEY],
                ),
            },
        },
        "/api/mappings/{id}": {
            "parameters": [_NAME],
            "get": {
                "operationId": "mappings.retrieve",
                "tags": [MAPPINGS],
                "summary": "Retrieve a mapping",
                "parameters": [
                    {
                        "name": VERSION_PARAMETER,
                        "in": "query",
                        "description": "Which version; the newest where none is named.",
                        "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
                    }
                ],
                "responses": answers(document_answer("The mapping.", one), errors=[404]),
            },
            "patch": {
                "operationId": "mappings.update",
                "tags": [MAPPINGS],
                "summary": "Save the next version of a mapping",
                "requestBody": _content(_CHANGE),
                "responses": answers(
                    document_answer("The mapping.", one), errors=[404, *WITH_BODY]
                ),
            },
            "delete": {
                "operationId": "mappings.delete",
                "tags": [MAPPINGS],
                "summary": "Delete all versions of a mapping",
                "responses": answers(empty_answer("It is deleted."), errors=[404]),
            },
        },
        "/api/mappings/{id}/versions": {
            "parameters": [_NAME],
            "get": {
                "operationId": "mappings.versions",
                "tags": [MAPPINGS],
                "summary": "List the versions of a mapping that are kept, the newest first",
                "responses": answers(document_answer("All of them.", listed), errors=[404]),
            },
        },
    }


def _resource(attributes: Schema) -> Schema:
    return {
        "type": "object",
        "required": ["id", "type", "attributes"],
        "properties": {
            "id": {"type": "string"},
            "type": {"const": MAPPINGS},
            "links": {"type": "object"},
            "attributes": {
                "type": "object",
                "required": list(attributes),
                "properties": attributes,
            },
            "meta": {"type": "object"},
        },
    }


def _body(attributes: Schema, required: list[str], *, has_id: bool) -> Schema:
    members: Schema = {
        "type": {"const": MAPPINGS},
        "attributes": {
            "type": "object",
            "required": required,
            "properties": attributes,
            "additionalProperties": False,
        },
    }
    if has_id:
        members["id"] = {"type": "string"}
    data: Schema = {"type": "object", "required": list(members), "properties": members}
    return {"type": "object", "required": ["data"], "properties": {"data": data}}


def _content(name: str) -> Schema:
    return {"required": True, "content": {MEDIA_TYPE: {"schema": ref(name)}}}
