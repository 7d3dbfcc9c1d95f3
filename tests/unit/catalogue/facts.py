"""The facts about resource types, and where the declarations depart from them.

The facts stand beside the repository in `../shared/spec/catalogue.json`; they are not part of it.
A departure is named `type.field.trait`, or `type.trait` for what belongs to the type as a whole.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from longshore.catalogue import (
    Attribute,
    Catalogue,
    Condition,
    Kind,
    Relationship,
    ResourceType,
    Trigger,
    ValueType,
)

FACTS_PATH = Path(__file__).parents[4] / "shared" / "spec" / "catalogue.json"

_VALUE_TYPES = {"string[]": "array"}
_FLAGS = ("creatable", "updatable", "fetchable", "filterable", "sortable")


def read_facts() -> Mapping[str, Any]:
    facts: Mapping[str, Any] = json.loads(FACTS_PATH.read_text())
    return facts


def departures(facts: Mapping[str, Any], catalogue: Catalogue) -> dict[str, str]:
    """Each departure by name, with what the facts say and what is declared."""
    return dict(_departures(facts, catalogue))


def _departures(facts: Mapping[str, Any], catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    yield from _sets("", "types", facts["types"], catalogue.types)
    for name, fact in facts["types"].items():
        declared = catalogue.types.get(name)
        if declared is not None:
            yield from _of_type(fact, declared)


def _of_type(fact: Mapping[str, Any], declared: ResourceType) -> Iterator[tuple[str, str]]:
    name = declared.name
    yield from _sets(name, "attributes", fact["attributes"], _without_type(declared))
    yield from _sets(
        name,
        "relationships",
        [relationship["name"] for relationship in fact["relationships"]],
        [relationship.name for relationship in declared.relationships],
    )
    yield from _sets(name, "triggers", fact["triggers"], [t.name for t in declared.triggers])
    for attribute in declared.attributes:
        if attribute.name in fact["attributes"]:
            yield from _of_attribute(name, fact["attributes"][attribute.name], attribute)
    for relationship in declared.relationships:
        for known in (r for r in fact["relationships"] if r["name"] == relationship.name):
            yield from _of_relationship(name, known, relationship)
    for trigger in declared.triggers:
        if trigger.name in fact["triggers"]:
            yield from _of_trigger(name, fact["triggers"][trigger.name], trigger)
    yield from _differing(name, "actions", tuple(fact["actions"]), declared.actions)
    yield from _differing(name, "base", fact.get("sti_parent"), declared.base)
    yield from _differing(name, "singleton", fact.get("singleton", False), declared.singleton)
    yield from _differing(
        name, "filter_scopes", tuple(fact.get("filter_scopes", ())), declared.filter_scopes
    )
    yield from _differing(name, "importable", "import" in fact, declared.importable)
    if "import" in fact:
        yield from _of_import(fact["import"], declared)


def _of_attribute(
    type_name: str, fact: Mapping[str, Any], attribute: Attribute
) -> Iterator[tuple[str, str]]:
    where = f"{type_name}.{attribute.name}"
    known_type = ValueType(_VALUE_TYPES.get(fact["type"], fact["type"]))
    yield from _differing(where, "type", known_type, attribute.type)
    for flag in _FLAGS:
        yield from _differing(where, flag, fact[flag], getattr(attribute, flag))
    yield from _differing(where, "enum", tuple(fact.get("enum", ())), attribute.enum)
    yield from _differing(
        where, "only_on", tuple(fact.get("only_on_actions", ())), attribute.only_on
    )
    yield from _differing(
        where, "required", fact["required_on_create"], _required(attribute.required)
    )
    if attribute.computed is None:
        yield from _differing(where, "default", fact.get("default"), attribute.default)


def _of_relationship(
    type_name: str, fact: Mapping[str, Any], relationship: Relationship
) -> Iterator[tuple[str, str]]:
    where = f"{type_name}.{relationship.name}"
    yield from _differing(where, "kind", Kind(fact["kind"]), relationship.kind)
    yield from _differing(where, "targets", tuple(fact["targets"]), relationship.targets)
    for flag in ("creatable", "updatable", "filterable"):
        yield from _differing(where, flag, fact[flag], getattr(relationship, flag))
    for flag, default in (("virtual", False), ("includable", True), ("polymorphic", False)):
        known = fact.get(flag, default)
        yield from _differing(where, flag, known, getattr(relationship, flag))
    yield from _differing(
        where, "required", fact["required_on_create"], _required(relationship.required)
    )


def _of_trigger(
    type_name: str, fact: Mapping[str, Any], trigger: Trigger
) -> Iterator[tuple[str, str]]:
    where = f"{type_name}.{trigger.name}"
    yield from _differing(where, "type", ValueType(fact["type"]), trigger.type)
    for flag in ("creatable", "updatable"):
        yield from _differing(where, flag, fact[flag], getattr(trigger, flag))


def _of_import(fact: Mapping[str, Any], declared: ResourceType) -> Iterator[tuple[str, str]]:
    parent = fact["parent"] and fact["parent"]["fills"].removesuffix("_id")
    yield from _differing(declared.name, "parent", parent, declared.parent)
    nested = {part["key"] for part in fact["nested"]}
    yield from _sets(declared.name, "nested", nested, declared.nested)
    known_keys = {_key(part.removesuffix("_id") for part in key) for key in fact["unique_keys"]}
    keys = {_key(key.parts) for key in declared.keys if key.matches}
    yield from _sets(declared.name, "keys", known_keys, keys)


def _key(parts: Any) -> str:
    """A key with its parts in one order, `sku_code` and `sku` being the same part."""
    renamed = ("sku" if part == "sku_code" else part for part in parts)
    return "+".join(sorted(renamed))


def _without_type(declared: ResourceType) -> list[str]:
    return [attribute.name for attribute in declared.attributes if attribute.name != "type"]


def _required(condition: Condition | None) -> bool | str:
    if condition is None:
        return False
    return True if condition.text == "true" else condition.text


def _sets(where: str, what: str, known: Any, declared: Any) -> Iterator[tuple[str, str]]:
    for name in sorted(set(known) - set(declared)):
        yield f"{where}.{what}.{name}".removeprefix("."), "is not declared"
    for name in sorted(set(declared) - set(known)):
        yield f"{where}.{what}.{name}".removeprefix("."), "is declared and no fact"


def _differing(
    where: str, trait: str, known: object, declared: object
) -> Iterator[tuple[str, str]]:
    if known != declared:
        yield f"{where}.{trait}", f"the facts say {known!r}, declared is {declared!r}"
