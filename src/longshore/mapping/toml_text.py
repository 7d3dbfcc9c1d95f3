"""Mapping documents as TOML, as people write them: `parse_mapping` reads them back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from longshore.mapping.document import MappingDocument

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})


def mapping_toml(
    document: MappingDocument,
    *,
    before: Sequence[str] = (),
    fields: Mapping[str, Sequence[str]] = _NOTHING,
    after: Sequence[str] = (),
) -> str:
    """The document as TOML, with comments before it, before each of its fields, and after it.

    A comment is one line; what would end it early is shown as an escape.
    """
    return "\n".join(_lines(document, before, fields, after)) + "\n"


def toml_value(value: object) -> str:
    """A value of a document, as it stands in TOML."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return _quoted(value)
        case Mapping():
            pairs = (f"{toml_key(key)} = {toml_value(each)}" for key, each in value.items())
            inside = ", ".join(pairs)
            return f"{{ {inside} }}" if inside else "{}"
        case Sequence():
            return f"[{', '.join(map(toml_value, value))}]"
    raise ValueError(f"TOML has nothing for {value!r}")


def toml_key(key: str) -> str:
    """A key, in quotes where it needs them."""
    return key if key and set(key) <= _BARE else _quoted(key)


def comment(text: str) -> str:
    """A text as a comment of one line."""
    printable = "".join(each if each.isprintable() else _escaped(each) for each in text)
    return f"# {printable}".rstrip()


def _lines(
    document: MappingDocument,
    before: Sequence[str],
    fields: Mapping[str, Sequence[str]],
    after: Sequence[str],
) -> Iterator[str]:
    yield from map(comment, before)
    values = document.to_dict()
    made: Mapping[str, Mapping[str, Any]] = values.pop("fields", {})
    for key, value in values.items():
        yield f"{key} = {toml_value(value)}"
    for name, field in made.items():
        yield ""
        yield from map(comment, fields.get(name, ()))
        yield from field_lines(name, field)
    if after:
        yield ""
        yield from map(comment, after)


def field_lines(name: str, field: Mapping[str, Any]) -> Iterator[str]:
    """One field of a document, as a table of its own."""
    if field == {"constant": None}:
        # TOML has no null: a document says it as JSON.
        yield f"# {name} is null in every row, which only JSON can say"
        return
    yield f"[fields.{toml_key(name)}]"
    for key, value in field.items():
        yield f"{key} = {toml_value(value)}"


def _quoted(text: str) -> str:
    """A basic string: what JSON escapes, TOML reads alike, but for DEL and half characters."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
