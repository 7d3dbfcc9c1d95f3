"""Operations of import groups, which are no resource type of the catalogue."""

from typing import Any

from longshore.api.group_bodies import (
    COMMON_ATTRIBUTES,
    INPUTS,
    INTERRUPT,
    UNDO,
)
from longshore.api.import_groups import GROUPS_PAGE_SIZE_MAX
from longshore.api.openapi.answers import (
    WITH_BODY,
    WITH_KEY,
    answers,
    document_answer,
    empty_answer,
)
from longshore.api.openapi.import_operations import import_bodies, with_all_types
from longshore.api.openapi.operations import create_body_name
from longshore.api.openapi.parameters import IDEMPOTENCY_KEY, page_parameter, parameter_ref
from longshore.api.openapi.progress_operations import progress_path
from longshore.api.openapi.schemas import ref
from longshore.api.openapi.values import Schema
from longshore.api.responses import MEDIA_TYPE
from longshore.api.submission_rules import ONLY
from longshore.catalogue import Catalogue
from longshore.imports import GroupForm, Status, StopRule
from longshore.operations import IMPORT_GROUPS

_OBJECT = "ImportGroup"
_NEW = "NewImportGroup"
_TRIGGER = "ImportGroupTrigger"


def group_schemas(catalogue: Catalogue) -> dict[str, Schema]:
    """What groups look like, and the bodies that make one, and change it."""
    return {_OBJECT: _group(), _NEW: _new(catalogue), _TRIGGER: _trigger()}


def group_paths() -> dict[str, Schema]:
    """The operations of groups."""
    id_ = {"parameters": [parameter_ref("id")]}
    return {
        "/api/import_groups": {
            "get": {
                "operationId": "import_groups.list",
                "tags": [IMPORT_GROUPS],
                "summary": "List the import groups, newest first",
                "parameters": [page_parameter(GROUPS_PAGE_SIZE_MAX)],
                "responses": answers(document_answer("A page of groups.", _page())),
            },
            "post": {
                "operationId": "import_groups.create",
                "tags": [IMPORT_GROUPS],
                "summary": "Import rows of several types as one",
                "description": "Each type becomes an import. They run in the order in which the "
                "types name each other, so rows may name by key what other rows create; rules that "
                "stop an import count the rows of all.",
                "parameters": [parameter_ref(IDEMPOTENCY_KEY)],
                "requestBody": _request(_NEW),
                "responses": answers(
                    document_answer("It is created.", _document(), status=201),
                    errors=[*WITH_BODY, *WITH_KEY],
                ),
            },
        },
        **progress_path(IMPORT_GROUPS),
        "/api/import_groups/{id}": {
            **id_,
            "get": {
                "operationId": "import_groups.retrieve",
                "tags": [IMPORT_GROUPS],
                "summary": "Look how far a group is, and each of its imports",
                "responses": answers(document_answer("The group.", _document()), errors=[404]),
            },
            "patch": {
                "operationId": "import_groups.update",
                "tags": [IMPORT_GROUPS],
                "summary": "Stop a group that waits or runs, or take back what one has done",
                "description": "With `_interrupt` what is not finished of it is stopped. With "
                "`_undo` what one has done that has ended is taken back: an undo for each of its "
                "imports that has changed anything, the last of them first; `meta.undos` names "
                "them, and `meta.undo` is the one that ends last.",
                "parameters": [parameter_ref(IDEMPOTENCY_KEY)],
                "requestBody": _request(_TRIGGER),
                "responses": answers(
                    document_answer("The group.", _document()),
                    errors=[404, 423, *WITH_BODY, *WITH_KEY],
                ),
            },
            "delete": {
                "operationId": "import_groups.delete",
                "tags": [IMPORT_GROUPS],
                "summary": "Delete a group with its imports",
                "description": "What waits or runs of it is stopped; what it has imported stays.",
                "responses": answers(empty_answer("It is gone."), errors=[404]),
            },
        },
    }


def _request(name: str) -> Schema:
    return {"required": True, "content": {MEDIA_TYPE: {"schema": ref(name)}}}


def _new(catalogue: Catalogue) -> Schema:
    """The body of a new group, whose attributes are among those of an import."""
    of_import = import_bodies(catalogue)[create_body_name(with_all_types(catalogue))]
    known = of_import["properties"]["data"]["properties"]["attributes"]["properties"]
    names = (*COMMON_ATTRIBUTES, *(str(rule) for rule in StopRule), ONLY)
    rows: Schema = {"type": "array", "items": {"type": "object"}}
    attributes: Schema = {
        "type": "object",
        "properties": {
            INPUTS: {
                "type": "object",
                "description": "A list of rows under the name of each resource type, in any order; "
                "at most as many rows in all as an import may have.",
                "properties": dict.fromkeys(catalogue.creatable, rows),
                "minProperties": 1,
            },
            **{name: known[name] for name in names},
        },
        "required": [INPUTS],
        "additionalProperties": False,
    }
    return _body({"type": {"const": IMPORT_GROUPS}, "attributes": attributes})


def _trigger() -> Schema:
    attributes: Schema = {
        "type": "object",
        "properties": {
            INTERRUPT: {"type": "boolean", "description": "True stops what is not finished of it."},
            UNDO: {"type": "boolean", "description": "True takes back what it has done."},
        },
        "minProperties": 1,
        "additionalProperties": False,
    }
    return _body(
        {
            "type": {"const": IMPORT_GROUPS},
            "id": {"type": "string", "description": "The id in the path."},
            "attributes": attributes,
        }
    )


def _body(members: Schema) -> Schema:
    data: Schema = {"type": "object", "properties": members, "required": list(members)}
    return {"type": "object", "properties": {"data": data}, "required": ["data"]}


def _group() -> Schema:
    count: Schema = {"type": "integer", "minimum": 0}
    text: Schema = {"type": ["string", "null"]}
    time: Schema = {"type": ["string", "null"], "format": "date-time"}

    def told(schema: Schema, description: str) -> Any:
        return {**schema, "description": description}

    counts = ("inputs_size", "processed_count", "errors_count", "warnings_count")
    changes = ("created_count", "updated_count", "unchanged_count", "skipped_count")
    times = ("started_at", "completed_at", "interrupted_at", "created_at", "updated_at")
    attributes: Schema = {
        "status": told(
            {"enum": [*map(str, Status)]},
            "Completed where all its imports are, interrupted where one of them is.",
        ),
        "form": told({"enum": [*map(str, GroupForm)]}, "What its source is."),
        "dialect": told(text, "Of a file of another system."),
        "source_name": text,
        **{name: told(count, "The sum of its imports.") for name in (*counts, *changes)},
        **dict.fromkeys(times, time),
        "reference": text,
        "reference_origin": text,
        "metadata": {"type": "object"},
    }
    linkage: Schema = {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"type": {"type": "string"}, "id": {"type": "string"}},
            "required": ["type", "id"],
        },
    }
    return {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "type": {"const": IMPORT_GROUPS},
            "links": {"type": "object", "properties": {"self": {"type": "string"}}},
            "attributes": {
                "type": "object",
                "properties": attributes,
                "required": list(attributes),
            },
            "relationships": told(
                {
                    "type": "object",
                    "properties": {
                        "imports": {"type": "object", "properties": {"data": linkage}},
                    },
                    "required": ["imports"],
                },
                "Its imports, in the order in which they run.",
            ),
            "meta": told(
                {"type": "object"},
                "`warnings` of the source as a whole, why it was `recognised`, `retry_of`, "
                "`plan_id`, and what takes it back: `undo` and `undos`.",
            ),
        },
        "required": ["id", "type", "links", "attributes", "relationships", "meta"],
    }


def _document() -> Schema:
    return {
        "type": "object",
        "properties": {
            "data": ref(_OBJECT),
            "included": {
                "type": "array",
                "items": {"type": "object"},
                "description": "The documents of its imports; in answers to changes they "
                "have no `inputs` and no `attachment_url`.",
            },
        },
        "required": ["data", "included"],
    }


def _page() -> Schema:
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": ref(_OBJECT), "maxItems": GROUPS_PAGE_SIZE_MAX},
            "meta": ref("ListMeta"),
            "links": ref("ListLinks"),
        },
        "required": ["data", "meta", "links"],
    }
