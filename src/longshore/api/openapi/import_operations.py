"""Operations of imports and their events, where those of all resource types do not do."""

from dataclasses import replace

from longshore.api.imports import ERRORS_PAGE_SIZE_MAX
from longshore.api.openapi.answers import WITH_BODY, WITH_KEY, answers, document_answer
from longshore.api.openapi.operations import (
    create_body_name,
    create_operation,
    delete_operation,
    update_body_name,
    update_operation,
)
from longshore.api.openapi.parameters import (
    IDEMPOTENCY_KEY,
    document_parameters,
    outcome_parameter,
    page_parameter,
    parameter_ref,
)
from longshore.api.openapi.progress_operations import progress_path
from longshore.api.openapi.schemas import class_name, create_body, ref, update_body
from longshore.api.openapi.upload_operations import column_map_schema
from longshore.api.openapi.values import Schema
from longshore.api.responses import MEDIA_TYPE
from longshore.api.retries import EDITS_MAX
from longshore.api.row_queries import OUTCOME_FILTERS
from longshore.api.submission_rules import BLANK, MAPPING, NULL_TOKEN, ONLY
from longshore.api.submissions import COLUMN_MAP, UPLOAD_ID
from longshore.catalogue import Catalogue, ResourceType
from longshore.error_codes import ErrorCode
from longshore.imports import FIRST_ROWS, Only, RowOutcome, StopRule
from longshore.mapping import MAPPING_VERSION, Blank
from longshore.operations import SHOWN_ROWS_MAX

IMPORTS = "imports"
EVENTS = "events"
RETRY_BODY = "ImportRetry"


# Attributes that the wire contract does not have.
_OURS = {
    "once": "Refuse rows that were imported before in the same way; `meta.same_content_as` of the "
    "error says when and by which import.",
    "part_of": "Tells the whole that the rows are a part of from others: parts are the same only "
    "as parts of the same whole.",
    "all_or_nothing": "Write nothing if any row fails: all rows are judged first. What is written "
    "when something comes between is taken back; `meta.stage` says how far it is.",
}


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
        "begins with a header line. A relationship is named by `<name>_id`, or by a key of its "
        "target: `<name>.<key>`, in JSON also an object.",
        "oneOf": [
            {"type": "array", "items": {"type": "object"}, "minItems": 1},
            {"type": "string", "minLength": 1},
        ],
    }
    for name, description in _OURS.items():
        attributes["properties"][name]["description"] = description
    attributes["properties"] |= _rules()
    attributes["properties"] |= {
        UPLOAD_ID: {
            "type": "string",
            "description": "An upload that is ready and was not imported yet, in place of "
            "`inputs` and `format`.",
        },
        COLUMN_MAP: column_map_schema(),
    }
    return {
        create_body_name(declared): body,
        update_body_name(declared): update_body(catalogue, declared),
        RETRY_BODY: _retry_body(),
        update_body_name(events): update_body(catalogue, events),
    }


def _rules() -> Schema:
    """What may stop an import, and what it is limited to."""
    count = {"type": ["integer", "null"], "minimum": 1}
    return {
        StopRule.AFTER.value: {**count, "description": "Interrupt it after so many failed rows."},
        StopRule.AT.value: {
            "type": ["number", "string", "null"],
            "exclusiveMinimum": 0,
            "maximum": 100,
            "description": "Interrupt it when so many per cent of its rows have failed; up to six "
            "decimals. A text may end with `%`.",
        },
        StopRule.CONSECUTIVE.value: {
            **count,
            "description": "Interrupt it when so many rows have failed one directly after another.",
        },
        StopRule.ON.value: {
            "type": ["array", "null"],
            "items": {"enum": [*map(str, ErrorCode)]},
            "description": "Interrupt it at the first row with an error of one of these codes.",
        },
        ONLY: {
            "enum": [*map(str, Only), None],
            "description": "Which rows are to have an effect: those that create their record, or "
            "those whose record is there. Others are skipped.",
        },
        MAPPING: {
            "type": ["object", "string", "null"],
            "description": "How columns or keys become fields: a mapping document, of version 1, "
            "or the name of a saved one, such as `supplier` or `supplier@2`. `meta.mapping` shows "
            "it, with `blank` and `null_token` in it, `meta.saved_mapping` its name and version.",
            "properties": {"version": {"const": MAPPING_VERSION}},
            "required": ["version"],
        },
        BLANK: {
            "enum": [*map(str, Blank), None],
            "description": "What a blank cell means: what is stored stays, is taken away, or the "
            "row fails. It goes before that of the mapping.",
        },
        NULL_TOKEN: {
            "type": ["string", "null"],
            "minLength": 1,
            "description": "The cell that means null.",
        },
    }


def import_paths(catalogue: Catalogue) -> dict[str, Schema]:
    """What imports have beside lists, retrieval and relationships."""
    declared = with_all_types(catalogue)
    return {
        "/api/imports": {"post": create_operation(catalogue, declared)},
        "/api/imports/{id}": {
            "patch": _change(catalogue, declared),
            "delete": delete_operation(declared),
        },
        "/api/events/{id}": {"patch": update_operation(catalogue, catalogue.types[EVENTS])},
        "/api/imports/{id}/retry": {
            "parameters": [parameter_ref("id")],
            "post": _retry(catalogue, declared),
        },
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
        "/api/imports/{id}/errors_digest": {
            "parameters": [parameter_ref("id")],
            "get": {
                "operationId": "imports.errors_digest",
                "tags": [IMPORTS],
                "summary": "List what was found wrong with rows of an import, each cause once",
                "parameters": [page_parameter(ERRORS_PAGE_SIZE_MAX)],
                "responses": answers(
                    document_answer("A page of causes, the most frequent first.", _causes()),
                    errors=[404],
                ),
            },
        },
        "/api/imports/{id}/rows": {
            "parameters": [parameter_ref("id")],
            "get": {
                "operationId": "imports.rows",
                "tags": [IMPORTS],
                "summary": "List what became of each row of an import",
                "description": "Rows that the import has not reached yet are not among them.",
                "parameters": [
                    page_parameter(SHOWN_ROWS_MAX),
                    outcome_parameter(OUTCOME_FILTERS),
                ],
                "responses": answers(
                    document_answer("A page of rows, in their order.", page_of_rows("import_rows")),
                    errors=[404],
                ),
            },
        },
        **progress_path(IMPORTS),
        "/attachments/{name}": {"get": _download()},
    }


def _change(catalogue: Catalogue, declared: ResourceType) -> Schema:
    changed = update_operation(catalogue, declared)
    return {
        **changed,
        "description": "With `_interrupt` a pending or running import is stopped. With `_undo` "
        "what one has done that has ended is taken back, by an undo that `meta.undo` names.",
        "parameters": [*changed["parameters"], parameter_ref(IDEMPOTENCY_KEY)],
        "responses": answers(
            {"200": changed["responses"]["200"]}, errors=[404, 423, *WITH_BODY, *WITH_KEY]
        ),
    }


def _retry(catalogue: Catalogue, declared: ResourceType) -> Schema:
    return {
        "operationId": "imports.retry",
        "tags": [IMPORTS],
        "summary": "Import the failed rows of an import once more, with edits",
        "description": "A new import of the rows that still fail in the import and its retries. "
        "Its `meta.retry_of` names the first import, whose row numbers and lines its errors and "
        "rows have.",
        "parameters": [
            *document_parameters(catalogue, declared),
            parameter_ref(IDEMPOTENCY_KEY),
        ],
        "requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": ref(RETRY_BODY)}}},
        "responses": answers(
            document_answer("It is created.", ref(f"{class_name(declared)}Document"), status=201),
            errors=[404, 423, *WITH_BODY, *WITH_KEY],
        ),
    }


def _retry_body() -> Schema:
    name: Schema = {
        "type": "string",
        "minLength": 1,
        "description": "A column of the source, or a field; one that no column fills is added.",
    }
    value: Schema = {"type": ["string", "number", "boolean", "null"]}

    def listed(description: str, properties: Schema) -> Schema:
        element: Schema = {
            "type": "object",
            "properties": properties,
            "required": list(properties),
        }
        element["additionalProperties"] = False
        return {
            "type": "array",
            "items": element,
            "maxItems": EDITS_MAX,
            "description": description,
        }

    attributes: Schema = {
        "edits": listed(
            "Values of single rows; they win over the others.",
            {"row": {"type": "integer", "minimum": 1}, "field": name, "value": value},
        ),
        "set": {
            "type": "object",
            "description": "By field, the value that all failed rows get.",
            "additionalProperties": value,
        },
        "replace": listed(
            "Values of the failed rows in which a field is exactly `old`; empty: it is blank.",
            {"field": name, "old": {"type": "string"}, "new": value},
        ),
    }
    data: Schema = {
        "type": "object",
        "properties": {
            "type": {"const": IMPORTS},
            "attributes": {
                "type": "object",
                "properties": attributes,
                "additionalProperties": False,
            },
        },
        "required": ["type"],
    }
    return {"type": "object", "properties": {"data": data}, "required": ["data"]}


def page_of_rows(row_type: str, *, may_be_new: bool = False) -> Schema:
    """A page of what became of rows; `may_be_new`: of records without an id, as plans make them."""
    number: Schema = {"type": "integer", "minimum": 1}
    identifier: Schema = ref("ResourceIdentifier")
    id_: Schema = {"type": "string"}
    if may_be_new:
        id_ = {"type": ["string", "null"], "description": "Null: it would be created."}
        identifier = {
            "type": "object",
            "properties": {"type": {"type": "string"}, "id": id_},
            "required": ["type", "id"],
        }
    change: Schema = {
        "type": "object",
        "description": "By field, what was and what is.",
        "additionalProperties": {"type": "array", "minItems": 2, "maxItems": 2},
    }
    amounts: Schema = {
        "type": "object",
        "description": "By field of cents among the changes, the amounts as money.",
        "additionalProperties": {
            "type": "array",
            "items": {"type": ["string", "null"]},
            "minItems": 2,
            "maxItems": 2,
        },
    }
    changed = {"type": {"type": "string"}, "id": id_, "changes": change, "amounts": amounts}
    outcomes = [outcome.word for outcome in RowOutcome]
    attributes: Schema = {
        "row": {**number, "description": "Number of the row, from 1."},
        "line": {**number, "description": "Where the row begins in its source."},
        "outcome": {"enum": outcomes},
        "record": {
            "description": "What the row created or found; null: it failed and found none.",
            "oneOf": [identifier, {"type": "null"}],
        },
        "further_records": {
            "type": "array",
            "items": identifier,
            "description": "What the row created besides its record.",
        },
        "changes": {**change, "description": "Of its record; none of one that it created."},
        "amounts": amounts,
        "further_changes": {
            "type": "array",
            "items": {"type": "object", "properties": changed, "required": list(changed)},
            "description": "Of stored records besides.",
        },
        "errors": {"type": "array", "items": {"type": "object"}},
        "warnings": {"type": "array", "items": {"type": "string"}},
    }
    row: Schema = {
        "type": "object",
        "properties": {
            "type": {"const": row_type},
            "id": {"type": "string"},
            "attributes": {
                "type": "object",
                "properties": attributes,
                "required": list(attributes),
            },
        },
        "required": ["type", "id", "attributes"],
    }
    count: Schema = {"type": "integer", "minimum": 0}
    meta: Schema = {
        "type": "object",
        "properties": {
            "record_count": count,
            "page_count": count,
            "inputs_size": {**count, "description": "The sum of `outcomes`."},
            "outcomes": {
                "type": "object",
                "properties": dict.fromkeys([*outcomes, "not_yet"], count),
                "required": [*outcomes, "not_yet"],
            },
            "not_listed": {
                "type": "object",
                "description": "Rows that were gone through and are not in the list, and why; "
                "only where there are any.",
                "properties": {"rows": number, "reason": {"type": "string"}},
                "required": ["rows", "reason"],
            },
        },
        "required": ["record_count", "page_count", "inputs_size", "outcomes"],
    }
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": row, "maxItems": SHOWN_ROWS_MAX},
            "meta": meta,
            "links": ref("ListLinks"),
        },
        "required": ["data", "meta", "links"],
    }


def _errors() -> Schema:
    nullable: Schema = {"type": ["integer", "null"], "minimum": 1}
    attributes: Schema = {
        "row": {**nullable, "description": "Number of the row, from 1; null: it is of no row."},
        "line": {**nullable, "description": "Where the row begins in its source."},
        "identifier": {"type": "string", "description": "What `errors_log` calls the row."},
        "attribute": {"type": "string"},
        "code": {
            "type": ["string", "null"],
            "description": "What is wrong: one of the codes of the reference. Null: an error that "
            "an older release has stored, in words that have no code.",
        },
        "message": {"type": "string"},
        "column": {
            "type": ["string", "null"],
            "description": "The column or key of the source that feeds the attribute, as the "
            "source calls it; null where none does.",
        },
        "pointer": {
            "type": "string",
            "description": "A JSON Pointer into the row: an element of a JSON source, or the "
            "object that has a member for each column of a table. It is empty for the whole row.",
        },
        "value": {"description": "What was found; null where nothing was, or it is not told."},
        "expected": {
            "type": ["string", "null"],
            "description": "What the attribute takes; null where nothing can be said of it.",
        },
        "suggestion": {
            "type": ["string", "null"],
            "description": "A value that would do; null where none is near.",
        },
    }
    error: Schema = {
        "type": "object",
        "properties": {
            "type": {"const": "import_errors"},
            "id": {"type": "string"},
            "attributes": {
                "type": "object",
                "properties": attributes,
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


def _causes() -> Schema:
    text: Schema = {"type": ["string", "null"]}
    count: Schema = {"type": "integer", "minimum": 0}
    number: Schema = {"type": "integer", "minimum": 1}
    attributes: Schema = {
        "attribute": {"type": "string"},
        "code": {**text, "description": "What is wrong, as of each of the errors."},
        "message": {"type": "string"},
        "column": {**text, "description": "The column or key of the source that gave the value."},
        "value": {
            **text,
            "description": "What was found; null where nothing was, or where the group is of "
            "several values.",
        },
        "other_values": {
            **count,
            "description": "How many values the group is of that have no group of their own; 0: "
            "it is of its value.",
        },
        "count": {**number, "description": "How many errors there are."},
        "first_rows": {"type": "array", "items": number, "minItems": 1, "maxItems": FIRST_ROWS},
        "expected": {**text, "description": "What the attribute takes."},
        "suggestion": {**text, "description": "A value that would do; null where none is near."},
    }
    group: Schema = {
        "type": "object",
        "properties": {
            "type": {"const": "import_error_groups"},
            "id": {"type": "string"},
            "attributes": {
                "type": "object",
                "properties": attributes,
                "required": list(attributes),
            },
        },
        "required": ["type", "id", "attributes"],
    }
    counts = {
        "record_count": count,
        "page_count": count,
        "groups_count": {**count, "description": "With those that are not listed."},
        "errors_count": {**count, "description": "Of all groups."},
        "rest_count": {**count, "description": "Errors of groups that are not listed."},
    }
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": group, "maxItems": ERRORS_PAGE_SIZE_MAX},
            "meta": {"type": "object", "properties": counts, "required": list(counts)},
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
