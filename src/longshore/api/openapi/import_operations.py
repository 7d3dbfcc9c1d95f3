"""Operations of imports and their events, where those of all resource types do not do."""

from dataclasses import replace

from longshore.api.imports import ERRORS_PAGE_SIZE_MAX
from longshore.api.openapi.answers import answers, document_answer
from longshore.api.openapi.operations import (
    create_body_name,
    create_operation,
    delete_operation,
    update_body_name,
    update_operation,
)
from longshore.api.openapi.parameters import page_parameter, parameter_ref
from longshore.api.openapi.schemas import create_body, ref, update_body
from longshore.api.openapi.values import Schema
from longshore.catalogue import Catalogue, ResourceType

IMPORTS = "imports"
EVENTS = "events"


def with_all_types(catalogue: Catalogue) -> ResourceType:
    """The type of imports as this server takes them: of every type that can be created."""
    declared = catalogue.types[IMPORTS]
    return replace(
        declared,
        attributes=tuple(
            replace(each, enum=catalogue.creatable) if each.name == "resource_type" else each
            for each in declared.attributes
        ),
    )


def import_bodies(catalogue: Catalogue) -> dict[str, Schema]:
    """The bodies that create and change imports, and change their events."""
    declared, events = with_all_types(catalogue), catalogue.types[EVENTS]
    body = create_body(catalogue, declared)
    attributes = body["properties"]["data"]["properties"]["attributes"]
    attributes["properties"]["inputs"] = {
        "description": "The rows: an array of objects, or with the format `csv` one text that "
        "begins with a header line.",
        "oneOf": [
            {"type": "array", "items": {"type": "object"}, "minItems": 1},
            {"type": "string", "minLength": 1},
        ],
    }
    return {
        create_body_name(declared): body,
        update_body_name(declared): update_body(catalogue, declared),
        update_body_name(events): update_body(catalogue, events),
    }


def import_paths(catalogue: Catalogue) -> dict[str, Schema]:
    """What imports have beside lists, retrieval and relationships."""
    declared = with_all_types(catalogue)
    return {
        "/api/imports": {"post": create_operation(catalogue, declared)},
        "/api/imports/{id}": {
            "patch": update_operation(catalogue, declared),
            "delete": delete_operation(declared),
        },
        "/api/events/{id}": {"patch": update_operation(catalogue, catalogue.types[EVENTS])},
        "/api/imports/{id}/errors": {
            "parameters": [parameter_ref("id")],
            "get": {
                "operationId": "imports.errors",
                "tags": [IMPORTS],
                "summary": "List all that was found wrong with rows of an import",
                "parameters": [page_parameter(ERRORS_PAGE_SIZE_MAX)],
                "responses": answers(
                    document_answer("A page of errors, in the order of the rows.", _errors()),
                    errors=[404],
                ),
            },
        },
        "/attachments/{name}": {"get": _download()},
    }


def _errors() -> Schema:
    nullable: Schema = {"type": ["integer", "null"], "minimum": 1}
    attributes: Schema = {
        "row": {**nullable, "description": "Number of the row, from 1; null: it is of no row."},
        "line": {**nullable, "description": "Where the row begins in its source."},
        "identifier": {"type": "string", "description": "What `errors_log` calls the row."},
        "attribute": {"type": "string"},
        "message": {"type": "string"},
        "value": {"description": "What was found; null where nothing was, or it is not told."},
    }
    expected = {
        "type": "string",
        "description": "What the field takes, where the message leaves it open.",
    }
    error: Schema = {
        "type": "object",
        "properties": {
            "type": {"const": "import_errors"},
            "id": {"type": "string"},
            "attributes": {
                "type": "object",
                "properties": {**attributes, "expected": expected},
                "required": list(attributes),
            },
        },
        "required": ["type", "id", "attributes"],
    }
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": error, "maxItems": ERRORS_PAGE_SIZE_MAX},
            "meta": ref("ListMeta"),
            "links": ref("ListLinks"),
        },
        "required": ["data", "meta", "links"],
    }


def _download() -> Schema:
    def signed(name: str, schema: Schema) -> Schema:
        return {"name": name, "in": "query", "required": True, "schema": schema}

    return {
        "operationId": "attachments.download",
        "tags": [IMPORTS],
        "summary": "Download the source of an import by its `attachment_url`",
        "description": "The bytes are compressed with gzip. The address needs no token, and is "
        "good for five minutes after the import was retrieved.",
        "security": [],
        "parameters": [
            {
                "name": "name",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": "^[0-9A-Za-z]{10}\\.(csv|json)\\.gz$"},
            },
            signed("expires", {"type": "integer", "minimum": 0}),
            signed("signature", {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
        ],
        "responses": answers(
            document_answer("The source.", {"type": "string"}, media_type="application/gzip"),
            errors=[403, 404],
            asks_for_token=False,
        ),
    }
