"""Paths and operations of resource types: the same for all, as far as a declaration allows."""

from collections.abc import Iterator, Sequence

from longshore.api.openapi.answers import (
    BLAME,
    HISTORY,
    HISTORY_LINKAGE,
    LINKAGE_OF_MANY,
    LINKAGE_OF_ONE,
    WITH_BODY,
    WITH_KEY,
    answer_ref,
    answers,
    document_answer,
    empty_answer,
    one_of,
    one_or_none_of,
    page_of,
)
from longshore.api.openapi.parameters import (
    IDEMPOTENCY_KEY,
    document_parameters,
    list_parameters,
    parameter_ref,
)
from longshore.api.openapi.schemas import (
    class_name,
    create_body,
    document_of,
    list_of,
    one_of_types,
    reached_types,
    ref,
    update_body,
)
from longshore.api.openapi.values import Schema
from longshore.api.resources import has_action
from longshore.api.responses import MEDIA_TYPE
from longshore.catalogue import Catalogue, Kind, Relationship, ResourceType


def type_paths(catalogue: Catalogue, declared: ResourceType) -> dict[str, Schema]:
    """The paths of a resource type, with their operations."""
    name = declared.name
    of_list: Schema = {}
    if has_action(declared, "list"):
        of_list["get"] = _list(catalogue, declared)
    if has_action(declared, "create"):
        of_list["post"] = create_operation(catalogue, declared)
    of_one: Schema = {"parameters": [parameter_ref("id")]}
    if has_action(declared, "retrieve"):
        of_one["get"] = _retrieve(catalogue, declared)
    if has_action(declared, "update"):
        of_one["patch"] = update_operation(catalogue, declared)
    if has_action(declared, "delete"):
        of_one["delete"] = delete_operation(declared, errors=[423])
    paths = {f"/api/{name}": of_list, f"/api/{name}/{{id}}": of_one}
    if declared.kept_by == "records" and has_action(declared, "retrieve"):
        paths[f"/api/{name}/{{id}}/blame"] = _blame(declared)
    for relationship in declared.relationships:
        paths.update(_relationship_paths(catalogue, declared, relationship))
    return paths


def history_paths(catalogue: Catalogue) -> dict[str, Schema]:
    """The path of one entry of a history, whose id is of another form than all others."""
    declared = catalogue.types["event_stores"]
    id_: Schema = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "The id of an entry.",
        "schema": {"type": "string", "pattern": "^[0-9]{1,16}-[0-9]{19,36}$"},
    }
    return {
        f"/api/{declared.name}/{{id}}": {"parameters": [id_], "get": _retrieve(catalogue, declared)}
    }


def type_bodies(catalogue: Catalogue, declared: ResourceType) -> dict[str, Schema]:
    """The bodies that create and update resources of the type, if anything does."""
    bodies: dict[str, Schema] = {}
    if has_action(declared, "create"):
        bodies[create_body_name(declared)] = create_body(catalogue, declared)
    if has_action(declared, "update"):
        bodies[update_body_name(declared)] = update_body(catalogue, declared)
    return bodies


def _blame(declared: ResourceType) -> Schema:
    return {
        "parameters": [parameter_ref("id")],
        "get": {
            **heading(
                declared, "blame", f"Tell who has given the fields of one of {declared.name}"
            ),
            "responses": answers(answer_ref(BLAME), errors=[404]),
        },
    }


def create_operation(catalogue: Catalogue, declared: ResourceType) -> Schema:
    """POST to the list of a type."""
    return {
        **heading(declared, "create", f"Create a resource of {declared.name}"),
        "parameters": [
            *document_parameters(catalogue, declared),
            parameter_ref(IDEMPOTENCY_KEY),
        ],
        "requestBody": _body(create_body_name(declared)),
        "responses": answers(
            document_answer("It is created.", ref(f"{class_name(declared)}Document"), status=201),
            errors=[*WITH_BODY, *WITH_KEY],
        ),
    }


def update_operation(catalogue: Catalogue, declared: ResourceType) -> Schema:
    """PATCH of one resource of a type."""
    return {
        **heading(declared, "update", f"Change what the body names of one of {declared.name}"),
        "parameters": document_parameters(catalogue, declared),
        "requestBody": _body(update_body_name(declared)),
        "responses": answers(
            answer_ref(one_of(declared.name)),
            errors=[404, *WITH_BODY],
        ),
    }


def delete_operation(declared: ResourceType, *, errors: Sequence[int] = ()) -> Schema:
    """DELETE of one resource of a type."""
    return {
        **heading(declared, "delete", f"Delete one of {declared.name}"),
        "responses": answers(empty_answer("It is deleted."), errors=[404, *errors]),
    }


def heading(declared: ResourceType, action: str, summary: str) -> Schema:
    """How an operation is called, and where it stands."""
    return {"operationId": f"{declared.name}.{action}", "tags": [declared.name], "summary": summary}


def create_body_name(declared: ResourceType) -> str:
    """The component that is the body of a POST."""
    return f"{class_name(declared)}Create"


def update_body_name(declared: ResourceType) -> str:
    """The component that is the body of a PATCH."""
    return f"{class_name(declared)}Update"


def _body(name: str) -> Schema:
    return {"required": True, "content": {MEDIA_TYPE: {"schema": ref(name)}}}


def _list(catalogue: Catalogue, declared: ResourceType) -> Schema:
    return {
        **heading(declared, "list", f"List {declared.name}"),
        "parameters": list_parameters(catalogue, declared),
        "responses": answers(answer_ref(page_of(declared.name))),
    }


def _retrieve(catalogue: Catalogue, declared: ResourceType) -> Schema:
    return {
        **heading(declared, "retrieve", f"Retrieve one of {declared.name}"),
        "parameters": document_parameters(catalogue, declared),
        "responses": answers(answer_ref(one_of(declared.name)), errors=[404]),
    }


def _relationship_paths(
    catalogue: Catalogue, declared: ResourceType, relationship: Relationship
) -> Iterator[tuple[str, Schema]]:
    """Where the targets of a relationship can be read, whole and as linkage."""
    name, path = relationship.name, f"/api/{declared.name}/{{id}}"
    parameters = _relationship_parameters(catalogue, relationship)
    yield (
        f"{path}/{name}",
        {
            "parameters": [parameter_ref("id")],
            "get": {
                **heading(declared, name, f"What {name} of one of {declared.name} leads to"),
                "parameters": parameters,
                "responses": answers(_related(catalogue, relationship), errors=[404]),
            },
        },
    )
    is_list = relationship.kind is Kind.TO_MANY
    linkage = LINKAGE_OF_MANY if is_list else LINKAGE_OF_ONE
    yield (
        f"{path}/relationships/{name}",
        {
            "parameters": [parameter_ref("id")],
            "get": {
                **heading(declared, f"{name}.linkage", f"Types and ids of {name}"),
                # Of one identifier there is nothing to ask.
                "parameters": parameters if is_list else [],
                "responses": answers(
                    answer_ref(HISTORY_LINKAGE if _is_history(relationship) else linkage),
                    errors=[404],
                ),
            },
        },
    )


def _relationship_parameters(catalogue: Catalogue, relationship: Relationship) -> list[Schema]:
    if _is_history(relationship):
        return [parameter_ref("cursor")]
    is_list = relationship.kind is Kind.TO_MANY
    if not reached_types(catalogue, relationship):
        return [parameter_ref("page")] if is_list else []
    target = next(catalogue.types[each] for each in relationship.targets if each in catalogue.types)
    if len(relationship.targets) > 1:
        target = catalogue.types[target.table]
    return (list_parameters if is_list else document_parameters)(catalogue, target)


def _related(catalogue: Catalogue, relationship: Relationship) -> dict[str, Schema]:
    """The answer that holds what a relationship leads to."""
    if _is_history(relationship):
        return answer_ref(HISTORY)
    types = reached_types(catalogue, relationship)
    is_list = relationship.kind is Kind.TO_MANY
    if len(relationship.targets) == 1 and types:
        (target,) = relationship.targets
        return answer_ref(page_of(target) if is_list else one_or_none_of(target))
    if is_list:
        return document_answer("A page.", list_of(one_of_types(types) if types else {"not": {}}))
    null: Schema = {"type": "null"}
    data: Schema = {"oneOf": [one_of_types(types), null]} if types else null
    return document_answer("What it leads to, or null.", document_of(data))


def _is_history(relationship: Relationship) -> bool:
    return relationship.targets == ("event_stores",)
