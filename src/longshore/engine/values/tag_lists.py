"""Which tags a row asks for: lists in cells, arrays of objects in JSON.

A wanted tag is a pair: ("id", internal id), ("name", spelling as stored) or, where that cannot be,
("refused", (field, message, the value as it was given)), so that every wrong one is told.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

from longshore.engine.values.converters import BLANK, INVALID, Converter, ValueRefused

WantedTag: TypeAlias = tuple[str, Any]


def tag_list_converter(part: str, convert: Converter) -> Converter:
    """For a cell of ids or names separated by commas (`tags.id`, `tags.name`)."""

    def to_wanted(value: object) -> list[WantedTag]:
        texts = [text.strip() for text in value.split(",")] if isinstance(value, str) else [value]
        wanted = (_converted(part, convert, text) for text in texts if text)
        return [each for each in wanted if each != ("name", "")]

    return to_wanted


def tag_names_converter(to_id: Converter, to_name: Converter) -> Converter:
    """For an array of objects, each with `id` or `name`."""

    def to_wanted(value: object) -> list[WantedTag]:
        if not isinstance(value, list):
            raise ValueRefused(INVALID)
        return [_wanted(element, to_id, to_name) for element in value]

    return to_wanted


def _wanted(element: object, to_id: Converter, to_name: Converter) -> WantedTag:
    if not isinstance(element, dict):
        return ("refused", ("tags", INVALID, element))
    id = element.get("id")
    if id is not None and id != "":
        return ("id", to_id(id))
    name = element.get("name")
    if name is None or (isinstance(name, str) and not name.strip()):
        return ("refused", ("tags.name", BLANK, name))
    wanted = _converted("name", to_name, name)
    return ("refused", ("tags.name", BLANK, name)) if wanted == ("name", "") else wanted


def _converted(part: str, convert: Converter, value: object) -> WantedTag:
    try:
        return (part, convert(value))
    except ValueRefused as refused:
        return ("refused", (f"tags.{part}", refused.message, value))


def names_in(text: object) -> Sequence[str]:
    """The names in the value of `_add_tags` or `_remove_tags`, as tags are stored."""
    if not isinstance(text, str):
        return ()
    names = (name.strip().lower() for name in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))
