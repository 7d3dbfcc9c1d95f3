"""Attributes and triggers as JSON Schema: what is shown, and what may be written.

Shown values have a type and a list of values only; bounds hold for what is written, and a record
may be older than a bound. Written values are described in their plain form: that `"12"` is taken
for the number 12 is a kindness to files, not a promise to clients.
"""

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from longshore.catalogue import (
    ALWAYS,
    COUNTRIES,
    CURRENCIES,
    Attribute,
    Condition,
    Form,
    Trigger,
    ValueType,
    computation_of,
    effect_of,
    rules_of,
    when,
)

Schema: TypeAlias = dict[str, Any]

INTEGER_MAX = 2**63 - 1

_TYPES: dict[ValueType, Schema] = {
    ValueType.STRING: {"type": "string"},
    ValueType.INTEGER: {"type": "integer", "format": "int64"},
    ValueType.FLOAT: {"type": "number", "format": "double"},
    ValueType.BOOLEAN: {"type": "boolean"},
    ValueType.DATETIME: {"type": "string", "format": "date-time"},
    ValueType.OBJECT: {"type": "object", "additionalProperties": True},
    ValueType.ARRAY: {"type": "array", "items": {}},
}

# Forms with a list of values, which stands once in the document.
_LISTED = {Form.COUNTRY: "CountryCode", Form.CURRENCY: "CurrencyCode"}


def value_components() -> dict[str, Schema]:
    """The schemas that attributes of many types refer to."""
    return {
        "CountryCode": {
            "type": "string",
            "description": "A country: ISO 3166-1 alpha-2.",
            "enum": sorted(COUNTRIES),
        },
        "CurrencyCode": {
            "type": "string",
            "description": "A currency: ISO 4217.",
            "enum": sorted(CURRENCIES),
        },
    }


def shown_schema(attribute: Attribute) -> Schema:
    """What a document holds for an attribute."""
    schema = _nullable(_type_of(attribute))
    texts = [f"Computed: {computation_of(attribute)}."] if attribute.computed else []
    if attribute.only_on:
        texts.append(f"Shown on {' and '.join(attribute.only_on)} only.")
    if texts:
        schema["description"] = " ".join(texts)
    if not attribute.creatable and not attribute.updatable:
        schema["readOnly"] = True
    return schema


def written_schema(attribute: Attribute, *, is_new: bool) -> Schema:
    """What a body may hold for an attribute."""
    schema = {**_type_of(attribute), **_bounds(attribute)}
    if attribute.form is Form.EMAIL:
        schema["format"] = "email"
    if attribute.form is Form.REGEX:
        schema["format"] = "regex"
    if attribute.form is Form.TAG_NAME:
        schema["pattern"] = "^[A-Za-z0-9_:-]+$"
    if attribute.required is ALWAYS:
        if attribute.type is ValueType.STRING and "$ref" not in schema:
            # Neither may it be blank.
            schema.setdefault("pattern", "\\S")
    else:
        schema = _nullable(schema)
    texts = list(_texts(attribute))
    if is_new and attribute.default is not None:
        # In words: for the keyword `default`, generators make clients that must give a value.
        texts.append(f"`{json.dumps(attribute.default)}` unless given")
    if texts:
        schema["description"] = "; ".join(texts) + "."
    if not attribute.fetchable:
        schema["writeOnly"] = True
    return schema


def trigger_schema(trigger: Trigger) -> Schema:
    """What a body may hold for a trigger."""
    schema = _nullable(dict(_TYPES[trigger.type]))
    schema["writeOnly"] = True
    if trigger.accepted:
        schema["description"] = f"Trigger: {effect_of(trigger)}."
    else:
        schema["description"] = "Trigger of the wire contract that is not supported."
    return schema


def is_demanded(attribute: Attribute) -> bool:
    """Whether a body that creates must name the attribute."""
    return (
        attribute.required is ALWAYS
        and attribute.creatable
        and attribute.default is None
        and attribute.generated is None
        and attribute.fallback is None
    )


def requirement_of(condition: Condition | None) -> Iterator[str]:
    """When a field is required, in words, if that depends."""
    if condition is not None and condition is not ALWAYS:
        yield f"required {when(condition)}"


def _type_of(attribute: Attribute) -> Schema:
    if attribute.form in _LISTED:
        return {"$ref": f"#/components/schemas/{_LISTED[attribute.form]}"}
    schema = dict(_TYPES[attribute.type])
    if attribute.enum:
        schema["enum"] = list(attribute.enum)
    return schema


def _nullable(schema: Schema) -> Schema:
    """The schema, and null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    nullable = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable


def _bounds(attribute: Attribute) -> Schema:
    """The bounds that are numbers; those that an organization sets are told in words."""
    bounds = {
        "minimum": attribute.minimum,
        "exclusiveMinimum": attribute.above,
        "maximum": attribute.maximum,
        "minLength": attribute.length_min,
        "maxLength": attribute.length_max,
    }
    schema: Schema = {
        name: bound
        for name, bound in bounds.items()
        if bound is not None and not isinstance(bound, str)
    }
    if attribute.nonzero:
        schema["not"] = {"const": 0}
    return schema


def _texts(attribute: Attribute) -> Iterator[str]:
    yield from requirement_of(attribute.required)
    for rule in rules_of(attribute):
        # Lists of values are said by the schema itself.
        if not rule.startswith("one of `"):
            yield rule
