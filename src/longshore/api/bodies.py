"""Bodies of requests that write one resource, checked against its declaration.

What is wrong with the document is refused here, with status 400 and a pointer. What is wrong with
the record that it describes is found by the engine, as for a row of an import.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from longshore.api.errors import ApiError, ApiErrors
from longshore.catalogue import Attribute, Catalogue, Kind, Relationship, ResourceType, Trigger
from longshore.json_text import decode_json

# Members of a document and of a resource object that say nothing about the resource.
_IGNORED_MEMBERS = frozenset(("links", "meta"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedTarget:
    """What a body says that a to-one relationship leads to."""

    relationship: Relationship
    type: str
    id: str  # public


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteBody:
    """A checked body."""

    # As a row of an import would have it: attributes and triggers by name, `<relationship>_id`.
    row: Mapping[str, Any]
    # By field, for what errors say was given: a relationship that is missing here was left out.
    values: Mapping[str, Any]
    targets: tuple[LinkedTarget, ...]
    # Of `targets` those that shall refer to the resource, as it does not keep who they are.
    moved: tuple[LinkedTarget, ...]
    # Relationships of that kind that shall lead to nothing.
    parted: tuple[Relationship, ...]


def read_create_body(
    catalogue: Catalogue, declared: ResourceType, body: bytes, *, further: Collection[str] = ()
) -> WriteBody:
    """The body of a POST to the resources of a type, which may name `further` attributes; raises
    ApiError or ApiErrors."""
    data = read_resource_object(body, declared.name)
    if "id" in data:
        raise ApiError("PARAM_NOT_ALLOWED", param="id", pointer="/data/id")
    return _Checker(catalogue, declared, is_new=True, further=further).check(data)


def read_update_body(
    catalogue: Catalogue, declared: ResourceType, body: bytes, *, id_: str
) -> WriteBody:
    """The body of a PATCH of the resource with this public id; raises ApiError or ApiErrors."""
    data = read_resource_object(body, declared.name)
    require_key(data, id_)
    return _Checker(catalogue, declared, is_new=False).check(data)


def read_resource_object(body: bytes, resource_type: str) -> dict[str, Any]:
    """The resource object of a document, its type checked."""
    document = _decode(body)
    if not isinstance(document, dict):
        raise ApiError("INVALID_DATA_FORMAT", detail="A document must be a hash.", pointer="")
    if "data" not in document:
        raise ApiError("PARAM_MISSING", param="data", pointer="")
    data = document["data"]
    if not isinstance(data, dict):
        raise ApiError("INVALID_DATA_FORMAT", pointer="/data")
    if data.get("type") is None:
        raise ApiError("PARAM_MISSING", param="type", pointer="/data/type")
    if data["type"] != resource_type:
        raise ApiError("INVALID_RESOURCE", type=data["type"], pointer="/data/type")
    return data


def require_key(data: Mapping[str, Any], id_: str) -> None:
    """Refuse a resource object that is not of the resource in the URL."""
    key = data.get("id")
    if key is None:
        raise ApiError("KEY_ORDER_MISMATCH", pointer="/data")
    if key != id_:
        raise ApiError("KEY_NOT_INCLUDED_IN_URL", key=key, pointer="/data/id")


def _decode(body: bytes) -> Any:
    """The value that a body says in JSON; texts in it may be such that no record can hold them."""
    if not body.strip():
        raise ApiError("PARAM_MISSING", param="data", pointer="")
    try:
        return decode_json(body)
    except UnicodeDecodeError as error:
        raise ApiError(
            "BAD_REQUEST", reason="The body is not encoded in UTF-8.", is_of_body=True
        ) from error
    except ValueError as error:
        raise ApiError(
            "BAD_REQUEST", reason=f"The body is not JSON: {error}.", is_of_body=True
        ) from error
    except RecursionError as error:
        raise ApiError(
            "BAD_REQUEST", reason="The body is nested too deep.", is_of_body=True
        ) from error


def _unreadable(reason: str) -> ApiError:
    return ApiError("BAD_REQUEST", reason=reason, is_of_body=True)


class _Checker:
    """Goes through one resource object and notes all that is not allowed."""

    def __init__(
        self,
        catalogue: Catalogue,
        declared: ResourceType,
        *,
        is_new: bool,
        further: Collection[str] = (),
    ) -> None:
        self._catalogue = catalogue
        self._declared = declared
        self._is_new = is_new
        self._further = further
        self._errors: list[ApiError] = []
        self._row: dict[str, Any] = {}
        self._values: dict[str, Any] = {}
        self._targets: list[LinkedTarget] = []
        self._moved: list[LinkedTarget] = []
        self._parted: list[Relationship] = []

    def check(self, data: Mapping[str, Any]) -> WriteBody:
        for member in data:
            if member not in ("type", "id", "attributes", "relationships", *_IGNORED_MEMBERS):
                self._refuse(member, f"/data/{_escaped(member)}")
        for name, value in self._members(data, "attributes"):
            self._attribute(name, value)
        for name, value in self._members(data, "relationships"):
            self._relationship(name, value)
        if self._errors:
            raise ApiErrors(self._errors)
        return WriteBody(
            row=self._row,
            values=self._values,
            targets=tuple(self._targets),
            moved=tuple(self._moved),
            parted=tuple(self._parted),
        )

    def _members(self, data: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
        members = data.get(name)
        if members is None:
            return
        if not isinstance(members, dict):
            detail = f"{name.capitalize()} must be a hash."
            raise ApiError("INVALID_DATA_FORMAT", detail=detail, pointer=f"/data/{name}")
        yield from members.items()

    def _attribute(self, name: str, value: Any) -> None:
        declared = self._declared
        fields: tuple[Attribute | Trigger, ...] = (*declared.attributes, *declared.triggers)
        field = next((each for each in fields if each.name == name), None)
        # The type of a record is said beside its attributes.
        is_known = name in self._further
        if field is not None and name != "type":
            is_known = self._may_write(field)
        if not is_known:
            self._refuse(name, f"/data/attributes/{_escaped(name)}")
            return
        self._row[name] = self._values[name] = value

    def _relationship(self, name: str, value: Any) -> None:
        declared = next((each for each in self._declared.relationships if each.name == name), None)
        pointer = f"/data/relationships/{_escaped(name)}"
        if declared is None or not self._may_write(declared):
            self._refuse(name, pointer)
        elif not isinstance(value, dict) or "data" not in value:
            self._errors.append(ApiError("INVALID_LINKS_OBJECT", pointer=pointer))
        elif declared.kind is Kind.TO_ONE:
            self._to_one(declared, value["data"], pointer)
        else:
            self._to_many(declared, value["data"], pointer)

    def _to_one(self, declared: Relationship, data: Any, pointer: str) -> None:
        column = f"{declared.name}_id"
        if declared.moves_target:
            self._moving(declared, data, pointer)
        elif data is None:
            self._row[column] = self._values[declared.name] = None
        elif self._is_identifier(declared, data, pointer):
            self._row[column] = self._values[declared.name] = data["id"]
            if declared.polymorphic:
                type_name = declared.type_attribute or f"{declared.name}_type"
                self._row.setdefault(type_name, data["type"])
            self._targets.append(
                LinkedTarget(relationship=declared, type=data["type"], id=data["id"])
            )

    def _moving(self, declared: Relationship, data: Any, pointer: str) -> None:
        if data is None:
            self._parted.append(declared)
        elif self._is_identifier(declared, data, pointer):
            self._values[declared.name] = data["id"]
            target = LinkedTarget(relationship=declared, type=data["type"], id=data["id"])
            self._targets.append(target)
            self._moved.append(target)

    def _to_many(self, declared: Relationship, data: Any, pointer: str) -> None:
        if not isinstance(data, list):
            self._errors.append(ApiError("INVALID_LINKS_OBJECT", pointer=pointer))
            return
        if all(self._is_identifier(declared, each, pointer) for each in data):
            self._values[declared.name] = [each["id"] for each in data]
            self._row[declared.name] = [{"id": each["id"]} for each in data]

    def _is_identifier(self, declared: Relationship, data: Any, pointer: str) -> bool:
        """Whether it is `{type, id}` of a type that the relationship can lead to."""
        if (
            not isinstance(data, dict)
            or not _is_name(data.get("type"))
            or not _is_name(data.get("id"))
        ):
            self._errors.append(ApiError("INVALID_LINKS_OBJECT", pointer=pointer))
            return False
        if data["type"] in (*declared.targets, *self._catalogue.targets_of(declared)):
            return True
        self._errors.append(ApiError("TYPE_MISMATCH", type=data["type"], pointer=pointer))
        return False

    def _may_write(self, field: Attribute | Trigger | Relationship) -> bool:
        return field.creatable if self._is_new else field.updatable

    def _refuse(self, name: str, pointer: str) -> None:
        self._errors.append(ApiError("PARAM_NOT_ALLOWED", param=name, pointer=pointer))


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _escaped(name: str) -> str:
    """A name as a part of a JSON pointer: RFC 6901, section 3."""
    return name.replace("~", "~0").replace("/", "~1")
