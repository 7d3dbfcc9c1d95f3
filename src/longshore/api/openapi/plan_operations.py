"""Operations of plans, which are no resource type of the catalogue."""

from copy import deepcopy
from typing import Any

from longshore.api.import_plans import APPLY, INTERRUPT, PLANS_PAGE_SIZE_MAX
from longshore.api.openapi.answers import (
    WITH_BODY,
    WITH_KEY,
    answers,
    document_answer,
    empty_answer,
)
from longshore.api.openapi.import_operations import import_bodies, page_of_rows, with_all_types
from longshore.api.openapi.operations import create_body_name
from longshore.api.openapi.parameters import (
    IDEMPOTENCY_KEY,
    outcome_parameter,
    page_parameter,
    parameter_ref,
)
from longshore.api.openapi.progress_operations import progress_path
from longshore.api.openapi.schemas import document_of, ref
from longshore.api.openapi.values import Schema
from longshore.api.responses import MEDIA_TYPE
from longshore.api.row_queries import OUTCOME_FILTERS
from longshore.catalogue import Catalogue
from longshore.imports import Status
from longshore.operations import IMPORT_PLANS, SHOWN_ROWS_MAX

_OBJECT = "ImportPlan"
_NEW = "NewImportPlan"
_TRIGGER = "ImportPlanTrigger"


def plan_schemas(catalogue: Catalogue) -> dict[str, Schema]:
    """What plans look like, and the bodies that make and stop one."""
    body = deepcopy(import_bodies(catalogue)[create_body_name(with_all_types(catalogue))])
    body["properties"]["data"]["properties"]["type"] = {"const": IMPORT_PLANS}
    return {_OBJECT: _plan(catalogue), _NEW: body, _TRIGGER: _trigger()}


def plan_paths() -> dict[str, Schema]:
    """The operations of plans."""
    id_ = {"parameters": [parameter_ref("id")]}
    shown = document_of(ref(_OBJECT))
    return {
        "/api/import_plans": {
            "get": {
                "operationId": "import_plans.list",
                "tags": [IMPORT_PLANS],
                "summary": "List the plans, newest first",
                "parameters": [page_parameter(PLANS_PAGE_SIZE_MAX)],
                "responses": answers(document_answer("A page of plans.", _page())),
            },
            "post": {
                "operationId": "import_plans.create",
                "tags": [IMPORT_PLANS],
                "summary": "Plan an import, which writes no record",
                "description": "The body is that of an import. A worker goes through the rows.",
                "parameters": [parameter_ref(IDEMPOTENCY_KEY)],
                "requestBody": _request(_NEW),
                "responses": answers(
                    document_answer("It is created.", shown, status=201),
                    errors=[*WITH_BODY, *WITH_KEY],
                ),
            },
        },
        "/api/import_plans/{id}": {
            **id_,
            "get": {
                "operationId": "import_plans.retrieve",
                "tags": [IMPORT_PLANS],
                "summary": "Look how far a plan is, and what an import would do",
                "responses": answers(document_answer("The plan.", shown), errors=[404]),
            },
            "patch": {
                "operationId": "import_plans.update",
                "tags": [IMPORT_PLANS],
                "summary": "Apply a plan, or stop one that waits or runs",
                "description": "An import is created that does exactly what the plan has found, or "
                "nothing: `import_id` of the answer names it.",
                "parameters": [parameter_ref(IDEMPOTENCY_KEY)],
                "requestBody": _request(_TRIGGER),
                "responses": answers(
                    document_answer("The plan.", shown), errors=[404, *WITH_BODY, *WITH_KEY]
                ),
            },
            "delete": {
                "operationId": "import_plans.delete",
                "tags": [IMPORT_PLANS],
                "summary": "Delete a plan with all that it has found",
                "responses": answers(empty_answer("It is gone."), errors=[404]),
            },
        },
        **progress_path(IMPORT_PLANS),
        "/api/import_plans/{id}/rows": {
            **id_,
            "get": {
                "operationId": "import_plans.rows",
                "tags": [IMPORT_PLANS],
                "summary": "List what would become of each row",
                "description": "Rows that the plan has not reached yet are not among them.",
                "parameters": [
                    page_parameter(SHOWN_ROWS_MAX),
                    outcome_parameter(OUTCOME_FILTERS),
                ],
                "responses": answers(
                    document_answer(
                        "A page of rows, in their order.",
                        page_of_rows("import_plan_rows", may_be_new=True),
                    ),
                    errors=[404],
                ),
            },
        },
    }


def _request(name: str) -> Schema:
    return {"required": True, "content": {MEDIA_TYPE: {"schema": ref(name)}}}


def _trigger() -> Schema:
    attributes: Schema = {
        "type": "object",
        "properties": {
            APPLY: {"type": "boolean", "description": "True begins to do what the plan has found."},
            INTERRUPT: {"type": "boolean", "description": "True stops a plan that waits or runs."},
        },
        "minProperties": 1,
        "additionalProperties": False,
    }
    members: Schema = {
        "type": {"const": IMPORT_PLANS},
        "id": {"type": "string", "description": "The id in the path."},
        "attributes": attributes,
    }
    data: Schema = {"type": "object", "properties": members, "required": list(members)}
    return {"type": "object", "properties": {"data": data}, "required": ["data"]}


def _plan(catalogue: Catalogue) -> Schema:
    count: Schema = {"type": "integer", "minimum": 0}
    text: Schema = {"type": ["string", "null"]}
    time: Schema = {"type": ["string", "null"], "format": "date-time"}
    thing: Schema = {"type": ["object", "null"]}
    things: Schema = {"type": "array", "items": {"type": "object"}}

    def told(schema: Schema, description: str) -> Any:
        return {**schema, "description": description}

    attributes: Schema = {
        "resource_type": {"enum": list(catalogue.creatable)},
        "format": {"type": "string"},
        "parent_resource_id": text,
        "status": {"enum": [*map(str, Status)]},
        "started_at": time,
        "completed_at": time,
        "interrupted_at": time,
        "inputs_size": count,
        "errors_count": told(count, "Rows that would fail."),
        "warnings_count": count,
        "processed_count": count,
        "errors_log": {"type": "object"},
        "warnings_log": {"type": "object"},
        "skip_errors": {"type": "boolean"},
        "created_at": time,
        "updated_at": time,
        "reference": text,
        "reference_origin": text,
        "metadata": {"type": "object"},
        "created_count": told(count, "Rows that would create their record."),
        "updated_count": told(count, "Rows that would change their record."),
        "unchanged_count": count,
        "skipped_count": count,
        "first_amounts": things,
        "ignored_columns": {"type": "array", "items": {"type": "string"}},
        "warnings": things,
        "stop_rules": thing,
        "mapping": thing,
        "saved_mapping": thing,
        "only": text,
        "all_or_nothing": {"type": "boolean"},
        "stopped_by": thing,
        "group_id": told(text, "The group of plans that it is a member of, if there is one."),
        "same_content_as": told(thing, "The import of the same content, if there is one."),
        "source_name": text,
        "expires_at": told(time, "Then all but its counts is removed."),
        "is_expired": {"type": "boolean"},
        "import_id": told(text, "The last import that applies it, or has done so."),
    }
    return {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "type": {"const": IMPORT_PLANS},
            "links": {"type": "object", "properties": {"self": {"type": "string"}}},
            "attributes": {
                "type": "object",
                "properties": attributes,
                "required": list(attributes),
            },
            "meta": told({"type": "object"}, "Only of a plan that cannot be read."),
        },
        "required": ["id", "type", "links", "attributes"],
    }


def _page() -> Schema:
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": ref(_OBJECT), "maxItems": PLANS_PAGE_SIZE_MAX},
            "meta": ref("ListMeta"),
            "links": ref("ListLinks"),
        },
        "required": ["data", "meta", "links"],
    }
