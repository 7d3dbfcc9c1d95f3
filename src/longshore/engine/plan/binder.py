"""Names in the source to slots of a node, each with the converters of its values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from longshore.catalogue import (
    Attribute,
    Catalogue,
    Relationship,
    Trigger,
    ValueType,
    key_text,
    older_key_text,
)
from longshore.engine.plan.field_names import (
    Names,
    has_keys,
    is_input,
    leaves,
    relationship_of_id,
    relationship_of_type,
)
from longshore.engine.plan.nodes import Node
from longshore.engine.plan.table_plans import KEY_BYTES_MAX
from longshore.engine.values.amounts import amount_converter
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import (
    Converter,
    ValueRefused,
    canonical_json,
    check_text,
    converter,
    to_boolean,
)
from longshore.engine.values.named_ids import NoId
from longshore.engine.values.tag_lists import tag_list_converter, tag_names_converter
from longshore.engine.values.whole_columns import WholeColumn, memo, whole_column


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What a plan is made for."""

    resource_type: str
    columns: Sequence[str]  # of the source, after renaming; dotted for what rows hold inside
    is_tabular: bool  # cells of text (CSV) rather than JSON values
    parent: int | None  # id that fills the type's parent relationship
    environment: int
    flags: Mapping[str, object]
    cell_bytes_max: int
    ignored: tuple[str, ...] = ()  # columns that are known to mean nothing
    # The source's own names of fields that it calls otherwise.
    column_names: Mapping[str, str] = field(default_factory=dict)
    # Of fields of cents that the source gives otherwise: see `money_columns`.
    units: Mapping[str, str] = field(default_factory=dict)


class Binder:
    """Binds names for one plan; notes those that are unknown or never taken from a row."""

    def __init__(
        self, request: PlanRequest, catalogue: Catalogue, decode_id: Callable[[str], int | None]
    ) -> None:
        self._request = request
        self._catalogue = catalogue
        self._decode_id = decode_id
        self.unknown: list[str] = []
        self.read_only: list[str] = []

    def bind(self, node: Node, name: str, names: Names) -> None:
        """Give a column or key of the source its slots, or note that it has none."""
        type_ = node.resource_type
        relationship = next((each for each in type_.relationships if each.name == name), None)
        if relationship is not None and relationship.linked:
            self._bind_tags(node, relationship, names)
            return
        if relationship is not None and name in type_.nested:
            is_cell = names.is_named and self._request.is_tabular
            if is_cell:
                self.unknown.append(node.path + name)
            if names.below or not is_cell:
                self._slot(node, name, None)
            return
        attribute = next((each for each in type_.attributes if each.name == name), None)
        if names.is_named:
            self._bind_itself(node, name, attribute)
        for inside in leaves(names.below):
            if attribute is not None and has_keys(attribute) and inside:
                self._slot(node, f"{name}.{inside}", self._key_converter())
            else:
                self.unknown.append(f"{node.path}{name}.{inside}")

    def _bind_itself(self, node: Node, name: str, attribute: Attribute | None) -> None:
        type_ = node.resource_type
        trigger = next((each for each in type_.triggers if each.name == name), None)
        of_id = relationship_of_id(type_, name)
        if name == "id":
            node.id_slot = self._slot(node, name, self._to_id, memo(self._to_id))
        elif attribute is not None and is_input(attribute):
            self._bind_attribute(node, attribute)
        elif trigger is not None:
            unit = self._request.units.get(node.path + name)
            to_value = self._trigger_converter(trigger) if unit is None else amount_converter(unit)
            self._slot(node, name, to_value)
        elif of_id is not None and of_id.has_column and (of_id.creatable or of_id.updatable):
            self._slot(node, name, self._to_id, memo(self._to_id))
        elif relationship_of_type(type_, name) is not None:
            self._slot(node, name, None)
        elif (attribute is not None and attribute.fetchable) or name == "type":
            # Files that were exported somewhere show these. A document names its type, too; where
            # there is no choice, it says nothing.
            self.read_only.append(node.path + name)
        else:
            self.unknown.append(node.path + name)

    def _bind_attribute(self, node: Node, attribute: Attribute) -> None:
        convert, whole = self._converters(node, attribute)
        unit = self._request.units.get(node.path + attribute.name)
        if unit is not None:
            convert, whole = amount_converter(unit), None
        slot = self._slot(node, attribute.name, convert, whole)
        if has_keys(attribute):
            node.nulls[slot] = convert(attribute.default)
        if not attribute.fetchable or attribute.confidential:
            node.masked.add(slot)

    def _bind_tags(self, node: Node, relationship: Relationship, names: Names) -> None:
        name, to_name = relationship.name, self._tag_name_converter()
        if names.is_named and self._request.is_tabular:
            convert = tag_list_converter("name", to_name)
            self._slot(node, name, convert, memo(convert))
        elif names.is_named:
            self._slot(node, name, tag_names_converter(self._to_id, to_name))
        for part in leaves(names.below):
            if part in ("id", "name"):
                convert = tag_list_converter(part, self._to_id if part == "id" else to_name)
                self._slot(node, f"{name}.{part}", convert, memo(convert))
            elif part != "type":
                self.unknown.append(f"{node.path}{name}.{part}")

    def cents_converter(self, node: Node, name: str) -> Converter:
        """Of the cents of a field of money, whatever the source gives."""
        for attribute in node.resource_type.attributes:
            if attribute.name == name:
                return self._converters(node, attribute)[0]
        trigger = next(each for each in node.resource_type.triggers if each.name == name)
        return self._trigger_converter(trigger)

    def _converters(self, node: Node, attribute: Attribute) -> tuple[Converter, WholeColumn | None]:
        is_key = node.resource_type.is_key_text(attribute)
        names = attribute.names
        if names is not None and names.create:
            # What creates a target must satisfy the target.
            target = self._catalogue.types[names.target]
            attribute = next(each for each in target.attributes if each.name == names.attribute)
        flags, bytes_max = self._request.flags, self._request.cell_bytes_max
        convert = converter(attribute, flags, bytes_max, is_key=is_key)
        if is_key:
            convert = _within_key(convert)
            if not attribute.lower:
                convert = _as_given_once(convert)
            bytes_max = min(bytes_max, KEY_BYTES_MAX)
        # No character takes more than four bytes of UTF-8.
        characters_max = bytes_max // 4
        return convert, whole_column(
            attribute, convert, flags, characters_max=characters_max, is_key=is_key
        )

    def _key_converter(self) -> Converter:
        """Of a value under one key of an object: a text, or any value of JSON."""
        bytes_max = self._request.cell_bytes_max

        def convert(value: object) -> object:
            if isinstance(value, str):
                return check_text(value, bytes_max)
            canonical_json(value)  # refuses what an object may not hold
            return value

        return convert

    def _trigger_converter(self, trigger: Trigger) -> Converter:
        if trigger.type is ValueType.BOOLEAN:
            return lambda value: False if value == "" else to_boolean(value)
        attribute = Attribute(name=trigger.name, type=trigger.type)
        return converter(attribute, self._request.flags, self._request.cell_bytes_max)

    def _tag_name_converter(self) -> Converter:
        name = next(
            each for each in self._catalogue.types["tags"].attributes if each.name == "name"
        )
        return converter(name, self._request.flags, self._request.cell_bytes_max, is_key=True)

    def _to_id(self, value: object) -> int | None:
        """An internal id; `NoId` for what is none of this environment."""
        if not isinstance(value, str):
            return NoId(value)
        text = value.strip()
        if not text:
            return None
        decoded = self._decode_id(text)
        if decoded is None or decoded >> 40 != self._request.environment:
            return NoId(value)
        return decoded

    def _slot(
        self,
        node: Node,
        name: str,
        convert: Converter | None,
        whole: WholeColumn | None = None,
    ) -> int:
        slot = node.slots.setdefault(name, len(node.template))
        if slot == len(node.template):
            node.template.append(ABSENT)
            node.converters.append(convert)
            node.whole_columns.append(whole)
        return slot


def _within_key(convert: Converter) -> Converter:
    """A value that is compared as a key fits into an index entry."""

    def check(value: object) -> object:
        converted: Any = convert(value)
        is_long = isinstance(converted, str) and len(converted) * 4 > KEY_BYTES_MAX
        if is_long and len(converted.encode()) > KEY_BYTES_MAX:
            raise ValueRefused(f"is too long (maximum is {KEY_BYTES_MAX} bytes)")
        return converted

    return check


def _as_given_once(convert: Converter) -> Converter:
    """A text that releases before 0.2 sought under another key is returned as it was given.

    Its record may still have that key: a draft seeks both, and stores the spelling of keys.
    """

    def converted(value: object) -> object:
        spelled = convert(value)
        if value.__class__ is str and spelled:
            given: Any = value
            if not given.isascii() and older_key_text(given) != key_text(given):
                return given
        return spelled

    return converted
