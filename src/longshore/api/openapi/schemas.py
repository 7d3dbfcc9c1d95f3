"""Resources, bodies and documents of a resource type as JSON Schema."""

from collections.abc import Sequence

from longshore.api.openapi.values import (
    Schema,
    is_demanded,
    requirement_of,
    shown_schema,
    trigger_schema,
    value_components,
    written_schema,
)
from longshore.catalogue import ALWAYS, Attribute, Catalogue, Kind, Relationship, ResourceType

ID: Schema = {"type": "string", "pattern": "^[0-9A-Za-z]{10}$"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def class_name(declared: ResourceType) -> str:
    """`sku_list_item` as generators name classes: SkuListItem."""
    return "".join(part.capitalize() for part in declared.singular.split("_"))


def common_components() -> dict[str, Schema]:
    """The schemas that documents of all resource types refer to."""
    return {
        **value_components(),
        "Meta": {
            "type": "object",
            "properties": {
                "mode": {"enum": ["test", "live"]},
                "organization_id": {"type": "string"},
            },
            "required": ["mode", "organization_id"],
        },
        "RelationshipLinks": {
            "type": "object",
            "properties": {"self": {"type": "string"}, "related": {"type": "string"}},
            "required": ["self", "related"],
        },
        "ListMeta": {
            "type": "object",
            "properties": {
                "record_count": {"type": "integer", "minimum": 0},
                "page_count": {"type": "integer", "minimum": 0},
            },
            "required": ["record_count", "page_count"],
        },
        "ListLinks": {
            "type": "object",
            "description": "Addresses of pages; `prev` and `next` only where there is one.",
            "properties": {name: {"type": "string"} for name in ("first", "prev", "next", "last")},
            "required": ["first", "last"],
        },
        "ResourceIdentifier": {
            "type": "object",
            "properties": {"type": {"type": "string"}, "id": {"type": "string"}},
            "required": ["type", "id"],
        },
        "IncludedResource": {
            "type": "object",
            "description": "A resource of any type, as the document of its own type has it.",
            "properties": {
                "type": {"type": "string"},
                "id": ID,
                "attributes": {"type": "object"},
                "relationships": {"type": "object"},
            },
            "required": ["type", "id", "attributes"],
        },
    }


def type_components(catalogue: Catalogue, declared: ResourceType) -> dict[str, Schema]:
    """The schemas of one type: the resource, its document, a page of its list."""
    name = class_name(declared)
    if declared.is_abstract:
        resource = one_of_types([catalogue.types[each] for each in declared.concrete])
        resource["description"] = f"Any of the concrete types of {declared.name}."
    else:
        resource = _resource(declared)
    return {
        name: resource,
        f"{name}Document": document_of(ref(name)),
        f"{name}Page": list_of(ref(name)),
    }


def one_of_types(types: Sequence[ResourceType]) -> Schema:
    """A resource of one of these types; `type` says of which."""
    if len(types) == 1:
        return ref(class_name(types[0]))
    mapping = {each.name: ref(class_name(each))["$ref"] for each in types}
    return {
        "oneOf": [ref(class_name(each)) for each in types],
        "discriminator": {"propertyName": "type", "mapping": mapping},
    }


def document_of(data: Schema) -> Schema:
    """A document of one resource."""
    return {
        "type": "object",
        "properties": {"data": data, "included": _included(), "meta": {"type": "object"}},
        "required": ["data"],
    }


def list_of(items: Schema) -> Schema:
    """A document of a page of resources."""
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": items, "maxItems": 25},
            "included": _included(),
            "meta": ref("ListMeta"),
            "links": ref("ListLinks"),
        },
        "required": ["data", "meta", "links"],
    }


def create_body(catalogue: Catalogue, declared: ResourceType) -> Schema:
    """The body that creates a resource of the type."""
    attributes: Schema = {
        each.name: written_schema(each, is_new=True)
        for each in written_attributes(declared)
        if each.creatable
    }
    attributes |= {each.name: trigger_schema(each) for each in declared.triggers if each.creatable}
    return _body(
        declared,
        attributes=_members(
            attributes,
            [each.name for each in written_attributes(declared) if is_demanded(each)],
        ),
        relationships=_members(
            {
                each.name: _linkage(catalogue, each)
                for each in declared.relationships
                if each.creatable
            },
            [
                each.name
                for each in declared.relationships
                if each.creatable and each.required is ALWAYS
            ],
        ),
        is_new=True,
    )


def update_body(catalogue: Catalogue, declared: ResourceType) -> Schema:
    """The body that updates a resource of the type."""
    attributes: Schema = {
        each.name: written_schema(each, is_new=False)
        for each in written_attributes(declared)
        if each.updatable
    }
    attributes |= {each.name: trigger_schema(each) for each in declared.triggers if each.updatable}
    relationships = {
        each.name: _linkage(catalogue, each) for each in declared.relationships if each.updatable
    }
    return _body(
        declared,
        attributes=_members(attributes, ()),
        relationships=_members(relationships, ()),
        is_new=False,
    )


def written_attributes(declared: ResourceType) -> Sequence[Attribute]:
    """The attributes that a body could name; the type of a record stands beside them."""
    return [each for each in declared.attributes if each.name != "type"]


def reached_types(catalogue: Catalogue, relationship: Relationship) -> list[ResourceType]:
    """The concrete types whose resources a relationship can lead to; none: it is always empty."""
    types = (catalogue.types[name] for name in catalogue.targets_of(relationship))
    return [each for each in types if each.routed]


def linked_types(catalogue: Catalogue, relationship: Relationship) -> list[str]:
    """The types that linkage can name: concrete ones, and those outside."""
    outside = [each for each in relationship.targets if each not in catalogue.types]
    return [*catalogue.targets_of(relationship), *outside]


def identifier_of(names: Sequence[str]) -> Schema:
    """Linkage to a resource of one of these types."""
    return {
        "type": "object",
        "properties": {"type": {"enum": list(names)}, "id": {"type": "string"}},
        "required": ["type", "id"],
    }


def _resource(declared: ResourceType) -> Schema:
    return {
        "type": "object",
        "properties": {
            "type": {"const": declared.name},
            "id": ID if _has_address(declared) else {"type": "string"},
            "links": {"type": "object", "properties": {"self": {"type": ["string", "null"]}}},
            "attributes": {
                "type": "object",
                "properties": {
                    each.name: shown_schema(each)
                    for each in written_attributes(declared)
                    if each.fetchable
                },
            },
            "relationships": {
                "type": "object",
                "properties": {each.name: _relationship(each) for each in declared.relationships},
            },
            "meta": ref("Meta"),
        },
        "required": ["type", "id", "links", "attributes", "meta"],
    }


def _has_address(declared: ResourceType) -> bool:
    """Whether its resources have ids to ask for; entries of histories have none."""
    return declared.singleton or "list" in declared.actions


def _relationship(relationship: Relationship) -> Schema:
    linkage = ref("ResourceIdentifier")
    if relationship.kind is Kind.TO_ONE:
        data: Schema = {"oneOf": [linkage, {"type": "null"}]}
    else:
        data = {"type": "array", "items": linkage}
    schema: Schema = {
        "type": "object",
        "properties": {"links": ref("RelationshipLinks")},
        "required": ["links"],
    }
    if relationship.includable:
        schema["properties"]["data"] = data
    return schema


def _linkage(catalogue: Catalogue, relationship: Relationship) -> Schema:
    """The member of a body that says what a relationship leads to."""
    identifier = identifier_of(linked_types(catalogue, relationship))
    identifier["additionalProperties"] = False
    if relationship.kind is Kind.TO_MANY:
        data: Schema = {"type": "array", "items": identifier}
    elif relationship.required is ALWAYS:
        data = identifier
    else:
        data = {"oneOf": [identifier, {"type": "null"}]}
    schema: Schema = {"type": "object", "properties": {"data": data}, "required": ["data"]}
    if texts := list(requirement_of(relationship.required)):
        schema["description"] = "; ".join(texts) + "."
    return schema


def _members(properties: Schema, required: Sequence[str]) -> Schema:
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    return schema


def _body(
    declared: ResourceType, *, attributes: Schema, relationships: Schema, is_new: bool
) -> Schema:
    members = {"attributes": attributes, "relationships": relationships}
    data: Schema = {
        "type": "object",
        "properties": {"type": {"const": declared.name}, **members},
        "required": [
            "type",
            *([] if is_new else ["id"]),
            *(name for name, schema in members.items() if "required" in schema),
        ],
        "additionalProperties": False,
    }
    if not is_new:
        data["properties"]["id"] = {**ID, "description": "The same as in the path."}
    return {"type": "object", "properties": {"data": data}, "required": ["data"]}


def _included() -> Schema:
    return {"type": "array", "items": ref("IncludedResource")}
