"""What turns the raw values of a source into those of a field, cell by cell or a column at once."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from longshore.catalogue import (
    Attribute,
    Catalogue,
    ResourceType,
    Trigger,
    ValueType,
    key_text,
    older_key_text,
)
from longshore.engine.plan.table_plans import KEY_BYTES_MAX
from longshore.engine.values.converters import (
    Converter,
    ValueRefused,
    canonical_json,
    check_text,
    converter,
    to_boolean,
)
from longshore.engine.values.named_ids import NoId
from longshore.engine.values.whole_columns import WholeColumn, whole_column
from longshore.error_codes import ErrorCode, message

DecodeId: TypeAlias = Callable[[str], int | None]


class SlotConverters:
    """The converters of one source, under the flags of its organization."""

    def __init__(
        self,
        catalogue: Catalogue,
        decode_id: DecodeId,
        *,
        environment: int,
        flags: Mapping[str, object],
        cell_bytes_max: int,
    ) -> None:
        self._catalogue = catalogue
        self._decode_id = decode_id
        self._environment = environment
        self._flags = flags
        self._cell_bytes_max = cell_bytes_max

    def of_attribute(
        self, resource_type: ResourceType, attribute: Attribute
    ) -> tuple[Converter, WholeColumn | None]:
        """Of single values, and of a whole column where there is one."""
        is_key = resource_type.is_key_text(attribute)
        names = attribute.names
        if names is not None and names.create:
            # What creates a target must satisfy the target.
            target = self._catalogue.types[names.target]
            attribute = next(each for each in target.attributes if each.name == names.attribute)
        flags, bytes_max = self._flags, self._cell_bytes_max
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

    def of_trigger(self, trigger: Trigger) -> Converter:
        if trigger.type is ValueType.BOOLEAN:
            return lambda value: False if value == "" else to_boolean(value)
        attribute = Attribute(name=trigger.name, type=trigger.type)
        return converter(attribute, self._flags, self._cell_bytes_max)

    def of_cents(self, resource_type: ResourceType, name: str) -> Converter:
        """Of the cents of a field of money, whatever the source gives."""
        for attribute in resource_type.attributes:
            if attribute.name == name:
                return self.of_attribute(resource_type, attribute)[0]
        return self.of_trigger(next(each for each in resource_type.triggers if each.name == name))

    def of_keys(self, resource_type: ResourceType, attribute: Attribute) -> Converter:
        """Of an object whose keys are put into the one that the record has."""
        whole, _ = self.of_attribute(resource_type, attribute)

        def convert(value: object) -> object:
            text = whole(value)
            return None if text is None else json.loads(str(text))

        return convert

    def of_key(self) -> Converter:
        """Of a value under one key of an object: a text, or any value of JSON."""
        bytes_max = self._cell_bytes_max

        def convert(value: object) -> object:
            if isinstance(value, str):
                return check_text(value, bytes_max)
            canonical_json(value)  # refuses what an object may not hold
            return value

        return convert

    def of_target_key(self) -> Converter:
        """Of a text by which a target is named: the target's own fields judge none that is new."""
        text = Attribute(name="key", type=ValueType.STRING)
        convert = converter(text, self._flags, self._cell_bytes_max, is_key=True)
        return _as_given_once(_within_key(convert))

    def of_tag_name(self) -> Converter:
        name = next(
            each for each in self._catalogue.types["tags"].attributes if each.name == "name"
        )
        return converter(name, self._flags, self._cell_bytes_max, is_key=True)

    def to_id(self, value: object) -> int | None:
        """An internal id; `NoId` for what is none of this environment."""
        if not isinstance(value, str):
            return NoId(value)
        text = value.strip()
        if not text:
            return None
        decoded = self._decode_id(text)
        if decoded is None or decoded >> 40 != self._environment:
            return NoId(value)
        return decoded


def _within_key(convert: Converter) -> Converter:
    """A value that is compared as a key fits into an index entry."""

    def check(value: object) -> object:
        converted: Any = convert(value)
        is_long = isinstance(converted, str) and len(converted) * 4 > KEY_BYTES_MAX
        if is_long and len(converted.encode()) > KEY_BYTES_MAX:
            raise ValueRefused(message(ErrorCode.TOO_MANY_BYTES, KEY_BYTES_MAX))
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
