"""Which fields a record must have, as functions of its values."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from longshore.catalogue import PREDICATES, Condition, ResourceType, holds
from longshore.engine.plan.node_drafts import NodeDraft
from longshore.engine.plan.nodes import RequiredField
from longshore.engine.plan.table_plans import TablePlan
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import BLANK, MUST_EXIST

_SOMETHING: Final = object()  # the value of a field whose value cannot be


def required_fields(
    node: NodeDraft, table: TablePlan, flags: Mapping[str, object]
) -> Iterable[RequiredField]:
    """The required fields of a node with this table, under an organization's flags."""
    type_ = node.resource_type
    index = table.index
    for attribute in type_.attributes:
        if attribute.required is not None and attribute.name != "type":
            yield RequiredField(
                name=attribute.name,
                column=index.get(column_of(type_, attribute.name) or ""),
                slots=(node.slots[attribute.name],) if attribute.name in node.slots else (),
                message=BLANK,
                holds=_condition(node, index, attribute.required, flags),
                inputs=_inputs(node, attribute.name, attribute.required),
            )
    for relationship in type_.relationships:
        if relationship.required is not None and relationship.has_column:
            yield RequiredField(
                name=relationship.name,
                column=index[f"{relationship.name}_id"],
                slots=(),
                message=MUST_EXIST,
                holds=_condition(node, index, relationship.required, flags),
                inputs=_inputs(node, relationship.name, relationship.required),
            )


def column_of(type_: ResourceType, name: str) -> str | None:
    """The column whose value tells whether a field is null."""
    for attribute in type_.attributes:
        if attribute.name == name:
            if attribute.stored:
                return name
            if attribute.names is not None and attribute.names.relationship is not None:
                return f"{attribute.names.relationship}_id"
    for relationship in type_.relationships:
        if relationship.name == name and relationship.has_column:
            return f"{name}_id"
    return None


def _inputs(node: NodeDraft, name: str, condition: Condition) -> tuple[int, ...]:
    slots: list[int] = []
    for field_name in (name, *condition.inputs):
        slots += (
            node.slots[each]
            for each in (field_name, f"{field_name}_id", *_shortcuts_of(node, field_name))
            if each in node.slots
        )
        slots += _key_slots(node, field_name)
    return tuple(dict.fromkeys(slots))


def _key_slots(node: NodeDraft, relationship: str) -> Iterable[int]:
    """The slots of the fields by which rows name a target."""
    is_keyed = any(
        each.keyed is not None for each in node.targets if each.relationship.name == relationship
    )
    if is_keyed:
        prefix = f"{relationship}."
        yield from (slot for name, slot in node.slots.items() if name.startswith(prefix))


def _shortcuts_of(node: NodeDraft, relationship: str) -> list[str]:
    return [
        each.name
        for each in node.resource_type.attributes
        if each.names is not None and each.names.relationship == relationship
    ]


def _condition(
    node: NodeDraft, index: Mapping[str, int], condition: Condition, flags: Mapping[str, object]
) -> Callable[[Sequence[Any], Sequence[Any], Collection[str]], bool] | None:
    if not condition.terms and not condition.alternatives:
        return None
    readers: dict[str, tuple[int | None, int | None, object]] = {}
    for part in (condition, *condition.alternatives):
        for term in part.terms:
            scope, _, flag = term.name.rpartition(".")
            column = column_of(node.resource_type, term.name)
            readers[term.name] = (
                node.slots.get(term.name),
                index.get(column) if column is not None else None,
                flags[flag] if scope == "organization" else None,
            )

    def is_required(values: Sequence[Any], fields: Sequence[Any], failed: Collection[str]) -> bool:
        def value_of(name: str) -> object:
            if name in failed:
                return _SOMETHING  # the row names it, if wrongly
            slot, column, constant = readers[name]
            if column is not None and values[column] is not None:
                return values[column]
            if slot is not None and fields[slot] is not ABSENT:
                given = fields[slot]
                return None if isinstance(given, str) and not given.strip() else given
            return constant

        return holds(condition, value_of, PREDICATES)

    return is_required
